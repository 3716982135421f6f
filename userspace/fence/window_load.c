/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows of time as files of fences have them. What is counted in them is up to detection.
 */
#include "fence/window_load.h"

const struct weir_bounds weir_window_bounds = {"seconds", 1, 604800, false};
const struct weir_bounds weir_lateness_bounds = {"seconds", 0, 86400, false};

bool weir_check_window(struct weir_loader *loader, struct weir_window_shape *shape)
{
	if (shape->slide_ns == 0)
		shape->slide_ns = shape->window_ns;
	if (shape->slide_ns > shape->window_ns) {
		weir_loader_complain(loader, "'slide_s' must not be above 'window_s'");
		return false;
	}
	if (shape->window_ns % shape->slide_ns != 0) {
		weir_loader_complain(loader, "'window_s' must be a whole multiple of 'slide_s'");
		return false;
	}
	if (weir_window_panes(shape) > WEIR_WINDOW_SLIDES_MAX + 1) {
		weir_loader_complain(loader,
		                     "'window_s' and 'lateness_s' together must not be above %d times "
		                     "'slide_s'",
		                     WEIR_WINDOW_SLIDES_MAX);
		return false;
	}
	return true;
}

static bool check_keys(struct weir_loader *loader, const json_t *json)
{
	static const char *const keys[] = {"window_s", "slide_s", "lateness_s"};
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		if (weir_is_listed(key, keys, WEIR_LENGTH(keys)))
			continue;
		good = false;
		weir_loader_complain(loader, "unknown key '%s' in 'windows'", key);
	}
	return good;
}

static bool load_window(struct weir_loader *loader, const json_t *json, struct weir_fence *fence)
{
	struct weir_window_shape made = {.lateness_ns = WEIR_LATENESS_DEFAULT_NS};

	if (!json_is_object(json)) {
		weir_loader_complain(loader,
		                     "each of 'windows' must be an object such as {\"window_s\":3600}");
		return false;
	}
	bool good = check_keys(loader, json);
	good &= weir_read_seconds(loader, json_object_get(json, "window_s"), "window_s", &weir_window_bounds,
	                          &made.window_ns);
	good &= weir_read_seconds(loader, json_object_get(json, "slide_s"), "slide_s", &weir_window_bounds,
	                          &made.slide_ns);
	good &= weir_read_seconds(loader, json_object_get(json, "lateness_s"), "lateness_s",
	                          &weir_lateness_bounds, &made.lateness_ns);
	if (good && made.window_ns == 0) {
		weir_loader_complain(loader, "each of 'windows' needs 'window_s'");
		return false;
	}
	if (!good || !weir_check_window(loader, &made))
		return false;
	for (size_t i = 0; i < fence->window_count; i++) {
		if (fence->windows[i].window_ns == made.window_ns &&
		    fence->windows[i].slide_ns == made.slide_ns) {
			weir_loader_complain(loader,
			                     "two of 'windows' have the same 'window_s' and 'slide_s'");
			return false;
		}
	}
	fence->windows[fence->window_count++] = made;
	return true;
}

bool weir_load_windows(struct weir_loader *loader, const json_t *windows, struct weir_fence *fence)
{
	bool good = true;

	if (windows == NULL || json_is_null(windows))
		return true;
	if (!json_is_array(windows)) {
		weir_loader_complain(loader,
		                     "'windows' must be an array such as [{\"window_s\":3600}], not %s",
		                     weir_json_type(windows));
		return false;
	}
	if (json_array_size(windows) > WEIR_FENCE_WINDOWS_MAX) {
		weir_loader_complain(loader, "'windows' must not be more than %d", WEIR_FENCE_WINDOWS_MAX);
		return false;
	}
	for (size_t i = 0; i < json_array_size(windows); i++)
		good &= load_window(loader, json_array_get(windows, i), fence);
	return good;
}

json_t *weir_window_json(const struct weir_window_shape *shape)
{
	return json_pack("{s:f,s:f,s:f}", "window_s", (double)shape->window_ns / 1e9, "slide_s",
	                 (double)shape->slide_ns / 1e9, "lateness_s", (double)shape->lateness_ns / 1e9);
}

static uint32_t panes_of(const struct weir_fence *fence)
{
	uint32_t count = 0;

	for (size_t i = 0; i < fence->window_count; i++)
		count += weir_window_panes(&fence->windows[i]);
	for (size_t i = 0; i < fence->rule_count; i++)
		if (fence->rules[i].kind == WEIR_RULE_DENSITY)
			count += weir_window_panes(&fence->rules[i].density.window);
	return count;
}

void weir_check_windows_together(struct weir_loader *loader)
{
	uint64_t count = 0;

	for (size_t i = 0; i < loader->set->count; i++) {
		const struct weir_origin *origin = &loader->origins[i];

		count += panes_of(&loader->set->items[i]);
		if (count <= WEIR_WINDOW_PANES_MAX)
			continue;
		weir_problem_add(loader->problems, origin->file, origin->place.line, origin->place.column,
		                 "the windows up to this fence need %llu slides at once, %d are possible: "
		                 "ask for fewer, or for longer slides",
		                 (unsigned long long)count, WEIR_WINDOW_PANES_MAX);
		return;
	}
}
