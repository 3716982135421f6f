/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A course of datagrams through one decoder with a small table. The input is lines; the first two
 * characters of each are the sender and the milliseconds (times 16) since the last; a line "=" lets the time
 * come by, and '~' within a line stands for a line end within the datagram.
 */
#include "checked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed_line(struct checked *checked, const uint8_t *line, size_t length, int64_t *now_ns)
{
	uint8_t *datagram;

	if (length < 2 || line[0] == '=') {
		weir_decoder_advance(checked->decoder, *now_ns);
		check_sums(checked);
		return;
	}
	datagram = malloc(length);
	MUST(datagram != NULL);
	for (size_t i = 2; i < length; i++)
		datagram[i - 2] = line[i] == '~' ? '\n' : line[i];
	*now_ns += line[1] * INT64_C(16000000);
	checked_feed(checked, datagram, length - 2, *now_ns, line[0] & 3);
	free(datagram);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct weir_decoder_options options = {.fragment_slots = 3,
	                                                    .fixes = true,
	                                                    .fix_slots = 2,
	                                                    .clock_bound_ns = INT64_C(86400000000000)};
	int64_t now_ns = INT64_C(1272412824000000000);
	struct checked checked;

	if (size > 8192)
		return 0;
	checked_open(&checked, &options);
	while (size > 0) {
		const uint8_t *newline = memchr(data, '\n', size);
		size_t length = newline != NULL ? (size_t)(newline - data) : size;

		feed_line(&checked, data, length, &now_ns);
		length += newline != NULL;
		data += length;
		size -= length;
	}
	checked_close(&checked);
	return 0;
}
