/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: datagrams in, events and dead letters out.
 *
 * It is a deterministic function of its options, its fences and the ordered input. It never asks a
 * clock: time comes in with the datagrams and by weir_engine_advance(). The same input gives the same
 * events with the same identifiers, live or from an archive.
 *
 * A report that lies outside of the area of interest, from a device that the engine does not follow,
 * is ignored, and leaves no trace but a counter: not in the device table, not in the engine's time,
 * not anywhere. That is what allows the kernel to drop it earlier.
 *
 * Thread-safety: one thread at a time for an engine; any number of engines.
 */
#ifndef WEIR_ENGINE_H
#define WEIR_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/decode.h>
#include <weir/event.h>
#include <weir/fence.h>

/*
 * GPS devices: what a TAG block's s: names, else what the options name for the sender, else the sender's
 * address as a token: gps-192-0-2-7, gps-2001-db8--7 (RFC 5952 with '-' for ':'), or, for an IPv6 address
 * that would be longer than an id may be, gps6- and its 16 bytes in base64url (RFC 4648, 5); `gps` where
 * there is no sender. In a station's name, what no subject token may hold becomes '_', and one of nine
 * digits, which would be taken for an MMSI, gets gps- before it.
 *
 * Of a GPS device that the engine does not follow, it ignores each sentence by itself, as if it had not come,
 * until one has a position inside the area, or calls the fix void: the fix begins with that one, and what
 * follows of its epoch is part of it. Nothing of an earlier epoch is used in a later one, and when a device
 * is let go the fix that is being put together is forgotten. A fix has one position: the last one of its
 * epoch.
 */
#define WEIR_GPS_DEVICES_MAX 4096

struct weir_gps_device {
	struct weir_address sender; /* port 0: any */
	const char *id;             /* 1 to 31 of the characters A-Z a-z 0-9 _ -, not nine digits */
};

/*
 * The rules that belong to no fence: distress, jump and identity. Where one is off, nothing is told of it;
 * devices in distress are followed all the same.
 */
struct weir_site_rules {
	uint32_t on;                                         /* bits 1 << enum weir_rule_kind */
	enum weir_severity jump_severity, identity_severity; /* that of distress is `emergency` */
	int64_t repeat_ns;  /* an alarm that nobody acknowledges is told again; 0: once is enough */
	double jump_sog_kn; /* a speed that no vessel makes; 0: 60; GPS devices: 130 at least */
};

struct weir_engine_options {
	const struct weir_area *area; /* borrowed; NULL: the whole earth */
	struct weir_fences *fences;   /* borrowed; NULL: none */
	uint32_t max_devices;         /* devices kept; 0: 65,536 */
	int64_t silence_ns;           /* a device silent for so long is let go; 0: 30 minutes */
	struct weir_site_rules rules; /* none of them where it is zero */
	/*
	 * Copied; each sender once, at most WEIR_GPS_DEVICES_MAX. An entry with the sender's port is
	 * preferred to one for any port. GPS sentences are of no use unless decoder.fixes is set.
	 */
	const struct weir_gps_device *gps_devices;
	uint32_t gps_device_count;
	/*
	 * A message that says, bit for bit but for the repeat indicator, what another one said less than this
	 * before or after it by event time is the same one, heard once more: by another receiver, on the
	 * other channel, by way of a repeater. It is counted, and its station noted for struct weir_event.
	 * The latest that were used are compared: practically all of the latest 20,000, 98 of 100 of the
	 * latest 65,536. 0: none are.
	 */
	int64_t duplicate_window_ns;
	/*
	 * Events have the times of their reports; but the engine's time, by which windows close and what is
	 * due falls due, never runs ahead of the reception of what was fed: a sender's clock that is ahead,
	 * within clock_bound_ns, moves it for nobody else. For live traffic; a recording has no time but its
	 * own.
	 */
	bool time_of_reception;
	/*
	 * With a clock_bound_ns, a report with a clock that lies is refused, unless it is ignored anyway.
	 * Distress (970, 972, 974, navigation status 14) is never refused: its time is that of its reception.
	 */
	struct weir_decoder_options decoder;
};

struct weir_engine_sink {
	void *context;
	void (*event)(void *context, const struct weir_event *event);
	void (*dead_letter)(void *context, const struct weir_malformed *malformed);
	/* The engine begins or ends to follow a device. NULL: nobody wants to know. */
	void (*follow)(void *context, uint64_t device, bool begins);
};

/* What became of a fix inside of a fence, or of an exit, in one of the fence's windows or its density. */
enum weir_window_outcome {
	WEIR_WINDOW_COUNTED, /* in all windows that it belongs to */
	WEIR_WINDOW_LATE,    /* too late for at least one of them */
	WEIR_WINDOW_NO_ROOM, /* counted, but not its device: the table is full */
	WEIR_WINDOW_OUTCOMES
};

/* What became of every message. */
enum weir_report_outcome {
	WEIR_REPORT_USED,        /* of a device in the table, or static data that was kept */
	WEIR_REPORT_OUTSIDE,     /* outside of the area, device not followed: ignored */
	WEIR_REPORT_NO_POSITION, /* marked 'not available', no static data, device not followed */
	WEIR_REPORT_LATE,        /* older than what is already known of the device */
	WEIR_REPORT_TABLE_FULL,  /* no room for a new device */
	WEIR_REPORT_UNUSED,      /* of a type that detection has no use for */
	WEIR_REPORT_DUPLICATE,   /* heard already */
	WEIR_REPORT_TIMESTAMP,   /* refused: the sender's clock is outside of the bound */
	WEIR_REPORT_OUTCOMES
};

/* "used", "no_position" */
const char *weir_report_outcome_name(enum weir_report_outcome outcome);
const char *weir_window_outcome_name(enum weir_window_outcome outcome);

struct weir_engine_counters {
	uint64_t reports[WEIR_REPORT_OUTCOMES];
	uint64_t events[WEIR_EVENT_KINDS];
	uint64_t alerts[WEIR_RULE_KINDS][WEIR_PHASES];
	/*
	 * Dead letters that refused reports became, timestamp: one a datagram, and none for a datagram that
	 * is a dead letter of the decoder for another fault. Calls of dead_letter() = these + the decoder's
	 * letters[].
	 */
	uint64_t letters;
	uint64_t windows[WEIR_WINDOW_OUTCOMES];
	uint64_t window_devices;     /* now in the table of devices that windows have seen */
	uint64_t distress_clock_off; /* distress whose time was that of its reception, as the clock lied */
	uint64_t devices;            /* now in the table */
	uint64_t followed;           /* of these, followed */
	uint64_t released;           /* devices let go since the start */
	uint64_t silent;             /* of these, because they fell silent */
	uint64_t evicted;            /* of these, because another needed their room */
	uint64_t untracked; /* what found no room: fences that a device lay in, conditions and pairs that a
	                       rule would watch */
	uint64_t stations_untracked; /* stations that heard a position, with a name that found no room */
	uint64_t statics;            /* devices whose static data is kept, followed or not */
	uint64_t statics_displaced;  /* static data that gave way to that of another device */
};

struct weir_engine;

/* Returns 0, -ENOMEM or -EINVAL. Allocates all that it will ever need. */
int weir_engine_new(struct weir_engine **out, const struct weir_engine_options *options,
                    const struct weir_engine_sink *sink);

void weir_engine_feed(struct weir_engine *engine, const struct weir_datagram *datagram);

/*
 * A datagram that will be fed after WEIR_ENGINE_AHEAD others, or fewer: what the engine knows of its device
 * is fetched into the processor's cache meanwhile. It need not be fed at all, and nothing depends on the
 * call.
 */
#define WEIR_ENGINE_AHEAD 12
void weir_engine_expect(struct weir_engine *engine, const struct weir_datagram *datagram);

/* Time has come to time_ns (Unix time, ns): fires what is due, in the order of its due time. */
void weir_engine_advance(struct weir_engine *engine, int64_t time_ns);

/*
 * Another set of fences and another area from here on; borrowed as those before, which may be freed after.
 * renumbered says for each index of the fences so far its index in the new set, WEIR_FENCE_GONE where it is
 * not in it; the order of those that remain must be the same (it is for sets by weir_fences_load(), which are
 * in the order of their ids). What is known of a device and a fence is kept; of a fence that is gone,
 * forgotten. No device is judged anew before its next report.
 */
#define WEIR_FENCE_GONE UINT32_MAX
void weir_engine_change_chart(struct weir_engine *engine, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered);

/*
 * What was received by time_ns has been fed: gives up messages and completes fixes of which nothing has come
 * for too long. The time of events, which weir_engine_advance() moves as well, stays.
 */
void weir_engine_received(struct weir_engine *engine, int64_t time_ns);

/*
 * Somebody has seen the raised alert with that identifier, at time_ns, to which time is moved. That is told
 * by an alert of phase `raise` that is marked as acknowledged, as its `clear` will be. Returns 0, also where
 * it was acknowledged before, or -ENOENT where no alert with that identifier is raised.
 */
int weir_engine_acknowledge(struct weir_engine *engine, const char *alert_id, int64_t time_ns);

/*
 * All that makes a later event different, as bytes: devices, what is watched and due, alerts that are raised
 * and acknowledged, static data, unfinished messages. An engine that is restored from them goes on as this
 * one would have: the same input gives the same events, with the same identifiers. Counters are not saved,
 * but for those that say how many there are of something now.
 *
 * Returns how many bytes that takes; where it is more than capacity, what was written is of no use. Allocates
 * nothing.
 */
size_t weir_engine_save(const struct weir_engine *engine, void *bytes, size_t capacity);

/*
 * Into an engine that is new: nothing was fed to it, and no time told. The bytes may be anything, and are not
 * kept. On failure nothing of the engine has changed, and why (at most why_size bytes, 256 are enough) says
 * what is wrong with them.
 *
 * Fences are the same where their ids are. The state meets the engine's fences, area and rules as if they had
 * just taken the place of those that it was saved with, as in weir_engine_change_chart(): of fences and rules
 * that there are no more, raised alerts are cleared, which is told during this call (such a fence has no name
 * then); so is, by follow(), each device that is followed. Other options may be others than before. What has
 * been silent for too long by now is let go when time comes, not here.
 *
 * A state of an engine whose time had come further than latest_ns is refused; 0: none is.
 *
 * Returns 0; -EBADMSG: it is no saved state, or damaged; -EPROTO: another version of weir, or one for another
 * machine, has saved it; -ERANGE: it is of a later time; -ENOSPC: max_devices is too small for it; -EBUSY:
 * the engine is not new; -ENOMEM.
 */
int weir_engine_restore(struct weir_engine *engine, const void *bytes, size_t length, int64_t latest_ns,
                        char *why, size_t why_size);

/* The input has ended: unfinished fragments become dead letters. */
void weir_engine_flush(struct weir_engine *engine);

const struct weir_engine_counters *weir_engine_counters(const struct weir_engine *engine);
const struct weir_decode_counters *weir_engine_decode_counters(const struct weir_engine *engine);

void weir_engine_free(struct weir_engine *engine);

#endif
