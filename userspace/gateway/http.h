/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gateway's small HTTP server: a table of pages that are made when they are asked for. GET and HEAD
 * only. It has no thread: its owner polls a descriptor and lets it work, so that pages are made in the
 * owner's thread and a slow client holds up nothing.
 */
#ifndef WEIR_GATEWAY_HTTP_H
#define WEIR_GATEWAY_HTTP_H

#include <stdio.h>

#include "ingest/ingest.h"

struct weir_http_page {
	const char *path; /* "/metrics"; NULL ends the table */
	const char *content_type;
	/* Writes the page and returns its status code. */
	unsigned (*write)(void *context, FILE *out);
};

struct weir_http;

/*
 * Listens at once. pages and context are borrowed. Returns 0 or a negative errno (-EADDRINUSE, -EACCES,
 * -EADDRNOTAVAIL...).
 */
int weir_http_open(struct weir_http **out, const struct weir_endpoint *listen,
                   const struct weir_http_page *pages, void *context);

/* Becomes readable when there is work. */
int weir_http_descriptor(const struct weir_http *http);

/* Milliseconds until it has work by time-out; -1: none. */
int weir_http_timeout(const struct weir_http *http);

/* Does what can be done without blocking. */
void weir_http_work(struct weir_http *http);

/* Takes NULL. */
void weir_http_close(struct weir_http *http);

#endif
