/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel would do, asked without a kernel.
 */
#include "suite.h"

#include <errno.h>
#include <string.h>

#include "bpf/frames.h"
#include "prefilter/explain.h"

static struct weir_area_tiles tiles;
static struct weir_explainer *explainer;

static void set_up(void)
{
	static const uint16_t ports[] = {10110, 4001};

	memset(&tiles, 0, sizeof(tiles));
	tiles.cells[weir_area_cell(450 * 6000, 5250 * 6000)] = WEIR_CELL_FULL; /* 4.5 E, 52.5 N */
	ck_assert_int_eq(weir_explainer_new(&explainer, &(struct weir_explainer_options){.area = &tiles,
	                                                                                 .ports = ports,
	                                                                                 .port_count = 2}),
	                 0);
}

static void tear_down(void)
{
	weir_explainer_free(explainer);
}

static const struct {
	const char *datagram;
	enum weir_reason reason;
} cases[] = {
        {"!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n", WEIR_REASON_OUTSIDE},
        {"!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2D\r\n", WEIR_REASON_CHECKSUM},
        {"!AIVDM,2,1,1,,53B?8r021g8HuHtk:20dTpN1<D5L5U>22222220002R0L33Aa?4i@H888888,0*6E\r\n",
         WEIR_REASON_MULTIPART},
        {"$GPGSV,4,1,15,05,00,000,17,07,06,105,20,08,11,032,15,10,00,000,16*77\r\n", WEIR_REASON_HARMLESS},
        {"", WEIR_REASON_HARMLESS},
};

START_TEST(a_datagram_is_explained)
{
	ck_assert_int_eq(weir_explain_datagram(explainer, cases[_i].datagram, strlen(cases[_i].datagram)),
	                 cases[_i].reason);
}
END_TEST

/* A frame of 10.0.0.1; see frames.h. */
START_TEST(who_is_not_on_the_allow_list_is_refused)
{
	struct weir_network friends = {.ip = {[10] = 0xff, 0xff, 10}, .is_ipv4 = 1, .prefix_length = 8};
	uint8_t frame[FRAME_MAX];
	uint32_t length = make_plain_frame(frame, cases[0].datagram, (uint32_t)strlen(cases[0].datagram));

	ck_assert_int_eq(weir_explain_frame(explainer, frame, length), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(weir_explainer_allow(explainer, &friends, 1), 0);
	ck_assert_int_eq(weir_explain_frame(explainer, frame, length), WEIR_REASON_OUTSIDE);
	friends.ip[12] = 11;
	ck_assert_int_eq(weir_explainer_allow(explainer, &friends, 1), 0);
	ck_assert_int_eq(weir_explain_frame(explainer, frame, length), WEIR_REASON_NOT_ALLOWED);
	ck_assert_int_eq(weir_explain_datagram(explainer, cases[0].datagram, strlen(cases[0].datagram)),
	                 WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(weir_explainer_allow(explainer, NULL, 0), 0);
	ck_assert_int_eq(weir_explain_frame(explainer, frame, length), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_followed_device_passes_also_after_the_others_were_forgotten)
{
	ck_assert_int_eq(weir_explainer_follow(explainer, 1), 0);
	ck_assert_int_eq(weir_explain_datagram(explainer, cases[0].datagram, strlen(cases[0].datagram)),
	                 WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(weir_explainer_follow(explainer, 205412000), 0);
	weir_explainer_forget(explainer);
	ck_assert_int_eq(weir_explain_datagram(explainer, cases[0].datagram, strlen(cases[0].datagram)),
	                 WEIR_REASON_FOLLOWED);
}
END_TEST

#define CELL ((double)WEIR_UNITS_PER_CELL / WEIR_UNITS_PER_DEGREE)

static const struct {
	double longitude_deg, latitude_deg;
	struct weir_explained_place place;
} places[] = {
        {4.5, 52.5, {5 * CELL, 60 * CELL, WEIR_CELL_FULL, 9, 5, true}},
        {5 * CELL + 1e-6, 60 * CELL + 1e-6, {5 * CELL, 60 * CELL, WEIR_CELL_FULL, 0, 0, true}},
        {5 * CELL - 1e-6, 60 * CELL + 1e-6, {4 * CELL, 60 * CELL, WEIR_CELL_EMPTY, 63, 0, false}},
        {180, 90, {-206 * CELL, 102 * CELL, WEIR_CELL_EMPTY, 0, 63, false}},
        {-180, -90, {-206 * CELL, -103 * CELL, WEIR_CELL_EMPTY, 0, 0, false}},
        {179.9999999, 0, {205 * CELL, 0, WEIR_CELL_EMPTY, 63, 0, false}},
};

START_TEST(a_place_is_where_the_kernel_looks_for_it)
{
	struct weir_explained_place place;

	weir_explain_place(explainer, places[_i].longitude_deg, places[_i].latitude_deg, &place);
	ck_assert_double_eq_tol(place.west_deg, places[_i].place.west_deg, 1e-9);
	ck_assert_double_eq_tol(place.south_deg, places[_i].place.south_deg, 1e-9);
	ck_assert_uint_eq(place.cell, places[_i].place.cell);
	ck_assert_uint_eq(place.column, places[_i].place.column);
	ck_assert_uint_eq(place.row, places[_i].place.row);
	ck_assert_int_eq(place.covered, places[_i].place.covered);
}
END_TEST

START_TEST(a_datagram_larger_than_a_frame_is_a_fragment)
{
	static const char much[3000];

	ck_assert_int_eq(weir_explain_datagram(explainer, much, sizeof(much)), WEIR_REASON_FRAGMENT);
	ck_assert_int_eq(weir_explain_datagram(explainer, much, 1473), WEIR_REASON_FRAGMENT);
	ck_assert_int_ne(weir_explain_datagram(explainer, much, 1472), WEIR_REASON_FRAGMENT);
}
END_TEST

START_TEST(a_frame_that_is_no_packet_passes)
{
	static const unsigned char nothing[60];

	ck_assert_int_eq(weir_explain_frame(explainer, nothing, sizeof(nothing)), WEIR_REASON_NOT_IP);
	ck_assert_int_eq(weir_explain_frame(explainer, nothing, 3), WEIR_REASON_NOT_IP);
}
END_TEST

START_TEST(an_explainer_needs_a_port_and_an_area)
{
	struct weir_explainer *other = NULL;
	const uint16_t port = 1;

	ck_assert_int_eq(weir_explainer_new(&other, &(struct weir_explainer_options){.area = &tiles}),
	                 -EINVAL);
	ck_assert_int_eq(
	        weir_explainer_new(&other, &(struct weir_explainer_options){.ports = &port, .port_count = 1}),
	        -EINVAL);
	ck_assert_ptr_null(other);
	weir_explainer_free(NULL);
}
END_TEST

START_TEST(every_reason_has_a_text)
{
	for (int i = 0; i < WEIR_REASONS; i++)
		ck_assert_ptr_nonnull(weir_reason_text((enum weir_reason)i));
	ck_assert_ptr_null(weir_reason_text(WEIR_REASONS));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("prefilter_explain");
	TCase *explain = tcase_create("explain");

	tcase_add_checked_fixture(explain, set_up, tear_down);
	tcase_add_loop_test(explain, a_datagram_is_explained, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(explain, who_is_not_on_the_allow_list_is_refused);
	tcase_add_test(explain, a_followed_device_passes_also_after_the_others_were_forgotten);
	tcase_add_loop_test(explain, a_place_is_where_the_kernel_looks_for_it, 0,
	                    sizeof(places) / sizeof(places[0]));
	tcase_add_test(explain, a_datagram_larger_than_a_frame_is_a_fragment);
	tcase_add_test(explain, a_frame_that_is_no_packet_passes);
	tcase_add_test(explain, an_explainer_needs_a_port_and_an_area);
	tcase_add_test(explain, every_reason_has_a_text);
	suite_add_tcase(suite, explain);
	return suite_main(suite);
}
