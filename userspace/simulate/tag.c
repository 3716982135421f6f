/* SPDX-License-Identifier: BSD-2-Clause */
#include "simulate/tag.h"

#include <stdio.h>

#define NANOSECONDS INT64_C(1000000000)

size_t weir_tag_write(const struct weir_tag *tag, char out[WEIR_TAG_MAX])
{
	int milliseconds = (int)(tag->time_ns % NANOSECONDS / 1000000);
	char group[40] = "", station[20] = "", fraction[16] = "", content[WEIR_TAG_MAX - 8];
	unsigned int sum = 0;

	if (tag->parts > 1)
		snprintf(group, sizeof group, "g:%u-%u-%u,", tag->part, tag->parts, tag->group);
	if (tag->station)
		snprintf(station, sizeof station, "s:%s,", tag->station);
	if (milliseconds > 0)
		snprintf(fraction, sizeof fraction, ".%03d", milliseconds);
	snprintf(content, sizeof content, "%s%sc:%lld%s", group, station,
	         (long long)(tag->time_ns / NANOSECONDS), fraction);
	for (const char *p = content; *p; p++)
		sum ^= (unsigned char)*p;
	return (size_t)snprintf(out, WEIR_TAG_MAX, "\\%s*%02X\\", content, sum & 0xff);
}
