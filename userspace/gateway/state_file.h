/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file that holds a saved state: read as a whole, written so that at any moment either the one before or
 * the new one is there, whole. What is in it is not known here.
 */
#ifndef WEIR_GATEWAY_STATE_FILE_H
#define WEIR_GATEWAY_STATE_FILE_H

#include <stddef.h>

/* Returns 0, or a negative errno: -ENOENT where there is none. The caller frees *bytes. */
int weir_state_file_read(const char *file, void **bytes, size_t *length);

/*
 * Into FILE.tmp beside it, onto the disk, and in its place: for nobody to read but its owner. Returns 0 or a
 * negative errno; then the file is what it was.
 */
int weir_state_file_write(const char *file, const void *bytes, size_t length);

/* Puts aside what is of no use, as FILE.refused, for somebody to look at. Returns 0 or a negative errno. */
int weir_state_file_put_aside(const char *file);

#endif
