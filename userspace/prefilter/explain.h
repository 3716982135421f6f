/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel would do with a frame or a datagram, and why: the program's own steps, compiled natively.
 * Needs no rights and no kernel. It remembers devices as the program does, within its own memory.
 *
 * Thread-safety: one thread at a time for an explainer.
 */
#ifndef WEIR_PREFILTER_EXPLAIN_H
#define WEIR_PREFILTER_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/engine.h>
#include <weir/prefilter.h>

struct weir_explainer;

struct weir_explainer_options {
	const struct weir_area_tiles *area; /* copied */
	const uint16_t *ports; /* host byte order; of which weir_explain_datagram() takes the first */
	size_t port_count;     /* at least 1 */
	const struct weir_gps_device *gps_devices; /* copied: the engine's */
	uint32_t gps_device_count;
};

/* Returns 0, -ENOMEM, or -EINVAL. */
int weir_explainer_new(struct weir_explainer **out, const struct weir_explainer_options *options);

/* A frame as it is on the wire, from the destination's hardware address on. */
enum weir_reason weir_explain_frame(struct weir_explainer *explainer, const void *frame, size_t length);

/* A datagram without its headers. WEIR_REASON_FRAGMENT for one that does not fit into a frame of 1,500 bytes.
 */
enum weir_reason weir_explain_datagram(struct weir_explainer *explainer, const void *payload, size_t length);

/* The payload of a frame's UDP datagram for one of our ports, within the frame. False: there is none. */
bool weir_explain_payload(struct weir_explainer *explainer, const void *frame, size_t length,
                          const uint8_t **payload, size_t *payload_length);

/* The kernel's view of a place. */
struct weir_explained_place {
	double west_deg, south_deg; /* the corner of its cell */
	uint16_t cell;              /* WEIR_CELL_EMPTY, WEIR_CELL_FULL, or of a tile */
	uint8_t column, row;        /* 0 to 63, from the west and from the south, within the cell */
	bool covered;               /* by the area of interest */
};

/* Degrees as in a report: -180 to 180, -90 to 90. */
void weir_explain_place(struct weir_explainer *explainer, double longitude_deg, double latitude_deg,
                        struct weir_explained_place *out);

/* From here on the engine follows the device; key as in <weir/prefilter.h>. Returns 0 or -ENOMEM. */
int weir_explainer_follow(struct weir_explainer *explainer, uint64_t device);

/*
 * From here on frames of other senders are refused; what has no sender is not. Nobody is refused where count
 * is 0. Returns 0 or -ENOMEM.
 */
int weir_explainer_allow(struct weir_explainer *explainer, const struct weir_network *networks, size_t count);

/* Ends what holds up dropping, as the kernel does some seconds after it began. */
void weir_explainer_release(struct weir_explainer *explainer);

/* Is dropping held up? */
bool weir_explainer_is_held(const struct weir_explainer *explainer);

/* Forgets which devices were inside, as the kernel does some seconds after their last report there. */
void weir_explainer_forget(struct weir_explainer *explainer);

/* Takes NULL. */
void weir_explainer_free(struct weir_explainer *explainer);

/* One sentence for a person: "outside of the area, and nobody follows the device". */
const char *weir_reason_text(enum weir_reason reason);

#endif
