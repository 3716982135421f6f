/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chart. The axis of the Maasgeul is the leading line 112 degrees through the harbour mouth at
 * 51°59.4' N 4°02.7' E; the Eurogeul comes in at 82.5 degrees. Limits are usual speeds, not law.
 *
 * Nothing is computed here; positions are east and north, in degrees.
 */
#include "rotterdam.h"

#include <assert.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */

/* Pieces that several routes share, from the sea inwards: longitude, latitude, knots, half width in metres. */
#define FROM_WEST \
	{2.600, 51.9300, 16, 1500}, {3.100, 51.9560, 16, 1500}, {3.355, 51.9785, 15, 1000}, \
	{3.620, 51.9990, 14, 700}, {3.800, 52.0180, 12, 500}, {3.872, 52.0262, 11, 300}
#define FROM_NORTH \
	{3.620, 52.8500, 16, 1500}, {3.880, 52.4000, 15, 1500}, {3.940, 52.2000, 14, 1000}, \
	{3.925, 52.0800, 12, 600}, {3.903, 52.0300, 10, 300}
#define FROM_NORTHWEST \
	{2.900, 52.5600, 16, 1500}, {3.300, 52.3000, 15, 1500}, {3.550, 52.1200, 14, 700}, \
	{3.760, 52.0420, 12, 500}, {3.872, 52.0262, 11, 300}
#define MAASGEUL \
	{3.940, 52.0155, 11, 200}, {4.0445, 51.9895, 10, 170}
#define WATERWEG \
	{4.0780, 51.9852, 9, 90}, {4.1250, 51.9715, 9, 90}, {4.1550, 51.9572, 9, 90}, {4.1950, 51.9390, 9, 80}, \
	{4.2250, 51.9265, 9, 80}, {4.2490, 51.9145, 9, 80}, {4.2750, 51.9060, 9, 80}, {4.3030, 51.9005, 9, 80}, \
	{4.3300, 51.8975, 9, 80}
#define PERNIS \
	{4.3600, 51.8980, 8, 80}, {4.3950, 51.8995, 7, 80}
#define EUROPOORT \
	{4.0720, 51.9818, 8, 100}, {4.0920, 51.9765, 8, 80}, {4.1100, 51.9690, 7, 80}, {4.1350, 51.9560, 6, 70}, \
	{4.1620, 51.9425, 6, 70}, {4.1880, 51.9300, 5, 60}
#define MAASVLAKTE \
	{4.0660, 51.9826, 8, 100}, {4.0755, 51.9740, 6, 80}, {4.0720, 51.9665, 5, 60}, {4.0550, 51.9632, 5, 50}, \
	{4.0200, 51.9610, 4, 50}

static const struct weir_waypoint west_waterweg[] = {FROM_WEST, MAASGEUL, WATERWEG, PERNIS};
static const struct weir_waypoint west_europoort[] = {FROM_WEST, MAASGEUL, EUROPOORT};
static const struct weir_waypoint west_maasvlakte[] = {FROM_WEST, MAASGEUL, MAASVLAKTE};
static const struct weir_waypoint north_europoort[] = {FROM_NORTH, MAASGEUL, EUROPOORT};
static const struct weir_waypoint north_maasvlakte[] = {FROM_NORTH, MAASGEUL, MAASVLAKTE};
static const struct weir_waypoint north_waterweg[] = {FROM_NORTH, MAASGEUL, WATERWEG, PERNIS};
static const struct weir_waypoint northwest_europoort[] = {FROM_NORTHWEST, MAASGEUL, EUROPOORT};

static const struct weir_waypoint harwich[] = {
	{4.1250, 51.9715, 8, 90}, {4.0780, 51.9852, 9, 90}, {4.0445, 51.9895, 14, 170}, {3.9400, 52.0155, 18, 200},
	{3.6500, 52.0300, 21, 800}, {3.2000, 52.0150, 21, 1000}, {2.4000, 51.9750, 21, 1000},
};
static const struct weir_waypoint inland[] = {
	{4.0900, 51.9767, 9, 60}, {4.0775, 51.9812, 8, 60}, {4.0690, 51.9842, 7, 60}, {4.0720, 51.9872, 7, 60},
	{4.0850, 51.9835, 9, 60}, {4.1250, 51.9715, 10, 120},
	{4.1550, 51.9572, 10, 120}, {4.1950, 51.9390, 10, 110}, {4.2250, 51.9265, 10, 110}, {4.2490, 51.9145, 10, 100},
	{4.2750, 51.9060, 10, 100}, {4.3030, 51.9005, 10, 90}, {4.3300, 51.8965, 9, 70}, {4.3340, 51.8840, 9, 60},
	{4.3420, 51.8680, 9, 60}, {4.3500, 51.8570, 9, 60}, {4.3900, 51.8480, 9, 60}, {4.4600, 51.8400, 9, 60},
	{4.4900, 51.8340, 9, 60},
};
static const struct weir_waypoint lane_northbound[] = {
	{2.300, 51.500, 22, 3000}, {2.620, 51.800, 22, 3000}, {2.950, 52.100, 22, 3000}, {3.250, 52.450, 22, 3000},
	{3.450, 52.800, 22, 3000},
};
static const struct weir_waypoint lane_southbound[] = {
	{3.310, 52.830, 22, 3000}, {3.100, 52.480, 22, 3000}, {2.800, 52.130, 22, 3000}, {2.480, 51.840, 22, 3000},
	{2.150, 51.540, 22, 3000},
};
static const struct weir_waypoint coast[] = {
	{3.200, 51.600, 14, 1500}, {3.500, 51.800, 14, 1500}, {3.700, 51.960, 13, 1000}, {3.930, 52.060, 12, 500},
	{3.965, 52.160, 13, 800}, {4.150, 52.320, 14, 1500}, {4.330, 52.470, 14, 1500}, {4.430, 52.750, 14, 1500},
	{4.500, 52.950, 14, 1500},
};
static const struct weir_waypoint scheldt[] = {
	{2.750, 51.750, 16, 1500}, {3.100, 51.620, 15, 1000}, {3.270, 51.590, 14, 500}, {3.360, 51.500, 12, 300},
	{3.430, 51.430, 12, 300}, {3.600, 51.422, 10, 300},
};
static const struct weir_waypoint ijmuiden[] = {
	{3.400, 52.520, 16, 1500}, {4.100, 52.480, 14, 800}, {4.400, 52.470, 11, 300}, {4.540, 52.4645, 8, 100},
	{4.580, 52.4650, 5, 60},
};

#define CHART(enumerator, array) [WEIR_WATERWAY_##enumerator] = {#array, array, LENGTH(array)}
static const struct weir_chart charts[] = {
	CHART(WEST_WATERWEG, west_waterweg),
	CHART(WEST_EUROPOORT, west_europoort),
	CHART(WEST_MAASVLAKTE, west_maasvlakte),
	CHART(NORTH_EUROPOORT, north_europoort),
	CHART(NORTH_MAASVLAKTE, north_maasvlakte),
	CHART(NORTH_WATERWEG, north_waterweg),
	CHART(NORTHWEST_EUROPOORT, northwest_europoort),
	CHART(HARWICH, harwich),
	CHART(INLAND, inland),
	CHART(LANE_NORTHBOUND, lane_northbound),
	CHART(LANE_SOUTHBOUND, lane_southbound),
	CHART(COAST, coast),
	CHART(SCHELDT, scheldt),
	CHART(IJMUIDEN, ijmuiden),
};
_Static_assert(LENGTH(charts) == WEIR_WATERWAYS, "a chart for each waterway");

/* Longitude, latitude, radius in metres, heading. */
static const struct weir_site berths[] = {
	{4.0000, 51.9545, 300, 180}, {4.0240, 51.9600, 200, 95},  {4.0440, 51.9520, 300, 65},  {4.0420, 51.9575, 300, 65},
	{4.0480, 51.9668, 200, 95},  {4.0580, 51.9420, 400, 170}, {4.0860, 51.9695, 150, 140}, {4.1020, 51.9560, 250, 160},
	{4.1280, 51.9490, 250, 150}, {4.1500, 51.9420, 250, 150}, {4.1650, 51.9360, 250, 150}, {4.1330, 51.9535, 100, 135},
	{4.1150, 51.9420, 200, 130}, {4.1265, 51.9735, 60, 122},  {4.2490, 51.9170, 50, 130},  {4.2950, 51.8880, 200, 170},
	{4.3100, 51.8870, 200, 160}, {4.2830, 51.8905, 150, 150}, {4.3150, 51.8830, 150, 160}, {4.3580, 51.9010, 50, 90},
	{4.3900, 51.8890, 200, 170}, {4.4000, 51.9030, 60, 70},
};
static const struct weir_site anchorages[] = {
	{3.655, 52.0370, 1800, 0}, {3.760, 52.1000, 2500, 0}, {3.830, 52.1200, 2500, 0}, {4.070, 52.0950, 2200, 0},
};
static const struct weir_site far_anchorages[] = {
	{4.250, 52.540, 3500, 0}, {3.270, 51.810, 4000, 0}, {2.950, 51.480, 4000, 0}, {3.450, 52.380, 3000, 0},
};
static const struct weir_site pilots[] = {{3.880, 52.020, 2500, 0}, {3.820, 52.035, 2000, 0}, {3.940, 52.010, 1500, 0}};
static const struct weir_site tugs[] = {
	{4.005, 52.0020, 1200, 0}, {4.050, 51.9885, 250, 0}, {4.0745, 51.9775, 180, 0}, {4.1100, 51.9690, 100, 0},
	{4.1480, 51.9495, 90, 0}, {4.3300, 51.8972, 120, 0}, {4.3780, 51.8988, 110, 0},
};
static const struct weir_site dredgers[] = {{3.880, 51.930, 2500, 0}, {3.985, 52.0045, 700, 0}, {3.420, 51.9840, 1500, 0}};
static const struct weir_site fishing[] = {
	{3.300, 52.230, 7000, 0}, {3.800, 52.580, 9000, 0}, {3.120, 51.780, 6000, 0}, {4.140, 52.200, 5000, 0},
	{3.550, 52.680, 9000, 0}, {2.750, 51.600, 7000, 0},
};
static const struct weir_site pleasure[] = {
	{4.200, 52.120, 2500, 0}, {3.400, 51.660, 4000, 0}, {4.420, 52.520, 4000, 0}, {3.860, 51.890, 2500, 0},
	{4.240, 52.200, 4000, 0}, {4.000, 52.040, 1500, 0},
};
static const struct weir_site wind_farms[] = {{4.030, 52.330, 5000, 0}, {3.000, 51.690, 5000, 0}, {4.220, 52.590, 3000, 0}};
static const struct weir_site patrols[] = {{3.990, 52.0035, 900, 0}, {4.0640, 51.9840, 300, 0}, {4.2100, 51.9325, 100, 0}};

static const struct weir_site thresholds[] = {
	{3.8190, 52.0205, 600, 0}, /* the pilots' area, from the west */
	{3.8720, 52.0262, 400, 0}, /* the beginning of the Maasgeul */
	{3.9212, 52.0185, 400, 0}, /* the pilots' area, from the Maasgeul */
	{4.0320, 51.9926, 400, 0}, /* the harbour mouth, from the sea */
	{4.0692, 51.9863, 150, 0}, /* behind it: towards the Nieuwe Waterweg */
	{4.0678, 51.9828, 150, 0}, /* and towards Europoort and Maasvlakte */
	{4.0840, 51.9838, 150, 0}, /* Nieuwe Waterweg */
	{4.0875, 51.9778, 150, 0}, /* Europoort */
	{4.0741, 51.9762, 150, 0}, /* Maasvlakte */
	{4.3045, 51.9003, 150, 0}, /* Botlek, from the sea */
	{4.3400, 51.8976, 150, 0}, /* from the city */
	{4.3338, 51.8890, 150, 0}, /* and from the Oude Maas */
};
/* clang-format on */

#define SITES(enumerator, array) [WEIR_SITE_##enumerator] = {array, LENGTH(array)}
static const struct {
	const struct weir_site *items;
	size_t count;
} sites[] = {
        SITES(BERTH, berths),
        SITES(ANCHORAGE, anchorages),
        SITES(FAR_ANCHORAGE, far_anchorages),
        SITES(PILOT, pilots),
        SITES(TUG, tugs),
        SITES(DREDGER, dredgers),
        SITES(FISHING, fishing),
        SITES(PLEASURE, pleasure),
        SITES(WIND_FARM, wind_farms),
        SITES(PATROL, patrols),
};
_Static_assert(LENGTH(sites) == WEIR_SITE_KINDS, "places for each kind of site");

const struct weir_chart *weir_chart(enum weir_waterway waterway)
{
	assert(waterway < WEIR_WATERWAYS);
	return &charts[waterway];
}

const struct weir_site *weir_sites(enum weir_site_kind kind, size_t *count)
{
	assert(kind < WEIR_SITE_KINDS);
	*count = sites[kind].count;
	return sites[kind].items;
}

const struct weir_site *weir_thresholds(size_t *count)
{
	*count = LENGTH(thresholds);
	return thresholds;
}
