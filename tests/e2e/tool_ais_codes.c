/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints AIS messages as NMEA sentences in which every narrow field takes each of its values, one at a time:
 * every code for which somebody may have a word. `tool_ais_codes` for the messages, `tool_ais_codes asm` for
 * the applications of messages 6 and 8. What else is in a message is random, and the same at each run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <weir/encode.h>

#include "asm_random.h"

#define NARROW_BITS 8     /* no code in use is wider, but for one */
#define SHIP_TYPE_BITS 14 /* those of inland ships (8/200/10) */

static struct ais_random chance = {2026};

static void print(const struct weir_ais *ais)
{
	char text[WEIR_AIS_SENTENCES_MAX];
	int length =
	        weir_ais_sentences(ais, &(struct weir_sentence_options){.channel = 'A'}, text, sizeof(text));

	if (length < 0 || fwrite(text, 1, (size_t)length, stdout) != (size_t)length)
		exit(1);
}

/* gpsdecode prints the second part of message 24 only behind the first. */
static void print_message(const struct weir_ais *ais)
{
	if (ais->layout == WEIR_AIS_LAYOUT_static_b_details) {
		struct weir_ais name = {
		        .type = 24, .mmsi = ais->mmsi, .layout = WEIR_AIS_LAYOUT_static_b_name};

		print(&name);
	}
	print(ais);
}

static void print_application(struct weir_ais *ais, const struct weir_asm *content)
{
	if (weir_asm_encode(content, ais) != 0)
		exit(1);
	print(ais);
}

/* How many values of the field are tried: all, or none where it is wide, or says what or how much there is.
 */
static uint32_t values_of(const char *name, unsigned int bits)
{
	static const char *const structural[] = {"message", "part", "announced"};
	unsigned int most = strcmp(name, "ship_type") == 0 ? SHIP_TYPE_BITS : NARROW_BITS;

	for (size_t i = 0; i < sizeof(structural) / sizeof(structural[0]); i++)
		if (strcmp(name, structural[i]) == 0)
			return 0;
	return bits <= most ? 1u << bits : 0;
}

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static void vary_##layout(struct weir_ais *ais)                                                      \
	{                                                                                                    \
		struct weir_ais_##layout *fields = &ais->layout;                                             \
		(void)fields;
#define AIS_UINT(type, name, bits)                                                                           \
	for (uint32_t value = 0; value < values_of(#name, bits); value++) {                                  \
		type before = fields->name;                                                                  \
		fields->name = (type)value;                                                                  \
		print_message(ais);                                                                          \
		fields->name = before;                                                                       \
	}
#define AIS_SINT(type, name, bits) AIS_UINT(type, name, bits)
#define AIS_END(layout) }
#include <weir/ais_fields.h>

#define AIS_BEGIN(layout)                                                                                    \
	static void vary_asm_##layout(struct weir_ais *ais, struct weir_asm *content)                        \
	{                                                                                                    \
		struct weir_asm_##layout *fields = &content->layout;                                         \
		(void)ais;                                                                                   \
		(void)fields;
#define AIS_UINT(type, name, bits)                                                                           \
	for (uint32_t value = 0; value < values_of(#name, bits); value++) {                                  \
		type before = fields->name;                                                                  \
		fields->name = (type)value;                                                                  \
		print_application(ais, content);                                                             \
		fields->name = before;                                                                       \
	}
#define AIS_SINT(type, name, bits) AIS_UINT(type, name, bits)
#define AIS_END(layout) }
#include <weir/asm_fields.h>
/* clang-format on */

static void vary(struct weir_ais *ais)
{
	switch (ais->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_AIS_LAYOUT_##layout:                                                                       \
		vary_##layout(ais);                                                                          \
		break;
#include <weir/ais_fields.h>
	default:
		break;
	}
}

static void vary_asm(struct weir_ais *ais, struct weir_asm *content)
{
	switch (content->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_ASM_LAYOUT_##layout:                                                                       \
		vary_asm_##layout(ais, content);                                                             \
		break;
#include <weir/asm_fields.h>
	default:
		break;
	}
}

/* Each layout once: types 22 and 24 have two of them. */
static void print_messages(void)
{
	bool done[WEIR_AIS_LAYOUTS] = {false};

	for (int i = 0; i < 1000; i++) {
		struct weir_asm content;
		struct weir_ais ais;

		ais_random_message(&chance, (uint8_t)(1 + i % 27), &ais);
		if (done[ais.layout] || weir_asm_decode(&content, &ais) == 0)
			continue;
		done[ais.layout] = true;
		vary(&ais);
	}
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "asm") == 0) {
		for (size_t i = 0; i < ASM_APPLICATIONS; i++) {
			struct weir_asm content;
			struct weir_ais ais;

			if (asm_random_message(&chance, &asm_applications[i], &content, &ais) != 0)
				return 1;
			vary_asm(&ais, &content);
		}
	} else {
		print_messages();
	}
	return 0;
}
