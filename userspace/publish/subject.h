/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The NATS subjects of events and dead letters, built by hand: they are written for every position.
 *
 *     weir.v1.<site>.pos.<g1>.<g2>.<g3>.<g4>.<id>         four geohash characters, one a token
 *     weir.v1.<site>.static.<id>
 *     weir.v1.<site>.alert.<severity>.<rule>.<fence>.<id>  '-' where no fence is involved, or no device
 *     weir.v1.<site>.window.<fence>
 *     weir.v1.<site>.dlq.<reason>
 *     weir.v1.<site>.status
 *     weir.v1.<site>.ctl.<verb>                            requests, which the gateway answers
 *
 * A token never holds anything but [A-Za-z0-9_-]: another byte becomes '_', an empty token '-'. So a
 * name that got past the configuration can neither add a level to a subject nor act as a wildcard.
 */
#ifndef WEIR_PUBLISH_SUBJECT_H
#define WEIR_PUBLISH_SUBJECT_H

#include <stddef.h>

#include <weir/event.h>
#include <weir/fault.h>

/* Tokens are cut at 64 characters: the longest subject, an alert's, has three of them. */
#define WEIR_TOKEN_MAX 64
#define WEIR_SUBJECT_MAX 255

/* Each writes a NUL-terminated subject to out (WEIR_SUBJECT_MAX + 1 bytes) and returns its length. */
size_t weir_subject_of_event(const struct weir_event *event, const char *site, char *out);
size_t weir_subject_of_fault(enum weir_fault fault, const char *site, char *out);
size_t weir_subject_of_status(const char *site, char *out);

/* The pattern of all requests, "weir.v1.<site>.ctl.*". */
size_t weir_subject_of_requests(const char *site, char *out);

#define WEIR_GEOHASH_LENGTH 4

/*
 * The first four characters of the geohash of a position: a cell of 0.3516 by 0.1758 degrees. The
 * borders at 180 E and 90 N belong to the last cell, as they would to none otherwise. Without NUL.
 */
void weir_geohash(double longitude_deg, double latitude_deg, char out[WEIR_GEOHASH_LENGTH]);

#endif
