/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the engine share.
 */
#ifndef WEIR_ENGINE_ENGINE_H
#define WEIR_ENGINE_ENGINE_H

#include <weir/engine.h>

#include "detect/detect.h"
#include "engine/gps_identity.h"

#define WEIR_COMING_KEPT 16

struct weir_engine {
	struct weir_engine_options options; /* what it was made with, but for the GPS devices */
	struct weir_decoder *decoder;
	struct weir_detect *detect;
	struct weir_gps_names *gps_names;
	struct weir_malformed refused; /* reports of the datagram that is being fed; faults: how many */
	struct weir_engine_sink sink;
	struct weir_coming coming[WEIR_COMING_KEPT]; /* what is expected, in a circle */
	uint32_t expected;
};

/* What a message says: its bits. The first byte has the type and, below, the repeat indicator. */
static inline struct weir_saying weir_said_by(const struct weir_bits *bits)
{
	return (struct weir_saying){
	        .bytes = bits->bytes + 1,
	        .length = (bits->count - 1) / 8, /* a message has 38 bits at least */
	        .seed = (uint64_t)bits->count << 8 | (bits->bytes[0] & 0xfc),
	};
}

/* Its two parts, by its options. What was made stays where it was put, whatever is returned. */
int weir_engine_make_parts(struct weir_engine *engine, struct weir_decoder **decoder,
                           struct weir_detect **detect);

#endif
