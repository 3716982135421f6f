/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first law over a stream of datagrams: the prefilter's headers, natively, before one engine, and another
 * engine that hears everything. They must say the same, byte for byte, whoever is followed and forgotten
 * meanwhile.
 *
 * The input is payloads with a byte 0xff and a byte of flags between two:
 *
 *     bits 0 and 1   so many times two seconds pass        bit 4   a turn of the epochs, if one is due
 *     bit 2          the second engine handles what waits  bit 5   by another sender, over IPv6
 *     bit 3          a tick of the clock, for both
 *
 * Without the table of duplicates, which takes longer to set up than all else together; the random stream of
 * tests/bpf/test_law1.c has it.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/frames.h"
#include "bpf/witness.h"
#include "filter.h"
#include "prefilter/turn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SECOND INT64_C(1000000000)
#define INPUT_MAX 4000
#define QUEUE_MAX 64
#define FOLLOWED_MAX 16

enum { SECONDS = 3, HANDLE = 4, TICK = 8, TURN = 16, OTHER = 32 };

struct entry {
	struct weir_datagram datagram;
	bool is_tick;
};

static struct turns turns = {.shared = &shared, .turn_ns = 5 * SECOND, .settle_ns = 4 * SECOND};
static struct witness all, passed;
static struct entry queue[QUEUE_MAX];
static uint32_t queued;
static uint64_t followed[FOLLOWED_MAX];
static int64_t now_ns, newest_ns;

static void set_up(void)
{
	make_filter();
	/* Turns without their thread, which would wait for programs that run. */
	turns.buckets = calloc(WEIR_PRESENCE_BUCKETS, sizeof(*turns.buckets));
	turns.followed_map = -1;
	must(turns.buckets != NULL);
	pthread_mutex_init(&turns.lock, NULL);
	pthread_cond_init(&turns.wake, NULL);
}

static void follow(uint64_t device, bool begins)
{
	for (int i = 0; i < FOLLOWED_MAX; i++)
		if (followed[i] == (begins ? 0 : device)) {
			followed[i] = begins ? device : 0;
			weir_turns_follow(&turns, device, begins);
			return;
		}
	abort(); /* the engine has room for no more */
}

static void forget(void)
{
	for (int i = 0; i < FOLLOWED_MAX; i++)
		if (followed[i] != 0)
			follow(followed[i], false);
	memset(shared.presence, 0, sizeof(shared.presence));
	shared.hold = 0;
	shared.hold_gps = 0;
	shared.epoch = 0;
	turns.state = TURN_IDLE;
	turns.since_ns = 0;
	turns.armed = false;
	queued = 0;
	newest_ns = 0;
}

static void feed(struct witness *witness, const struct entry *entry)
{
	if (entry->is_tick)
		weir_engine_advance(witness->engine, entry->datagram.received_ns);
	else
		weir_engine_feed(witness->engine, &entry->datagram);
}

static void handle(void)
{
	for (uint32_t i = 0; i < queued; i++) {
		feed(&passed, &queue[i]);
		newest_ns = queue[i].datagram.received_ns;
	}
	queued = 0;
}

static void enqueue(const struct entry *entry)
{
	if (queued == QUEUE_MAX)
		handle();
	queue[queued++] = *entry;
}

static uint32_t judge(const struct shape *shape, const struct weir_datagram *datagram)
{
	static uint8_t made[INPUT_MAX + 200];
	uint32_t size = make_frame(made, shape, datagram->bytes, datagram->length);
	/* Exactly as large as it is, so that reading beyond it is seen. */
	uint8_t *frame = malloc(size);

	must(frame != NULL);
	memcpy(frame, made, size);
	frame_context ctx = {.begin = frame, .end = frame + size, .shared = &shared, .window = &window};
	uint32_t reason = judge_frame(&ctx);
	free(frame);
	return reason;
}

static void hear(const uint8_t *bytes, uint32_t length, uint8_t flags)
{
	const struct shape shape =
	        flags & OTHER ? (struct shape){.ip = 6, .sender = 1} : (struct shape){.ip = 4};
	struct entry entry = {.datagram = {.bytes = bytes, .length = length, .received_ns = now_ns}};

	frame_source(entry.datagram.sender.ip, &shape);
	entry.datagram.sender.port = FRAME_SOURCE_PORT;
	bool drops = judge(&shape, &entry.datagram) >= WEIR_REASON_DROPS;
	feed(&all, &entry);
	if (!drops)
		enqueue(&entry);
}

static void work(uint8_t flags)
{
	const struct entry tick = {.datagram = {.received_ns = now_ns}, .is_tick = true};

	if (flags & TICK) {
		feed(&all, &tick);
		enqueue(&tick);
	}
	if (flags & HANDLE)
		handle();
	if (flags & TURN) {
		turns.granted = turns.asked;
		weir_turns_step(&turns, now_ns, queued == 0, newest_ns);
	}
}

static void compare(void)
{
	handle();
	weir_engine_flush(all.engine);
	weir_engine_flush(passed.engine);
	must(all.count == passed.count);
	for (size_t i = 0; i < all.count; i++)
		must(all.said[i] == passed.said[i]);
	must(witness_difference(&all, &passed) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct weir_engine_options options = {
	        .area = area,
	        .max_devices = FOLLOWED_MAX,
	        .silence_ns = 20 * SECOND,
	        .decoder = {
	                .fragment_slots = 4, .fixes = true, .fix_slots = 4, .clock_bound_ns = 600 * SECOND}};

	if (area == NULL) {
		set_up();
		return LLVMFuzzerTestOneInput(data, size);
	}
	if (size > INPUT_MAX)
		return 0;
	all = (struct witness){.follow = check_marked};
	passed = (struct witness){.follow = follow};
	must(witness_open(&all, &options) == 0 && witness_open(&passed, &options) == 0);
	now_ns = 1700000000 * SECOND;
	uint8_t flags = 0;
	for (size_t at = 0; at < size;) {
		const uint8_t *end = memchr(data + at, 0xff, size - at);
		size_t length = end != NULL ? (size_t)(end - data) - at : size - at;

		hear(data + at, (uint32_t)length, flags);
		at += length + 2;
		if (end == NULL || at > size)
			break;
		flags = data[at - 1];
		now_ns += 2 * (flags & SECONDS) * SECOND;
		work(flags);
	}
	compare();
	witness_close(&all);
	witness_close(&passed);
	forget();
	return 0;
}
