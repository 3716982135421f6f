/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a table of fields: its rows mean nothing any more. See <weir/ais_rows.h>.
 */
#undef AIS_BEGIN
#undef AIS_UINT
#undef AIS_SINT
#undef AIS_FLAG
#undef AIS_TEXT
#undef AIS_TEXT_FIRST
#undef AIS_TEXT_MORE
#undef AIS_TEXT_REST
#undef AIS_DATA_REST
#undef AIS_SPARE
#undef AIS_TAIL
#undef AIS_WHEN_UINT
#undef AIS_WHEN_SPARE
#undef AIS_PRESENT
#undef AIS_ALSO_TEXT
#undef AIS_ALSO_UINT
#undef AIS_ARRAY
#undef AIS_COUNTED
#undef AIS_END
