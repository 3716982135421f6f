/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The answer to ctl.fences: the fences in force, as a list or as GeoJSON, a page at a time.
 */
#ifndef WEIR_FENCES_ANSWER_H
#define WEIR_FENCES_ANSWER_H

#include <stddef.h>

#include <jansson.h>

#include <weir/fence.h>

/* About as many bytes in a page; a message of NATS has a megabyte at most (its default). */
#define WEIR_FENCES_PAGE (512u << 10)

/*
 * body: NULL, or {"geojson":true,"from":"<id>"} of which each may be absent. Returns the answer, which may be
 * one that says what is wrong; NULL: no memory.
 */
json_t *weir_fences_answer(const struct weir_fences *fences, const char *body);

#endif
