/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program is replaced while frames come in as fast as they can be made: after a gateway that was killed,
 * and from a living one. Not one frame that is to be dropped may reach the socket, and not one that is to
 * pass may be missed there.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

#include "frames.h"
#include "live_frames.h"
#include "prefilter/state.h"

#define BATCH 512
#define REPLACEMENTS 40

static struct weir_area_tiles area;
static const char *const interfaces[] = {"gate0"};
static const uint16_t ports[] = {10110};

static int run(const char *command)
{
	return system(command); /* NOLINT: fixed commands */
}

static void set_up(void)
{
	ck_assert_int_eq(unshare(CLONE_NEWNET), 0);
	ck_assert_int_eq(run("ip link set lo up && ip link add gate0 type veth peer name feeder0 && "
	                     "ip link set gate0 up && ip link set feeder0 up && "
	                     "ip address add 10.0.0.2/24 dev gate0"),
	                 0);
	area.cells[weir_area_cell(450 * 6000, 5250 * 6000)] = WEIR_CELL_FULL; /* 4.5 E, 52.5 N */
}

static struct weir_prefilter *open_prefilter(enum weir_prefilter_mode mode)
{
	struct weir_prefilter *prefilter = NULL;
	const struct weir_prefilter_options options = {.mode = mode,
	                                               .interfaces = interfaces,
	                                               .interface_count = 1,
	                                               .ports = ports,
	                                               .port_count = 1};

	ck_assert_int_eq(weir_prefilter_open(&prefilter, &options), 0);
	ck_assert_int_eq(weir_prefilter_set_area(prefilter, &area), 0);
	return prefilter;
}

static uint32_t occupant(void)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);

	ck_assert_int_eq(bpf_xdp_query((int)if_nametoindex("gate0"), 0, &query), 0);
	return query.drv_prog_id ? query.drv_prog_id : query.skb_prog_id;
}

/* ---- The flood ---- */

static struct {
	atomic_bool stop;
	uint8_t inside[256], outside[256];
	uint32_t inside_length, outside_length;
	uint64_t sent_inside, sent_outside, received, missed, unfiltered;
	int error;
} flood;

static uint32_t make_position(uint8_t *frame, uint32_t mmsi, int32_t longitude_deg)
{
	struct payload payload;
	char text[200];

	make_report(&payload, 168, 1, mmsi, longitude_deg * 600000 + 300000, 52 * 600000 + 300000);
	uint32_t length = make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n");
	return make_plain_frame(frame, text, length);
}

/* What is in the socket by now. Returns whether the inside one was among it. */
static bool collect(int fd, int patience_ms)
{
	const uint8_t *inside = flood.inside + 42;
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	bool found = false;
	char buffer[512];

	while (poll(&waiting, 1, found ? 0 : patience_ms) > 0) {
		ssize_t length = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

		if (length == (ssize_t)flood.inside_length - 42 &&
		    memcmp(buffer, inside, (size_t)length) == 0) {
			flood.received++;
			found = true;
		} else if (length >= 0) {
			flood.unfiltered++;
		}
	}
	return found;
}

/* All that is outside as fast as it goes; of what is inside one at a time, whose arrival is waited for. */
static void *send_flood(void *argument)
{
	int fd = *(int *)argument;
	struct live_frames sender;

	flood.error = live_frames_open(&sender, if_nametoindex("feeder0"));
	while (flood.error == 0 && !flood.stop) {
		flood.error = live_frames_send(&sender, flood.outside, flood.outside_length, BATCH);
		flood.sent_outside += BATCH;
		if (flood.error == 0)
			flood.error = live_frames_send(&sender, flood.inside, flood.inside_length, 1);
		flood.sent_inside++;
		flood.missed += !collect(fd, 2000);
	}
	collect(fd, 200);
	live_frames_close(&sender);
	return NULL;
}

static int open_socket(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(10110)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), bytes = 32 << 20;

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	return fd;
}

static pthread_t begin_flood(int *fd)
{
	pthread_t thread;

	*fd = open_socket();
	flood.inside_length = make_position(flood.inside, 244660000, 4);
	flood.outside_length = make_position(flood.outside, 211000000, 10);
	ck_assert_int_eq(live_frames_aim(flood.inside, "gate0"), 0);
	ck_assert_int_eq(live_frames_aim(flood.outside, "gate0"), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, send_flood, fd), 0);
	return thread;
}

static void end_flood(pthread_t thread, int fd)
{
	flood.stop = true;
	pthread_join(thread, NULL);
	close(fd);
	printf("# %llu frames outside, %llu reached the socket; %llu inside, %llu did, %llu were missed\n",
	       (unsigned long long)flood.sent_outside, (unsigned long long)flood.unfiltered,
	       (unsigned long long)flood.sent_inside, (unsigned long long)flood.received,
	       (unsigned long long)flood.missed);
	ck_assert_int_eq(flood.error, 0);
	ck_assert_uint_gt(flood.sent_outside, 10000);
	ck_assert_uint_eq(flood.unfiltered, 0);
	ck_assert_uint_eq(flood.missed, 0);
	ck_assert_uint_eq(flood.received, flood.sent_inside);
}

/* ---- */

START_TEST(the_program_of_a_killed_gateway_is_replaced_without_a_gap)
{
	struct weir_prefilter *prefilter = open_prefilter(WEIR_PREFILTER_NATIVE);
	int fd;

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	pthread_t thread = begin_flood(&fd);
	for (int i = 0; i < REPLACEMENTS; i++) {
		uint32_t before = occupant();

		/* As if killed: it knows nothing of the program that it leaves. */
		weir_attachment_forget(&prefilter->attachments[0], "killed");
		weir_prefilter_close(prefilter);
		ck_assert_uint_eq(occupant(), before);
		prefilter = open_prefilter(WEIR_PREFILTER_AUTO);
		ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
		ck_assert_uint_ne(occupant(), 0);
		ck_assert_uint_ne(occupant(), before);
	}
	end_flood(thread, fd);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant(), 0);
}
END_TEST

static void *hand_over(void *argument)
{
	struct weir_prefilter *old = argument;

	while (!weir_prefilter_is_asked_for(old))
		usleep(1000);
	weir_prefilter_hand_over(old);
	weir_prefilter_close(old);
	return NULL;
}

START_TEST(a_living_gateway_hands_over_without_a_gap)
{
	struct weir_prefilter *old = open_prefilter(WEIR_PREFILTER_NATIVE), *new = NULL;
	int fd;

	ck_assert_int_eq(weir_prefilter_attach(old), 0);
	pthread_t thread = begin_flood(&fd);
	for (int i = 0; i < REPLACEMENTS; i++, old = new) {
		uint32_t before = occupant();
		pthread_t other;

		ck_assert_int_eq(pthread_create(&other, NULL, hand_over, old), 0);
		new = open_prefilter(WEIR_PREFILTER_NATIVE);
		ck_assert_int_eq(weir_prefilter_take_over(new), 0);
		ck_assert_uint_eq(occupant(), before);
		ck_assert_int_eq(weir_prefilter_attach(new), 0);
		pthread_join(other, NULL);
		ck_assert_uint_ne(occupant(), 0);
		ck_assert_uint_ne(occupant(), before);
	}
	end_flood(thread, fd);
	weir_prefilter_close(old);
	ck_assert_uint_eq(occupant(), 0);
}
END_TEST

START_TEST(where_nobody_filters_there_is_nothing_to_take_over)
{
	struct weir_prefilter *prefilter = open_prefilter(WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_take_over(prefilter), 0);
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert(!weir_prefilter_is_asked_for(prefilter));
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(what_the_new_one_does_not_want_is_detached)
{
	struct weir_prefilter *old = open_prefilter(WEIR_PREFILTER_NATIVE);
	struct weir_prefilter *new = NULL;
	const struct weir_prefilter_options options = {.mode = WEIR_PREFILTER_OFF,
	                                               .interfaces = interfaces,
	                                               .interface_count = 1,
	                                               .ports = ports,
	                                               .port_count = 1};
	pthread_t other;

	ck_assert_int_eq(weir_prefilter_attach(old), 0);
	ck_assert_int_eq(pthread_create(&other, NULL, hand_over, old), 0);
	ck_assert_int_eq(weir_prefilter_open(&new, &options), 0);
	ck_assert_int_eq(weir_prefilter_take_over(new), 0);
	pthread_join(other, NULL);
	ck_assert_uint_eq(occupant(), 0);
	weir_prefilter_close(new);
}
END_TEST

/* Anybody can reach an abstract name. */
START_TEST(another_user_is_not_handed_anything)
{
	struct weir_prefilter *old = open_prefilter(WEIR_PREFILTER_NATIVE);
	pid_t child;
	int status = -1;

	ck_assert_int_eq(weir_prefilter_attach(old), 0);
	child = fork();
	if (child == 0) {
		struct weir_prefilter *new = open_prefilter(WEIR_PREFILTER_NATIVE);

		_exit(setuid(65534) == 0 && weir_prefilter_take_over(new) == -EACCES ? 0 : 1);
	}
	for (int i = 0; i < 100 && waitpid(child, &status, WNOHANG) == 0; i++) {
		ck_assert(!weir_prefilter_is_asked_for(old));
		usleep(50000);
	}
	ck_assert_int_eq(status, 0);
	ck_assert_uint_ne(occupant(), 0);
	weir_prefilter_close(old);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replace");
	TCase *flooded = tcase_create("replace");
	struct live_frames probe;

	libbpf_set_print(NULL);
	if (run("unshare -n true") != 0 || live_frames_open(&probe, 1) != 0)
		return suite_skip("BPF programs or network namespaces can't be had here");
	live_frames_close(&probe);
	tcase_add_checked_fixture(flooded, set_up, NULL);
	tcase_set_timeout(flooded, 120);
	tcase_add_test(flooded, the_program_of_a_killed_gateway_is_replaced_without_a_gap);
	tcase_add_test(flooded, a_living_gateway_hands_over_without_a_gap);
	tcase_add_test(flooded, where_nobody_filters_there_is_nothing_to_take_over);
	tcase_add_test(flooded, what_the_new_one_does_not_want_is_detached);
	tcase_add_test(flooded, another_user_is_not_handed_anything);
	suite_add_tcase(suite, flooded);
	return suite_main(suite);
}
