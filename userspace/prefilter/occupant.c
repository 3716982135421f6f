/* SPDX-License-Identifier: BSD-2-Clause */
#include "occupant.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "claim.h"

#define OUR_NAME "weir_prefilter"        /* of the program; the kernel keeps 15 characters */
#define DISPATCHER_NAME "xdp_dispatcher" /* of libxdp */

int weir_occupant_id(int index, struct occupant *out)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);

	*out = (struct occupant){0};
	int error = bpf_xdp_query(index, 0, &query);
	if (error != 0)
		return error;
	out->id = query.drv_prog_id != 0 ? query.drv_prog_id : query.skb_prog_id;
	if (out->id == 0)
		out->id = query.prog_id;
	if (out->id != 0)
		out->flags = query.attach_mode == XDP_ATTACHED_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	return 0;
}

int weir_occupant_find(int index, struct occupant *out)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);
	int error = weir_occupant_id(index, out);

	if (error != 0 || out->id == 0)
		return error;
	snprintf(out->name, sizeof(out->name), "?");
	int fd = bpf_prog_get_fd_by_id(out->id);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	error = bpf_obj_get_info_by_fd(fd, &info, &size);
	if (error == 0)
		snprintf(out->name, sizeof(out->name), "%s", info.name);
	close(fd);
	return error;
}

bool weir_occupant_is_ours(const struct occupant *occupant)
{
	return strcmp(occupant->name, OUR_NAME) == 0;
}

bool weir_occupant_is_dispatcher(const struct occupant *occupant)
{
	return strcmp(occupant->name, DISPATCHER_NAME) == 0;
}

int weir_occupant_detach(int index, const struct occupant *occupant)
{
	int fd = bpf_prog_get_fd_by_id(occupant->id);
	LIBBPF_OPTS(bpf_xdp_attach_opts, options, .old_prog_fd = fd);

	if (fd < 0)
		return fd;
	int error = bpf_xdp_detach(index, occupant->flags, &options);
	close(fd);
	return error;
}

bool weir_dispatcher_runs(int index, uint32_t id)
{
	struct xdp_multiprog *all = xdp_multiprog__get_from_ifindex(index);
	struct xdp_program *program = NULL;
	bool found = false;

	if (libxdp_get_error(all) != 0)
		return false;
	while (!found && !xdp_multiprog__is_legacy(all) &&
	       (program = xdp_multiprog__next_prog(program, all)) != NULL)
		found = xdp_program__id(program) == id;
	xdp_multiprog__close(all);
	return found;
}

int weir_dispatcher_remove_stale(int index, uint32_t keep, const struct prefilter_log *log)
{
	struct xdp_multiprog *all = xdp_multiprog__get_from_ifindex(index);
	struct xdp_program *program = NULL;
	int removed = 0;

	if (libxdp_get_error(all) != 0)
		return 0;
	enum xdp_attach_mode mode = xdp_multiprog__attach_mode(all);
	while (!xdp_multiprog__is_legacy(all) && (program = xdp_multiprog__next_prog(program, all)) != NULL) {
		if (strcmp(xdp_program__name(program), OUR_NAME) != 0 || xdp_program__id(program) == keep)
			continue;
		int error = xdp_program__detach(program, index, mode, 0);
		weir_prefilter_log(log, error != 0 ? WEIR_PREFILTER_WARNING : WEIR_PREFILTER_NOTICE,
		                   "prefilter: a program of an earlier gateway (id %u) beside others: %s",
		                   xdp_program__id(program), error != 0 ? strerror(-error) : "removed");
		removed = error == 0;
		break; /* the list has changed; one is all that a killed gateway leaves */
	}
	xdp_multiprog__close(all);
	return removed;
}

int weir_remove_leftover(const char *interface, const struct prefilter_log *log)
{
	int index = (int)if_nametoindex(interface);
	struct occupant occupant;
	int removed = 0;

	if (index == 0)
		return -ENODEV;
	int claim = weir_claim_interface(index);
	if (claim < 0)
		return claim;
	int error = weir_occupant_find(index, &occupant);
	if (error != 0)
		goto out;
	if (weir_occupant_is_ours(&occupant)) {
		error = weir_occupant_detach(index, &occupant);
		removed = error == 0;
	} else if (weir_occupant_is_dispatcher(&occupant)) {
		removed = weir_dispatcher_remove_stale(index, 0, log);
	} else if (occupant.id != 0) {
		weir_prefilter_log(log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: the XDP program '%s' (id %u) is not ours and stays",
		                   interface, occupant.name, occupant.id);
	}
	if (removed)
		weir_prefilter_log(log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: removed a program of an earlier gateway", interface);
out:
	close(claim);
	return error != 0 ? error : removed;
}

int weir_prefilter_detach(const char *interface,
                          void (*write)(void *context, enum weir_prefilter_level level, const char *text),
                          void *log_context)
{
	struct prefilter_log log = {.write = write, .context = log_context};

	weir_prefilter_listen(&log);
	int removed = weir_remove_leftover(interface, &log);
	weir_prefilter_listen(NULL);
	return removed;
}
