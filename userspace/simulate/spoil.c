/* SPDX-License-Identifier: BSD-2-Clause */
/* Some faults are in the message, and are encoded; others are in the sentence, and are cut into it. */
#include "spoil.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const enum weir_fault faults[] = {
        [WEIR_SPOIL_CHECKSUM_WRONG] = WEIR_FAULT_CHECKSUM,
        [WEIR_SPOIL_CHECKSUM_MISSING] = WEIR_FAULT_CHECKSUM,
        [WEIR_SPOIL_CUT] = WEIR_FAULT_FRAMING,
        [WEIR_SPOIL_NOISE] = WEIR_FAULT_FRAMING,
        [WEIR_SPOIL_EMPTY] = WEIR_FAULT_FRAMING,
        [WEIR_SPOIL_TOO_LONG] = WEIR_FAULT_TOO_LONG,
        [WEIR_SPOIL_CHARSET] = WEIR_FAULT_CHARSET,
        [WEIR_SPOIL_FIELDS] = WEIR_FAULT_FIELDS,
        [WEIR_SPOIL_FRAGMENT] = WEIR_FAULT_FRAGMENT,
        [WEIR_SPOIL_ALPHABET] = WEIR_FAULT_PAYLOAD,
        [WEIR_SPOIL_SHORT] = WEIR_FAULT_PAYLOAD,
        [WEIR_SPOIL_POSITION] = WEIR_FAULT_POSITION,
        [WEIR_SPOIL_IDENTITY] = WEIR_FAULT_IDENTITY,
};
_Static_assert(sizeof(faults) / sizeof(faults[0]) == WEIR_SPOILS, "a reason for each kind");

enum weir_fault weir_spoil_fault(enum weir_spoil spoil)
{
	assert(spoil < WEIR_SPOILS);
	return faults[spoil];
}

/* Frames what is between '!' and '*'. */
static int frame(const char *body, char *out)
{
	unsigned int sum = 0;

	for (const char *p = body; *p; p++)
		sum ^= (unsigned char)*p;
	return snprintf(out, WEIR_SPOILED_MAX, "!%s*%02X\r\n", body, sum);
}

static int make_noise(struct weir_random *random, char *out)
{
	int length = 1 + (int)weir_random_below(random, 200);

	for (int i = 0; i < length; i++) {
		char byte = (char)weir_random_below(random, 256);
		/* What could begin a sentence or a TAG block would make it something else than noise. */
		out[i] = byte == '!' || byte == '$' || byte == '\\' ? '#' : byte;
	}
	return length;
}

static int too_long(char *out)
{
	char body[300] = "AIVDM,1,1,,A,";

	memset(body + strlen(body), '0', 250);
	return frame(body, out);
}

/* The payload is the sixth field; the sentence is a single one of 28 characters of payload. */
static int spoil_sentence(enum weir_spoil spoil, char *sentence, struct weir_random *random, char *out)
{
	char *star = strrchr(sentence, '*');
	char *payload = strstr(sentence, ",,");
	char body[128];

	if (!star || !payload || star - payload < 20)
		return -EINVAL;
	payload += 4;
	switch (spoil) {
	case WEIR_SPOIL_CHECKSUM_WRONG:
		star[-5] = star[-5] == '0' ? '1' : '0';
		return snprintf(out, WEIR_SPOILED_MAX, "%s", sentence);
	case WEIR_SPOIL_CHECKSUM_MISSING:
		return snprintf(out, WEIR_SPOILED_MAX, "%.*s\r\n", (int)(star - sentence), sentence);
	case WEIR_SPOIL_CUT:
		return snprintf(out, WEIR_SPOILED_MAX, "%.*s",
		                (int)(payload - sentence) + 4 + (int)weir_random_below(random, 16), sentence);
	case WEIR_SPOIL_CHARSET:
		payload[7] = '\x07';
		break;
	case WEIR_SPOIL_ALPHABET:
		payload[7] = 'Y'; /* between 'W' and '`' there are no six-bit characters */
		break;
	case WEIR_SPOIL_FIELDS:
		snprintf(body, sizeof(body), "AIVDM,1,1,%.*s", (int)(star - payload), payload);
		return frame(body, out);
	case WEIR_SPOIL_FRAGMENT:
		/* Of three, which no simulated message has: it must not be taken for a part of one. */
		snprintf(body, sizeof(body), "AIVDM,3,2,%u,A,%.*s", weir_random_below(random, 10),
		         (int)(star - payload), payload);
		return frame(body, out);
	case WEIR_SPOIL_SHORT:
		snprintf(body, sizeof(body), "AIVDM,1,1,,A,%.9s,0", payload);
		return frame(body, out);
	default:
		return snprintf(out, WEIR_SPOILED_MAX, "%s", sentence);
	}
	*star = '\0';
	return frame(sentence + 1, out);
}

int weir_spoil(enum weir_spoil spoil, const struct weir_ais *ais, struct weir_random *random,
               char out[static WEIR_SPOILED_MAX])
{
	struct weir_sentence_options options = {.channel = 'A'};
	char sentence[WEIR_AIS_SENTENCES_MAX];
	struct weir_ais wrong = *ais;

	if (spoil == WEIR_SPOIL_NOISE)
		return make_noise(random, out);
	if (spoil == WEIR_SPOIL_EMPTY)
		return 0;
	if (spoil == WEIR_SPOIL_TOO_LONG)
		return too_long(out);
	if (spoil == WEIR_SPOIL_IDENTITY)
		wrong.mmsi = 0;
	if (spoil == WEIR_SPOIL_POSITION && wrong.layout == WEIR_AIS_LAYOUT_position_a)
		wrong.position_a.longitude = 200 * 600000;
	if (spoil == WEIR_SPOIL_POSITION && wrong.layout == WEIR_AIS_LAYOUT_position_b)
		wrong.position_b.longitude = 200 * 600000;
	int length = weir_ais_sentences(&wrong, &options, sentence, sizeof(sentence));
	if (length < 0)
		return length;
	return spoil_sentence(spoil, sentence, random, out);
}
