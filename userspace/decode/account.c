/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder's books: faults, what became of a datagram, and the rule of one dead letter for each.
 */
#include "decoder.h"

void weir_decoder_letter(struct weir_decoder *decoder, const struct weir_malformed *malformed)
{
	decoder->counters.letters[malformed->fault]++;
	if (decoder->sink.malformed != NULL)
		decoder->sink.malformed(decoder->sink.context, malformed);
}

void weir_decoder_fault(struct weir_decoder *decoder, struct faults *faults, enum weir_fault fault,
                        uint32_t offset)
{
	decoder->counters.sentences[WEIR_SENTENCE_MALFORMED]++;
	decoder->counters.faults[fault]++;
	if (faults->count++ == 0) {
		faults->first = fault;
		faults->offset = offset;
	}
}

void weir_decoder_account(struct weir_decoder *decoder, const struct weir_datagram *datagram,
                          const struct faults *faults, uint32_t good)
{
	uint64_t *outcomes = decoder->counters.datagrams;

	if (faults->count == 0) {
		outcomes[WEIR_DATAGRAM_ACCEPTED]++;
		return;
	}
	outcomes[good > 0 ? WEIR_DATAGRAM_PARTIAL : WEIR_DATAGRAM_MALFORMED]++;
	weir_decoder_letter(decoder, &(struct weir_malformed){
	                                     .fault = faults->first,
	                                     .offset = faults->offset,
	                                     .faults = faults->count,
	                                     .bytes = datagram->bytes,
	                                     .length = datagram->length,
	                                     .received_ns = datagram->received_ns,
	                                     .sender = datagram->sender,
	                             });
}
