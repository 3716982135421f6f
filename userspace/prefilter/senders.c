/* SPDX-License-Identifier: BSD-2-Clause */
#include "senders.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "weir.skel.h"

#define BATCH 256 /* senders read by one call */

/* A map of the program and whether it is wanted. */
static int want(struct bpf_map *map, bool wanted, uint32_t entries)
{
	int error = bpf_map__set_autocreate(map, wanted);

	if (error == 0 && wanted)
		error = bpf_map__set_max_entries(map, entries);
	return error;
}

int weir_senders_prepare(struct weir_bpf *object, const struct weir_prefilter_options *options)
{
	volatile struct weir_sender_policy *policy =
	        (volatile struct weir_sender_policy *)&object->rodata->weir_policy;
	bool allow = options->allow_count > 0, limit = options->rate.interval_ns > 0;
	uint32_t networks = (uint32_t)options->allow_count;

	policy->allow = allow;
	policy->table = options->senders > 0;
	policy->rate = options->rate;
	int error = want(object->maps.weir_allow_ipv4, allow, networks);
	if (error == 0)
		error = want(object->maps.weir_allow_ipv6, allow, networks);
	if (error == 0)
		error = want(object->maps.weir_known_senders, allow, 1);
	if (error == 0)
		error = want(object->maps.weir_rates, limit, WEIR_RATE_SENDERS);
	if (error == 0)
		error = want(object->maps.weir_sender_table, options->senders > 0, options->senders);
	return error;
}

static int allow(const struct weir_bpf *object, const struct weir_network *network)
{
	struct weir_allow_ipv4 ipv4 = {.prefix_length = network->prefix_length};
	struct weir_allow_ipv6 ipv6 = {.prefix_length = network->prefix_length};
	const uint8_t value = 1;

	memcpy(ipv4.ip, network->ip + 12, sizeof(ipv4.ip));
	memcpy(ipv6.ip, network->ip, sizeof(ipv6.ip));
	int error = network->is_ipv4 ? bpf_map_update_elem(bpf_map__fd(object->maps.weir_allow_ipv4), &ipv4,
	                                                   &value, BPF_ANY)
	                             : bpf_map_update_elem(bpf_map__fd(object->maps.weir_allow_ipv6), &ipv6,
	                                                   &value, BPF_ANY);
	return error != 0 ? -errno : 0;
}

int weir_senders_fill(const struct weir_bpf *object, const struct weir_prefilter_options *options)
{
	int error = 0;

	for (size_t i = 0; i < options->allow_count && error == 0; i++)
		error = allow(object, &options->allow[i]);
	return error;
}

static void add_cpu(struct weir_sender_counters *sum, const struct weir_sender_counters *one)
{
	for (int i = 0; i < WEIR_SENDER_OUTCOMES; i++)
		sum->packets[i] += one->packets[i];
	sum->bytes += one->bytes;
	if (one->seen_ns > sum->seen_ns)
		sum->seen_ns = one->seen_ns;
}

static void rank_batch(struct ranking *ranking, const uint8_t (*keys)[16],
                       const struct weir_sender_counters *values, uint32_t count, int cpus)
{
	for (uint32_t i = 0; i < count; i++) {
		struct weir_sender sender = {{0}, {{0}, 0, 0}};

		memcpy(sender.ip, keys[i], sizeof(sender.ip));
		for (int cpu = 0; cpu < cpus; cpu++)
			add_cpu(&sender.counters, &values[i * (uint32_t)cpus + (uint32_t)cpu]);
		weir_ranking_add(ranking, &sender);
	}
}

int weir_senders_rank(const struct weir_bpf *object, struct ranking *ranking)
{
	int map = bpf_map__fd(object->maps.weir_sender_table), cpus = libbpf_num_possible_cpus();
	uint8_t(*keys)[16] = NULL;
	struct weir_sender_counters *values = NULL;
	uint32_t place = 0, count = 0;
	int total = 0, error = 0;

	if (map < 0 || cpus < 1)
		return cpus < 0 ? cpus : 0;
	keys = calloc(BATCH, sizeof(*keys));
	values = calloc((size_t)BATCH * (size_t)cpus, sizeof(*values));
	if (keys == NULL || values == NULL)
		error = -ENOMEM;
	for (bool first = true; error == 0; first = false) {
		count = BATCH;
		error = bpf_map_lookup_batch(map, first ? NULL : &place, &place, keys, values, &count, NULL);
		if (error != 0 && error != -ENOENT) /* which says that this was the last one */
			break;
		rank_batch(ranking, (const uint8_t(*)[16])keys, values, count, cpus);
		total += (int)count;
	}
	free(keys);
	free(values);
	return error == 0 || error == -ENOENT ? total : error;
}
