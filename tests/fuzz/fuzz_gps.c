/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of GPS sentences, one a datagram, given checksums that hold, so that the fuzzer gets past them.
 */
#include "checked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed_checksummed(struct checked *checked, const uint8_t *line, size_t length, int64_t now_ns)
{
	uint8_t *text = malloc(length + 4);
	unsigned int sum = 0;

	MUST(text != NULL);
	memcpy(text, line, length);
	for (size_t i = 1; i < length; i++)
		sum ^= line[i];
	snprintf((char *)text + length, 4, "*%02X", sum);
	checked_feed(checked, text, length + 3, now_ns, 0);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct weir_decoder_options options = {
	        .fragment_slots = 1, .fixes = true, .fix_slots = 1};
	int64_t now_ns = INT64_C(1795345284000000000);
	struct checked checked;

	if (size > 2048)
		return 0;
	checked_open(&checked, &options);
	while (size > 0) {
		const uint8_t *newline = memchr(data, '\n', size);
		size_t length = newline != NULL ? (size_t)(newline - data) : size;

		feed_checksummed(&checked, data, length, now_ns);
		now_ns += 50000000;
		length += newline != NULL;
		data += length;
		size -= length;
	}
	checked_close(&checked);
	return 0;
}
