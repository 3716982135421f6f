/* SPDX-License-Identifier: BSD-2-Clause */
/* A balanced tree of GLib's. */
#include "scenario/arrivals.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

struct weir_arrivals {
	GSequence *lines;
	struct weir_arrival *taken;
	uint64_t serial;
};

static int order(gconstpointer left, gconstpointer right, gpointer context)
{
	const struct weir_arrival *a = left, *b = right;

	(void)context;
	if (a->arrives_ns != b->arrives_ns)
		return a->arrives_ns < b->arrives_ns ? -1 : 1;
	return a->serial < b->serial ? -1 : a->serial > b->serial;
}

int weir_arrivals_new(struct weir_arrivals **out)
{
	struct weir_arrivals *arrivals = calloc(1, sizeof *arrivals);

	if (!arrivals)
		return -ENOMEM;
	arrivals->lines = g_sequence_new(NULL);
	*out = arrivals;
	return 0;
}

void weir_arrivals_add(struct weir_arrivals *arrivals, const struct weir_arrival *when, const char *head,
                       const char *bytes, size_t length)
{
	size_t before = strlen(head);
	struct weir_arrival *line = g_malloc0(sizeof *line + before + length + 1);

	line->arrives_ns = when->arrives_ns;
	line->made_ns = when->made_ns;
	line->remark = when->remark;
	line->serial = arrivals->serial++;
	line->length = (uint32_t)(before + length);
	memcpy(line->bytes, head, before + 1);
	memcpy(line->bytes + before, bytes, length);
	g_sequence_insert_sorted(arrivals->lines, line, order, NULL);
}

const struct weir_arrival *weir_arrivals_first(const struct weir_arrivals *arrivals)
{
	GSequenceIter *begin = g_sequence_get_begin_iter(arrivals->lines);

	return g_sequence_iter_is_end(begin) ? NULL : g_sequence_get(begin);
}

const struct weir_arrival *weir_arrivals_take(struct weir_arrivals *arrivals)
{
	GSequenceIter *begin = g_sequence_get_begin_iter(arrivals->lines);

	g_free(arrivals->taken);
	arrivals->taken = g_sequence_get(begin);
	g_sequence_remove(begin);
	return arrivals->taken;
}

static void release(gpointer line, gpointer context)
{
	(void)context;
	g_free(line);
}

void weir_arrivals_free(struct weir_arrivals *arrivals)
{
	if (!arrivals)
		return;
	g_sequence_foreach(arrivals->lines, release, NULL);
	g_sequence_free(arrivals->lines);
	g_free(arrivals->taken);
	free(arrivals);
}
