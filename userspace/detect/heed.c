/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For whom and when a fence is there: its filter and its schedule held against a report.
 *
 * What a device is (class, ship type, MMSI, length) decides whether a fence is for it at all. How it moves
 * (speed, navigation status) decides whether a report inside of the fence counts: one that does not says
 * nothing, so that a ship that slows down below the filter's limit has not left. Base stations and aids to
 * navigation stand in fences, but it is no news that they do: a fence is for them only if its filter names
 * their class.
 */
#include "detect/state.h"

#define MOTION (WEIR_FILTER_SOG | WEIR_FILTER_NAV_STATUSES)

static bool stands_still_by_nature(const struct weir_report *report)
{
	return report->station_class == WEIR_CLASS_BASE || report->station_class == WEIR_CLASS_ATON;
}

/* What the report says, and what is known of the device's type and length. */
static void join(const struct weir_detect *detect, const struct weir_device *device,
                 const struct weir_report *report, struct weir_report *known)
{
	*known = *report;
	if (device->static_slot == WEIR_NO_SLOT)
		return;
	const struct weir_static *joined = &detect->statics.slots[device->static_slot];
	uint32_t missing = joined->has & ~report->has;

	if (missing & WEIR_HAS_SHIP_TYPE)
		known->ship_type = joined->ship_type;
	if (missing & WEIR_HAS_DIMENSIONS) {
		known->to_bow_m = joined->to_bow_m;
		known->to_stern_m = joined->to_stern_m;
		known->to_port_m = joined->to_port_m;
		known->to_starboard_m = joined->to_starboard_m;
	}
	known->has |= missing & (WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS);
}

enum weir_heed weir_heed(const struct weir_detect *detect, const struct weir_device *device,
                         const struct weir_passage *passage, uint32_t index)
{
	const struct weir_report *report = passage->report;
	const struct weir_plan *plan = &detect->plans[index];
	bool is_mobile = !stands_still_by_nature(report);
	struct weir_report known;

	if (is_mobile && !plan->has_filter && !plan->has_schedule)
		return WEIR_HEEDS;
	const struct weir_fence *fence = weir_fence_at(detect, index);

	if (!is_mobile &&
	    !(fence->filter.has & WEIR_FILTER_CLASSES && fence->filter.classes & 1u << report->station_class))
		return WEIR_REFUSES;
	if (fence->schedule != NULL && !weir_schedule_is_open(fence->schedule, passage->time_ns))
		return WEIR_CLOSED;
	if (fence->filter.has == 0)
		return WEIR_HEEDS;
	join(detect, device, report, &known);
	if (weir_fence_filter_accepts(&fence->filter, &known))
		return WEIR_HEEDS;
	struct weir_fence_filter identity = fence->filter;
	identity.has &= ~(uint32_t)MOTION;
	return weir_fence_filter_accepts(&identity, &known) ? WEIR_IGNORES : WEIR_REFUSES;
}
