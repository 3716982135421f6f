/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hears from the kernel that something about network interfaces has changed (rtnetlink, by libmnl). What has
 * changed is for the listener to find out.
 */
#ifndef WEIR_PREFILTER_WATCH_H
#define WEIR_PREFILTER_WATCH_H

#include <stdbool.h>

struct watch;

/* Returns 0 or a negative errno. */
int weir_watch_open(struct watch **out);

/* Readable when there is something to hear. */
int weir_watch_descriptor(const struct watch *watch);

/*
 * Reads all that there is. Returns whether it may concern an interface for which `concerns` is true; after an
 * overflow it may.
 */
bool weir_watch_read(struct watch *watch, bool (*concerns)(void *context, int index, const char *name),
                     void *context);

/* Takes NULL. */
void weir_watch_close(struct watch *watch);

#endif
