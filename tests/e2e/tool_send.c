/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends UDP datagrams, for tests: bounded in number, at a pace, from a given address.
 *
 *     tool_send [OPTIONS] HOST:PORT [TEXT…]
 *
 * A datagram each: every TEXT, --hex, --size, --empty in the order given; then the lines of --file.
 *     --hex BYTES        "2141 49", blanks allowed
 *     --size N           N bytes of 'x'
 *     --empty            no bytes
 *     --file FILE        a datagram for each line, without its end; "-" is standard input
 *     --crlf             append CR LF to each TEXT and line
 *     --repeat N         all of it N times (1)
 *     --rate N           datagrams a second (0: as fast as it goes)
 *     --flood            64 a system call
 *     --from HOST:PORT   the sender's address; port 0: any
 *     --interface NAME   where a multicast datagram goes out, and the scope of a link-local address
 *
 * HOST is numeric, IPv6 in brackets. Says "sent N datagrams, N bytes, N refused" in the end.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <net/if.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DATAGRAMS_MAX 1000000
#define SENT_MAX 100000000 /* a test that wants more is mistaken */
#define BURST 64
#define PAYLOAD_MAX 65527

struct payload {
	uint8_t *bytes;
	size_t length;
};

static struct payload payloads[DATAGRAMS_MAX];
static size_t payload_count;
static bool crlf;

static void die(const char *what, const char *which)
{
	fprintf(stderr, "tool_send: %s: %s\n", what, which);
	exit(2);
}

static void add(const void *bytes, size_t length, bool may_end_line)
{
	bool end_line = crlf && may_end_line;
	uint8_t *copy = malloc(length + 2);

	if (payload_count == DATAGRAMS_MAX || length + 2 > PAYLOAD_MAX + 2 || copy == NULL)
		die("too much", "datagrams or bytes");
	memcpy(copy, bytes, length);
	memcpy(copy + length, "\r\n", 2);
	payloads[payload_count++] = (struct payload){copy, length + (end_line ? 2 : 0)};
}

static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)text[0]) || *end != '\0' || value > most)
		die("not a number that can be", text);
	return value;
}

static void add_hex(const char *text)
{
	uint8_t bytes[PAYLOAD_MAX];
	size_t length = 0;

	for (; *text != '\0'; text++) {
		char pair[3] = {text[0], text[1], 0};
		if (isspace((unsigned char)text[0]))
			continue;
		if (!isxdigit((unsigned char)pair[0]) || !isxdigit((unsigned char)pair[1]) ||
		    length == PAYLOAD_MAX)
			die("not hexadecimal", text);
		bytes[length++] = (uint8_t)strtoul(pair, NULL, 16);
		text++;
	}
	add(bytes, length, false);
}

static void add_filled(size_t length)
{
	uint8_t *bytes = malloc(length + 1);

	memset(bytes, 'x', length);
	add(bytes, length, false);
	free(bytes);
}

static void add_lines(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (file == NULL)
		die(path, strerror(errno));
	while ((length = getline(&line, &room, file)) >= 0) {
		while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
			length--;
		add(line, (size_t)length, true);
	}
	free(line);
	if (file != stdin)
		fclose(file);
}

static struct addrinfo *address_of(const char *text)
{
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	                               .ai_socktype = SOCK_DGRAM};
	struct addrinfo *address = NULL;
	char host[128];
	const char *colon = strrchr(text, ':');
	size_t length = colon != NULL ? (size_t)(colon - text) : sizeof(host);

	if (length >= sizeof(host))
		die("not HOST:PORT", text);
	bool bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
	snprintf(host, sizeof(host), "%.*s", (int)length - 2 * bracketed, text + bracketed);
	if (getaddrinfo(host, colon + 1, &hints, &address) != 0)
		die("not HOST:PORT", text);
	return address;
}

/* Not connected: a port that nobody listens at must not make the next datagram fail. */
static int open_socket(struct addrinfo *target, const char *from, const char *interface)
{
	int fd = socket(target->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int room = 4 << 20;
	bool v4 = target->ai_family == AF_INET;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (interface != NULL) {
		struct ip_mreqn where = {.imr_ifindex = (int)if_nametoindex(interface)};
		if (where.imr_ifindex == 0)
			die("no such interface", interface);
		if (v4)
			setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, sizeof(where));
		else
			((struct sockaddr_in6 *)(void *)target->ai_addr)->sin6_scope_id =
			        (uint32_t)where.imr_ifindex;
		if (!v4)
			setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &where.imr_ifindex, sizeof(int));
	}
	if (from != NULL) {
		struct addrinfo *source = address_of(from);
		if (bind(fd, source->ai_addr, source->ai_addrlen) != 0)
			die(from, strerror(errno));
		freeaddrinfo(source);
	}
	return fd;
}

static void wait_for_turn(const struct timespec *start, uint64_t sent, unsigned long rate)
{
	uint64_t ns = (uint64_t)start->tv_nsec + sent % rate * 1000000000 / rate;
	struct timespec due = {.tv_sec = start->tv_sec + (time_t)(sent / rate) + (time_t)(ns / 1000000000),
	                       .tv_nsec = (long)(ns % 1000000000)};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static void send_all(int fd, const struct addrinfo *target, unsigned long repeat, unsigned long rate,
                     size_t burst)
{
	struct mmsghdr messages[BURST];
	struct iovec parts[BURST];
	uint64_t total = (uint64_t)payload_count * repeat, sent = 0, bytes = 0, refused = 0;
	struct timespec start;

	if (total > SENT_MAX)
		die("too much", "--repeat");
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (sent + refused < total) {
		size_t count = total - sent - refused < burst ? (size_t)(total - sent - refused) : burst;
		for (size_t i = 0; i < count; i++) {
			const struct payload *payload = &payloads[(sent + refused + i) % payload_count];
			parts[i] = (struct iovec){payload->bytes, payload->length};
			messages[i].msg_hdr = (struct msghdr){.msg_name = target->ai_addr,
			                                      .msg_namelen = target->ai_addrlen,
			                                      .msg_iov = &parts[i],
			                                      .msg_iovlen = 1};
		}
		if (rate != 0)
			wait_for_turn(&start, sent + refused, rate);
		int done = sendmmsg(fd, messages, (unsigned int)count, 0);
		if (done < 0)
			refused++; /* too long, no route, a filter: the first of the burst did not go out */
		for (int i = 0; i < done; i++)
			bytes += messages[i].msg_len;
		sent += done > 0 ? (uint64_t)done : 0;
	}
	printf("sent %llu datagrams, %llu bytes, %llu refused\n", (unsigned long long)sent,
	       (unsigned long long)bytes, (unsigned long long)refused);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
	        {"hex", required_argument, NULL, 'x'},
	        {"size", required_argument, NULL, 's'},
	        {"empty", no_argument, NULL, 'e'},
	        {"file", required_argument, NULL, 'f'},
	        {"crlf", no_argument, NULL, 'c'},
	        {"repeat", required_argument, NULL, 'n'},
	        {"rate", required_argument, NULL, 'r'},
	        {"flood", no_argument, NULL, 'F'},
	        {"from", required_argument, NULL, 'b'},
	        {"interface", required_argument, NULL, 'i'},
	        {NULL, 0, NULL, 0},
	};
	const char *to = NULL;
	const char *from = NULL;
	const char *interface = NULL;
	const char *file = NULL;
	unsigned long repeat = 1;
	unsigned long rate = 0;
	size_t burst = 1;
	int option;

	/* "-": what is no option comes as option 1, in its place. */
	while ((option = getopt_long(argc, argv, "-", options, NULL)) != -1) {
		switch (option) {
		case 1:
			if (to == NULL)
				to = optarg;
			else
				add(optarg, strlen(optarg), true);
			break;
		case 'x':
			add_hex(optarg);
			break;
		case 's':
			add_filled(number(optarg, PAYLOAD_MAX));
			break;
		case 'e':
			add("", 0, false);
			break;
		case 'f':
			file = optarg;
			break;
		case 'c':
			crlf = true;
			break;
		case 'n':
			repeat = number(optarg, SENT_MAX);
			break;
		case 'r':
			rate = number(optarg, SENT_MAX);
			break;
		case 'F':
			burst = BURST;
			break;
		case 'b':
			from = optarg;
			break;
		case 'i':
			interface = optarg;
			break;
		default:
			return 2;
		}
	}
	if (file != NULL)
		add_lines(file);
	if (to == NULL || payload_count == 0)
		die("wrong usage", "tool_send [OPTIONS] HOST:PORT [TEXT…]");
	struct addrinfo *target = address_of(to);
	int fd = open_socket(target, from, interface);
	send_all(fd, target, repeat, rate, burst);
	close(fd);
	freeaddrinfo(target);
	return 0;
}
