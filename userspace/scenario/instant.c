/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenario/instant.h"

#include <string.h>
#include <time.h>

bool weir_instant_read(const char *text, int64_t *time_ns)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!end || (strcmp(end, "Z") != 0 && *end != '\0'))
		return false;
	int day = tm.tm_mday;
	int64_t seconds = timegm(&tm); /* makes the 3rd of March of the 31st of February */
	if (tm.tm_mday != day || seconds < 0 || seconds > WEIR_INSTANT_MOST_S)
		return false;
	*time_ns = seconds * 1000000000;
	return true;
}
