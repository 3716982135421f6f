/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From checked sentences to messages: single ones at once, parts by way of the fragment table. Framing and
 * wrappings are behind it.
 */
#include <errno.h>
#include <string.h>

#include "decoder.h"

/* See second_bound_ns in <weir/decode.h>. */
static void correct_time(struct weir_message *message, int64_t bound_ns)
{
	const int64_t minute_ns = 60 * NS_PER_SECOND;
	struct weir_report report;
	int64_t corrected_ns;

	weir_ais_report(&message->ais, &report);
	if (!(report.has & WEIR_HAS_UTC_SECOND))
		return;
	int64_t difference_ns =
	        (report.utc_second * NS_PER_SECOND - message->time_ns % minute_ns) % minute_ns;

	if (difference_ns > minute_ns / 2)
		difference_ns -= minute_ns;
	else if (difference_ns <= -minute_ns / 2)
		difference_ns += minute_ns;
	if (difference_ns <= bound_ns && difference_ns >= -bound_ns &&
	    !__builtin_add_overflow(message->time_ns, difference_ns, &corrected_ns))
		message->time_ns = corrected_ns;
}

int weir_decoder_deliver(struct weir_decoder *decoder, uint32_t count, enum weir_fault *fault)
{
	struct weir_message *message = &decoder->message;

	message->payload = (struct weir_bits){.bytes = decoder->bits, .count = count};
	int error = weir_ais_decode(&message->ais, &message->payload, fault);

	if (error == -EBADMSG)
		return error;
	decoder->counters.sentences[WEIR_SENTENCE_MESSAGE]++;
	decoder->counters.messages[message->ais.type & 63]++;
	decoder->counters.time_sources[message->time_source]++;
	if (error == -EOPNOTSUPP)
		decoder->counters.undecoded[message->ais.type & 63]++;
	else if (decoder->second_bound_ns != 0)
		correct_time(message, decoder->second_bound_ns);
	if (error == 0 && decoder->sink.message != NULL)
		decoder->sink.message(decoder->sink.context, message);
	return 0;
}

static void set_stamp(struct weir_message *message, const struct stamp *stamp, int64_t clock_bound_ns)
{
	message->clock_off = stamp_is_off(stamp, message->datagram->received_ns, clock_bound_ns);
	message->time_source = stamp->time_source;
	message->time_ns =
	        stamp->time_source == WEIR_TIME_RECEIVED ? message->datagram->received_ns : stamp->time_ns;
	message->station_source = stamp->station_source;
	memcpy(message->station, stamp->station, sizeof(message->station));
}

static void begin_message(struct weir_message *message, const struct heard *heard)
{
	message->kind = WEIR_MESSAGE_AIS;
	message->datagram = heard->datagram;
	message->offset = heard->offset;
	message->own_ship = heard->frame->text[5] == 'O';
	message->talker[0] = (char)heard->frame->text[1];
	message->talker[1] = (char)heard->frame->text[2];
	message->channel = heard->vdm->channel;
	message->fragments = heard->vdm->total;
}

int weir_decoder_single(struct weir_decoder *decoder, const struct heard *heard, enum weir_fault *fault)
{
	begin_message(&decoder->message, heard);
	set_stamp(&decoder->message, heard->stamp, decoder->clock_bound_ns);
	return weir_decoder_deliver(decoder, heard->vdm->payload_length * 6 - heard->vdm->fill, fault);
}

static int complete_message(struct weir_decoder *decoder, const struct heard *heard,
                            struct fragment_slot *slot, enum weir_fault *fault)
{
	uint8_t fill = 0;
	uint32_t length = weir_fragments_payload(slot, decoder->payload + 8, &fill);

	begin_message(&decoder->message, heard);
	set_stamp(&decoder->message, weir_fragments_stamp(slot), decoder->clock_bound_ns);
	decoder->payload_readers.dearmour(decoder->bits, decoder->payload + 8, length, fill);
	int error = weir_decoder_deliver(decoder, length * 6 - fill, fault);

	if (error == 0)
		decoder->counters.fragments_joined += heard->vdm->total - 1u;
	else
		decoder->lost_fault = *fault;
	weir_fragments_done(decoder->fragments, slot, error != 0);
	decoder->lost_fault = WEIR_FAULT_FRAGMENT;
	return error;
}

/* The text that a lost part leaves: its TAG block too, where both together are of reasonable length. */
static void set_text(struct fragment *fragment, const struct heard *heard)
{
	const uint8_t *text = heard->datagram->bytes + heard->offset;
	uint32_t length = (uint32_t)(heard->frame->text - text) + heard->frame->length;

	if (length > 2 * SENTENCE_MAX) {
		text = heard->frame->text;
		length = heard->frame->length;
	}
	fragment->text = text;
	fragment->text_length = (uint16_t)length;
	fragment->payload = (uint16_t)(heard->vdm->payload - text);
	fragment->payload_length = (uint16_t)heard->vdm->payload_length;
}

int weir_decoder_part(struct weir_decoder *decoder, const struct heard *heard, enum weir_fault *fault)
{
	struct fragment_slot *slot;
	struct fragment fragment = {
	        .sender = &heard->datagram->sender,
	        .talker = {(char)heard->frame->text[1], (char)heard->frame->text[2]},
	        .sequence = heard->vdm->sequence,
	        .channel = heard->vdm->channel,
	        .own_ship = heard->frame->text[5] == 'O',
	        .total = heard->vdm->total,
	        .number = heard->vdm->number,
	        .group = heard->group,
	        .group_is_whole = heard->group != 0 && heard->group_total == heard->vdm->total &&
	                          heard->group_number == heard->vdm->number,
	        .stamp = *heard->stamp,
	        .received_ns = heard->datagram->received_ns,
	        .fill = heard->vdm->fill,
	};

	set_text(&fragment, heard);
	switch (weir_fragments_add(decoder->fragments, &fragment, &slot)) {
	case FRAGMENT_STORED:
		decoder->counters.sentences[WEIR_SENTENCE_FRAGMENT]++;
		break;
	case FRAGMENT_REPEATED:
		decoder->counters.sentences[WEIR_SENTENCE_REPEATED]++;
		break;
	case FRAGMENT_COMPLETED:
		return complete_message(decoder, heard, slot, fault);
	case FRAGMENT_NO_ROOM:
		*fault = WEIR_FAULT_TOO_LONG;
		return -EBADMSG;
	}
	return 0;
}
