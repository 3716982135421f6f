/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet captures (pcap and pcapng, by libpcap) as Ethernet frames, whatever they were captured as: Ethernet,
 * Linux cooked (SLL, SLL2), raw IP, loopback. What has no Ethernet header gets one, with addresses of zeros.
 *
 * It knows nothing of what is in a frame.
 */
#ifndef WEIR_INGEST_CAPTURE_H
#define WEIR_INGEST_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define WEIR_CAPTURE_PROBLEM_SIZE 320

struct weir_capture;

struct weir_frame {
	const uint8_t *bytes; /* holds until the next call */
	size_t length;
	int64_t time_ns; /* Unix time of the capture */
	bool cut;        /* the capture kept less than the frame had */
};

/* Do these first bytes of a file say that it is a capture? */
#define WEIR_CAPTURE_MAGIC 4
bool weir_capture_is_one(const uint8_t magic[WEIR_CAPTURE_MAGIC]);

/*
 * Reads from file, which belongs to the capture from then on, also on failure; standard input stays open.
 * Returns 0, or -EINVAL with problem saying what is wrong with it.
 */
int weir_capture_open(struct weir_capture **out, FILE *file, char problem[WEIR_CAPTURE_PROBLEM_SIZE]);

/* Returns 1 and a frame, 0 at the end, or -EINVAL with problem filled. */
int weir_capture_next(struct weir_capture *capture, struct weir_frame *out,
                      char problem[WEIR_CAPTURE_PROBLEM_SIZE]);

/* Takes NULL. */
void weir_capture_close(struct weir_capture *capture);

#endif
