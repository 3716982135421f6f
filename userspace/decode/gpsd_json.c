/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AIS messages as gpsd's JSON: the beginning and the end of a line, and the two parts of message 24, which
 * gpsd prints as one.
 */
#include <weir/gpsd.h>

#include "decode/gpsd_rows.h"
#include "decode/gpsd_types.h"

static void keep_name(struct weir_gpsd_names *names, const struct weir_ais *ais)
{
	uint32_t slot = names->next++ % WEIR_GPSD_NAMES;

	names->slots[slot].mmsi = ais->mmsi;
	memcpy(names->slots[slot].name, ais->static_b_name.name, sizeof(names->slots[slot].name));
}

/* The name that part A gave, which is then forgotten; NULL where there is none. */
static const char *take_name(struct weir_gpsd_names *names, uint32_t mmsi)
{
	for (uint32_t slot = 0; slot < WEIR_GPSD_NAMES; slot++) {
		if (names->slots[slot].mmsi == mmsi) {
			names->slots[slot].mmsi = 0;
			return names->slots[slot].name;
		}
	}
	return NULL;
}

/* Returns NULL where there is nothing to print yet. */
static char *name_b(char *to, struct weir_gpsd_names *names, bool split, const struct weir_ais *ais)
{
	keep_name(names, ais);
	if (!split)
		return NULL;
	GPSD_PUT(to, ",\"part\":\"A\"");
	TEXT("shipname", ais->static_b_name.name);
	return to;
}

static char *details_b(char *to, struct weir_gpsd_names *names, bool split, const struct weir_ais *ais)
{
	const char *name = take_name(names, ais->mmsi);

	if (name != NULL)
		TEXT("shipname", name);
	else if (split)
		GPSD_PUT(to, ",\"part\":\"B\"");
	else
		return NULL;
	return gpsd_details_b(to, ais);
}

static char *put_fields(char *to, struct weir_gpsd *gpsd, const struct weir_ais *ais, char channel)
{
	struct weir_gpsd_names *names = &gpsd->names[channel == 'B' || channel == '2'];
	bool scaled = gpsd->scaled;

	switch (ais->layout) {
	case WEIR_AIS_NONE:
		return NULL;
	case WEIR_AIS_LAYOUT_position_a:
		return gpsd_position_a(to, &ais->position_a, scaled);
	case WEIR_AIS_LAYOUT_position_b:
		return gpsd_position_b(to, &ais->position_b, scaled);
	case WEIR_AIS_LAYOUT_base_station:
		return gpsd_base_station(to, &ais->base_station, scaled);
	case WEIR_AIS_LAYOUT_static_a:
		return gpsd_static_a(to, &ais->static_a, scaled);
	case WEIR_AIS_LAYOUT_extended_b:
		return gpsd_extended_b(to, &ais->extended_b, scaled);
	case WEIR_AIS_LAYOUT_aid:
		return gpsd_aid(to, &ais->aid, scaled);
	case WEIR_AIS_LAYOUT_static_b_name:
		return name_b(to, names, gpsd->split, ais);
	case WEIR_AIS_LAYOUT_static_b_details:
		return details_b(to, names, gpsd->split, ais);
	default:
		return gpsd_rare(to, ais, scaled);
	}
}

size_t weir_gpsd_json(struct weir_gpsd *gpsd, const struct weir_ais *ais, char channel,
                      char line[WEIR_GPSD_LINE_MAX])
{
	char *to = line;

	GPSD_PUT(to, "{\"class\":\"AIS\",\"device\":\"stdin\",\"type\":");
	to = gpsd_small(to, ais->type);
	GPSD_PUT(to, ",\"repeat\":");
	*to++ = (char)('0' + ais->repeat);
	UINT("mmsi", ais->mmsi);
	BOOL("scaled", gpsd->scaled);
	to = put_fields(to, gpsd, ais, channel);
	if (to == NULL)
		return 0;
	GPSD_PUT(to, "}\r\n");
	return (size_t)(to - line);
}
