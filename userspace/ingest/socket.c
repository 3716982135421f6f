/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One UDP socket: options, bind, multicast join, losses. Receiving is done elsewhere, by io_uring.
 */
#include "ingest/socket.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

union any_address {
	struct sockaddr generic;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage storage;
};

__attribute__((format(printf, 5, 6))) static int refuse(const struct weir_endpoint *endpoint, int error,
                                                        char *problem, size_t size, const char *format, ...)
{
	char where[WEIR_ENDPOINT_TEXT_SIZE];
	char what[WEIR_INGEST_PROBLEM_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(problem, size, "cannot listen at %s: %s",
	         weir_endpoint_format(endpoint, where, sizeof(where)), what);
	return -error;
}

static socklen_t to_socket_address(union any_address *out, const struct weir_endpoint *endpoint,
                                   unsigned int interface)
{
	memset(out, 0, sizeof(*out));
	if (weir_endpoint_is_ipv4(endpoint)) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons(endpoint->address.port);
		memcpy(&out->v4.sin_addr, endpoint->address.ip + 12, 4);
		return sizeof(out->v4);
	}
	out->v6.sin6_family = AF_INET6;
	out->v6.sin6_port = htons(endpoint->address.port);
	memcpy(&out->v6.sin6_addr, endpoint->address.ip, 16);
	out->v6.sin6_scope_id = interface;
	return sizeof(out->v6);
}

static int set_flag(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) == 0 ? 0 : -errno;
}

/* SO_RCVBUFFORCE goes above net.core.rmem_max, and needs CAP_NET_ADMIN; SO_RCVBUF is cut in silence. */
static uint32_t set_receive_buffer(int fd, uint32_t bytes)
{
	int got = 0;
	socklen_t length = sizeof(got);

	if (set_flag(fd, SOL_SOCKET, SO_RCVBUFFORCE, (int)bytes) != 0)
		set_flag(fd, SOL_SOCKET, SO_RCVBUF, (int)bytes);
	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &length) != 0 || got < 0)
		return 0;
	return (uint32_t)got / 2; /* the kernel reports the double that it accounts with, socket(7) */
}

/*
 * A socket hears only the groups that it joined itself: without *_MULTICAST_ALL = 0 it would also hear
 * those that any other program of this machine joins. One address family a socket, whatever
 * net.ipv6.bindv6only says, so that 0.0.0.0 and [::] can stand side by side.
 */
static int set_options(int fd, int family, const struct weir_socket_options *options)
{
	int error = set_flag(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);

	if (error == 0)
		error = set_flag(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
	if (error == 0 && options->share)
		error = set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (error != 0)
		return error;
	if (family == AF_INET)
		return set_flag(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
	error = set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (error == 0)
		error = set_flag(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
	return error;
}

/*
 * Not for IPv4 groups: there the membership alone ties to the interface, and a bound socket would miss
 * what bridges and VRFs deliver under another name. IPv6 looks at the group only.
 */
static int bind_interface(int fd, const struct weir_endpoint *endpoint, int family, unsigned int interface)
{
	if (interface == 0 || (endpoint->multicast && family == AF_INET))
		return 0;
	return set_flag(fd, SOL_SOCKET, SO_BINDTOIFINDEX, (int)interface);
}

/*
 * The kernel gives an io_uring's sockets back some time after its process has died: an address in use
 * is tried again for a while before it is believed.
 */
static int bind_patiently(int fd, const union any_address *address, socklen_t length, uint32_t try_ms)
{
	const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};

	for (uint32_t waited_ms = 0;; waited_ms += 10) {
		if (bind(fd, &address->generic, length) == 0)
			return 0;
		if (errno != EADDRINUSE || waited_ms >= try_ms)
			return -errno;
		nanosleep(&pause, NULL);
	}
}

static int explain_bind(const struct weir_endpoint *endpoint, int error, char *problem, size_t size)
{
	uint16_t port = endpoint->address.port;

	switch (-error) {
	case EADDRINUSE:
		return refuse(endpoint, -error, problem, size,
		              "another program has this address; `ss -lunp sport = :%u` shows which", port);
	case EACCES:
		return refuse(endpoint, -error, problem, size,
		              "ports below net.ipv4.ip_unprivileged_port_start (1024) need "
		              "CAP_NET_BIND_SERVICE: start "
		              "as root, or grant it (AmbientCapabilities= in a systemd unit), or take a "
		              "higher port");
	case EADDRNOTAVAIL:
		return refuse(
		        endpoint, -error, problem, size,
		        "no interface of this machine has that address; `ip address` shows those there are; "
		        "%s takes all",
		        weir_endpoint_is_ipv4(endpoint) ? "0.0.0.0" : "[::]");
	default:
		return refuse(endpoint, -error, problem, size, "bind: %s", strerror(-error));
	}
}

static int join(int fd, const struct weir_endpoint *endpoint, const union any_address *group,
                unsigned int interface, char *problem, size_t size)
{
	struct group_req request = {.gr_interface = interface};
	int level = group->generic.sa_family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;

	memcpy(&request.gr_group, &group->storage, sizeof(request.gr_group));
	if (setsockopt(fd, level, MCAST_JOIN_GROUP, &request, sizeof(request)) == 0)
		return 0;
	int error = errno;
	if (error == ENODEV && interface == 0)
		return refuse(endpoint, error, problem, size,
		              "no route leads to that group: name the interface to join it on, like %%eth0 "
		              "at the end");
	return refuse(endpoint, error, problem, size, "joining the group: %s", strerror(error));
}

static int find_interface(unsigned int *out, const struct weir_endpoint *endpoint, char *problem, size_t size)
{
	unsigned int index = 0;

	if (endpoint->interface[0] != '\0') {
		index = if_nametoindex(endpoint->interface);
		if (index == 0)
			return refuse(endpoint, ENODEV, problem, size,
			              "there is no interface %s; `ip link` shows those there are",
			              endpoint->interface);
	}
	*out = index;
	return 0;
}

static int set_up(struct weir_socket *opened, const struct weir_endpoint *endpoint,
                  const struct weir_socket_options *options, char *problem, size_t size)
{
	union any_address address;
	socklen_t length = to_socket_address(&address, endpoint, opened->interface);
	int family = address.generic.sa_family;

	opened->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP);
	if (opened->fd < 0 && errno == EAFNOSUPPORT)
		return refuse(endpoint, EAFNOSUPPORT, problem, size, "this kernel has no %s",
		              family == AF_INET ? "IPv4" : "IPv6");
	if (opened->fd < 0)
		return refuse(endpoint, errno, problem, size, "socket: %s", strerror(errno));
	int error = set_options(opened->fd, family, options);
	if (error != 0)
		return refuse(endpoint, -error, problem, size, "socket options: %s", strerror(-error));
	opened->receive_buffer_bytes = set_receive_buffer(opened->fd, options->receive_buffer_bytes);
	error = bind_interface(opened->fd, endpoint, family, opened->interface);
	if (error != 0)
		return refuse(endpoint, -error, problem, size, "binding to the interface: %s",
		              strerror(-error));
	error = bind_patiently(opened->fd, &address, length, options->bind_try_ms);
	if (error != 0)
		return explain_bind(endpoint, error, problem, size);
	if (endpoint->multicast)
		return join(opened->fd, endpoint, &address, opened->interface, problem, size);
	return 0;
}

int weir_socket_open(struct weir_socket *out, const struct weir_endpoint *endpoint,
                     const struct weir_socket_options *options, char *problem, size_t problem_size)
{
	struct weir_socket opened = {.fd = -1};
	int error = find_interface(&opened.interface, endpoint, problem, problem_size);

	if (error == 0)
		error = set_up(&opened, endpoint, options, problem, problem_size);
	if (error != 0) {
		weir_socket_close(&opened);
		return error;
	}
	*out = opened;
	return 0;
}

uint32_t weir_socket_dropped(struct weir_socket *socket, uint32_t kernel_counter)
{
	/* A datagram brings the counter as it was when it was queued: an old value says nothing new. */
	int32_t news = (int32_t)(kernel_counter - socket->dropped_seen);

	if (news <= 0)
		return 0;
	socket->dropped_seen = kernel_counter;
	return (uint32_t)news;
}

int weir_socket_read_drops(const struct weir_socket *socket, uint32_t *kernel_counter)
{
	uint32_t figures[SK_MEMINFO_VARS] = {0};
	socklen_t length = sizeof(figures);

	if (getsockopt(socket->fd, SOL_SOCKET, SO_MEMINFO, figures, &length) != 0)
		return -errno;
	*kernel_counter = figures[SK_MEMINFO_DROPS];
	return 0;
}

int weir_socket_refuse_new(const struct weir_socket *socket)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &nothing};

	if (setsockopt(socket->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) != 0)
		return -errno;
	return 0;
}

uint64_t weir_socket_discard(const struct weir_socket *socket)
{
	uint64_t count = 0;
	char byte;

	while (recv(socket->fd, &byte, sizeof(byte), MSG_DONTWAIT) >= 0)
		count++;
	return count;
}

bool weir_socket_is_deaf(const struct weir_socket *socket, const struct weir_endpoint *endpoint)
{
	struct ifreq request = {0};

	if (socket->interface == 0)
		return false;
	memcpy(request.ifr_name, endpoint->interface, sizeof(request.ifr_name));
	if (ioctl(socket->fd, SIOCGIFINDEX, &request) != 0)
		return false; /* it is away: nothing to hear, nothing to do yet */
	return (unsigned int)request.ifr_ifindex != socket->interface;
}

uint16_t weir_socket_port(const struct weir_socket *socket)
{
	union any_address address = {0};
	socklen_t length = sizeof(address);

	if (getsockname(socket->fd, &address.generic, &length) != 0)
		return 0;
	return ntohs(address.generic.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

void weir_socket_close(struct weir_socket *socket)
{
	if (socket->fd >= 0)
		close(socket->fd);
	socket->fd = -1;
}
