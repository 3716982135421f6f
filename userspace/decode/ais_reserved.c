/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a message whose values have no meaning. It changes nothing: fields keep what came.
 */
#include "decode/ais_reserved.h"

#include <weir/ais.h>

struct list {
	struct weir_reserved *items;
	uint32_t count;
};

static void add(struct list *list, bool reserved, const char *name, uint32_t value)
{
	if (reserved)
		list->items[list->count++] = (struct weir_reserved){name, value};
}

/* The field, by the predicate of a kind. */
#define CHECK(kind, member) add(&list, ais_##kind##_reserved(fields->member), #member, fields->member)
#define CHECK_IF(condition, member) add(&list, condition, #member, fields->member)

static struct list position_a(struct list list, const struct weir_ais_position_a *fields)
{
	CHECK(status, status);
	CHECK(cog, cog);
	CHECK(heading, heading);
	CHECK_IF(fields->maneuver == 3, maneuver); /* table 45: 0 to 2 */
	return list;
}

static struct list position_b(struct list list, const struct weir_ais_position_b *fields)
{
	CHECK(cog, cog);
	CHECK(heading, heading);
	return list;
}

static struct list extended_b(struct list list, const struct weir_ais_extended_b *fields)
{
	CHECK(cog, cog);
	CHECK(heading, heading);
	CHECK(ship_type, ship_type);
	CHECK(epfd, epfd);
	return list;
}

static struct list base_station(struct list list, const struct weir_ais_base_station *fields)
{
	CHECK_IF(fields->year > 9999, year); /* table 48 */
	CHECK(month, month);
	CHECK(hour, hour);
	CHECK(minute, minute);
	CHECK(minute, second);
	CHECK(epfd, epfd);
	return list;
}

static struct list static_a(struct list list, const struct weir_ais_static_a *fields)
{
	CHECK(imo, imo);
	CHECK(ship_type, ship_type);
	CHECK(epfd, epfd);
	CHECK(month, month);
	CHECK(hour, hour);
	CHECK(minute, minute);
	return list;
}

static struct list details_b(struct list list, const struct weir_ais_static_b_details *fields)
{
	CHECK(ship_type, ship_type);
	CHECK(epfd, epfd);
	return list;
}

/* Clause 3.21, tables 76 and 77 */
static struct list group_assignment(struct list list, const struct weir_ais_group_assignment *fields)
{
	CHECK_IF(fields->station_type == 1 || fields->station_type > 10, station_type);
	CHECK(ship_type, ship_type);
	CHECK_IF(fields->txrx == 3, txrx);
	CHECK_IF(fields->interval > 11, interval);
	return list;
}

static struct list long_range(struct list list, const struct weir_ais_long_range *fields)
{
	CHECK(status, status);
	CHECK(coarse_cog, cog);
	return list;
}

uint32_t weir_ais_reserved(const struct weir_ais *ais, struct weir_reserved out[WEIR_AIS_RESERVED_MAX])
{
	struct list list = {.items = out};

	switch (ais->layout) {
	case WEIR_AIS_LAYOUT_position_a:
		return position_a(list, &ais->position_a).count;
	case WEIR_AIS_LAYOUT_position_b:
		return position_b(list, &ais->position_b).count;
	case WEIR_AIS_LAYOUT_extended_b:
		return extended_b(list, &ais->extended_b).count;
	case WEIR_AIS_LAYOUT_base_station:
		return base_station(list, &ais->base_station).count;
	case WEIR_AIS_LAYOUT_static_a:
		return static_a(list, &ais->static_a).count;
	case WEIR_AIS_LAYOUT_static_b_details:
		return details_b(list, &ais->static_b_details).count;
	case WEIR_AIS_LAYOUT_aircraft:
		add(&list, ais_cog_reserved(ais->aircraft.cog), "cog", ais->aircraft.cog);
		return list.count;
	case WEIR_AIS_LAYOUT_aid:
		add(&list, ais_epfd_reserved(ais->aid.epfd), "epfd", ais->aid.epfd);
		return list.count;
	case WEIR_AIS_LAYOUT_channel_area: /* clause 3.20: 3 to 15 are not used */
		add(&list, ais->channel_area.txrx > 2, "txrx", ais->channel_area.txrx);
		return list.count;
	case WEIR_AIS_LAYOUT_channel_addressed:
		add(&list, ais->channel_addressed.txrx > 2, "txrx", ais->channel_addressed.txrx);
		return list.count;
	case WEIR_AIS_LAYOUT_group_assignment:
		return group_assignment(list, &ais->group_assignment).count;
	case WEIR_AIS_LAYOUT_long_range:
		return long_range(list, &ais->long_range).count;
	default:
		return 0;
	}
}
