/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS sentences in the kernel, one at a time: every byte value at every place of each kind and of the TAG
 * block before it, and what receivers write. What is dropped the engine must ignore; whom the engine follows
 * the kernel must have marked; and of a device that it follows, everything must pass.
 */
#include "suite.h"

#include <weir/device.h>

#include "frames.h"
#include "rig.h"
#include "witness.h"

#define START_NS INT64_C(1700000000000000000)

static struct witness witness;
static struct weir_area *area;
static uint8_t frame[4096];
static uint64_t dropped, followed, last_followed;

static uint64_t marks_of(uint64_t device)
{
	uint32_t bucket = weir_presence_bucket(device);

	return rig.shared->presence[bucket / WEIR_PRESENCE_PER_WORD] >> weir_presence_shift(bucket) |
	       rig.shared->hold | rig.shared->hold_gps;
}

static void check_marked(uint64_t device, bool begins)
{
	if (!begins)
		return;
	followed++;
	last_followed = device;
	ck_assert_msg(marks_of(device) & WEIR_PRESENCE_EPOCHS, "followed and not marked");
}

static void open_engine(void)
{
	static const struct weir_gps_device names[] = {
	        {.sender = {{[10] = 0xff, 0xff, 10, 0, 2, 1}, FRAME_SOURCE_PORT}, .id = "truck-2"},
	        {.sender = {{[10] = 0xff, 0xff, 10, 0, 3, 1}, 0}, .id = "truck-3"}};

	ck_assert_int_eq(witness_open(&witness, &(struct weir_engine_options){.area = area,
	                                                                      .max_devices = 64,
	                                                                      .gps_devices = names,
	                                                                      .gps_device_count = 2,
	                                                                      .decoder = {.fixes = true}}),
	                 0);
	witness.follow = check_marked;
}

static void feed(const struct shape *shape, const char *bytes, uint32_t length)
{
	struct weir_datagram datagram = {
	        .bytes = (const uint8_t *)bytes, .length = length, .received_ns = START_NS};

	frame_source(datagram.sender.ip, shape);
	datagram.sender.port = FRAME_SOURCE_PORT;
	weir_engine_feed(witness.engine, &datagram);
}

/* What the kernel says of a device that the engine has an eye on. */
static int judge_followed(const struct shape *shape, const char *bytes, uint32_t length)
{
	uint32_t bucket = weir_presence_bucket(last_followed);
	uint32_t word = bucket / WEIR_PRESENCE_PER_WORD;

	rig_forget();
	rig.shared->presence[word] |= WEIR_PRESENCE_FOLLOWED << weir_presence_shift(bucket);
	rig.native->presence[word] = rig.shared->presence[word];
	rig.shared->overflow = rig.native->overflow = 1; /* the bucket alone decides */
	int reason = rig_judge(frame, make_frame(frame, shape, bytes, length));
	rig.shared->overflow = rig.native->overflow = 0;
	return reason;
}

/* One datagram through everything. Returns its reason. */
static int judge_from(const struct shape *shape, const char *bytes, uint32_t length)
{
	rig_forget();
	int reason = rig_judge(frame, make_frame(frame, shape, bytes, length));
	struct trace before = witness_trace(&witness);
	uint64_t followed_before = followed;

	ck_assert_int_ge(reason, 0);
	feed(shape, bytes, length);
	if (reason >= WEIR_REASON_DROPS) {
		dropped++;
		ck_assert_msg(was_ignored(before, witness_trace(&witness)), "dropped, and not ignored: %.*s",
		              (int)length, bytes);
	}
	weir_engine_flush(witness.engine); /* completes the fix */
	if (followed != followed_before) {
		witness_close(&witness);
		open_engine();
		reason = judge_followed(shape, bytes, length);
		ck_assert_msg(reason >= 0 && reason < WEIR_REASON_DROPS, "followed and dropped: %.*s",
		              (int)length, bytes);
	}
	return reason;
}

static int judge(const char *bytes, uint32_t length)
{
	return judge_from(&(struct shape){.ip = 4}, bytes, length);
}

static uint32_t put_sentence(char *out, const char *body)
{
	return (uint32_t)sprintf(out, "%s*%02X\r\n", body, xor_of(body + 1, strlen(body) - 1));
}

static void set_up(void)
{
	static struct weir_area_tiles tiles;
	static const struct weir_box box = {4, 51, 5, 52};

	ck_assert_int_eq(weir_area_new(&area, &box, 1, NULL), 0);
	ck_assert_int_eq(weir_area_tiles(area, &tiles), 0);
	memcpy(rig.shared->areas[0].cells, tiles.cells, sizeof(tiles.cells));
	memcpy(rig.shared->areas[0].tiles, tiles.tiles, sizeof(tiles.tiles));
	RIG_COPY(areas[0]);
	open_engine();
	dropped = followed = 0;
}

static void tear_down(void)
{
	witness_close(&witness);
	weir_area_free(area);
}

#define OUT "4717.11437,N,00833.91522,E"
#define IN "5130.11437,N,00433.91522,E"

static const struct {
	const char *sentence;
	enum weir_reason reason;
} sentences[] = {
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,A", WEIR_REASON_OUTSIDE},
        {"$GNRMC,083559,A," OUT ",,,310123,3.1,E", WEIR_REASON_OUTSIDE},
        {"$GPRMC,,A," OUT ",0.004,77.52,,,,A,V", WEIR_REASON_OUTSIDE},
        {"$GPRMC,083559.00,A," IN ",0.004,77.52,091202,,,A", WEIR_REASON_INSIDE},
        {"$GPRMC,083559.00,V," OUT ",0.004,77.52,091202,,,A", WEIR_REASON_NO_POSITION},
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,N", WEIR_REASON_NO_POSITION},
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,S", WEIR_REASON_NO_POSITION},
        {"$GPRMC,083559.00,A," OUT ",0.004,360.1,091202,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A," OUT ",-1,77.52,091202,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A," OUT ",1,77.52,310223,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A," OUT ",1,77.52,290224,,,A", WEIR_REASON_OUTSIDE},
        {"$GPRMC,243559.00,A," OUT ",1,77.52,290224,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A,4760.11437,N,00833.91522,E,1,77.52,290224,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A,9000.00001,N,00833.91522,E,1,77.52,290224,,,A", WEIR_REASON_POSITION},
        {"$GPRMC,083559.00,A,9000.0000,N,00833.91522,E,1,77.52,290224,,,A", WEIR_REASON_OUTSIDE},
        {"$GPRMC,083559.00,A,9000,S,18000.0,E,1,77.52,290224,,,A", WEIR_REASON_OUTSIDE},
        {"$GPRMC,083559.00,A,4717.1,N,18000.00001,E,1,77.52,290224,,,A", WEIR_REASON_POSITION},
        {"$GPRMC,083559.00,A,4717.1,N,18000.00001,W,1,77.52,290224,,,A", WEIR_REASON_POSITION},
        {"$GPRMC,083559.00,A,4717.1,S,17959.99999,W,1,77.52,290224,,,A", WEIR_REASON_OUTSIDE},
        {"$GPRMC,083559.00,A,5130.1,N,433.9,E,1,77.52,290224,,,A", WEIR_REASON_HARMLESS},
        {"$GPGGA,083559.00," OUT ",1,08,1.01,499.6,M,48.0,M,,", WEIR_REASON_OUTSIDE},
        {"$GPGGA,083559.00," OUT ",4,12,0.5,-2.25,M,48.0,M,1.0,0000", WEIR_REASON_OUTSIDE},
        {"$GPGGA,083559.00," IN ",1,08,1.01,499.6,M,48.0,M,,", WEIR_REASON_INSIDE},
        {"$GPGGA,083559.00," OUT ",0,00,,,M,,M,,", WEIR_REASON_NO_POSITION},
        {"$GPGGA,083559.00,,,,,0,00,,,M,,M,,", WEIR_REASON_NO_POSITION},
        {"$GPGGA,083559.00," OUT ",8,08,1.01,499.6,M,48.0,M,,", WEIR_REASON_NO_POSITION},
        {"$GPGLL," OUT ",083559.00,A,A", WEIR_REASON_OUTSIDE},
        {"$GPGLL," OUT ",083559.00", WEIR_REASON_OUTSIDE},
        {"$GPGLL," IN ",083559.00,A,A", WEIR_REASON_INSIDE},
        {"$GPGLL,,,,,083559.00,V,N", WEIR_REASON_NO_POSITION},
        {"$GNGNS,083559.00," OUT ",AAN,12,0.9,2.5,45.0,,,V", WEIR_REASON_OUTSIDE},
        {"$GNGNS,083559.00," OUT ",NN,12,0.9,2.5,45.0,,", WEIR_REASON_NO_POSITION},
        {"$GNGNS,083559.00," IN ",NA,12,0.9,2.5,45.0,,", WEIR_REASON_INSIDE},
        {"$GPVTG,86.2,T,86.2,M,152.6,N,282.7,K,D", WEIR_REASON_UNFOLLOWED},
        {"$GPVTG,,T,,M,,N,,K", WEIR_REASON_UNFOLLOWED},
        {"$GPZDA,083559.00,31,12,2026,00,00", WEIR_REASON_UNFOLLOWED},
        {"$GPZDA,083559.00,,,,,", WEIR_REASON_UNFOLLOWED},
        {"$GPZDA,083559.00,31,11,2026,00,00", WEIR_REASON_HARMLESS},
        {"$HEHDT,359.9,T", WEIR_REASON_UNFOLLOWED},
        {"$PGRMC,083559.00,A," OUT ",0.004,77.52,091202,,,A", WEIR_REASON_HARMLESS},
        {"$G-RMC,083559.00,A," OUT ",0.004,77.52,091202,,,A", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,", WEIR_REASON_OUTSIDE},
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,", WEIR_REASON_HARMLESS},
        {"$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,A,V,x", WEIR_REASON_HARMLESS},
};

#define SENTENCES (int)(sizeof(sentences) / sizeof(sentences[0]))

START_TEST(what_receivers_write_is_judged)
{
	char text[300];
	int reason = judge(text, put_sentence(text, sentences[_i].sentence));

	/* What the engine follows from is judged again, of a device that it follows. */
	ck_assert_msg(reason == (int)sentences[_i].reason, "%s: %d", sentences[_i].sentence, reason);
}
END_TEST

/* Each byte becomes each value, with the checksum that it has and with the one that would be right. */
START_TEST(every_byte_at_every_place)
{
	char text[300], changed[300];
	uint32_t length = put_sentence(text, sentences[_i].sentence);

	for (uint32_t at = 0; at < length; at++) {
		for (unsigned int value = 0; value < 256; value++) {
			memcpy(changed, text, length);
			changed[at] = (char)value;
			judge(changed, length);
			mend_checksum(changed, length);
			judge(changed, length);
		}
	}
}
END_TEST

/* Each byte is left out, or doubled. */
START_TEST(a_byte_more_or_less_at_every_place)
{
	char text[300], changed[300];
	uint32_t length = put_sentence(text, sentences[_i].sentence);

	for (uint32_t at = 1; at < length - 5; at++) {
		memcpy(changed, text, at);
		memcpy(changed + at, text + at + 1, length - at - 1);
		mend_checksum(changed, length - 1);
		judge(changed, length - 1);
		memcpy(changed, text, at);
		memcpy(changed + at, text + at - 1, length - at + 1);
		mend_checksum(changed, length + 1);
		judge(changed, length + 1);
	}
}
END_TEST

static const char *const tag_bodies[] = {"s:rtm,c:1700000000",
                                         "c:1700000000,s:a.longer name!",
                                         "s:244660000,n:42",
                                         "c:1700000000",
                                         "g:1-2-33,s:x",
                                         "s:fifteen-letters-and-more,d:x,c:1",
                                         "s:,c:1700000000",
                                         "s:a,s:b",
                                         "1G2:33,s:x",
                                         "c:1700000000123",
                                         "n:1"};

START_TEST(every_byte_of_a_tag_block_names_the_same_device)
{
	static const char *const places[] = {IN, OUT};
	char text[400], changed[400], body[200];

	for (int place = 0; place < (_i < 3 ? 2 : 1); place++) {
		snprintf(body, sizeof(body), "$GPGLL,%s,083559.00,A,A", places[place]);
		uint32_t tag = (uint32_t)snprintf(text, sizeof(text), "\\%s*%02X\\", tag_bodies[_i],
		                                  xor_of(tag_bodies[_i], strlen(tag_bodies[_i])));
		uint32_t length = tag + put_sentence(text + tag, body);

		for (uint32_t at = 0; at < tag; at++) {
			for (unsigned int value = 0; value < 256; value++) {
				memcpy(changed, text, length);
				changed[at] = (char)value;
				mend_checksum(changed, tag);
				judge(changed, length);
			}
		}
	}
	ck_assert_uint_gt(followed, 1000);
}
END_TEST

START_TEST(a_device_is_known_by_its_sender)
{
	static const struct shape shapes[] = {{.ip = 4, .sender = 1},
	                                      {.ip = 4, .sender = 2},
	                                      {.ip = 4, .sender = 3},
	                                      {.ip = 6, .sender = 2},
	                                      {.ip = 4, .sender = 2, .tags = 2, .header_words = 7}};
	char text[300];

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		uint64_t before = followed;

		judge_from(&shapes[i], text,
		           put_sentence(text, "$GPRMC,083559.00,A," IN ",0.004,77.52,091202,,,A"));
		ck_assert_uint_eq(followed, before + 1);
		uint32_t length = put_sentence(text, "$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,A");
		ck_assert_int_eq(judge_followed(&shapes[i], text, length), WEIR_REASON_FOLLOWED);
		ck_assert_int_eq(judge_followed(&(struct shape){.ip = 4, .sender = 99}, text, length),
		                 WEIR_REASON_OUTSIDE);
	}
}
END_TEST

/* Around the corners of the area, with up to nine decimals. */
START_TEST(a_place_a_hair_inside_is_never_outside)
{
	static const int64_t corners[2][2] = {{4 * 60, 51 * 60}, {5 * 60, 52 * 60}};
	const int64_t minute = 1000000000;
	char text[300], body[200];

	for (int i = 0; i < 100000; i++) {
		uint64_t chance = (uint64_t)i * 0x9e3779b97f4a7c15;
		int64_t spread = 1 + (int64_t)((chance >> 8) % 9) * (chance & 1 ? 1 : 300000);
		int decimals = 4 + (int)(chance >> 20) % 6;
		int64_t east = corners[chance >> 4 & 1][0] * minute +
		               (int64_t)((chance >> 24) % (2 * (uint64_t)spread)) - spread;
		int64_t north = corners[chance >> 5 & 1][1] * minute +
		                (int64_t)((chance >> 40) % (2 * (uint64_t)spread)) - spread;

		snprintf(body, sizeof(body), "$GPGLL,%02ld%02ld.%.*s%09ld", north / minute / 60,
		         north / minute % 60, 0, "", north % minute);
		body[strlen("$GPGLL,ddmm.") + (size_t)decimals] = '\0';
		size_t length = strlen(body);
		snprintf(body + length, sizeof(body) - length, ",N,%03ld%02ld.%09ld", east / minute / 60,
		         east / minute % 60, east % minute);
		body[length + strlen(",N,dddmm.") + (size_t)decimals] = '\0';
		length = strlen(body);
		snprintf(body + length, sizeof(body) - length, ",E,083559.00,A,A");
		judge(text, put_sentence(text, body));
	}
	ck_assert_uint_gt(dropped, 1000);
	ck_assert_uint_gt(followed, 1000);
}
END_TEST

/* The sentences of an epoch in one datagram, as bursts come. */
START_TEST(several_sentences_are_judged_together)
{
	static const struct {
		const char *lines[6];
		enum weir_reason reason;
	} bursts[] = {
	        {{"$GPRMC,083559,A," OUT ",0.0,77.5,091202,,,A",
	          "$GPGGA,083559," OUT ",1,08,1.0,499.6,M,48.0,M,,", "$GPVTG,86.2,T,,M,152.6,N,282.7,K,D"},
	         WEIR_REASON_OUTSIDE},
	        {{"$GPVTG,86.2,T,,M,152.6,N,282.7,K,D", "$GPGSV,1,1,01,40,292,19",
	          "$GPRMC,083559,A," OUT ",0.0,77.5,091202,,,A", "$GPZDA,083559,09,12,2002,00,00"},
	         WEIR_REASON_OUTSIDE},
	        {{"$GPGSA,A,3,05,07,,,,,,,,,,,1.2,0.9,0.8", "$PUBX,00,1"}, WEIR_REASON_HARMLESS},
	        {{"$GPVTG,86.2,T,,M,152.6,N,282.7,K,D", "$HEHDT,1.5,T"}, WEIR_REASON_UNFOLLOWED},
	        {{"$GPRMC,083559,A," OUT ",0.0,77.5,091202,,,A",
	          "$GPGGA,083559," IN ",1,08,1.0,499.6,M,48.0,M,,"},
	         WEIR_REASON_INSIDE},
	        {{"$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B",
	          "$GPRMC,083559,A," OUT ",0.0,77.5,091202,,,A"},
	         WEIR_REASON_HARMLESS},
	};

	for (size_t i = 0; i < sizeof(bursts) / sizeof(bursts[0]); i++) {
		char text[1000];
		uint32_t length = 0;

		for (int line = 0; line < 6 && bursts[i].lines[line] != NULL; line++)
			length += put_sentence(text + length, bursts[i].lines[line]);
		rig_forget();
		int reason = rig_judge(frame, make_plain_frame(frame, text, length));
		ck_assert_msg(reason == (int)bursts[i].reason, "%zu: %d", i, reason);
		judge(text, length);
	}
}
END_TEST

START_TEST(a_sentence_of_an_unknown_device_holds_up_the_dropping_of_gps_alone)
{
	char text[300], ship[300];
	struct payload payload;
	uint32_t length = put_sentence(text, "$GPRMC,083559.00,A," IN ",0.004,77.52,091202,,,A");

	length = (uint32_t)sprintf(text + length - 2, ",r003669945\r\n") + length - 2;
	judge(text, length);
	rig_forget();
	ck_assert_int_eq(rig_judge(frame, make_plain_frame(frame, text, length)), WEIR_REASON_HARMLESS);
	ck_assert_uint_ne(rig.shared->hold_gps, 0);
	length = put_sentence(text, "$GPRMC,083559.00,A," OUT ",0.004,77.52,091202,,,A");
	ck_assert_int_eq(rig_judge(frame, make_plain_frame(frame, text, length)), WEIR_REASON_HELD);
	make_report(&payload, 168, 1, 244660000, 6000000, 6000000);
	length = make_sentence(ship, sizeof(ship), "!AIVDM,1,1,,A,", &payload, "\r\n");
	ck_assert_int_eq(rig_judge(frame, make_plain_frame(frame, ship, length)), WEIR_REASON_OUTSIDE);
}
END_TEST

static __u64 look_up_name(const struct weir_gps_sender *sender)
{
	__u64 device;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_gps_names), sender, &device) == 0
	               ? device
	               : 0;
}

static void name_senders(void)
{
	static const struct {
		uint8_t third;
		uint16_t port;
		char id[32];
	} names[] = {{2, FRAME_SOURCE_PORT, "truck-2"}, {3, 0, "truck-3"}};

	for (size_t i = 0; i < 2; i++) {
		const uint8_t ip[16] = {[10] = 0xff, 0xff, 10, 0, names[i].third, 1};
		struct weir_gps_sender sender = {.port = names[i].port};
		__u64 words[WEIR_DEVICE_NAME_WORDS];

		memcpy(sender.ip, ip, sizeof(ip));
		memcpy(words, names[i].id, sizeof(words));
		__u64 device = weir_device_of_name(words);
		bpf_map_update_elem(bpf_map__fd(rig.kernel->maps.weir_gps_names), &sender, &device, BPF_ANY);
	}
	rig.shared->named_senders = rig.native->named_senders = 2;
	native_named_device = look_up_name;
}

int main(void)
{
	Suite *suite = suite_create("gps_sentences");
	TCase *gps = tcase_create("gps"), *exhaustive = tcase_create("exhaustive");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	name_senders();
	tcase_add_checked_fixture(gps, set_up, tear_down);
	tcase_set_timeout(gps, 300);
	tcase_add_checked_fixture(exhaustive, set_up, tear_down);
	tcase_set_timeout(exhaustive, 300);
	tcase_set_tags(exhaustive, "exhaustive"); /* CK_EXCLUDE_TAGS leaves them out where time is short */
	tcase_add_loop_test(gps, what_receivers_write_is_judged, 0, SENTENCES);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place, 0, 1);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place, 3, 4);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place, 20, 21);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place, 22, 23);
	tcase_add_loop_test(exhaustive, a_byte_more_or_less_at_every_place, 0, SENTENCES);
	tcase_add_loop_test(exhaustive, every_byte_of_a_tag_block_names_the_same_device, 0,
	                    (int)(sizeof(tag_bodies) / sizeof(tag_bodies[0])));
	tcase_add_test(gps, a_device_is_known_by_its_sender);
	tcase_add_test(exhaustive, a_place_a_hair_inside_is_never_outside);
	tcase_add_test(gps, several_sentences_are_judged_together);
	tcase_add_test(gps, a_sentence_of_an_unknown_device_holds_up_the_dropping_of_gps_alone);
	suite_add_tcase(suite, gps);
	suite_add_tcase(suite, exhaustive);
	int status = suite_main(suite);
	rig_close();
	return status;
}
