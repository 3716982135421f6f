/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

/* A message about a link with many attributes and virtual functions is some kilobytes long. */
#define BUFFER_BYTES 32768

struct watch {
	struct mnl_socket *socket;
	bool (*concerns)(void *context, int index, const char *name);
	void *context;
	bool heard;
	char buffer[BUFFER_BYTES];
};

int weir_watch_open(struct watch **out)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return -ENOMEM;
	watch->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (watch->socket == NULL || mnl_socket_bind(watch->socket, RTMGRP_LINK, MNL_SOCKET_AUTOPID) != 0) {
		int error = -errno;

		weir_watch_close(watch);
		return error;
	}
	*out = watch;
	return 0;
}

int weir_watch_descriptor(const struct watch *watch)
{
	return mnl_socket_get_fd(watch->socket);
}

static int take_name(const struct nlattr *attribute, void *name)
{
	if (mnl_attr_get_type(attribute) == IFLA_IFNAME &&
	    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
		*(const char **)name = mnl_attr_get_str(attribute);
	return MNL_CB_OK;
}

static int hear(const struct nlmsghdr *message, void *context)
{
	struct watch *watch = context;

	if (message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
		return MNL_CB_OK;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct ifinfomsg))
		return MNL_CB_OK;
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	const char *name = NULL;
	mnl_attr_parse(message, sizeof(*link), take_name, &name);
	watch->heard = watch->heard || watch->concerns(watch->context, link->ifi_index, name);
	return MNL_CB_OK;
}

bool weir_watch_read(struct watch *watch, bool (*concerns)(void *context, int index, const char *name),
                     void *context)
{
	watch->concerns = concerns;
	watch->context = context;
	watch->heard = false;
	for (;;) {
		ssize_t length = mnl_socket_recvfrom(watch->socket, watch->buffer, sizeof(watch->buffer));

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0 && (errno == ENOBUFS || errno == ENOSPC)) {
			watch->heard = true; /* some were lost, or cut */
			continue;
		}
		if (length <= 0)
			return watch->heard;
		if (mnl_cb_run(watch->buffer, (size_t)length, 0, 0, hear, watch) < 0)
			watch->heard = true;
	}
}

void weir_watch_close(struct watch *watch)
{
	if (watch == NULL)
		return;
	if (watch->socket != NULL)
		mnl_socket_close(watch->socket);
	free(watch);
}
