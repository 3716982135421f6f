/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of which tables of fields are made, in the order of their bits. An includer of a table defines
 * those that he needs; the others become nothing here.
 *
 *     AIS_BEGIN(layout)                 begins a layout: a structure, a function
 *     AIS_UINT(type, name, bits)        unsigned
 *     AIS_SINT(type, name, bits)        two's complement
 *     AIS_FLAG(name)                    one bit
 *     AIS_TEXT(name, characters)        six-bit text: up to the first '@', without trailing blanks
 *     AIS_TEXT_FIRST(name, characters, most)  the first characters of a text that may go on ...
 *     AIS_TEXT_MORE(name, characters, most)   ... up to the end of the message, most in all
 *     AIS_TEXT_REST(name, most)         six-bit text up to the end of the message
 *     AIS_DATA_REST(name, most, tail)   from a byte boundary up to tail bits before the end: name_bits of
 *                                       them in name, zero behind; at most most
 *     AIS_SPARE(bits)                   not kept, sent as zero
 *     AIS_TAIL(bits)                    the same at the end of a layout, where it is often left out
 *     AIS_WHEN_UINT(flag, type, name, bits)   there only when the flag before it is set, else 0
 *     AIS_WHEN_SPARE(flag, bits)
 *     AIS_PRESENT(bits, length)         what follows is there when the message has so many bits, else it
 *                                       is zero; a message without it has this length
 *     AIS_ALSO_TEXT(name, characters)   a second reading of the bits that follow; decoded, never encoded
 *     AIS_ALSO_UINT(type, name, ahead, bits)  the same for a number, so many bits ahead; 0 beyond the end
 *     AIS_ARRAY(layout, name, most, bits)     elements of another layout, of so many bits each, up to the
 *                                       end of the message: name_count of them in name, at most most
 *     AIS_COUNTED(layout, name, count, most, bits)  the same, where an earlier field says how many there
 *                                       are; name_count is what there is
 *     AIS_END(layout)
 */
#ifndef AIS_BEGIN
#define AIS_BEGIN(layout)
#endif
#ifndef AIS_UINT
#define AIS_UINT(type, name, bits)
#endif
#ifndef AIS_SINT
#define AIS_SINT(type, name, bits)
#endif
#ifndef AIS_FLAG
#define AIS_FLAG(name)
#endif
#ifndef AIS_TEXT
#define AIS_TEXT(name, characters)
#endif
#ifndef AIS_TEXT_FIRST
#define AIS_TEXT_FIRST(name, characters, most)
#endif
#ifndef AIS_TEXT_MORE
#define AIS_TEXT_MORE(name, characters, most)
#endif
#ifndef AIS_TEXT_REST
#define AIS_TEXT_REST(name, most)
#endif
#ifndef AIS_DATA_REST
#define AIS_DATA_REST(name, most, tail)
#endif
#ifndef AIS_SPARE
#define AIS_SPARE(bits)
#endif
#ifndef AIS_TAIL
#define AIS_TAIL(bits)
#endif
#ifndef AIS_WHEN_UINT
#define AIS_WHEN_UINT(flag, type, name, bits)
#endif
#ifndef AIS_WHEN_SPARE
#define AIS_WHEN_SPARE(flag, bits)
#endif
#ifndef AIS_PRESENT
#define AIS_PRESENT(bits, length)
#endif
#ifndef AIS_ALSO_TEXT
#define AIS_ALSO_TEXT(name, characters)
#endif
#ifndef AIS_ALSO_UINT
#define AIS_ALSO_UINT(type, name, ahead, bits)
#endif
#ifndef AIS_ARRAY
#define AIS_ARRAY(layout, name, most, bits)
#endif
#ifndef AIS_COUNTED
#define AIS_COUNTED(layout, name, count, most, bits)
#endif
#ifndef AIS_END
#define AIS_END(layout)
#endif
