/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The times of a recording. See recorded.h. The decoder knows how they are written; it is asked for nothing
 * else.
 */
#include "batch/recorded.h"

#include <errno.h>
#include <stdlib.h>

#include <weir/decode.h>

#include "decode/decoder_save.h"
#include "decode/tag_block.h"

struct weir_recorded {
	struct weir_decoder *decoder;
	bool has_time; /* the datagram at hand has one */
	int64_t time_ns;
};

static void note(void *context, const struct weir_message *message)
{
	struct weir_recorded *recorded = context;

	if (message->time_source == WEIR_TIME_RECEIVED)
		return;
	recorded->has_time = true;
	recorded->time_ns = message->time_ns;
}

static void ignore(void *context, const struct weir_malformed *malformed)
{
	(void)context;
	(void)malformed;
}

/* A GPS sentence: its time is that of its line; what fix it is part of is of no interest. */
static uint64_t note_fix(void *context, const struct weir_fix_beginning *beginning)
{
	struct weir_recorded *recorded = context;

	if (beginning->time_source == WEIR_TIME_RECEIVED)
		return 0;
	recorded->has_time = true;
	recorded->time_ns = beginning->time_ns;
	return 0;
}

int weir_recorded_new(struct weir_recorded **out)
{
	struct weir_recorded *recorded = calloc(1, sizeof(*recorded));

	if (recorded == NULL)
		return -ENOMEM;
	const struct weir_decode_sink sink = {
	        .context = recorded, .message = note, .malformed = ignore, .begin_fix = note_fix};
	const struct weir_decoder_options options = {.fixes = true};
	int error = weir_decoder_new(&recorded->decoder, &options, &sink);
	if (error)
		free(recorded);
	else
		*out = recorded;
	return error;
}

/* Of the part of a message that is not complete the decoder tells nothing yet. */
static bool tagged_time(const struct weir_datagram *datagram, int64_t *time_ns)
{
	struct tag_block tag;

	if (datagram->length == 0 || datagram->bytes[0] != '\\')
		return false;
	uint32_t end = weir_tag_block_end(datagram->bytes, datagram->length);
	if (end >= datagram->length || datagram->bytes[end] != '\\' ||
	    weir_tag_block_parse(&tag, datagram->bytes + 1, end - 1) != 0 ||
	    tag.stamp.time_source == WEIR_TIME_RECEIVED)
		return false;
	*time_ns = tag.stamp.time_ns;
	return true;
}

bool weir_recorded_time(struct weir_recorded *recorded, const struct weir_datagram *datagram,
                        int64_t *time_ns)
{
	recorded->has_time = false;
	weir_decoder_feed(recorded->decoder, datagram);
	if (!recorded->has_time)
		return tagged_time(datagram, time_ns);
	*time_ns = recorded->time_ns;
	return true;
}

void weir_recorded_save(const struct weir_recorded *recorded, struct weir_saver *saver)
{
	weir_decoder_save(recorded->decoder, saver);
}

int weir_recorded_load(struct weir_recorded *recorded, struct weir_loader *loader)
{
	return weir_decoder_load(recorded->decoder, loader);
}

void weir_recorded_free(struct weir_recorded *recorded)
{
	if (recorded == NULL)
		return;
	weir_decoder_free(recorded->decoder);
	free(recorded);
}
