/* SPDX-License-Identifier: BSD-2-Clause */
#include "turn.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <weir/decode.h>

#define SECOND INT64_C(1000000000)

/* Between the receive time of a datagram and the clock that turns are told. */
#define CLOCK_MARGIN SECOND

void weir_wait_for_programs(void)
{
	/* Programs run within a read-side section of RCU; this call waits for all of them (membarrier(2)). */
	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) == 0)
		return;
	/* No such call with nohz_full. A program runs for less than a microsecond; this is a million. */
	nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
}

static void *grant_grace_periods(void *argument)
{
	struct turns *turns = argument;

	pthread_mutex_lock(&turns->lock);
	while (!turns->stop) {
		unsigned int asked = turns->asked;

		if (asked == turns->granted) {
			pthread_cond_wait(&turns->wake, &turns->lock);
			continue;
		}
		pthread_mutex_unlock(&turns->lock);
		weir_wait_for_programs();
		pthread_mutex_lock(&turns->lock);
		turns->granted = asked;
	}
	pthread_mutex_unlock(&turns->lock);
	return NULL;
}

static int start_thread(struct turns *turns)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&turns->thread, NULL, grant_grace_periods, turns);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		return -error;
	turns->has_thread = true;
	pthread_setname_np(turns->thread, "weir-turns");
	return 0;
}

int weir_turns_begin(struct turns *turns, struct weir_prefilter_shared *shared, int followed_map,
                     int64_t turn_ns, int64_t fragment_timeout_ns)
{
	memset(turns, 0, sizeof(*turns));
	turns->shared = shared;
	turns->followed_map = followed_map;
	turns->turn_ns = turn_ns != 0 ? turn_ns : 5 * SECOND;
	/* So long may wait what has marked its device: a first part for the others, a sentence for its fix.
	 */
	int64_t pending_ns = fragment_timeout_ns != 0 ? fragment_timeout_ns : 3 * SECOND;
	if (pending_ns < WEIR_FIX_TIMEOUT_DEFAULT_NS)
		pending_ns = WEIR_FIX_TIMEOUT_DEFAULT_NS;
	turns->settle_ns = pending_ns + CLOCK_MARGIN;
	turns->buckets = calloc(WEIR_PRESENCE_BUCKETS, sizeof(*turns->buckets));
	if (turns->buckets == NULL)
		return -ENOMEM;
	pthread_mutex_init(&turns->lock, NULL);
	pthread_cond_init(&turns->wake, NULL);
	return start_thread(turns);
}

void weir_turns_end(struct turns *turns)
{
	if (turns->buckets == NULL)
		return;
	if (turns->has_thread) {
		pthread_mutex_lock(&turns->lock);
		turns->stop = true;
		pthread_cond_signal(&turns->wake);
		pthread_mutex_unlock(&turns->lock);
		pthread_join(turns->thread, NULL);
	}
	pthread_cond_destroy(&turns->wake);
	pthread_mutex_destroy(&turns->lock);
	free(turns->buckets);
	turns->buckets = NULL;
}

/* Following */

static void begin_following(struct turns *turns, uint64_t device, uint32_t bucket, uint32_t *word,
                            uint32_t bit)
{
	uint8_t value = 1;

	if (turns->followed_map >= 0 &&
	    bpf_map_update_elem(turns->followed_map, &device, &value, BPF_ANY) == 0) {
		__atomic_fetch_add(&turns->followed, 1, __ATOMIC_RELAXED);
	} else {
		turns->absent++;
		__atomic_fetch_add(&turns->refused, 1, __ATOMIC_RELAXED);
		__atomic_store_n(&turns->shared->overflow, 1, __ATOMIC_RELEASE);
	}
	if (turns->buckets[bucket]++ == 0)
		__atomic_fetch_or(word, bit, __ATOMIC_ACQ_REL);
}

static void end_following(struct turns *turns, uint64_t device, uint32_t bucket, uint32_t *word, uint32_t bit)
{
	if (turns->buckets[bucket] == 0)
		return;
	if (--turns->buckets[bucket] == 0)
		__atomic_fetch_and(word, ~bit, __ATOMIC_ACQ_REL);
	int error = turns->followed_map >= 0 ? bpf_map_delete_elem(turns->followed_map, &device) : -ENOENT;
	if (error == 0)
		__atomic_fetch_sub(&turns->followed, 1, __ATOMIC_RELAXED);
	/* Any other error leaves a key that passes too much, and says nothing of those without one. */
	else if (error == -ENOENT && turns->absent > 0 && --turns->absent == 0)
		__atomic_store_n(&turns->shared->overflow, 0, __ATOMIC_RELEASE);
}

void weir_turns_follow(struct turns *turns, uint64_t device, bool begins)
{
	uint32_t bucket = weir_presence_bucket(device);
	uint32_t bit = WEIR_PRESENCE_FOLLOWED << weir_presence_shift(bucket);
	uint32_t *word = &turns->shared->presence[bucket / WEIR_PRESENCE_PER_WORD];

	pthread_mutex_lock(&turns->lock);
	if (begins)
		begin_following(turns, device, bucket, word, bit);
	else
		end_following(turns, device, bucket, word, bit);
	pthread_mutex_unlock(&turns->lock);
}

/* Turns */

/* Of the epoch that is not the current one. */
static void clear_old_epoch(const struct turns *turns)
{
	struct weir_prefilter_shared *shared = turns->shared;
	uint32_t bit = WEIR_PRESENCE_EPOCH(shared->epoch ^ 1);
	uint32_t bits = bit * 0x01010101; /* in each of the four buckets of a word */
	uint32_t *words = shared->presence;

	for (size_t i = 0; i < WEIR_PRESENCE_WORDS; i++)
		if (__atomic_load_n(&words[i], __ATOMIC_RELAXED) & bits)
			__atomic_fetch_and(&words[i], ~bits, __ATOMIC_ACQ_REL);
	__atomic_fetch_and(&shared->hold_gps, ~bit, __ATOMIC_ACQ_REL);
	if (!turns->held)
		__atomic_fetch_and(&shared->hold, ~bit, __ATOMIC_ACQ_REL);
}

void weir_turns_hold(struct turns *turns, bool hold)
{
	uint32_t *word = &turns->shared->hold;

	pthread_mutex_lock(&turns->lock);
	uint32_t old_epoch = WEIR_PRESENCE_EPOCH(turns->shared->epoch ^ 1);
	if (hold)
		__atomic_fetch_or(word, WEIR_PRESENCE_EPOCHS, __ATOMIC_SEQ_CST);
	/* Given up, it is a mark of the current epoch. Between turns the other one holds nothing else. */
	else if (turns->held && turns->state == TURN_IDLE)
		__atomic_fetch_and(word, ~old_epoch, __ATOMIC_ACQ_REL);
	turns->hurry = turns->hurry || (turns->held && !hold);
	turns->held = hold;
	pthread_mutex_unlock(&turns->lock);
}

static void enter(struct turns *turns, enum turn_state state, int64_t now_ns)
{
	turns->state = state;
	turns->since_ns = now_ns;
	turns->armed = false;
}

static void flip(struct turns *turns, int64_t now_ns)
{
	__atomic_store_n(&turns->shared->epoch, turns->shared->epoch ^ 1, __ATOMIC_SEQ_CST);
	turns->hurry = false;
	turns->asked++;
	pthread_cond_signal(&turns->wake);
	enter(turns, TURN_GRACE, now_ns);
}

/* Has the engine handled all that could still refer to the old epoch? */
static bool has_settled(struct turns *turns, int64_t now_ns, bool drained, int64_t newest_received_ns)
{
	int64_t due_ns = turns->since_ns + turns->settle_ns;

	if (now_ns < due_ns)
		return false;
	/* A receive time from the future was taken before the clock was set back. */
	if (newest_received_ns >= due_ns && newest_received_ns <= now_ns)
		return true;
	if (turns->armed)
		return drained;
	turns->armed = true;
	return false;
}

void weir_turns_step(struct turns *turns, int64_t now_ns, bool drained, int64_t newest_received_ns)
{
	pthread_mutex_lock(&turns->lock);
	/* Set back by less than the decoder keeps fragments, these may be completed until the clock is where
	 * it was; by more, and the decoder has given them up. */
	if (now_ns < turns->since_ns - turns->settle_ns)
		enter(turns, turns->state, now_ns);
	switch (turns->state) {
	case TURN_IDLE:
		if (turns->since_ns == 0)
			turns->since_ns = now_ns;
		if (turns->hurry || now_ns - turns->since_ns >= turns->turn_ns)
			flip(turns, now_ns);
		break;
	case TURN_GRACE:
		if (turns->granted == turns->asked)
			enter(turns, TURN_SETTLING, now_ns);
		break;
	case TURN_SETTLING:
		if (!has_settled(turns, now_ns, drained, newest_received_ns))
			break;
		clear_old_epoch(turns);
		__atomic_fetch_add(&turns->completed, 1, __ATOMIC_RELAXED);
		enter(turns, TURN_IDLE, now_ns);
		break;
	}
	pthread_mutex_unlock(&turns->lock);
}
