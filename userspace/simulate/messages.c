/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields as in ITU-R M.1371-5, annex 8; their units are those of <weir/ais_fields.h>. */
#include "messages.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weir/area.h>

#include "reporting.h"

/* A GNSS receiver's error wanders: some metres, correlated over a minute. */
#define ERROR_M 3.0
#define ERROR_SECONDS 60.0

#define NANOSECONDS INT64_C(1000000000)

void weir_transponder_install(struct weir_transponder *transponder, const struct weir_identity *identity,
                              struct weir_random *random)
{
	bool large = identity->to_bow_m + identity->to_stern_m > 50;

	*transponder = (struct weir_transponder){
	        .has_heading = weir_random_chance(random, identity->class_b ? 0.2
	                                                  : large           ? 0.98
	                                                                    : 0.8),
	        .has_turn = !identity->class_b && weir_random_chance(random, large ? 0.8 : 0.2),
	        /* One in fifty has an antenna in the wrong place. */
	        .position_fails = weir_random_chance(random, 0.02) ? 0.4 : 0.001,
	        .east_error_m = ERROR_M * weir_random_normal(random),
	        .north_error_m = ERROR_M * weir_random_normal(random),
	        .channel_b = weir_random_chance(random, 0.5),
	};
}

/* Lets the error wander on: a Gauss-Markov process. */
static void wander(struct weir_transponder *transponder, int64_t time_ns, struct weir_random *random)
{
	double seconds = (double)(time_ns - transponder->error_ns) / NANOSECONDS;
	double kept = transponder->error_ns == 0 ? 0 : exp(-seconds / ERROR_SECONDS);
	double fresh = ERROR_M * sqrt(1 - kept * kept);

	transponder->east_error_m = kept * transponder->east_error_m + fresh * weir_random_normal(random);
	transponder->north_error_m = kept * transponder->north_error_m + fresh * weir_random_normal(random);
	transponder->error_ns = time_ns;
}

struct fix {
	int32_t longitude, latitude;
	uint16_t sog, cog, heading;
};

static struct fix take_fix(const struct weir_vessel *vessel, struct weir_transponder *transponder,
                           int64_t time_ns, struct weir_random *random)
{
	const struct weir_motion *motion = &vessel->motion;
	double longitude = motion->longitude_deg, latitude = motion->latitude_deg;
	double heading = weir_course_normal(motion->heading_deg + 0.5 * weir_random_normal(random));
	double cog = motion->cog_deg + 0.5 * weir_random_normal(random);
	double sog = fabs(motion->sog_kn + 0.05 * weir_random_normal(random));

	/* Over ground a vessel at rest goes nowhere, in any direction. */
	if (motion->sog_kn < 0.2)
		cog = weir_random_between(random, 0, 360);
	wander(transponder, time_ns, random);
	weir_offset(&longitude, &latitude, transponder->east_error_m, transponder->north_error_m);

	struct fix fix = {
	        .longitude = (int32_t)lrint(longitude * WEIR_UNITS_PER_DEGREE),
	        .latitude = (int32_t)lrint(latitude * WEIR_UNITS_PER_DEGREE),
	        .sog = (uint16_t)lrint(fmin(sog, 102.2) * 10),
	        .cog = (uint16_t)(lrint(weir_course_normal(cog) * 10) % 3600),
	        .heading = transponder->has_heading ? (uint16_t)(lrint(heading) % 360) : 511,
	};
	if (weir_random_chance(random, transponder->position_fails)) {
		fix.longitude = WEIR_LONGITUDE_NOT_AVAILABLE;
		fix.latitude = WEIR_LATITUDE_NOT_AVAILABLE;
		fix.sog = 1023;
		fix.cog = 3600;
	}
	return fix;
}

/* 4.733 times the root of the degrees a minute; 126 is 708 degrees a minute or more. */
static int8_t turn_code(double turn_deg_min)
{
	double code = fmin(4.733 * sqrt(fabs(turn_deg_min)), 126);

	return (int8_t)lrint(copysign(code, turn_deg_min));
}

static void position_a(struct weir_ais *ais, const struct weir_vessel *vessel, const struct fix *fix,
                       uint8_t second, bool has_turn, struct weir_random *random)
{
	uint8_t status = vessel->motion.nav_status;
	bool lying = status == WEIR_STATUS_AT_ANCHOR || status == WEIR_STATUS_MOORED;

	/* Message 3 answers long intervals, whose slots are reserved by increments (annex 2, 3.3.4.3). */
	ais->type = lying ? 3 : 1;
	ais->layout = WEIR_AIS_LAYOUT_position_a;
	ais->position_a = (struct weir_ais_position_a){
	        .status = status,
	        .turn = has_turn ? turn_code(vessel->motion.turn_deg_min) : -128,
	        .sog = fix->sog,
	        .accuracy = weir_random_chance(random, 0.7),
	        .longitude = fix->longitude,
	        .latitude = fix->latitude,
	        .cog = fix->cog,
	        .heading = fix->heading,
	        .second = second,
	        .radio = weir_random_below(random, 1u << 14), /* synchronised to UTC, direct */
	};
}

static void position_b(struct weir_ais *ais, const struct fix *fix, uint8_t second,
                       struct weir_random *random)
{
	ais->type = 18;
	ais->layout = WEIR_AIS_LAYOUT_position_b;
	ais->position_b = (struct weir_ais_position_b){
	        .sog = fix->sog,
	        .accuracy = weir_random_chance(random, 0.5),
	        .longitude = fix->longitude,
	        .latitude = fix->latitude,
	        .cog = fix->cog,
	        .heading = fix->heading,
	        .second = second,
	        .cs = true,
	        .dsc = true,
	        .band = true,
	        .msg22 = true,
	        .radio = 0xe0006, /* what carrier-sense units send (annex 8, 3.16) */
	};
}

void weir_message_position(struct weir_ais *ais, const struct weir_vessel *vessel,
                           struct weir_transponder *transponder, int64_t time_ns, struct weir_random *random)
{
	struct fix fix = take_fix(vessel, transponder, time_ns, random);
	bool available = fix.longitude != WEIR_LONGITUDE_NOT_AVAILABLE;
	uint8_t second = available ? (uint8_t)(time_ns / NANOSECONDS % 60) : 60;

	memset(ais, 0, sizeof(*ais));
	ais->mmsi = vessel->identity.mmsi;
	if (vessel->identity.class_b)
		position_b(ais, &fix, second, random);
	else
		position_a(ais, vessel, &fix, second, transponder->has_turn, random);
}

void weir_message_static_a(struct weir_ais *ais, const struct weir_identity *identity)
{
	memset(ais, 0, sizeof(*ais));
	ais->type = 5;
	ais->mmsi = identity->mmsi;
	ais->layout = WEIR_AIS_LAYOUT_static_a;
	ais->static_a = (struct weir_ais_static_a){
	        .version = 2,
	        .imo = identity->imo,
	        .ship_type = identity->ship_type,
	        .to_bow = identity->to_bow_m,
	        .to_stern = identity->to_stern_m,
	        .to_port = identity->to_port_m,
	        .to_starboard = identity->to_starboard_m,
	        .epfd = 1,
	        .month = identity->eta_month,
	        .day = identity->eta_day,
	        .hour = identity->eta_hour,
	        .minute = identity->eta_minute,
	        .draught = identity->draught_dm,
	};
	snprintf(ais->static_a.call_sign, sizeof(ais->static_a.call_sign), "%s", identity->call_sign);
	snprintf(ais->static_a.name, sizeof(ais->static_a.name), "%s", identity->name);
	snprintf(ais->static_a.destination, sizeof(ais->static_a.destination), "%s", identity->destination);
}

void weir_message_static_b(struct weir_ais *name, struct weir_ais *details,
                           const struct weir_identity *identity)
{
	memset(name, 0, sizeof(*name));
	name->type = 24;
	name->mmsi = identity->mmsi;
	name->layout = WEIR_AIS_LAYOUT_static_b_name;
	snprintf(name->static_b_name.name, sizeof(name->static_b_name.name), "%s", identity->name);

	memset(details, 0, sizeof(*details));
	details->type = 24;
	details->mmsi = identity->mmsi;
	details->layout = WEIR_AIS_LAYOUT_static_b_details;
	details->static_b_details = (struct weir_ais_static_b_details){
	        .part = 1,
	        .ship_type = identity->ship_type,
	        .vendor = "WRS",
	        .model = 1,
	        .serial = identity->mmsi % 1000000,
	        .to_bow = identity->to_bow_m,
	        .to_stern = identity->to_stern_m,
	        .to_port = identity->to_port_m,
	        .to_starboard = identity->to_starboard_m,
	        .epfd = 1,
	};
	snprintf(details->static_b_details.call_sign, sizeof(details->static_b_details.call_sign), "%s",
	         identity->call_sign);
}
