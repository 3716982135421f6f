/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic: what is transmitted when, and that the decoder understands it.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <weir/decode.h>

#include "simulate/fleet.h"
#include "simulate/reporting.h"
#include "simulate/traffic.h"
#include "suite.h"

#define START_NS INT64_C(1763787265000000000) /* 2025-11-22T04:54:25Z */
#define NANOSECONDS INT64_C(1000000000)

static struct weir_traffic *traffic_of(struct weir_traffic_options options)
{
	struct weir_traffic *traffic = NULL;

	options.start_ns = START_NS;
	ck_assert_int_eq(weir_traffic_new(&traffic, &options), 0);
	return traffic;
}

/* The vessel that has an MMSI; VESSELS where none has: a station ashore. */
static size_t vessel_of(struct weir_traffic *traffic, uint32_t mmsi)
{
	struct weir_fleet *fleet = weir_traffic_fleet(traffic);
	size_t v = 0;

	while (v < weir_fleet_count(fleet) && weir_fleet_vessel(fleet, v)->identity.mmsi != mmsi)
		v++;
	return v;
}

START_TEST(the_same_seed_gives_the_same_bytes)
{
	struct weir_traffic_options options = {
	        .vessels = 100, .seed = 5, .tag = true, .malformed_share = 0.1};
	struct weir_traffic *one = traffic_of(options), *other = traffic_of(options);

	for (int i = 0; i < 20000; i++) {
		struct weir_transmission a, b;
		ck_assert_int_eq(weir_traffic_next(one, &a), 0);
		ck_assert_int_eq(weir_traffic_next(other, &b), 0);
		ck_assert_int_eq(a.time_ns, b.time_ns);
		ck_assert_uint_eq(a.count, b.count);
		for (size_t j = 0; j < a.count; j++) {
			ck_assert_uint_eq(a.lines[j].length, b.lines[j].length);
			ck_assert_mem_eq(a.lines[j].bytes, b.lines[j].bytes, a.lines[j].length);
		}
	}
	weir_traffic_free(one);
	weir_traffic_free(other);
}
END_TEST

START_TEST(another_seed_gives_another_fleet)
{
	struct weir_traffic *one = traffic_of((struct weir_traffic_options){.vessels = 50, .seed = 1});
	struct weir_traffic *other = traffic_of((struct weir_traffic_options){.vessels = 50, .seed = 2});
	size_t same = 0;

	for (size_t i = 0; i < 50; i++)
		same += weir_fleet_vessel(weir_traffic_fleet(one), i)->identity.mmsi ==
		        weir_fleet_vessel(weir_traffic_fleet(other), i)->identity.mmsi;
	ck_assert_uint_lt(same, 25);
	weir_traffic_free(one);
	weir_traffic_free(other);
}
END_TEST

START_TEST(time_never_goes_back)
{
	struct weir_traffic *traffic =
	        traffic_of((struct weir_traffic_options){.vessels = 300, .seed = 9, .malformed_share = 0.2});
	int64_t last = START_NS;

	for (int i = 0; i < 50000; i++) {
		struct weir_transmission transmission;
		int64_t due = weir_traffic_due_ns(traffic);
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		ck_assert_int_eq(transmission.time_ns, due);
		ck_assert_int_ge(transmission.time_ns, last);
		last = transmission.time_ns;
	}
	weir_traffic_free(traffic);
}
END_TEST

struct heard {
	uint64_t messages, malformed;
	uint64_t faults[WEIR_FAULTS];
	uint64_t types[64];
	uint64_t no_position;
	uint64_t inside; /* positions in the box of the demonstration */
	uint64_t outside;
	struct weir_message last;
};

static void hear(void *context, const struct weir_message *message)
{
	struct heard *heard = context;
	struct weir_report report;

	heard->messages++;
	heard->types[message->ais.type]++;
	heard->last = *message;
	weir_ais_report(&message->ais, &report);
	bool has_position_field = report.message == 1 || report.message == 3 || report.message == 18;
	if (!has_position_field)
		return;
	if (!(report.has & WEIR_HAS_POSITION))
		heard->no_position++;
	else if (report.longitude_deg >= 3.6 && report.longitude_deg <= 4.6 && report.latitude_deg >= 51.8 &&
	         report.latitude_deg <= 52.2)
		heard->inside++;
	else
		heard->outside++;
}

static void complain(void *context, const struct weir_malformed *malformed)
{
	struct heard *heard = context;

	heard->malformed++;
	heard->faults[malformed->fault]++;
}

static struct weir_decoder *decoder_to(struct heard *heard)
{
	struct weir_decode_sink sink = {.context = heard, .message = hear, .malformed = complain};
	struct weir_decoder *decoder = NULL;

	ck_assert_int_eq(weir_decoder_new(&decoder, NULL, &sink), 0);
	return decoder;
}

static void feed(struct weir_decoder *decoder, const struct weir_transmission *transmission)
{
	for (size_t i = 0; i < transmission->count; i++) {
		struct weir_datagram datagram = {
		        .bytes = (const uint8_t *)transmission->lines[i].bytes,
		        .length = transmission->lines[i].length,
		        .received_ns = transmission->time_ns,
		};
		weir_decoder_feed(decoder, &datagram);
	}
}

START_TEST(every_transmission_is_understood)
{
	struct weir_traffic *traffic =
	        traffic_of((struct weir_traffic_options){.vessels = 300, .seed = 11, .tag = _i == 1});
	struct heard heard = {0};
	struct weir_decoder *decoder = decoder_to(&heard);
	uint64_t class_b_statics = 0;

	for (int i = 0; i < 30000; i++) {
		struct weir_transmission transmission;
		uint64_t before = heard.messages;
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		feed(decoder, &transmission);
		ck_assert_uint_gt(heard.messages, before);
		ck_assert_uint_eq(heard.last.ais.mmsi, transmission.mmsi);
		class_b_statics += heard.last.ais.type == 24;
		if (_i == 1) {
			ck_assert_int_eq(heard.last.time_source, WEIR_TIME_TAG);
			ck_assert_int_eq(heard.last.time_ns,
			                 transmission.time_ns / NANOSECONDS * NANOSECONDS);
			ck_assert_str_eq(heard.last.station, "weir");
		}
	}
	weir_decoder_flush(decoder);
	ck_assert_uint_eq(heard.malformed, 0);
	/* Static data of class B is two messages. */
	ck_assert_uint_eq(heard.messages, 30000 + class_b_statics);
	/* Some report no position, but few; a good part lies outside of the port's box. */
	ck_assert_uint_gt(heard.no_position, 0);
	ck_assert_uint_lt(heard.no_position, 1500);
	ck_assert_uint_gt(heard.outside * 10, 4 * (heard.outside + heard.inside));
	ck_assert_uint_gt(heard.inside * 10, 2 * (heard.outside + heard.inside));
	ck_assert_uint_gt(heard.types[1], 0);
	ck_assert_uint_gt(heard.types[3], 0);
	ck_assert_uint_gt(heard.types[5], 0);
	ck_assert_uint_gt(heard.types[18], 0);
	ck_assert_uint_gt(heard.types[24], 0);
	weir_decoder_free(decoder);
	weir_traffic_free(traffic);
}
END_TEST

START_TEST(each_kind_of_malformed_input_is_refused_for_its_reason)
{
	struct weir_traffic *traffic =
	        traffic_of((struct weir_traffic_options){.vessels = 50, .seed = 3, .malformed_share = 0.3});
	struct heard heard = {0};
	struct weir_decoder *decoder = decoder_to(&heard);
	uint64_t expected[WEIR_FAULTS] = {0};

	for (int i = 0; i < 5000; i++) {
		struct weir_transmission transmission;
		uint64_t before = heard.malformed - heard.faults[WEIR_FAULT_FRAGMENT];
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		feed(decoder, &transmission);
		/* Fragments are given up some time later, everything else is refused at once. */
		if (!transmission.malformed)
			ck_assert_uint_eq(heard.malformed - heard.faults[WEIR_FAULT_FRAGMENT], before);
	}
	weir_decoder_flush(decoder);
	const struct weir_traffic_counters *counters = weir_traffic_counters(traffic);
	for (enum weir_spoil spoil = 0; spoil < WEIR_SPOILS; spoil++) {
		ck_assert_uint_gt(counters->spoiled[spoil], 0);
		expected[weir_spoil_fault(spoil)] += counters->spoiled[spoil];
	}
	for (enum weir_fault fault = 0; fault < WEIR_FAULTS; fault++)
		ck_assert_msg(heard.faults[fault] == expected[fault], "%s: %llu, not %llu",
		              weir_fault_name(fault), (unsigned long long)heard.faults[fault],
		              (unsigned long long)expected[fault]);
	weir_decoder_free(decoder);
	weir_traffic_free(traffic);
}
END_TEST

/* What one vessel was heard to do. */
struct log {
	uint32_t mmsi;
	int64_t position_ns, static_ns;
	double due_s; /* until the next position */
};

START_TEST(intervals_are_those_of_the_tables_within_a_slot)
{
	enum { VESSELS = 300 };
	struct weir_traffic *traffic =
	        traffic_of((struct weir_traffic_options){.vessels = VESSELS, .seed = 21});
	struct weir_fleet *fleet = weir_traffic_fleet(traffic);
	static struct log logs[VESSELS];
	uint64_t checked = 0;

	memset(logs, 0, sizeof(logs));
	for (int i = 0; i < 60000; i++) {
		struct weir_transmission transmission;
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		bool is_static = transmission.count > 1;
		size_t v = vessel_of(traffic, transmission.mmsi);
		if (v == VESSELS)
			continue;
		struct log *log = &logs[v];
		const struct weir_motion *motion = &weir_fleet_vessel(fleet, v)->motion;
		if (log->mmsi != transmission.mmsi)
			*log = (struct log){.mmsi = transmission.mmsi};
		if (is_static) {
			if (log->static_ns)
				ck_assert_int_eq(transmission.time_ns - log->static_ns, 360 * NANOSECONDS);
			log->static_ns = transmission.time_ns;
			continue;
		}
		if (log->position_ns) {
			double passed =
			        (double)(transmission.time_ns - log->position_ns) / (double)NANOSECONDS;
			ck_assert_double_le(fabs(passed - log->due_s), log->due_s * 0.1 + 1e-6);
			checked++;
		}
		log->position_ns = transmission.time_ns;
		log->due_s = weir_fleet_vessel(fleet, v)->identity.class_b
		                     ? weir_reporting_interval_b_s(motion->sog_kn)
		                     : weir_reporting_interval_a_s(motion->nav_status, motion->sog_kn,
		                                                   motion->turn_deg_min);
	}
	ck_assert_uint_gt(checked, 50000);
	weir_traffic_free(traffic);
}
END_TEST

START_TEST(base_stations_report_every_ten_seconds_and_aids_every_three_minutes)
{
	struct weir_traffic *traffic = traffic_of((struct weir_traffic_options){.vessels = 1, .seed = 4});
	struct heard heard = {0};
	struct weir_decoder *decoder = decoder_to(&heard);
	uint32_t bases = 0, aids = 0;

	while (weir_traffic_due_ns(traffic) < START_NS + 1800 * NANOSECONDS) {
		struct weir_transmission transmission;
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		feed(decoder, &transmission);
		bases += transmission.mmsi < 10000000;
		aids += transmission.mmsi > 990000000;
	}
	/* Two and four of them for half an hour. */
	ck_assert_uint_eq(bases, 2 * 180);
	ck_assert_uint_eq(aids, 4 * 10);
	ck_assert_uint_eq(heard.types[4], bases);
	ck_assert_uint_eq(heard.types[21], aids);
	ck_assert_uint_eq(heard.malformed, 0);
	weir_decoder_free(decoder);
	weir_traffic_free(traffic);
}
END_TEST

START_TEST(names_come_within_six_minutes_and_near_the_port_before_the_second_position)
{
	enum { VESSELS = 300 };
	struct weir_traffic *traffic =
	        traffic_of((struct weir_traffic_options){.vessels = VESSELS, .seed = 8});
	struct weir_fleet *fleet = weir_traffic_fleet(traffic);
	static int positions[VESSELS];
	int introduced = 0, early = 0;

	memset(positions, 0, sizeof(positions));
	while (weir_traffic_due_ns(traffic) < START_NS + 360 * NANOSECONDS) {
		struct weir_transmission transmission;
		ck_assert_int_eq(weir_traffic_next(traffic, &transmission), 0);
		size_t v = vessel_of(traffic, transmission.mmsi);
		if (v == VESSELS)
			continue;
		if (transmission.count == 1) {
			positions[v]++;
			continue;
		}
		bool first = positions[v] < 1000;
		introduced += first;
		early += positions[v] == 1;
		positions[v] += 1000;
		/* The berths, and where pilots wait. */
		double longitude = weir_fleet_vessel(fleet, v)->motion.longitude_deg;
		double latitude = weir_fleet_vessel(fleet, v)->motion.latitude_deg;
		if (first && longitude > 3.95 && longitude < 4.35 && latitude > 51.87 && latitude < 52.0)
			ck_assert_int_eq(positions[v], 1001);
	}
	ck_assert_int_eq(introduced, VESSELS);
	ck_assert_int_gt(early, VESSELS / 5);
	weir_traffic_free(traffic);
}
END_TEST

START_TEST(options_out_of_range_are_refused)
{
	struct weir_traffic *traffic = NULL;
	struct weir_traffic_options none = {.vessels = 0}, many = {.vessels = WEIR_FLEET_MAX + 1},
	                            share = {.vessels = 1, .malformed_share = 1.5},
	                            station = {.vessels = 1, .station = "sixteen chars ..."};

	ck_assert_int_eq(weir_traffic_new(&traffic, &none), -EINVAL);
	ck_assert_int_eq(weir_traffic_new(&traffic, &many), -EINVAL);
	ck_assert_int_eq(weir_traffic_new(&traffic, &share), -EINVAL);
	ck_assert_int_eq(weir_traffic_new(&traffic, &station), -EINVAL);
	ck_assert_ptr_null(traffic);
}
END_TEST

static Suite *traffic_suite(void)
{
	Suite *suite = suite_create("traffic");
	TCase *tests = tcase_create("traffic");

	tcase_add_test(tests, the_same_seed_gives_the_same_bytes);
	tcase_add_test(tests, another_seed_gives_another_fleet);
	tcase_add_test(tests, time_never_goes_back);
	tcase_add_loop_test(tests, every_transmission_is_understood, 0, 2);
	tcase_add_test(tests, each_kind_of_malformed_input_is_refused_for_its_reason);
	tcase_add_test(tests, intervals_are_those_of_the_tables_within_a_slot);
	tcase_add_test(tests, base_stations_report_every_ten_seconds_and_aids_every_three_minutes);
	tcase_add_test(tests, names_come_within_six_minutes_and_near_the_port_before_the_second_position);
	tcase_add_test(tests, options_out_of_range_are_refused);
	tcase_set_timeout(tests, 60);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return suite_main(traffic_suite());
}
