/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this directory share.
 */
#ifndef WEIR_SAVED_CHECK_H
#define WEIR_SAVED_CHECK_H

#include "saved/saved.h"

/* Clears what is rebuilt. Returns the first member whose value may not be, or NULL. */
const struct weir_saved_member *weir_saved_check(const struct weir_saved_record *record, uint8_t *bytes);

#endif
