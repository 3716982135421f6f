/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The filter of a fence, as its file has it.
 */
#include <math.h>
#include <stdlib.h>

#include "fence/json_value.h"
#include "fence/loader.h"

#define MMSI_MAX 999999999
#define MMSIS_MAX 10000
#define NAV_STATUS_MAX 15
#define SHIP_TYPE_MAX 255

static const struct weir_bounds length = {"metres", 0, 1022, false}; /* ITU-R M.1371-5: 511 m each way */
static const struct weir_bounds speed = {"knots", 0, 1000, false};

static bool is_list(struct weir_loader *loader, const json_t *value, const char *key)
{
	if (json_is_array(value) && json_array_size(value) > 0)
		return true;
	weir_loader_complain(loader, "'%s' must be an array with at least one entry", key);
	return false;
}

static bool load_classes(struct weir_loader *loader, const json_t *value, struct weir_fence_filter *filter)
{
	const char *words[WEIR_CLASSES];
	unsigned word = 0;

	for (unsigned i = 0; i < WEIR_CLASSES; i++)
		words[i] = weir_class_name((enum weir_class)i);
	if (!is_list(loader, value, "class"))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *item = json_array_get(value, i);

		if (!weir_read_word(loader, json_is_string(item) ? item : json_false(), "class", words,
		                    WEIR_CLASSES, &word))
			return false;
		filter->classes |= 1u << word;
	}
	filter->has |= WEIR_FILTER_CLASSES;
	return true;
}

static bool load_ship_types(struct weir_loader *loader, const json_t *value, struct weir_fence_filter *filter)
{
	struct weir_range range;

	if (!is_list(loader, value, "ship_type"))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!weir_read_range(loader, json_array_get(value, i), "ship_type", 1, SHIP_TYPE_MAX, &range))
			return false;
		for (uint32_t type = range.first; type <= range.last; type++)
			filter->ship_types[type / 64] |= UINT64_C(1) << type % 64;
	}
	filter->has |= WEIR_FILTER_SHIP_TYPES;
	return true;
}

static bool load_nav_statuses(struct weir_loader *loader, const json_t *value,
                              struct weir_fence_filter *filter)
{
	struct weir_range range;

	if (!is_list(loader, value, "nav_status"))
		return false;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!weir_read_range(loader, json_array_get(value, i), "nav_status", 0, NAV_STATUS_MAX,
		                     &range))
			return false;
		for (uint32_t status = range.first; status <= range.last; status++)
			filter->nav_statuses |= 1u << status;
	}
	filter->has |= WEIR_FILTER_NAV_STATUSES;
	return true;
}

static int compare_ranges(const void *left, const void *right)
{
	const struct weir_mmsi_range *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

/* Ascending and apart, as who looks one up expects. Returns how many are left. */
static size_t join_ranges(struct weir_mmsi_range *ranges, size_t count)
{
	size_t kept = 0;

	qsort(ranges, count, sizeof(*ranges), compare_ranges);
	for (size_t i = 1; i < count; i++) {
		if (ranges[i].first > ranges[kept].last)
			ranges[++kept] = ranges[i];
		else if (ranges[i].last > ranges[kept].last)
			ranges[kept].last = ranges[i].last;
	}
	return kept + 1;
}

static bool load_mmsis(struct weir_loader *loader, const json_t *value, struct weir_fence_filter *filter)
{
	size_t count = json_array_size(value);

	if (!is_list(loader, value, "mmsi"))
		return false;
	if (count > MMSIS_MAX) {
		weir_loader_complain(loader, "'mmsi' must not have more than %d entries", MMSIS_MAX);
		return false;
	}
	struct weir_mmsi_range *ranges = calloc(count, sizeof(*ranges));
	if (ranges == NULL) {
		loader->out_of_memory = true;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		struct weir_range range;

		if (!weir_read_range(loader, json_array_get(value, i), "mmsi", 1, MMSI_MAX, &range)) {
			free(ranges);
			return false;
		}
		ranges[i] = (struct weir_mmsi_range){range.first, range.last};
	}
	filter->mmsis = ranges;
	filter->mmsi_count = join_ranges(ranges, count);
	filter->has |= WEIR_FILTER_MMSIS;
	return true;
}

static bool load_limits(struct weir_loader *loader, const json_t *json, const char *low_key,
                        const char *high_key, const struct weir_bounds *bounds, double *low, double *high,
                        bool *any)
{
	*low = -INFINITY;
	*high = INFINITY;
	bool good = weir_read_number(loader, json_object_get(json, low_key), low_key, bounds, low);
	good &= weir_read_number(loader, json_object_get(json, high_key), high_key, bounds, high);
	if (good && *low > *high) {
		weir_loader_complain(loader, "'%s' must not be above '%s'", low_key, high_key);
		good = false;
	}
	*any = isfinite(*low) || isfinite(*high);
	return good;
}

static bool check_keys(struct weir_loader *loader, const json_t *json)
{
	static const char *const known[] = {"class",        "ship_type",  "mmsi",       "min_length_m",
	                                    "max_length_m", "min_sog_kn", "max_sog_kn", "nav_status"};
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		if (weir_is_listed(key, known, WEIR_LENGTH(known)))
			continue;
		good = false;
		weir_loader_complain(loader, "unknown key '%s' in 'filter'", key);
	}
	return good;
}

bool weir_load_filter(struct weir_loader *loader, const json_t *json, struct weir_fence_filter *filter)
{
	static const struct {
		const char *key;
		bool (*load)(struct weir_loader *, const json_t *, struct weir_fence_filter *);
	} lists[] = {
	        {"class", load_classes},
	        {"ship_type", load_ship_types},
	        {"mmsi", load_mmsis},
	        {"nav_status", load_nav_statuses},
	};

	if (json == NULL || json_is_null(json))
		return true;
	if (!json_is_object(json)) {
		weir_loader_complain(loader, "'filter' must be an object, not %s", weir_json_type(json));
		return false;
	}
	bool good = check_keys(loader, json), any = false;
	for (size_t i = 0; i < WEIR_LENGTH(lists); i++) {
		const json_t *value = json_object_get(json, lists[i].key);

		if (value != NULL && !json_is_null(value))
			good &= lists[i].load(loader, value, filter);
	}
	good &= load_limits(loader, json, "min_length_m", "max_length_m", &length, &filter->min_length_m,
	                    &filter->max_length_m, &any);
	filter->has |= any ? WEIR_FILTER_LENGTH : 0;
	good &= load_limits(loader, json, "min_sog_kn", "max_sog_kn", &speed, &filter->min_sog_kn,
	                    &filter->max_sog_kn, &any);
	filter->has |= any ? WEIR_FILTER_SOG : 0;
	return good;
}
