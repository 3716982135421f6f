/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AIS messages by the encoder (fields as in ITU-R M.1371-5, annex 8; their units are those of
 * <weir/ais_fields.h>), GPS sentences as NMEA 0183 4.10 has them.
 */
#include "scenario/utterance.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <weir/area.h>
#include <weir/encode.h>

#include "simulate/messages.h"
#include "simulate/reporting.h"

#define NANOSECONDS INT64_C(1000000000)

_Static_assert(WEIR_UTTERANCE_MAX >= WEIR_AIS_SENTENCES_MAX, "a message fits");

static int say(const struct weir_ais *ais, char channel, uint8_t sequence, char *out, size_t size)
{
	const struct weir_sentence_options options = {.channel = channel, .sequence = sequence};

	return weir_ais_sentences(ais, &options, out, size);
}

/* What both classes have in common. */
struct fix {
	int32_t longitude, latitude;
	uint16_t sog, cog, heading;
	uint8_t second;
};

static struct fix fix_of(const struct weir_track_state *state, int64_t time_ns)
{
	return (struct fix){
	        .longitude = (int32_t)lrint(state->longitude_deg * WEIR_UNITS_PER_DEGREE),
	        .latitude = (int32_t)lrint(state->latitude_deg * WEIR_UNITS_PER_DEGREE),
	        .sog = (uint16_t)lrint(fmin(state->sog_kn, 102.2) * 10),
	        .cog = (uint16_t)(lrint(state->cog_deg * 10) % 3600),
	        .heading = (uint16_t)(lrint(state->cog_deg) % 360),
	        .second = (uint8_t)(time_ns / NANOSECONDS % 60),
	};
}

static void position_a(struct weir_ais *ais, const struct fix *fix, uint8_t status)
{
	bool lying = status == WEIR_STATUS_AT_ANCHOR || status == WEIR_STATUS_MOORED;

	ais->type = lying ? 3 : 1;
	ais->layout = WEIR_AIS_LAYOUT_position_a;
	ais->position_a = (struct weir_ais_position_a){
	        .status = status,
	        .turn = -128,
	        .sog = fix->sog,
	        .accuracy = true,
	        .longitude = fix->longitude,
	        .latitude = fix->latitude,
	        .cog = fix->cog,
	        .heading = fix->heading,
	        .second = fix->second,
	};
}

static void position_b(struct weir_ais *ais, const struct fix *fix)
{
	ais->type = 18;
	ais->layout = WEIR_AIS_LAYOUT_position_b;
	ais->position_b = (struct weir_ais_position_b){
	        .sog = fix->sog,
	        .accuracy = true,
	        .longitude = fix->longitude,
	        .latitude = fix->latitude,
	        .cog = fix->cog,
	        .heading = fix->heading,
	        .second = fix->second,
	        .cs = true,
	        .dsc = true,
	        .band = true,
	        .msg22 = true,
	        .radio = 0xe0006, /* what carrier-sense units send (annex 8, 3.16) */
	};
}

/* ---- GPS ---- */

static int sentence(char *out, size_t size, const char *body)
{
	unsigned int sum = 0;

	for (const char *p = body; *p; p++)
		sum ^= (unsigned char)*p;
	return snprintf(out, size, "$%s*%02X\r\n", body, sum);
}

/* "5159.40000,N": degrees with that many digits, then minutes. */
static void write_angle(char out[32], double degrees, int digits, const char *sides)
{
	int64_t units = llrint(fabs(degrees) * 60 * 100000);

	snprintf(out, 32, "%0*lld%02lld.%05lld,%c", digits, (long long)(units / 6000000),
	         (long long)(units / 100000 % 60), (long long)(units % 100000), sides[degrees < 0]);
}

static int say_fix(const struct weir_track_state *state, int64_t time_ns, char *out, size_t size)
{
	time_t seconds = (time_t)(time_ns / NANOSECONDS);
	int hundredths = (int)(time_ns % NANOSECONDS / 10000000);
	char body[160], latitude[32], longitude[32], clock[16];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	write_angle(latitude, state->latitude_deg, 2, "NS");
	write_angle(longitude, state->longitude_deg, 3, "EW");
	snprintf(clock, sizeof clock, "%02d%02d%02d.%02d", tm.tm_hour % 100, tm.tm_min % 100, tm.tm_sec % 100,
	         hundredths % 100);
	snprintf(body, sizeof body, "GPRMC,%s,A,%s,%s,%.1f,%.1f,%02d%02d%02d,,,A", clock, latitude, longitude,
	         state->sog_kn, (double)(lrint(state->cog_deg * 10) % 3600) / 10, tm.tm_mday % 100,
	         (tm.tm_mon + 1) % 100, tm.tm_year % 100);
	int first = sentence(out, size, body);
	snprintf(body, sizeof body, "GPGGA,%s,%s,%s,1,09,0.9,2.0,M,0.0,M,,", clock, latitude, longitude);
	int second = sentence(out + first, size - (size_t)first, body);
	return first + second;
}

/* ---- The faces ---- */

int weir_utter_position(const struct weir_scenario_device *device, const struct weir_track_state *state,
                        int64_t time_ns, char channel, char out[WEIR_UTTERANCE_MAX])
{
	const struct fix fix = fix_of(state, time_ns);
	struct weir_ais ais = {.mmsi = (uint32_t)device->mmsi};

	if (device->class == WEIR_SCENARIO_GPS)
		return say_fix(state, time_ns, out, WEIR_UTTERANCE_MAX);
	if (device->class == WEIR_SCENARIO_B)
		position_b(&ais, &fix);
	else
		position_a(&ais, &fix, state->nav_status);
	return say(&ais, channel, 0, out, WEIR_UTTERANCE_MAX);
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

static struct weir_identity identity_of(const struct weir_scenario_device *device)
{
	struct weir_identity identity = {
	        .mmsi = (uint32_t)device->mmsi,
	        .ship_type = (uint8_t)device->ship_type,
	        .class_b = device->class == WEIR_SCENARIO_B,
	        .to_bow_m = (uint16_t)(device->length_m - device->length_m / 2),
	        .to_stern_m = (uint16_t)(device->length_m / 2),
	        .to_port_m = (uint8_t)(device->beam_m - device->beam_m / 2),
	        .to_starboard_m = (uint8_t)(device->beam_m / 2),
	        .eta_hour = 24, /* not available */
	        .eta_minute = 60,
	};

	copy(identity.call_sign, sizeof identity.call_sign, device->call_sign);
	copy(identity.name, sizeof identity.name, device->name);
	copy(identity.destination, sizeof identity.destination, device->destination);
	return identity;
}

int weir_utter_static(const struct weir_scenario_device *device, char channel, uint8_t sequence,
                      char out[WEIR_UTTERANCE_MAX])
{
	const struct weir_identity identity = identity_of(device);
	struct weir_ais ais, details;

	if (!identity.class_b) {
		weir_message_static_a(&ais, &identity);
		return say(&ais, channel, sequence, out, WEIR_UTTERANCE_MAX);
	}
	weir_message_static_b(&ais, &details, &identity);
	int name = say(&ais, channel, 0, out, WEIR_UTTERANCE_MAX);
	if (name < 0)
		return name;
	int rest = say(&details, channel, 0, out + name, WEIR_UTTERANCE_MAX - (size_t)name);
	return rest < 0 ? rest : name + rest;
}

int weir_utter_text(const struct weir_scenario_device *device, const struct weir_track_state *state,
                    char channel, char out[WEIR_UTTERANCE_MAX])
{
	static const char *const kinds[] = {"SART", "MOB", "EPIRB"}; /* 970, 972, 974 */
	struct weir_ais ais = {
	        .type = 14, .mmsi = (uint32_t)device->mmsi, .layout = WEIR_AIS_LAYOUT_text_broadcast};

	snprintf(ais.text_broadcast.text, sizeof ais.text_broadcast.text, "%s %s",
	         kinds[(device->mmsi / 1000000 - 970) / 2], state->nav_status == 14 ? "ACTIVE" : "TEST");
	return say(&ais, channel, 0, out, WEIR_UTTERANCE_MAX);
}
