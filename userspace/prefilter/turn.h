/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User space's half of the set of devices that matter: whom the engine follows, and the turns that retire
 * what the program remembered. The protocol is in <weir/prefilter.h>.
 *
 * It works on memory and on a map of exact keys, both the owner's; it loads and attaches nothing.
 */
#ifndef WEIR_PREFILTER_TURN_H
#define WEIR_PREFILTER_TURN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <weir/prefilter.h>

enum turn_state {
	TURN_IDLE,
	TURN_GRACE,   /* flipped; some CPU may still run a program that has read the old epoch */
	TURN_SETTLING /* what they passed waits in a socket, or as a fragment in the decoder */
};

struct turns {
	struct weir_prefilter_shared *shared;
	int followed_map; /* the map of exact keys; -1: none, then each insert finds no room */

	pthread_mutex_t lock; /* for what follow() and turn() change */
	uint32_t *buckets;    /* devices followed in each bucket */
	uint64_t followed;    /* keys in the map */
	uint64_t absent;      /* followed devices that found no room there */
	uint64_t refused;     /* inserts that found no room, ever */
	bool held;            /* see weir_turns_hold() */

	enum turn_state state;
	int64_t turn_ns, settle_ns;
	int64_t since_ns; /* when the state began */
	bool hurry;       /* the next flip is due at once */
	bool armed;       /* a whole interval lies between the last call and the time to settle */
	uint64_t completed;

	pthread_t thread; /* waits for grace periods, as that takes up to 20 ms */
	bool has_thread;
	atomic_bool stop;
	atomic_uint asked, granted; /* grace periods */
	pthread_cond_t wake;
};

/* Returns 0 or -ENOMEM, or why there is no thread. */
int weir_turns_begin(struct turns *turns, struct weir_prefilter_shared *shared, int followed_map,
                     int64_t turn_ns, int64_t fragment_timeout_ns);

/* As weir_prefilter_follow() and weir_prefilter_turn(). */
void weir_turns_follow(struct turns *turns, uint64_t device, bool begins);
void weir_turns_step(struct turns *turns, int64_t now_ns, bool drained, int64_t newest_received_ns);

/*
 * Holds, while some interface is without the program: by what comes in there the engine may begin to follow a
 * device of which the program on the others knows nothing, so these drop nothing. Given up, it lasts until a
 * turn that began afterwards has ended: by then the engine has handled what came in unseen.
 */
void weir_turns_hold(struct turns *turns, bool hold);

/* Stops the thread and frees. Takes one that was never begun, all zero. */
void weir_turns_end(struct turns *turns);

/* Waits until every program that runs now has ended. */
void weir_wait_for_programs(void);

#endif
