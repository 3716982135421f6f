/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be in a record: see saved.h. Saving and loading sections is in sections.c.
 */
#include "saved/saved.h"

#include "saved/check.h"

static uint64_t unsigned_of(const uint8_t *bytes, uint32_t size)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (size) {
	case 1:
		memcpy(&one, bytes, 1);
		return one;
	case 2:
		memcpy(&two, bytes, 2);
		return two;
	case 4:
		memcpy(&four, bytes, 4);
		return four;
	default:
		memcpy(&eight, bytes, 8);
		return eight;
	}
}

static int64_t signed_of(const uint8_t *bytes, uint32_t size)
{
	unsigned int unused = 64 - 8 * size;

	return (int64_t)(unsigned_of(bytes, size) << unused) >> unused;
}

static double real_of(const uint8_t *bytes, uint32_t size)
{
	float single;
	double real;

	if (size == sizeof(single)) {
		memcpy(&single, bytes, sizeof(single));
		return (double)single;
	}
	memcpy(&real, bytes, sizeof(real));
	return real;
}

static bool is_text(const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++) {
		if (bytes[i] == '\0')
			return true;
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	}
	return false;
}

static bool is_allowed(const struct weir_saved_member *member, const uint8_t *bytes)
{
	uint32_t size = member->size;
	int64_t limit = (int64_t)member->limit, value;

	switch (member->kind) {
	case WEIR_SAVED_BOOL:
		return unsigned_of(bytes, size) <= 1;
	case WEIR_SAVED_BELOW:
		return unsigned_of(bytes, size) < member->limit;
	case WEIR_SAVED_WITHIN:
		value = signed_of(bytes, size);
		return value >= -limit && value <= limit;
	case WEIR_SAVED_REAL: /* NaN is neither */
		return real_of(bytes, size) >= -(double)limit && real_of(bytes, size) <= (double)limit;
	case WEIR_SAVED_DUE:
	case WEIR_SAVED_TIME:
		value = signed_of(bytes, size);
		return weir_saved_is_time(value) || (member->kind == WEIR_SAVED_DUE && value == INT64_MAX);
	case WEIR_SAVED_TEXT:
		return is_text(bytes, size);
	case WEIR_SAVED_ANY:
	case WEIR_SAVED_REBUILT:
		break;
	}
	return true;
}

const struct weir_saved_member *weir_saved_check(const struct weir_saved_record *record, uint8_t *bytes)
{
	for (uint32_t i = 0; i < record->count; i++) {
		const struct weir_saved_member *member = &record->members[i];

		if (member->kind == WEIR_SAVED_REBUILT)
			memset(bytes + member->offset, 0, member->size);
		else if (!is_allowed(member, bytes + member->offset))
			return member;
	}
	return NULL;
}

/* FNV-1a, 64 bits. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t weir_saved_fingerprint(const struct weir_saved_record *record)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = hash_bytes(hash, record->name, strlen(record->name) + 1);
	hash = hash_bytes(hash, &record->size, sizeof(record->size));
	for (uint32_t i = 0; i < record->count; i++) {
		const struct weir_saved_member *member = &record->members[i];
		const uint64_t numbers[] = {member->offset, member->size, member->kind, member->limit};

		hash = hash_bytes(hash, member->name, strlen(member->name) + 1);
		hash = hash_bytes(hash, numbers, sizeof(numbers));
	}
	return hash;
}
