/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading GPS sentences field by field. An empty field is a value that is not there; a field that is not
 * empty and does not parse makes the sentence malformed.
 */
#include "gps_sentence.h"

#include <errno.h>
#include <string.h>

#include "calendar.h"
#include "stamp.h"

#define FIELDS_MAX 16
#define KN_PER_KMH (1.0 / 1.852)

struct field {
	const char *text;
	uint32_t length;
};

/* A sentence being read. The first field that does not parse sets the fault. */
struct parse {
	struct gps_sentence *out;
	struct field fields[FIELDS_MAX];
	uint32_t count;
	bool bad;           /* a field does not parse */
	bool off_the_earth; /* a position out of range */
};

/* Fields */

static const struct field *field(const struct parse *parse, uint32_t index)
{
	static const struct field none = {.text = "", .length = 0};

	return index < parse->count ? &parse->fields[index] : &none;
}

/* The only character of a field; '\0': it is empty. */
static char letter(struct parse *parse, uint32_t index)
{
	const struct field *f = field(parse, index);

	if (f->length > 1)
		parse->bad = true;
	return f->length == 1 ? f->text[0] : '\0';
}

/*
 * Digits with at most one point among them, as an integer of 10^-decimals units; more decimals than that
 * are cut off. Returns false where the field is empty or does not parse.
 */
static bool scaled(struct parse *parse, const struct field *f, uint32_t decimals, int64_t *value)
{
	uint32_t digits = 0, after = 0;
	bool point = false;
	int64_t sum = 0;

	if (f->length == 0)
		return false;
	for (uint32_t i = 0; i < f->length; i++) {
		char c = f->text[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || (!point && ++digits > 9)) {
			parse->bad = true;
			return false;
		}
		if (point && after == decimals)
			continue;
		after += point;
		sum = sum * 10 + (c - '0');
	}
	if (digits == 0 && after == 0) {
		parse->bad = true;
		return false;
	}
	for (; after < decimals; after++)
		sum *= 10;
	*value = sum;
	return true;
}

/* A number with up to six decimals, perhaps negative. */
static bool number(struct parse *parse, uint32_t index, double *value)
{
	struct field f = *field(parse, index);
	bool negative = f.length > 0 && f.text[0] == '-';
	int64_t millionths;

	if (negative) {
		f.text++;
		f.length--;
		parse->bad |= f.length == 0;
	}
	if (!scaled(parse, &f, 6, &millionths))
		return false;
	*value = (double)(negative ? -millionths : millionths) / 1e6;
	return true;
}

static int two_digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* hhmmss or hhmmss.sss */
static void time_of_day(struct parse *parse, uint32_t index)
{
	const struct field *f = field(parse, index);
	int64_t ns;

	if (f->length == 0)
		return;
	if (f->length < 6) {
		parse->bad = true;
		return;
	}
	struct field seconds = {.text = f->text + 4, .length = f->length - 4};
	int hour = two_digits(f->text);
	int minute = two_digits(f->text + 2);

	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || (f->length > 6 && f->text[6] != '.') ||
	    !scaled(parse, &seconds, 9, &ns) || ns >= 61 * NS_PER_SECOND) {
		parse->bad = true;
		return;
	}
	parse->out->has_time = true;
	parse->out->time_of_day_ns = (hour * 60 + minute) * 60 * NS_PER_SECOND + ns;
}

static void date(struct parse *parse, int day, int month, int year)
{
	/* A year of two digits is checked as one that is a leap year if any is. */
	if (!is_date(year < 100 ? 2000 + year : year, month, day)) {
		parse->bad = true;
		return;
	}
	parse->out->date =
	        (struct gps_date){.year = (uint16_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
}

/* Positions */

/* ddmm.mmmm, degrees of one, two or three digits, and the hemisphere. Returns false where both are empty. */
static bool angle(struct parse *parse, uint32_t index, const char *hemispheres, int limit, double *degrees)
{
	const int64_t minute = 1000000000; /* 10^-9 minutes: finer than any receiver writes */
	const struct field *f = field(parse, index);
	char hemisphere = letter(parse, index + 1);
	int64_t value;

	if (f->length == 0 && hemisphere == '\0')
		return false;
	if (!scaled(parse, f, 9, &value) || (hemisphere != hemispheres[0] && hemisphere != hemispheres[1])) {
		parse->bad = true;
		return false;
	}
	int64_t whole = value / (100 * minute);
	int64_t rest = value % (100 * minute);

	if (rest >= 60 * minute) {
		parse->bad = true;
		return false;
	}
	value = whole * 60 * minute + rest;
	if (value > limit * 60 * minute) {
		parse->off_the_earth = true;
		return false;
	}
	*degrees = (double)(hemisphere == hemispheres[1] ? -value : value) / (60.0 * 1e9);
	return true;
}

/* Four fields: latitude, N or S, longitude, E or W. */
static void position(struct parse *parse, uint32_t index)
{
	struct weir_fix *fix = &parse->out->fix;
	bool latitude = angle(parse, index, "NS", 90, &fix->latitude_deg);
	bool longitude = angle(parse, index + 2, "EW", 180, &fix->longitude_deg);

	if (latitude != longitude && !parse->off_the_earth)
		parse->bad = true;
	parse->out->has_position = latitude && longitude;
}

/* The position is none: the receiver's status or mode says so. */
static void make_void(struct parse *parse)
{
	parse->out->is_void = true;
	parse->out->has_position = false;
}

/* The mode indicator. Entered by hand or simulated is as good as nothing. */
static void apply_mode(struct parse *parse, char mode)
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

static void apply_status(struct parse *parse, char status)
{
	if (status == 'V')
		make_void(parse);
	else if (status != 'A' && status != '\0')
		parse->bad = true;
}

/* Values */

static void speed(struct parse *parse, double sog_kn)
{
	parse->out->fix.sog_kn = sog_kn;
	parse->out->fix.has |= WEIR_FIX_HAS_SOG;
	parse->bad |= sog_kn < 0;
}

/* 360 degrees are 0. Returns false where the field is empty or out of range. */
static bool direction(struct parse *parse, uint32_t index, double *degrees)
{
	double value;

	if (!number(parse, index, &value))
		return false;
	if (value < 0 || value > 360) {
		parse->bad = true;
		return false;
	}
	*degrees = value < 360 ? value : 0;
	return true;
}

static void course(struct parse *parse, uint32_t index)
{
	if (direction(parse, index, &parse->out->fix.cog_deg))
		parse->out->fix.has |= WEIR_FIX_HAS_COG;
}

/* Three fields: satellites in use, HDOP, altitude. */
static void quality(struct parse *parse, uint32_t index)
{
	struct weir_fix *fix = &parse->out->fix;
	double satellites;

	if (number(parse, index, &satellites)) {
		parse->bad |= satellites < 0 || satellites > 99;
		fix->satellites = parse->bad ? 0 : (uint8_t)satellites;
		fix->has |= WEIR_FIX_HAS_SATELLITES;
	}
	if (number(parse, index + 1, &fix->hdop))
		fix->has |= WEIR_FIX_HAS_HDOP;
	if (number(parse, index + 2, &fix->altitude_m))
		fix->has |= WEIR_FIX_HAS_ALTITUDE;
}

/* Sentences */

/* time, status, position (4), SOG, COG, date, variation (2), from 2.3 on mode, from 4.1 on status. */
static void read_rmc(struct parse *parse)
{
	const struct field *day = field(parse, 8);
	double sog_kn;

	time_of_day(parse, 0);
	position(parse, 2);
	if (number(parse, 6, &sog_kn))
		speed(parse, sog_kn);
	course(parse, 7);
	if (day->length == 6)
		date(parse, two_digits(day->text), two_digits(day->text + 2), two_digits(day->text + 4));
	else if (day->length > 0)
		parse->bad = true;
	char status = letter(parse, 1);

	apply_status(parse, status != '\0' ? status : 'V');
	apply_mode(parse, letter(parse, 11));
}

/* time, position (4), quality, satellites, HDOP, altitude, M, geoid, M, age, station */
static void read_gga(struct parse *parse)
{
	static const char modes[] = "NADPRFEMSD"; /* quality 0 to 8; 9 is a maker's name for differential */
	char digit = letter(parse, 5);

	time_of_day(parse, 0);
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
static void read_gll(struct parse *parse)
{
	position(parse, 0);
	time_of_day(parse, 4);
	apply_status(parse, letter(parse, 5));
	apply_mode(parse, letter(parse, 6));
}

/* time, position (4), a mode for each system, satellites, HDOP, altitude, geoid, age, station, status */
static void read_gns(struct parse *parse)
{
	const struct field *modes = field(parse, 5);
	char best = 'N';

	time_of_day(parse, 0);
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
static void read_vtg(struct parse *parse)
{
	double sog_kn, sog_kmh;
	char mode = letter(parse, 8);

	course(parse, 0);
	if (number(parse, 4, &sog_kn))
		speed(parse, sog_kn);
	else if (number(parse, 6, &sog_kmh))
		speed(parse, sog_kmh * KN_PER_KMH);
	if (mode == 'N' || mode == 'M' || mode == 'S')
		parse->out->fix.has = 0;
}

/* time, day, month, year, zone hours, zone minutes */
static void read_zda(struct parse *parse)
{
	const struct field *day = field(parse, 1), *month = field(parse, 2), *year = field(parse, 3);

	time_of_day(parse, 0);
	if (day->length == 0 && month->length == 0 && year->length == 0)
		return;
	if (day->length != 2 || month->length != 2 || year->length != 4) {
		parse->bad = true;
		return;
	}
	int century = two_digits(year->text);
	int rest = two_digits(year->text + 2);

	date(parse, two_digits(day->text), two_digits(month->text),
	     century < 0 || rest < 0 ? -1 : century * 100 + rest);
}

/* heading true, T */
static void read_hdt(struct parse *parse)
{
	if (direction(parse, 0, &parse->out->fix.heading_deg))
		parse->out->fix.has |= WEIR_FIX_HAS_HEADING;
}

static const struct form {
	char name[4];
	uint32_t kind;
	uint8_t fields_min, fields_max; /* behind the address */
	void (*read)(struct parse *parse);
} forms[] = {
        {"RMC", WEIR_FIX_RMC, 11, 13, read_rmc}, {"GGA", WEIR_FIX_GGA, 14, 14, read_gga},
        {"GLL", WEIR_FIX_GLL, 4, 7, read_gll},   {"GNS", WEIR_FIX_GNS, 12, 13, read_gns},
        {"VTG", WEIR_FIX_VTG, 8, 9, read_vtg},   {"ZDA", WEIR_FIX_ZDA, 4, 6, read_zda},
        {"HDT", WEIR_FIX_HDT, 2, 2, read_hdt},
};

/* Splits what stands behind the address. Returns false where there are too many fields. */
static bool split(struct parse *parse, const struct frame *frame, uint32_t address)
{
	const char *at = (const char *)frame->text + 1 + address;
	const char *end = (const char *)frame->text + frame->body;

	while (at < end) {
		const char *comma = memchr(at + 1, ',', (size_t)(end - at - 1));
		const char *next = comma != NULL ? comma : end;

		if (parse->count == FIELDS_MAX)
			return false;
		parse->fields[parse->count++] =
		        (struct field){.text = at + 1, .length = (uint32_t)(next - at - 1)};
		at = next;
	}
	return true;
}

int weir_gps_parse(struct gps_sentence *out, enum weir_fault *fault, const struct frame *frame,
                   uint32_t address)
{
	const struct form *form = NULL;
	struct gps_sentence sentence = {0};
	struct parse parse = {.out = &sentence};

	/* An address of five characters that begins with P is a maker's own: $PGRMC is no RMC. */
	if (address != 5 || frame->text[0] != '$' || frame->text[1] == 'P')
		return -ENOENT;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (memcmp(frame->text + 3, forms[i].name, 3) == 0)
			form = &forms[i];
	if (form == NULL)
		return -ENOENT;
	*fault = WEIR_FAULT_FIELDS;
	if (!split(&parse, frame, address) || parse.count < form->fields_min ||
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
