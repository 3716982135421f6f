/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where two structs that were read by the same table differ: see schema.h.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/schema.h"
#include "gateway/value.h"

struct writer {
	char *out;
	size_t size;
	size_t used;
};

static void name(struct writer *writer, const char *section, const char *key)
{
	int length = snprintf(writer->out + writer->used, writer->size - writer->used, "%s%s%s%s",
	                      writer->used > 0 ? ", " : "", section, section[0] != '\0' ? "." : "", key);

	if (length > 0)
		writer->used += (size_t)length;
	if (writer->used >= writer->size)
		writer->used = writer->size - 1;
}

static const void *pointer_at(const unsigned char *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof pointer);
	return pointer;
}

static bool is_text(enum weir_key_type type)
{
	return type == WEIR_KEY_STRING || type == WEIR_KEY_TOKEN || type == WEIR_KEY_PATH ||
	       type == WEIR_KEY_OUTPUT || type == WEIR_KEY_INTERFACE || type == WEIR_KEY_SERVER ||
	       type == WEIR_KEY_DEVICE_ID;
}

static bool same_value(const struct weir_key *key, const unsigned char *one, const unsigned char *other)
{
	if (key->type == WEIR_KEY_SECTION) {
		for (const struct weir_key *inner = key->keys; inner->name; inner++)
			if (!same_value(inner, one + inner->target, other + inner->target))
				return false;
		return true;
	}
	if (!is_text(key->type))
		return memcmp(one, other, weir_value_size(key)) == 0;
	const char *a = pointer_at(one), *b = pointer_at(other);
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_list(const struct weir_key *key, const unsigned char *one, const unsigned char *other)
{
	const unsigned char *a = pointer_at(one + key->target), *b = pointer_at(other + key->target);
	size_t count, other_count, size = weir_value_size(key);

	memcpy(&count, one + key->count, sizeof count);
	memcpy(&other_count, other + key->count, sizeof other_count);
	if (count != other_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!same_value(key, a + i * size, b + i * size))
			return false;
	return true;
}

static void compare(struct writer *writer, const char *section, const struct weir_key *keys,
                    const unsigned char *one, const unsigned char *other)
{
	for (const struct weir_key *key = keys; key->name; key++) {
		if (key->live)
			continue;
		if (key->list) {
			if (!same_list(key, one, other))
				name(writer, section, key->name);
		} else if (key->type == WEIR_KEY_SECTION) {
			/* Its keys have their places in the same struct. */
			compare(writer, key->name, key->keys, one, other);
		} else if (!same_value(key, one + key->target, other + key->target)) {
			name(writer, section, key->name);
		}
	}
}

void weir_schema_differences(const struct weir_key *keys, const void *one, const void *other, char *out,
                             size_t size)
{
	struct writer writer = {.out = out, .size = size};

	out[0] = '\0';
	compare(&writer, "", keys, one, other);
}
