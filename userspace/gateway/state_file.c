/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading, and writing by way of a second file and rename(2). See state_file.h.
 */
#include "gateway/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_BYTES (INT64_C(16) << 30) /* four million devices need a quarter of it */

static int read_all(int fd, uint8_t *bytes, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t got = read(fd, bytes + at, length - at);

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			return -EIO; /* it is shorter than it was a moment ago */
		at += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

int weir_state_file_read(const char *file, void **bytes, size_t *length)
{
	struct stat status;
	void *read_bytes = NULL;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) != 0)
		error = -errno;
	else if (!S_ISREG(status.st_mode))
		error = -EINVAL;
	else if (status.st_size > MOST_BYTES)
		error = -EFBIG;
	else if ((read_bytes = malloc((size_t)status.st_size + 1)) == NULL)
		error = -ENOMEM;
	else
		error = read_all(fd, read_bytes, (size_t)status.st_size);
	close(fd);
	if (error) {
		free(read_bytes);
		return error;
	}
	*bytes = read_bytes;
	*length = (size_t)status.st_size;
	return 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t length)
{
	while (length > 0) {
		ssize_t wrote = write(fd, bytes, length);

		if (wrote < 0 && errno != EINTR)
			return -errno;
		if (wrote > 0) {
			bytes += wrote;
			length -= (size_t)wrote;
		}
	}
	return fsync(fd) == 0 ? 0 : -errno;
}

/* So that the new name survives a loss of power too. Some file systems can't; what they do must do. */
static void sync_directory(const char *file)
{
	char directory[PATH_MAX];
	const char *slash = strrchr(file, '/');

	snprintf(directory, sizeof directory, "%.*s", slash ? (int)(slash - file) + 1 : 1,
	         slash ? file : ".");
	int fd = open(directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (fd < 0)
		return;
	(void)!fsync(fd);
	close(fd);
}

static int beside(char out[PATH_MAX], const char *file, const char *suffix)
{
	int length = snprintf(out, PATH_MAX, "%s%s", file, suffix);

	return length > 0 && length < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int weir_state_file_write(const char *file, const void *bytes, size_t length)
{
	char draft[PATH_MAX];
	int error = beside(draft, file, ".tmp");

	if (error)
		return error;
	int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	error = write_all(fd, bytes, length);
	if (close(fd) != 0 && !error)
		error = -errno;
	if (!error && rename(draft, file) != 0)
		error = -errno;
	if (error)
		unlink(draft); /* a full disk has better uses */
	else
		sync_directory(file);
	return error;
}

int weir_state_file_put_aside(const char *file)
{
	char aside[PATH_MAX];
	int error = beside(aside, file, ".refused");

	return error ? error : rename(file, aside) == 0 ? 0 : -errno;
}
