/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The closed list of reasons for which input is malformed. Each is a NATS subject token
 * (weir.v1.<site>.dlq.<reason>) and a metric label (weir_dlq_total{reason}).
 *
 * A sentence that is well formed but of a kind that the gateway has no use for is not malformed.
 */
#ifndef WEIR_FAULT_H
#define WEIR_FAULT_H

enum weir_fault {
	WEIR_FAULT_CHECKSUM,  /* the NMEA checksum is absent or wrong */
	WEIR_FAULT_FRAMING,   /* no sentence where one must be: noise, an empty datagram, a cut sentence */
	WEIR_FAULT_TOO_LONG,  /* a sentence or a datagram longer than can be used */
	WEIR_FAULT_CHARSET,   /* a byte that NMEA 0183 does not allow in a sentence */
	WEIR_FAULT_FIELDS,    /* wrong number of fields, or a field that does not parse */
	WEIR_FAULT_TAG_BLOCK, /* a TAG block that does not parse, with no sentence that could stand alone */
	WEIR_FAULT_FRAGMENT,  /* fragments that were never completed, or that contradict each other */
	WEIR_FAULT_PAYLOAD,   /* an AIS payload with an illegal character, fill or length */
	WEIR_FAULT_POSITION,  /* a longitude or latitude out of range that is not the 'not available' value */
	WEIR_FAULT_IDENTITY,  /* an MMSI of 0 or above 999,999,999 */
	WEIR_FAULT_TIMESTAMP, /* a sender's clock outside of the configured bound */
	WEIR_FAULTS
};

/* The token of a fault, e.g. "too_long"; never NULL for a valid fault. */
const char *weir_fault_name(enum weir_fault fault);

#endif
