/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading files of lines. See input.h.
 */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static bool is_standard(const char *file)
{
	return strcmp(file, "-") == 0;
}

const char *input_name(const char *file)
{
	return is_standard(file) ? "standard input" : file;
}

bool input_is_idle(int fd, int timeout_ms)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};

	return poll(&waiting, 1, timeout_ms) == 0;
}

static bool hand_over(struct weir_lines *lines, const struct input_handler *handler)
{
	struct weir_datagram datagram = {0};

	while (weir_lines_next(lines, &datagram))
		if (!handler->datagram(handler->context, &datagram))
			return false;
	return true;
}

static int read_all(int fd, struct weir_lines *lines, const struct input_handler *handler)
{
	for (;;) {
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);

		if (!handler->pause(handler->context, fd))
			return 0;
		ssize_t size = read(fd, into, room);
		if (size < 0 && errno == EINTR)
			continue;
		int result = size < 0 ? -errno : 1;
		weir_lines_added(lines, size > 0 ? (size_t)size : 0);
		if (!hand_over(lines, handler))
			return 0;
		if (size <= 0)
			return result;
	}
}

int input_read(const char *file, struct weir_lines *lines, const struct input_handler *handler)
{
	int fd = is_standard(file) ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -errno : read_all(fd, lines, handler);

	if (fd >= 0 && fd != STDIN_FILENO)
		close(fd);
	return result;
}
