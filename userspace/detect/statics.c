/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Static data, kept by device. See statics.h.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/statics.h"

_Static_assert(WEIR_HAS_STATIC <= UINT16_MAX, "what is kept has room in 16 bits");
_Static_assert(sizeof(((struct weir_static *)0)->name) >= WEIR_ID_SIZE, "an id has room in a name");

int weir_statics_new(struct weir_statics *statics, uint32_t capacity)
{
	struct weir_statics made = {
	        .capacity = capacity, .free = WEIR_NO_SLOT, .newest = WEIR_NO_SLOT, .oldest = WEIR_NO_SLOT};
	int error = -ENOMEM;

	made.slots = calloc(capacity, sizeof(*made.slots));
	if (made.slots != NULL)
		error = weir_keymap_new(
		        &made.map, capacity,
		        &(struct weir_keys){&made.slots[0].mmsi, sizeof(*made.slots), .is_narrow = true});
	if (error != 0)
		weir_statics_clear(&made);
	else
		*statics = made;
	return error;
}

uint32_t weir_statics_find(const struct weir_statics *statics, uint32_t mmsi, uint32_t hint)
{
	if (hint < statics->fresh && statics->slots[hint].mmsi == mmsi)
		return hint;
	return weir_keymap_find(&statics->map, mmsi);
}

static void unlink_slot(struct weir_statics *statics, uint32_t slot)
{
	struct weir_static *known = &statics->slots[slot];

	if (known->newer == WEIR_NO_SLOT)
		statics->newest = known->older;
	else
		statics->slots[known->newer].older = known->older;
	if (known->older == WEIR_NO_SLOT)
		statics->oldest = known->newer;
	else
		statics->slots[known->older].newer = known->newer;
}

static void link_newest(struct weir_statics *statics, uint32_t slot)
{
	struct weir_static *known = &statics->slots[slot];

	known->newer = WEIR_NO_SLOT;
	known->older = statics->newest;
	if (statics->newest != WEIR_NO_SLOT)
		statics->slots[statics->newest].newer = slot;
	statics->newest = slot;
	if (statics->oldest == WEIR_NO_SLOT)
		statics->oldest = slot;
}

/* A slot that holds nothing; the oldest static data gives way. WEIR_NO_SLOT: all room is taken by ids. */
static uint32_t empty_slot(struct weir_statics *statics)
{
	uint32_t slot = statics->free;

	if (slot != WEIR_NO_SLOT) {
		statics->free = statics->slots[slot].older;
	} else if (statics->fresh < statics->capacity) {
		slot = statics->fresh++;
	} else {
		statics->displaced++;
		slot = statics->oldest;
		if (slot == WEIR_NO_SLOT)
			return WEIR_NO_SLOT;
		unlink_slot(statics, slot);
		weir_keymap_remove(&statics->map, statics->slots[slot].mmsi);
		statics->count--;
	}
	memset(&statics->slots[slot], 0, sizeof(statics->slots[slot]));
	return slot;
}

static uint32_t new_slot(struct weir_statics *statics, uint32_t mmsi)
{
	uint32_t slot = empty_slot(statics);

	if (slot == WEIR_NO_SLOT)
		return WEIR_NO_SLOT;
	statics->slots[slot].mmsi = mmsi;
	weir_keymap_add(&statics->map, mmsi, slot);
	link_newest(statics, slot);
	statics->count++;
	return slot;
}

bool weir_statics_add(struct weir_statics *statics, const struct weir_static *known)
{
	if (weir_keymap_find(&statics->map, known->mmsi) != WEIR_NO_SLOT)
		return false;
	uint32_t slot = new_slot(statics, known->mmsi);
	if (slot == WEIR_NO_SLOT)
		return true;
	struct weir_static *place = &statics->slots[slot];
	uint32_t newer = place->newer, older = place->older;

	*place = *known;
	place->newer = newer;
	place->older = older;
	return true;
}

uint32_t weir_statics_take(struct weir_statics *statics, const char id[WEIR_ID_SIZE])
{
	uint32_t slot = empty_slot(statics);

	assert(slot != WEIR_NO_SLOT);
	memcpy(statics->slots[slot].name, id, strnlen(id, WEIR_ID_SIZE - 1));
	return slot;
}

void weir_statics_give_back(struct weir_statics *statics, uint32_t slot)
{
	statics->slots[slot].older = statics->free;
	statics->free = slot;
}

/* The bytes behind the end are cleared, so that records can be compared as a whole. */
static void copy_text(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size - 1);

	memset(to, 0, size);
	memcpy(to, from, length);
}

static void merge(struct weir_static *known, const struct weir_report *report)
{
	/* Message 5 says all that there is: what it leaves out is not known any more. */
	if (report->message == 5)
		known->has = known->reserved = 0;
	known->has |= (uint16_t)(report->has & WEIR_HAS_STATIC);
	known->reserved &= (uint16_t)~report->has;
	known->reserved |= (uint16_t)(report->reserved & WEIR_HAS_STATIC);
	known->station_class = report->station_class;
	known->message = report->message;
	if (report->has & WEIR_HAS_NAME)
		copy_text(known->name, report->name, sizeof(known->name));
	if (report->has & WEIR_HAS_CALL_SIGN)
		copy_text(known->call_sign, report->call_sign, sizeof(known->call_sign));
	if (report->has & WEIR_HAS_DESTINATION)
		copy_text(known->destination, report->destination, sizeof(known->destination));
	if (report->has & WEIR_HAS_SHIP_TYPE)
		known->ship_type = report->ship_type;
	if (report->has & WEIR_HAS_DIMENSIONS) {
		known->to_bow_m = report->to_bow_m;
		known->to_stern_m = report->to_stern_m;
		known->to_port_m = report->to_port_m;
		known->to_starboard_m = report->to_starboard_m;
	}
	if (report->has & WEIR_HAS_IMO)
		known->imo = report->imo;
	if (report->has & WEIR_HAS_DRAUGHT)
		known->draught_m = report->draught_m;
	if ((report->has | report->reserved) & WEIR_HAS_ETA) {
		known->eta_month = report->eta_month;
		known->eta_day = report->eta_day;
		known->eta_hour = report->eta_hour;
		known->eta_minute = report->eta_minute;
	}
}

static bool is_same(const struct weir_static *a, const struct weir_static *b)
{
	if (a->has != b->has || a->reserved != b->reserved || a->station_class != b->station_class)
		return false;
	return a->imo == b->imo && a->draught_m == b->draught_m && a->to_bow_m == b->to_bow_m &&
	       a->to_stern_m == b->to_stern_m && a->to_port_m == b->to_port_m &&
	       a->to_starboard_m == b->to_starboard_m && a->ship_type == b->ship_type &&
	       a->eta_month == b->eta_month && a->eta_day == b->eta_day && a->eta_hour == b->eta_hour &&
	       a->eta_minute == b->eta_minute && memcmp(a->name, b->name, sizeof(a->name)) == 0 &&
	       memcmp(a->call_sign, b->call_sign, sizeof(a->call_sign)) == 0 &&
	       memcmp(a->destination, b->destination, sizeof(a->destination)) == 0;
}

enum weir_static_news weir_statics_learn(struct weir_statics *statics, const struct weir_report *report,
                                         int64_t time_ns)
{
	uint32_t slot = weir_keymap_find(&statics->map, report->mmsi);
	bool is_new = slot == WEIR_NO_SLOT;

	if (is_new && (slot = new_slot(statics, report->mmsi)) == WEIR_NO_SLOT)
		return WEIR_STATIC_SAME;
	struct weir_static *known = &statics->slots[slot];
	if (!is_new && time_ns < known->time_ns)
		return WEIR_STATIC_LATE;

	struct weir_static before = *known;
	merge(known, report);
	known->time_ns = time_ns;
	if (statics->newest != slot) {
		unlink_slot(statics, slot);
		link_newest(statics, slot);
	}
	return is_new || !is_same(&before, known) ? WEIR_STATIC_CHANGED : WEIR_STATIC_SAME;
}

void weir_static_report(const struct weir_static *known, struct weir_report *report)
{
	*report = (struct weir_report){
	        .mmsi = known->mmsi,
	        .has = known->has,
	        .reserved = known->reserved,
	        .message = known->message,
	        .station_class = known->station_class,
	        .ship_type = known->ship_type,
	        .to_bow_m = known->to_bow_m,
	        .to_stern_m = known->to_stern_m,
	        .to_port_m = known->to_port_m,
	        .to_starboard_m = known->to_starboard_m,
	        .imo = known->imo,
	        .draught_m = known->draught_m,
	        .eta_month = known->eta_month,
	        .eta_day = known->eta_day,
	        .eta_hour = known->eta_hour,
	        .eta_minute = known->eta_minute,
	};
	memcpy(report->name, known->name, sizeof(report->name));
	memcpy(report->call_sign, known->call_sign, sizeof(report->call_sign));
	memcpy(report->destination, known->destination, sizeof(report->destination));
}

void weir_statics_clear(struct weir_statics *statics)
{
	free(statics->slots);
	weir_keymap_clear(&statics->map);
	*statics = (struct weir_statics){0};
}
