/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sender that no socket can match: BPF_PROG_TEST_RUN with live frames redirects a frame, millions of times
 * a second, into one end of a veth pair, so that it arrives at the other end as if from the wire.
 *
 *     struct live_frames sender;
 *     if (live_frames_open(&sender, if_nametoindex("feeder0")) == 0) {
 *             live_frames_aim(frame, "gate0");        where the stack shall take it, not just XDP
 *             live_frames_send(&sender, frame, length, 1000000);
 *             live_frames_close(&sender);
 *     }
 *
 * All frames of one call are the same. The feeder's veth end needs a peer with an XDP program attached in
 * native mode (any will do), or GRO switched on there: else veth does not take redirected frames. It sends
 * as fast as it can from the calling thread; the receiving end is worked on by the same CPU, in softirq.
 */
#ifndef WEIR_TESTS_LIVE_FRAMES_H
#define WEIR_TESTS_LIVE_FRAMES_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live_frames.skel.h"

#define LIVE_FRAMES_BATCH 64 /* the kernel's default; 256 at most */

struct live_frames {
	struct live_frames_bpf *object;
};

/* Returns 0 or a negative errno: -EOPNOTSUPP where the kernel has no live frames (before 5.18). */
static inline int live_frames_open(struct live_frames *sender, unsigned int interface)
{
	sender->object = live_frames_bpf__open();
	if (sender->object == NULL)
		return -errno;
	sender->object->rodata->target = interface;
	int error = live_frames_bpf__load(sender->object);
	if (error != 0) {
		live_frames_bpf__destroy(sender->object);
		sender->object = NULL;
	}
	return error;
}

/* Sends the frame `count` times. Returns 0 or a negative errno; -ENOBUFS and the like do not occur here:
 * frames that the target can't take are lost there, and its statistics count them. */
static inline int live_frames_send(struct live_frames *sender, const void *frame, uint32_t length,
                                   uint32_t count)
{
	/* The headers move up to make room for what the kernel keeps in the same page. */
	struct xdp_md context = {.data = 0, .data_end = length};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = length, .ctx_in = &context,
	            .ctx_size_in = sizeof(context), .repeat = (int)count, .flags = BPF_F_TEST_XDP_LIVE_FRAMES,
	            .batch_size = LIVE_FRAMES_BATCH);

	return bpf_prog_test_run_opts(bpf_program__fd(sender->object->progs.redirect_frame), &run);
}

/* Writes the hardware address of an interface of this network namespace into the frame as its destination, so
 * that the stack there takes the frame for its own. */
static inline int live_frames_aim(uint8_t *frame, const char *interface)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	int error = ioctl(fd, SIOCGIFHWADDR, &request) != 0 ? -errno : 0;
	close(fd);
	if (error == 0)
		memcpy(frame, request.ifr_hwaddr.sa_data, 6);
	return error;
}

static inline void live_frames_close(struct live_frames *sender)
{
	live_frames_bpf__destroy(sender->object);
	sender->object = NULL;
}

#endif
