/* SPDX-License-Identifier: BSD-2-Clause */
#include "attach.h"
#include "claim.h"
#include "occupant.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "weir.skel.h"

__attribute__((format(printf, 2, 3))) static void say(char reason[160], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, 160, format, arguments);
	va_end(arguments);
}

/* A program attaches once; each attempt gets a copy of its own, over the same maps. */
static struct weir_bpf *copy_program(const struct weir_bpf *maps)
{
	struct weir_bpf *copy = weir_bpf__open();
	const struct bpf_map *shared = NULL;
	int error = 0;

	if (copy == NULL)
		return NULL;
	while (error == 0 && (shared = bpf_object__next_map(maps->obj, shared)) != NULL) {
		struct bpf_map *map = bpf_object__find_map_by_name(copy->obj, bpf_map__name(shared));

		if (map == NULL)
			error = -ENOENT;
		else if (bpf_map__fd(shared) < 0) /* of something that is off: see senders.c */
			error = bpf_map__set_autocreate(map, false);
		else
			error = bpf_map__reuse_fd(map, bpf_map__fd(shared));
	}
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
	int error = weir_occupant_find(attachment->index, &occupant);

	if (error != 0)
		return error;
	if (weir_occupant_is_ours(&occupant)) {
		weir_prefilter_log(log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: the program of an earlier gateway (id %u, %s) is there "
		                   "and is replaced",
		                   name, occupant.id, mode_word(occupant.flags));
		if (occupant.flags == flags)
			return replace(attachment, maps, &occupant);
		/* The kernel allows one mode at a time. */
		error = weir_occupant_detach(attachment->index, &occupant);
		if (error != 0)
			return error;
	} else if (occupant.id != 0 && !weir_occupant_is_dispatcher(&occupant)) {
		say(attachment->face.reason, "the XDP program '%s' (id %u) of somebody else is attached",
		    occupant.name, occupant.id);
		return -EBUSY;
	} else if (occupant.id != 0 && occupant.flags != flags) {
		/* A dispatcher has one mode, too. Ours leaves it; where others stay, so does their mode. */
		weir_dispatcher_remove_stale(attachment->index, 0, log);
		error = weir_occupant_find(attachment->index, &occupant);
		if (error == 0 && occupant.id != 0)
			error = -EEXIST;
		if (error != 0)
			return error;
	}
	return add(attachment, maps, flags == XDP_FLAGS_SKB_MODE ? XDP_MODE_SKB : XDP_MODE_NATIVE);
}

static void log_attached(struct attachment *attachment, const struct prefilter_log *log)
{
	struct occupant occupant;

	if (weir_occupant_find(attachment->index, &occupant) != 0)
		return;
	bool alone = weir_occupant_is_ours(&occupant);

	if (!alone)
		weir_dispatcher_remove_stale(
		        attachment->index,
		        attachment->program != NULL ? xdp_program__id(attachment->program) : 0, log);
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

void weir_circumstances(const struct attachment *attachment, struct circumstances *out)
{
	struct ifreq request = {0};
	struct occupant occupant;

	*out = (struct circumstances){.index = (int)if_nametoindex(attachment->face.name)};
	if (out->index == 0)
		return;
	if (weir_occupant_id(out->index, &occupant) == 0)
		out->occupant = occupant.id;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	memcpy(request.ifr_name, attachment->face.name, sizeof(attachment->face.name));
	if (ioctl(fd, SIOCGIFMTU, &request) == 0)
		out->mtu = request.ifr_mtu;
	close(fd);
}

static void note_occupant(struct attachment *attachment)
{
	struct occupant occupant;

	if (weir_occupant_id(attachment->index, &occupant) == 0)
		attachment->occupant = occupant.id;
}

int weir_attach(struct attachment *attachment, const struct weir_bpf *maps, enum weir_prefilter_mode mode,
                const struct prefilter_log *log)
{
	struct weir_prefilter_interface *face = &attachment->face;

	face->mode = WEIR_PREFILTER_OFF;
	face->reason[0] = '\0';
	attachment->index = (int)if_nametoindex(face->name);
	face->absent = attachment->index == 0;
	if (face->absent) {
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
	note_occupant(attachment);
	return 0;
}

enum attachment_fate weir_attachment_fate(struct attachment *attachment)
{
	int index = (int)if_nametoindex(attachment->face.name);
	char name[IF_NAMESIZE];
	struct occupant occupant;

	if (index != attachment->index)
		return if_indextoname((unsigned int)attachment->index, name) != NULL ? FATE_RENAMED
		                                                                     : FATE_GONE;
	if (weir_occupant_id(index, &occupant) != 0 || occupant.id == attachment->occupant)
		return FATE_ATTACHED;
	if (occupant.id == 0)
		return FATE_REMOVED;
	if (attachment->program == NULL || !weir_dispatcher_runs(index, xdp_program__id(attachment->program)))
		return FATE_REPLACED;
	attachment->occupant = occupant.id; /* another program has come or gone beside ours */
	return FATE_ATTACHED;
}

void weir_attachment_forget(struct attachment *attachment, const char *reason)
{
	drop_copy(attachment);
	give_up_claim(attachment);
	attachment->occupant = 0;
	attachment->face.mode = WEIR_PREFILTER_OFF;
	say(attachment->face.reason, "%s", reason);
}

static int detach(struct attachment *attachment)
{
	int error = -EOPNOTSUPP;

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
	return error;
}

void weir_detach(struct attachment *attachment, const struct prefilter_log *log)
{
	if (!is_attached(attachment))
		return;
	int error = detach(attachment);
	if (error != 0)
		weir_prefilter_log(log, WEIR_PREFILTER_WARNING, "prefilter: %s: can't detach: %s",
		                   attachment->face.name, strerror(-error));
	else
		weir_prefilter_log(log, WEIR_PREFILTER_NOTICE, "prefilter: %s: detached",
		                   attachment->face.name);
	weir_attachment_forget(attachment, "detached");
}
