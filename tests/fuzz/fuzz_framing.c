/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One datagram of any bytes. The plain case and the general way, which a line end before the datagram
 * forces, must count the same.
 */
#include "checked.h"
#include "decode/wrapping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct weir_decoder_options options = {.fragment_slots = 2};
	struct checked plain, general;
	uint8_t *behind;

	if (size > 4096)
		return 0;
	behind = malloc(size + 1);
	MUST(behind != NULL);
	behind[0] = '\n';
	memcpy(behind + 1, data, size);
	checked_open(&plain, &options);
	checked_open(&general, &options);
	checked_feed(&plain, data, size, 1, 0);
	checked_feed(&general, behind, size + 1, 1, 0);
	/* A header of IEC 61162-450 is one at the very beginning only. */
	if (weir_header_read(data, (uint32_t)size) == WEIR_HEADER_NONE)
		MUST(memcmp(weir_decoder_counters(plain.decoder), weir_decoder_counters(general.decoder),
		            sizeof(struct weir_decode_counters)) == 0);
	checked_close(&plain);
	checked_close(&general);
	free(behind);
	return 0;
}
