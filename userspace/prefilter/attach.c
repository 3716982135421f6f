/* SPDX-License-Identifier: BSD-2-Clause */
#include "attach.h"
#include "claim.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "weir.skel.h"

#define OUR_NAME "weir_prefilter"        /* of the program; the kernel keeps 15 characters */
#define DISPATCHER_NAME "xdp_dispatcher" /* of libxdp */

/* What is on an interface now. */
struct occupant {
	uint32_t id;    /* of the program; 0: nobody */
	uint32_t flags; /* the mode that it is attached in */
	char name[BPF_OBJ_NAME_LEN];
};

__attribute__((format(printf, 2, 3))) static void say(char reason[160], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, 160, format, arguments);
	va_end(arguments);
}

static int find_occupant(int index, struct occupant *out)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);

	*out = (struct occupant){0};
	int error = bpf_xdp_query(index, 0, &query);
	if (error != 0)
		return error;
	out->id = query.drv_prog_id != 0 ? query.drv_prog_id : query.skb_prog_id;
	if (out->id == 0)
		out->id = query.prog_id;
	if (out->id == 0)
		return 0;
	out->flags = query.attach_mode == XDP_ATTACHED_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
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

static bool is_ours(const char *name)
{
	return strcmp(name, OUR_NAME) == 0;
}

/* A program attaches once; each attempt gets a copy of its own, over the same maps. */
static struct weir_bpf *copy_program(const struct weir_bpf *maps)
{
	struct weir_bpf *copy = weir_bpf__open();

	if (copy == NULL)
		return NULL;
	int error = bpf_map__reuse_fd(copy->maps.bss, bpf_map__fd(maps->maps.bss));
	if (error == 0)
		error = bpf_map__reuse_fd(copy->maps.weir_followed, bpf_map__fd(maps->maps.weir_followed));
	if (error == 0)
		error = bpf_map__reuse_fd(copy->maps.weir_counters, bpf_map__fd(maps->maps.weir_counters));
	if (error == 0)
		error = bpf_map__reuse_fd(copy->maps.weir_window, bpf_map__fd(maps->maps.weir_window));
	if (error != 0) {
		weir_bpf__destroy(copy);
		errno = -error;
		return NULL;
	}
	return copy;
}

static void drop_copy(struct attachment *attachment)
{
	xdp_program__close(attachment->program);
	attachment->program = NULL;
	weir_bpf__destroy(attachment->object);
	attachment->object = NULL;
}

static int make_copy(struct attachment *attachment, const struct weir_bpf *maps)
{
	attachment->object = copy_program(maps);
	if (attachment->object == NULL)
		return -errno;
	return 0;
}

/* In place of a program of ours in the same mode: one step, no packet goes by unjudged. */
static int replace(struct attachment *attachment, const struct weir_bpf *maps, const struct occupant *old)
{
	int error = make_copy(attachment, maps);
	int old_fd = bpf_prog_get_fd_by_id(old->id);

	if (error == 0)
		error = old_fd < 0 ? old_fd : weir_bpf__load(attachment->object);
	if (error == 0) {
		LIBBPF_OPTS(bpf_xdp_attach_opts, options, .old_prog_fd = old_fd);

		error = bpf_xdp_attach(attachment->index,
		                       bpf_program__fd(attachment->object->progs.weir_prefilter), old->flags,
		                       &options);
	}
	if (old_fd >= 0)
		close(old_fd);
	if (error != 0)
		drop_copy(attachment);
	else
		attachment->flags = old->flags;
	return error;
}

/* By libxdp, which lives beside others where the kernel has what its dispatcher needs. */
static int add(struct attachment *attachment, const struct weir_bpf *maps, enum xdp_attach_mode mode)
{
	int error = make_copy(attachment, maps);

	if (error != 0)
		return error;
	attachment->program = xdp_program__from_bpf_obj(attachment->object->obj, "xdp");
	error = (int)libxdp_get_error(attachment->program);
	if (error != 0) {
		attachment->program = NULL;
	} else {
		error = xdp_program__attach(attachment->program, attachment->index, mode, 0);
	}
	if (error != 0)
		drop_copy(attachment);
	else
		attachment->flags = mode == XDP_MODE_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
	return error;
}

/* Programs of ours that a dispatcher still runs, but for the one that was just added. */
static void remove_stale(int index, uint32_t keep, const struct prefilter_log *log, int *removed)
{
	struct xdp_multiprog *all = xdp_multiprog__get_from_ifindex(index);
	struct xdp_program *program = NULL;

	if (libxdp_get_error(all) != 0)
		return;
	enum xdp_attach_mode mode = xdp_multiprog__attach_mode(all);
	while (!xdp_multiprog__is_legacy(all) && (program = xdp_multiprog__next_prog(program, all)) != NULL) {
		if (!is_ours(xdp_program__name(program)) || xdp_program__id(program) == keep)
			continue;
		int error = xdp_program__detach(program, index, mode, 0);
		weir_prefilter_log(log, error != 0 ? WEIR_PREFILTER_WARNING : WEIR_PREFILTER_NOTICE,
		                   "prefilter: a stale program of ours (id %u) beside others: %s",
		                   xdp_program__id(program), error != 0 ? strerror(-error) : "removed");
		*removed += error == 0;
		break; /* the list has changed; one is all that a killed gateway leaves */
	}
	xdp_multiprog__close(all);
}

static int detach_occupant(int index, const struct occupant *occupant)
{
	int fd = bpf_prog_get_fd_by_id(occupant->id);
	LIBBPF_OPTS(bpf_xdp_attach_opts, options, .old_prog_fd = fd);

	if (fd < 0)
		return fd;
	int error = bpf_xdp_detach(index, occupant->flags, &options);
	close(fd);
	return error;
}

static const char *mode_word(uint32_t flags)
{
	return flags == XDP_FLAGS_SKB_MODE ? "generic" : "native";
}

/* One attempt in one mode. */
static int try_mode(struct attachment *attachment, const struct weir_bpf *maps, uint32_t flags,
                    const struct prefilter_log *log)
{
	const char *name = attachment->face.name;
	struct occupant occupant;
	int error = find_occupant(attachment->index, &occupant);

	if (error != 0)
		return error;
	if (is_ours(occupant.name)) {
		weir_prefilter_log(
		        log, WEIR_PREFILTER_NOTICE,
		        "prefilter: %s: a stale program of ours (id %u, %s) is there and is replaced", name,
		        occupant.id, mode_word(occupant.flags));
		if (occupant.flags == flags)
			return replace(attachment, maps, &occupant);
		/* The kernel allows one mode at a time. */
		error = detach_occupant(attachment->index, &occupant);
		if (error != 0)
			return error;
	} else if (occupant.id != 0 && strcmp(occupant.name, DISPATCHER_NAME) != 0) {
		say(attachment->face.reason, "the XDP program '%s' (id %u) of somebody else is attached",
		    occupant.name, occupant.id);
		return -EBUSY;
	}
	return add(attachment, maps, flags == XDP_FLAGS_SKB_MODE ? XDP_MODE_SKB : XDP_MODE_NATIVE);
}

static void log_attached(struct attachment *attachment, const struct prefilter_log *log)
{
	struct occupant occupant;
	int removed = 0;

	if (find_occupant(attachment->index, &occupant) != 0)
		return;
	bool alone = is_ours(occupant.name);

	if (!alone)
		remove_stale(attachment->index,
		             attachment->program != NULL ? xdp_program__id(attachment->program) : 0, log,
		             &removed);
	weir_prefilter_log(log, WEIR_PREFILTER_NOTICE, "prefilter: %s: attached in %s mode%s",
	                   attachment->face.name, mode_word(attachment->flags),
	                   alone ? ", as the only program (no dispatcher here)" : ", beside others");
}

/* What the kernel answers when a driver has no XDP, or not for this MTU or set of features. */
static const char *explain(int error)
{
	switch (error) {
	case -EOPNOTSUPP:
		return "the driver does not support it";
	case -ERANGE:
	case -EINVAL:
		return "the driver refuses it; a large MTU is a common cause";
	case -EPERM:
		return "not permitted: CAP_NET_ADMIN and CAP_SYS_ADMIN are needed";
	case -EBUSY:
	case -EEXIST:
		return "somebody else's program is attached";
	default:
		return strerror(-error);
	}
}

static void give_up_claim(struct attachment *attachment)
{
	if (attachment->claim > 0)
		close(attachment->claim);
	attachment->claim = 0;
}

/* In the best mode that can be had. Returns 0, or a negative errno with the reason filled. */
static int try_modes(struct attachment *attachment, const struct weir_bpf *maps,
                     enum weir_prefilter_mode mode, const struct prefilter_log *log)
{
	struct weir_prefilter_interface *face = &attachment->face;
	int error = -EOPNOTSUPP;

	if (mode != WEIR_PREFILTER_GENERIC) {
		error = try_mode(attachment, maps, XDP_FLAGS_DRV_MODE, log);
		if (error != 0 && mode == WEIR_PREFILTER_AUTO && error != -EBUSY)
			weir_prefilter_log(log, WEIR_PREFILTER_NOTICE,
			                   "prefilter: %s: no native mode (%s); trying generic", face->name,
			                   explain(error));
	}
	if (error != 0 && mode != WEIR_PREFILTER_NATIVE && error != -EBUSY) {
		if (mode == WEIR_PREFILTER_AUTO)
			say(face->reason, "no native mode: %s", explain(error));
		error = try_mode(attachment, maps, XDP_FLAGS_SKB_MODE, log);
	}
	if (error != 0) {
		if (face->reason[0] == '\0' || error != -EBUSY)
			say(face->reason, "%s", explain(error));
		return error;
	}
	return 0;
}

int weir_attach(struct attachment *attachment, const struct weir_bpf *maps, enum weir_prefilter_mode mode,
                const struct prefilter_log *log)
{
	struct weir_prefilter_interface *face = &attachment->face;

	face->mode = WEIR_PREFILTER_OFF;
	face->reason[0] = '\0';
	attachment->index = (int)if_nametoindex(face->name);
	if (attachment->index == 0) {
		say(face->reason, "there is no such interface");
		return -ENODEV;
	}
	int claim = weir_claim_interface(attachment->index);
	if (claim < 0) {
		say(face->reason, "%s",
		    claim == -EBUSY ? "another weir that runs filters it already" : strerror(-claim));
		return claim;
	}
	attachment->claim = claim;
	int error = try_modes(attachment, maps, mode, log);
	if (error != 0) {
		give_up_claim(attachment);
		return error;
	}
	face->mode = attachment->flags == XDP_FLAGS_SKB_MODE ? WEIR_PREFILTER_GENERIC : WEIR_PREFILTER_NATIVE;
	log_attached(attachment, log);
	return 0;
}

void weir_detach(struct attachment *attachment, const struct prefilter_log *log)
{
	int error = -EOPNOTSUPP;

	if (attachment->face.mode == WEIR_PREFILTER_OFF || attachment->object == NULL)
		return;
	if (attachment->program != NULL)
		error = xdp_program__detach(
		        attachment->program, attachment->index,
		        attachment->flags == XDP_FLAGS_SKB_MODE ? XDP_MODE_SKB : XDP_MODE_NATIVE, 0);
	if (error != 0) {
		/* libxdp needs CAP_SYS_ADMIN to look; the kernel itself only that we name the program. */
		LIBBPF_OPTS(bpf_xdp_attach_opts, options,
		            .old_prog_fd = bpf_program__fd(attachment->object->progs.weir_prefilter));

		error = bpf_xdp_detach(attachment->index, attachment->flags, &options);
	}
	if (error != 0)
		weir_prefilter_log(log, WEIR_PREFILTER_WARNING, "prefilter: %s: can't detach: %s",
		                   attachment->face.name, strerror(-error));
	else
		weir_prefilter_log(log, WEIR_PREFILTER_NOTICE, "prefilter: %s: detached",
		                   attachment->face.name);
	drop_copy(attachment);
	give_up_claim(attachment);
	attachment->face.mode = WEIR_PREFILTER_OFF;
	say(attachment->face.reason, "detached");
}

int weir_prefilter_detach(const char *interface,
                          void (*write)(void *context, enum weir_prefilter_level level, const char *text),
                          void *log_context)
{
	struct prefilter_log log = {.write = write, .context = log_context};
	int index = (int)if_nametoindex(interface);
	struct occupant occupant;
	int removed = 0;

	if (index == 0)
		return -ENODEV;
	int claim = weir_claim_interface(index);
	if (claim < 0)
		return claim;
	weir_prefilter_listen(&log);
	int error = find_occupant(index, &occupant);
	if (error != 0)
		goto out;
	if (is_ours(occupant.name)) {
		error = detach_occupant(index, &occupant);
		removed = error == 0;
	} else if (strcmp(occupant.name, DISPATCHER_NAME) == 0) {
		remove_stale(index, 0, &log, &removed);
	} else if (occupant.id != 0) {
		weir_prefilter_log(&log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: the XDP program '%s' (id %u) is not ours and stays",
		                   interface, occupant.name, occupant.id);
	}
	if (removed)
		weir_prefilter_log(&log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: removed a stale program of ours", interface);
out:
	weir_prefilter_listen(NULL);
	close(claim);
	return error != 0 ? error : removed;
}
