/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints as operators write them, to and from text. No names are looked up, no socket is touched.
 */
#include "ingest/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const uint8_t MAPPED_PREFIX[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct pieces {
	char host[INET6_ADDRSTRLEN];
	bool bracketed;
	const char *port;
	size_t port_length;
	const char *interface; /* NULL: none given */
};

__attribute__((format(printf, 3, 4))) static int refuse(char *problem, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* Cuts "host:port%interface" where it must be cut; what the pieces mean is not looked at. */
static int cut(struct pieces *out, const char *text, char *problem, size_t size)
{
	struct pieces pieces = {.bracketed = text[0] == '['};
	const char *host = text;
	const char *host_end;

	if (pieces.bracketed) {
		host = text + 1;
		host_end = strchr(host, ']');
		if (host_end == NULL || host_end[1] != ':')
			return refuse(problem, size,
			              "'%.80s' is not [ADDRESS]:PORT: write it like [::]:10110", text);
		pieces.port = host_end + 2;
	} else {
		host_end = strchr(host, ':');
		if (host_end == NULL)
			return refuse(problem, size,
			              "'%.80s' has no port: write ADDRESS:PORT, like 0.0.0.0:10110", text);
		if (strchr(host_end + 1, ':') != NULL)
			return refuse(problem, size,
			              "'%.80s': write an IPv6 address in brackets, like [::1]:10110", text);
		pieces.port = host_end + 1;
	}
	if (host_end == host)
		return refuse(problem, size,
		              "'%.80s' has no address: write 0.0.0.0:PORT or [::]:PORT for all", text);
	size_t host_length = (size_t)(host_end - host);
	if (memchr(host, '%', host_length) != NULL)
		return refuse(problem, size,
		              "'%.80s': write the interface at the end, like 239.192.0.2:60002%%eth0", text);
	if (host_length >= sizeof(pieces.host))
		return refuse(problem, size, "'%.80s' is not an IP address", text);
	memcpy(pieces.host, host, host_length);
	pieces.port_length = strcspn(pieces.port, "%");
	if (pieces.port[pieces.port_length] == '%')
		pieces.interface = pieces.port + pieces.port_length + 1;
	*out = pieces;
	return 0;
}

static int parse_port(uint16_t *out, const struct pieces *pieces, char *problem, size_t size)
{
	uint32_t port = 0;

	for (size_t i = 0; i < pieces->port_length; i++) {
		if (pieces->port[i] < '0' || pieces->port[i] > '9' || port > UINT16_MAX) {
			port = 0;
			break;
		}
		port = port * 10 + (uint32_t)(pieces->port[i] - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return refuse(problem, size, "'%.*s' is not a port: write a number from 1 to 65535",
		              pieces->port_length < 40 ? (int)pieces->port_length : 40, pieces->port);
	*out = (uint16_t)port;
	return 0;
}

static int parse_host(struct weir_address *out, const struct pieces *pieces, char *problem, size_t size)
{
	if (!pieces->bracketed) {
		memcpy(out->ip, MAPPED_PREFIX, sizeof(MAPPED_PREFIX));
		if (inet_pton(AF_INET, pieces->host, out->ip + 12) == 1)
			return 0;
		return refuse(problem, size,
		              "'%s' is not an IPv4 address: names are not looked up, write numbers like "
		              "192.0.2.7, or "
		              "0.0.0.0 for all",
		              pieces->host);
	}
	if (inet_pton(AF_INET6, pieces->host, out->ip) != 1)
		return refuse(problem, size, "'%s' is not an IPv6 address: write it like [2001:db8::7]:10110",
		              pieces->host);
	if (memcmp(out->ip, MAPPED_PREFIX, sizeof(MAPPED_PREFIX)) == 0)
		return refuse(problem, size, "'%s' is IPv4 in IPv6 clothes: write %u.%u.%u.%u:PORT",
		              pieces->host, out->ip[12], out->ip[13], out->ip[14], out->ip[15]);
	return 0;
}

static int parse_interface(char out[IFNAMSIZ], const struct pieces *pieces, char *problem, size_t size)
{
	size_t length = strlen(pieces->interface);

	if (length == 0 || length >= IFNAMSIZ || strpbrk(pieces->interface, "/ \t\r\n%:") != NULL)
		return refuse(
		        problem, size,
		        "'%.40s' is not the name of an interface: write one that `ip link` shows, at most %d "
		        "characters",
		        pieces->interface, IFNAMSIZ - 1);
	memcpy(out, pieces->interface, length + 1);
	return 0;
}

static bool is_multicast(const struct weir_endpoint *endpoint)
{
	const uint8_t *ip = endpoint->address.ip;

	return weir_endpoint_is_ipv4(endpoint) ? (ip[12] & 0xf0) == 0xe0 : ip[0] == 0xff;
}

/* fe80::/10, and groups of interface-local or link-local scope (RFC 4291 2.5.6 and 2.7). */
static bool needs_interface(const struct weir_address *address)
{
	const uint8_t *ip = address->ip;

	if (ip[0] == 0xff)
		return (ip[1] & 0x0f) == 1 || (ip[1] & 0x0f) == 2;
	return ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
}

int weir_endpoint_parse(struct weir_endpoint *out, const char *text, char *problem, size_t problem_size)
{
	struct weir_endpoint endpoint = {0};
	struct pieces pieces = {0};
	int error = cut(&pieces, text, problem, problem_size);

	if (error == 0)
		error = parse_host(&endpoint.address, &pieces, problem, problem_size);
	if (error == 0)
		error = parse_port(&endpoint.address.port, &pieces, problem, problem_size);
	if (error == 0 && pieces.interface != NULL)
		error = parse_interface(endpoint.interface, &pieces, problem, problem_size);
	if (error != 0)
		return error;
	if (endpoint.interface[0] == '\0' && needs_interface(&endpoint.address))
		return refuse(problem, problem_size,
		              "'%s' means something else on each interface: write [%s]:%u%%eth0", pieces.host,
		              pieces.host, endpoint.address.port);
	endpoint.multicast = is_multicast(&endpoint);
	*out = endpoint;
	return 0;
}

const char *weir_endpoint_format(const struct weir_endpoint *endpoint, char *text, size_t size)
{
	const struct weir_address *address = &endpoint->address;
	char host[INET6_ADDRSTRLEN];
	const char *percent = endpoint->interface[0] != '\0' ? "%" : "";

	if (weir_endpoint_is_ipv4(endpoint)) {
		inet_ntop(AF_INET, address->ip + 12, host, sizeof(host));
		snprintf(text, size, "%s:%u%s%s", host, address->port, percent, endpoint->interface);
	} else {
		inet_ntop(AF_INET6, address->ip, host, sizeof(host));
		snprintf(text, size, "[%s]:%u%s%s", host, address->port, percent, endpoint->interface);
	}
	return text;
}
