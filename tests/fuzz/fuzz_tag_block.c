/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parameters of a TAG block, given a checksum that holds, so that the fuzzer gets past it.
 */
#include "checked.h"
#include "decode/tag_block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tag_block tag;
	unsigned int sum = 0;
	char tail[4];

	if (size > 1024)
		return 0;
	uint8_t *text = malloc(size + 3);

	MUST(text != NULL);
	memcpy(text, data, size);
	for (size_t i = 0; i < size; i++)
		sum ^= data[i];
	snprintf(tail, sizeof(tail), "*%02X", sum);
	memcpy(text + size, tail, 3);
	if (weir_tag_block_parse(&tag, text, (uint32_t)size + 3) == 0) {
		check_station(tag.stamp.station);
		MUST(tag.stamp.time_source == WEIR_TIME_RECEIVED || tag.stamp.time_source == WEIR_TIME_TAG);
		MUST(tag.stamp.time_ns >= 0);
		MUST(tag.group == 0 || (tag.number >= 1 && tag.number <= tag.total));
	}
	text[size + 1] ^= 1;
	MUST(weir_tag_block_parse(&tag, text, (uint32_t)size + 3) != 0);
	free(text);
	return 0;
}
