/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Headers of messages. See cloudevents.h. Knows no NATS library.
 */
#include "cloudevents.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include <weir/fault.h>

#include "fingerprint.h"
#include "publish.h"
#include "text.h"

static void add(struct weir_headers *headers, const char *name, const char *value)
{
	assert(headers->count < WEIR_HEADERS_MAX);
	headers->items[headers->count++] = (struct weir_header){.name = name, .value = value};
}

/* A text in the set's own memory, which is made for the longest of each value. */
static struct weir_text begin(struct weir_headers *headers)
{
	return weir_text_in(headers->text + headers->used, sizeof(headers->text) - headers->used);
}

static const char *end(struct weir_headers *headers, struct weir_text *text)
{
	weir_text_char(text, '\0');
	assert(!text->full);
	headers->used += weir_text_length(text);
	return text->start;
}

static const char *time_value(struct weir_headers *headers, int64_t time_ns)
{
	struct weir_text text = begin(headers);

	weir_text_time(&text, time_ns);
	return end(headers, &text);
}

static const char *exact_time_value(struct weir_headers *headers, int64_t time_ns)
{
	struct weir_text text = begin(headers);

	weir_text_time_ns(&text, time_ns);
	return end(headers, &text);
}

static const char *number_value(struct weir_headers *headers, uint64_t number)
{
	struct weir_text text = begin(headers);

	weir_text_unsigned(&text, number);
	return end(headers, &text);
}

static const char *source_value(struct weir_headers *headers, const char *site)
{
	struct weir_text text = begin(headers);

	weir_text_literal(&text, "/weir");
	if (site[0] != '\0') {
		weir_text_char(&text, '/');
		weir_text_bytes(&text, site, strlen(site));
	}
	return end(headers, &text);
}

static const char *sender_value(struct weir_headers *headers, const struct weir_address *sender)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct weir_text text = begin(headers);
	char address[INET6_ADDRSTRLEN];

	if (memcmp(sender->ip, mapped, sizeof(mapped)) == 0) {
		inet_ntop(AF_INET, sender->ip + 12, address, sizeof(address));
		weir_text_bytes(&text, address, strlen(address));
	} else {
		inet_ntop(AF_INET6, sender->ip, address, sizeof(address));
		weir_text_char(&text, '[');
		weir_text_bytes(&text, address, strlen(address));
		weir_text_char(&text, ']');
	}
	weir_text_char(&text, ':');
	weir_text_unsigned(&text, sender->port);
	return end(headers, &text);
}

/* Any fixed key does: it must be the same everywhere and for ever. */
static const uint8_t content_key[16] __attribute__((aligned(8))) = {'w', 'e', 'i', 'r', ' ', 'c', 'o', 'n',
                                                                    't', 'e', 'n', 't', ' ', 'v', '1', 0};

/*
 * The body's fingerprint is taken first and then, with what else tells two records apart, hashed again:
 * the body need not be copied to stand beside the rest. Times are hashed in full, not cut to the
 * milliseconds of ce-time: two equal datagrams a microsecond apart are two dead letters.
 */
static const char *content_id(struct weir_headers *headers, const struct weir_record *record)
{
	struct {
		uint8_t body[WEIR_FINGERPRINT_BYTES];
		uint8_t time[8];
		uint8_t offset[4];
		uint8_t port[2];
		uint8_t ip[16];
		uint8_t publish_class;
		uint8_t fault;
	} content = {.publish_class = record->publish_class, .fault = record->fault};
	uint8_t id[WEIR_FINGERPRINT_BYTES];

	_Static_assert(sizeof(content) == 48, "what is hashed has no padding");
	weir_fingerprint(weir_record_body(record), record->body_length, content_key, content.body);
	/* Byte by byte, so that the id does not depend on the machine's byte order. */
	for (int i = 0; i < 8; i++)
		content.time[i] = (uint8_t)((uint64_t)record->time_ns >> (8 * i));
	for (int i = 0; i < 4; i++)
		content.offset[i] = (uint8_t)(record->offset >> (8 * i));
	for (int i = 0; i < 2; i++)
		content.port[i] = (uint8_t)(record->sender.port >> (8 * i));
	memcpy(content.ip, record->sender.ip, sizeof(content.ip));
	weir_fingerprint(&content, sizeof(content), content_key, id);

	struct weir_text text = begin(headers);
	weir_text_hex(&text, id, sizeof(id));
	return end(headers, &text);
}

static void add_letter(struct weir_headers *headers, const struct weir_record *record)
{
	static const struct weir_address nobody;

	add(headers, "weir-reason", weir_fault_name(record->fault));
	add(headers, "weir-offset", number_value(headers, record->offset));
	add(headers, "weir-faults", number_value(headers, record->faults));
	if (memcmp(&record->sender, &nobody, sizeof(nobody)) != 0)
		add(headers, "weir-source", sender_value(headers, &record->sender));
	add(headers, "weir-received", exact_time_value(headers, record->time_ns));
}

struct kind {
	const char *type;
	const char *content;
};

static const struct kind kinds[] = {
        [WEIR_PUBLISH_POSITION] = {"weir.position.v1", "application/geo+json"},
        [WEIR_PUBLISH_STATIC] = {"weir.static.v1", "application/geo+json"},
        [WEIR_PUBLISH_ALERT] = {"weir.alert.v1", "application/geo+json"},
        [WEIR_PUBLISH_WINDOW] = {"weir.window.v1", "application/geo+json"},
        [WEIR_PUBLISH_LETTER] = {"weir.dlq.v1", "application/octet-stream"},
        [WEIR_PUBLISH_STATUS] = {"weir.status.v1", "application/json"},
};
_Static_assert(sizeof(kinds) / sizeof(*kinds) == WEIR_PUBLISH_CLASSES, "a class has no type");

void weir_headers_fill(struct weir_headers *headers, const struct weir_record *record, const char *site)
{
	const struct kind *kind = &kinds[record->publish_class];
	bool is_letter = record->publish_class == WEIR_PUBLISH_LETTER;

	headers->count = 0;
	headers->used = 0;
	const char *id = record->id_length != 0 ? weir_record_id(record) : content_id(headers, record);
	add(headers, "ce-specversion", "1.0");
	add(headers, "ce-id", id);
	add(headers, "ce-type", kind->type);
	add(headers, "ce-source", source_value(headers, site));
	add(headers, "ce-time", time_value(headers, record->time_ns));
	add(headers, "ce-datacontenttype", kind->content);
	if (is_letter || record->publish_class == WEIR_PUBLISH_ALERT ||
	    record->publish_class == WEIR_PUBLISH_WINDOW)
		add(headers, "Nats-Msg-Id", id);
	if (is_letter)
		add_letter(headers, record);
}
