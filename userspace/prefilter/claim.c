/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A claim is a listening socket with an abstract name: it belongs to the network namespace, as the interface
 * does, needs no file, and goes with its process. See claim.h.
 */
#include "claim.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* What the two say to each other; a number for the day on which it changes. */
#define QUESTION "weir take over 1"
#define ANSWER "weir released 1"

static socklen_t claim_name(struct sockaddr_un *name, int index)
{
	*name = (struct sockaddr_un){.sun_family = AF_UNIX};
	int length = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "weir/prefilter/%d", index);

	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static int fail(int fd)
{
	int error = -errno;

	close(fd);
	return error;
}

int weir_claim_interface(int index)
{
	struct sockaddr_un name;
	socklen_t size = claim_name(&name, index);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&name, size) == 0 && listen(fd, 4) == 0)
		return fd;
	int error = fail(fd);
	return error == -EADDRINUSE ? -EBUSY : error;
}

/* An abstract name has no permissions: who may end the gateway by a signal may ask it, and nobody else. */
static int check_peer(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
		return -errno;
	return peer.uid == 0 || peer.uid == geteuid() ? 0 : -EACCES;
}

int weir_claim_ask(int index, const char *names, size_t length, int timeout_ms)
{
	char text[sizeof(QUESTION) + WEIR_CLAIM_NAMES_SIZE];
	struct sockaddr_un name;
	socklen_t size = claim_name(&name, index);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (length > WEIR_CLAIM_NAMES_SIZE) {
		errno = E2BIG;
		return fail(fd);
	}
	if (connect(fd, (struct sockaddr *)&name, size) != 0) {
		int error = fail(fd);
		return error == -ECONNREFUSED ? -ENOENT : error;
	}
	memcpy(text, QUESTION, sizeof(QUESTION));
	memcpy(text + sizeof(QUESTION), names, length);
	if (send(fd, text, sizeof(QUESTION) + length, MSG_NOSIGNAL) < 0)
		return fail(fd);
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	int ready = poll(&waiting, 1, timeout_ms);
	if (ready < 0)
		return fail(fd);
	ssize_t got = ready > 0 ? recv(fd, text, sizeof(text), MSG_DONTWAIT) : -1;
	close(fd);
	if (ready == 0)
		return -ETIMEDOUT;
	/* An end without an answer: it died, or does not take us for one who may ask. */
	if (got == (ssize_t)sizeof(ANSWER) && memcmp(text, ANSWER, sizeof(ANSWER)) == 0)
		return 0;
	int claim = weir_claim_interface(index);
	if (claim < 0)
		return claim == -EBUSY ? -EACCES : claim;
	close(claim);
	return 0;
}

int weir_claim_accept(int claim)
{
	int fd = accept4(claim, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	int error = check_peer(fd);
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

int weir_claim_hear(int asking, char names[WEIR_CLAIM_NAMES_SIZE])
{
	char text[sizeof(QUESTION) + WEIR_CLAIM_NAMES_SIZE];
	ssize_t got = recv(asking, text, sizeof(text), MSG_DONTWAIT);

	if (got < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	if (got < (ssize_t)sizeof(QUESTION) || memcmp(text, QUESTION, sizeof(QUESTION)) != 0)
		return -EBADMSG;
	memcpy(names, text + sizeof(QUESTION), (size_t)got - sizeof(QUESTION));
	return (int)((size_t)got - sizeof(QUESTION));
}

void weir_claim_grant(int asking)
{
	/* Who has gone meanwhile finds the claim free. */
	(void)!send(asking, ANSWER, sizeof(ANSWER), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(asking);
}
