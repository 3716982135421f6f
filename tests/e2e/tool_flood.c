/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One sentence, again and again, cheaply and at a pace: what the gateway's benchmarks send.
 *
 *     tool_flood frames INTERFACE MAC COUNT RATE SENTENCE   by live frames into a veth's peer, 10.77.0.2
 * to 10.77.0.1 tool_flood udp    PORT COUNT RATE SENTENCE       by UDP_SEGMENT to 127.0.0.1
 *
 * RATE is in datagrams a second, 0 as fast as it goes; live frames go as fast as they can, since a call of
 * BPF_PROG_TEST_RUN costs some 25 ms to set up. Says "sent N in S s, P s of processor".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "bpf/frames.h"
#include "bpf/live_frames.h"

#define COUNT_MAX 100000000u
#define SEGMENTS 32

static void die(const char *what, int error)
{
	fprintf(stderr, "tool_flood: %s: %s\n", what, strerror(error));
	exit(1);
}

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end != '\0' || value > COUNT_MAX)
		die(text, EINVAL);
	return (uint32_t)value;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Waits until it is time for datagram number `sent`. */
static void pace(int64_t start_ns, uint32_t sent, uint32_t rate)
{
	if (rate == 0)
		return;
	int64_t due_ns = start_ns + (int64_t)sent * 1000000000LL / rate;
	struct timespec due = {.tv_sec = due_ns / 1000000000LL, .tv_nsec = due_ns % 1000000000LL};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

/* RFC 791 3.1: the header checksum, over a header whose checksum field counts as zero. */
static void mend_ip_checksum(uint8_t *header)
{
	uint32_t sum = 0;

	header[10] = header[11] = 0;
	for (int i = 0; i < 20; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	header[10] = (uint8_t)(sum >> 8);
	header[11] = (uint8_t)sum;
}

static void flood_frames(const char *interface, const char *mac, uint32_t count, const char *sentence)
{
	struct live_frames sender;
	uint8_t frame[FRAME_MAX];
	unsigned int octets[6];
	uint32_t length = make_plain_frame(frame, sentence, (uint32_t)strlen(sentence));

	if (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x", &octets[0], &octets[1], &octets[2], &octets[3], &octets[4],
	           &octets[5]) != 6)
		die(mac, EINVAL);
	for (int i = 0; i < 6; i++)
		frame[i] = (uint8_t)octets[i];
	memcpy(frame + 14 + 12, (uint8_t[]){10, 77, 0, 2, 10, 77, 0, 1}, 8);
	mend_ip_checksum(frame + 14);

	int error = live_frames_open(&sender, if_nametoindex(interface));
	if (error != 0)
		die("live frames", -error);
	error = live_frames_send(&sender, frame, length, count);
	if (error != 0)
		die("live frames", -error);
	live_frames_close(&sender);
}

static void flood_udp(uint32_t port, uint32_t count, uint32_t rate, const char *sentence)
{
	char burst[SEGMENTS * 128];
	int length = (int)strlen(sentence);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || length > 128 || setsockopt(fd, SOL_UDP, UDP_SEGMENT, &length, sizeof(length)) != 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("UDP_SEGMENT", errno);
	for (int i = 0; i < SEGMENTS; i++)
		memcpy(burst + i * length, sentence, (size_t)length);
	int64_t start_ns = now_ns();
	for (uint32_t sent = 0; sent < count; sent += SEGMENTS) {
		size_t left = count - sent < SEGMENTS ? count - sent : SEGMENTS;

		pace(start_ns, sent, rate);
		if (send(fd, burst, left * (size_t)length, 0) < 0)
			die("send", errno);
	}
}

int main(int argc, char **argv)
{
	struct rusage usage;
	uint32_t count;
	int64_t start_ns = now_ns();

	if (argc == 6 && strcmp(argv[1], "frames") == 0) {
		count = number(argv[4]);
		flood_frames(argv[2], argv[3], count, argv[5]);
	} else if (argc == 6 && strcmp(argv[1], "udp") == 0) {
		count = number(argv[3]);
		flood_udp(number(argv[2]), count, number(argv[4]), argv[5]);
	} else {
		fprintf(stderr, "usage: see the first comment of tool_flood.c\n");
		return 2;
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("sent %u in %.3f s, %.3f s of processor\n", count, (double)(now_ns() - start_ns) / 1e9,
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
	return 0;
}
