/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The face of the control plane: see prefilter.h.
 */
#include "prefilter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "senders.h"
#include "state.h"
#include "weir.skel.h"

static int allocate(struct weir_prefilter *prefilter, const struct weir_prefilter_options *options)
{
	prefilter->cpus = libbpf_num_possible_cpus();
	if (prefilter->cpus < 1)
		return prefilter->cpus;
	prefilter->per_cpu = calloc((size_t)prefilter->cpus, sizeof(*prefilter->per_cpu));
	prefilter->attachments = calloc(options->interface_count + 1, sizeof(*prefilter->attachments));
	if (prefilter->per_cpu == NULL || prefilter->attachments == NULL)
		return -ENOMEM;
	prefilter->interface_count = options->interface_count;
	for (size_t i = 0; i < options->interface_count; i++) {
		struct weir_prefilter_interface *face = &prefilter->attachments[i].face;

		if (strlen(options->interfaces[i]) >= sizeof(face->name))
			return -EINVAL;
		snprintf(face->name, sizeof(face->name), "%s", options->interfaces[i]);
		face->mode = WEIR_PREFILTER_OFF;
	}
	return 0;
}

static void switch_off(struct weir_prefilter *prefilter)
{
	prefilter->mode = WEIR_PREFILTER_OFF;
	weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING, "prefilter: off: %s", prefilter->reason);
	for (size_t i = 0; i < prefilter->interface_count; i++)
		memcpy(prefilter->attachments[i].face.reason, prefilter->reason, sizeof(prefilter->reason));
	weir_prefilter_remove_leftovers(prefilter);
}

int weir_prefilter_open(struct weir_prefilter **out, const struct weir_prefilter_options *options)
{
	struct weir_prefilter *prefilter = calloc(1, sizeof(*prefilter));

	if (prefilter == NULL)
		return -ENOMEM;
	prefilter->log = (struct prefilter_log){.write = options->log, .context = options->log_context};
	prefilter->mode = options->mode;
	prefilter->asked_length = -EAGAIN;
	int error = allocate(prefilter, options);
	if (error != 0)
		goto out;
	weir_prefilter_listen(&prefilter->log);
	if (prefilter->mode == WEIR_PREFILTER_OFF || options->interface_count == 0 ||
	    options->port_count == 0) {
		snprintf(prefilter->reason, sizeof(prefilter->reason), "%s",
		         prefilter->mode == WEIR_PREFILTER_OFF ? "switched off"
		                                               : "no interfaces are configured");
		prefilter->mode = WEIR_PREFILTER_OFF;
		weir_prefilter_remove_leftovers(prefilter);
		*out = prefilter;
		return 0;
	}
	error = weir_prefilter_load(prefilter, options);
	if (error == -ENOMEM)
		goto out;
	if (error != 0 && prefilter->mode != WEIR_PREFILTER_AUTO) {
		weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_ERROR, "prefilter: %s", prefilter->reason);
		goto out;
	}
	if (error != 0)
		switch_off(prefilter);
	*out = prefilter;
	return 0;
out:
	weir_prefilter_close(prefilter);
	return error;
}

/* Running */

int weir_prefilter_set_area(struct weir_prefilter *prefilter, const struct weir_area_tiles *tiles)
{
	if (is_off(prefilter))
		return 0;
	if (tiles->tile_count > WEIR_TILES_MAX)
		return -EINVAL;
	for (size_t i = 0; i < WEIR_AREA_CELLS; i++)
		if (tiles->cells[i] >= WEIR_CELL_TILE + tiles->tile_count)
			return -EINVAL;

	uint32_t other = prefilter->shared->area ^ 1;
	struct weir_prefilter_area *area = &prefilter->shared->areas[other];

	memcpy(area->cells, tiles->cells, sizeof(area->cells));
	memcpy(area->tiles, tiles->tiles, tiles->tile_count * sizeof(area->tiles[0]));
	__atomic_store_n(&prefilter->shared->area, other, __ATOMIC_SEQ_CST);
	/* The next area goes into the copy that some program may still be reading. */
	if (prefilter->attached)
		weir_wait_for_programs();
	prefilter->has_area = true;
	return 0;
}

void weir_prefilter_follow(struct weir_prefilter *prefilter, uint64_t device, bool begins)
{
	if (!is_off(prefilter))
		weir_turns_follow(&prefilter->turns, device, begins);
}

void weir_prefilter_turn(struct weir_prefilter *prefilter, int64_t now_ns, bool drained,
                         int64_t newest_received_ns)
{
	if (is_off(prefilter))
		return;
	__atomic_store_n(&prefilter->shared->now_ns, (uint64_t)now_ns, __ATOMIC_RELAXED);
	weir_turns_step(&prefilter->turns, now_ns, drained, newest_received_ns);
}

void weir_prefilter_observe(struct weir_prefilter *prefilter, bool observe)
{
	if (!is_off(prefilter))
		__atomic_store_n(&prefilter->shared->observe, observe, __ATOMIC_RELAXED);
}

/* Looking */

int weir_prefilter_counters(struct weir_prefilter *prefilter, uint64_t out[WEIR_REASONS])
{
	uint32_t zero = 0;
	int error = 0;

	if (is_off(prefilter)) {
		memset(out, 0, WEIR_REASONS * sizeof(out[0]));
		return 0;
	}
	pthread_mutex_lock(&prefilter->turns.lock); /* per_cpu is shared by the callers */
	if (bpf_map_lookup_elem(bpf_map__fd(prefilter->object->maps.weir_counters), &zero,
	                        prefilter->per_cpu) != 0) {
		error = -errno;
		goto out;
	}
	memset(out, 0, WEIR_REASONS * sizeof(out[0]));
	for (int cpu = 0; cpu < prefilter->cpus; cpu++)
		for (int reason = 0; reason < WEIR_REASONS; reason++)
			out[reason] += prefilter->per_cpu[cpu].packets[reason];
out:
	pthread_mutex_unlock(&prefilter->turns.lock);
	return error;
}

int weir_prefilter_senders(struct weir_prefilter *prefilter, struct weir_sender *out, size_t capacity,
                           size_t *known)
{
	struct ranking ranking = {.senders = out, .capacity = capacity};

	*known = 0;
	if (is_off(prefilter))
		return 0;
	int total = weir_senders_rank(prefilter->object, &ranking);
	if (total < 0)
		return total;
	*known = (size_t)total;
	return (int)ranking.count;
}

void weir_prefilter_status(const struct weir_prefilter *prefilter, struct weir_prefilter_status *out)
{
	const struct turns *turns = &prefilter->turns;

	/* These are counted in other threads meanwhile. */
	*out = (struct weir_prefilter_status){
	        .mode = WEIR_PREFILTER_OFF,
	        .interface_count = prefilter->interface_count,
	        .held = prefilter->held,
	        .followed = __atomic_load_n(&turns->followed, __ATOMIC_RELAXED),
	        .followed_refused = __atomic_load_n(&turns->refused, __ATOMIC_RELAXED),
	        .turns = __atomic_load_n(&turns->completed, __ATOMIC_RELAXED),
	};
	memcpy(out->reason, prefilter->reason, sizeof(out->reason));
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		const struct weir_prefilter_interface *face = &prefilter->attachments[i].face;

		/* The modes are ordered from the best to the worst. */
		if (face->mode < out->mode)
			out->mode = face->mode;
	}
	if (out->mode == WEIR_PREFILTER_OFF && out->reason[0] == '\0')
		snprintf(out->reason, sizeof(out->reason), "attached to no interface");
}

const struct weir_prefilter_interface *weir_prefilter_interface_at(const struct weir_prefilter *prefilter,
                                                                   size_t index)
{
	return index < prefilter->interface_count ? &prefilter->attachments[index].face : NULL;
}

void weir_prefilter_close(struct weir_prefilter *prefilter)
{
	if (prefilter == NULL)
		return;
	for (size_t i = 0; i < prefilter->interface_count; i++)
		weir_detach(&prefilter->attachments[i], &prefilter->log);
	if (prefilter->asking > 0)
		close(prefilter->asking);
	weir_watch_close(prefilter->watch);
	weir_turns_end(&prefilter->turns);
	weir_bpf__destroy(prefilter->object);
	weir_prefilter_listen(NULL);
	free(prefilter->per_cpu);
	free(prefilter->attachments);
	free(prefilter);
}
