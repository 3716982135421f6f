/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a decoder keeps between two datagrams, saved, and loaded into another one: the fragments of unfinished
 * messages, the marks of completed ones, the open epochs of GPS sources. Not its options and its counters,
 * but for those without which the sums of <weir/decode.h> would not hold.
 */
#ifndef WEIR_DECODE_DECODER_SAVE_H
#define WEIR_DECODE_DECODER_SAVE_H

#include <weir/decode.h>

#include "fragments.h"
#include "gps_epochs.h"
#include "saved/saved.h"

void weir_decoder_save(const struct weir_decoder *decoder, struct weir_saver *saver);

/*
 * Into one that is new. Returns 0; -ENOSPC where it has no room for what was saved; -ENOMEM; or what
 * weir_load() does, with anything in the decoder, which is of no use then.
 */
int weir_decoder_load(struct weir_decoder *decoder, struct weir_loader *loader);

/* The same of its parts. No table of epochs: what was saved of them is left out. */
void weir_fragments_save(const struct fragments *table, struct weir_saver *saver);
int weir_fragments_load(struct fragments *table, struct weir_loader *loader);
void weir_epochs_save(const struct epochs *table, struct weir_saver *saver);
int weir_epochs_load(struct epochs *table, struct weir_loader *loader);

#endif
