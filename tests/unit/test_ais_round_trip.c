/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random messages of every type through the encoder and back: nothing may be lost. And every length of
 * every type, with random bits: never a crash, never a length that the type can't have.
 */
#include "suite.h"

#include <errno.h>
#include <time.h>
#include <weir/encode.h>

#include "ais_random.h"

#define MESSAGES_PER_TYPE 20000

static uint64_t seed;

static void choose_seed(void)
{
	const char *given = getenv("WEIR_SEED");

	seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	printf("# WEIR_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
}

START_TEST(what_was_encoded_decodes_to_the_same_fields)
{
	uint8_t type = (uint8_t)_i;
	struct ais_random random = {seed * 31 + type};

	for (int i = 0; i < MESSAGES_PER_TYPE; i++) {
		uint8_t bytes[WEIR_AIS_BYTES_MAX];
		struct weir_ais sent, got;
		struct weir_bits bits = {.bytes = bytes};
		enum weir_fault fault = WEIR_FAULTS;

		ais_random_message(&random, type, &sent);
		ck_assert_int_eq(weir_ais_encode(&sent, bytes, sizeof(bytes), &bits.count), 0);
		memset(&got, 0xa5, sizeof(got));
		ck_assert_msg(weir_ais_decode(&got, &bits, &fault) == 0, "type %u, message %d, %u bits: %s",
		              type, i, bits.count,
		              fault < WEIR_FAULTS ? weir_fault_name(fault) : "no decoder");
		const char *difference = ais_difference(&sent, &got);
		ck_assert_msg(difference == NULL, "type %u, message %d: %s differs", type, i, difference);
	}
}
END_TEST

/* Random bits of the given length and type, and a valid MMSI; nothing set behind the length. */
static void fill(struct ais_random *random, uint8_t *bytes, size_t size, uint32_t type, uint32_t count)
{
	memset(bytes, 0, size);
	for (uint32_t i = 0; i < (count + 7) / 8; i++)
		bytes[i] = (uint8_t)ais_random_word(random);
	bytes[0] = (uint8_t)(type << 2 | (bytes[0] & 3));
	bytes[1] = 0x0d; /* 30 bits that begin so lie between 200 and 300 million */
	if (count % 8 != 0)
		bytes[count / 8] &= (uint8_t)(0xff00 >> count % 8);
	if (count < 16)
		memset(bytes + (count + 7) / 8, 0, size - (count + 7) / 8);
}

static const struct {
	uint16_t least, most; /* accepted, whatever the flags in the message say */
} lengths[29] = {
        [1] = {149, 204},  [2] = {149, 204},  [3] = {149, 204},  [4] = {168, 204},  [5] = {420, 460},
        [6] = {88, 1008},  [7] = {72, 168},   [8] = {56, 1008},  [9] = {168, 204},  [10] = {72, 108},
        [11] = {168, 204}, [12] = {72, 1008}, [13] = {72, 168},  [14] = {40, 1008}, [15] = {88, 168},
        [16] = {96, 168},  [17] = {80, 816},  [18] = {168, 204}, [19] = {312, 348}, [20] = {72, 196},
        [21] = {272, 396}, [22] = {168, 204}, [23] = {160, 196}, [24] = {160, 204}, [25] = {40, 168},
        [26] = {64, 1064}, [27] = {96, 168},  [28] = {168, 204},
};

START_TEST(every_length_gets_the_right_verdict)
{
	uint32_t type = (uint32_t)_i;
	struct ais_random random = {seed * 37 + type};
	/* The message ends where readable memory ends, but for the 16 bytes that the caller owes. */
	uint8_t *memory = malloc(WEIR_AIS_BITS_MAX / 8 + 1 + 16 + 8);

	for (uint32_t count = 0; count <= WEIR_AIS_BITS_MAX + 8; count++) {
		size_t size = (count + 7) / 8 + 16;
		uint8_t *bytes = realloc(memory, size);

		ck_assert_ptr_nonnull(bytes);
		memory = bytes;
		for (int i = 0; i < 8; i++) {
			struct weir_bits bits = {bytes, count};
			struct weir_ais got;
			enum weir_fault fault = WEIR_FAULTS;

			fill(&random, bytes, size, type, count);
			int err = weir_ais_decode(&got, &bits, &fault);
			bool known = type >= 1 && type <= 28;
			if (count < 38 || count > WEIR_AIS_BITS_MAX ||
			    (known && (count < lengths[type].least || count > lengths[type].most))) {
				ck_assert_int_eq(err, -EBADMSG);
				ck_assert_int_eq(fault, WEIR_FAULT_PAYLOAD);
			} else if (!known) {
				ck_assert_int_eq(err, -EOPNOTSUPP);
				ck_assert_uint_eq(got.type, type);
			} else if (err == -EBADMSG) {
				bool by_flags = type == 24 || type == 25 || type == 26;
				ck_assert(fault == WEIR_FAULT_POSITION ||
				          (fault == WEIR_FAULT_PAYLOAD && by_flags));
			} else if (err != 0) {
				ck_assert_uint_eq(type, 24); /* parts 2 and 3 */
			}
		}
	}
	free(memory);
}
END_TEST

START_TEST(a_sentence_is_never_longer_than_82_characters)
{
	struct ais_random random = {seed};

	for (int i = 0; i < 2000; i++) {
		char text[WEIR_AIS_SENTENCES_MAX];
		struct weir_ais ais;

		ais_random_message(&random, (uint8_t)(1 + i % 28), &ais);
		int length = weir_ais_sentences(&ais, NULL, text, sizeof(text));
		ck_assert_int_gt(length, 0);
		ck_assert_uint_eq(strlen(text), (size_t)length);
		for (const char *line = text; *line != '\0';) {
			const char *end = strstr(line, "\r\n");
			ck_assert_ptr_nonnull(end);
			ck_assert_int_le(end + 2 - line, 82);
			ck_assert_int_eq(line[0], '!');
			line = end + 2;
		}
	}
}
END_TEST

START_TEST(a_buffer_that_is_too_small_is_refused_and_untouched)
{
	struct weir_ais ais = {.type = 1, .mmsi = 244660000, .layout = WEIR_AIS_LAYOUT_position_a};
	char text[WEIR_AIS_SENTENCES_MAX] = "before";
	int length = weir_ais_sentences(&ais, NULL, text, sizeof(text));

	for (size_t size = 0; size <= (size_t)length; size++) {
		char small[WEIR_AIS_SENTENCES_MAX] = "before";
		ck_assert_int_eq(weir_ais_sentences(&ais, NULL, small, size), -ENOBUFS);
		ck_assert_str_eq(small, "before");
	}
	uint8_t bits[20];
	uint32_t count = 7;
	ck_assert_int_eq(weir_ais_encode(&ais, bits, sizeof(bits), &count), -ENOBUFS);
	ck_assert_uint_eq(count, 7);
	ais.layout = WEIR_AIS_LAYOUT_position_b;
	ck_assert_int_eq(weir_ais_sentences(&ais, NULL, text, sizeof(text)), -EINVAL);
}
END_TEST

static Suite *round_trip_suite(void)
{
	Suite *suite = suite_create("AIS round trip");
	TCase *tests = tcase_create("round trip");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, what_was_encoded_decodes_to_the_same_fields, 1, 29);
	tcase_add_loop_test(tests, every_length_gets_the_right_verdict, 0, 64);
	tcase_add_test(tests, a_sentence_is_never_longer_than_82_characters);
	tcase_add_test(tests, a_buffer_that_is_too_small_is_refused_and_untouched);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	choose_seed();
	return suite_main(round_trip_suite());
}
