/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The waters that the simulation plays in: the port of Rotterdam and the North Sea around it, as far as
 * a good antenna at Hoek van Holland hears, some 100 km. Routes, berths, anchorages, and places where
 * vessels loiter.
 *
 * Drawn by hand for a demonstration; not for navigation.
 */
#ifndef WEIR_SIMULATE_ROTTERDAM_H
#define WEIR_SIMULATE_ROTTERDAM_H

#include <stddef.h>

#include "route.h"

/* Where the antenna stands that hears all this: at Hoek van Holland. */
#define WEIR_ANTENNA_LONGITUDE_DEG 4.12
#define WEIR_ANTENNA_LATITUDE_DEG 51.98

enum weir_waterway {
	WEIR_WATERWAY_WEST_WATERWEG,   /* from the west by Eurogeul and Maasgeul up to Botlek and Pernis */
	WEIR_WATERWAY_WEST_EUROPOORT,  /* same, into the Calandkanaal */
	WEIR_WATERWAY_WEST_MAASVLAKTE, /* same, into Beerkanaal and Yangtzekanaal */
	WEIR_WATERWAY_NORTH_EUROPOORT, /* from the north by the Maas North scheme */
	WEIR_WATERWAY_NORTH_MAASVLAKTE,
	WEIR_WATERWAY_NORTH_WATERWEG,
	WEIR_WATERWAY_NORTHWEST_EUROPOORT,
	WEIR_WATERWAY_HARWICH,         /* from Hoek van Holland to the west */
	WEIR_WATERWAY_INLAND,          /* Calandkanaal's mouth by Nieuwe Waterweg to the Oude Maas */
	WEIR_WATERWAY_LANE_NORTHBOUND, /* the separation schemes offshore */
	WEIR_WATERWAY_LANE_SOUTHBOUND,
	WEIR_WATERWAY_COAST,    /* coasters along Zeeland and Holland, northwards */
	WEIR_WATERWAY_SCHELDT,  /* from Noord Hinder to Vlissingen */
	WEIR_WATERWAY_IJMUIDEN, /* from the west to IJmuiden */
	WEIR_WATERWAYS
};

struct weir_chart {
	const char *id;
	const struct weir_waypoint *waypoints;
	size_t count;
};

/* Never NULL for a valid waterway. */
const struct weir_chart *weir_chart(enum weir_waterway waterway);

/* A place where vessels lie or loiter: a disc. */
struct weir_site {
	double longitude_deg, latitude_deg;
	double radius_m;
	double heading_deg; /* of the quay, where it is a berth */
};

enum weir_site_kind {
	WEIR_SITE_BERTH,
	WEIR_SITE_ANCHORAGE,     /* the port's own, north of the Maasgeul */
	WEIR_SITE_FAR_ANCHORAGE, /* those of IJmuiden and the Scheldt */
	WEIR_SITE_PILOT,         /* Maas Center */
	WEIR_SITE_TUG,
	WEIR_SITE_DREDGER,
	WEIR_SITE_FISHING,
	WEIR_SITE_PLEASURE,
	WEIR_SITE_WIND_FARM,
	WEIR_SITE_PATROL,
	WEIR_SITE_KINDS
};

/* The sites of a kind; *count is at least 1. */
const struct weir_site *weir_sites(enum weir_site_kind kind, size_t *count);

/*
 * Points at which ships pass from one area of the demonstration to the next: some start shortly before
 * them, so that there is something to see at once.
 */
const struct weir_site *weir_thresholds(size_t *count);

#endif
