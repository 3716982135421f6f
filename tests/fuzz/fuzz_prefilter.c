/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The prefilter's headers against the engine. The input is the payload of a datagram, in an IPv4 and in an
 * IPv6 frame: what is dropped, the engine ignores; whom the engine begins to follow, has been marked before.
 * The first byte cuts bytes off the end of the frame or changes one of its headers.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/frames.h"
#include "bpf/witness.h"
#include "filter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PAYLOAD_MAX 2000

static uint32_t judge(const struct shape *shape, const uint8_t *payload, uint32_t length, uint8_t change)
{
	uint8_t made[PAYLOAD_MAX + 200];
	uint32_t size = make_frame(made, shape, payload, length);

	if (change & 0x80)
		made[change % 60] ^= (uint8_t)(1 << (change & 7));
	else
		size -= change < size ? change : 0;
	/* Exactly as large as it is, so that reading beyond it is seen. */
	uint8_t *frame = malloc(size ? size : 1);
	must(frame != NULL);
	memcpy(frame, made, size);
	frame_context ctx = {.begin = frame, .end = frame + size, .shared = &shared, .window = &window};
	uint32_t reason = judge_frame(&ctx);
	free(frame);
	must(reason < WEIR_REASONS && reason != WEIR_REASON_NOTHING);
	return reason;
}

static void forget(void)
{
	memset(shared.presence, 0, sizeof(shared.presence));
	shared.hold = shared.hold_gps = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct shape shapes[] = {{.ip = 4}, {.ip = 6, .tags = 1}};
	struct witness witness = {.follow = check_marked};

	if (area == NULL)
		make_filter();
	if (size < 1 || size > PAYLOAD_MAX)
		return 0;
	const struct weir_engine_options options = {
	        .area = area,
	        .max_devices = 16,
	        .decoder = {.fragment_slots = 4, .fixes = true, .fix_slots = 4}};
	uint32_t length = (uint32_t)size - 1, reasons[2];

	for (int i = 0; i < 2; i++)
		reasons[i] = judge(&shapes[i], data + 1, length, data[0]);
	if (data[0] != 0) { /* the packet is not as it should be: the payload may be anything */
		forget();
		return 0;
	}
	must((reasons[0] >= WEIR_REASON_DROPS) == (reasons[1] >= WEIR_REASON_DROPS) ||
	     reasons[1] == WEIR_REASON_RECENT || reasons[1] == WEIR_REASON_HELD);
	must(witness_open(&witness, &options) == 0);
	struct trace before = witness_trace(&witness);
	struct weir_datagram datagram = {
	        .bytes = data + 1, .length = length, .received_ns = 1700000000000000000};
	frame_source(datagram.sender.ip, &shapes[0]);
	datagram.sender.port = FRAME_SOURCE_PORT;
	weir_engine_feed(witness.engine, &datagram);
	must(reasons[0] < WEIR_REASON_DROPS || was_ignored(before, witness_trace(&witness)));
	weir_engine_flush(witness.engine); /* completes the fixes */
	witness_close(&witness);
	forget();
	return 0;
}
