/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the engine share.
 */
#ifndef WEIR_ENGINE_ENGINE_H
#define WEIR_ENGINE_ENGINE_H

#include <weir/engine.h>

#include "detect/detect.h"
#include "engine/gps_identity.h"

struct weir_engine {
	struct weir_engine_options options; /* what it was made with, but for the GPS devices */
	struct weir_decoder *decoder;
	struct weir_detect *detect;
	struct weir_gps_names *gps_names;
	struct weir_malformed refused; /* reports of the datagram that is being fed; faults: how many */
	struct weir_engine_sink sink;
};

/* Its two parts, by its options. What was made stays where it was put, whatever is returned. */
int weir_engine_make_parts(struct weir_engine *engine, struct weir_decoder **decoder,
                           struct weir_detect **detect);

#endif
