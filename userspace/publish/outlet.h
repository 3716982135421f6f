/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of an outlet, for the publisher. Its face for workers is in publish.h.
 */
#ifndef WEIR_PUBLISH_OUTLET_H
#define WEIR_PUBLISH_OUTLET_H

#include "bell.h"
#include "publish.h"
#include "queue.h"
#include "record.h"
#include "tally.h"

#define WEIR_SITE_SIZE 33 /* [A-Za-z0-9_-]{0,32} and a NUL */

struct weir_outlet {
	struct weir_queue queue;
	char site[WEIR_SITE_SIZE];
	int64_t received_ns;
	struct weir_bell *bell; /* NULL until a publisher listens */
	/* Written by the worker alone. */
	weir_tally_counter offered[WEIR_PUBLISH_CLASSES];
	weir_tally_counter dropped[WEIR_PUBLISH_CLASSES];
	weir_tally_counter oversized[WEIR_PUBLISH_CLASSES];
};

/* 0, or -EINVAL for what is no site. */
int weir_site_copy(char out[WEIR_SITE_SIZE], const char *site);

/* The oldest record, or NULL; it stays in the ring until it is released. */
const struct weir_record *weir_outlet_peek(struct weir_outlet *outlet);
void weir_outlet_release(struct weir_outlet *outlet);

#endif
