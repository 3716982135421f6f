/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of application specific messages to the data of messages 6 and 8: <weir/asm_fields.h> read the
 * other way.
 */
#include <weir/asm.h>

#include <errno.h>

#include "decode/encode_writer.h"

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static void write_##layout(struct writer *writer, const struct weir_asm_##layout *in)                \
	{
#define AIS_END(layout) }
/* clang-format on */
#include "decode/encode_rows.h"
#include <weir/asm_fields.h>

static int write_layout(struct writer *writer, const struct weir_asm *application)
{
	switch (application->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_ASM_LAYOUT_##layout:                                                                       \
		write_##layout(writer, &application->layout);                                                \
		return 0;
#include <weir/asm_fields.h>
	default:
		return -EINVAL;
	}
}

int weir_asm_encode(const struct weir_asm *application, struct weir_ais *ais)
{
	bool addressed = ais->layout == WEIR_AIS_LAYOUT_binary_addressed;
	uint8_t data[sizeof(ais->binary_broadcast.data)] = {0};
	struct writer writer = {.bits = data, .room = addressed ? 920 : 952}; /* 1,008 bits less the header */

	if (!addressed && ais->layout != WEIR_AIS_LAYOUT_binary_broadcast)
		return -EINVAL;
	if (write_layout(&writer, application) != 0)
		return -EINVAL;
	if (writer.at > writer.room)
		return -ENOBUFS;
	if (addressed) {
		ais->binary_addressed.dac = application->dac;
		ais->binary_addressed.fid = application->fid;
		ais->binary_addressed.data_bits = (uint16_t)writer.at;
		memcpy(ais->binary_addressed.data, data, sizeof(ais->binary_addressed.data));
	} else {
		ais->binary_broadcast.dac = application->dac;
		ais->binary_broadcast.fid = application->fid;
		ais->binary_broadcast.data_bits = (uint16_t)writer.at;
		memcpy(ais->binary_broadcast.data, data, sizeof(ais->binary_broadcast.data));
	}
	return 0;
}
