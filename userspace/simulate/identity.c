/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of flags, names and sizes, and the choice among them. */
#include "identity.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct flag {
	uint16_t mid;      /* maritime identification digits, ITU-R M.585 */
	char call_sign[3]; /* ITU call sign series; a letter or digit is added to one of one character */
};

/* The flags of the world's fleet that call at Rotterdam, the frequent ones more than once. */
static const struct flag ocean_flags[] = {
        {636, "D5"}, {636, "A8"}, {538, "V7"}, {538, "V7"}, {563, "9V"}, {565, "9V"}, {477, "VR"},
        {477, "VR"}, {355, "3E"}, {370, "3F"}, {372, "H3"}, {215, "9H"}, {229, "9H"}, {249, "9H"},
        {248, "9H"}, {209, "5B"}, {210, "C4"}, {305, "V2"}, {304, "V2"}, {308, "C6"}, {311, "C6"},
        {241, "SV"}, {219, "OW"}, {220, "OX"}, {258, "LA"}, {257, "LD"}, {255, "CQ"}, {235, "2E"},
        {232, "MA"}, {211, "DC"}, {218, "DJ"}, {228, "FN"}, {413, "BP"}, {265, "SE"}, {230, "OJ"},
        {244, "PB"}, {245, "PC"}, {246, "PH"},
};
static const struct flag near_flags[] = {
        {244, "PD"}, {244, "PE"}, {245, "PC"}, {246, "PH"}, {244, "PB"},
        {205, "OR"}, {211, "DF"}, {235, "MQ"}, {305, "V2"}, {304, "V2"},
        {209, "5B"}, {265, "SG"}, {219, "OZ"}, {258, "LN"}, {255, "CR"},
};
static const struct flag dutch_flags[] = {{244, "PD"}, {244, "PE"}, {244, "PF"}, {244, "PG"}, {244, "PI"}};
static const struct flag inland_flags[] = {{244, "PD"}, {244, "PE"}, {244, "PF"}, {205, "OT"}, {211, "DA"}};

static const char *const ocean_first[] = {
        "AMBER",  "BALTIC",  "CORAL",  "DELTA",    "EASTERN", "FAIR",   "GRAND",  "HANSEATIC", "INDIGO",
        "JADE",   "KESTREL", "LUNAR",  "MERIDIAN", "NORDIC",  "OPAL",   "POLAR",  "QUARTZ",    "ROYAL",
        "SILVER", "TITAN",   "UNITED", "VALIANT",  "WESTERN", "YELLOW", "ZENITH",
};
static const char *const ocean_second[] = {
        "PIONEER", "TRADER", "HARMONY", "GLORY",  "HORIZON", "VENTURE", "HERON",   "FALCON",
        "MARINER", "ARROW",  "BREEZE",  "SUMMIT", "HARVEST", "LEGACY",  "PROMISE", "VOYAGER",
};
static const char *const coast_first[] = {
        "NOORD", "ZUIDER",  "WADDEN", "EEMS",  "SCHELDE", "IJSSEL", "MAAS",
        "LINGE", "DOLLARD", "FRISIA", "HUNZE", "REEST",   "VECHT",
};
static const char *const coast_second[] = {
        "BORG", "STROOM", "LAND", "GRACHT", "WIND", "DIEP", "STERN", "VAART", "RIJK", "KADE", "HORN",
};
static const char *const harbour_first[] = {
        "SMALLE", "BREDE",  "STERKE", "VLUGGE", "OUDE",   "JONGE",
        "ROODE",  "BLAUWE", "GROENE", "WITTE",  "GOUDEN",
};
static const char *const harbour_second[] = {
        "BEVER", "OTTER", "REIGER", "MEEUW", "ZEEHOND", "BRUINVIS",    "DOLFIJN",
        "WULP",  "KLUUT", "SNOEK",  "STEUR", "PALING",  "AALSCHOLVER",
};
static const char *const yacht_first[] = {
        "BLUE", "SEA",   "WIND", "LITTLE", "SUMMER", "OCEAN",
        "LAZY", "SALTY", "WILD", "STILL",  "SUNNY",  "MISTY",
};
static const char *const yacht_second[] = {
        "DREAM", "SONG", "ROSE", "SPIRIT", "DANCER", "SWALLOW", "WHISPER", "PEARL", "GYPSY", "OYSTER", "JUNO",
};

struct words {
	const char *const *first;
	size_t first_count;
	const char *between;
	const char *const *second;
	size_t second_count;
};

#define WORDS(stem, between)                                                                                 \
	{                                                                                                    \
		stem##_first, LENGTH(stem##_first), between, stem##_second, LENGTH(stem##_second)            \
	}

static const struct words words[] = {
        [WEIR_NAMES_OCEAN] = WORDS(ocean, " "),
        [WEIR_NAMES_COAST] = WORDS(coast, ""),
        [WEIR_NAMES_HARBOUR] = WORDS(harbour, " "),
        [WEIR_NAMES_YACHT] = WORDS(yacht, " "),
};
_Static_assert(LENGTH(words) == WEIR_NAMES, "words for each sort of names");

#define FLAGS(stem) stem##_flags, LENGTH(stem##_flags)

struct kind {
	enum weir_names names;
	const struct flag *flags;
	size_t flag_count;
	uint8_t types[4]; /* ITU-R M.1371-5 table 53 */
	uint16_t shortest_m, longest_m;
	uint8_t narrowest_m, widest_m; /* of the shortest and of the longest */
	uint8_t least_dm, most_dm;     /* draught */
	bool imo, class_b;
};

/* clang-format off */
static const struct kind kinds[] = {
	[WEIR_VESSEL_CONTAINER] = {WEIR_NAMES_OCEAN, FLAGS(ocean), {70, 71, 72, 79}, 140, 399, 22, 61, 78, 158, true, false},
	[WEIR_VESSEL_CARGO]     = {WEIR_NAMES_OCEAN, FLAGS(ocean), {70, 70, 79, 71}, 120, 292, 18, 45, 65, 175, true, false},
	[WEIR_VESSEL_COASTER]   = {WEIR_NAMES_COAST, FLAGS(near), {70, 79, 70, 72}, 75, 119, 11, 16, 32, 65, true, false},
	[WEIR_VESSEL_TANKER]    = {WEIR_NAMES_OCEAN, FLAGS(ocean), {80, 81, 82, 89}, 95, 336, 15, 60, 55, 205, true, false},
	[WEIR_VESSEL_FERRY]     = {WEIR_NAMES_COAST, FLAGS(near), {60, 69, 60, 69}, 160, 240, 25, 32, 58, 68, true, false},
	[WEIR_VESSEL_BARGE]     = {WEIR_NAMES_HARBOUR, FLAGS(inland), {79, 79, 80, 70}, 67, 135, 8, 17, 15, 38, false, false},
	[WEIR_VESSEL_TUG]       = {WEIR_NAMES_HARBOUR, FLAGS(dutch), {52, 52, 31, 52}, 24, 33, 10, 13, 40, 60, true, false},
	[WEIR_VESSEL_PILOT]     = {WEIR_NAMES_COAST, FLAGS(dutch), {50, 50, 50, 50}, 18, 81, 6, 13, 10, 40, false, false},
	[WEIR_VESSEL_DREDGER]   = {WEIR_NAMES_HARBOUR, FLAGS(near), {33, 33, 33, 33}, 70, 150, 14, 28, 35, 85, true, false},
	[WEIR_VESSEL_PATROL]    = {WEIR_NAMES_HARBOUR, FLAGS(dutch), {55, 55, 51, 55}, 15, 38, 5, 9, 12, 25, false, false},
	[WEIR_VESSEL_FISHING]   = {WEIR_NAMES_HARBOUR, FLAGS(near), {30, 30, 30, 30}, 20, 42, 6, 9, 25, 45, false, false},
	[WEIR_VESSEL_CREW_BOAT] = {WEIR_NAMES_HARBOUR, FLAGS(near), {40, 90, 49, 90}, 20, 30, 7, 10, 12, 20, false, false},
	[WEIR_VESSEL_YACHT]     = {WEIR_NAMES_YACHT, FLAGS(near), {36, 37, 36, 37}, 8, 18, 3, 5, 10, 25, false, true},
};
/* clang-format on */
_Static_assert(LENGTH(kinds) == WEIR_VESSEL_KINDS, "a row for each kind");

uint32_t weir_imo_check_digit(uint32_t first_six)
{
	uint32_t sum = 0;

	for (uint32_t weight = 2; weight <= 7; weight++, first_six /= 10)
		sum += first_six % 10 * weight;
	return sum % 10;
}

/* Goes through all pairs of words before it repeats one, and says so by a number then. */
static void invent_name(struct weir_identity *identity, const struct words *from, uint32_t given)
{
	uint32_t pairs = (uint32_t)(from->first_count * from->second_count);
	uint32_t pair = (given % pairs * 47 + 11) % pairs; /* 47 divides no product of the tables' lengths */
	const char *first = from->first[pair % from->first_count];
	const char *second = from->second[pair / from->first_count];
	char name[64];

	if (given < pairs)
		snprintf(name, sizeof(name), "%s%s%s", first, from->between, second);
	else
		snprintf(name, sizeof(name), "%.7s%s%.7s %u", first, from->between, second,
		         given / pairs + 1);
	snprintf(identity->name, sizeof(identity->name), "%.20s", name);
}

/*
 * Ships in international trade have MMSIs that end in 000. Both ways to number give each vessel its own:
 * the factors have no divisor in common with what follows the %.
 */
static uint32_t invent_mmsi(uint32_t mid, bool international, uint32_t given)
{
	if (international && given < 1000)
		return mid * 1000000 + given * 7919 % 1000 * 1000;

	uint32_t number = (uint32_t)((uint64_t)given * 350003 % 899100);
	return mid * 1000000 + (100 + number / 999) * 1000 + 1 + number % 999;
}

static void invent_numbers(struct weir_identity *identity, const struct kind *kind, uint32_t given,
                           struct weir_random *random)
{
	const struct flag *flag = &kind->flags[weir_random_below(random, (uint32_t)kind->flag_count)];

	identity->mmsi = invent_mmsi(flag->mid, kind->imo && kind->longest_m > 150, given);
	if (kind->imo) {
		uint32_t six = 905000 + weir_random_below(random, 94000);
		identity->imo = six * 10 + weir_imo_check_digit(six);
	}
	for (size_t i = 0; i < 2; i++)
		identity->call_sign[i] = flag->call_sign[i];
	for (size_t i = 2; i < 4; i++)
		identity->call_sign[i] = (char)('A' + weir_random_below(random, 26));
	uint32_t digits = kind->longest_m > 60 ? 1 : 4;
	for (size_t i = 4; i < 4 + digits && i < sizeof(identity->call_sign) - 1; i++)
		identity->call_sign[i] = (char)('2' + weir_random_below(random, 8));
}

static void invent_dimensions(struct weir_identity *identity, const struct kind *kind,
                              struct weir_random *random)
{
	/* Squared: small ones are more frequent. */
	double size = weir_random_between(random, 0, 1);
	size *= size;
	double length = kind->shortest_m + size * (kind->longest_m - kind->shortest_m);
	double width = kind->narrowest_m + size * (kind->widest_m - kind->narrowest_m);
	double draught = kind->least_dm + size * (kind->most_dm - kind->least_dm);
	/* The bridge, and the antenna with it, is aft on most. */
	double to_stern = length * weir_random_between(random, 0.1, 0.35);

	identity->to_stern_m = (uint16_t)to_stern;
	identity->to_bow_m = (uint16_t)(length - to_stern);
	identity->to_port_m = (uint8_t)(width / 2);
	identity->to_starboard_m = (uint8_t)(width - width / 2);
	identity->draught_dm = (uint8_t)(draught * weir_random_between(random, 0.7, 1.0));
}

void weir_identity_invent(struct weir_identity *identity, enum weir_vessel_kind which,
                          struct weir_register *given, struct weir_random *random)
{
	const struct kind *kind = &kinds[which];

	memset(identity, 0, sizeof(*identity));
	identity->class_b = kind->class_b;
	identity->ship_type = kind->types[weir_random_below(random, LENGTH(kind->types))];
	invent_name(identity, &words[kind->names], given->names[kind->names]++);
	invent_numbers(identity, kind, given->vessels++, random);
	invent_dimensions(identity, kind, random);
}
