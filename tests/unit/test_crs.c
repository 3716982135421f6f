/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Coordinates of other reference systems against published control points. Each pair was compared with what
 * others quote of the same publication: the examples of IOGP Guidance Note 7-2 with the tables of GeoAPI's
 * conformance tests (opengeospatial/geoapi, ParameterizedTransformTest) and with Apache SIS, the one of the
 * Ordnance Survey with PyGeodesy (testOsgr), those of ICSM with the tables 5.1 and C-1 of the GDA2020 manual,
 * whose map grid is that of GDA94. Where the datum is not that of WGS
 * 84, the published pair is one of projected and geographic coordinates on the same datum: both are
 * loaded, and must be the same place.
 */
#include <geodesic.h>

#include "fence/loader.h"
#include "fence_text.h"
#include "suite.h"

#define DMS(degrees, minutes, seconds) ((degrees) + (minutes) / 60.0 + (seconds) / 3600.0)

static const struct control_point {
	const char *source;
	const char *projected, *geographic;
	double x, y, longitude, latitude;
	double within_m; /* half of the last published digit, but no less than a millimetre */
	bool is_wgs84;   /* PROJ takes the datum as that of WGS 84 */
} control_points[] = {
        {"IOGP Guidance Note 7-2, Oblique Stereographic", "EPSG:28992", "EPSG:4289", 196105.283, 557057.739,
         6, 53, 0.001, false},
        {"Ordnance Survey, A guide to coordinate systems in Great Britain, annexe C, Caister water tower",
         "EPSG:27700", "EPSG:4277", 651409.903, 313177.270, DMS(1, 43, 4.5177), DMS(52, 39, 27.2531), 0.001,
         false},
        {"ICSM, GDA2020 technical manual, tables 5.1 and C-1, Flinders Peak", "EPSG:28355", "EPSG:4283",
         273741.297, 5796489.777, DMS(144, 25, 29.52440), -DMS(37, 57, 3.72030), 0.001, true},
        {"ICSM, GDA2020 technical manual, tables 5.1 and C-1, Buninyong", "EPSG:28355", "EPSG:4283",
         228854.051, 5828259.038, DMS(143, 55, 35.38390), -DMS(37, 39, 10.15610), 0.001, true},
        {"IOGP Guidance Note 7-2, Lambert Azimuthal Equal Area", "EPSG:3035", "EPSG:4258", 3962799.45,
         2999718.85, 5, 50, 0.006, true},
        {"IOGP Guidance Note 7-2, Lambert Conic Conformal (1SP)", "EPSG:24200", "EPSG:4242", 255966.58,
         142493.51, -DMS(76, 56, 37.26), DMS(17, 55, 55.80), 0.006, false},
        {"IOGP Guidance Note 7-2, Lambert Conic Conformal (2SP), US survey feet", "EPSG:32040", "EPSG:4267",
         2963503.91, 254759.80, -96, 28.5, 0.002, false},
        {"IOGP Guidance Note 7-2, Hotine Oblique Mercator (variant B)", "EPSG:29873", "EPSG:4298", 679245.73,
         596562.78, DMS(115, 48, 19.8196), DMS(5, 23, 14.1129), 0.006, false},
        {"IOGP Guidance Note 7-2, Popular Visualisation Pseudo Mercator", "EPSG:3857", "EPSG:4326",
         -11169055.58, 2800000.00, -DMS(100, 20, 0), DMS(24, 22, 54.433), 0.006, true},
        {"IOGP Guidance Note 7-2, Polar Stereographic (variant A)", "EPSG:5041", "EPSG:4326", 3320416.75,
         632668.43, 44, 73, 0.006, true},
};

/* Where the loader puts a point. */
static void place_of(const char *crs, double x, double y, double place[2])
{
	char text[512];

	snprintf(text, sizeof(text),
	         "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"crs\":\"%s\",\"radius_m\":10,"
	         "\"rules\":[]},"
	         "\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.17g,%.17g]}}",
	         crs, x, y);
	struct weir_fences *fences = fences_of(text);
	place[0] = fences->shapes.vertices[0][0];
	place[1] = fences->shapes.vertices[0][1];
	weir_fences_free(fences);
}

static double apart_m(const double a[2], const double b[2])
{
	struct geod_geodesic earth;
	double metres;

	geod_init(&earth, 6378137, 1 / 298.257223563);
	geod_inverse(&earth, a[1], a[0], b[1], b[0], &metres, NULL, NULL);
	return metres;
}

START_TEST(a_published_control_point_is_where_it_was_published)
{
	const struct control_point *c = &control_points[_i];
	double projected[2], geographic[2];
	const double published[2] = {c->longitude, c->latitude};

	place_of(c->projected, c->x, c->y, projected);
	place_of(c->geographic, c->longitude, c->latitude, geographic);
	ck_assert_msg(apart_m(projected, geographic) <= c->within_m, "%s: %.6f m", c->source,
	              apart_m(projected, geographic));
	if (c->is_wgs84)
		ck_assert_msg(apart_m(projected, published) <= c->within_m, "%s: %.6f m", c->source,
		              apart_m(projected, published));
	else
		ck_assert_msg(apart_m(projected, published) > 1, "%s: the datum was not looked at",
		              c->source);
}
END_TEST

START_TEST(coordinates_in_wgs84_stay_as_they_are)
{
	static const char *const names[] = {"EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84",
	                                    "urn:ogc:def:crs:EPSG::4326"};
	double place[2];

	for (size_t i = 0; i < 4; i++) {
		place_of(names[i], 4.1234567890123457, 51.987654321098765, place);
		ck_assert(place[0] == 4.1234567890123457 && place[1] == 51.987654321098765);
	}
}
END_TEST

#define SQUARE "[[[500000,5700000],[600000,5700000],[600000,5800000],[500000,5800000],[500000,5700000]]]"

START_TEST(a_file_may_name_its_system_in_each_way_that_is_in_use)
{
	static const char *const members[] = {
	        "\"EPSG:25831\"", "{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:25831\"}}",
	        "{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::25831\"}}"};

	for (size_t i = 0; i < 3; i++) {
		char text[1024];

		snprintf(text, sizeof(text),
		         "{\"type\":\"FeatureCollection\",\"crs\":%s,\"features\":["
		         "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[]},\"geometry\":"
		         "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}},"
		         "{\"type\":\"Feature\",\"properties\":{\"id\":\"b\",\"crs\":\"EPSG:4326\",\"rules\":"
		         "[]},"
		         "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}]}",
		         members[i]);
		struct weir_fences *fences = fences_of(text);
		/* 3 degrees east is the middle of zone 31, 500 km by definition. */
		ck_assert_uint_eq(weir_fences_locate(fences, 3.001, 52, NULL, 0), 1);
		ck_assert_uint_eq(weir_fences_locate(fences, 2.999, 52, NULL, 0), 0);
		ck_assert_uint_eq(weir_fences_locate(fences, 0.5, 0.4, NULL, 0), 1);
		weir_fences_free(fences);
	}
}
END_TEST

/* A parallel of the grid bends by hundreds of metres in longitude and latitude over 100 km. */
START_TEST(an_edge_stays_where_it_was_drawn_in_its_own_system)
{
	struct weir_fences *fences = fences_of(
	        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"crs\":\"EPSG:25831\",\"rules\":[]},"
	        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}}");

	for (double x = 501000; x < 600000; x += 7919) {
		double inside[2], outside[2];

		place_of("EPSG:25831", x, 5700000.2, inside);
		place_of("EPSG:25831", x, 5699999.8, outside);
		ck_assert_uint_eq(weir_fences_locate(fences, inside[0], inside[1], NULL, 0), 1);
		ck_assert_uint_eq(weir_fences_locate(fences, outside[0], outside[1], NULL, 0), 0);
	}
	ck_assert_uint_lt(fences->shapes.vertex_count, 1000);
	weir_fences_free(fences);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reference systems");
	TCase *tests = tcase_create("control points");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_published_control_point_is_where_it_was_published, 0,
	                    sizeof(control_points) / sizeof(*control_points));
	tcase_add_test(tests, coordinates_in_wgs84_stay_as_they_are);
	tcase_add_test(tests, a_file_may_name_its_system_in_each_way_that_is_in_use);
	tcase_add_test(tests, an_edge_stays_where_it_was_drawn_in_its_own_system);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
