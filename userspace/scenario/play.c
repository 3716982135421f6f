/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A timetable says who transmits next. What is transmitted waits, as a line for each station that hears it,
 * until it arrives.
 */
#include "scenario/play.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/arrivals.h"
#include "scenario/track.h"
#include "scenario/utterance.h"
#include "simulate/random.h"
#include "simulate/reporting.h"
#include "simulate/route.h"
#include "simulate/tag.h"
#include "simulate/timetable.h"

#define NANOSECONDS INT64_C(1000000000)
#define GROUPS 9999

/* An AIS-SART: eight messages a minute, two seconds apart; in each fourth burst the fifth and the sixth are
 * text (ITU-R M.1371-5, annex 9). */
#define BURST 8
#define BURST_NS (60 * NANOSECONDS)
#define IN_BURST_NS (2 * NANOSECONDS)
#define TEXT_BURSTS 4

struct actor {
	struct weir_track *track;
	struct weir_random random;
	uint64_t said; /* positions, or a SART's messages */
	bool channel_b;
};

struct weir_play {
	const struct weir_scenario *scenario;
	struct weir_timetable *timetable; /* device i: static data 2i, positions 2i + 1; then marks */
	struct weir_arrivals *arrivals;
	size_t mark;
	uint8_t sequence;
	uint32_t group;
	int64_t newest_ns;
	struct weir_play_counters counters;
	struct actor actors[];
};

static bool says_static(const struct weir_scenario_device *device)
{
	return device->name || device->call_sign || device->destination || device->has_ship_type ||
	       device->has_length || device->has_beam;
}

static int64_t mark_ns(const struct weir_play *play)
{
	return play->mark < play->scenario->mark_count ? play->scenario->marks[play->mark].at_ns : INT64_MAX;
}

int weir_play_new(struct weir_play **out, const struct weir_scenario *scenario)
{
	struct weir_play *play = calloc(1, sizeof *play + scenario->device_count * sizeof play->actors[0]);
	int rc = 0;

	if (!play)
		return -ENOMEM;
	play->scenario = scenario;
	play->newest_ns = INT64_MIN;
	rc = weir_arrivals_new(&play->arrivals);
	if (rc == 0)
		rc = weir_timetable_new(&play->timetable, 2 * scenario->device_count + 1);
	for (size_t i = 0; i < scenario->device_count && rc == 0; i++) {
		const struct weir_scenario_device *device = &scenario->devices[i];
		uint32_t number = (uint32_t)(2 * i);

		rc = weir_track_new(&play->actors[i].track, device);
		/* A device's noise does not depend on the others. */
		weir_random_seed(&play->actors[i].random, scenario->seed + i * UINT64_C(0x9e3779b97f4a7c15));
		if (device->from_ns >= device->until_ns)
			continue;
		if (says_static(device))
			weir_timetable_add(play->timetable, (struct weir_due){device->from_ns, number});
		weir_timetable_add(play->timetable, (struct weir_due){device->from_ns, number + 1});
	}
	if (rc < 0) {
		weir_play_free(play);
		return rc;
	}
	/* One entry more than devices have, so that there is a first one always. */
	weir_timetable_add(play->timetable,
	                   (struct weir_due){mark_ns(play), (uint32_t)(2 * scenario->device_count)});
	*out = play;
	return 0;
}

/* Each sentence becomes a datagram. */
static void send(struct weir_play *play, const char *sentences, const struct weir_scenario_station *station,
                 int64_t made_ns, int64_t late_ns, bool one_message)
{
	struct weir_tag tag = {.station = station->name,
	                       .time_ns = play->scenario->start_ns + made_ns + station->clock_ns,
	                       .group = play->group};
	const struct weir_arrival when = {.made_ns = made_ns,
	                                  .arrives_ns = made_ns + station->delay_ns + late_ns};
	char text[WEIR_TAG_MAX];

	for (const char *p = sentences; one_message && (p = strchr(p, '\n')); p++)
		tag.parts++;
	for (const char *from = sentences, *end; (end = strchr(from, '\n')); from = end + 1) {
		tag.part++;
		weir_tag_write(&tag, text);
		weir_arrivals_add(play->arrivals, &when, text, from, (size_t)(end + 1 - from));
	}
}

/* To all who hear it: the stations; a GPS device's own line, which names it. */
static void transmit(struct weir_play *play, const struct weir_scenario_device *device, const char *sentences,
                     int64_t made_ns, const struct weir_track_state *state, bool one_message)
{
	const struct weir_scenario_station own = {.name = device->id};

	play->group = play->group % GROUPS + 1;
	if (device->class == WEIR_SCENARIO_GPS) {
		send(play, sentences, &own, made_ns, state->late_ns, false);
		return;
	}
	for (size_t i = 0; i < play->scenario->station_count; i++)
		send(play, sentences, &play->scenario->stations[i], made_ns, state->late_ns, one_message);
}

static char next_channel(struct actor *actor)
{
	actor->channel_b = !actor->channel_b;
	return actor->channel_b ? 'A' : 'B';
}

static void add_noise(struct actor *actor, const struct weir_scenario_device *device,
                      struct weir_track_state *state)
{
	if (device->noise_m <= 0)
		return;
	double east_m = device->noise_m * weir_random_normal(&actor->random);
	double north_m = device->noise_m * weir_random_normal(&actor->random);

	weir_offset(&state->longitude_deg, &state->latitude_deg, east_m, north_m);
	state->longitude_deg = remainder(state->longitude_deg, 360);
}

/* When its next position is due after the one of now. */
static int64_t next_position_ns(const struct actor *actor, const struct weir_scenario_device *device,
                                const struct weir_track_state *state, int64_t now_ns)
{
	int64_t change_ns = weir_track_next_change_ns(actor->track);
	double interval_s;

	if (device->class == WEIR_SCENARIO_SART)
		return device->from_ns + (int64_t)(actor->said / BURST) * BURST_NS +
		       (int64_t)(actor->said % BURST) * IN_BURST_NS;
	if (device->has_interval)
		return now_ns + device->interval_ns;
	if (device->class == WEIR_SCENARIO_GPS)
		interval_s = 1;
	else if (device->class == WEIR_SCENARIO_B)
		interval_s = weir_reporting_interval_b_s(state->sog_kn);
	else
		interval_s = weir_reporting_interval_a_s(state->nav_status, state->sog_kn, 0);
	int64_t next_ns = now_ns + llrint(interval_s * (double)NANOSECONDS);
	return change_ns < next_ns ? change_ns : next_ns;
}

static bool is_text(const struct weir_scenario_device *device, uint64_t number)
{
	return device->class == WEIR_SCENARIO_SART && number / BURST % TEXT_BURSTS == 0 &&
	       (number % BURST == 4 || number % BURST == 5);
}

static int make_position(struct weir_play *play, size_t index, int64_t at_ns)
{
	const struct weir_scenario_device *device = &play->scenario->devices[index];
	struct actor *actor = &play->actors[index];
	char sentences[WEIR_UTTERANCE_MAX];
	struct weir_track_state state;

	weir_track_advance(actor->track, at_ns, &state);
	bool text = is_text(device, actor->said++);
	int64_t next_ns = next_position_ns(actor, device, &state, at_ns);
	weir_timetable_move_first(play->timetable, next_ns < device->until_ns ? next_ns : INT64_MAX);
	add_noise(actor, device, &state);
	int rc = text ? weir_utter_text(device, &state, next_channel(actor), sentences)
	              : weir_utter_position(device, &state, play->scenario->start_ns + at_ns,
	                                    next_channel(actor), sentences);
	if (rc < 0 || state.silent)
		return rc < 0 ? rc : 0;
	play->counters.positions += !text;
	play->counters.others += text;
	transmit(play, device, sentences, at_ns, &state, true);
	return 0;
}

static int make_static(struct weir_play *play, size_t index, int64_t at_ns)
{
	const struct weir_scenario_device *device = &play->scenario->devices[index];
	struct actor *actor = &play->actors[index];
	int64_t next_ns = at_ns + device->static_ns;
	char sentences[WEIR_UTTERANCE_MAX];
	struct weir_track_state state;

	weir_track_advance(actor->track, at_ns, &state);
	weir_timetable_move_first(play->timetable, next_ns < device->until_ns ? next_ns : INT64_MAX);
	play->sequence = (uint8_t)((play->sequence + 1) % 10);
	int rc = weir_utter_static(device, next_channel(actor), play->sequence, sentences);
	if (rc < 0 || state.silent)
		return rc < 0 ? rc : 0;
	play->counters.others++;
	/* Message 24 is two messages, 5 one in two sentences. */
	transmit(play, device, sentences, at_ns, &state, device->class == WEIR_SCENARIO_A);
	return 0;
}

static void make_mark(struct weir_play *play, int64_t at_ns)
{
	const char *text = play->scenario->marks[play->mark++].text;
	const struct weir_arrival when = {.made_ns = at_ns, .arrives_ns = at_ns, .remark = true};
	char line[512];

	int length = snprintf(line, sizeof line, "%s\n", text);
	weir_arrivals_add(play->arrivals, &when, "# ", line, (size_t)length);
	weir_timetable_move_first(play->timetable, mark_ns(play));
}

static int make(struct weir_play *play, struct weir_due due)
{
	if (due.number == 2 * play->scenario->device_count) {
		make_mark(play, due.time_ns);
		return 0;
	}
	if (due.number % 2 == 0)
		return make_static(play, due.number / 2, due.time_ns);
	return make_position(play, due.number / 2, due.time_ns);
}

/* Makes all that may arrive before what is first on its way. Returns 0 or a negative errno. */
static int prepare(struct weir_play *play)
{
	for (;;) {
		const struct weir_due due = weir_timetable_first(play->timetable);
		const struct weir_arrival *next = weir_arrivals_first(play->arrivals);

		if (due.time_ns >= play->scenario->duration_ns || (next && next->arrives_ns < due.time_ns))
			return 0;
		int rc = make(play, due);
		if (rc < 0)
			return rc;
	}
}

int64_t weir_play_due_ns(struct weir_play *play)
{
	if (prepare(play) < 0)
		return play->scenario->start_ns; /* weir_play_next() says why */
	const struct weir_arrival *next = weir_arrivals_first(play->arrivals);
	return next ? play->scenario->start_ns + next->arrives_ns : INT64_MAX;
}

int weir_play_next(struct weir_play *play, struct weir_transmission *transmission)
{
	int rc = prepare(play);

	if (rc < 0)
		return rc;
	if (!weir_arrivals_first(play->arrivals))
		return -ENODATA;
	const struct weir_arrival *next = weir_arrivals_take(play->arrivals);
	*transmission = (struct weir_transmission){
	        .time_ns = play->scenario->start_ns + next->arrives_ns,
	        .remark = next->remark,
	        .count = 1,
	        .lines = {{next->bytes, next->length}},
	};
	play->counters.datagrams += !next->remark;
	play->counters.late += !next->remark && next->made_ns < play->newest_ns;
	if (next->made_ns > play->newest_ns)
		play->newest_ns = next->made_ns;
	return 0;
}

const struct weir_play_counters *weir_play_counters(const struct weir_play *play)
{
	return &play->counters;
}

void weir_play_free(struct weir_play *play)
{
	if (!play)
		return;
	for (size_t i = 0; i < play->scenario->device_count; i++)
		weir_track_free(play->actors[i].track);
	weir_timetable_free(play->timetable);
	weir_arrivals_free(play->arrivals);
	free(play);
}
