/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of every AIS message, in the order of their bits, after the 38 bits that all messages
 * share (type, repeat indicator, MMSI). This one table gives the structures of <weir/ais.h>, the
 * decoder, the encoder, and the random messages of the tests. To add a message is to add its rows.
 *
 * It has no include guard: whoever includes it first defines the rows that matter to him, and all of
 * them are undefined again at the end.
 *
 *     AIS_BEGIN(layout)             begins struct weir_ais_<layout>
 *     AIS_UINT(type, name, bits)    unsigned
 *     AIS_SINT(type, name, bits)    two's complement
 *     AIS_FLAG(name)                one bit
 *     AIS_TEXT(name, characters)    six-bit text: up to the first '@', without trailing blanks
 *     AIS_TEXT_REST(name, most)     six-bit text up to the end of the message
 *     AIS_DATA_REST(name, most)     bits up to the end of the message: name_bits of them, left-justified
 *     AIS_SPARE(bits)               not kept, sent as zero
 *     AIS_END(layout)
 *
 * Values are the message's own integers: nothing is rounded, and what the message marks 'not
 * available' is kept as it came. Tables and clauses are those of ITU-R M.1371-5, annex 8.
 * Units used below:
 *     longitude, latitude  1/10,000 minute (degrees times 600,000), east and north positive;
 *                          not available: 108,600,000 (181 degrees) and 54,600,000 (91 degrees)
 *     coarse position      1/10 minute (degrees times 600); not available: 108,600 and 54,600
 *     sog                  0.1 knot, 0 to 1,022 (102.2 knots or more); 1,023 not available
 *     cog                  0.1 degree, 0 to 3,599; 3,600 not available; above: reserved
 *     heading              degrees, 0 to 359; 511 not available
 *     second               of UTC, 0 to 59; 60 not available, 61 manual input, 62 dead reckoning, 63 inoperative
 *     dimensions           metres from the antenna; all zero: not available
 *     epfd                 table 50: type of position fixing device, 0 undefined, 15 internal GNSS
 */
/* clang-format off */
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
#ifndef AIS_TEXT_REST
#define AIS_TEXT_REST(name, most)
#endif
#ifndef AIS_DATA_REST
#define AIS_DATA_REST(name, most)
#endif
#ifndef AIS_SPARE
#define AIS_SPARE(bits)
#endif
#ifndef AIS_END
#define AIS_END(layout)
#endif

/* Messages 1, 2, 3: position report of class A. Table 48; 168 bits. */
AIS_BEGIN(position_a)
	AIS_UINT(uint8_t,  status, 4)      /* navigational status, table 45; 15 not defined */
	AIS_SINT(int8_t,   turn, 8)        /* rate of turn: 4.733 * sqrt(degrees a minute); +-127 more than 5 degrees in 30 s; -128 not available */
	AIS_UINT(uint16_t, sog, 10)
	AIS_FLAG(accuracy)                 /* true: 10 m or better */
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint16_t, heading, 9)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  maneuver, 2)    /* special manoeuvre: 0 not available, 1 not engaged, 2 engaged */
	AIS_UINT(uint8_t,  spare, 3)       /* M.1371-6 gives bit 147 a meaning (transmit power) */
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 19)      /* communication state, 3.3.7.2.1 and 3.3.7.3.2 of annex 2 */
AIS_END(position_a)

/* Message 5: static and voyage related data of class A. Table 52; 424 bits, 420 and 422 are on the air. */
AIS_BEGIN(static_a)
	AIS_UINT(uint8_t,  version, 2)     /* of M.1371: 0 edition 1, 1 edition 3, 2 edition 5 */
	AIS_UINT(uint32_t, imo, 30)        /* IMO number; 0 not available */
	AIS_TEXT(call_sign, 7)
	AIS_TEXT(name, 20)
	AIS_UINT(uint8_t,  ship_type, 8)   /* table 53; 0 not available */
	AIS_UINT(uint16_t, to_bow, 9)      /* 511: 511 m or more */
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)     /* 63: 63 m or more */
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)
	AIS_UINT(uint8_t,  month, 4)       /* estimated time of arrival, UTC; 0 not available */
	AIS_UINT(uint8_t,  day, 5)         /* 0 not available */
	AIS_UINT(uint8_t,  hour, 5)        /* 24 not available */
	AIS_UINT(uint8_t,  minute, 6)      /* 60 not available */
	AIS_UINT(uint8_t,  draught, 8)     /* 0.1 m; 255: 25.5 m or more; 0 not available */
	AIS_TEXT(destination, 20)
	AIS_FLAG(dte)                      /* true: data terminal not ready */
	AIS_SPARE(1)
AIS_END(static_a)

/* Message 18: position report of class B. Table 67; 168 bits. */
AIS_BEGIN(position_b)
	AIS_UINT(uint8_t,  reserved, 8)
	AIS_UINT(uint16_t, sog, 10)
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint16_t, heading, 9)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  regional, 2)    /* spare; M.1371-6 gives the first bit a meaning (transmit power) */
	AIS_FLAG(cs)                       /* true: carrier-sense unit */
	AIS_FLAG(display)
	AIS_FLAG(dsc)
	AIS_FLAG(band)                     /* the whole marine band */
	AIS_FLAG(msg22)                    /* obeys message 22 */
	AIS_FLAG(assigned)
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 20)      /* selector flag and communication state */
AIS_END(position_b)

/* Message 24 part A: the name of a class B vessel. Table 74; 160 bits, 168 are on the air. */
AIS_BEGIN(static_b_name)
	AIS_UINT(uint8_t,  part, 2)        /* 0 */
	AIS_TEXT(name, 20)
AIS_END(static_b_name)

/* Message 24 part B: type, call sign and dimensions. Table 75; 168 bits. */
AIS_BEGIN(static_b_details)
	AIS_UINT(uint8_t,  part, 2)        /* 1 */
	AIS_UINT(uint8_t,  ship_type, 8)   /* table 53; 0 not available */
	AIS_TEXT(vendor, 3)                /* manufacturer's mnemonic code */
	AIS_UINT(uint8_t,  model, 4)
	AIS_UINT(uint32_t, serial, 20)
	AIS_TEXT(call_sign, 7)
	/* The next 30 bits are the mother ship's MMSI where the MMSI is of an auxiliary craft (98xxxxxxx):
	 * see weir_ais_mothership(). */
	AIS_UINT(uint16_t, to_bow, 9)
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)        /* spare before edition 5 */
	AIS_UINT(uint8_t,  spare, 2)
AIS_END(static_b_details)
/* clang-format on */

#undef AIS_BEGIN
#undef AIS_UINT
#undef AIS_SINT
#undef AIS_FLAG
#undef AIS_TEXT
#undef AIS_TEXT_REST
#undef AIS_DATA_REST
#undef AIS_SPARE
#undef AIS_END
