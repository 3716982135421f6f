/* SPDX-License-Identifier: BSD-2-Clause */
#include "admission.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ranking.h"

#define WAYS 4 /* senders that share a place */
#define SECOND INT64_C(1000000000)

/*
 * What a filter has let by arrives here in bunches and with time stamps of its own: the bucket is larger by
 * what flows in so long, or it would refuse some of it.
 */
#define JITTER_NS (SECOND / 10)

typedef unsigned __int128 any_ip; /* as a number; an IPv4 address among the IPv4-mapped ones */

/* Networks that touch or overlap are one. */
struct range {
	any_ip first, last;
};

/* One writer, the thread that judges; `sequence` is odd while it gives the slot to another sender. */
struct slot {
	atomic_uint sequence; /* 0: empty */
	_Atomic uint64_t ip[2];
	uint64_t full_ns; /* see weir_rate_take(); Unix time */
	uint64_t used;    /* when it was used last, in datagrams */
	_Atomic uint64_t packets[WEIR_SENDER_OUTCOMES], bytes, seen_ns;
};

struct weir_admission {
	struct weir_rate rate;
	bool limited, counted;
	atomic_bool observe;
	struct range *ranges[2]; /* of IPv6, of IPv4; in order */
	size_t range_count[2];
	bool everybody;
	struct slot *slots; /* NULL: nothing is to be remembered of senders */
	size_t sets;        /* a power of two */
	uint64_t judged;
};

/* ---- Networks ---- */

static any_ip number_of(const uint8_t ip[16])
{
	any_ip number = 0;

	for (int i = 0; i < 16; i++)
		number = number << 8 | ip[i];
	return number;
}

static bool is_ipv4(any_ip ip)
{
	return ip >> 32 == 0xffff;
}

static int by_first(const void *left, const void *right)
{
	const struct range *a = left, *b = right;

	return a->first < b->first ? -1 : a->first > b->first;
}

static struct range range_of(const struct weir_network *network)
{
	unsigned int host_bits = (network->is_ipv4 ? 32u : 128u) - network->prefix_length;
	any_ip first = number_of(network->ip);
	any_ip hosts = host_bits == 128 ? ~(any_ip)0 : ((any_ip)1 << host_bits) - 1;

	return (struct range){first, first | hosts};
}

static size_t merge(struct range *ranges, size_t count)
{
	size_t kept = 0;

	for (size_t i = 1; i < count; i++) {
		struct range *last = &ranges[kept];

		if (ranges[i].first > last->last && ranges[i].first - last->last > 1)
			ranges[++kept] = ranges[i];
		else if (ranges[i].last > last->last)
			last->last = ranges[i].last;
	}
	return count > 0 ? kept + 1 : 0;
}

/* A network of IPv6 has no IPv4 address in it, even where the mapped ones are within its numbers. */
static int take_networks(struct weir_admission *admission, const struct weir_network *networks, size_t count)
{
	admission->everybody = count == 0;
	for (int four = 0; four < 2 && count > 0; four++) {
		struct range *ranges = calloc(count, sizeof(*ranges));
		size_t found = 0;

		if (ranges == NULL)
			return -ENOMEM;
		admission->ranges[four] = ranges;
		for (size_t i = 0; i < count; i++)
			if (networks[i].is_ipv4 == four)
				ranges[found++] = range_of(&networks[i]);
		qsort(ranges, found, sizeof(*ranges), by_first);
		admission->range_count[four] = merge(ranges, found);
	}
	return 0;
}

static bool is_allowed(const struct weir_admission *admission, any_ip ip)
{
	const struct range *ranges = admission->ranges[is_ipv4(ip)];
	size_t low = 0, high = admission->range_count[is_ipv4(ip)];

	if (admission->everybody)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ip < ranges[middle].first)
			high = middle;
		else if (ip > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* ---- Senders ---- */

/* The upper half of products with 2^64 divided by the golden ratio, as in <weir/prefilter.h>. */
static size_t set_of(const struct weir_admission *admission, uint64_t high, uint64_t low)
{
	uint64_t mixed = (high ^ low * 0x9e3779b97f4a7c15ULL) * 0x9e3779b97f4a7c15ULL;

	return (size_t)(mixed >> 32) & (admission->sets - 1);
}

static void give_to(struct slot *slot, uint64_t high, uint64_t low)
{
	atomic_fetch_add_explicit(&slot->sequence, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&slot->ip[0], high, memory_order_relaxed);
	atomic_store_explicit(&slot->ip[1], low, memory_order_relaxed);
	for (int i = 0; i < WEIR_SENDER_OUTCOMES; i++)
		atomic_store_explicit(&slot->packets[i], 0, memory_order_relaxed);
	atomic_store_explicit(&slot->bytes, 0, memory_order_relaxed);
	atomic_store_explicit(&slot->seen_ns, 0, memory_order_relaxed);
	slot->full_ns = 0;
	atomic_fetch_add_explicit(&slot->sequence, 1, memory_order_release);
}

/* The sender's, or the one of its set that was not used for longest. */
static struct slot *slot_of(struct weir_admission *admission, any_ip ip)
{
	uint64_t high = (uint64_t)(ip >> 64), low = (uint64_t)ip;
	struct slot *set = &admission->slots[set_of(admission, high, low) * WAYS], *oldest = set;

	for (int i = 0; i < WAYS; i++) {
		struct slot *slot = &set[i];

		if (slot->used != 0 && slot->ip[0] == high && slot->ip[1] == low) {
			slot->used = admission->judged;
			return slot;
		}
		if (slot->used < oldest->used)
			oldest = slot;
	}
	give_to(oldest, high, low);
	oldest->used = admission->judged;
	return oldest;
}

static bool is_over_rate(const struct weir_admission *admission, struct slot *slot, int64_t now_ns)
{
	uint64_t room_ns = admission->rate.room_ns + JITTER_NS, now = now_ns > 0 ? (uint64_t)now_ns : 0;

	if (slot->full_ns > now + room_ns + SECOND) /* the clock was set back */
		slot->full_ns = 0;
	uint64_t full_ns = weir_rate_take(admission->rate.interval_ns, room_ns, slot->full_ns, now);
	if (full_ns != 0)
		slot->full_ns = full_ns;
	return full_ns == 0;
}

static void add(_Atomic uint64_t *counter, uint64_t by)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by,
	                      memory_order_relaxed);
}

enum weir_sender_outcome weir_admission_judge(struct weir_admission *admission,
                                              const struct weir_datagram *datagram)
{
	enum weir_sender_outcome outcome = WEIR_SENDER_PASSED;
	struct slot *slot = NULL;

	if (admission->everybody && admission->slots == NULL)
		return outcome;
	any_ip ip = number_of(datagram->sender.ip);
	admission->judged++;
	if (!is_allowed(admission, ip))
		outcome = WEIR_SENDER_NOT_ALLOWED;
	/* Whoever is refused anyway must not push others out of what is remembered for the limit. */
	if (admission->slots != NULL && (outcome == WEIR_SENDER_PASSED || admission->counted))
		slot = slot_of(admission, ip);
	if (slot != NULL && outcome == WEIR_SENDER_PASSED && admission->limited &&
	    is_over_rate(admission, slot, datagram->received_ns))
		outcome = WEIR_SENDER_RATE_LIMITED;
	if (outcome != WEIR_SENDER_PASSED && atomic_load_explicit(&admission->observe, memory_order_relaxed))
		outcome = WEIR_SENDER_OBSERVED;
	if (slot != NULL) {
		add(&slot->packets[outcome], 1);
		add(&slot->bytes, datagram->length);
		atomic_store_explicit(&slot->seen_ns, (uint64_t)datagram->received_ns, memory_order_relaxed);
	}
	return outcome;
}

/* ---- Looking ---- */

/* False: empty, or given to another sender meanwhile, which is then too new to matter. */
static bool copy_slot(struct weir_sender *out, struct slot *slot)
{
	unsigned int before = atomic_load_explicit(&slot->sequence, memory_order_acquire);

	for (int half = 0; half < 2; half++) {
		uint64_t part = atomic_load_explicit(&slot->ip[half], memory_order_relaxed);

		for (int i = 0; i < 8; i++)
			out->ip[8 * half + i] = (uint8_t)(part >> (56 - 8 * i));
	}
	for (int i = 0; i < WEIR_SENDER_OUTCOMES; i++)
		out->counters.packets[i] = atomic_load_explicit(&slot->packets[i], memory_order_relaxed);
	out->counters.bytes = atomic_load_explicit(&slot->bytes, memory_order_relaxed);
	out->counters.seen_ns = atomic_load_explicit(&slot->seen_ns, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	return before != 0 && before % 2 == 0 &&
	       atomic_load_explicit(&slot->sequence, memory_order_relaxed) == before;
}

size_t weir_admission_senders(const struct weir_admission *admission, struct weir_sender *out,
                              size_t capacity, size_t *known)
{
	struct ranking ranking = {.senders = out, .capacity = capacity};
	size_t count = 0;

	for (size_t i = 0; admission->counted && i < admission->sets * WAYS; i++) {
		struct weir_sender sender;

		if (!copy_slot(&sender, &admission->slots[i]))
			continue;
		weir_ranking_add(&ranking, &sender);
		count++;
	}
	*known = count;
	return ranking.count;
}

/* ---- Making ---- */

void weir_admission_observe(struct weir_admission *admission, bool observe)
{
	atomic_store_explicit(&admission->observe, observe, memory_order_relaxed);
}

static int make_slots(struct weir_admission *admission, uint32_t entries)
{
	admission->sets = 1;
	while (admission->sets * WAYS < entries)
		admission->sets *= 2;
	admission->slots = calloc(admission->sets * WAYS, sizeof(*admission->slots));
	return admission->slots != NULL ? 0 : -ENOMEM;
}

int weir_admission_new(struct weir_admission **out, const struct weir_admission_options *options)
{
	struct weir_admission *admission = calloc(1, sizeof(*admission));

	if (admission == NULL)
		return -ENOMEM;
	admission->rate = options->rate;
	atomic_init(&admission->observe, options->observe);
	admission->limited = options->rate.interval_ns > 0;
	admission->counted = options->senders > 0;
	uint32_t entries = options->senders;
	if (admission->limited && entries < WEIR_RATE_SENDERS)
		entries = WEIR_RATE_SENDERS;
	int error = take_networks(admission, options->allow, options->allow_count);
	if (error == 0 && entries > 0)
		error = make_slots(admission, entries);
	if (error != 0)
		weir_admission_free(admission);
	else
		*out = admission;
	return error;
}

void weir_admission_free(struct weir_admission *admission)
{
	if (admission == NULL)
		return;
	free(admission->ranges[0]);
	free(admission->ranges[1]);
	free(admission->slots);
	free(admission);
}
