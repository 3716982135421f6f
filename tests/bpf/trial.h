/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One trial of the first law: the kernel filter changes what things cost, never what comes out.
 *
 * Every datagram goes through the program by BPF_PROG_TEST_RUN, through the same headers natively, and
 * through two engines: one hears everything, at once; the other hears what the kernel passed, late, and tells
 * the kernel whom it follows, in turns as the gateway takes them. It fails, through Check, as soon as
 *
 *     - the kernel and the native build differ in verdict, reason or memory;
 *     - a datagram is dropped that left a trace in the first engine;
 *     - the first engine begins to follow a device that the kernel has not marked;
 *     - the engines say something else, byte for byte, or count something else.
 */
#ifndef WEIR_TESTS_TRIAL_H
#define WEIR_TESTS_TRIAL_H

#include <time.h>
#include <unistd.h>

#include "suite.h"

#include <weir/device.h>

#include "frames.h"
#include "prefilter/prefilter.h"
#include "prefilter/turn.h"
#include "rig.h"
#include "witness.h"

#define SECOND INT64_C(1000000000)
#define TRIAL_START_NS (INT64_C(1700000000) * SECOND) /* 2023-11-14T22:13:20Z */
#define TRIAL_DATAGRAM_MAX 10000

/* What lies in the socket between the kernel and the second engine. */
#define TRIAL_QUEUE_MAX 512

struct trial_entry {
	int64_t time_ns;
	struct weir_address sender;
	uint32_t length;
	bool is_tick; /* time has come to time_ns: no datagram */
	char bytes[TRIAL_DATAGRAM_MAX];
};

/* The two engines' areas and fences; locating in fences is for one engine at a time. */
struct trial_setting {
	struct weir_area *area;
	struct weir_fences *fences[2];
	int64_t turn_ns;
	bool (*grace_is_over)(void); /* asked at each turn while one lasts; NULL: it is */
};

static struct trial {
	struct witness all, passed;
	struct turns turns;
	struct trial_setting setting;
	struct trial_entry queue[TRIAL_QUEUE_MAX];
	uint32_t head, tail;
	int64_t now_ns, newest_ns;
	size_t compared; /* of what the engines said */
	uint64_t datagrams, dropped, droppable;
	uint64_t reasons[WEIR_REASONS];
	uint64_t missed[WEIR_REASONS]; /* could be dropped and passed, by reason */
} trial;

/* The kernel's memory of whom the engine follows, on both sides. */

static inline int trial_is_followed(__u64 device)
{
	uint8_t value;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_followed), &device, &value) == 0;
}

static inline void trial_follow(uint64_t device, bool begins)
{
	uint32_t word = weir_presence_bucket(device) / WEIR_PRESENCE_PER_WORD;

	weir_turns_follow(&trial.turns, device, begins);
	rig.native->presence[word] = rig.shared->presence[word];
	rig.native->overflow = rig.shared->overflow;
}

/* GPS devices with names: one sender from any port, one from the port that it has, one from another. */
#define TRIAL_NAMES 3

static struct weir_gps_device trial_names[TRIAL_NAMES] = {
        {.id = "any-port"}, {.id = "one-port"}, {.id = "nobody"}};

static inline __u64 trial_named_device(const struct weir_gps_sender *sender)
{
	__u64 device;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_gps_names), sender, &device) == 0
	               ? device
	               : 0;
}

static inline void trial_name_senders(void)
{
	static const struct shape shapes[TRIAL_NAMES] = {
	        {.ip = 4, .sender = 1}, {.ip = 6, .sender = 5}, {.ip = 4, .sender = 3}};
	static const uint16_t ports[TRIAL_NAMES] = {0, FRAME_SOURCE_PORT, FRAME_SOURCE_PORT + 1};

	for (int i = 0; i < TRIAL_NAMES; i++) {
		struct weir_gps_sender sender = {.port = ports[i]};
		__u64 words[WEIR_DEVICE_NAME_WORDS] = {0};

		frame_source(trial_names[i].sender.ip, &shapes[i]);
		trial_names[i].sender.port = ports[i];
		memcpy(sender.ip, trial_names[i].sender.ip, sizeof(sender.ip));
		memcpy(words, trial_names[i].id, strlen(trial_names[i].id));
		__u64 device = weir_device_of_name(words);
		ck_assert_int_eq(bpf_map_update_elem(bpf_map__fd(rig.kernel->maps.weir_gps_names), &sender,
		                                     &device, BPF_ANY),
		                 0);
	}
	rig.shared->named_senders = rig.native->named_senders = TRIAL_NAMES;
	native_named_device = trial_named_device;
}

static inline void trial_print(const struct trial_entry *entry)
{
	printf("# the last datagram, %lu, from %u, at %ld ns: ", trial.datagrams, entry->sender.ip[14],
	       entry->time_ns);
	print_text(stdout, entry->bytes, entry->length);
	fflush(stdout);
}

#define TRIAL_MUST(condition, ...)                                                                           \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			trial_print(&trial.queue[trial.tail % TRIAL_QUEUE_MAX]);                             \
			ck_abort_msg(__VA_ARGS__);                                                           \
		}                                                                                            \
	} while (0)

/*
 * The first engine begins to follow at once: the kernel must have remembered the device by then, unless it is
 * one of which nothing is ever dropped.
 */
static inline void trial_check_marked(uint64_t device, bool begins)
{
	uint32_t bucket = weir_presence_bucket(device);
	uint64_t bits = rig.shared->presence[bucket / WEIR_PRESENCE_PER_WORD] >> weir_presence_shift(bucket);

	if (device & WEIR_DEVICE_GPS)
		bits |= rig.shared->hold_gps;
	TRIAL_MUST(!begins || is_distress_beacon(device) ||
	                   ((bits | rig.shared->hold) & WEIR_PRESENCE_EPOCHS),
	           "the engine begins to follow %lu, and the kernel has not marked it", device);
}

/* What the second engine has said by now, the first one has said as well. */
static inline void trial_compare(void)
{
	for (; trial.compared < trial.passed.count; trial.compared++)
		TRIAL_MUST(trial.compared < trial.all.count &&
		                   trial.all.said[trial.compared] == trial.passed.said[trial.compared],
		           "event %zu differs: again with the same seed and WEIR_EVENT=%zu shows it",
		           trial.compared, trial.compared);
}

/* What an earlier trial left in the map of exact keys. */
static inline void trial_release_all(void)
{
	int map = bpf_map__fd(rig.kernel->maps.weir_followed);
	uint64_t device;

	while (bpf_map_get_next_key(map, NULL, &device) == 0)
		bpf_map_delete_elem(map, &device);
}

static inline void trial_begin(const struct trial_setting *setting)
{
	static struct weir_area_tiles tiles;
	const char *show = getenv("WEIR_EVENT");
	/* All that a gateway has: duplicates, GPS devices, and a bound for clocks, of which some lie. */
	struct weir_engine_options options = {
	        .area = setting->area,
	        .silence_ns = 600 * SECOND,
	        .duplicate_window_ns = 10 * SECOND,
	        .gps_devices = trial_names,
	        .gps_device_count = TRIAL_NAMES,
	        .decoder = {.fixes = true, .clock_bound_ns = 600 * SECOND},
	};

	memset(&trial, 0, sizeof(trial));
	trial.setting = *setting;
	trial.now_ns = TRIAL_START_NS;
	rig_forget();
	trial_release_all();
	ck_assert_int_eq(weir_area_tiles(setting->area, &tiles), 0);
	memcpy(rig.shared->areas[0].cells, tiles.cells, sizeof(tiles.cells));
	memcpy(rig.shared->areas[0].tiles, tiles.tiles, sizeof(tiles.tiles));
	RIG_COPY(areas[0]);
	native_followed = trial_is_followed;
	trial_name_senders();
	ck_assert_int_eq(weir_turns_begin(&trial.turns, rig.shared,
	                                  bpf_map__fd(rig.kernel->maps.weir_followed), setting->turn_ns, 0),
	                 0);
	options.fences = setting->fences[0];
	ck_assert_int_eq(witness_open(&trial.all, &options), 0);
	options.fences = setting->fences[1];
	ck_assert_int_eq(witness_open(&trial.passed, &options), 0);
	trial.all.follow = trial_check_marked;
	trial.passed.follow = trial_follow;
	if (show != NULL) {
		trial.all.show = trial.passed.show = strtoull(show, NULL, 0);
		trial.all.name = "all";
		trial.passed.name = "what passed";
	}
}

static inline void trial_feed(struct witness *witness, const struct trial_entry *entry)
{
	if (entry->is_tick) {
		weir_engine_advance(witness->engine, entry->time_ns);
		return;
	}
	weir_engine_feed(witness->engine, &(struct weir_datagram){.bytes = (const uint8_t *)entry->bytes,
	                                                          .length = entry->length,
	                                                          .received_ns = entry->time_ns,
	                                                          .sender = entry->sender});
}

/* The second engine handles so many of the entries that wait for it. */
static inline void trial_handle(uint32_t most)
{
	for (; most > 0 && trial.head != trial.tail; most--) {
		const struct trial_entry *entry = &trial.queue[trial.head++ % TRIAL_QUEUE_MAX];

		trial_feed(&trial.passed, entry);
		trial_compare();
		/* At a tick all that came before has been handled, and the engine has been told the time. */
		if (entry->is_tick)
			trial.newest_ns = entry->time_ns;
	}
}

static inline struct trial_entry *trial_next_entry(void)
{
	if (trial.tail - trial.head == TRIAL_QUEUE_MAX)
		trial_handle(TRIAL_QUEUE_MAX / 2);
	return &trial.queue[trial.tail % TRIAL_QUEUE_MAX];
}

static inline void trial_tick(void)
{
	struct trial_entry *entry = trial_next_entry();

	entry->is_tick = true;
	entry->time_ns = trial.now_ns;
	entry->length = 0;
	trial_feed(&trial.all, entry);
	trial.tail++;
}

/* As the gateway's worker does at each tick, when its sockets are empty or not. */
static inline void trial_turn(void)
{
	if (trial.tail - trial.head == 1)
		trial_handle(1); /* nothing but the tick waits */
	struct turns *turns = &trial.turns;
	uint64_t completed = turns->completed;
	uint32_t epoch = rig.shared->epoch;

	/* No program runs meanwhile; and when the grace period ends must not depend on the clock. */
	if (turns->state == TURN_GRACE) {
		if (trial.setting.grace_is_over != NULL && !trial.setting.grace_is_over())
			return;
		turns->granted = turns->asked;
	}
	weir_turns_step(turns, trial.now_ns, trial.head == trial.tail, trial.newest_ns);
	if (turns->completed == completed && rig.shared->epoch == epoch)
		return;
	if (turns->completed == completed)
		TRIAL_MUST(rig_remember_alike(), "the kernel and the native build remember something else");
	RIG_COPY(presence);
	RIG_COPY(hold);
	RIG_COPY(hold_gps);
	RIG_COPY(epoch);
}

/* One datagram, in a packet of this shape, through everything. Returns the reason. */
static inline int trial_judge(const struct shape *shape, const char *bytes, uint32_t length)
{
	static uint8_t frame[TRIAL_DATAGRAM_MAX + 200];
	struct trial_entry *entry = trial_next_entry();
	int reason = WEIR_REASON_UNKNOWN;

	entry->is_tick = false;
	entry->time_ns = trial.now_ns;
	entry->length = length;
	frame_source(entry->sender.ip, shape);
	entry->sender.port = FRAME_SOURCE_PORT;
	memcpy(entry->bytes, bytes, length);
	trial.datagrams++;

	/* One page is what BPF_PROG_TEST_RUN takes; what is longer comes in fragments anyway. */
	if (length <= 3300)
		reason = rig_judge(frame, make_frame(frame, shape, bytes, length));
	else
		rig.shared->hold = rig.native->hold = WEIR_PRESENCE_EPOCHS;
	TRIAL_MUST(reason >= 0, "the kernel and the native build differ");
	trial.reasons[reason]++;

	struct trace before = witness_trace(&trial.all);
	trial_feed(&trial.all, entry);
	struct trace after = witness_trace(&trial.all);
	bool ignored = was_ignored(before, after);

	trial.droppable += ignored;
	if (reason >= WEIR_REASON_DROPS) {
		TRIAL_MUST(ignored, "dropped, and the engine has a use for it");
		trial.dropped++;
	} else {
		trial.missed[reason] += ignored;
		trial.tail++;
	}
	return reason;
}

static inline void trial_print_reasons(const char *name)
{
	printf("# %s: %lu datagrams, %lu dropped of %lu that could be (%.2f %%), %zu events and letters, %lu "
	       "turns, %lu devices released\n",
	       name, trial.datagrams, trial.dropped, trial.droppable,
	       100.0 * (double)trial.dropped / (double)(trial.droppable ? trial.droppable : 1),
	       trial.all.count, trial.turns.completed, weir_engine_counters(trial.all.engine)->released);
	for (int i = 0; i < WEIR_REASONS; i++)
		if (trial.reasons[i])
			printf("#   %-12s %8lu, of which could be dropped %lu\n",
			       weir_reason_name((enum weir_reason)i), trial.reasons[i],
			       i >= WEIR_REASON_DROPS ? trial.reasons[i] : trial.missed[i]);
	fflush(stdout);
}

static inline void trial_end(void)
{
	trial_handle(TRIAL_QUEUE_MAX);
	weir_engine_flush(trial.all.engine);
	weir_engine_flush(trial.passed.engine);
	trial_compare();
	ck_assert_uint_eq(trial.all.count, trial.passed.count);
	const char *difference = witness_difference(&trial.all, &trial.passed);
	ck_assert_msg(difference == NULL, "the engines count differently: %s", difference);
	ck_assert_msg(rig_remember_alike(), "the kernel and the native build remember something else");
	weir_turns_end(&trial.turns);
	witness_close(&trial.all);
	witness_close(&trial.passed);
}

#endif
