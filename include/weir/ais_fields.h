/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of every AIS message, in the order of their bits, after the 38 bits that all messages
 * share (type, repeat indicator, MMSI). This one table gives the structures of <weir/ais.h>, the
 * decoder, the encoder, and the random messages of the tests. To add a message is to add its rows.
 *
 * It has no include guard: whoever includes it first defines the rows of <weir/ais_rows.h> that matter
 * to him, and all of them are undefined again at the end.
 *
 * Values are the message's own integers: nothing is rounded, and what the message marks 'not
 * available', reserved or out of range is kept as it came. Clauses are those of ITU-R M.1371-5,
 * annex 8, unless M.1371-6 is named. Units used below:
 *     longitude, latitude  1/10,000 minute (degrees times 600,000), east and north positive;
 *                          not available: 108,600,000 (181 degrees) and 54,600,000 (91 degrees)
 *     coarse               the same in 1/10 minute (degrees times 600); not available: 108,600 and 54,600
 *     sog                  0.1 knot, 0 to 1,022 (102.2 knots or more); 1,023 not available
 *     cog                  0.1 degree, 0 to 3,599; 3,600 not available; above: reserved
 *     heading              degrees, 0 to 359; 511 not available
 *     second               of UTC, 0 to 59; 60 not available, 61 manual input, 62 dead reckoning, 63
 * inoperative to_bow, to_stern     metres from the antenna, 511: 511 or more; all four zero: not available
 *     to_port, _starboard  metres, 63: 63 or more
 *     ship_type            table 53, 0 to 255; 0 not available
 *     epfd                 3.3, type of position fixing device; 0 undefined, 15 internal GNSS
 *     accuracy             true: 10 m or better
 *     radio                communication state; 19 bits: annex 2, 3.3.7.2.1 (1, 4, 11) or 3.3.7.3.2 (3);
 *                          20 bits: with the selector flag before it (9, 18, 26)
 *     MMSI                 30 bits; 0 where none is meant
 */
/* clang-format off */
#include <weir/ais_rows.h>

/* Messages 1, 2, 3: position report of class A. Clause 3.1; 168 bits. */
AIS_BEGIN(position_a)
	AIS_UINT(uint8_t,  status, 4)          /* navigational status; 14 AIS-SART active, 15 not defined */
	AIS_SINT(int8_t,   turn, 8)            /* 4.733 times the root of degrees a minute, positive to starboard; +-127: more than
	                                        * 5 degrees in 30 s without an indicator; -128 not available */
	AIS_UINT(uint16_t, sog, 10)
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint16_t, heading, 9)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  maneuver, 2)        /* special manoeuvre: 0 not available, 1 not engaged, 2 engaged */
	AIS_UINT(uint8_t,  spare, 3)           /* M.1371-6: the last bit says low transmit power */
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 19)          /* of a truncated message the bits that came, right-justified */
AIS_END(position_a)

/* Message 4: base station report; message 11: UTC and date response. Clauses 3.2 and 3.9; 168 bits. */
AIS_BEGIN(base_station)
	AIS_UINT(uint16_t, year, 14)           /* 1 to 9999; 0 not available */
	AIS_UINT(uint8_t,  month, 4)           /* 1 to 12; 0 not available */
	AIS_UINT(uint8_t,  day, 5)             /* 1 to 31; 0 not available */
	AIS_UINT(uint8_t,  hour, 5)            /* 0 to 23; 24 not available */
	AIS_UINT(uint8_t,  minute, 6)          /* 0 to 59; 60 not available */
	AIS_UINT(uint8_t,  second, 6)          /* 0 to 59; 60 not available */
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint8_t,  epfd, 4)
	AIS_UINT(uint16_t, spare, 10)          /* the first bit: transmission control for message 27 */
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 19)
AIS_END(base_station)

/* Message 5: static and voyage related data of class A. Clause 3.3; 424 bits, 420, 422 and 426 are on the air. */
AIS_BEGIN(static_a)
	AIS_UINT(uint8_t,  version, 2)         /* of M.1371 that the station complies with: 0 edition 1, 1 edition 3, 2 edition 5 */
	AIS_UINT(uint32_t, imo, 30)            /* IMO number, 1,000,000 to 9,999,999; 0 not available; above: flag state's number */
	AIS_TEXT(call_sign, 7)
	AIS_TEXT(name, 20)
	AIS_UINT(uint8_t,  ship_type, 8)
	AIS_UINT(uint16_t, to_bow, 9)
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)
	AIS_UINT(uint8_t,  month, 4)           /* estimated time of arrival, UTC: 1 to 12; 0 not available */
	AIS_UINT(uint8_t,  day, 5)             /* 1 to 31; 0 not available */
	AIS_UINT(uint8_t,  hour, 5)            /* 0 to 23; 24 not available */
	AIS_UINT(uint8_t,  minute, 6)          /* 0 to 59; 60 not available */
	AIS_UINT(uint8_t,  draught, 8)         /* 0.1 m; 255: 25.5 m or more; 0 not available */
	AIS_TEXT(destination, 20)
	AIS_FLAG(dte)                          /* true: data terminal not available */
	AIS_SPARE(1)
AIS_END(static_a)

/* Message 6: addressed binary message. Clause 3.4; 88 to 1,008 bits. The data belongs to the application that
 * dac and fid name: <weir/asm.h>. */
AIS_BEGIN(binary_addressed)
	AIS_UINT(uint8_t,  sequence, 2)
	AIS_UINT(uint32_t, destination, 30)
	AIS_FLAG(retransmit)
	AIS_SPARE(1)
	AIS_UINT(uint16_t, dac, 10)            /* designated area code: 1 international, 200 inland, else a MID */
	AIS_UINT(uint8_t,  fid, 6)             /* function identifier */
	AIS_DATA_REST(data, 976, 0)
AIS_END(binary_addressed)

/* Message 7: binary acknowledge; message 13: safety related acknowledge. Clauses 3.5 and 3.11; 72 to 168 bits. */
AIS_BEGIN(acknowledge)
	AIS_SPARE(2)
	AIS_UINT(uint32_t, mmsi1, 30)          /* whose message is acknowledged */
	AIS_UINT(uint8_t,  sequence1, 2)       /* that message's sequence number */
	AIS_PRESENT(73, 72)
	AIS_UINT(uint32_t, mmsi2, 30)
	AIS_UINT(uint8_t,  sequence2, 2)
	AIS_PRESENT(105, 104)
	AIS_UINT(uint32_t, mmsi3, 30)
	AIS_UINT(uint8_t,  sequence3, 2)
	AIS_PRESENT(137, 136)
	AIS_UINT(uint32_t, mmsi4, 30)
	AIS_UINT(uint8_t,  sequence4, 2)
AIS_END(acknowledge)

/* Message 8: broadcast binary message. Clause 3.6; 56 to 1,008 bits. */
AIS_BEGIN(binary_broadcast)
	AIS_SPARE(2)
	AIS_UINT(uint16_t, dac, 10)
	AIS_UINT(uint8_t,  fid, 6)
	AIS_DATA_REST(data, 1008, 0)
AIS_END(binary_broadcast)

/* Message 9: position report of a search and rescue aircraft. Clause 3.7; 168 bits. */
AIS_BEGIN(aircraft)
	AIS_UINT(uint16_t, altitude, 12)       /* metres; 4,094: 4,094 m or more; 4,095 not available */
	AIS_UINT(uint16_t, sog, 10)            /* whole knots; 1,022: 1,022 kn or more; 1,023 not available */
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  regional, 8)        /* the first bit: altitude by barometer, else by GNSS; spare */
	AIS_FLAG(dte)
	AIS_SPARE(3)
	AIS_FLAG(assigned)
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 20)
AIS_END(aircraft)

/* Message 10: UTC and date inquiry. Clause 3.8; 72 bits. */
AIS_BEGIN(utc_inquiry)
	AIS_SPARE(2)
	AIS_UINT(uint32_t, destination, 30)
	AIS_SPARE(2)
AIS_END(utc_inquiry)

/* Message 12: addressed safety related message. Clause 3.10; 72 to 1,008 bits. */
AIS_BEGIN(text_addressed)
	AIS_UINT(uint8_t,  sequence, 2)
	AIS_UINT(uint32_t, destination, 30)
	AIS_FLAG(retransmit)
	AIS_SPARE(1)
	AIS_TEXT_REST(text, 165)
AIS_END(text_addressed)

/* Message 14: safety related broadcast message. Clause 3.12; 40 to 1,008 bits. */
AIS_BEGIN(text_broadcast)
	AIS_SPARE(2)
	AIS_TEXT_REST(text, 170)
AIS_END(text_broadcast)

/* Message 15: interrogation. Clause 3.13; 88 to 160 bits. */
AIS_BEGIN(interrogation)
	AIS_SPARE(2)
	AIS_UINT(uint32_t, mmsi1, 30)
	AIS_UINT(uint8_t,  type1_1, 6)         /* message asked of the first station */
	AIS_UINT(uint16_t, offset1_1, 12)      /* slots */
	AIS_PRESENT(91, 88)
	AIS_SPARE(2)
	AIS_UINT(uint8_t,  type1_2, 6)         /* second message asked of the first station */
	AIS_UINT(uint16_t, offset1_2, 12)
	AIS_PRESENT(111, 110)
	AIS_SPARE(2)
	AIS_UINT(uint32_t, mmsi2, 30)
	AIS_UINT(uint8_t,  type2_1, 6)         /* message asked of the second station */
	AIS_UINT(uint16_t, offset2_1, 12)
	AIS_SPARE(2)
AIS_END(interrogation)

/* Message 16: assigned mode command. Clause 3.14; 96 bits for one station, 144 for two. */
AIS_BEGIN(assignment)
	AIS_SPARE(2)
	AIS_UINT(uint32_t, mmsi1, 30)
	AIS_UINT(uint16_t, offset1, 12)        /* slots; with increment 0: reports in ten minutes */
	AIS_UINT(uint16_t, increment1, 10)     /* slots */
	AIS_PRESENT(144, 96)
	AIS_UINT(uint32_t, mmsi2, 30)
	AIS_UINT(uint16_t, offset2, 12)
	AIS_UINT(uint16_t, increment2, 10)
AIS_END(assignment)

/* Message 17: GNSS broadcast binary message. Clause 3.15; 80 to 816 bits. The corrections are the
 * data of ITU-R M.823: a header of 40 bits and words of 24. */
AIS_BEGIN(corrections)
	AIS_SPARE(2)
	AIS_SINT(int32_t,  longitude, 18)      /* coarse, of the reference station */
	AIS_SINT(int32_t,  latitude, 17)       /* coarse */
	AIS_SPARE(5)
	AIS_ALSO_UINT(uint8_t,  message, 0, 6)    /* M.823 message type */
	AIS_ALSO_UINT(uint16_t, station, 6, 10)   /* M.823 station identifier */
	AIS_ALSO_UINT(uint16_t, z_count, 16, 13)  /* 0.6 s */
	AIS_ALSO_UINT(uint8_t,  sequence, 29, 3)  /* cyclic */
	AIS_ALSO_UINT(uint8_t,  words, 32, 5)     /* data words that follow the header, 0 to 29 */
	AIS_ALSO_UINT(uint8_t,  health, 37, 3)    /* of the reference station, M.823 */
	AIS_DATA_REST(data, 984, 0)
AIS_END(corrections)

/* Message 18: position report of class B. Clause 3.16; 168 bits. */
AIS_BEGIN(position_b)
	AIS_UINT(uint8_t,  reserved, 8)
	AIS_UINT(uint16_t, sog, 10)
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint16_t, heading, 9)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  regional, 2)        /* spare; M.1371-6: the first bit says low transmit power */
	AIS_FLAG(cs)                           /* true: carrier-sense unit, false: SOTDMA */
	AIS_FLAG(display)
	AIS_FLAG(dsc)
	AIS_FLAG(band)                         /* works on the whole marine band */
	AIS_FLAG(msg22)                        /* can be managed by message 22 */
	AIS_FLAG(assigned)
	AIS_FLAG(raim)
	AIS_UINT(uint32_t, radio, 20)
AIS_END(position_b)

/* Message 19: extended position report of class B. Clause 3.17; 312 bits. */
AIS_BEGIN(extended_b)
	AIS_UINT(uint8_t,  reserved, 8)
	AIS_UINT(uint16_t, sog, 10)
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, cog, 12)
	AIS_UINT(uint16_t, heading, 9)
	AIS_UINT(uint8_t,  second, 6)
	AIS_UINT(uint8_t,  regional, 4)        /* spare */
	AIS_TEXT(name, 20)
	AIS_UINT(uint8_t,  ship_type, 8)
	AIS_UINT(uint16_t, to_bow, 9)
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)
	AIS_FLAG(raim)
	AIS_FLAG(dte)
	AIS_FLAG(assigned)
	AIS_SPARE(4)
AIS_END(extended_b)

/* Message 20: data link management. Clause 3.18; 72 to 160 bits, one to four reservations. */
AIS_BEGIN(link_management)
	AIS_SPARE(2)
	AIS_UINT(uint16_t, offset1, 12)        /* slots; 0: no reservation */
	AIS_UINT(uint8_t,  number1, 4)         /* consecutive slots */
	AIS_UINT(uint8_t,  timeout1, 3)        /* minutes */
	AIS_UINT(uint16_t, increment1, 11)     /* slots to the next block; 0: one block a frame */
	AIS_PRESENT(100, 72)
	AIS_UINT(uint16_t, offset2, 12)
	AIS_UINT(uint8_t,  number2, 4)
	AIS_UINT(uint8_t,  timeout2, 3)
	AIS_UINT(uint16_t, increment2, 11)
	AIS_PRESENT(130, 104)
	AIS_UINT(uint16_t, offset3, 12)
	AIS_UINT(uint8_t,  number3, 4)
	AIS_UINT(uint8_t,  timeout3, 3)
	AIS_UINT(uint16_t, increment3, 11)
	AIS_PRESENT(160, 136)
	AIS_UINT(uint16_t, offset4, 12)
	AIS_UINT(uint8_t,  number4, 4)
	AIS_UINT(uint8_t,  timeout4, 3)
	AIS_UINT(uint16_t, increment4, 11)
AIS_END(link_management)

/* Message 21: aid-to-navigation report. Clause 3.19; 272 to 360 bits. */
AIS_BEGIN(aid)
	AIS_UINT(uint8_t,  aid_type, 5)        /* 0 not specified, 1 to 19 fixed, 20 to 31 floating */
	AIS_TEXT_FIRST(name, 20, 36)
	AIS_FLAG(accuracy)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint16_t, to_bow, 9)
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)
	AIS_UINT(uint8_t,  second, 6)
	AIS_FLAG(off_position)                 /* means something for floating aids and seconds 0 to 59 only */
	AIS_UINT(uint8_t,  regional, 8)        /* status of the aid: IALA R0126 */
	AIS_FLAG(raim)
	AIS_FLAG(virtual_aid)
	AIS_FLAG(assigned)
	AIS_SPARE(1)
	AIS_TEXT_MORE(name, 20, 36)            /* M.1371: 14 characters more; 16 are on the air */
AIS_END(aid)

/* Message 22: channel management, for the stations in an area. Clause 3.20; 168 bits. */
AIS_BEGIN(channel_area)
	AIS_SPARE(2)
	AIS_UINT(uint16_t, channel_a, 12)      /* channel number of ITU-R M.1084 */
	AIS_UINT(uint16_t, channel_b, 12)
	AIS_UINT(uint8_t,  txrx, 4)            /* mode: 0 both channels in use, 1 A only, 2 B only for transmission */
	AIS_FLAG(power)                        /* true: low */
	AIS_SINT(int32_t,  ne_longitude, 18)   /* coarse */
	AIS_SINT(int32_t,  ne_latitude, 17)
	AIS_SINT(int32_t,  sw_longitude, 18)
	AIS_SINT(int32_t,  sw_latitude, 17)
	AIS_FLAG(addressed)                    /* false */
	AIS_FLAG(band_a)                       /* spare, formerly bandwidth 12.5 kHz */
	AIS_FLAG(band_b)
	AIS_UINT(uint8_t,  zone_size, 3)       /* nautical miles less one */
	AIS_SPARE(23)
AIS_END(channel_area)

/* Message 22: channel management, for two stations. */
AIS_BEGIN(channel_addressed)
	AIS_SPARE(2)
	AIS_UINT(uint16_t, channel_a, 12)
	AIS_UINT(uint16_t, channel_b, 12)
	AIS_UINT(uint8_t,  txrx, 4)
	AIS_FLAG(power)
	AIS_UINT(uint32_t, mmsi1, 30)
	AIS_SPARE(5)
	AIS_UINT(uint32_t, mmsi2, 30)
	AIS_SPARE(5)
	AIS_FLAG(addressed)                    /* true */
	AIS_FLAG(band_a)
	AIS_FLAG(band_b)
	AIS_UINT(uint8_t,  zone_size, 3)
	AIS_SPARE(23)
AIS_END(channel_addressed)

/* Message 23: group assignment command. Clause 3.21; 160 bits. */
AIS_BEGIN(group_assignment)
	AIS_SPARE(2)
	AIS_SINT(int32_t,  ne_longitude, 18)   /* coarse */
	AIS_SINT(int32_t,  ne_latitude, 17)
	AIS_SINT(int32_t,  sw_longitude, 18)
	AIS_SINT(int32_t,  sw_latitude, 17)
	AIS_UINT(uint8_t,  station_type, 4)    /* 0 all mobile stations, 2 class B, 3 aircraft, 4 aids, 5 class B CS, 6 inland */
	AIS_UINT(uint8_t,  ship_type, 8)       /* 0 all */
	AIS_SPARE(22)
	AIS_UINT(uint8_t,  txrx, 2)            /* mode, as in message 22 */
	AIS_UINT(uint8_t,  interval, 4)        /* reporting interval: 0 as given by the autonomous mode, 1 ten minutes ... 9 next shorter */
	AIS_UINT(uint8_t,  quiet, 4)           /* minutes, 1 to 15; 0 none */
	AIS_SPARE(6)
AIS_END(group_assignment)

/* Message 24 part A: the name of a class B vessel. Clause 3.22; 160 bits, 162 and 168 are on the air. */
AIS_BEGIN(static_b_name)
	AIS_UINT(uint8_t,  part, 2)            /* 0 */
	AIS_TEXT(name, 20)
AIS_END(static_b_name)

/* Message 24 part B: type, call sign and dimensions. Clause 3.22; 168 bits, 162 are on the air. */
AIS_BEGIN(static_b_details)
	AIS_UINT(uint8_t,  part, 2)            /* 1 */
	AIS_UINT(uint8_t,  ship_type, 8)
	AIS_ALSO_TEXT(vendor_id, 7)            /* vendor, model and serial read as text: editions before M.1371-4 */
	AIS_TEXT(vendor, 3)                    /* manufacturer's mnemonic code */
	AIS_UINT(uint8_t,  model, 4)
	AIS_UINT(uint32_t, serial, 20)
	AIS_TEXT(call_sign, 7)
	/* The next 30 bits are the mother ship's MMSI where the MMSI is of an auxiliary craft (98xxxxxxx):
	 * see weir_ais_mothership(). */
	AIS_UINT(uint16_t, to_bow, 9)
	AIS_UINT(uint16_t, to_stern, 9)
	AIS_UINT(uint8_t,  to_port, 6)
	AIS_UINT(uint8_t,  to_starboard, 6)
	AIS_UINT(uint8_t,  epfd, 4)            /* spare before M.1371-5 */
	AIS_UINT(uint8_t,  spare, 2)           /* M.1371-6: VDES capabilities */
AIS_END(static_b_details)

/* Message 25: single slot binary message. Clause 3.23; 40 to 168 bits. */
AIS_BEGIN(single_slot)
	AIS_FLAG(addressed)
	AIS_FLAG(structured)                   /* true: the data begins with an application identifier */
	AIS_WHEN_UINT(addressed, uint32_t, destination, 30)
	AIS_WHEN_SPARE(addressed, 2)
	AIS_WHEN_UINT(structured, uint16_t, application, 16) /* designated area code, 10 bits, and function identifier */
	AIS_DATA_REST(data, 128, 0)
AIS_END(single_slot)

/* Message 26: multiple slot binary message with communication state. Clause 3.24; 64 to 1,064 bits. */
AIS_BEGIN(multi_slot)
	AIS_FLAG(addressed)
	AIS_FLAG(structured)
	AIS_WHEN_UINT(addressed, uint32_t, destination, 30)
	AIS_WHEN_SPARE(addressed, 2)
	AIS_WHEN_UINT(structured, uint16_t, application, 16)
	AIS_DATA_REST(data, 1000, 24)
	AIS_SPARE(4)
	AIS_UINT(uint32_t, radio, 20)
AIS_END(multi_slot)

/* Message 27: position report for long-range applications. Clause 3.25 and annex 4; 96 bits, 168 are on the air. */
AIS_BEGIN(long_range)
	AIS_FLAG(accuracy)
	AIS_FLAG(raim)
	AIS_UINT(uint8_t,  status, 4)
	AIS_SINT(int32_t,  longitude, 18)      /* coarse */
	AIS_SINT(int32_t,  latitude, 17)       /* coarse */
	AIS_UINT(uint8_t,  sog, 6)             /* whole knots, 0 to 62; 63 not available */
	AIS_UINT(uint16_t, cog, 9)             /* whole degrees, 0 to 359; 511 not available */
	AIS_FLAG(late)                         /* position latency: false less than 5 s, true more */
	AIS_SPARE(1)
AIS_END(long_range)

/* Message 28: aid-to-navigation report in a single slot. M.1371-6, annex 7, table 84; 168 bits. */
AIS_BEGIN(aid_short)
	AIS_UINT(uint8_t,  second, 6)
	AIS_SINT(int32_t,  longitude, 28)
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint8_t,  restricted_use, 2)
	AIS_UINT(uint8_t,  station_type, 3)    /* 4: virtual aid */
	AIS_UINT(uint8_t,  aid_type, 7)
	AIS_UINT(uint32_t, mrn, 17)            /* of the aid's maritime resource name */
	AIS_UINT(uint8_t,  dimension_type, 4)
	AIS_UINT(uint16_t, dimension_a, 9)
	AIS_UINT(uint16_t, dimension_b, 11)
	AIS_FLAG(additional)
	AIS_FLAG(charted)
	AIS_UINT(uint8_t,  on_station, 4)
	AIS_UINT(uint8_t,  aid_status, 8)
	AIS_SPARE(1)
	AIS_FLAG(authenticated)
AIS_END(aid_short)
/* clang-format on */

#include <weir/ais_rows_end.h>
