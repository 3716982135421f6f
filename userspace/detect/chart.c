/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Other fences and another area while devices are followed. What is known stays with the fence that it is
 * about; no device is judged before its next report.
 */
#include "detect/state.h"

/* Takes out the presences in fences that are gone, and gives the others their new numbers. */
static void renumber(struct weir_detect *detect, struct weir_device *device, const uint32_t *renumbered)
{
	uint32_t *link = &device->presences;

	while (*link != WEIR_NO_PRESENCE) {
		struct weir_presence *presence = &detect->presences.pool[*link];
		uint32_t now = renumbered[presence->fence];

		if (now == WEIR_FENCE_GONE) {
			weir_presence_remove(&detect->presences, link);
			continue;
		}
		presence->fence = now;
		link = &presence->next;
	}
}

void weir_detect_change_chart(struct weir_detect *detect, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered)
{
	detect->fences = fences;
	detect->area = area;
	for (uint32_t slot = 0; slot < detect->capacity; slot++)
		if (detect->devices[slot].key != 0)
			renumber(detect, &detect->devices[slot], renumbered);
}
