/* SPDX-License-Identifier: BSD-2-Clause */
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const uint8_t MAPPED_PREFIX[12] = {[10] = 0xff, [11] = 0xff};

__attribute__((format(printf, 3, 4))) static int refuse(char *problem, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool is_mapped(const uint8_t ip[16])
{
	return memcmp(ip, MAPPED_PREFIX, sizeof(MAPPED_PREFIX)) == 0;
}

static int parse_address(struct weir_network *out, const char *text, size_t length)
{
	char address[INET6_ADDRSTRLEN];

	if (length >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, length);
	address[length] = '\0';
	memcpy(out->ip, MAPPED_PREFIX, sizeof(MAPPED_PREFIX));
	out->is_ipv4 = inet_pton(AF_INET, address, out->ip + 12) == 1;
	return out->is_ipv4 || inet_pton(AF_INET6, address, out->ip) == 1 ? 0 : -EINVAL;
}

/* One to three digits, and no zero before them. */
static int parse_prefix_length(uint8_t *out, const char *text, unsigned int most)
{
	size_t length = strspn(text, "0123456789");
	unsigned int value = 0;

	if (length == 0 || length > 3 || text[length] != '\0' || (length > 1 && text[0] == '0'))
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		value = value * 10 + (unsigned int)(text[i] - '0');
	if (value > most)
		return -EINVAL;
	*out = (uint8_t)value;
	return 0;
}

/* Returns whether there was one. */
static bool clear_host_bits(struct weir_network *network)
{
	unsigned int prefix = network->prefix_length + (network->is_ipv4 ? 96u : 0u);
	bool found = false;

	for (unsigned int i = 0; i < 16; i++) {
		unsigned int kept = prefix > 8 * i ? prefix - 8 * i : 0;
		uint8_t mask = kept >= 8 ? 0xff : (uint8_t)(0xff00 >> kept);

		found = found || (network->ip[i] & ~mask) != 0;
		network->ip[i] &= mask;
	}
	return found;
}

int weir_network_parse(struct weir_network *out, const char *text, char *problem, size_t size)
{
	struct weir_network network = {.prefix_length = 128};
	char meant[WEIR_NETWORK_TEXT_SIZE];
	const char *slash = strchr(text, '/');
	size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);

	if (parse_address(&network, text, length) != 0)
		return refuse(problem, size,
		              "'%.80s' is not a network: write 192.0.2.0/24 or 2001:db8::/32; names are not "
		              "looked up",
		              text);
	unsigned int most = network.is_ipv4 ? 32 : 128;
	network.prefix_length = (uint8_t)most;
	if (slash != NULL && parse_prefix_length(&network.prefix_length, slash + 1, most) != 0)
		return refuse(problem, size,
		              "'%.80s': behind the slash must be a number of bits from 0 to %u", text, most);
	if (!network.is_ipv4 && is_mapped(network.ip))
		return refuse(problem, size, "'%.80s' is IPv4 in IPv6 clothes: write %u.%u.%u.%u", text,
		              network.ip[12], network.ip[13], network.ip[14], network.ip[15]);
	if (clear_host_bits(&network))
		return refuse(problem, size,
		              "'%.80s' has host bits set: write %s, or the address without a slash", text,
		              weir_network_format(&network, meant));
	*out = network;
	return 0;
}

const char *weir_sender_format(const uint8_t ip[16], char text[WEIR_NETWORK_TEXT_SIZE])
{
	if (is_mapped(ip))
		inet_ntop(AF_INET, ip + 12, text, WEIR_NETWORK_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, ip, text, WEIR_NETWORK_TEXT_SIZE);
	return text;
}

const char *weir_network_format(const struct weir_network *network, char text[WEIR_NETWORK_TEXT_SIZE])
{
	if (network->is_ipv4)
		inet_ntop(AF_INET, network->ip + 12, text, WEIR_NETWORK_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, network->ip, text, WEIR_NETWORK_TEXT_SIZE);
	size_t length = strlen(text);
	snprintf(text + length, WEIR_NETWORK_TEXT_SIZE - length, "/%u", network->prefix_length);
	return text;
}
