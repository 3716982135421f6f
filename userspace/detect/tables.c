/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making and freeing the tables that detection keeps. All that it will ever need is allocated here.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/load.h"
#include "detect/save.h"
#include "detect/state.h"

#define DEVICES_DEFAULT 65536
#define SILENCE_DEFAULT_NS (INT64_C(1800) * 1000000000)

/* A device is seldom in more fences than these at once, on average; a few may be in many, the pool is shared.
 */
#define PRESENCES_PER_DEVICE 2
#define PRESENCES_MIN 4096
#define WATCHES_PER_DEVICE 1
#define WATCHES_MIN 1024

/* One in so many places is kept free for those in distress. */
#define RESERVED_ONE_IN 64

bool weir_detect_has_begun(const struct weir_detect *detect)
{
	return detect->now_ns != WEIR_NO_TIME;
}

static int allocate(struct weir_detect *detect, int64_t window_ns)
{
	uint32_t presences = PRESENCES_PER_DEVICE * detect->capacity;
	uint32_t watches = WATCHES_PER_DEVICE * detect->capacity;
	int error;

	detect->devices = calloc(detect->capacity, sizeof(*detect->devices));
	if (detect->devices == NULL)
		return -ENOMEM;
	detect->free_device = WEIR_NO_SLOT;
	const struct weir_keys keys = {&detect->devices[0].key, sizeof(*detect->devices), .is_narrow = false};
	if ((error = weir_keymap_new(&detect->map, detect->capacity, &keys)) != 0 ||
	    (error = weir_timers_new(&detect->timers, detect->capacity, &keys)) != 0 ||
	    (error = weir_statics_new(&detect->statics, detect->capacity)) != 0 ||
	    (error = weir_stations_new(&detect->stations)) != 0 ||
	    (error = weir_near_new(&detect->near, detect->capacity)) != 0 ||
	    (error = weir_duplicates_new(&detect->duplicates, window_ns)) != 0 ||
	    (error = weir_pool_new(&detect->presences, presences < PRESENCES_MIN ? PRESENCES_MIN : presences,
	                           sizeof(struct weir_presence))) != 0)
		return error;
	return weir_pool_new(&detect->watches, watches < WATCHES_MIN ? WATCHES_MIN : watches,
	                     sizeof(struct weir_watch));
}

int weir_detect_new(struct weir_detect **out, const struct weir_engine_options *options,
                    const struct weir_engine_sink *sink)
{
	struct weir_detect *detect;

	if (options->max_devices > WEIR_SLOTS_MAX || options->silence_ns < 0 ||
	    options->duplicate_window_ns < 0)
		return -EINVAL;
	detect = calloc(1, sizeof(*detect));
	if (detect == NULL)
		return -ENOMEM;
	detect->area = options->area;
	detect->sink = *sink;
	detect->rules = options->rules;
	detect->silent = (struct weir_silent){WEIR_NO_SLOT, WEIR_NO_SLOT};
	detect->time_of_reception = options->time_of_reception;
	detect->silence_ns = options->silence_ns != 0 ? options->silence_ns : SILENCE_DEFAULT_NS;
	detect->now_ns = WEIR_NO_TIME;
	detect->windows.began_ns = WEIR_NO_TIME;
	detect->windows.due_ns = INT64_MAX;
	detect->capacity = options->max_devices != 0 ? options->max_devices : DEVICES_DEFAULT;
	detect->reserve = detect->capacity / RESERVED_ONE_IN;

	int error = weir_detect_use_fences(detect, options->fences, NULL);
	if (error == 0)
		error = allocate(detect, options->duplicate_window_ns);
	if (error != 0) {
		weir_detect_free(detect);
		return error;
	}
	*out = detect;
	return 0;
}

void weir_detect_free(struct weir_detect *detect)
{
	if (detect == NULL)
		return;
	free(detect->devices);
	free(detect->plans);
	weir_former_free(detect->former);
	weir_keymap_clear(&detect->map);
	weir_timers_clear(&detect->timers);
	weir_pool_clear(&detect->presences);
	weir_pool_clear(&detect->watches);
	weir_near_clear(&detect->near);
	weir_statics_clear(&detect->statics);
	weir_stations_clear(&detect->stations);
	weir_duplicates_clear(&detect->duplicates);
	weir_windows_clear(&detect->windows);
	free(detect);
}
