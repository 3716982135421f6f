/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a datagram of a recording was received, by what is written with it: a TAG block, a $PGHP line before
 * it, or what USCG receivers append.
 *
 * It takes the time as it is: whether it can be right, its caller judges.
 */
#ifndef WEIR_BATCH_RECORDED_H
#define WEIR_BATCH_RECORDED_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/datagram.h>

struct weir_recorded;

/* Returns 0 or -ENOMEM. */
int weir_recorded_new(struct weir_recorded **out);

/* Sets *time_ns (Unix time) and returns true where the datagram, the next one of the recording, tells. */
bool weir_recorded_time(struct weir_recorded *recorded, const struct weir_datagram *datagram,
                        int64_t *time_ns);

/* What it keeps between two datagrams, as weir_decoder_save() and weir_decoder_load() do. */
struct weir_saver;
struct weir_loader;
void weir_recorded_save(const struct weir_recorded *recorded, struct weir_saver *saver);
int weir_recorded_load(struct weir_recorded *recorded, struct weir_loader *loader);

/* Takes NULL. */
void weir_recorded_free(struct weir_recorded *recorded);

#endif
