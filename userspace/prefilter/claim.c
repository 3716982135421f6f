/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A claim is a bound socket with an abstract name: it belongs to the network namespace, as the interface
 * does, needs no file, and goes with its process. See claim.h.
 */
#include "claim.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int weir_claim_interface(int index)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "weir/prefilter/%d", index);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&name, size) != 0) {
		int error = errno == EADDRINUSE ? -EBUSY : -errno;

		close(fd);
		return error;
	}
	return fd;
}
