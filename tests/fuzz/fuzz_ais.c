/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Payload bits of any length: they decode or are refused, become a report and a line of JSON, and what
 * decoded survives being encoded and decoded again. The first byte says how many bits of the last byte
 * are not there.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <weir/encode.h>
#include <weir/gpsd.h>

#include "asm_random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_report(const struct weir_ais *ais)
{
	struct weir_report report;

	weir_ais_report(ais, &report);
	check(report.mmsi == ais->mmsi && report.message == ais->type);
	if (report.has & WEIR_HAS_POSITION)
		check(report.longitude_deg >= -180 && report.longitude_deg <= 180 &&
		      report.latitude_deg >= -90 && report.latitude_deg <= 90);
}

static void check_json(const struct weir_ais *ais)
{
	static char line[2 * WEIR_GPSD_LINE_MAX];

	for (int form = 0; form < 2; form++) {
		struct weir_gpsd gpsd = {.scaled = form != 0, .split = true};
		size_t length = weir_gpsd_json(&gpsd, ais, 'A', line);

		check(length > 0 && length < WEIR_GPSD_LINE_MAX);
		for (size_t i = 0; i < length - 2; i++)
			check(line[i] >= ' ' && line[i] < 127);
	}
}

static void check_again(const struct weir_ais *ais)
{
	uint8_t bytes[WEIR_AIS_BYTES_MAX];
	struct weir_bits bits = {.bytes = bytes};
	enum weir_fault fault;
	struct weir_ais again;

	check(weir_ais_encode(ais, bytes, sizeof(bytes), &bits.count) == 0);
	check(weir_ais_decode(&again, &bits, &fault) == 0);
	check(ais_difference(ais, &again) == NULL);
}

static void check_application(const struct weir_ais *ais)
{
	struct weir_asm application, again;
	struct weir_ais other = *ais;

	if (weir_asm_decode(&application, ais) != 0 || application.truncated ||
	    (ais->type != 6 && ais->type != 8))
		return;
	check(weir_asm_encode(&application, &other) == 0);
	check(weir_asm_decode(&again, &other) == 0);
	check(asm_difference(&application, &again) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct weir_bits bits;
	enum weir_fault fault = WEIR_FAULTS;
	struct weir_ais ais;

	if (size < 2)
		return 0;
	/* Not a byte more than the decoder may read. */
	uint8_t *bytes = calloc(1, size - 1 + 16);
	check(bytes != NULL);
	memcpy(bytes, data + 1, size - 1);
	bits.bytes = bytes;
	bits.count = (uint32_t)(size - 1) * 8 - data[0] % 8;
	bytes[size - 2] &= (uint8_t)(0xff << data[0] % 8);
	int err = weir_ais_decode(&ais, &bits, &fault);
	check((err == -EBADMSG) == (fault < WEIR_FAULTS));
	if (err == 0) {
		check_report(&ais);
		check_json(&ais);
		check_again(&ais);
		check_application(&ais);
	}
	free(bytes);
	return 0;
}
