/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of the program on an interface, in a network namespace of its own: native, generic, off; what
 * others have attached; what a killed gateway left behind. A veth end is the wire.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suite.h"

#include "frames.h"
#include "live_frames.h"
#include "prefilter/prefilter.h"
#include "yardstick.skel.h"

#define OUTSIDE "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n"

static struct weir_area_tiles nowhere;
static char messages[16384];

static void remember(void *context, enum weir_prefilter_level level, const char *text)
{
	(void)context;
	if (level == WEIR_PREFILTER_DEBUG)
		return;
	strncat(messages, text, sizeof(messages) - strlen(messages) - 1);
	strncat(messages, "\n", sizeof(messages) - strlen(messages) - 1);
}

static int run(const char *command)
{
	return system(command); /* NOLINT: fixed commands */
}

/* Every test has a process of its own, and this namespaces that end with it. */
static void set_up(void)
{
	messages[0] = '\0';
	ck_assert_int_eq(unshare(CLONE_NEWNET | CLONE_NEWNS), 0);
	/* What libxdp pins for interfaces that are removed here goes with the mount. */
	run("mount --make-rprivate / && mount -t bpf bpf /sys/fs/bpf");
	ck_assert_int_eq(run("ip link set lo up && ip link add gate0 type veth peer name feeder0 && "
	                     "ip link set gate0 up && ip link set feeder0 up && "
	                     "ip address add 10.0.0.2/24 dev gate0"),
	                 0);
}

static struct weir_prefilter *make_on_all(const char *const *interfaces, size_t count,
                                          enum weir_prefilter_mode mode)
{
	const uint16_t ports[] = {10110};
	struct weir_prefilter *prefilter = NULL;
	const struct weir_prefilter_options options = {
	        .mode = mode,
	        .interfaces = interfaces,
	        .interface_count = count,
	        .ports = ports,
	        .port_count = 1,
	        .log = remember,
	};

	ck_assert_int_eq(weir_prefilter_open(&prefilter, &options), 0);
	ck_assert_int_eq(weir_prefilter_set_area(prefilter, &nowhere), 0);
	return prefilter;
}

static struct weir_prefilter *open_on(const char *interface, enum weir_prefilter_mode mode)
{
	return make_on_all(&interface, 1, mode);
}

static enum weir_prefilter_mode mode_of(const struct weir_prefilter *prefilter)
{
	return weir_prefilter_interface_at(prefilter, 0)->mode;
}

/* The id of the program on an interface; 0: nobody. */
static uint32_t occupant(const char *interface)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);

	ck_assert_int_eq(bpf_xdp_query((int)if_nametoindex(interface), 0, &query), 0);
	return query.drv_prog_id ? query.drv_prog_id : query.skb_prog_id;
}

/* Sends one frame and counts how many reached the socket. */
static int received(struct weir_prefilter *prefilter, const char *payload, enum weir_reason reason)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(10110)};
	struct timeval patience = {.tv_usec = 200000};
	uint64_t before[WEIR_REASONS], after[WEIR_REASONS];
	struct live_frames sender;
	uint8_t frame[512], buffer[512];
	uint32_t length = make_plain_frame(frame, payload, (uint32_t)strlen(payload));
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ck_assert_int_eq(live_frames_aim(frame, "gate0"), 0);
	ck_assert_int_eq(live_frames_open(&sender, if_nametoindex("feeder0")), 0);
	ck_assert_int_eq(weir_prefilter_counters(prefilter, before), 0);
	ck_assert_int_eq(live_frames_send(&sender, frame, length, 1), 0);
	int count = recv(fd, buffer, sizeof(buffer), 0) == (ssize_t)strlen(payload);
	ck_assert_int_eq(weir_prefilter_counters(prefilter, after), 0);
	ck_assert_uint_eq(after[reason], before[reason] + 1);
	live_frames_close(&sender);
	close(fd);
	return count;
}

START_TEST(native_mode_drops_what_is_outside)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_NATIVE);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	weir_prefilter_observe(prefilter, true);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OBSERVED), 1);
	weir_prefilter_observe(prefilter, false);
	weir_prefilter_follow(prefilter, 205412000, true); /* the ship of OUTSIDE */
	struct weir_prefilter_status status;
	weir_prefilter_status(prefilter, &status);
	ck_assert_uint_eq(status.followed, 1);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
}
END_TEST

START_TEST(an_area_is_swapped_while_attached)
{
	static struct weir_area_tiles everywhere;
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	for (size_t i = 0; i < WEIR_AREA_CELLS; i++)
		everywhere.cells[i] = WEIR_CELL_FULL;
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	ck_assert_int_eq(weir_prefilter_set_area(prefilter, &everywhere), 0);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_INSIDE), 1);
	everywhere.cells[7] = WEIR_CELL_TILE; /* names a tile that is not there */
	ck_assert_int_eq(weir_prefilter_set_area(prefilter, &everywhere), -EINVAL);
	ck_assert_int_eq(weir_prefilter_set_area(prefilter, &nowhere), 0);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_RECENT), 1);
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(generic_mode_drops_as_well)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_GENERIC);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_GENERIC);
	/* Redirected frames reach a veth that has no native program only with GRO. */
	ck_assert_int_eq(run("ethtool -K gate0 gro on"), 0);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(where_native_mode_is_refused_it_falls_back_and_says_so)
{
	struct weir_prefilter *prefilter = open_on("lo", WEIR_PREFILTER_AUTO);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_GENERIC);
	ck_assert_ptr_nonnull(strstr(messages, "no native mode"));
	weir_prefilter_close(prefilter);

	prefilter = open_on("lo", WEIR_PREFILTER_NATIVE);
	ck_assert_int_lt(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_OFF);
	ck_assert_uint_eq(occupant("lo"), 0);
	weir_prefilter_close(prefilter);
}
END_TEST

/* What the gateway's control thread does, until `state` is what the interface is in. */
static void work_until(struct weir_prefilter *prefilter, size_t index, const char *state)
{
	const struct weir_prefilter_interface *face = weir_prefilter_interface_at(prefilter, index);

	for (int i = 0; i < 100 && strcmp(weir_prefilter_interface_state(face), state) != 0; i++) {
		usleep(50000);
		if (weir_prefilter_wants_work(prefilter))
			weir_prefilter_work(prefilter);
	}
	ck_assert_msg(strcmp(weir_prefilter_interface_state(face), state) == 0,
	              "%s is %s (%s), not %s; log:\n%s", face->name, weir_prefilter_interface_state(face),
	              face->reason, state, messages);
}

static bool is_held(const struct weir_prefilter *prefilter)
{
	struct weir_prefilter_status status;

	weir_prefilter_status(prefilter, &status);
	return status.held;
}

/* What the worker does in half a minute in which it keeps up. */
static void take_turns(struct weir_prefilter *prefilter)
{
	static int64_t now_ns = INT64_C(1700000000000000000);

	for (int i = 0; i < 15; i++) {
		now_ns += INT64_C(2000000000);
		weir_prefilter_turn(prefilter, now_ns, true, 0);
		usleep(30000); /* grace periods take their time */
	}
}

static void make_veth(const char *name, const char *peer)
{
	char command[160];

	snprintf(command, sizeof(command),
	         "ip link add %s type veth peer name %s && ip link set %s up && ip link set %s up", name,
	         peer, name, peer);
	ck_assert_int_eq(run(command), 0);
}

START_TEST(an_interface_that_appears_later_is_filtered_from_then_on)
{
	static const enum weir_prefilter_mode modes[] = {WEIR_PREFILTER_AUTO, WEIR_PREFILTER_NATIVE};
	struct weir_prefilter *prefilter = open_on("later0", modes[_i]);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_str_eq(weir_prefilter_interface_state(weir_prefilter_interface_at(prefilter, 0)), "absent");
	ck_assert_str_eq(weir_prefilter_interface_at(prefilter, 0)->reason, "there is no such interface");
	ck_assert(is_held(prefilter));
	make_veth("later0", "feeder1");
	work_until(prefilter, 0, "native");
	ck_assert_uint_ne(occupant("later0"), 0);
	ck_assert(!is_held(prefilter));
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("later0"), 0);
}
END_TEST

START_TEST(an_interface_that_is_made_again_is_filtered_again_when_nothing_unseen_is_left)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	ck_assert_int_eq(run("ip link del gate0"), 0);
	work_until(prefilter, 0, "absent");
	ck_assert(is_held(prefilter));
	make_veth("gate0", "feeder0");
	ck_assert_int_eq(run("ip address add 10.0.0.2/24 dev gate0"), 0);
	work_until(prefilter, 0, "native");
	/* Before a turn has passed the engine may follow whom the program has not seen. */
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	take_turns(prefilter);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
}
END_TEST

START_TEST(made_again_at_once_it_is_noticed_too)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(run("ip link del gate0"), 0);
	make_veth("gate0", "feeder0");
	ck_assert_int_eq(run("ip address add 10.0.0.2/24 dev gate0"), 0);
	for (int i = 0; i < 100 && occupant("gate0") == 0; i++) {
		usleep(50000);
		if (weir_prefilter_wants_work(prefilter))
			weir_prefilter_work(prefilter);
	}
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(somebody_who_takes_the_program_away_once_is_mended_and_twice_is_obeyed)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	uint32_t id = occupant("gate0");
	ck_assert_int_eq(run("ip link set dev gate0 xdp off"), 0);
	for (int i = 0; i < 100 && occupant("gate0") == 0; i++) {
		usleep(50000);
		if (weir_prefilter_wants_work(prefilter))
			weir_prefilter_work(prefilter);
	}
	ck_assert_uint_ne(occupant("gate0"), 0);
	ck_assert_uint_ne(occupant("gate0"), id);
	ck_assert_ptr_nonnull(strstr(messages, "gate0: somebody took the program away;"));
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	ck_assert_int_eq(run("ip link set dev gate0 xdp off"), 0);
	work_until(prefilter, 0, "off");
	for (int i = 0; i < 10; i++)
		weir_prefilter_work(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
	ck_assert(is_held(prefilter));
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(the_program_of_somebody_else_is_waited_for)
{
	struct yardstick_bpf *other = yardstick_bpf__open_and_load();
	int index = (int)if_nametoindex("gate0");
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);

	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(
	        bpf_xdp_attach(index, bpf_program__fd(other->progs.empty_pass), XDP_FLAGS_DRV_MODE, NULL), 0);
	uint32_t id = occupant("gate0");
	work_until(prefilter, 0, "off");
	ck_assert_ptr_nonnull(strstr(weir_prefilter_interface_at(prefilter, 0)->reason, "empty_pass"));
	weir_prefilter_work(prefilter);
	ck_assert_uint_eq(occupant("gate0"), id);
	ck_assert_int_eq(bpf_xdp_detach(index, XDP_FLAGS_DRV_MODE, NULL), 0);
	work_until(prefilter, 0, "native");
	ck_assert_uint_ne(occupant("gate0"), 0);
	weir_prefilter_close(prefilter);
	yardstick_bpf__destroy(other);
}
END_TEST

START_TEST(an_interface_with_another_name_is_let_go)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(
	        run("ip link set gate0 down && ip link set gate0 name other0 && ip link set other0 up"), 0);
	work_until(prefilter, 0, "absent");
	ck_assert_uint_eq(occupant("other0"), 0);
	ck_assert_int_eq(
	        run("ip link set other0 down && ip link set other0 name gate0 && ip link set gate0 up"), 0);
	work_until(prefilter, 0, "native");
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
}
END_TEST

START_TEST(down_and_up_changes_nothing)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	uint32_t id = occupant("gate0");
	ck_assert_int_eq(run("ip link set gate0 down"), 0);
	ck_assert(weir_prefilter_wants_work(prefilter));
	weir_prefilter_work(prefilter);
	ck_assert_int_eq(run("ip link set gate0 up"), 0);
	ck_assert(weir_prefilter_wants_work(prefilter));
	weir_prefilter_work(prefilter);
	ck_assert_uint_eq(occupant("gate0"), id);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_NATIVE);
	ck_assert(!is_held(prefilter));
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(an_mtu_that_native_mode_cannot_have_is_refused_by_the_kernel)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	/* Of a veth pair it is the other end that decides. */
	ck_assert_int_ne(run("ip link set feeder0 mtu 9000 2>/dev/null"), 0);
	weir_prefilter_work(prefilter);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_NATIVE);
	weir_prefilter_close(prefilter);
	/* Set before, it costs the native mode. */
	ck_assert_int_eq(run("ip link set feeder0 mtu 9000 && ip link set gate0 mtu 9000"), 0);
	prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_GENERIC);
	ck_assert_ptr_nonnull(strstr(weir_prefilter_interface_at(prefilter, 0)->reason, "MTU"));
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(an_interface_that_leaves_for_another_namespace_drops_nothing_there)
{
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_NATIVE);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	FILE *other = popen("exec unshare -n sh -c 'echo $$; exec sleep 30'", "r");
	int pid = 0;
	ck_assert_int_eq(fscanf(other, "%d", &pid), 1);
	char command[80];
	snprintf(command, sizeof(command), "ip link set gate0 netns %d", pid);
	ck_assert_int_eq(run(command), 0);
	work_until(prefilter, 0, "absent");
	ck_assert(is_held(prefilter));
	/* It comes home, with the program or without. */
	snprintf(command, sizeof(command), "nsenter -n -t %d ip link set gate0 netns %d", pid, (int)getpid());
	ck_assert_int_eq(run(command), 0);
	ck_assert_int_eq(run("ip link set gate0 up && ip address add 10.0.0.2/24 dev gate0"), 0);
	work_until(prefilter, 0, "native");
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
	kill(pid, SIGTERM);
	pclose(other);
}
END_TEST

START_TEST(the_program_of_somebody_else_stays)
{
	struct yardstick_bpf *other = yardstick_bpf__open_and_load();
	int index = (int)if_nametoindex("gate0");

	ck_assert_ptr_nonnull(other);
	ck_assert_int_eq(
	        bpf_xdp_attach(index, bpf_program__fd(other->progs.empty_pass), XDP_FLAGS_DRV_MODE, NULL), 0);
	uint32_t id = occupant("gate0");
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_OFF);
	ck_assert_ptr_nonnull(strstr(weir_prefilter_interface_at(prefilter, 0)->reason, "empty_pass"));
	weir_prefilter_close(prefilter);
	ck_assert_int_eq(weir_prefilter_detach("gate0", remember, NULL), 0);
	ck_assert_uint_eq(occupant("gate0"), id);
	yardstick_bpf__destroy(other);
}
END_TEST

/* A gateway that is killed: the program stays on the interface. */
static void leave_stale(enum weir_prefilter_mode mode)
{
	pid_t child = fork();

	if (child == 0) {
		struct weir_prefilter *prefilter = open_on("gate0", mode);

		_exit(weir_prefilter_attach(prefilter) == 0 ? 0 : 1);
	}
	int status = -1;
	waitpid(child, &status, 0);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_ne(occupant("gate0"), 0);
}

START_TEST(a_stale_program_of_ours_is_replaced)
{
	static const enum weir_prefilter_mode modes[] = {WEIR_PREFILTER_NATIVE, WEIR_PREFILTER_GENERIC};

	leave_stale(modes[_i]);
	uint32_t stale = occupant("gate0");
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_AUTO);
	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_NATIVE);
	ck_assert_uint_ne(occupant("gate0"), stale);
	ck_assert_ptr_nonnull(strstr(messages, "program of an earlier gateway"));
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
}
END_TEST

START_TEST(the_program_of_a_living_gateway_stays)
{
	struct weir_prefilter *first = open_on("gate0", WEIR_PREFILTER_AUTO);
	ck_assert_int_eq(weir_prefilter_attach(first), 0);
	uint32_t id = occupant("gate0");

	struct weir_prefilter *second = open_on("gate0", WEIR_PREFILTER_AUTO);
	ck_assert_int_eq(weir_prefilter_attach(second), 0);
	ck_assert_int_eq(mode_of(second), WEIR_PREFILTER_OFF);
	ck_assert_ptr_nonnull(strstr(weir_prefilter_interface_at(second, 0)->reason, "another weir"));
	weir_prefilter_close(second);
	second = open_on("gate0", WEIR_PREFILTER_NATIVE);
	ck_assert_int_eq(weir_prefilter_attach(second), -EBUSY);
	weir_prefilter_close(second);
	ck_assert_int_eq(weir_prefilter_detach("gate0", remember, NULL), -EBUSY);
	ck_assert_uint_eq(occupant("gate0"), id);
	weir_prefilter_close(first);
	ck_assert_uint_eq(occupant("gate0"), 0);
	ck_assert_int_eq(weir_prefilter_detach("gate0", remember, NULL), 0);
}
END_TEST

START_TEST(switched_off_it_leaves_no_stale_program_at_work)
{
	leave_stale(WEIR_PREFILTER_NATIVE);
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_OFF);
	ck_assert_uint_eq(occupant("gate0"), 0);
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(while_one_interface_is_without_the_program_the_others_drop_nothing)
{
	const char *const interfaces[] = {"gate0", "gate1"};
	struct weir_prefilter *prefilter = make_on_all(interfaces, 2, WEIR_PREFILTER_AUTO);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	ck_assert_int_eq(mode_of(prefilter), WEIR_PREFILTER_NATIVE);
	ck_assert(is_held(prefilter));
	take_turns(prefilter); /* for as long as it takes */
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	make_veth("gate1", "feeder1");
	work_until(prefilter, 1, "native");
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	take_turns(prefilter);
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_OUTSIDE), 0);
	ck_assert_int_eq(run("ip link del gate1"), 0);
	work_until(prefilter, 1, "absent");
	ck_assert_int_eq(received(prefilter, OUTSIDE, WEIR_REASON_HELD), 1);
	weir_prefilter_close(prefilter);
	ck_assert_uint_eq(occupant("gate0"), 0);
}
END_TEST

START_TEST(an_interface_that_refuses_a_mode_asked_for_by_name_is_an_error)
{
	const char *const interfaces[] = {"gate0", "lo"};
	struct weir_prefilter *prefilter = make_on_all(interfaces, 2, WEIR_PREFILTER_NATIVE);

	ck_assert_int_lt(weir_prefilter_attach(prefilter), 0);
	ck_assert_uint_eq(occupant("gate0"), 0);
	weir_prefilter_close(prefilter);
}
END_TEST

START_TEST(detach_cleans_up_after_a_crash)
{
	leave_stale(WEIR_PREFILTER_NATIVE);
	ck_assert_int_eq(weir_prefilter_detach("gate0", remember, NULL), 1);
	ck_assert_uint_eq(occupant("gate0"), 0);
	ck_assert_int_eq(weir_prefilter_detach("gate0", remember, NULL), 0);
	ck_assert_int_eq(weir_prefilter_detach("nowhere0", remember, NULL), -ENODEV);
}
END_TEST

START_TEST(switched_off_it_does_nothing_and_says_why)
{
	uint64_t counters[WEIR_REASONS];
	struct weir_prefilter_status status;
	struct weir_prefilter *prefilter = open_on("gate0", WEIR_PREFILTER_OFF);

	ck_assert_int_eq(weir_prefilter_attach(prefilter), 0);
	weir_prefilter_follow(prefilter, 1, true);
	weir_prefilter_turn(prefilter, 1, true, 1);
	weir_prefilter_observe(prefilter, true);
	ck_assert_int_eq(weir_prefilter_counters(prefilter, counters), 0);
	ck_assert_uint_eq(counters[WEIR_REASON_OUTSIDE], 0);
	weir_prefilter_status(prefilter, &status);
	ck_assert_int_eq(status.mode, WEIR_PREFILTER_OFF);
	ck_assert_str_eq(status.reason, "switched off");
	ck_assert_uint_eq(occupant("gate0"), 0);
	weir_prefilter_close(prefilter);
	weir_prefilter_close(NULL);
}
END_TEST

START_TEST(without_the_rights_it_is_off_or_an_error_that_names_them)
{
	const char *const interfaces[] = {"gate0"};
	const uint16_t ports[] = {10110};
	struct weir_prefilter_options options = {.mode = WEIR_PREFILTER_AUTO,
	                                         .interfaces = interfaces,
	                                         .interface_count = 1,
	                                         .ports = ports,
	                                         .port_count = 1,
	                                         .log = remember};
	struct weir_prefilter *prefilter = NULL;
	struct weir_prefilter_status status;

	ck_assert_int_eq(setuid(65534), 0);
	ck_assert_int_eq(weir_prefilter_open(&prefilter, &options), 0);
	weir_prefilter_status(prefilter, &status);
	ck_assert_int_eq(status.mode, WEIR_PREFILTER_OFF);
	ck_assert_ptr_nonnull(strstr(status.reason, "CAP_BPF"));
	ck_assert_ptr_nonnull(strstr(status.reason, "CAP_NET_ADMIN"));
	weir_prefilter_close(prefilter);
	options.mode = WEIR_PREFILTER_NATIVE;
	ck_assert_int_eq(weir_prefilter_open(&prefilter, &options), -EPERM);
}
END_TEST

START_TEST(every_reason_has_a_name_and_a_verdict)
{
	for (int i = 0; i < WEIR_REASONS; i++) {
		ck_assert_ptr_nonnull(weir_reason_name((enum weir_reason)i));
		ck_assert_str_eq(weir_reason_verdict((enum weir_reason)i),
		                 i == WEIR_REASON_OUTSIDE || i == WEIR_REASON_UNFOLLOWED ||
		                                 i == WEIR_REASON_NOT_ALLOWED || i == WEIR_REASON_RATE_LIMITED
		                         ? "drop"
		                         : "pass");
	}
	ck_assert_ptr_null(weir_reason_name(WEIR_REASONS));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("attach");
	TCase *life = tcase_create("life");
	struct yardstick_bpf *probe = NULL;

	libbpf_set_print(NULL);
	probe = yardstick_bpf__open_and_load();
	if (probe == NULL || run("ip link help 2>/dev/null; unshare -n true") != 0)
		return suite_skip("BPF programs or network namespaces can't be had here");
	yardstick_bpf__destroy(probe);
	tcase_add_checked_fixture(life, set_up, NULL);
	tcase_set_timeout(life, 60);
	tcase_add_test(life, native_mode_drops_what_is_outside);
	tcase_add_test(life, an_area_is_swapped_while_attached);
	tcase_add_test(life, generic_mode_drops_as_well);
	tcase_add_test(life, where_native_mode_is_refused_it_falls_back_and_says_so);
	tcase_add_loop_test(life, an_interface_that_appears_later_is_filtered_from_then_on, 0, 2);
	tcase_add_test(life, an_interface_that_is_made_again_is_filtered_again_when_nothing_unseen_is_left);
	tcase_add_test(life, made_again_at_once_it_is_noticed_too);
	tcase_add_test(life, somebody_who_takes_the_program_away_once_is_mended_and_twice_is_obeyed);
	tcase_add_test(life, the_program_of_somebody_else_is_waited_for);
	tcase_add_test(life, an_interface_with_another_name_is_let_go);
	tcase_add_test(life, down_and_up_changes_nothing);
	tcase_add_test(life, an_mtu_that_native_mode_cannot_have_is_refused_by_the_kernel);
	tcase_add_test(life, an_interface_that_leaves_for_another_namespace_drops_nothing_there);
	tcase_add_test(life, the_program_of_somebody_else_stays);
	tcase_add_loop_test(life, a_stale_program_of_ours_is_replaced, 0, 2);
	tcase_add_test(life, the_program_of_a_living_gateway_stays);
	tcase_add_test(life, switched_off_it_leaves_no_stale_program_at_work);
	tcase_add_test(life, while_one_interface_is_without_the_program_the_others_drop_nothing);
	tcase_add_test(life, an_interface_that_refuses_a_mode_asked_for_by_name_is_an_error);
	tcase_add_test(life, detach_cleans_up_after_a_crash);
	tcase_add_test(life, switched_off_it_does_nothing_and_says_why);
	tcase_add_test(life, without_the_rights_it_is_off_or_an_error_that_names_them);
	tcase_add_test(life, every_reason_has_a_name_and_a_verdict);
	suite_add_tcase(suite, life);
	return suite_main(suite);
}
