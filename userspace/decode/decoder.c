/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder's face: making, feeding, time. What a datagram without fragments leaves behind is nothing but
 * counters.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"
#include "decoder_save.h"
#include "tag_block.h"

#define DEFAULT_SLOTS 1024
#define DEFAULT_TIMEOUT_NS (3 * NS_PER_SECOND)
#define SECOND_BOUND_MAX_NS (29 * NS_PER_SECOND) /* half a minute away, a second is no longer the nearest */

static void lost_fragment(void *context, const struct lost_fragment *lost)
{
	struct weir_decoder *decoder = context;

	decoder->counters.fragments_lost++;
	weir_decoder_letter(decoder, &(struct weir_malformed){
	                                     .fault = decoder->lost_fault,
	                                     .faults = 1,
	                                     .bytes = lost->text,
	                                     .length = lost->length,
	                                     .received_ns = lost->received_ns,
	                                     .sender = *lost->sender,
	                             });
}

static uint64_t begin_fix(void *context, const struct gps_heard *heard)
{
	struct weir_decoder *decoder = context;
	const struct gps_sentence *sentence = heard->sentence;
	const struct weir_fix_beginning beginning = {
	        .sender = heard->sender,
	        .station = heard->stamp->station,
	        .time_ns = heard->stamp->time_ns,
	        .time_source = heard->stamp->time_source,
	        .has_position = sentence->has_position,
	        .is_void = sentence->is_void,
	        .longitude_deg = sentence->fix.longitude_deg,
	        .latitude_deg = sentence->fix.latitude_deg,
	};

	if (decoder->sink.begin_fix == NULL)
		return 1;
	return decoder->sink.begin_fix(decoder->sink.context, &beginning);
}

static void epoch_closed(void *context, const struct gps_fix *fix)
{
	struct weir_decoder *decoder = context;
	struct weir_message *message = &decoder->message;

	if (fix->fix == NULL) {
		decoder->counters.fixes_void++;
		return;
	}
	message->kind = WEIR_MESSAGE_FIX;
	message->datagram = fix->datagram;
	message->offset = 0;
	message->time_ns = fix->stamp.time_ns;
	message->time_source = fix->stamp.time_source;
	message->clock_off = stamp_is_off(&fix->stamp, fix->datagram->received_ns, decoder->clock_bound_ns);
	message->own_ship = false;
	memcpy(message->talker, fix->talker, sizeof(fix->talker));
	message->channel = '\0';
	message->fragments = fix->sentences;
	message->station_source = fix->stamp.station_source;
	memcpy(message->station, fix->stamp.station, sizeof(message->station));
	message->payload = (struct weir_bits){NULL, 0};
	message->fix = *fix->fix;
	decoder->counters.fixes++;
	decoder->counters.time_sources[message->time_source]++;
	if (decoder->sink.message != NULL)
		decoder->sink.message(decoder->sink.context, message);
}

/* A message in one plain sentence, which begins at offset; its count bits are in decoder->bits. */
static void feed_plain(struct weir_decoder *decoder, const struct weir_datagram *datagram, uint32_t offset,
                       const struct stamp *stamp, uint32_t count)
{
	struct weir_message *message = &decoder->message;
	const uint8_t *text = datagram->bytes + offset;
	struct faults faults = {0};
	enum weir_fault fault;
	bool has_time = stamp->time_source != WEIR_TIME_RECEIVED;

	message->kind = WEIR_MESSAGE_AIS;
	message->datagram = datagram;
	message->offset = 0;
	message->time_ns = has_time ? stamp->time_ns : datagram->received_ns;
	message->time_source = stamp->time_source;
	message->clock_off = has_time && stamp_is_off(stamp, datagram->received_ns, decoder->clock_bound_ns);
	message->own_ship = false;
	message->talker[0] = (char)text[1];
	message->talker[1] = (char)text[2];
	message->channel = (char)text[12];
	message->fragments = 1;
	message->station_source = stamp->station_source;
	memcpy(message->station, stamp->station, sizeof(message->station));
	int error = weir_decoder_deliver(decoder, count, &fault);

	if (error != 0)
		weir_decoder_fault(decoder, &faults, fault, 0);
	weir_decoder_account(decoder, datagram, &faults, error == 0);
}

/* One good TAG block and a plain sentence. Returns false where it is anything else. */
static bool feed_tagged(struct weir_decoder *decoder, const struct weir_datagram *datagram)
{
	const uint8_t *text = datagram->bytes;
	struct tag_block tag;

	if (datagram->length == 0 || text[0] != '\\')
		return false;
	uint32_t end = weir_tag_block_end(text, datagram->length);

	if (end >= datagram->length || text[end] != '\\')
		return false;
	uint32_t offset = end + 1;
	uint32_t count =
	        decoder->payload_readers.plain_bits(decoder->bits, text + offset, datagram->length - offset);

	if (count == 0 || weir_tag_block_parse(&tag, text + 1, end - 1) != 0)
		return false;
	feed_plain(decoder, datagram, offset, &tag.stamp, count);
	return true;
}

void weir_decoder_feed(struct weir_decoder *decoder, const struct weir_datagram *datagram)
{
	static const struct stamp none;
	uint32_t count =
	        decoder->payload_readers.plain_bits(decoder->bits, datagram->bytes, datagram->length);

	if (count > 0)
		feed_plain(decoder, datagram, 0, &none, count);
	else if (datagram->length > WEIR_DATAGRAM_MAX || !feed_tagged(decoder, datagram))
		weir_decoder_read(decoder, datagram);
}

void weir_decoder_advance(struct weir_decoder *decoder, int64_t time_ns)
{
	weir_fragments_advance(decoder->fragments, time_ns);
	if (decoder->epochs != NULL)
		weir_epochs_advance(decoder->epochs, time_ns);
}

void weir_decoder_flush(struct weir_decoder *decoder)
{
	weir_fragments_flush(decoder->fragments);
	if (decoder->epochs != NULL)
		weir_epochs_flush(decoder->epochs);
}

void weir_decoder_forget(struct weir_decoder *decoder, uint64_t key)
{
	if (decoder->epochs != NULL)
		weir_epochs_forget(decoder->epochs, key);
}

const struct weir_decode_counters *weir_decoder_counters(const struct weir_decoder *decoder)
{
	return &decoder->counters;
}

static int64_t or_default(int64_t value, int64_t fallback)
{
	return value != 0 ? value : fallback;
}

int weir_decoder_new(struct weir_decoder **out, const struct weir_decoder_options *options,
                     const struct weir_decode_sink *sink)
{
	static const struct weir_decoder_options defaults;

	if (options == NULL)
		options = &defaults;
	if (options->clock_bound_ns < 0 || options->second_bound_ns < 0 ||
	    options->second_bound_ns > SECOND_BOUND_MAX_NS)
		return -EINVAL;
	struct weir_decoder *decoder = calloc(1, sizeof(*decoder));

	if (decoder == NULL)
		return -ENOMEM;
	int error = weir_fragments_new(&decoder->fragments,
	                               (uint32_t)or_default(options->fragment_slots, DEFAULT_SLOTS),
	                               or_default(options->fragment_timeout_ns, DEFAULT_TIMEOUT_NS),
	                               &decoder->counters.fragments_pending, lost_fragment, decoder);

	const struct gps_listener listener = {.context = decoder, .begin = begin_fix, .fix = epoch_closed};

	if (error == 0 && options->fixes)
		error = weir_epochs_new(
		        &decoder->epochs, (uint32_t)or_default(options->fix_slots, DEFAULT_SLOTS),
		        or_default(options->fix_timeout_ns, WEIR_FIX_TIMEOUT_DEFAULT_NS), &listener);
	if (error != 0) {
		weir_decoder_free(decoder);
		return error;
	}
	decoder->sink = *sink;
	decoder->payload_readers = weir_payload_readers();
	decoder->lost_fault = WEIR_FAULT_FRAGMENT;
	decoder->clock_bound_ns = options->clock_bound_ns;
	decoder->second_bound_ns = options->second_bound_ns;
	*out = decoder;
	return 0;
}

void weir_decoder_save(const struct weir_decoder *decoder, struct weir_saver *saver)
{
	weir_fragments_save(decoder->fragments, saver);
	weir_epochs_save(decoder->epochs, saver);
}

int weir_decoder_load(struct weir_decoder *decoder, struct weir_loader *loader)
{
	int error = weir_fragments_load(decoder->fragments, loader);

	if (error == 0)
		error = weir_epochs_load(decoder->epochs, loader);
	decoder->counters.sentences[WEIR_SENTENCE_FRAGMENT] = decoder->counters.fragments_pending;
	return error;
}

void weir_decoder_free(struct weir_decoder *decoder)
{
	if (decoder == NULL)
		return;
	weir_fragments_free(decoder->fragments);
	weir_epochs_free(decoder->epochs);
	free(decoder);
}
