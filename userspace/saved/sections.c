/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sections, and records in them: see saved.h. A section begins with the fingerprint of its records and their
 * number.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "saved/check.h"
#include "saved/saved.h"

struct head {
	uint64_t fingerprint, count;
};

/* Returns where it went, or NULL. */
static uint8_t *append(struct weir_saver *saver, const void *bytes, size_t size)
{
	uint8_t *place = NULL;

	if (saver->length <= saver->capacity && size <= saver->capacity - saver->length)
		place = memcpy(saver->bytes + saver->length, bytes, size);
	saver->length += size;
	return place;
}

void weir_save(struct weir_saver *saver, const void *record)
{
	uint8_t *place = append(saver, record, saver->record->size);

	saver->count++;
	for (uint32_t i = 0; place != NULL && i < saver->rebuilt_count; i++)
		memset(place + saver->rebuilt[i]->offset, 0, saver->rebuilt[i]->size);
}

static void end_section(struct weir_saver *saver)
{
	if (saver->record != NULL && saver->section + sizeof(saver->count) <= saver->capacity)
		memcpy(saver->bytes + saver->section, &saver->count, sizeof(saver->count));
}

void weir_save_section(struct weir_saver *saver, const struct weir_saved_record *record)
{
	const struct head head = {.fingerprint = weir_saved_fingerprint(record)};

	end_section(saver);
	saver->section = saver->length + offsetof(struct head, count);
	saver->record = record;
	saver->count = 0;
	saver->rebuilt_count = 0;
	for (uint32_t i = 0; i < record->count; i++) {
		if (record->members[i].kind != WEIR_SAVED_REBUILT)
			continue;
		assert(saver->rebuilt_count < WEIR_SAVED_REBUILT_MAX);
		saver->rebuilt[saver->rebuilt_count++] = &record->members[i];
	}
	append(saver, &head, sizeof(head));
}

size_t weir_save_end(struct weir_saver *saver)
{
	end_section(saver);
	saver->record = NULL;
	return saver->length;
}

int weir_load_refuse(struct weir_loader *loader, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(loader->why, sizeof(loader->why), format, arguments);
	va_end(arguments);
	return error;
}

int weir_load_section(struct weir_loader *loader, const struct weir_saved_record *record, uint64_t *count)
{
	struct head head;

	if (loader->left > 0)
		return weir_load_refuse(loader, -EBADMSG, "%" PRIu64 " %s too many", loader->left,
		                        loader->record->name);
	if (loader->length - loader->at < sizeof(head))
		return weir_load_refuse(loader, -EBADMSG, "it ends before %s", record->name);
	memcpy(&head, loader->bytes + loader->at, sizeof(head));
	if (head.fingerprint != weir_saved_fingerprint(record))
		return weir_load_refuse(loader, -EPROTO,
		                        "another version of weir has saved it: its %s is not of this one",
		                        record->name);
	loader->at += sizeof(head);
	if (head.count > (loader->length - loader->at) / record->size)
		return weir_load_refuse(loader, -EBADMSG, "it ends in the middle of %s", record->name);
	loader->record = record;
	loader->left = *count = head.count;
	return 0;
}

int weir_load(struct weir_loader *loader, void *out)
{
	const struct weir_saved_record *record = loader->record;

	if (loader->left == 0)
		return weir_load_refuse(loader, -EBADMSG, "too few %s", record->name);
	memcpy(out, loader->bytes + loader->at, record->size);
	loader->at += record->size;
	loader->left--;
	const struct weir_saved_member *bad = weir_saved_check(record, out);
	return bad == NULL ? 0
	                   : weir_load_refuse(loader, -EBADMSG, "%s holds no possible %s", record->name,
	                                      bad->name);
}

int weir_load_end(struct weir_loader *loader)
{
	if (loader->left > 0 || loader->at != loader->length)
		return weir_load_refuse(loader, -EBADMSG, "there is more in it than belongs there");
	return 0;
}
