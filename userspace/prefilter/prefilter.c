/* SPDX-License-Identifier: BSD-2-Clause */
#include "prefilter.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "attach.h"
#include "log.h"
#include "turn.h"
#include "weir.skel.h"

struct weir_prefilter {
	struct prefilter_log log;
	enum weir_prefilter_mode mode; /* as asked for; off once loading has failed */
	char reason[160];
	struct weir_bpf *object; /* the first copy: it owns the maps and is attached to nothing */
	struct weir_prefilter_shared *shared;
	bool has_area, attached;
	struct turns turns;
	struct weir_prefilter_counters *per_cpu;
	int cpus;
	struct attachment *attachments;
	size_t interface_count;
};

/* Loading */

static bool kernel_is_too_old(char *text, size_t size)
{
	struct utsname name;
	unsigned int major = 0, minor = 0;

	if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return false;
	snprintf(text, size, "kernel %.40s is too old: the prefilter needs 6.1 or newer", name.release);
	return major < 6 || (major == 6 && minor < 1);
}

/* Names the capabilities that are missing. CAP_SYS_ADMIN stands for the two that came after it. */
static void explain_permission(char *text, size_t size)
{
	static const struct {
		unsigned int capability;
		const char *name;
	} needed[] = {
	        {CAP_BPF, " CAP_BPF"}, {CAP_PERFMON, " CAP_PERFMON"}, {CAP_NET_ADMIN, " CAP_NET_ADMIN"}};
	int length = snprintf(text, size, "not permitted to load BPF programs; missing:");
	int before = length;
	bool admin = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!capng_have_capability(CAPNG_EFFECTIVE, needed[i].capability) &&
		    (!admin || needed[i].capability == CAP_NET_ADMIN))
			length += snprintf(text + length, size - (size_t)length, "%s", needed[i].name);
	if (length == before)
		snprintf(text, size,
		         "not permitted to load BPF programs, although no capability is missing "
		         "(a container, or lockdown?)");
}

static int load(struct weir_prefilter *prefilter, const struct weir_prefilter_options *options)
{
	struct weir_bpf *object;
	uint32_t keys = options->max_followed != 0 ? options->max_followed : WEIR_FOLLOWED_MAX_DEFAULT;

	if (kernel_is_too_old(prefilter->reason, sizeof(prefilter->reason)))
		return -ENOSYS;
	object = weir_bpf__open();
	if (object == NULL) {
		snprintf(prefilter->reason, sizeof(prefilter->reason), "can't open the program: %s",
		         strerror(errno));
		return -errno;
	}
	int error = bpf_map__set_max_entries(object->maps.weir_followed, keys);
	if (error == 0)
		error = weir_bpf__load(object);
	if (error != 0) {
		if (error == -EPERM)
			explain_permission(prefilter->reason, sizeof(prefilter->reason));
		else
			snprintf(prefilter->reason, sizeof(prefilter->reason), "can't load the program: %s",
			         strerror(-error));
		weir_bpf__destroy(object);
		return error;
	}
	prefilter->reason[0] = '\0';
	prefilter->object = object;
	prefilter->shared = &object->bss->weir_shared;
	prefilter->shared->observe = options->observe;
	for (size_t i = 0; i < options->port_count; i++)
		prefilter->shared->ports[options->ports[i] / 64] |= 1ULL << options->ports[i] % 64;
	return weir_turns_begin(&prefilter->turns, prefilter->shared, bpf_map__fd(object->maps.weir_followed),
	                        options->turn_ns, options->fragment_timeout_ns);
}

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

/* Without a filter of our own, one that a killed gateway left would go on dropping by its own area. */
static void remove_leftovers(struct weir_prefilter *prefilter)
{
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		const char *name = prefilter->attachments[i].face.name;
		int error = weir_prefilter_detach(name, prefilter->log.write, prefilter->log.context);

		if (error < 0 && error != -ENODEV)
			weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING,
			                   "prefilter: %s: a filter may be there that is not ours to use: %s",
			                   name, error == -EBUSY ? "another weir runs" : strerror(-error));
	}
}

static void switch_off(struct weir_prefilter *prefilter)
{
	prefilter->mode = WEIR_PREFILTER_OFF;
	weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING, "prefilter: off: %s", prefilter->reason);
	for (size_t i = 0; i < prefilter->interface_count; i++)
		memcpy(prefilter->attachments[i].face.reason, prefilter->reason, sizeof(prefilter->reason));
	remove_leftovers(prefilter);
}

int weir_prefilter_open(struct weir_prefilter **out, const struct weir_prefilter_options *options)
{
	struct weir_prefilter *prefilter = calloc(1, sizeof(*prefilter));

	if (prefilter == NULL)
		return -ENOMEM;
	prefilter->log = (struct prefilter_log){.write = options->log, .context = options->log_context};
	prefilter->mode = options->mode;
	int error = allocate(prefilter, options);
	if (error != 0)
		goto out;
	if (prefilter->mode == WEIR_PREFILTER_OFF || options->interface_count == 0 ||
	    options->port_count == 0) {
		snprintf(prefilter->reason, sizeof(prefilter->reason), "%s",
		         prefilter->mode == WEIR_PREFILTER_OFF ? "switched off"
		                                               : "no interfaces are configured");
		prefilter->mode = WEIR_PREFILTER_OFF;
		remove_leftovers(prefilter);
		*out = prefilter;
		return 0;
	}
	weir_prefilter_listen(&prefilter->log);
	error = load(prefilter, options);
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

static bool is_off(const struct weir_prefilter *prefilter)
{
	return prefilter->mode == WEIR_PREFILTER_OFF;
}

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

/*
 * All interfaces or none: what the engine learns of a device by an interface without the program, the program
 * on the others would not know of.
 */
static void give_up_attaching(struct weir_prefilter *prefilter, size_t failed)
{
	const struct weir_prefilter_interface *culprit = &prefilter->attachments[failed].face;

	weir_prefilter_log(&prefilter->log,
	                   prefilter->mode == WEIR_PREFILTER_AUTO ? WEIR_PREFILTER_WARNING
	                                                          : WEIR_PREFILTER_ERROR,
	                   "prefilter: %s: off: %s", culprit->name, culprit->reason);
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		struct attachment *attachment = &prefilter->attachments[i];

		if (i == failed)
			continue;
		weir_detach(attachment, &prefilter->log);
		snprintf(attachment->face.reason, sizeof(attachment->face.reason),
		         "it can't be attached to %s, and it is all interfaces or none", culprit->name);
	}
	remove_leftovers(prefilter);
	weir_prefilter_listen(&prefilter->log);
}

int weir_prefilter_attach(struct weir_prefilter *prefilter)
{
	int error = 0;

	if (is_off(prefilter))
		return 0;
	if (!prefilter->has_area)
		return -EINVAL;
	prefilter->attached = true;
	size_t i = 0;
	for (; i < prefilter->interface_count; i++) {
		struct attachment *attachment = &prefilter->attachments[i];

		weir_prefilter_quiet(true); /* each outcome is said below, in our words */
		error = weir_attach(attachment, prefilter->object, prefilter->mode, &prefilter->log);
		weir_prefilter_quiet(false);
		if (error != 0)
			break;
	}
	if (error == 0)
		return 0;
	give_up_attaching(prefilter, i);
	return prefilter->mode == WEIR_PREFILTER_AUTO ? 0 : error;
}

void weir_prefilter_follow(struct weir_prefilter *prefilter, uint64_t device, bool begins)
{
	if (!is_off(prefilter))
		weir_turns_follow(&prefilter->turns, device, begins);
}

void weir_prefilter_turn(struct weir_prefilter *prefilter, int64_t now_ns, bool drained,
                         int64_t newest_received_ns)
{
	if (!is_off(prefilter))
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

void weir_prefilter_status(const struct weir_prefilter *prefilter, struct weir_prefilter_status *out)
{
	const struct turns *turns = &prefilter->turns;

	/* These are counted in other threads meanwhile. */
	*out = (struct weir_prefilter_status){
	        .mode = WEIR_PREFILTER_OFF,
	        .interface_count = prefilter->interface_count,
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
	weir_turns_end(&prefilter->turns);
	weir_bpf__destroy(prefilter->object);
	if (!is_off(prefilter))
		weir_prefilter_listen(NULL);
	free(prefilter->per_cpu);
	free(prefilter->attachments);
	free(prefilter);
}
