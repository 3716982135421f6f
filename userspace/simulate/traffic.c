/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every vessel has two entries in the timetable: its next position report, and its next static data. Stations
 * ashore have one each, numbered after those of the vessels.
 * What comes out is made in one buffer, line after line.
 */
#include "traffic.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/encode.h>

#include "fleet.h"
#include "messages.h"
#include "reporting.h"
#include "rotterdam.h"
#include "shore.h"
#include "tag.h"
#include "timetable.h"

#define NANOSECONDS INT64_C(1000000000)

/*
 * A receiver that has just been switched on waits up to six minutes for the name of a vessel. A demonstration
 * is too short for that: vessels near the port say who they are shortly after their first position, and
 * before their second.
 */
#define INTRODUCTION_S 1.5
#define NEAR_M 25000.0

/* A station moves a report to a free slot within a tenth of the interval (annex 2, 3.3.4.2.1: 20 % in all).
 */
#define SLOT_SHARE 0.1

#define STATION_MAX 15 /* characters in s: of a TAG block (NMEA 0183 4.10, 7.9.2.4) */

#define LINES_SIZE (WEIR_TRANSMISSION_LINES_MAX * (WEIR_AIS_SENTENCES_MAX + 80))

struct weir_traffic {
	struct weir_random random;
	struct weir_fleet *fleet;
	struct weir_timetable *timetable;
	struct weir_traffic_counters counters;
	double malformed_share;
	bool tag;
	char station[STATION_MAX + 1];
	uint8_t sequence;   /* of the next message in several sentences */
	uint32_t group;     /* TAG block group of it */
	uint32_t spoils;    /* goes through the kinds in turn */
	bool spoil_is_next; /* a malformed datagram follows the last transmission */
	int64_t last_ns;
	struct weir_ais last;
	size_t used;
	char lines[LINES_SIZE];
	struct aboard {
		struct weir_transponder transponder;
		int64_t advanced_ns; /* the vessel is where it was then */
	} aboard[];
};

static int64_t in_seconds(double seconds)
{
	return llrint(seconds * (double)NANOSECONDS);
}

/* Numbers in the timetable: even for positions, odd for static data. */
static uint32_t number_of(size_t vessel, bool statics)
{
	return (uint32_t)vessel * 2 + statics;
}

static double interval_s(const struct weir_vessel *vessel)
{
	const struct weir_motion *motion = &vessel->motion;

	if (vessel->identity.class_b)
		return weir_reporting_interval_b_s(motion->sog_kn);
	return weir_reporting_interval_a_s(motion->nav_status, motion->sog_kn, motion->turn_deg_min);
}

static double shore_interval_s(const struct weir_shore *shore)
{
	return shore->name ? WEIR_ATON_INTERVAL_S : WEIR_BASE_INTERVAL_S;
}

static bool is_near(const struct weir_vessel *vessel)
{
	double east_m, north_m;

	weir_difference(WEIR_ANTENNA_LONGITUDE_DEG, WEIR_ANTENNA_LATITUDE_DEG, vessel->motion.longitude_deg,
	                vessel->motion.latitude_deg, &east_m, &north_m);
	return hypot(east_m, north_m) < NEAR_M;
}

static void schedule_vessels(struct weir_traffic *traffic, int64_t start_ns)
{
	for (size_t i = 0; i < weir_fleet_count(traffic->fleet); i++) {
		const struct weir_vessel *vessel = weir_fleet_vessel(traffic->fleet, i);
		double position_s = weir_random_between(&traffic->random, 0, interval_s(vessel));
		double static_s = weir_random_between(&traffic->random, 0, WEIR_STATIC_INTERVAL_S);

		if (is_near(vessel))
			static_s = position_s + INTRODUCTION_S * static_s / WEIR_STATIC_INTERVAL_S;
		weir_transponder_install(&traffic->aboard[i].transponder, &vessel->identity,
		                         &traffic->random);
		traffic->aboard[i].advanced_ns = start_ns;
		weir_timetable_add(traffic->timetable,
		                   (struct weir_due){start_ns + in_seconds(position_s), number_of(i, false)});
		weir_timetable_add(traffic->timetable,
		                   (struct weir_due){start_ns + in_seconds(static_s), number_of(i, true)});
	}
}

static void schedule_shore(struct weir_traffic *traffic, int64_t start_ns)
{
	uint32_t number = number_of(weir_fleet_count(traffic->fleet), false);
	size_t count;
	const struct weir_shore *shore = weir_shore(&count);

	for (size_t i = 0; i < count; i++) {
		double first_s = weir_random_between(&traffic->random, 0, shore_interval_s(&shore[i]));
		weir_timetable_add(traffic->timetable,
		                   (struct weir_due){start_ns + in_seconds(first_s), number + (uint32_t)i});
	}
}

int weir_traffic_new(struct weir_traffic **out, const struct weir_traffic_options *options)
{
	const char *station = options->station ? options->station : "weir";
	size_t shore_count;

	if (options->vessels > WEIR_FLEET_MAX || strlen(station) > STATION_MAX ||
	    !(options->malformed_share >= 0 && options->malformed_share <= 1))
		return -EINVAL;

	weir_shore(&shore_count);
	struct weir_traffic *traffic =
	        calloc(1, sizeof(*traffic) + options->vessels * sizeof(traffic->aboard[0]));
	if (!traffic)
		return -ENOMEM;
	/* Not the seed of the fleet: the two must not run in step. */
	weir_random_seed(&traffic->random, ~options->seed);
	traffic->malformed_share = options->malformed_share;
	traffic->tag = options->tag;
	snprintf(traffic->station, sizeof(traffic->station), "%s", station);
	int rc = weir_fleet_new(&traffic->fleet, options->vessels, options->seed, options->start_ns);
	if (rc == 0)
		rc = weir_timetable_new(&traffic->timetable, options->vessels * 2 + shore_count);
	if (rc < 0) {
		weir_traffic_free(traffic);
		return rc;
	}
	schedule_vessels(traffic, options->start_ns);
	schedule_shore(traffic, options->start_ns);
	*out = traffic;
	return 0;
}

static void add_line(struct weir_traffic *traffic, struct weir_transmission *transmission,
                     const char *sentence, size_t length, uint32_t part, uint32_t parts)
{
	char *line = traffic->lines + traffic->used;
	size_t room = sizeof(traffic->lines) - traffic->used, tag = 0;

	if (transmission->count == WEIR_TRANSMISSION_LINES_MAX || room < length + WEIR_TAG_MAX)
		return;
	if (traffic->tag)
		tag = weir_tag_write(
		        &(struct weir_tag){.station = traffic->station,
		                           .time_ns = transmission->time_ns / NANOSECONDS * NANOSECONDS,
		                           .part = part,
		                           .parts = parts,
		                           .group = traffic->group},
		        line);
	memcpy(line + tag, sentence, length);
	traffic->used += tag + length;
	transmission->lines[transmission->count++] = (struct weir_line){line, (uint32_t)(tag + length)};
}

/* Adds the sentences of a message, each a line. */
static int add_message(struct weir_traffic *traffic, struct weir_transmission *transmission,
                       const struct weir_ais *ais, struct weir_transponder *transponder)
{
	struct weir_sentence_options options = {
	        .channel = transponder->channel_b ? 'B' : 'A',
	        .sequence = traffic->sequence,
	};
	char sentences[WEIR_AIS_SENTENCES_MAX];
	uint32_t parts = 0, part = 0;
	int length = weir_ais_sentences(ais, &options, sentences, sizeof(sentences));

	if (length < 0)
		return length;
	transponder->channel_b = !transponder->channel_b;
	for (const char *p = sentences; (p = strchr(p, '\n')); p++)
		parts++;
	if (parts > 1) {
		traffic->sequence = (uint8_t)((traffic->sequence + 1) % 10);
		traffic->group = traffic->group % 9999 + 1;
	}
	for (const char *from = sentences, *end; (end = strchr(from, '\n')); from = end + 1)
		add_line(traffic, transmission, from, (size_t)(end + 1 - from), ++part, parts);
	return 0;
}

static int add_position(struct weir_traffic *traffic, struct weir_transmission *transmission, size_t index)
{
	struct weir_vessel *vessel = weir_fleet_vessel(traffic->fleet, index);
	struct aboard *aboard = &traffic->aboard[index];

	weir_vessel_advance(vessel, (double)(transmission->time_ns - aboard->advanced_ns) / NANOSECONDS);
	aboard->advanced_ns = transmission->time_ns;
	if (vessel->done) {
		weir_fleet_replace(traffic->fleet, index);
		weir_transponder_install(&aboard->transponder, &vessel->identity, &traffic->random);
		traffic->counters.replaced++;
	}
	transmission->mmsi = vessel->identity.mmsi;
	weir_message_position(&traffic->last, vessel, &aboard->transponder, transmission->time_ns,
	                      &traffic->random);
	traffic->counters.positions++;
	traffic->spoil_is_next = weir_random_chance(&traffic->random, traffic->malformed_share);

	double slot = weir_random_between(&traffic->random, 1 - SLOT_SHARE, 1 + SLOT_SHARE);
	weir_timetable_move_first(traffic->timetable,
	                          transmission->time_ns + in_seconds(interval_s(vessel) * slot));
	return add_message(traffic, transmission, &traffic->last, &aboard->transponder);
}

static int add_static(struct weir_traffic *traffic, struct weir_transmission *transmission, size_t index)
{
	const struct weir_identity *identity = &weir_fleet_vessel(traffic->fleet, index)->identity;
	struct weir_transponder *transponder = &traffic->aboard[index].transponder;
	struct weir_ais ais, details;
	int rc;

	transmission->mmsi = identity->mmsi;
	traffic->counters.statics++;
	weir_timetable_move_first(traffic->timetable,
	                          transmission->time_ns + in_seconds(WEIR_STATIC_INTERVAL_S));
	if (!identity->class_b) {
		weir_message_static_a(&ais, identity);
		return add_message(traffic, transmission, &ais, transponder);
	}
	weir_message_static_b(&ais, &details, identity);
	rc = add_message(traffic, transmission, &ais, transponder);
	return rc < 0 ? rc : add_message(traffic, transmission, &details, transponder);
}

static int add_shore(struct weir_traffic *traffic, struct weir_transmission *transmission, size_t index)
{
	size_t count;
	const struct weir_shore *shore = &weir_shore(&count)[index];
	/* Base stations and aids stay on one channel at a time; which one matters to nobody here. */
	struct weir_transponder transponder = {.channel_b = index % 2};
	struct weir_ais ais;

	transmission->mmsi = shore->mmsi;
	traffic->counters.shore++;
	weir_timetable_move_first(traffic->timetable,
	                          transmission->time_ns + in_seconds(shore_interval_s(shore)));
	weir_message_shore(&ais, shore, transmission->time_ns);
	return add_message(traffic, transmission, &ais, &transponder);
}

static int add_malformed(struct weir_traffic *traffic, struct weir_transmission *transmission)
{
	enum weir_spoil spoil = (enum weir_spoil)(traffic->spoils++ % WEIR_SPOILS);
	int length = weir_spoil(spoil, &traffic->last, &traffic->random, traffic->lines);

	traffic->spoil_is_next = false;
	if (length < 0)
		return length;
	traffic->counters.spoiled[spoil]++;
	transmission->malformed = true;
	transmission->lines[transmission->count++] = (struct weir_line){traffic->lines, (uint32_t)length};
	return 0;
}

int64_t weir_traffic_due_ns(const struct weir_traffic *traffic)
{
	return traffic->spoil_is_next ? traffic->last_ns : weir_timetable_first(traffic->timetable).time_ns;
}

int weir_traffic_next(struct weir_traffic *traffic, struct weir_transmission *transmission)
{
	*transmission = (struct weir_transmission){.time_ns = weir_traffic_due_ns(traffic)};
	traffic->used = 0;
	traffic->last_ns = transmission->time_ns;
	if (traffic->spoil_is_next)
		return add_malformed(traffic, transmission);

	uint32_t number = weir_timetable_first(traffic->timetable).number;
	uint32_t vessels = number_of(weir_fleet_count(traffic->fleet), false);
	if (number >= vessels)
		return add_shore(traffic, transmission, number - vessels);
	if (number % 2 == 0)
		return add_position(traffic, transmission, number / 2);
	return add_static(traffic, transmission, number / 2);
}

struct weir_fleet *weir_traffic_fleet(struct weir_traffic *traffic)
{
	return traffic->fleet;
}

const struct weir_traffic_counters *weir_traffic_counters(const struct weir_traffic *traffic)
{
	return &traffic->counters;
}

void weir_traffic_free(struct weir_traffic *traffic)
{
	if (!traffic)
		return;
	weir_timetable_free(traffic->timetable);
	weir_fleet_free(traffic->fleet);
	free(traffic);
}
