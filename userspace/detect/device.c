/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a followed device: when it begins, when it ends, and when it comes up because something is due.
 * What a report does to it is decided elsewhere, and so is what is due.
 */
#include <assert.h>
#include <string.h>

#include <weir/device.h>

#include "detect/state.h"

/*
 * Twice the longest interval at which what lies still reports (three minutes: ITU-R M.1371-5, table 1): who
 * is silent for longer may give way to a new device where the table is full.
 */
#define GIVES_WAY_NS (360 * WEIR_SECOND_NS)

/* A device whose silence is an alert is kept for so long, for the end of it to be told. */
#define GAP_KEPT_NS (86400 * WEIR_SECOND_NS)

static uint32_t slot_of(const struct weir_detect *detect, const struct weir_device *device)
{
	return (uint32_t)(device - detect->devices);
}

static void tell_follow(struct weir_detect *detect, uint64_t key, bool begins)
{
	if (detect->sink.follow != NULL)
		detect->sink.follow(detect->sink.context, key, begins);
}

/* Those that have been silent for long, in the order in which they were heard. */

void weir_device_falls_silent(struct weir_detect *detect, struct weir_device *device)
{
	struct weir_silent *list = &detect->silent;
	uint32_t slot = slot_of(detect, device);

	device->is_silent = true;
	device->newer = WEIR_NO_SLOT;
	device->older = list->newest;
	if (list->newest != WEIR_NO_SLOT)
		detect->devices[list->newest].newer = slot;
	list->newest = slot;
	if (list->oldest == WEIR_NO_SLOT)
		list->oldest = slot;
}

static void take_from_silent(struct weir_detect *detect, struct weir_device *device)
{
	struct weir_silent *list = &detect->silent;

	if (device->newer == WEIR_NO_SLOT)
		list->newest = device->older;
	else
		detect->devices[device->newer].older = device->older;
	if (device->older == WEIR_NO_SLOT)
		list->oldest = device->newer;
	else
		detect->devices[device->older].newer = device->newer;
	device->is_silent = false;
}

void weir_device_heard(struct weir_detect *detect, struct weir_device *device, bool distress)
{
	if (device->is_silent)
		take_from_silent(detect, device);
	if (device->distress != distress)
		detect->distressed += distress ? 1u : UINT32_MAX;
	device->distress = distress;
	device->heard_ns = detect->now_ns;
}

static void evict(struct weir_detect *detect, struct weir_device *device)
{
	detect->counters.evicted++;
	weir_device_end(detect, device, "full");
}

/* Who comes up first has been silent for longer than most; looked for among a few, so that it costs little.
 */
#define LOOKED_AT 64

static struct weir_device *longest_silent(const struct weir_detect *detect, bool distress)
{
	struct weir_device *found = NULL;

	for (uint32_t i = 0; i < detect->timers.count && i < LOOKED_AT; i++) {
		struct weir_device *device = &detect->devices[detect->timers.slots[i]];

		if (found == NULL || (device->distress == distress) > (found->distress == distress) ||
		    ((device->distress == distress) == (found->distress == distress) &&
		     device->heard_ns < found->heard_ns))
			found = device;
	}
	return found;
}

/* Makes room where the table is full, or as full as ordinary devices may make it. */
static bool make_room(struct weir_detect *detect, bool distress)
{
	uint32_t oldest = detect->silent.oldest;
	uint32_t room = distress ? detect->capacity : detect->capacity - detect->reserve;

	if (detect->counters.devices < room)
		return true;
	if (oldest != WEIR_NO_SLOT && !detect->devices[oldest].distress)
		evict(detect, &detect->devices[oldest]);
	else if (!distress)
		return false;
	else /* whoever sends under ever new numbers of distress drives out half of the others at most */
		evict(detect, longest_silent(detect, detect->distressed > detect->capacity / 2));
	return true;
}

/* One that was freed, or else one that was never taken; there is room. */
static uint32_t take_slot(struct weir_detect *detect)
{
	uint32_t slot = detect->free_device;

	if (slot != WEIR_NO_SLOT) {
		detect->free_device = detect->devices[slot].presences;
		return slot;
	}
	assert(detect->fresh < detect->capacity);
	return detect->fresh++;
}

struct weir_device *weir_device_begin(struct weir_detect *detect, const struct weir_passage *passage,
                                      bool distress)
{
	if (!make_room(detect, distress))
		return NULL;
	uint32_t slot = take_slot(detect);
	struct weir_device *device = &detect->devices[slot];

	*device = (struct weir_device){
	        .key = passage->device,
	        .presences = WEIR_NO_ITEM,
	        .watches = WEIR_NO_ITEM,
	        .static_slot = WEIR_NO_SLOT,
	};
	if (passage->device & WEIR_DEVICE_GPS) {
		device->static_slot = weir_statics_take(&detect->statics, passage->id);
		weir_detect_count_statics(detect);
	}
	weir_device_heard(detect, device, distress);
	weir_keymap_add(&detect->map, device->key, slot);
	weir_timers_set(&detect->timers, slot, INT64_MAX);
	detect->counters.devices++;
	detect->counters.followed++;
	tell_follow(detect, device->key, true);
	return device;
}

void weir_device_name(const struct weir_detect *detect, const struct weir_device *device, char *id,
                      const char **ship_name)
{
	*ship_name = NULL;
	if (device->key & WEIR_DEVICE_GPS) {
		memcpy(id, detect->statics.slots[device->static_slot].name, WEIR_ID_SIZE);
		return;
	}
	weir_write_mmsi(id, (uint32_t)device->key);
	uint32_t slot = weir_statics_find(&detect->statics, (uint32_t)device->key, device->static_slot);
	if (slot != WEIR_NO_SLOT && detect->statics.slots[slot].has & WEIR_HAS_NAME)
		*ship_name = detect->statics.slots[slot].name;
}

void weir_device_passage(const struct weir_detect *detect, const struct weir_device *device, int64_t time_ns,
                         struct weir_passage *passage, struct weir_report *report)
{
	uint32_t mmsi = device->key & WEIR_DEVICE_GPS ? 0 : (uint32_t)device->key;

	weir_place_report(&device->fix, mmsi, report);
	passage->report = report;
	passage->time_ns = time_ns;
	passage->source = "";
	passage->device = device->key;
	passage->has_hash = false;
	passage->heard_by_count = 0;
	passage->located_count = 0;
	weir_device_name(detect, device, passage->id, &passage->ship_name);
	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next) {
		const struct weir_presence *presence = weir_presence_at(detect, i);

		if (presence->inside && presence->fixes == 0 && passage->located_count < WEIR_LOCATED_MAX) {
			passage->fence_ids[passage->located_count] =
			        weir_fence_at(detect, presence->fence)->id;
			passage->located[passage->located_count++] = presence->fence;
		}
	}
}

static void end_alerts(struct weir_detect *detect, struct weir_device *device, int64_t time_ns,
                       const char *reason)
{
	struct weir_passage passage;
	struct weir_report report;

	weir_device_passage(detect, device, time_ns, &passage, &report);
	while (device->watches != WEIR_NO_ITEM)
		weir_watches_end(detect, device, &passage, weir_watch_at(detect, device->watches)->fence,
		                 reason);
}

void weir_device_end(struct weir_detect *detect, struct weir_device *device, const char *reason)
{
	uint32_t slot = slot_of(detect, device);
	uint64_t key = device->key;

	if (device->watches != WEIR_NO_ITEM)
		end_alerts(detect, device, weir_device_moment(detect, device), reason);
	while (device->presences != WEIR_NO_ITEM)
		weir_pool_remove(&detect->presences, &device->presences);
	if (device->is_silent)
		take_from_silent(detect, device);
	weir_heard_by_forget(detect, device);
	if (key & WEIR_DEVICE_GPS)
		weir_statics_give_back(&detect->statics, device->static_slot);
	weir_near_remove(&detect->near, slot);
	detect->distressed -= device->distress;
	weir_keymap_remove(&detect->map, key);
	weir_timers_remove(&detect->timers, slot);
	device->key = 0;
	device->presences = detect->free_device;
	detect->free_device = slot;
	detect->counters.devices--;
	detect->counters.followed--;
	detect->counters.released++;
	tell_follow(detect, key, false);
}

static int64_t later(int64_t time_ns, int64_t by_ns)
{
	return time_ns > INT64_MAX - by_ns ? INT64_MAX : time_ns + by_ns;
}

/* How long it may be silent. */
static int64_t silence_of(const struct weir_detect *detect, const struct weir_device *device)
{
	int64_t silence_ns = detect->silence_ns;

	if (!(detect->kinds & 1u << WEIR_RULE_GAP))
		return silence_ns;
	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next) {
		const struct weir_presence *presence = weir_presence_at(detect, i);

		if (!(detect->plans[presence->fence].kinds & 1u << WEIR_RULE_GAP) || !presence->inside ||
		    presence->fixes > 0)
			continue;
		const struct weir_rule *gap =
		        weir_rule_of(weir_fence_at(detect, presence->fence), WEIR_RULE_GAP);
		if (silence_ns < gap->gap.gap_ns + GAP_KEPT_NS)
			silence_ns = gap->gap.gap_ns + GAP_KEPT_NS;
	}
	return silence_ns;
}

static int64_t due_of(const struct weir_detect *detect, const struct weir_device *device)
{
	int64_t due_ns = weir_dues_next(detect, device);
	int64_t silent_ns = device->silent_ns;

	if (!device->is_silent && later(device->heard_ns, GIVES_WAY_NS) < silent_ns)
		silent_ns = later(device->heard_ns, GIVES_WAY_NS);
	return due_ns < silent_ns ? due_ns : silent_ns;
}

void weir_device_schedule(struct weir_detect *detect, struct weir_device *device)
{
	uint32_t slot = slot_of(detect, device);

	/* Silence is measured in the engine's time: a sender whose clock is slow is not silent. */
	device->silent_ns = later(device->heard_ns, silence_of(detect, device));
	int64_t due_ns = due_of(detect, device);
	if (due_ns < weir_timers_due(&detect->timers, slot))
		weir_timers_set(&detect->timers, slot, due_ns);
}

/* Something is due for the device: of its rules, or because it is silent. */
static void come_up(struct weir_detect *detect, struct weir_device *device, int64_t due_ns)
{
	if (weir_dues_next(detect, device) <= due_ns) {
		weir_dues_fire(detect, device, due_ns);
		device->silent_ns =
		        later(device->heard_ns, silence_of(detect, device)); /* it may have left */
	} else if (due_ns < device->silent_ns) {
		weir_device_falls_silent(detect, device);
	}
	if (due_ns < device->silent_ns && weir_device_is_needed(device)) {
		weir_timers_set(&detect->timers, slot_of(detect, device), due_of(detect, device));
		return;
	}
	detect->counters.silent += due_ns >= device->silent_ns;
	weir_device_end(detect, device, "silent");
}

/* The first of the devices by time. */
static void fire_device(struct weir_detect *detect, struct weir_timer first)
{
	uint32_t slot = first.slot;
	struct weir_device *device = &detect->devices[slot];
	int64_t due_ns = due_of(detect, device);

	if (due_ns > first.due_ns) { /* it was heard since */
		weir_timers_set(&detect->timers, slot, due_ns);
		return;
	}
	if (due_ns > detect->now_ns)
		detect->now_ns = due_ns;
	come_up(detect, device, due_ns);
}

void weir_detect_advance(struct weir_detect *detect, int64_t time_ns)
{
	for (;;) {
		int64_t windows_ns = detect->windows.due_ns;
		struct weir_timer first;

		if (weir_timers_first(&detect->timers, &first) && first.due_ns <= time_ns &&
		    first.due_ns <= windows_ns) {
			fire_device(detect, first);
		} else if (windows_ns <= time_ns && windows_ns != INT64_MAX) {
			if (windows_ns > detect->now_ns)
				detect->now_ns = windows_ns;
			weir_windows_fire(detect);
		} else {
			break;
		}
	}
	if (detect->now_ns == WEIR_NO_TIME)
		detect->windows.began_ns = time_ns;
	if (time_ns > detect->now_ns)
		detect->now_ns = time_ns;
}

bool weir_detect_follows(const struct weir_detect *detect, uint64_t device)
{
	return weir_keymap_find(&detect->map, device) != WEIR_NO_SLOT;
}

struct weir_device *weir_device_at(struct weir_detect *detect, uint64_t key, int64_t time_ns)
{
	uint32_t slot = weir_keymap_find(&detect->map, key);

	if (slot == WEIR_NO_SLOT || detect->devices[slot].silent_ns <= time_ns)
		return NULL;
	return &detect->devices[slot];
}
