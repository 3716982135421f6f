/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table, purposes[], says what the vessels of this port do and how many do it. Each vessel is made
 * from a row of it.
 */
#include "fleet.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "identity.h"
#include "reporting.h"
#include "rotterdam.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define METRES_PER_SECOND_PER_KNOT (1852.0 / 3600.0)

#define THRESHOLDS_MAX 16

enum activity {
	PASSES,   /* along a route, and is seen no more */
	CALLS,    /* along a route, moors at its end for some hours, and goes back */
	DEPARTS,  /* along a route backwards, and is seen no more */
	SHUTTLES, /* to and fro */
	LIES,     /* moored or at anchor */
	LOITERS,
};

struct purpose {
	uint16_t share; /* of SHARES */
	enum activity activity;
	uint8_t nav_status;
	uint8_t slowest_kn, fastest_kn;
	enum weir_waterway waterway; /* of those that sail */
	enum weir_site_kind site;    /* of those that lie or loiter */
	const char *destination;
	enum weir_vessel_kind kinds[4];
};

#define KINDS(a, b, c, d)                                                                                    \
	{                                                                                                    \
		WEIR_VESSEL_##a, WEIR_VESSEL_##b, WEIR_VESSEL_##c, WEIR_VESSEL_##d                           \
	}
#define OCEAN KINDS(CONTAINER, CARGO, TANKER, CARGO)
#define SMALL KINDS(COASTER, COASTER, TANKER, COASTER)
#define ALL(kind) KINDS(kind, kind, kind, kind)
#define SAILS(activity, waterway, slowest, fastest, to)                                                      \
	activity, WEIR_STATUS_UNDER_WAY, slowest, fastest, WEIR_WATERWAY_##waterway, 0, to
#define LIES_AT(status, site) LIES, WEIR_STATUS_##status, 0, 0, 0, WEIR_SITE_##site, "NLRTM"
#define LOITERS_AT(status, site, slowest, fastest)                                                           \
	LOITERS, WEIR_STATUS_##status, slowest, fastest, 0, WEIR_SITE_##site, ""

/* clang-format off */
#define SHARES 300 /* with 300 vessels, each row has as many as it says */
static const struct purpose purposes[] = {
	/* far out: what the port's antenna hears and the port does not want */
	{44, SAILS(PASSES, LANE_NORTHBOUND, 11, 21, "DEHAM"), OCEAN},
	{42, SAILS(PASSES, LANE_SOUTHBOUND, 11, 21, "GBFXT"), OCEAN},
	{10, SAILS(PASSES, SCHELDT, 11, 16, "BEANR"), OCEAN},
	{ 6, SAILS(DEPARTS, SCHELDT, 11, 16, "GBSOU"), OCEAN},
	{ 6, SAILS(PASSES, IJMUIDEN, 10, 14, "NLAMS"), OCEAN},
	{ 6, LIES_AT(AT_ANCHOR, FAR_ANCHORAGE), OCEAN},
	{12, LOITERS_AT(FISHING, FISHING, 3, 6), ALL(FISHING)},
	{ 8, LOITERS_AT(UNDER_WAY, WIND_FARM, 12, 22), ALL(CREW_BOAT)},
	{12, LOITERS_AT(UNDER_WAY, PLEASURE, 4, 7), ALL(YACHT)},
	{ 8, SAILS(PASSES, COAST, 9, 13, "NLDZL"), SMALL},
	{ 7, SAILS(DEPARTS, COAST, 9, 13, "BEZEE"), SMALL},
	/* to and from the port */
	{ 8, SAILS(CALLS, WEST_WATERWEG, 11, 15, "NLRTM"), SMALL},
	{ 8, SAILS(CALLS, WEST_EUROPOORT, 10, 15, "NLEUR"), OCEAN},
	{ 6, SAILS(CALLS, WEST_MAASVLAKTE, 12, 18, "NLMSV"), ALL(CONTAINER)},
	{ 5, SAILS(CALLS, NORTH_EUROPOORT, 10, 14, "NLEUR"), OCEAN},
	{ 4, SAILS(CALLS, NORTH_MAASVLAKTE, 12, 18, "NLMSV"), ALL(CONTAINER)},
	{ 5, SAILS(CALLS, NORTH_WATERWEG, 10, 13, "NLRTM"), SMALL},
	{ 3, SAILS(CALLS, NORTHWEST_EUROPOORT, 11, 15, "NLEUR"), OCEAN},
	{ 7, SAILS(DEPARTS, WEST_WATERWEG, 11, 15, "ESBIO"), SMALL},
	{ 6, SAILS(DEPARTS, WEST_EUROPOORT, 10, 15, "USHOU"), OCEAN},
	{ 4, SAILS(DEPARTS, WEST_MAASVLAKTE, 12, 18, "SGSIN"), ALL(CONTAINER)},
	{ 4, SAILS(DEPARTS, NORTH_EUROPOORT, 10, 14, "NOBGO"), OCEAN},
	{ 4, SAILS(DEPARTS, NORTH_WATERWEG, 10, 13, "SEGOT"), SMALL},
	{ 2, SAILS(SHUTTLES, HARWICH, 17, 21, "GBHRW"), ALL(FERRY)},
	{16, SAILS(SHUTTLES, INLAND, 7, 10, "NLDOR"), ALL(BARGE)},
	/* in and off the port */
	{12, LIES_AT(AT_ANCHOR, ANCHORAGE), OCEAN},
	{26, LIES_AT(MOORED, BERTH), KINDS(CONTAINER, CARGO, TANKER, COASTER)},
	{ 3, LOITERS_AT(UNDER_WAY, PILOT, 6, 18), ALL(PILOT)},
	{ 9, LOITERS_AT(UNDER_WAY, TUG, 2, 8), ALL(TUG)},
	{ 3, LOITERS_AT(RESTRICTED, DREDGER, 2, 6), ALL(DREDGER)},
	{ 4, LOITERS_AT(UNDER_WAY, PATROL, 4, 10), ALL(PATROL)},
};
/* clang-format on */

struct weir_fleet {
	struct weir_random random;
	struct weir_register given;
	struct weir_route *routes[WEIR_WATERWAYS];
	int64_t start_ns;
	size_t count;
	struct member {
		struct weir_vessel vessel;
		const struct purpose *purpose;
		enum weir_vessel_kind kind;
	} members[];
};

/* Few vessels are spread over the rows; many go round them again and again. */
static const struct purpose *purpose_of(size_t index, size_t count)
{
	size_t wanted = count <= SHARES ? index * SHARES / count : index;
	size_t place = wanted % SHARES;

	for (size_t i = 0; i < LENGTH(purposes); i++) {
		if (place < purposes[i].share)
			return &purposes[i];
		place -= purposes[i].share;
	}
	return &purposes[0];
}

static void set_voyage(struct weir_fleet *fleet, struct member *member)
{
	struct weir_identity *identity = &member->vessel.identity;
	time_t arrival = (time_t)(fleet->start_ns / 1000000000) + 1800 +
	                 (time_t)weir_random_below(&fleet->random, 36 * 3600);
	struct tm tm;

	gmtime_r(&arrival, &tm);
	snprintf(identity->destination, sizeof(identity->destination), "%s", member->purpose->destination);
	if (identity->destination[0] == '\0') {
		identity->eta_hour = 24; /* not available */
		identity->eta_minute = 60;
		return;
	}
	identity->eta_month = (uint8_t)(tm.tm_mon + 1);
	identity->eta_day = (uint8_t)tm.tm_mday;
	identity->eta_hour = (uint8_t)tm.tm_hour;
	identity->eta_minute = (uint8_t)(tm.tm_min / 10 * 10);
}

static struct weir_leg sailing(const struct purpose *purpose, const struct weir_route *route, double speed_kn,
                               bool backwards)
{
	double length = weir_route_length_m(route);

	return (struct weir_leg){
	        .kind = WEIR_LEG_SAIL,
	        .nav_status = purpose->nav_status,
	        .speed_kn = speed_kn,
	        .route = route,
	        .from_m = backwards ? length : 0,
	        .to_m = backwards ? 0 : length,
	};
}

static struct weir_leg mooring(double duration_s)
{
	return (struct weir_leg){
	        .kind = WEIR_LEG_STAY,
	        .nav_status = WEIR_STATUS_MOORED,
	        .here = true,
	        .duration_s = duration_s,
	};
}

static void plan_voyage(struct weir_fleet *fleet, struct member *member)
{
	const struct purpose *purpose = member->purpose;
	struct weir_vessel *vessel = &member->vessel;
	const struct weir_route *route = fleet->routes[purpose->waterway];
	double speed_kn = weir_random_between(&fleet->random, purpose->slowest_kn, purpose->fastest_kn);
	struct weir_leg there = sailing(purpose, route, speed_kn, false);
	struct weir_leg back = sailing(purpose, route, speed_kn, true);
	struct weir_leg rest = mooring(weir_random_between(&fleet->random, 3600, 6 * 3600));
	size_t n = 0;

	if (purpose->activity != DEPARTS)
		vessel->legs[n++] = there;
	if (purpose->activity == CALLS || purpose->activity == SHUTTLES)
		vessel->legs[n++] = rest;
	if (purpose->activity != PASSES)
		vessel->legs[n++] = back;
	if (purpose->activity == SHUTTLES)
		vessel->legs[n++] = rest;
	vessel->leg_count = n;
	vessel->repeats = purpose->activity == SHUTTLES;
	vessel->keep_starboard = weir_random_between(&fleet->random, 0.25, 0.9);
}

static void plan_stay(struct weir_fleet *fleet, struct member *member)
{
	const struct purpose *purpose = member->purpose;
	struct weir_random *random = &fleet->random;
	size_t count;
	const struct weir_site *sites = weir_sites(purpose->site, &count);
	const struct weir_site *site = &sites[weir_random_below(random, (uint32_t)count)];
	/* The root spreads evenly over the disc. */
	double away = site->radius_m * sqrt(weir_random_between(random, 0, 1));
	double bearing = weir_random_between(random, 0, 2 * M_PI);
	struct weir_leg leg = {
	        .kind = purpose->activity == LIES ? WEIR_LEG_STAY : WEIR_LEG_LOITER,
	        .nav_status = purpose->nav_status,
	        .longitude_deg = site->longitude_deg,
	        .latitude_deg = site->latitude_deg,
	        .heading_deg = site->heading_deg + (weir_random_chance(random, 0.5) ? 180 : 0),
	        .speed_kn = weir_random_between(random, purpose->slowest_kn, purpose->fastest_kn),
	        .radius_m = site->radius_m,
	};

	if (leg.kind == WEIR_LEG_STAY) {
		weir_offset(&leg.longitude_deg, &leg.latitude_deg, away * sin(bearing), away * cos(bearing));
		leg.radius_m = 0;
		if (leg.nav_status == WEIR_STATUS_AT_ANCHOR) {
			leg.radius_m = weir_random_between(random, 80, 250); /* of chain */
			leg.heading_deg = 235;                               /* into the usual wind */
		}
	}
	member->vessel.legs[0] = leg;
	member->vessel.leg_count = 1;
}

/* One of the thresholds that a route comes by, as a distance along it; negative where it comes by none. */
static double threshold_m(struct weir_fleet *fleet, const struct weir_route *route)
{
	double found[THRESHOLDS_MAX];
	uint32_t n = 0;
	size_t count;
	const struct weir_site *thresholds = weir_thresholds(&count);

	for (size_t i = 0; i < count && n < THRESHOLDS_MAX; i++) {
		double away_m;
		double at_m = weir_route_nearest_m(route, thresholds[i].longitude_deg,
		                                   thresholds[i].latitude_deg, &away_m);
		if (away_m <= thresholds[i].radius_m)
			found[n++] = at_m;
	}
	return n > 0 ? found[weir_random_below(&fleet->random, n)] : -1;
}

/*
 * Where on its way a vessel is at the start: anywhere; but of those that come by a threshold three in four
 * are less than a minute from it.
 */
static double start_m(struct weir_fleet *fleet, const struct weir_leg *leg)
{
	double length = weir_route_length_m(leg->route);
	double anywhere = weir_random_between(&fleet->random, 0, length * 0.98);
	double before_s = weir_random_between(&fleet->random, 12, 60);
	double at = threshold_m(fleet, leg->route);
	struct weir_place place;

	if (at < 0 || weir_random_chance(&fleet->random, 0.25))
		return anywhere;
	weir_route_at(leg->route, at, &place);
	double run_m = fmin(leg->speed_kn, place.limit_kn) * METRES_PER_SECOND_PER_KNOT * before_s;
	double from_beginning = leg->to_m < leg->from_m ? length - at : at;
	return fmax(from_beginning - run_m, 0);
}

static void make(struct weir_fleet *fleet, struct member *member, bool newcomer)
{
	struct weir_vessel *vessel = &member->vessel;
	bool sails = member->purpose->activity < LIES;

	*vessel = (struct weir_vessel){
	        .leeway_deg = 2.0 * weir_random_normal(&fleet->random),
	        .phase = weir_random_between(&fleet->random, 0, 1),
	};
	weir_identity_invent(&vessel->identity, member->kind, &fleet->given, &fleet->random);
	set_voyage(fleet, member);
	if (sails)
		plan_voyage(fleet, member);
	else
		plan_stay(fleet, member);
	weir_vessel_begin(vessel, sails && !newcomer ? start_m(fleet, &vessel->legs[0]) : 0);
}

int weir_fleet_new(struct weir_fleet **out, size_t count, uint64_t seed, int64_t start_ns)
{
	if (count == 0 || count > WEIR_FLEET_MAX)
		return -EINVAL;

	struct weir_fleet *fleet = calloc(1, sizeof(*fleet) + count * sizeof(fleet->members[0]));
	if (!fleet)
		return -ENOMEM;
	weir_random_seed(&fleet->random, seed);
	fleet->start_ns = start_ns;
	fleet->count = count;
	for (enum weir_waterway i = 0; i < WEIR_WATERWAYS; i++) {
		const struct weir_chart *chart = weir_chart(i);
		int rc = weir_route_new(&fleet->routes[i], chart->waypoints, chart->count);
		if (rc < 0) {
			weir_fleet_free(fleet);
			return rc;
		}
	}
	for (size_t i = 0; i < count; i++) {
		struct member *member = &fleet->members[i];
		member->purpose = purpose_of(i, count);
		member->kind = member->purpose->kinds[weir_random_below(&fleet->random, 4)];
		make(fleet, member, false);
	}
	*out = fleet;
	return 0;
}

size_t weir_fleet_count(const struct weir_fleet *fleet)
{
	return fleet->count;
}

struct weir_vessel *weir_fleet_vessel(struct weir_fleet *fleet, size_t index)
{
	return &fleet->members[index].vessel;
}

void weir_fleet_replace(struct weir_fleet *fleet, size_t index)
{
	make(fleet, &fleet->members[index], true);
}

void weir_fleet_free(struct weir_fleet *fleet)
{
	if (!fleet)
		return;
	for (size_t i = 0; i < WEIR_WATERWAYS; i++)
		weir_route_free(fleet->routes[i]);
	free(fleet);
}
