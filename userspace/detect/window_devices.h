/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which devices the open windows have seen, so that each is counted once. An entry belongs to one series of
 * windows and one device; those of a series form a list in the order in which they were seen last, so that
 * what no open window has seen gives its room back. Fixed size; exact as long as there is room.
 */
#ifndef WEIR_WINDOW_DEVICES_H
#define WEIR_WINDOW_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_series;

struct weir_window_device {
	uint32_t next;         /* of the same bucket, or free */
	uint32_t series;       /* slot */
	uint64_t device;       /* its key */
	int64_t latest;        /* the last pane in which it was seen */
	uint32_t newer, older; /* of the same series */
	uint8_t seen[];        /* of each pane of the series' ring: the classes, bits 1 << enum weir_class */
};

struct weir_window_devices {
	void *items;
	size_t size;                          /* of an item, bytes; 0: there is no table */
	uint32_t capacity, fresh, free, used; /* fresh: items from there on were never used */
	uint32_t *buckets;                    /* the first item of each, or WEIR_NO_ITEM */
	uint32_t shift;                       /* of the hash */
};

/* Windows that a device is new to, by their first pane; none where last is below first. */
struct weir_window_gain {
	int64_t first, last;
};

/*
 * Makes room for so many entries of series with so many panes, which may be more panes than before: what is
 * there stays. Returns 0 or -ENOMEM.
 */
int weir_window_devices_fit(struct weir_window_devices *table, uint32_t capacity, uint32_t panes);

/*
 * The device was seen in a pane, with a class. *all are the windows that have not seen it before, *of_class
 * those that have not seen it with that class. False where there is no room.
 */
bool weir_window_devices_see(struct weir_window_devices *table, struct weir_series *series, uint32_t slot,
                             uint64_t device, int64_t pane, uint8_t station_class,
                             struct weir_window_gain *all, struct weir_window_gain *of_class);

/*
 * The device was seen in panes of the ring, the last time in that one: as it was saved. NULL where there is
 * no room, or the device is there.
 */
struct weir_window_device *weir_window_devices_put(struct weir_window_devices *table,
                                                   struct weir_series *series, uint32_t slot, uint64_t device,
                                                   int64_t latest);

static inline struct weir_window_device *weir_window_device_at(const struct weir_window_devices *table,
                                                               uint32_t index)
{
	return (void *)((char *)table->items + index * table->size);
}

/* Lets go what a series has not seen since before a pane. */
void weir_window_devices_forget(struct weir_window_devices *table, struct weir_series *series, int64_t pane);

void weir_window_devices_clear(struct weir_window_devices *table);

#endif
