/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detection: reports in, events out. It keeps the state of each device that it follows, in tables of
 * fixed size, and knows nothing of sentences, bits, sockets or clocks.
 *
 * What happens to a report, in this order:
 *
 *  1. Is it ignored? A report with a valid position outside of the area of interest, from a device that
 *     is not followed and not in distress, is counted and leaves no other trace: the kernel may have
 *     dropped it just as well. So nothing may be remembered before this point.
 *     Then, and not before, it is refused if its clock lies, unless it is of a device in distress, which is
 *     taken to have been sent when it was received; and dropped if it was heard already, with its station
 *     noted, or if it is older than what is known.
 *  2. Time moves to that of the report, unless it is there already; what was due by then is done.
 *  3. Static data is learnt. The device begins to be followed if the position lies in the area, or the
 *     device is in distress.
 *  4. Events: static data where it changed or the device is new, then the position, then alerts in the
 *     order of the fences. Base stations and aids to navigation raise none.
 *  5. The device is let go if nothing is pending: it is in no fence, confirmed or about to be, its last
 *     fix lies outside of the area, and it is not in distress.
 *
 * A device is also let go when it was silent for silence_ns; without an alert, since where it is is not
 * known. If it comes back, inside, it enters anew.
 */
#ifndef WEIR_DETECT_H
#define WEIR_DETECT_H

#include <weir/engine.h>

struct weir_detect;

/* What it is made of: the members of struct weir_engine_options, with the same defaults. */
int weir_detect_new(struct weir_detect **out, const struct weir_engine_options *options,
                    const struct weir_engine_sink *sink);

/*
 * What makes a report a message of its own: two that agree in these within the window are one. bytes NULL: it
 * always is. They are hashed only where the report is not ignored.
 */
struct weir_saying {
	const uint8_t *bytes;
	size_t length;
	uint64_t seed;
};

/* A report, and what is known of it beside what it says. Nothing is kept but copies. */
struct weir_hearing {
	const struct weir_report *report;
	int64_t time_ns;
	int64_t received_ns; /* of use where clock_off is set, or the options say time_of_reception */
	bool clock_off;     /* time_ns is not to be trusted: refused, or, in distress, heard at received_ns */
	const char *source; /* the station that heard it, "" where unknown */
	uint64_t device;    /* its key; 0: the MMSI */
	const char *id;     /* NULL: the nine digits of the MMSI */
	struct weir_saying said;
};

/* What is known of a report that will be heard soon. */
struct weir_coming {
	uint64_t device; /* 0: nothing is known */
	bool has_position;
	double longitude_deg, latitude_deg;
	struct weir_saying said; /* of use to step 0 */
};

/*
 * Asks memory for what it will need: what is in the tables (step 0), what that leads to (1), and so on, each
 * some reports later. Has no effect but on time.
 */
#define WEIR_FETCH_STEPS 4
void weir_detect_fetch(const struct weir_detect *detect, const struct weir_coming *coming, int step);

/* Returns what became of the report. */
enum weir_report_outcome weir_detect_hear(struct weir_detect *detect, const struct weir_hearing *hearing);

/* The same for one of an AIS device with no more to it; source as above. */
enum weir_report_outcome weir_detect_report(struct weir_detect *detect, const struct weir_report *report,
                                            int64_t time_ns, const char *source);

/* Is the device in the table, and is a place in the area? Neither moves time. */
bool weir_detect_follows(const struct weir_detect *detect, uint64_t device);
bool weir_detect_covers(const struct weir_detect *detect, double longitude_deg, double latitude_deg);

/* Counts a dead letter that a refused report became. */
void weir_detect_count_letter(struct weir_detect *detect);

/* Time has come to time_ns: what is due by then is done, in the order of its time. */
void weir_detect_advance(struct weir_detect *detect, int64_t time_ns);

/* As weir_engine_acknowledge(). */
int weir_detect_acknowledge(struct weir_detect *detect, const char *alert_id, int64_t time_ns);

/* As weir_engine_change_chart(). */
void weir_detect_change_chart(struct weir_detect *detect, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered);

const struct weir_engine_counters *weir_detect_counters(const struct weir_detect *detect);

void weir_detect_free(struct weir_detect *detect);

#endif
