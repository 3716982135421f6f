/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of `weir explain` share: explain.c reads options and files, explain_print.c says what there
 * is to say.
 */
#ifndef WEIR_CLI_EXPLAIN_H
#define WEIR_CLI_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/decode.h>

#include "prefilter/explain.h"
#include "prefilter/prefilter.h" /* names of reasons */

struct explanation {
	struct weir_explainer *explainer;
	bool json, quiet;
	struct weir_decoder *decoder; /* for what the kernel does not need to know: types, names, faults */
	uint64_t datagrams;
	uint64_t cut; /* frames of which the capture kept a part only: of these nothing can be said */
	uint64_t reasons[WEIR_REASONS];
	/* What the decoder said of the line at hand. */
	bool has_message, has_fault;
	struct weir_report report;
	enum weir_fault fault;
};

/* One datagram or frame of the input. */
struct explained {
	const char *file;
	uint64_t number;  /* of the line or of the frame, from 1 */
	int64_t time_ns;  /* 0: not known */
	bool has_payload; /* it is a datagram for us */
	const uint8_t *payload;
	size_t length;
	enum weir_reason reason;
};

/* Makes the decoder. Returns 0 or a negative errno. */
int explain_begin(struct explanation *explanation);

/* On standard output, unless it is quiet. */
void explain_print(struct explanation *explanation, const struct explained *explained);
void explain_print_cut(const struct explanation *explanation, const struct explained *explained);
void explain_print_summary(const struct explanation *explanation);

#endif
