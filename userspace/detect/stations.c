/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of eight. See stations.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "detect/stations.h"

_Static_assert(WEIR_STATION_SETS *WEIR_STATION_WAYS <= WEIR_NO_STATION, "a number has room in 16 bits");

int weir_stations_new(struct weir_stations *stations)
{
	struct weir_station_set *sets = calloc(WEIR_STATION_SETS, sizeof(*sets));

	if (sets == NULL)
		return -ENOMEM;
	stations->sets = sets;
	return 0;
}

/* The place of the name, or else the first one that is free; WEIR_STATION_WAYS: there is none. */
static uint32_t way_of(const struct weir_station_set *set, const char *name)
{
	uint32_t found = WEIR_STATION_WAYS;

	for (uint32_t way = 0; way < WEIR_STATION_WAYS; way++) {
		if (memcmp(set->names[way], name, WEIR_STATION_SIZE) == 0)
			return way;
		if (found == WEIR_STATION_WAYS && set->users[way] == 0)
			found = way;
	}
	return found;
}

uint16_t weir_stations_use(struct weir_stations *stations, const char *name)
{
	char key[WEIR_STATION_SIZE] = {0};

	memcpy(key, name, strnlen(name, WEIR_STATION_SIZE - 1));
	uint32_t index = (uint32_t)XXH3_64bits(key, sizeof(key)) & (WEIR_STATION_SETS - 1);
	struct weir_station_set *set = &stations->sets[index];
	uint32_t way = way_of(set, key);

	if (way == WEIR_STATION_WAYS)
		return WEIR_NO_STATION;
	memcpy(set->names[way], key, sizeof(key));
	set->users[way]++;
	return (uint16_t)(index * WEIR_STATION_WAYS + way);
}

void weir_stations_leave(struct weir_stations *stations, uint16_t number)
{
	stations->sets[number / WEIR_STATION_WAYS].users[number % WEIR_STATION_WAYS]--;
}

const char *weir_stations_name(const struct weir_stations *stations, uint16_t number)
{
	return stations->sets[number / WEIR_STATION_WAYS].names[number % WEIR_STATION_WAYS];
}

void weir_stations_clear(struct weir_stations *stations)
{
	free(stations->sets);
	*stations = (struct weir_stations){0};
}
