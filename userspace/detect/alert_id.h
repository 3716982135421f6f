/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The identifier of an alert: 128 bits, computed from the input alone, so that two gateways that hear
 * the same message, or an archive that is replayed, give the same one.
 *
 * It is XXH3 (128 bits, seed 0) over these bytes, in this order, integers little-endian:
 *
 *     "weir.alert.1" NUL
 *     rule      its name, NUL
 *     fence     its id, NUL ("-" where none is involved)
 *     device    its id, NUL; of proximity both ids with '/' between
 *     message   u8, AIS message type, 0 for GPS
 *     present   u32, which of the following the report carries, enum weir_report_has
 *     values    those of the report that raised the alert: longitude and latitude (i32, 1e-7 degrees),
 *               sog and cog (i32, tenths), heading (i32), status (u8), second (u8); 0 where absent
 *     minute    i64, the UTC minute of the report, in minutes since 1970
 *
 * Receivers do not agree to the second when they heard a message, but an AIS report says the second of
 * the minute in which it was made. The minute is the one in which that second lies nearest to the time of
 * the message: it is the same for all who heard it within less than half a minute of the truth. A report
 * without a second takes the minute of the message's time, and two gateways agree unless that differs.
 */
#ifndef WEIR_ALERT_ID_H
#define WEIR_ALERT_ID_H

#include <stddef.h>

#include <weir/event.h>
#include <weir/report.h>

/* The UTC minute of a report: minutes since 1970. */
int64_t weir_report_minute(const struct weir_report *report, int64_t time_ns);

#define WEIR_ALERT_ID_BYTES 16

/* fence may be NULL. */
void weir_alert_id_bytes(uint8_t bytes[WEIR_ALERT_ID_BYTES], enum weir_rule_kind rule, const char *fence,
                         const char *device, const struct weir_report *report, int64_t time_ns);

/* Bytes as digits of hexadecimal, two each, and a NUL. */
void weir_id_text(char *id, const uint8_t *bytes, size_t count);
void weir_alert_id_text(char id[WEIR_ALERT_ID_SIZE], const uint8_t bytes[WEIR_ALERT_ID_BYTES]);

/* Both. */
void weir_alert_id(char id[WEIR_ALERT_ID_SIZE], enum weir_rule_kind rule, const char *fence,
                   const char *device, const struct weir_report *report, int64_t time_ns);

#endif
