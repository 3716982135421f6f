/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading GPS sentences: which field is where, and what modes and status letters do to a position.
 */
#include "gps_sentence.h"

#include <errno.h>
#include <string.h>

#include "calendar.h"
#include "gps_fields.h"

#define KN_PER_KMH (1.0 / 1.852)

static void date(struct gps_parse *parse, int day, int month, int year)
{
	/* A year of two digits is checked as one that is a leap year if any is. */
	if (!is_date(year < 100 ? 2000 + year : year, month, day)) {
		parse->bad = true;
		return;
	}
	parse->out->date =
	        (struct gps_date){.year = (uint16_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
}

/* Four fields: latitude, N or S, longitude, E or W. */
static void position(struct gps_parse *parse, uint32_t index)
{
	struct weir_fix *fix = &parse->out->fix;
	bool latitude = gps_angle(parse, index, "NS", 90, &fix->latitude_deg);
	bool longitude = gps_angle(parse, index + 2, "EW", 180, &fix->longitude_deg);

	if (latitude != longitude && !parse->off_the_earth)
		parse->bad = true;
	parse->out->has_position = latitude && longitude;
}

/* The position is none: the receiver's status or mode says so. */
static void make_void(struct gps_parse *parse)
{
	parse->out->is_void = true;
	parse->out->has_position = false;
}

/* The mode indicator. Entered by hand or simulated is as good as nothing. */
static void apply_mode(struct gps_parse *parse, char mode)
{
	switch (mode) {
	case '\0':
		return;
	case 'A':
	case 'D':
	case 'P':
	case 'R':
	case 'F':
	case 'E':
		parse->out->fix.mode = mode;
		return;
	case 'N':
	case 'M':
	case 'S':
		make_void(parse);
		return;
	default:
		parse->bad = true;
	}
}

static void apply_status(struct gps_parse *parse, char status)
{
	if (status == 'V')
		make_void(parse);
	else if (status != 'A' && status != '\0')
		parse->bad = true;
}

/* Values */

static void speed(struct gps_parse *parse, double sog_kn)
{
	parse->out->fix.sog_kn = sog_kn;
	parse->out->fix.has |= WEIR_FIX_HAS_SOG;
	parse->bad |= sog_kn < 0;
}

static void course(struct gps_parse *parse, uint32_t index)
{
	if (gps_direction(parse, index, &parse->out->fix.cog_deg))
		parse->out->fix.has |= WEIR_FIX_HAS_COG;
}

/* Three fields: satellites in use, HDOP, altitude. */
static void quality(struct gps_parse *parse, uint32_t index)
{
	struct weir_fix *fix = &parse->out->fix;
	double satellites;

	if (gps_number(parse, index, &satellites)) {
		parse->bad |= satellites < 0 || satellites > 99;
		fix->satellites = parse->bad ? 0 : (uint8_t)satellites;
		fix->has |= WEIR_FIX_HAS_SATELLITES;
	}
	if (gps_number(parse, index + 1, &fix->hdop))
		fix->has |= WEIR_FIX_HAS_HDOP;
	if (gps_number(parse, index + 2, &fix->altitude_m))
		fix->has |= WEIR_FIX_HAS_ALTITUDE;
}

/* Sentences */

/* time, status, position (4), SOG, COG, date, variation (2), from 2.3 on mode, from 4.1 on status. */
static void read_rmc(struct gps_parse *parse)
{
	const struct gps_field *day = gps_field(parse, 8);
	double sog_kn;

	gps_time_of_day(parse, 0);
	position(parse, 2);
	if (gps_number(parse, 6, &sog_kn))
		speed(parse, sog_kn);
	course(parse, 7);
	if (day->length == 6)
		date(parse, gps_two_digits(day->text), gps_two_digits(day->text + 2),
		     gps_two_digits(day->text + 4));
	else if (day->length > 0)
		parse->bad = true;
	char status = gps_letter(parse, 1);

	apply_status(parse, status != '\0' ? status : 'V');
	apply_mode(parse, gps_letter(parse, 11));
}

/* time, position (4), quality, satellites, HDOP, altitude, M, geoid, M, age, station */
static void read_gga(struct gps_parse *parse)
{
	static const char modes[] = "NADPRFEMSD"; /* quality 0 to 8; 9 is a maker's name for differential */
	char digit = gps_letter(parse, 5);

	gps_time_of_day(parse, 0);
	position(parse, 1);
	quality(parse, 6);
	if (digit >= '0' && digit <= '9')
		apply_mode(parse, modes[digit - '0']);
	else if (digit != '\0')
		parse->bad = true;
	else
		make_void(parse);
}

/* position (4), time, status, from 2.3 on mode */
static void read_gll(struct gps_parse *parse)
{
	position(parse, 0);
	gps_time_of_day(parse, 4);
	apply_status(parse, gps_letter(parse, 5));
	apply_mode(parse, gps_letter(parse, 6));
}

/* time, position (4), a mode for each system, satellites, HDOP, altitude, geoid, age, station, status */
static void read_gns(struct gps_parse *parse)
{
	const struct gps_field *modes = gps_field(parse, 5);
	char best = 'N';

	gps_time_of_day(parse, 0);
	position(parse, 1);
	quality(parse, 6);
	for (uint32_t i = 0; i < modes->length; i++) {
		if (modes->text[i] < 'A' || modes->text[i] > 'Z')
			parse->bad = true;
		else if (best == 'N')
			best = modes->text[i];
	}
	apply_mode(parse, best);
}

/* course true, T, course magnetic, M, knots, N, km/h, K, from 2.3 on mode */
static void read_vtg(struct gps_parse *parse)
{
	double sog_kn, sog_kmh;
	char mode = gps_letter(parse, 8);

	course(parse, 0);
	if (gps_number(parse, 4, &sog_kn))
		speed(parse, sog_kn);
	else if (gps_number(parse, 6, &sog_kmh))
		speed(parse, sog_kmh * KN_PER_KMH);
	if (mode == 'N' || mode == 'M' || mode == 'S')
		parse->out->fix.has = 0;
}

/* time, day, month, year, zone hours, zone minutes */
static void read_zda(struct gps_parse *parse)
{
	const struct gps_field *day = gps_field(parse, 1), *month = gps_field(parse, 2),
	                       *year = gps_field(parse, 3);

	gps_time_of_day(parse, 0);
	if (day->length == 0 && month->length == 0 && year->length == 0)
		return;
	if (day->length != 2 || month->length != 2 || year->length != 4) {
		parse->bad = true;
		return;
	}
	int century = gps_two_digits(year->text);
	int rest = gps_two_digits(year->text + 2);

	date(parse, gps_two_digits(day->text), gps_two_digits(month->text),
	     century < 0 || rest < 0 ? -1 : century * 100 + rest);
}

/* heading true, T */
static void read_hdt(struct gps_parse *parse)
{
	if (gps_direction(parse, 0, &parse->out->fix.heading_deg))
		parse->out->fix.has |= WEIR_FIX_HAS_HEADING;
}

static const struct form {
	char name[4];
	uint32_t kind;
	uint8_t fields_min, fields_max; /* behind the address */
	void (*read)(struct gps_parse *parse);
} forms[] = {
        {"RMC", WEIR_FIX_RMC, 11, 13, read_rmc}, {"GGA", WEIR_FIX_GGA, 14, 14, read_gga},
        {"GLL", WEIR_FIX_GLL, 4, 7, read_gll},   {"GNS", WEIR_FIX_GNS, 12, 13, read_gns},
        {"VTG", WEIR_FIX_VTG, 8, 9, read_vtg},   {"ZDA", WEIR_FIX_ZDA, 4, 6, read_zda},
        {"HDT", WEIR_FIX_HDT, 2, 2, read_hdt},
};

int weir_gps_parse(struct gps_sentence *out, enum weir_fault *fault, const struct frame *frame,
                   uint32_t address)
{
	const struct form *form = NULL;
	struct gps_sentence sentence = {0};
	struct gps_parse parse = {.out = &sentence};

	/* An address of five characters that begins with P is a maker's own: $PGRMC is no RMC. */
	if (address != 5 || frame->text[0] != '$' || frame->text[1] == 'P')
		return -ENOENT;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (memcmp(frame->text + 3, forms[i].name, 3) == 0)
			form = &forms[i];
	if (form == NULL)
		return -ENOENT;
	*fault = WEIR_FAULT_FIELDS;
	if (!gps_split(&parse, frame, address) || parse.count < form->fields_min ||
	    parse.count > form->fields_max)
		return -EBADMSG;
	sentence.kind = form->kind;
	form->read(&parse);
	if (parse.bad)
		return -EBADMSG;
	*fault = WEIR_FAULT_POSITION;
	if (parse.off_the_earth)
		return -EBADMSG;
	*out = sentence;
	return 0;
}
