/* SPDX-License-Identifier: BSD-2-Clause */
/* A connected socket, a buffer for the bytes of a batch, and sendmmsg(). */
#include "sender.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weir/datagram.h>

#define BATCH 64
#define BUFFER_SIZE (2 * (WEIR_DATAGRAM_MAX + 1))

struct weir_sender {
	int fd;
	struct weir_sender_counters counters;
	size_t count, used;
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	uint8_t buffer[BUFFER_SIZE];
};

/* getaddrinfo() takes 65537 for 1. */
static bool is_port(const char *text)
{
	char *end;
	long port = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : 0;

	return port >= 1 && port <= 65535 && *end == '\0';
}

/* Cuts "host:port" or "[v6]:port" in two. */
static int split(const char *to, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(to, ':');
	const char *from = to;
	size_t length;

	if (!colon || !is_port(colon + 1))
		return -EINVAL;
	length = (size_t)(colon - to);
	if (to[0] == '[') {
		if (length < 3 || colon[-1] != ']')
			return -EINVAL;
		from++;
		length -= 2;
	} else if (memchr(to, ':', length)) {
		return -EINVAL;
	}
	if (length == 0 || length >= size)
		return -EINVAL;
	memcpy(host, from, length);
	host[length] = '\0';
	*port = colon + 1;
	return 0;
}

static int open_socket(const char *to)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char host[256];
	const char *port;
	int rc = split(to, host, sizeof(host), &port);

	if (rc < 0)
		return rc;
	switch (getaddrinfo(host, port, &hints, &found)) {
	case 0:
		break;
	case EAI_SERVICE:
		return -EINVAL;
	default:
		return -EHOSTUNREACH;
	}
	rc = -EHOSTUNREACH;
	for (struct addrinfo *address = found; address && rc < 0; address = address->ai_next) {
		int fd = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd < 0 || connect(fd, address->ai_addr, address->ai_addrlen) < 0) {
			rc = -errno;
			if (fd >= 0)
				close(fd);
			continue;
		}
		rc = fd;
	}
	freeaddrinfo(found);
	return rc;
}

int weir_sender_open(struct weir_sender **out, const char *to)
{
	struct weir_sender *sender = calloc(1, sizeof(*sender));

	if (!sender)
		return -ENOMEM;
	sender->fd = open_socket(to);
	if (sender->fd < 0) {
		int rc = sender->fd;
		free(sender);
		return rc;
	}
	for (size_t i = 0; i < BATCH; i++)
		sender->messages[i].msg_hdr = (struct msghdr){.msg_iov = &sender->parts[i], .msg_iovlen = 1};
	*out = sender;
	return 0;
}

void weir_sender_add(struct weir_sender *sender, const void *bytes, size_t length)
{
	if (length > WEIR_DATAGRAM_MAX) {
		sender->counters.failed++;
		return;
	}
	if (sender->count == BATCH || BUFFER_SIZE - sender->used < length)
		weir_sender_flush(sender);
	if (length > 0)
		memcpy(sender->buffer + sender->used, bytes, length);
	sender->parts[sender->count++] = (struct iovec){sender->buffer + sender->used, length};
	sender->used += length;
}

/*
 * What to do about the first of the messages that are left. A connected socket reports, at the next call,
 * that nobody listened at the last: that says nothing about this one, so it is tried again.
 */
static size_t give_up(struct weir_sender *sender, int error)
{
	struct pollfd ready = {.fd = sender->fd, .events = POLLOUT};

	switch (error) {
	case EINTR:
	case ECONNREFUSED:
		return 0;
	case EAGAIN:
	case ENOBUFS:
		poll(&ready, 1, 1);
		return 0;
	default:
		sender->counters.failed++;
		return 1;
	}
}

void weir_sender_flush(struct weir_sender *sender)
{
	unsigned int tries = 0;

	for (size_t sent = 0; sent < sender->count;) {
		int now = sendmmsg(sender->fd, sender->messages + sent, (unsigned int)(sender->count - sent),
		                   0);
		if (now < 0) {
			size_t skipped = give_up(sender, ++tries < 1000 ? errno : EIO);
			sent += skipped;
			continue;
		}
		tries = 0;
		for (size_t i = sent; i < sent + (size_t)now; i++)
			sender->counters.bytes += sender->messages[i].msg_len;
		sender->counters.datagrams += (uint64_t)now;
		sent += (size_t)now;
	}
	sender->count = 0;
	sender->used = 0;
}

const struct weir_sender_counters *weir_sender_counters(const struct weir_sender *sender)
{
	return &sender->counters;
}

void weir_sender_close(struct weir_sender *sender)
{
	if (!sender)
		return;
	weir_sender_flush(sender);
	close(sender->fd);
	free(sender);
}
