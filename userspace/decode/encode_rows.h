/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the rows of a table of fields mean to an encoder. Included before each table, behind the including
 * file's own AIS_BEGIN and AIS_END, inside of which there must be `writer` and the structure `in`.
 */
/* clang-format off */
#define AIS_UINT(type, name, bits) put(writer, in->name, bits);
#define AIS_SINT(type, name, bits) put(writer, (uint32_t)in->name, bits);
#define AIS_FLAG(name) put(writer, in->name, 1);
#define AIS_TEXT(name, characters) put_text(writer, in->name, characters);
#define AIS_TEXT_FIRST(name, characters, most) put_text(writer, in->name, characters);
#define AIS_TEXT_MORE(name, characters, most)                                                                \
	if (strnlen(in->name, most) > (characters))                                                          \
		put_text(writer, in->name + (characters), strnlen(in->name, most) - (characters));
#define AIS_TEXT_REST(name, most) put_text(writer, in->name, strnlen(in->name, most));
#define AIS_DATA_REST(name, most, tail) put_data(writer, in->name, in->name##_bits, most);
#define AIS_SPARE(bits) writer->at += (bits); /* the message was zeroed */
#define AIS_TAIL(bits) AIS_SPARE(bits)
#define AIS_WHEN_UINT(flag, type, name, bits) if (in->flag) put(writer, in->name, bits);
#define AIS_WHEN_SPARE(flag, bits) if (in->flag) writer->at += (bits);
#define AIS_PRESENT(bits, length) may_end(writer, length);
#define AIS_ARRAY(layout, name, most, bits)                                                                  \
	for (uint32_t i = 0; i < in->name##_count && i < (most); i++)                                        \
		write_##layout(writer, &in->name[i]);
#define AIS_COUNTED(layout, name, limit, most, bits) AIS_ARRAY(layout, name, most, bits)
/* clang-format on */
