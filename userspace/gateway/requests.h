/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests that reach the gateway by NATS, and their answers, one JSON object each:
 *
 *     ctl.status    what the status subject says
 *     ctl.fences    the fences in force
 *     ctl.reload    loads fences and area anew; answered when that is done, or refused with all problems
 *     ctl.ack       the body's alert is acknowledged: {"alert_id":"..."}, or the identifier alone
 *
 * Every answer has "ok"; where it is false, "error" or "problems" say why. The body of a request may be
 * empty. For the control thread.
 */
#ifndef WEIR_GATEWAY_REQUESTS_H
#define WEIR_GATEWAY_REQUESTS_H

#include "gateway/parts.h"
#include "gateway/reload.h"

/* Those who wait for the end of a reload. */
#define WEIR_RELOAD_WAITERS_MAX 64

struct weir_desk {
	struct weir_parts *parts;
	struct weir_reload *reload;
	struct weir_request waiting[WEIR_RELOAD_WAITERS_MAX];
	size_t waiting_count;
	size_t served_next; /* of these, the first that wait for the reload under way */
};

/* Takes and answers what has arrived. */
void weir_desk_work(struct weir_desk *desk);

/* A reload has ended: those who wait for it are told. */
void weir_desk_tell_reload(struct weir_desk *desk, const struct weir_reload_result *result);

/* Lets go those who still wait. */
void weir_desk_close(struct weir_desk *desk);

#endif
