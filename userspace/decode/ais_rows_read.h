/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the rows of a table of fields mean to a decoder. Included before each table, behind the including
 * file's own AIS_BEGIN and AIS_END, inside of which there must be:
 *     bytes, count   the bits; those behind count are zero
 *     at             where the next field is
 *     here           whether it is there
 *     out            the structure to fill
 */
/* clang-format off */
#define AIS_UINT(type, name, bits) out->name = (type)(here ? ais_unsigned(bytes, at, bits) : 0); at += (bits);
#define AIS_SINT(type, name, bits) out->name = (type)(here ? ais_signed(bytes, at, bits) : 0); at += (bits);
#define AIS_FLAG(name) out->name = here && ais_unsigned(bytes, at, 1) != 0; at += 1;
#define AIS_TEXT(name, characters) ais_text(bytes, at, characters, out->name); at += 6 * (characters);
#define AIS_TEXT_FIRST(name, characters, most)                                                               \
	memset(out->name, 0, sizeof(out->name));                                                             \
	ais_text_whole(bytes, at, characters, out->name); at += 6 * (characters);
#define AIS_TEXT_MORE(name, characters, most) ais_text_more(bytes, at, count, characters, most, out->name);
#define AIS_TEXT_REST(name, most) ais_text_rest(bytes, at, count, most, out->name);
#define AIS_DATA_REST(name, most, tail)                                                                      \
	out->name##_bits = ais_data(bytes, at, count - (tail), most, out->name); at += out->name##_bits;
#define AIS_SPARE(bits) at += (bits);
#define AIS_WHEN_UINT(flag, type, name, bits)                                                                \
	out->name = (type)(out->flag ? ais_unsigned(bytes, at, bits) : 0); at += out->flag ? (bits) : 0;
#define AIS_WHEN_SPARE(flag, bits) at += out->flag ? (bits) : 0;
#define AIS_PRESENT(bits, length) here = count >= (bits);
#define AIS_ALSO_TEXT(name, characters) ais_text(bytes, at, characters, out->name);
#define AIS_ALSO_UINT(type, name, ahead, bits)                                                               \
	out->name = (type)(at + (ahead) + (bits) <= count ? ais_unsigned(bytes, at + (ahead), bits) : 0);
#define AIS_ARRAY(layout, name, most, bits)                                                                  \
	for (out->name##_count = 0; out->name##_count < (most) && at + (bits) <= count; out->name##_count++)  \
		read_##layout(bytes, count, &at, &out->name[out->name##_count]);
#define AIS_COUNTED(layout, name, limit, most, bits)                                                         \
	for (out->name##_count = 0; out->name##_count < (most) && out->name##_count < out->limit &&          \
	     at + (bits) <= count; out->name##_count++)                                                      \
		read_##layout(bytes, count, &at, &out->name[out->name##_count]);
/* clang-format on */
