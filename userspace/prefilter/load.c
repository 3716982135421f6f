/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first copy of the program, with the maps that all copies share. See state.h.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "gps_name.h"
#include "senders.h"
#include "state.h"
#include "weir.skel.h"

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

/* The keys by which the engine knows the GPS devices that the configuration names. */
static int name_devices(struct weir_bpf *object, const struct weir_prefilter_options *options)
{
	for (uint32_t i = 0; i < options->gps_device_count; i++) {
		struct weir_gps_sender sender;
		uint64_t key = weir_gps_name(&sender, &options->gps_devices[i]);

		if (bpf_map_update_elem(bpf_map__fd(object->maps.weir_gps_names), &sender, &key, BPF_ANY) !=
		    0)
			return -errno;
	}
	object->bss->weir_shared.named_senders = options->gps_device_count;
	return 0;
}

int weir_prefilter_load(struct weir_prefilter *prefilter, const struct weir_prefilter_options *options)
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
		error = weir_senders_prepare(object, options);
	if (error == 0)
		error = weir_bpf__load(object);
	if (error == 0)
		error = weir_senders_fill(object, options);
	if (error == 0)
		error = name_devices(object, options);
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
	prefilter->shared->now_ns = (uint64_t)time(NULL) * 1000000000; /* until the first turn */
	for (size_t i = 0; i < options->port_count; i++)
		prefilter->shared->ports[weir_port_index(options->ports[i])] = 1;
	return weir_turns_begin(&prefilter->turns, prefilter->shared, bpf_map__fd(object->maps.weir_followed),
	                        options->turn_ns, options->fragment_timeout_ns);
}
