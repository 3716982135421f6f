/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker's end of publishing: events and dead letters become records in a ring, or are refused and
 * counted. Never waits, never allocates, never meets the broker. See publish.h.
 */
#include "outlet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/decode.h>

#include "geojson.h"
#include "subject.h"

#define RING_DEFAULT ((size_t)4 << 20)
#define RING_MIN ((size_t)256 << 10) /* so that three quarters hold a dead letter of 64 KB twice */
#define RING_MAX ((size_t)1 << 30)

/* "<alert_id>-repeat-<seconds since 1970>"; "<window_id>-<content>" */
#define ID_MAX 64

int weir_site_copy(char out[WEIR_SITE_SIZE], const char *site)
{
	size_t length = site != NULL ? strlen(site) : 0;

	if (length >= WEIR_SITE_SIZE)
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", site[i]) ==
		    NULL)
			return -EINVAL;
	snprintf(out, WEIR_SITE_SIZE, "%s", length != 0 ? site : "");
	return 0;
}

int weir_outlet_new(struct weir_outlet **out, const struct weir_outlet_options *options)
{
	size_t size = options->ring_bytes != 0 ? options->ring_bytes : RING_DEFAULT;

	if (size < RING_MIN || size > RING_MAX)
		return -EINVAL;
	/* The ring's two sides are on cache lines of their own. */
	struct weir_outlet *outlet = aligned_alloc(WEIR_CACHE_LINE, sizeof(*outlet));
	if (outlet == NULL)
		return -ENOMEM;
	memset(outlet, 0, sizeof(*outlet));
	int error = weir_site_copy(outlet->site, options->site);
	if (error == 0)
		error = weir_queue_init(&outlet->queue, size);
	if (error != 0) {
		free(outlet);
		return error;
	}
	*out = outlet;
	return 0;
}

void weir_outlet_free(struct weir_outlet *outlet)
{
	if (outlet == NULL)
		return;
	weir_queue_destroy(&outlet->queue);
	free(outlet);
}

void weir_outlet_received(struct weir_outlet *outlet, int64_t received_ns)
{
	outlet->received_ns = received_ns;
}

/* How full the ring may get by a record of this class: positions never starve alerts. */
static size_t limit_of(const struct weir_outlet *outlet, enum weir_publish_class class)
{
	size_t size = outlet->queue.size;

	switch (class) {
	case WEIR_PUBLISH_ALERT:
		return size;
	case WEIR_PUBLISH_WINDOW:
		return size / 8 * 7;
	case WEIR_PUBLISH_LETTER:
		return size / 4 * 3;
	default:
		return size / 2;
	}
}

static void commit(struct weir_outlet *outlet, struct weir_record *record)
{
	enum weir_publish_class class = record->publish_class;

	record->size = (uint32_t)(weir_record_body(record) - (char *)record) + record->body_length;
	weir_queue_commit(&outlet->queue, record->size);
	if (outlet->bell != NULL)
		weir_bell_ring(outlet->bell, class == WEIR_PUBLISH_ALERT);
}

static enum weir_publish_class class_of(const struct weir_event *event)
{
	static const enum weir_publish_class classes[WEIR_EVENT_KINDS] = {
	        [WEIR_EVENT_POSITION] = WEIR_PUBLISH_POSITION,
	        [WEIR_EVENT_STATIC] = WEIR_PUBLISH_STATIC,
	        [WEIR_EVENT_ALERT] = WEIR_PUBLISH_ALERT,
	        [WEIR_EVENT_WINDOW] = WEIR_PUBLISH_WINDOW,
	};

	return classes[event->kind];
}

/*
 * What raises and clears keeps one alert_id, but is several messages: the phase tells them apart, that it is
 * acknowledged, and the time at which it was repeated.
 */
static size_t put_alert_id(const struct weir_event *event, char out[ID_MAX])
{
	const struct weir_alert *alert = event->alert;
	int length;

	if (alert->phase == WEIR_PHASE_EVENT)
		length = snprintf(out, ID_MAX, "%.32s", alert->id);
	else if (alert->phase == WEIR_PHASE_RAISE && alert->acknowledged)
		length = snprintf(out, ID_MAX, "%.32s-ack", alert->id);
	else if (alert->phase == WEIR_PHASE_RAISE && alert->repeated)
		length = snprintf(out, ID_MAX, "%.32s-repeat-%" PRId64, alert->id,
		                  event->time_ns / 1000000000);
	else
		length = snprintf(out, ID_MAX, "%.32s-%s", alert->id, weir_phase_name(alert->phase));
	return (size_t)length;
}

/*
 * A window that is told again is the same message where it says the same. Where it does not, it is another
 * one, and whoever keeps them by window_id keeps the later one.
 */
static size_t put_window_id(const struct weir_event *event, char out[ID_MAX])
{
	return (size_t)snprintf(out, ID_MAX, "%.32s-%.16s", event->window->id, event->window->content);
}

#define EVENT_RECORD_MAX (sizeof(struct weir_record) + WEIR_SUBJECT_MAX + 1 + ID_MAX + WEIR_GEOJSON_MAX)

void weir_outlet_event(struct weir_outlet *outlet, const struct weir_event *event)
{
	enum weir_publish_class class = class_of(event);

	weir_tally_add(&outlet->offered[class], 1);
	struct weir_record *record =
	        weir_queue_reserve(&outlet->queue, EVENT_RECORD_MAX, limit_of(outlet, class));
	if (record == NULL) {
		weir_tally_add(&outlet->dropped[class], 1);
		return;
	}
	*record = (struct weir_record){
	        .received_ns = outlet->received_ns,
	        .time_ns = event->time_ns,
	        .publish_class = (uint8_t) class,
	};
	record->subject_length =
	        (uint8_t)weir_subject_of_event(event, outlet->site, weir_record_subject(record));
	if (event->kind == WEIR_EVENT_ALERT)
		record->id_length = (uint8_t)put_alert_id(event, weir_record_id(record));
	else if (event->kind == WEIR_EVENT_WINDOW)
		record->id_length = (uint8_t)put_window_id(event, weir_record_id(record));
	else
		weir_record_id(record)[0] = '\0';
	record->body_length = (uint32_t)weir_geojson_line(event, outlet->site, weir_record_body(record));
	if (record->body_length == 0) {
		weir_tally_add(&outlet->oversized[class], 1);
		return;
	}
	commit(outlet, record);
}

void weir_outlet_dead_letter(struct weir_outlet *outlet, const struct weir_malformed *malformed)
{
	size_t size = sizeof(struct weir_record) + WEIR_SUBJECT_MAX + 2 + malformed->length;

	weir_tally_add(&outlet->offered[WEIR_PUBLISH_LETTER], 1);
	struct weir_record *record =
	        weir_queue_reserve(&outlet->queue, size, limit_of(outlet, WEIR_PUBLISH_LETTER));
	if (record == NULL) {
		weir_tally_add(&outlet->dropped[WEIR_PUBLISH_LETTER], 1);
		return;
	}
	*record = (struct weir_record){
	        .received_ns = outlet->received_ns,
	        .time_ns = malformed->received_ns,
	        .publish_class = WEIR_PUBLISH_LETTER,
	        .fault = (uint8_t)malformed->fault,
	        .offset = malformed->offset,
	        .faults = malformed->faults,
	        .sender = malformed->sender,
	        .body_length = malformed->length,
	};
	record->subject_length =
	        (uint8_t)weir_subject_of_fault(malformed->fault, outlet->site, weir_record_subject(record));
	weir_record_id(record)[0] = '\0';
	if (malformed->length != 0) /* an empty datagram may have no bytes at all */
		memcpy(weir_record_body(record), malformed->bytes, malformed->length);
	commit(outlet, record);
}

const struct weir_record *weir_outlet_peek(struct weir_outlet *outlet)
{
	size_t length;

	return weir_queue_peek(&outlet->queue, &length);
}

void weir_outlet_release(struct weir_outlet *outlet)
{
	weir_queue_release(&outlet->queue);
}
