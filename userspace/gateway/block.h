/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of one lifetime, in a chain: what a configuration is made of, and other things of load time.
 */
#ifndef WEIR_GATEWAY_BLOCK_H
#define WEIR_GATEWAY_BLOCK_H

#include <stddef.h>

struct weir_block;

/* Zeroed memory that lives until weir_blocks_free(). Out of memory aborts: load time only. */
void *weir_block_alloc(struct weir_block **memory, size_t size);
void weir_blocks_free(struct weir_block *memory);

#endif
