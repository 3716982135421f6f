/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast the library decodes: framing, checksum, de-armouring and all fields, nothing printed, on one
 * core. The yardstick beside it is a plain read of the same bytes. Sentences are made here; each row is the
 * median of several runs over all of them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <weir/decode.h>

#define DATAGRAMS 100000
#define ROUNDS 9
#define SPACING 320 /* bytes from one datagram to the next at most */

struct load {
	const char *name;
	uint8_t *bytes;
	uint32_t *offsets; /* DATAGRAMS + 1 of them */
	uint32_t sentences;
};

static uint64_t messages; /* what the sink has seen */
static volatile uint64_t unused;

static void count_message(void *context, const struct weir_message *message)
{
	(void)context;
	messages += message->ais.mmsi != 0;
}

/* The time of this thread on its core: what else runs on the machine is not counted. */
static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Sentences: bits are set in a string of '0' and '1' and armoured by the book. */
static void put(char **bits, int width, int64_t value)
{
	while (width-- > 0)
		*(*bits)++ = (char)('0' + (value >> width & 1));
}

static void armour(char *out, const char *bits, size_t count)
{
	for (size_t at = 0; at < count; at += 6) {
		int value = 0;

		for (size_t i = at; i < at + 6; i++)
			value = value * 2 + (i < count && bits[i] == '1');
		*out++ = (char)(value < 40 ? value + 48 : value + 56);
	}
	*out = '\0';
}

static void type_1(char *payload, uint32_t n)
{
	char bits[168], *at = bits;

	put(&at, 8, 1 << 2);
	put(&at, 30, 201000000 + n);
	put(&at, 4, 0);
	put(&at, 8, n % 255 - 127);
	put(&at, 10, n % 300);
	put(&at, 1, 1);
	put(&at, 28, (int64_t)(n * 2654435761u % 216000000) - 108000000);
	put(&at, 27, (int64_t)(n * 2246822519u % 108000000) - 54000000);
	put(&at, 12, n % 3600);
	put(&at, 9, n % 360);
	put(&at, 6, n % 60);
	put(&at, 25, n % 100000);
	armour(payload, bits, 168);
}

static void type_5(char *payload, uint32_t n)
{
	char bits[424], *at = bits;

	put(&at, 8, 5 << 2);
	put(&at, 30, 201000000 + n);
	while (at < bits + 424)
		put(&at, 8, 0x21);
	armour(payload, bits, 424);
}

static uint32_t sentence(uint8_t *out, const char *text)
{
	unsigned int sum = 0;

	for (const char *c = text + 1; *c != '\0'; c++)
		sum ^= (uint8_t)*c;
	return (uint32_t)snprintf((char *)out, SPACING, "%s*%02X\r\n", text, sum);
}

enum kind { PLAIN, TAGGED, PARTS };

static uint32_t datagram(uint8_t *out, enum kind kind, uint32_t n)
{
	char payload[128], text[200];
	uint32_t length = 0;

	if (kind == PARTS) {
		type_5(payload, n);
		snprintf(text, sizeof(text), "!AIVDM,2,1,%u,A,%.56s,0", n % 10, payload);
		length = sentence(out, text);
		snprintf(text, sizeof(text), "!AIVDM,2,2,%u,A,%s,2", n % 10, payload + 56);
		return length + sentence(out + length, text);
	}
	if (kind == TAGGED) {
		snprintf(text, sizeof(text), "\\s:r003669945,c:%u", 1272412824 + n / 100);
		length = sentence(out, text) - 2;
		out[length++] = '\\';
	}
	type_1(payload, n);
	snprintf(text, sizeof(text), "!AIVDM,1,1,,%c,%s,0", 'A' + (int)(n & 1), payload);
	return length + sentence(out + length, text);
}

static int make_load(struct load *load, const char *name, enum kind kind)
{
	uint32_t at = 0;

	load->name = name;
	load->sentences = DATAGRAMS * (kind == PARTS ? 2u : 1u);
	load->bytes = malloc((size_t)DATAGRAMS * SPACING);
	load->offsets = malloc((DATAGRAMS + 1) * sizeof(load->offsets[0]));
	if (load->bytes == NULL || load->offsets == NULL)
		return -1;
	for (uint32_t n = 0; n < DATAGRAMS; n++) {
		load->offsets[n] = at;
		at += datagram(load->bytes + at, kind, n);
	}
	load->offsets[DATAGRAMS] = at;
	return 0;
}

static void decode(const struct load *load, struct weir_decoder *decoder)
{
	struct weir_datagram datagram_in = {.received_ns = 1};

	for (uint32_t n = 0; n < DATAGRAMS; n++) {
		datagram_in.bytes = load->bytes + load->offsets[n];
		datagram_in.length = load->offsets[n + 1] - load->offsets[n];
		weir_decoder_feed(decoder, &datagram_in);
	}
}

static void read_memory(const struct load *load, struct weir_decoder *decoder)
{
	uint64_t sum = 0;

	(void)decoder;
	for (uint32_t at = 0; at + 8 <= load->offsets[DATAGRAMS]; at += 8) {
		uint64_t word;

		memcpy(&word, load->bytes + at, sizeof(word));
		sum ^= word;
	}
	unused = sum;
}

static int ascending(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void measure(const char *name, const struct load *load, struct weir_decoder *decoder,
                    void (*run)(const struct load *, struct weir_decoder *))
{
	uint64_t times[ROUNDS];

	run(load, decoder);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = now_ns();

		run(load, decoder);
		times[i] = now_ns() - start;
	}
	qsort(times, ROUNDS, sizeof(times[0]), ascending);
	double ns = (double)times[ROUNDS / 2];

	printf("%-44s %8.2f %10.1f %8.2f\n", name, load->sentences * 1e3 / ns, ns / load->sentences,
	       load->offsets[DATAGRAMS] / ns);
}

int main(void)
{
	static struct load loads[3];
	struct weir_decode_sink sink = {.message = count_message};
	struct weir_decoder *decoder;
	int status = EXIT_FAILURE;

	if (weir_decoder_new(&decoder, NULL, &sink) != 0)
		return EXIT_FAILURE;
	if (make_load(&loads[0], "type 1, one sentence a datagram", PLAIN) != 0 ||
	    make_load(&loads[1], "the same behind a TAG block", TAGGED) != 0 ||
	    make_load(&loads[2], "type 5, two sentences a datagram", PARTS) != 0)
		goto out;
	printf("%-44s %8s %10s %8s\n", "decoding, one core, median of 9", "M sent/s", "ns/sent", "GB/s");
	measure("yardstick: a read of the type 1 sentences", &loads[0], decoder, read_memory);
	for (int i = 0; i < 3; i++)
		measure(loads[i].name, &loads[i], decoder, decode);
	/* A benchmark of a decoder that refuses its input would be fast. */
	status = messages == 3ull * DATAGRAMS * (ROUNDS + 1) ? EXIT_SUCCESS : EXIT_FAILURE;
	if (status != EXIT_SUCCESS)
		printf("but only %llu messages came out\n", (unsigned long long)messages);
out:
	for (int i = 0; i < 3; i++) {
		free(loads[i].bytes);
		free(loads[i].offsets);
	}
	weir_decoder_free(decoder);
	return status;
}
