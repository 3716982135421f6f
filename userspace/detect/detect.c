/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a report through detection. See detect.h.
 */
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <weir/device.h>

#include "detect/state.h"

/* The types that carry a position, which may be marked 'not available' (ITU-R M.1371); and 0, a GPS fix. */
static bool carries_position(uint8_t message)
{
	static const uint32_t types = 1u << 0 | 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 9 | 1u << 11 |
	                              1u << 18 | 1u << 19 | 1u << 21 | 1u << 27 | 1u << 28;

	return message < 32 && (types >> message & 1) != 0;
}

/* The types that carry a navigation status. */
static bool carries_status(uint8_t message)
{
	return (message >= 1 && message <= 3) || message == 27;
}

static bool says_distress(const struct weir_report *report)
{
	return (report->has & WEIR_HAS_NAV_STATUS) && report->nav_status == 14;
}

bool weir_detect_covers(const struct weir_detect *detect, double longitude_deg, double latitude_deg)
{
	return detect->area == NULL || weir_area_covers(detect->area, longitude_deg, latitude_deg);
}

static bool is_inside_area(const struct weir_detect *detect, const struct weir_report *report)
{
	return (report->has & WEIR_HAS_POSITION) &&
	       weir_detect_covers(detect, report->longitude_deg, report->latitude_deg);
}

/* Step 1. True where the report goes no further; *outcome says why. */
static bool is_ignored(const struct weir_device *device, const struct weir_report *report, bool inside,
                       bool distress, enum weir_report_outcome *outcome)
{
	bool position = report->has & WEIR_HAS_POSITION;
	bool known = report->has & WEIR_HAS_STATIC;

	if (device == NULL && !distress) {
		*outcome = position ? WEIR_REPORT_OUTSIDE : WEIR_REPORT_NO_POSITION;
		if (position ? !inside : !known && carries_position(report->message))
			return true;
	}
	*outcome = WEIR_REPORT_UNUSED;
	return !position && !known && !carries_position(report->message);
}

/* Where a device has no static data, that is looked for when it is new or has sent some, not each time. */
static void find_ship_name(struct weir_detect *detect, struct weir_device *device,
                           struct weir_passage *passage, bool look)
{
	if (device->key & WEIR_DEVICE_GPS)
		return;
	if (look || device->static_slot != WEIR_NO_SLOT)
		device->static_slot =
		        weir_statics_find(&detect->statics, passage->report->mmsi, device->static_slot);
	if (device->static_slot == WEIR_NO_SLOT)
		return;
	const struct weir_static *known = &detect->statics.slots[device->static_slot];
	if (known->has & WEIR_HAS_NAME)
		passage->ship_name = known->name;
}

static void tell_static(struct weir_detect *detect, const struct weir_device *device,
                        const struct weir_passage *passage)
{
	struct weir_report known;

	if (device->key & WEIR_DEVICE_GPS || device->static_slot == WEIR_NO_SLOT)
		return;
	weir_static_report(&detect->statics.slots[device->static_slot], &known);
	weir_detect_emit(detect, WEIR_EVENT_STATIC, passage, &known, NULL);
}

/* The fences that the passage's position lies in. */
static void locate(struct weir_detect *detect, struct weir_passage *passage)
{
	if (detect->fences == NULL)
		return;
	size_t count = weir_fences_locate(detect->fences, passage->report->longitude_deg,
	                                  passage->report->latitude_deg, passage->located, WEIR_LOCATED_MAX);
	if (count > WEIR_LOCATED_MAX) {
		detect->counters.untracked += count - WEIR_LOCATED_MAX;
		count = WEIR_LOCATED_MAX;
	}
	passage->located_count = count;
	for (size_t i = 0; i < count; i++)
		passage->fence_ids[i] = detect->plans[passage->located[i]].id;
	weir_detect_fetch_rules(detect, passage);
}

/* The alerts of a report, with a position or without. Those of fences are in their order. */
static void judge_by_rules(struct weir_detect *detect, struct weir_device *device,
                           const struct weir_passage *passage)
{
	weir_rule_distress(detect, device, passage);
	if (!(passage->report->has & WEIR_HAS_POSITION))
		return;
	if (!weir_rule_jump(detect, device, passage))
		weir_rule_passing(detect, device, passage);
	weir_detect_crossings(detect, device, passage);
	device->fix = weir_place_of(passage->report);
	device->fix_ns = passage->time_ns;
}

/* Steps 4 and 5, for a device that is followed. */
static void use(struct weir_detect *detect, struct weir_device *device, struct weir_passage *passage,
                bool inside, bool news)
{
	const struct weir_report *report = passage->report;
	bool position = report->has & WEIR_HAS_POSITION;

	find_ship_name(detect, device, passage, news || (report->has & WEIR_HAS_STATIC));
	if (news)
		tell_static(detect, device, passage);
	if (position) {
		weir_heard_by_recall(detect, device, passage);
		device->inside_area = inside;
		locate(detect, passage);
		if (inside)
			weir_detect_emit(detect, WEIR_EVENT_POSITION, passage, report, NULL);
	}
	judge_by_rules(detect, device, passage);
	if (position)
		weir_heard_by_begin(detect, device, passage);
	if (weir_device_is_needed(device))
		weir_device_schedule(detect, device);
	else
		weir_device_end(detect, device, NULL);
}

/* A device that was silent is heard: told with where it is, or was. */
static void end_silence(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_passage *passage)
{
	struct weir_passage without;
	struct weir_report report;

	if (device->watches == WEIR_NO_ITEM || !(detect->kinds & 1u << WEIR_RULE_GAP))
		return;
	if (passage->report->has & WEIR_HAS_POSITION) {
		weir_rule_gap_ends(detect, device, passage);
		return;
	}
	weir_device_passage(detect, device, passage->time_ns, &without, &report);
	weir_rule_gap_ends(detect, device, &without);
}

static void hear(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                 bool is_new)
{
	bool distress = device->distress;

	end_silence(detect, device, passage);
	if (is_new || passage->time_ns > device->last_ns)
		device->last_ns = passage->time_ns;
	if (weir_mmsi_is_distress(passage->report->mmsi))
		distress = true;
	else if (carries_status(passage->report->message))
		distress = says_distress(passage->report);
	weir_device_heard(detect, device, distress);
}

void weir_detect_count_statics(struct weir_detect *detect)
{
	detect->counters.statics = detect->statics.count;
	detect->counters.statics_displaced = detect->statics.displaced;
}

static enum weir_static_news learn(struct weir_detect *detect, const struct weir_passage *passage)
{
	enum weir_static_news news = weir_statics_learn(&detect->statics, passage->report, passage->time_ns);

	weir_detect_count_statics(detect);
	return news;
}

/* Steps 2 and 3. */
static enum weir_report_outcome take(struct weir_detect *detect, struct weir_device *device,
                                     struct weir_passage *passage, bool inside, bool distress)
{
	const struct weir_report *report = passage->report;
	enum weir_static_news news = WEIR_STATIC_SAME;
	bool is_new = device == NULL && (inside || distress);

	weir_detect_advance(detect, passage->heard_ns);
	if (report->has & WEIR_HAS_STATIC)
		news = learn(detect, passage);
	if (news == WEIR_STATIC_LATE && !carries_position(report->message))
		return WEIR_REPORT_LATE;
	if (device == NULL && !is_new)
		return WEIR_REPORT_USED; /* static data alone */

	if (is_new) {
		device = weir_device_begin(detect, passage, distress);
		if (device == NULL)
			return WEIR_REPORT_TABLE_FULL;
	}
	hear(detect, device, passage, is_new);
	use(detect, device, passage, inside, is_new || news == WEIR_STATIC_CHANGED);
	return WEIR_REPORT_USED;
}

/* Too late for its device, though windows of time may still be open for it. */
static enum weir_report_outcome be_late(struct weir_detect *detect, const struct weir_device *device,
                                        struct weir_passage *passage)
{
	if (detect->windows.used == 0 || !(passage->report->has & WEIR_HAS_POSITION))
		return WEIR_REPORT_LATE;
	locate(detect, passage);
	for (size_t i = 0; i < passage->located_count; i++)
		if (detect->plans[passage->located[i]].series != WEIR_NO_ITEM &&
		    weir_heed(detect, device, passage, passage->located[i]) == WEIR_HEEDS)
			weir_windows_fix(detect, passage, passage->located[i]);
	if (passage->has_hash) /* another station's copy does not count */
		weir_duplicates_note(&detect->duplicates, passage->hash, passage->time_ns);
	return WEIR_REPORT_LATE;
}

uint64_t weir_saying_hash(const struct weir_saying *said)
{
	return XXH3_64bits_withSeed(said->bytes, said->length, said->seed);
}

/* Was it heard already? Its station is kept if it is the latest position that was. */
static bool is_duplicate(struct weir_detect *detect, struct weir_device *device, struct weir_passage *passage,
                         const struct weir_hearing *hearing)
{
	if (hearing->said.bytes == NULL || detect->duplicates.window_ns == 0)
		return false;
	passage->has_hash = true;
	passage->hash = weir_saying_hash(&hearing->said);
	if (!weir_duplicates_has(&detect->duplicates, passage->hash, passage->time_ns))
		return false;
	if (device != NULL && device->said == passage->hash && device->heard_by > 0)
		weir_heard_by_add(detect, device, passage->source);
	return true;
}

static enum weir_report_outcome judge(struct weir_detect *detect, struct weir_passage *passage,
                                      const struct weir_hearing *hearing)
{
	const struct weir_report *report = passage->report;
	int64_t heard_ns = hearing->clock_off ? hearing->received_ns : passage->time_ns;
	passage->heard_ns = detect->time_of_reception && hearing->received_ns < heard_ns
	                            ? hearing->received_ns
	                            : heard_ns;
	struct weir_device *device = weir_device_at(detect, passage->device, passage->heard_ns);
	bool inside = is_inside_area(detect, report);
	bool distress = weir_mmsi_is_distress(report->mmsi) || says_distress(report);
	enum weir_report_outcome outcome;

	if (is_ignored(device, report, inside, distress, &outcome))
		return outcome;
	/* Here, and no earlier, may a report be refused, or remembered. */
	if (hearing->clock_off && !distress)
		return WEIR_REPORT_TIMESTAMP;
	if (hearing->clock_off) { /* a call for help is not lost to a receiver's clock */
		passage->time_ns = heard_ns;
		detect->counters.distress_clock_off++;
	}
	if (is_duplicate(detect, device, passage, hearing))
		return WEIR_REPORT_DUPLICATE;
	if (device != NULL && carries_position(report->message) && passage->time_ns < device->last_ns)
		return be_late(detect, device, passage);
	outcome = take(detect, device, passage, inside, distress);
	if (outcome == WEIR_REPORT_USED && passage->has_hash)
		weir_duplicates_note(&detect->duplicates, passage->hash, passage->time_ns);
	return outcome;
}

/* Nine digits (ITU-R M.585). */
void weir_write_mmsi(char id[WEIR_ID_SIZE], uint32_t mmsi)
{
	for (int i = 8; i >= 0; i--, mmsi /= 10)
		id[i] = (char)('0' + mmsi % 10);
	id[9] = '\0';
}

/* Not the arrays: they are large, and filled up to their counts only. */
static void begin_passage(struct weir_passage *passage, const struct weir_hearing *hearing)
{
	passage->report = hearing->report;
	passage->time_ns = hearing->time_ns;
	passage->source = hearing->source == NULL ? "" : hearing->source;
	passage->device = hearing->device != 0 ? hearing->device : hearing->report->mmsi;
	passage->has_hash = false;
	passage->ship_name = NULL;
	passage->heard_by_count = 0;
	passage->located_count = 0;
	if (hearing->id == NULL)
		weir_write_mmsi(passage->id, hearing->report->mmsi);
	else
		memcpy(passage->id, hearing->id, strnlen(hearing->id, WEIR_ID_SIZE - 1) + 1);
	passage->id[WEIR_ID_SIZE - 1] = '\0';
}

enum weir_report_outcome weir_detect_hear(struct weir_detect *detect, const struct weir_hearing *hearing)
{
	struct weir_passage passage;

	begin_passage(&passage, hearing);
	enum weir_report_outcome outcome = judge(detect, &passage, hearing);
	detect->counters.reports[outcome]++;
	return outcome;
}

enum weir_report_outcome weir_detect_report(struct weir_detect *detect, const struct weir_report *report,
                                            int64_t time_ns, const char *source)
{
	return weir_detect_hear(
	        detect, &(struct weir_hearing){.report = report, .time_ns = time_ns, .source = source});
}

void weir_detect_count_letter(struct weir_detect *detect)
{
	detect->counters.letters++;
}

const struct weir_engine_counters *weir_detect_counters(const struct weir_detect *detect)
{
	return &detect->counters;
}
