/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wrappings: what receivers and forwarders put around sentences, each fed to a decoder as a datagram.
 *
 * In a case's text, {} stands for a good position of MMSI, {1} to {9} for others, each with its checksum;
 * <...> for a TAG block with its checksum, and [...] for a sentence without its checksum, which is added.
 */
#include <time.h>

#include "suite.h"

#include "crafted.h"
#include "decode/calendar.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)
#define PGHP_NS (1276256771390 * MS) /* 2010-06-11 11:46:11.390 */

/* Replaces what stands for something else. */
static struct text expand(const char *from)
{
	struct text out = {.length = 0};

	while (*from != '\0') {
		struct text part = {.length = 1};
		const char *end = NULL;

		part.bytes[0] = *from;
		if (*from == '{') {
			part = position_of(MMSI + (uint32_t)strtoul(from + 1, NULL, 10));
			end = strchr(from, '}');
		} else if (*from == '<' || *from == '[') {
			char inner[300];

			end = strchr(from, *from == '<' ? '>' : ']');
			snprintf(inner, sizeof(inner), "%.*s", (int)(end - from - 1), from + 1);
			part = *from == '<' ? tag(inner) : sentence("%s", inner);
		}
		memcpy(out.bytes + out.length, part.bytes, part.length);
		out.length += part.length;
		from = (end != NULL ? end : from) + 1;
	}
	out.bytes[out.length] = '\0';
	return out;
}

/* The armour reaches up to 'w' and has '<' in it, so that a payload is written out only where it must. */
static const struct {
	const char *name;
	const char *text;
	unsigned int messages;
	enum weir_time_source source; /* of the last message */
	int64_t time_ns;              /* of the last message; 0: that of its reception */
	const char *station;          /* of the last message */
	unsigned int faults;
	unsigned int tag_blocks_bad;
} cases[] = {
        {"LF", "{}\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"CR LF", "{}\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"CR", "{}\r", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"no line end", "{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"LF CR", "{}\n\r", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"blanks before and behind", "  {} \r\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"empty lines", "\r\n\r\n{}\r\n\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"two lines", "{}\r\n{1}\r\n", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"two lines, CR only", "{}\r{1}\r", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"two lines, nothing at the end", "{}\n{1}", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"three without line ends between", "{}{1}{2}", 3, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"junk before", "xyz {}\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"binary junk before", "\x01\xff\x80{}\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"junk before the second", "{}\r\nxyz{1}\r\n", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"junk behind is a fault", "{}xyz\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 1, 0},
        {"a line of junk is a fault", "xyz\r\n{}\r\n", 1, WEIR_TIME_RECEIVED, 0, "", 1, 0},
        {"an epoch before", "1272412824 {}", 1, WEIR_TIME_PREFIX, 1272412824 * S, "", 0, 0},
        {"an epoch and a comma before", "1272412824,{}", 1, WEIR_TIME_PREFIX, 1272412824 * S, "", 0, 0},
        {"an epoch with nothing between", "1272412824{}", 1, WEIR_TIME_PREFIX, 1272412824 * S, "", 0, 0},
        {"an epoch with a fraction", "1272412824.25: {}", 1, WEIR_TIME_PREFIX, 1272412824250 * MS, "", 0, 0},
        {"an epoch in milliseconds", "1272412824250;{}", 1, WEIR_TIME_PREFIX, 1272412824250 * MS, "", 0, 0},
        {"each line its epoch", "1272412824 {}\n1272412825 {1}\n", 2, WEIR_TIME_PREFIX, 1272412825 * S, "", 0,
         0},
        {"an epoch for its own line", "1272412824 {}\n{1}\n", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a small number is no epoch", "12345678 {}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a suffix", "{},r003669945,1272412824\r\n", 1, WEIR_TIME_SUFFIX, 1272412824 * S, "r003669945", 0, 0},
        {"a suffix with all its fields", "{},x154501,s33225,d-112,T15.68577764,r003669945,1272412824", 1,
         WEIR_TIME_SUFFIX, 1272412824 * S, "r003669945", 0, 0},
        {"a suffix of a base station", "{},b003669710,1272412824", 1, WEIR_TIME_SUFFIX, 1272412824 * S,
         "b003669710", 0, 0},
        {"a suffix with a named station", "{},rnhjel,1272412824.25", 1, WEIR_TIME_SUFFIX, 1272412824250 * MS,
         "rnhjel", 0, 0},
        {"a suffix with a time alone", "{},1357134218\n", 1, WEIR_TIME_SUFFIX, 1357134218 * S, "", 0, 0},
        {"a suffix with nonsense in it", "{},1daasd4218,,1357134222\n", 1, WEIR_TIME_SUFFIX, 1357134222 * S,
         "", 0, 0},
        {"a suffix and no line end", "{},1357134218{1}", 2, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a TAG block", "<s:west,c:1272412824>{}\r\n", 1, WEIR_TIME_TAG, 1272412824 * S, "west", 0, 0},
        {"a TAG block for its own sentence", "<s:west,c:1272412824>{}{1}", 2, WEIR_TIME_RECEIVED, 0, "", 0,
         0},
        {"a TAG block on its own line", "<s:west,c:1272412824>\r\n{}\r\n", 1, WEIR_TIME_TAG, 1272412824 * S,
         "west", 0, 0},
        {"two TAG blocks before one sentence", "<c:1272412824><s:west>{}", 1, WEIR_TIME_TAG, 1272412824 * S,
         "west", 0, 0},
        {"a TAG block with a wrong checksum", "\\s:west,c:1272412824*00\\{}", 1, WEIR_TIME_RECEIVED, 0, "", 0,
         1},
        {"a TAG block without a checksum", "\\s:west\\{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 1},
        {"an empty TAG block", "\\\\{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 1},
        {"a TAG block that does not end", "\\s:west,c:12{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 1},
        {"a TAG block that does not end on its line", "\\s:west\n{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 1},
        {"a TAG block with a byte above 127", "\\s:w\xe4st*00\\{}", 1, WEIR_TIME_RECEIVED, 0, "", 0, 1},
        {"a bad TAG block, alone", "\\s:west*00\\", 0, WEIR_TIME_RECEIVED, 0, "", 1, 1},
        {"a good TAG block, alone", "<s:west>\r\n", 0, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a bad TAG block behind a sentence", "{}\\s:west*00\\", 1, WEIR_TIME_RECEIVED, 0, "", 1, 1},
        {"a group whose first line says it all", "<g:1-2-33,s:west,c:1272412824>{}\n<g:2-2-33>{1}\n", 2,
         WEIR_TIME_TAG, 1272412824 * S, "west", 0, 0},
        {"the older form of a group", "<1G2:33,s:west,c:1272412824>{}\n<2G2:33>{1}\n", 2, WEIR_TIME_TAG,
         1272412824 * S, "west", 0, 0},
        {"a group for its own lines", "<g:1-2-33,s:west,c:1272412824>{}\n<g:1-2-34>{1}\n", 2,
         WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a group with a time for each line",
         "<g:1-2-33,s:west,c:1272412824>{}\n<g:2-2-33,c:1272412825>{1}\n", 2, WEIR_TIME_TAG, 1272412825 * S,
         "west", 0, 0},
        {"an epoch before a TAG block", "1272412824 <s:west>{}", 1, WEIR_TIME_PREFIX, 1272412824 * S, "west",
         0, 0},
        {"the TAG block's time before the suffix'", "<c:1272412824>{},r1,1272412900", 1, WEIR_TIME_TAG,
         1272412824 * S, "r1", 0, 0},
        {"the suffix' time before the prefix'", "1272412824 {},1272412900", 1, WEIR_TIME_SUFFIX,
         1272412900 * S, "", 0, 0},
        {"a $PGHP line", "[$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B]\r\n{}\r\n", 1,
         WEIR_TIME_PGHP, PGHP_NS, "992190934", 0, 0},
        {"a $PGHP line without a base station", "[$PGHP,1,2010,6,11,11,46,11,390,231,0,,1,2B]\r\n{}\r\n", 1,
         WEIR_TIME_PGHP, PGHP_NS, "", 0, 0},
        {"a $PGHP line for the next sentence", "[$PGHP,1,2010,6,11,11,46,11,390,231,45,1,1,2B]\n{}\n{1}\n", 2,
         WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a $PGHP line of another type", "[$PGHP,2,2010,6,11,11,46,11,390,231,45,1,1,2B]\n{}\n", 1,
         WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a $PGHP line with an impossible date", "[$PGHP,1,2010,2,30,11,46,11,390,231,45,77,1,2B]\n{}\n", 1,
         WEIR_TIME_RECEIVED, 0, "77", 0, 0},
        {"a $PGHP line that is cut", "[$PGHP,1,2010,6,11]\n{}\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"an empty $PGHP line", "[$PGHP]\n{}\n", 1, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"the TAG block's time before $PGHP's",
         "[$PGHP,1,2010,6,11,11,46,11,390,231,45,77,1,2B]\n<c:1272412824>{}\n", 1, WEIR_TIME_TAG,
         1272412824 * S, "77", 0, 0},
        {"sentences of other kinds", "[$GPGSV,1,1,00]\r\n{}\r\n[$AIALR,1]\r\n", 1, WEIR_TIME_RECEIVED, 0, "",
         0, 0},
        {"a sentence of another kind, alone", "[$GPGSV,1,1,00]\r\n", 0, WEIR_TIME_RECEIVED, 0, "", 0, 0},
        {"a bad sentence among good ones", "{}\r\n!AIVDM,1,1,,A,x,0*00\r\n{1}\r\n", 2, WEIR_TIME_RECEIVED, 0,
         "", 1, 0},
        {"a cut sentence before a good one", "!AIVDM,1,1,,A,13a{}", 1, WEIR_TIME_RECEIVED, 0, "", 1, 0},
};

START_TEST(every_wrapping_is_understood)
{
	struct text text = expand(cases[_i].text);
	const char *name = cases[_i].name;
	struct ear ear;

	ear_open(&ear);
	ear_feed(&ear, text.bytes, text.length);
	const struct weir_decode_counters *c = weir_decoder_counters(ear.decoder);

	ck_assert_msg(ear.message_count == cases[_i].messages, "%s: %u messages", name, ear.message_count);
	ck_assert_msg(c->sentences[WEIR_SENTENCE_MALFORMED] == cases[_i].faults, "%s: %llu faults", name,
	              (unsigned long long)c->sentences[WEIR_SENTENCE_MALFORMED]);
	ck_assert_msg(ear.letter_count == (cases[_i].faults > 0), "%s: %u letters", name, ear.letter_count);
	ck_assert_msg(c->tag_blocks_bad == cases[_i].tag_blocks_bad, "%s: %llu bad TAG blocks", name,
	              (unsigned long long)c->tag_blocks_bad);
	for (unsigned int i = 0; i < ear.message_count; i++)
		ck_assert_msg(ear.messages[i].ais.mmsi == MMSI + i, "%s: MMSI %u", name,
		              ear.messages[i].ais.mmsi);
	if (ear.message_count > 0) {
		const struct weir_message *last = &ear.messages[ear.message_count - 1];
		int64_t time_ns = cases[_i].source == WEIR_TIME_RECEIVED ? RECEIVED_NS : cases[_i].time_ns;

		ck_assert_msg(last->time_source == cases[_i].source, "%s: time from %d", name,
		              last->time_source);
		ck_assert_msg(last->time_ns == time_ns, "%s: time %lld", name, (long long)last->time_ns);
		ck_assert_msg(strcmp(last->station, cases[_i].station) == 0, "%s: '%s'", name, last->station);
	}
	ear_close(&ear);
}
END_TEST

/* A wrapping of one datagram must mean nothing for the next: the kernel may have dropped either. */
START_TEST(no_wrapping_reaches_into_the_next_datagram)
{
	static const char *const first[] = {
	        "[$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B]\r\n",
	        "<s:west,c:1272412824>\r\n",
	        "<g:1-2-33,s:west,c:1272412824>{}\r\n",
	        "1272412824 ",
	        "\\s:west",
	        "!AIVDM,1,1,,A,13",
	};
	struct text second = expand("<g:2-2-33>{1}\r\n");
	struct ear ear;

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		struct text text = expand(first[i]);

		ear_open(&ear);
		ear_feed(&ear, text.bytes, text.length);
		unsigned int before = ear.message_count;

		ear_feed(&ear, second.bytes, second.length);
		ck_assert_uint_eq(ear.message_count, before + 1);
		ck_assert_uint_eq(ear.messages[before].time_source, WEIR_TIME_RECEIVED);
		ck_assert_str_eq(ear.messages[before].station, "");
		ear_close(&ear);
	}
}
END_TEST

START_TEST(the_header_of_iec_61162_450_is_passed_over)
{
	struct text text = expand("<g:1-1-7,s:AI0001,n:157>{}\r\n");
	char datagram[600] = "UdPbC";
	struct ear ear;

	memcpy(datagram + 6, text.bytes, text.length);
	ear_open(&ear);
	ear_feed(&ear, datagram, text.length + 6);
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_str_eq(ear.messages[0].station, "AI0001");
	ck_assert_uint_eq(ear.messages[0].offset, 6);
	ck_assert_uint_eq(ear.letter_count, 0);
	ear_feed(&ear, datagram, 6);
	ck_assert_uint_eq(ear.letter_count, 1);
	ck_assert_int_eq(ear.letters[0].fault, WEIR_FAULT_FRAMING);
	ear_close(&ear);
}
END_TEST

/* A sentence is put behind each of them: it must not be found. */
START_TEST(a_datagram_that_its_header_calls_binary_is_counted_and_not_malformed)
{
	static const char *const headers[] = {"RaUdP", "RrUdP", "RpUdP", "NkPgN", "RaUdp"};
	struct text text = position_of(MMSI);
	char datagram[600];
	struct ear ear;

	ear_open(&ear);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		memcpy(datagram, headers[i], 6);
		memcpy(datagram + 6, text.bytes, text.length);
		ear_feed(&ear, datagram, 6 + text.length);
		ear_feed(&ear, datagram, 6);
		ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->datagrams[WEIR_DATAGRAM_BINARY],
		                  2 * (i + 1));
	}
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(ear.letter_count, 0);
	/* Cut by a byte, or of a name that nobody knows: no header, and what is behind it stands on its own.
	 */
	ear_feed(&ear, "RaUdP", 5);
	ck_assert_uint_eq(ear.letter_count, 1);
	memcpy(datagram, "XxXxX", 6);
	ear_feed(&ear, datagram, 6 + text.length);
	ck_assert_uint_eq(ear.message_count, 1);
	ear_check_sums(&ear);
	ear_close(&ear);
}
END_TEST

START_TEST(the_message_says_which_wrapping_named_its_station)
{
	static const struct {
		const char *text;
		enum weir_time_source source;
	} stations[] = {
	        {"{}", WEIR_TIME_RECEIVED},
	        {"1272412824 {}", WEIR_TIME_RECEIVED},
	        {"<c:1272412824>{}", WEIR_TIME_RECEIVED},
	        {"<s:,c:1272412824>{}", WEIR_TIME_RECEIVED},
	        {"<s:west>{}", WEIR_TIME_TAG},
	        {"<s:west>{},r003669945,1272412824", WEIR_TIME_TAG},
	        {"<c:1272412824>{},r003669945,1272412824", WEIR_TIME_SUFFIX},
	        {"{},r003669945,1272412824", WEIR_TIME_SUFFIX},
	        {"[$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B]\n{}", WEIR_TIME_PGHP},
	        {"[$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B]\n<s:west>{}", WEIR_TIME_TAG},
	};

	for (size_t i = 0; i < sizeof(stations) / sizeof(stations[0]); i++) {
		struct text text = expand(stations[i].text);
		struct ear ear;

		ear_open(&ear);
		ear_feed(&ear, text.bytes, text.length);
		ck_assert_uint_eq(ear.message_count, 1);
		ck_assert_msg(ear.messages[0].station_source == stations[i].source, "%s: %d",
		              stations[i].text, ear.messages[0].station_source);
		ear_close(&ear);
	}
}
END_TEST

START_TEST(channel_talker_and_kind_are_part_of_the_message)
{
	static const char *const heads[] = {"!AIVDM", "!BSVDM", "!BYVDM", "!SSVDM",
	                                    "!SAVDO", "$AIVDM", "!--VDM"};
	static const char channels[] = "\0ABCD12";
	struct crafted bits;
	char payload[64];
	struct ear ear;

	craft_position(&bits, 3, MMSI, LONGITUDE, LATITUDE);
	armour_text(payload, &bits);
	for (size_t head = 0; head < sizeof(heads) / sizeof(heads[0]); head++)
		for (size_t i = 0; i < 7; i++) {
			char channel[2] = {channels[i], '\0'};
			struct text text = sentence("%s,1,1,,%s,%s,0", heads[head], channel, payload);

			ear_open(&ear);
			ear_feed(&ear, text.bytes, text.length);
			ck_assert_uint_eq(ear.message_count, 1);
			ck_assert_int_eq(ear.messages[0].channel, channels[i]);
			ck_assert_int_eq(ear.messages[0].talker[0], heads[head][1]);
			ck_assert_int_eq(ear.messages[0].talker[1], heads[head][2]);
			ck_assert_int_eq(ear.messages[0].own_ship, heads[head][5] == 'O');
			ck_assert_uint_eq(ear.messages[0].fragments, 1);
			ck_assert_uint_eq(ear.messages[0].ais.type, 3);
			ear_close(&ear);
		}
}
END_TEST

START_TEST(offsets_lead_to_the_sentence_with_its_tag_block)
{
	struct text text = expand("{}\r\n<s:west>{1}\r\n<s:west>\r\n{2}\r\n");
	struct ear ear;

	ear_open(&ear);
	ear_feed(&ear, text.bytes, text.length);
	ck_assert_uint_eq(ear.message_count, 3);
	ck_assert_uint_eq(ear.messages[0].offset, 0);
	for (int i = 1; i < 3; i++)
		ck_assert_int_eq(text.bytes[ear.messages[i].offset], '\\');
	ck_assert_uint_lt(ear.messages[1].offset, ear.messages[2].offset);
	ear_close(&ear);
}
END_TEST

START_TEST(a_clock_that_lies_is_marked_where_a_bound_is_set)
{
	static const struct {
		int64_t offset_s;
		bool off;
	} clocks[] = {{0, false}, {60, false}, {-60, false}, {61, true}, {-61, true}, {86400 * 365, true}};
	struct weir_decoder_options options = {.clock_bound_ns = 60 * S};
	struct ear ear;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		char line[200];

		snprintf(line, sizeof(line), "<c:%lld>{}", (long long)(RECEIVED_NS / S + clocks[i].offset_s));
		struct text text = expand(line);

		ear_open_with(&ear, &options);
		ear_feed(&ear, text.bytes, text.length);
		ck_assert_uint_eq(ear.message_count, 1);
		ck_assert_uint_eq(ear.letter_count, 0);
		ck_assert_int_eq(ear.messages[0].clock_off, clocks[i].off);
		ck_assert_int_eq(ear.messages[0].time_ns, RECEIVED_NS + clocks[i].offset_s * S);
		ear_close(&ear);
	}
}
END_TEST

/* The positions of these tests say second 25. */
START_TEST(the_second_of_the_position_corrects_the_time_within_its_bound)
{
	static const struct {
		int64_t received_ms, time_ms;
	} times[] = {
	        {1795324465000, 1795324465000},
	        {1795324465400, 1795324465000},
	        {1795324464900, 1795324465000},
	        {1795324475000, 1795324465000},
	        {1795324455000, 1795324465000},
	        {1795324475001, 1795324475001},
	        {1795324454999, 1795324454999},
	        {1795324495000, 1795324495000},
	        {-34000, -35000},
	};
	struct weir_decoder_options options = {.second_bound_ns = 10 * S};
	struct text text = position_of(MMSI);
	struct ear ear;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		ear_open_with(&ear, &options);
		ear.now_ns = times[i].received_ms * MS;
		ear_feed(&ear, text.bytes, text.length);
		ck_assert_int_eq(ear.messages[0].time_ns, times[i].time_ms * MS);
		ear_close(&ear);
	}
}
END_TEST

START_TEST(dates_are_counted_as_the_calendar_does)
{
	int64_t days = 0;
	time_t seconds = 0;

	for (int year = 1970; year <= 2261; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				struct tm tm;

				if (!is_date(year, month, day))
					continue;
				ck_assert_int_eq(days_of_date(year, month, day), days);
				seconds = days * SECONDS_PER_DAY;
				gmtime_r(&seconds, &tm);
				ck_assert_int_eq(tm.tm_mday, day);
				ck_assert_int_eq(tm.tm_mon + 1, month);
				days++;
			}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wrapping");
	TCase *tcase = tcase_create("wrapping");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, every_wrapping_is_understood, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, no_wrapping_reaches_into_the_next_datagram);
	tcase_add_test(tcase, the_header_of_iec_61162_450_is_passed_over);
	tcase_add_test(tcase, a_datagram_that_its_header_calls_binary_is_counted_and_not_malformed);
	tcase_add_test(tcase, the_message_says_which_wrapping_named_its_station);
	tcase_add_test(tcase, channel_talker_and_kind_are_part_of_the_message);
	tcase_add_test(tcase, offsets_lead_to_the_sentence_with_its_tag_block);
	tcase_add_test(tcase, a_clock_that_lies_is_marked_where_a_bound_is_set);
	tcase_add_test(tcase, the_second_of_the_position_corrects_the_time_within_its_bound);
	tcase_add_test(tcase, dates_are_counted_as_the_calendar_does);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
