/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences that a state was saved with, and how it meets those in force: as in a change of the chart. Of a
 * fence that is gone nothing is known but its id.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/load.h"
#include "detect/save.h"

/* Those in force are in the order of their ids. */
static uint32_t number_of(const struct weir_fences *fences, const char *id)
{
	size_t low = 0, high = fences == NULL ? 0 : weir_fences_count(fences);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(weir_fences_get(fences, middle)->id, id);

		if (order == 0)
			return (uint32_t)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return WEIR_FENCE_GONE;
}

static struct weir_former *former_new(uint64_t count)
{
	struct weir_former *former = calloc(1, sizeof(*former));

	if (former == NULL)
		return NULL;
	former->count = count;
	former->plans = calloc(count + 1, sizeof(*former->plans));
	former->fences = calloc(count + 1, sizeof(*former->fences));
	former->ids = calloc(count + 1, sizeof(*former->ids));
	former->renumbered = calloc(count + 1, sizeof(*former->renumbered));
	if (former->plans == NULL || former->fences == NULL || former->ids == NULL ||
	    former->renumbered == NULL) {
		weir_former_free(former);
		return NULL;
	}
	return former;
}

void weir_former_free(struct weir_former *former)
{
	if (former == NULL)
		return;
	free(former->plans);
	free(former->fences);
	free(former->ids);
	free(former->renumbered);
	free(former->raised);
	free(former);
}

int weir_load_fences(struct weir_loading *loading)
{
	struct weir_former *former;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_fences, &count);

	if (error != 0)
		return error;
	former = loading->detect->former = former_new(count);
	if (former == NULL)
		return -ENOMEM;
	for (uint64_t i = 0; i < count; i++) {
		const char *id = former->ids[i].id;

		if ((error = weir_load(loading->loader, &former->ids[i])) != 0)
			return error;
		if (!weir_load_is_token(id) || (i > 0 && strcmp(former->ids[i - 1].id, id) >= 0))
			return weir_load_refuse(loading->loader, -EBADMSG, "its fences have no order");
		former->fences[i].id = id;
		former->plans[i].fence = &former->fences[i];
		former->renumbered[i] = number_of(loading->detect->fences, id);
	}
	return 0;
}

/*
 * Alerts that were not told again for longer than a day, as nobody had asked for that meanwhile or the file
 * lies, are told again once and not once for each interval.
 */
static void limit_repeats(struct weir_detect *detect, const struct weir_device *device)
{
	int64_t moment_ns = weir_device_moment(detect, device);

	for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next)
		weir_load_limit_repeat(weir_watch_at(detect, i), moment_ns);
}

void weir_detect_adopt(struct weir_detect *detect)
{
	struct weir_plan *plans = detect->plans;

	for (uint32_t slot = 0; slot < detect->fresh; slot++) {
		if (detect->devices[slot].key == 0)
			continue;
		if (detect->sink.follow != NULL)
			detect->sink.follow(detect->sink.context, detect->devices[slot].key, true);
		limit_repeats(detect, &detect->devices[slot]);
	}
	detect->plans = detect->former->plans;
	weir_chart_move(detect, detect->fences, detect->former->renumbered, detect->former->count);
	for (uint64_t i = 0; i < detect->former->raised_count; i++)
		weir_rule_density_end(detect, &detect->former->raised[i], "fences");
	detect->plans = plans;
	weir_former_free(detect->former);
	detect->former = NULL;
	weir_chart_schedule(detect);
}
