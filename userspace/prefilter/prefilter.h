/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control plane of the kernel prefilter: load, attach, keep its maps in step with the engine,
 * detach. The contract with the program itself is <weir/prefilter.h>.
 *
 *     weir_prefilter_open()        load, resolve the interfaces
 *     weir_prefilter_set_area()    before attaching; again whenever the area changes
 *     weir_prefilter_attach()      from here on packets are dropped
 *     weir_prefilter_follow()      from the engine's sink, synchronously
 *     weir_prefilter_turn()        from the worker's tick, a few times a second
 *     weir_prefilter_work()        when something about the interfaces may have changed
 *     weir_prefilter_close()       detaches
 *
 * Every call but open takes a prefilter whose mode came out as off, and then does nothing; so the
 * gateway need not ask.
 *
 * Thread-safety: follow, turn and counters may be called by different threads; all others by one thread at a
 * time. Opening, attaching, work and detaching need CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and, for libxdp,
 * CAP_SYS_ADMIN; the calls between need no capability.
 */
#ifndef WEIR_USERSPACE_PREFILTER_H
#define WEIR_USERSPACE_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/engine.h>
#include <weir/prefilter.h>

enum weir_prefilter_mode {
	WEIR_PREFILTER_AUTO, /* native, else generic, else off */
	WEIR_PREFILTER_NATIVE,
	WEIR_PREFILTER_GENERIC,
	WEIR_PREFILTER_OFF,
	WEIR_PREFILTER_MODES
};

/* "auto", "native", "generic", "off": as the configuration and the metrics write it. */
const char *weir_prefilter_mode_name(enum weir_prefilter_mode mode);

/* Levels of the log callback. What libbpf and libxdp say comes one level lower than they rate it. */
enum weir_prefilter_level {
	WEIR_PREFILTER_ERROR,
	WEIR_PREFILTER_WARNING,
	WEIR_PREFILTER_NOTICE,
	WEIR_PREFILTER_DEBUG
};

struct weir_prefilter_options {
	enum weir_prefilter_mode mode;
	const char *const *interfaces;
	size_t interface_count;
	const uint16_t *ports; /* host byte order */
	size_t port_count;
	uint32_t max_followed;       /* exact keys of followed devices; 0: WEIR_FOLLOWED_MAX_DEFAULT */
	int64_t turn_ns;             /* least time between two turns; 0: 5 s */
	int64_t fragment_timeout_ns; /* the decoder's; 0: 3 s */
	bool observe;                /* count verdicts, drop nothing */
	const struct weir_gps_device *gps_devices; /* the engine's */
	uint32_t gps_device_count;
	/* Policies on senders, see <weir/senders.h>. What is off costs nothing. */
	const struct weir_network *allow; /* heard; allow_count 0: everybody is */
	size_t allow_count;
	struct weir_rate rate; /* interval_ns 0: no limit */
	uint32_t senders;      /* that are counted, of the kernel's own choice; 0: none */
	void (*log)(void *context, enum weir_prefilter_level level, const char *text); /* NULL: silent */
	void *log_context;
};

struct weir_prefilter;

/*
 * Loads the program; attaches nothing yet. In the modes auto and off it fails for lack of memory only:
 * when the program can't be loaded the mode becomes off, with a reason. In the modes native and generic
 * that is an error: -EPERM, -ENOSYS (kernel before 6.1), -ENODEV (no such interface), or what the
 * kernel said; the log has said why. An interface that is not there is no error.
 */
int weir_prefilter_open(struct weir_prefilter **out, const struct weir_prefilter_options *options);

/* Puts an area in force in one step, while traffic flows. tiles is copied. Returns 0 or -EINVAL. */
int weir_prefilter_set_area(struct weir_prefilter *prefilter, const struct weir_area_tiles *tiles);

/*
 * Attaches to every interface that is there. As long as one is without the program, absent or not, nothing is
 * dropped anywhere; see weir_prefilter_work(). In the modes native and generic an interface that is there and
 * refuses is an error, and nothing stays attached. -EINVAL before the first area is set. Where the program
 * can't be attached, one that a killed gateway left there is removed.
 */
int weir_prefilter_attach(struct weir_prefilter *prefilter);

/*
 * After attaching: interfaces that appeared get the program, those that lost it too, once; whatever else
 * became of them is said in the log and in their state. To be called when the descriptor is readable (-1:
 * there is none) and every second or two; wants_work says whether it is worth it, at the cost of reading the
 * descriptor, and needs no capability.
 */
int weir_prefilter_descriptor(const struct weir_prefilter *prefilter);
bool weir_prefilter_wants_work(struct weir_prefilter *prefilter);
void weir_prefilter_work(struct weir_prefilter *prefilter);

/*
 * Before attaching: asks the living gateway that filters one of the interfaces, if there is one, to stop and
 * to leave its program there, which weir_prefilter_attach() then replaces in one step. When this returns 0
 * its sockets are closed. -EACCES: it belongs to another user; -ETIMEDOUT; or another negative errno: it goes
 * on.
 */
int weir_prefilter_take_over(struct weir_prefilter *prefilter);

/*
 * The other side of it. Does another gateway ask? Only root's or the same user's is heard. Then, once
 * everything that was received is handled and the sockets are closed: hand_over leaves the program where it
 * is asked for, detaches it elsewhere, and tells the other one.
 */
bool weir_prefilter_is_asked_for(struct weir_prefilter *prefilter);
void weir_prefilter_hand_over(struct weir_prefilter *prefilter);

/* The engine begins or ends to follow a device; key as in <weir/prefilter.h>. Never blocks for long. */
void weir_prefilter_follow(struct weir_prefilter *prefilter, uint64_t device, bool begins);

/*
 * Tells the program the time, and takes the next step of a turn if it is due. now_ns and newest_received_ns
 * are Unix time, ns. drained: since the previous call the sockets were seen empty, and all that was read from
 * them has been handled. newest_received_ns: everything that the kernel received earlier than this has been
 * handled (with several sockets: the smallest over them); 0: not known. The engine has been told of this time
 * (weir_engine_received() or _advance()): now_ns where drained, else newest_received_ns.
 */
void weir_prefilter_turn(struct weir_prefilter *prefilter, int64_t now_ns, bool drained,
                         int64_t newest_received_ns);

/* Sums over the CPUs. Returns 0, or a negative errno with out untouched; all zero when off. */
int weir_prefilter_counters(struct weir_prefilter *prefilter, uint64_t out[WEIR_REASONS]);

/* Sums over the interfaces, zero unless the kernel measures: see cost.c. 0 or a negative errno. */
int weir_prefilter_cost(struct weir_prefilter *prefilter, uint64_t *run_time_ns, uint64_t *runs);

/*
 * The senders that sent most, most first; the times are Unix time, ns. Returns how many were written, 0 when
 * off or when none are counted, or a negative errno; *known: how many there are.
 */
int weir_prefilter_senders(struct weir_prefilter *prefilter, struct weir_sender *out, size_t capacity,
                           size_t *known);

/* "pass" or "drop", and the reason: the labels of weir_prefilter_packets_total{verdict,reason}. */
const char *weir_reason_verdict(enum weir_reason reason);
const char *weir_reason_name(enum weir_reason reason);

/* The label of weir_sender_packets_total{sender,outcome}. */
const char *weir_sender_outcome_name(enum weir_sender_outcome outcome);

/* Switches observe mode on or off while running. */
void weir_prefilter_observe(struct weir_prefilter *prefilter, bool observe);

struct weir_prefilter_interface {
	char name[16];                 /* IFNAMSIZ */
	enum weir_prefilter_mode mode; /* native, generic or off: as attached now */
	bool absent;                   /* there is no such interface; then it is off */
	char reason[160];              /* why it is off, or not native; "" otherwise */
};

/* "native", "generic", "absent" or "off"; the last of these for an index that is out of range. */
#define WEIR_PREFILTER_STATES 4
const char *weir_prefilter_state_name(size_t index);
const char *weir_prefilter_interface_state(const struct weir_prefilter_interface *interface);

struct weir_prefilter_status {
	enum weir_prefilter_mode mode; /* the best of the interfaces */
	char reason[160];              /* why the mode is off; "" otherwise */
	size_t interface_count;
	bool held;                 /* some interface is without the program, so nothing is dropped */
	uint64_t followed;         /* devices in the map of exact keys */
	uint64_t followed_refused; /* inserts that found no room: these pass by their bucket alone */
	uint64_t turns;            /* completed */
};

void weir_prefilter_status(const struct weir_prefilter *prefilter, struct weir_prefilter_status *out);

/* NULL where index is out of range. Holds until close. */
const struct weir_prefilter_interface *weir_prefilter_interface_at(const struct weir_prefilter *prefilter,
                                                                   size_t index);

/* Detaches and frees. Takes NULL. */
void weir_prefilter_close(struct weir_prefilter *prefilter);

/*
 * Removes a program of ours that a killed gateway left on the interface. Somebody else's program is
 * never touched. Returns 1 when it removed one, 0 when there was none of ours, or a negative errno:
 * -EBUSY when the gateway that attached it is alive.
 */
int weir_prefilter_detach(const char *interface,
                          void (*log)(void *context, enum weir_prefilter_level level, const char *text),
                          void *log_context);

#endif
