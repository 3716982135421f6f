/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A glance at a datagram that will be fed soon: who says what, and where. Only of plain sentences, alone or
 * behind a TAG block, as most are; of others it says nothing. What comes of it decides nothing.
 */
#include "ais_bits.h"
#include "decoder.h"
#include "tag_block.h"

/* Where the longitude begins; the latitude follows. 0: the type has none, or is rare. (ITU-R M.1371-5, annex
 * 8) */
static uint32_t longitude_at(uint32_t type)
{
	static const uint8_t places[28] = {[1] = 61,  [2] = 61,  [3] = 61,  [9] = 61,  [4] = 79,
	                                   [11] = 79, [18] = 57, [19] = 57, [21] = 164};

	return type < sizeof(places) ? places[type] : 0;
}

bool weir_decoder_glance(const struct weir_decoder *decoder, const struct weir_datagram *datagram,
                         struct weir_glance *out)
{
	const uint8_t *text = datagram->bytes;
	uint32_t offset = 0;

	if (datagram->length == 0 || datagram->length > WEIR_DATAGRAM_MAX)
		return false;
	if (text[0] == '\\') {
		offset = weir_tag_block_end(text, datagram->length);
		if (offset++ >= datagram->length)
			return false;
	}
	uint32_t count =
	        decoder->payload_readers.plain_bits(out->bits, text + offset, datagram->length - offset);

	if (count < 38)
		return false;
	uint32_t at = longitude_at(out->bits[0] >> 2);

	out->count = count;
	out->mmsi = ais_unsigned(out->bits, 8, 30);
	out->has_position = at > 0 && at + 55 <= count;
	if (out->has_position) {
		out->longitude_deg = ais_signed(out->bits, at, 28) / 600000.0;
		out->latitude_deg = ais_signed(out->bits, at + 28, 27) / 600000.0;
	}
	return true;
}
