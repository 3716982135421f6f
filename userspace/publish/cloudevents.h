/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The headers of a record's message: the CloudEvents NATS binding in binary mode, the id for the
 * stream's duplicate window, and for dead letters what is ours.
 *
 *     ce-specversion      1.0
 *     ce-id               an alert's alert_id, with its phase where it raises or clears; else a
 *                         fingerprint of the content, the time, the sender and the offset
 *     ce-type             weir.position.v1, weir.static.v1, weir.alert.v1, weir.dlq.v1, weir.status.v1
 *     ce-source           /weir/<site>
 *     ce-time             event time; of a dead letter its receive time
 *     ce-datacontenttype  application/geo+json; of a dead letter application/octet-stream, of the
 *                         status application/json
 *     Nats-Msg-Id         alerts, windows and dead letters: the same as ce-id
 *     weir-reason weir-offset weir-faults weir-source weir-received    dead letters only
 *
 * weir-offset is where the first faulty sentence begins in the body, weir-faults how many there are,
 * weir-source the sender as 192.0.2.7:1234 or [2001:db8::1]:1234 (absent for a file),
 * weir-received is ce-time to the nanosecond. No value needs
 * the binding's percent-encoding: none can hold a blank, a quote or anything but ASCII.
 */
#ifndef WEIR_PUBLISH_CLOUDEVENTS_H
#define WEIR_PUBLISH_CLOUDEVENTS_H

#include <stddef.h>

#include "record.h"

#define WEIR_HEADERS_MAX 12

struct weir_header {
	const char *name;
	const char *value; /* lives in the set, or for ever */
};

struct weir_headers {
	struct weir_header items[WEIR_HEADERS_MAX];
	size_t count;
	size_t used; /* of text */
	char text[512];
};

/* Fills the set; site is "" or a valid one. The set must not be copied afterwards. */
void weir_headers_fill(struct weir_headers *headers, const struct weir_record *record, const char *site);

#endif
