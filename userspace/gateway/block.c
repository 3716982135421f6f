/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of one lifetime: see block.h.
 */
#include "gateway/block.h"

#include <stdlib.h>

struct weir_block {
	struct weir_block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

void *weir_block_alloc(struct weir_block **memory, size_t size)
{
	struct weir_block *block = calloc(1, sizeof *block + size);

	if (!block)
		abort();
	block->next = *memory;
	*memory = block;
	return block->bytes;
}

void weir_blocks_free(struct weir_block *memory)
{
	while (memory) {
		struct weir_block *next = memory->next;
		free(memory);
		memory = next;
	}
}
