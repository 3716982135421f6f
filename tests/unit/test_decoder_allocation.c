/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a decoder allocates: its tables when it is made, and nothing after. Counted by a malloc() of this
 * program's own, which a sanitizer does not allow.
 */
#include "suite.h"

#include "crafted.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED

int main(void)
{
	/* The one test, not the program: the same program without a sanitizer has run or will. */
	printf("1..1\nok 1 - a decoder allocates nothing # SKIP the sanitizer has a malloc() of its own\n");
	return EXIT_SUCCESS;
}

#else

/* What glibc calls its own. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);

static bool counting;
static uint64_t calls, bytes;

void *malloc(size_t size)
{
	calls += counting;
	bytes += counting ? size : 0;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	calls += counting;
	bytes += counting ? count * size : 0;
	return __libc_calloc(count, size);
}

static const struct weir_decoder_options options = {.fixes = true};

START_TEST(a_decoder_takes_less_than_4_megabytes)
{
	struct weir_decode_sink sink = {.context = NULL};
	struct weir_decoder *decoder;

	counting = true;
	int error = weir_decoder_new(&decoder, &options, &sink);

	counting = false;
	ck_assert_int_eq(error, 0);
	ck_assert_uint_gt(calls, 0);
	ck_assert_uint_lt(bytes, 4 << 20);
	weir_decoder_free(decoder);
}
END_TEST

static void feed(struct weir_decoder *decoder, const struct text *text, uint16_t port)
{
	weir_decoder_feed(decoder,
	                  &(struct weir_datagram){.bytes = (const uint8_t *)text->bytes,
	                                          .length = text->length,
	                                          .received_ns = RECEIVED_NS + port * INT64_C(1000000),
	                                          .sender = {.port = port}});
}

START_TEST(no_datagram_makes_a_decoder_allocate)
{
	struct weir_decode_sink sink = {.context = NULL};
	struct weir_decoder *decoder;
	const struct text texts[] = {
	        position_of(MMSI),
	        static_part(MMSI, "NOORDZEE", 1, 2, "1", "A"),
	        static_part(MMSI, "NOORDZEE", 2, 2, "1", "A"),
	        static_part(MMSI, "NOORDZEE", 1, 3, "2", "B"),
	        sentence("$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,A"),
	        sentence("$HEHDT,230.1,T"),
	        sentence("$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B"),
	        tag("s:west,c:1272412824"),
	        {.bytes = "noise", .length = 5},
	};

	ck_assert_int_eq(weir_decoder_new(&decoder, &options, &sink), 0);
	calls = 0;
	counting = true;
	for (uint16_t port = 0; port < 3000; port++) /* more senders than the tables have room for */
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			feed(decoder, &texts[i], port);
	weir_decoder_advance(decoder, RECEIVED_NS + INT64_C(10000000000));
	weir_decoder_flush(decoder);
	counting = false;
	ck_assert_uint_eq(calls, 0);
	ck_assert_uint_eq(weir_decoder_counters(decoder)->messages[5], 3000);
	ck_assert_uint_eq(weir_decoder_counters(decoder)->fixes, 3000);
	weir_decoder_free(decoder);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decoder allocation");
	TCase *tcase = tcase_create("allocation");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_decoder_takes_less_than_4_megabytes);
	tcase_add_test(tcase, no_datagram_makes_a_decoder_allocate);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}

#endif
