/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints random AIS messages of a type as NMEA sentences: tool_ais_random TYPE COUNT SEED. The
 * type "asm" gives messages 6 and 8 with the applications that are known, in turn. Messages 24 come as pairs,
 * part A and part B of one station.
 */
#include <stdio.h>
#include <stdlib.h>
#include <weir/encode.h>

#include "asm_random.h"

/* Makes message 24 number i the other half of the one before it. */
static void pair(struct ais_random *random, unsigned long i, uint32_t previous, struct weir_ais *ais)
{
	uint8_t wanted = i % 2 == 0 ? WEIR_AIS_LAYOUT_static_b_name : WEIR_AIS_LAYOUT_static_b_details;

	while (ais->layout != wanted)
		ais_random_message(random, 24, ais);
	if (i % 2 != 0)
		ais->mmsi = previous;
}

/* A message of the type: with applications, or without any that is known, whose data would be nonsense. */
static int make(struct ais_random *random, bool applications, unsigned long i, uint8_t type,
                struct weir_ais *ais)
{
	struct weir_asm content;

	if (applications)
		return asm_random_message(random, &asm_applications[i % ASM_APPLICATIONS], &content, ais);
	do
		ais_random_message(random, type, ais);
	while (weir_asm_decode(&content, ais) == 0);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: %s TYPE COUNT SEED\n", argv[0]);
		return 2;
	}
	bool applications = strcmp(argv[1], "asm") == 0;
	unsigned long type = applications ? 8 : strtoul(argv[1], NULL, 10);
	unsigned long count = strtoul(argv[2], NULL, 10);
	uint32_t previous = 0;
	struct ais_random random = {strtoull(argv[3], NULL, 0) * 41 + type};

	if (type < 1 || type > 28)
		return 2;
	for (unsigned long i = 0; i < count; i++) {
		struct weir_sentence_options options = {.channel = i / 2 % 2 != 0 ? 'B' : 'A',
		                                        .sequence = (uint8_t)(i % 10)};
		char text[WEIR_AIS_SENTENCES_MAX];
		struct weir_ais ais;

		if (make(&random, applications, i, (uint8_t)type, &ais) != 0)
			return 1;
		if (type == 24)
			pair(&random, i, previous, &ais);
		previous = ais.mmsi;
		int length = weir_ais_sentences(&ais, &options, text, sizeof(text));
		if (length < 0 || fwrite(text, 1, (size_t)length, stdout) != (size_t)length)
			return 1;
	}
	return 0;
}
