/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What detection knows, saved, and loaded into another one: its devices, what it watches for, what is due,
 * the order of all of it. Not its options, its fences and its counters, but for those that say how many there
 * are.
 */
#ifndef WEIR_DETECT_SAVE_H
#define WEIR_DETECT_SAVE_H

#include "detect/detect.h"
#include "saved/saved.h"

void weir_detect_save(const struct weir_detect *detect, struct weir_saver *saver);

/*
 * Into one that is new. Nothing is told yet. Returns 0; -ENOSPC where it has no room for what was saved; or
 * what weir_load() does, with anything in the detection, which is of no use then.
 */
int weir_detect_load(struct weir_detect *detect, struct weir_loader *loader);

/*
 * Once after that: the loaded state meets the fences and rules that the detection was made with, as in
 * weir_detect_change_chart(); devices that are followed are told to the sink, and what ends is.
 */
void weir_detect_adopt(struct weir_detect *detect);

/* Has any time been told to it? */
bool weir_detect_has_begun(const struct weir_detect *detect);

#endif
