/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a fence is there for a device. How a filter is read from a file: filter_load.c.
 */
#include <weir/fence.h>

static bool accepts_mmsi(const struct weir_fence_filter *filter, uint32_t mmsi)
{
	size_t low = 0, high = filter->mmsi_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (filter->mmsis[middle].last < mmsi)
			low = middle + 1;
		else
			high = middle;
	}
	return low < filter->mmsi_count && filter->mmsis[low].first <= mmsi;
}

static bool accepts_length(const struct weir_fence_filter *filter, const struct weir_report *known)
{
	double length_m = (double)known->to_bow_m + known->to_stern_m;

	return (known->has & WEIR_HAS_DIMENSIONS) != 0 && length_m > 0 && length_m >= filter->min_length_m &&
	       length_m <= filter->max_length_m;
}

static bool accepts_ship_type(const struct weir_fence_filter *filter, const struct weir_report *known)
{
	return (known->has & WEIR_HAS_SHIP_TYPE) != 0 &&
	       (filter->ship_types[known->ship_type / 64] >> known->ship_type % 64 & 1) != 0;
}

static bool accepts_sog(const struct weir_fence_filter *filter, const struct weir_report *known)
{
	return (known->has & WEIR_HAS_SOG) != 0 && (double)known->sog_kn >= filter->min_sog_kn &&
	       (double)known->sog_kn <= filter->max_sog_kn;
}

static bool accepts_nav_status(const struct weir_fence_filter *filter, const struct weir_report *known)
{
	return (known->has & WEIR_HAS_NAV_STATUS) != 0 &&
	       (filter->nav_statuses >> known->nav_status & 1) != 0;
}

bool weir_fence_filter_accepts(const struct weir_fence_filter *filter, const struct weir_report *known)
{
	uint32_t has = filter->has;

	if (has == 0)
		return true;
	if ((has & WEIR_FILTER_CLASSES) && (filter->classes >> known->station_class & 1) == 0)
		return false;
	if ((has & WEIR_FILTER_MMSIS) && (known->mmsi == 0 || !accepts_mmsi(filter, known->mmsi)))
		return false;
	if ((has & WEIR_FILTER_SHIP_TYPES) && !accepts_ship_type(filter, known))
		return false;
	if ((has & WEIR_FILTER_LENGTH) && !accepts_length(filter, known))
		return false;
	if ((has & WEIR_FILTER_SOG) && !accepts_sog(filter, known))
		return false;
	return !(has & WEIR_FILTER_NAV_STATUSES) || accepts_nav_status(filter, known);
}
