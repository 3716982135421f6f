/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches of two devices, one in the list of each: they begin and end together. Which pairs there are is
 * decided in rule_proximity.c.
 */
#include "detect/state.h"

static uint32_t slot_of(const struct weir_detect *detect, const struct weir_device *device)
{
	return (uint32_t)(device - detect->devices);
}

/* The link to the watch of the pair, or to where it would be put. */
static uint32_t *link_of(const struct weir_detect *detect, struct weir_device *device, uint32_t fence,
                         uint32_t other)
{
	uint32_t *link = weir_watch_link(detect, device, fence, WEIR_RULE_PROXIMITY);

	while (*link != WEIR_NO_ITEM && weir_watch_at(detect, *link)->fence == fence &&
	       weir_watch_at(detect, *link)->rule == WEIR_RULE_PROXIMITY &&
	       weir_watch_at(detect, *link)->other != other)
		link = &weir_watch_at(detect, *link)->next;
	return link;
}

static struct weir_watch *watch_at(const struct weir_detect *detect, uint32_t link, uint32_t fence,
                                   uint32_t other)
{
	struct weir_watch *watch = link == WEIR_NO_ITEM ? NULL : weir_watch_at(detect, link);

	return watch != NULL && watch->fence == fence && watch->rule == WEIR_RULE_PROXIMITY &&
	                       watch->other == other
	               ? watch
	               : NULL;
}

struct weir_watch *weir_pair_find(const struct weir_detect *detect, struct weir_device *device,
                                  uint32_t fence, uint32_t other)
{
	return watch_at(detect, *link_of(detect, device, fence, other), fence, other);
}

static bool add(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                uint32_t fence, uint32_t other)
{
	struct weir_watch *watch = weir_pool_add(&detect->watches, link_of(detect, device, fence, other));

	if (watch == NULL) {
		detect->counters.untracked++;
		return false;
	}
	watch->fence = fence;
	watch->rule = WEIR_RULE_PROXIMITY;
	watch->other = other;
	watch->since_ns = watch->seen_ns = passage->time_ns;
	watch->repeat_ns = INT64_MAX;
	watch->fixes = 1;
	return true;
}

void weir_pair_begin(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, uint32_t fence, uint32_t other)
{
	struct weir_device *second = &detect->devices[other];

	if (!add(detect, device, passage, fence, other))
		return;
	if (add(detect, second, passage, fence, slot_of(detect, device)))
		weir_pair_find(detect, second, fence, slot_of(detect, device))->mirror = true;
	else
		weir_pool_remove(&detect->watches, link_of(detect, device, fence, other));
}

/* Tells the end of an alert from the side of the device that raised it. */
static void tell(struct weir_detect *detect, const struct weir_passage *passage,
                 const struct weir_watch *watch, const struct weir_device *other, const char *reason)
{
	struct weir_alert alert = {.reason = reason};
	char id[WEIR_ID_SIZE];

	weir_device_name(detect, other, id, &alert.other_name);
	alert.other = id;
	weir_watch_tell_end(detect, passage, watch, &alert);
}

void weir_pair_end(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                   uint32_t *link, const char *reason)
{
	const struct weir_watch watch = *weir_watch_at(detect, *link);
	struct weir_device *second = &detect->devices[watch.other];
	uint32_t *mirror_link = link_of(detect, second, watch.fence, slot_of(detect, device));
	const struct weir_watch mirror = *weir_watch_at(detect, *mirror_link);
	struct weir_passage passage_of_second;
	struct weir_report report;

	/* They are in lists of two devices: taking out one does not move the link to the other. */
	weir_pool_remove(&detect->watches, link);
	weir_pool_remove(&detect->watches, mirror_link);
	if (!watch.raised)
		return;
	if (!watch.mirror) {
		tell(detect, passage, &watch, second, reason);
		return;
	}
	weir_device_passage(detect, second, passage->time_ns, &passage_of_second, &report);
	tell(detect, &passage_of_second, &mirror, device, reason);
}

void weir_pairs_end(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage, uint32_t fence)
{
	uint32_t *link = weir_watch_link(detect, device, fence, WEIR_RULE_PROXIMITY);

	while (*link != WEIR_NO_ITEM && weir_watch_at(detect, *link)->fence == fence &&
	       weir_watch_at(detect, *link)->rule == WEIR_RULE_PROXIMITY)
		weir_pair_end(detect, device, passage, link, NULL);
}
