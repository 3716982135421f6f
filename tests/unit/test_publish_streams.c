/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the broker says about streams and messages, and what follows from it. The JSON is of
 * nats-server 2.9's form, cut down to what is read and a little more.
 */
#include <stdlib.h>
#include <string.h>

#include "publish/replies.h"
#include "publish/streams.h"
#include "suite.h"

#define SECOND_NS INT64_C(1000000000)

#define CONFIG(rest)                                                                                         \
	"{\"type\":\"io.nats.jetstream.api.v1.stream_info_response\",\"config\":{\"name\":\"WEIR_ALERTS\","  \
	"\"retention\":\"limits\",\"max_age\":0," rest "},\"created\":\"2026-11-22T05:14:25Z\","             \
	"\"state\":{\"messages\":0}}"
#define SUBJECTS "\"subjects\":[\"weir.v1.*.alert.>\"]"
#define WINDOW "\"duplicate_window\":120000000000"
#define ERROR(code, detail, text)                                                                            \
	"{\"type\":\"x\",\"error\":{\"code\":" code ",\"err_code\":" detail ",\"description\":\"" text "\"}" \
	"}"

static const struct {
	const char *name;
	const char *json;
	enum weir_stream_state state;
	const char *reason; /* a part of it */
} verdicts[] = {
        {"ours", CONFIG(SUBJECTS "," WINDOW ",\"max_msg_size\":-1"), WEIR_STREAM_FIT, ""},
        {"for this site alone", CONFIG("\"subjects\":[\"a.b\",\"weir.v1.rtm.>\"]," WINDOW), WEIR_STREAM_FIT,
         ""},
        {"for everything", CONFIG("\"subjects\":[\">\"]," WINDOW), WEIR_STREAM_FIT, ""},
        {"large enough messages", CONFIG(SUBJECTS "," WINDOW ",\"max_msg_size\":16384"), WEIR_STREAM_FIT, ""},
        {"for another site", CONFIG("\"subjects\":[\"weir.v1.ams.alert.>\"]," WINDOW), WEIR_STREAM_UNFIT,
         "does not take weir.v1.*.alert.>"},
        {"too few tokens", CONFIG("\"subjects\":[\"weir.v1.rtm.alert.*\"]," WINDOW), WEIR_STREAM_UNFIT,
         "does not take"},
        {"no subjects", CONFIG(WINDOW), WEIR_STREAM_UNFIT, "does not take"},
        {"a mirror", CONFIG("\"mirror\":{\"name\":\"x\"}," WINDOW), WEIR_STREAM_UNFIT, "is a mirror"},
        {"sealed", CONFIG(SUBJECTS "," WINDOW ",\"sealed\":true"), WEIR_STREAM_UNFIT, "is sealed"},
        {"without acknowledgements", CONFIG(SUBJECTS "," WINDOW ",\"no_ack\":true"), WEIR_STREAM_UNFIT,
         "does not acknowledge"},
        {"too small messages", CONFIG(SUBJECTS "," WINDOW ",\"max_msg_size\":16383"), WEIR_STREAM_UNFIT,
         "takes messages of 16383 bytes, 16384 are needed"},
        {"too short a window", CONFIG(SUBJECTS ",\"duplicate_window\":119000000000"), WEIR_STREAM_UNFIT,
         "duplicate_window of 119 s"},
        {"absent", ERROR("404", "10059", "stream not found"), WEIR_STREAM_MISSING, ""},
        {"no JetStream", ERROR("503", "10076", "JetStream not enabled"), WEIR_STREAM_NO_JETSTREAM,
         "has no JetStream"},
        {"not for the account", ERROR("503", "10039", "JetStream not enabled for account"),
         WEIR_STREAM_NO_JETSTREAM, "not for this account"},
        {"no leader", ERROR("503", "10008", "JetStream system temporarily unavailable"), WEIR_STREAM_UNKNOWN,
         "temporarily unavailable"},
        {"made by another", ERROR("400", "10058", "stream name already in use"), WEIR_STREAM_UNKNOWN,
         "in use"},
        {"subjects overlap", ERROR("400", "10065", "subjects overlap with an existing stream"),
         WEIR_STREAM_UNFIT, "subjects overlap with an existing stream (error 10065)"},
        {"no space", ERROR("500", "10047", "insufficient storage resources available"), WEIR_STREAM_UNFIT,
         "insufficient storage"},
        {"an error without a text", "{\"error\":{}}", WEIR_STREAM_UNFIT, "no description"},
        {"not JSON", "nonsense", WEIR_STREAM_UNKNOWN, "makes no sense"},
        {"nothing", "", WEIR_STREAM_UNKNOWN, "makes no sense"},
        {"another object", "{}", WEIR_STREAM_UNKNOWN, "makes no sense"},
        {"a list", "[1]", WEIR_STREAM_UNKNOWN, "makes no sense"},
};

START_TEST(a_stream_is_judged)
{
	struct weir_stream_verdict verdict;

	weir_stream_judge(&weir_stream_plans[WEIR_STREAM_ALERTS], "rtm", verdicts[_i].json,
	                  strlen(verdicts[_i].json), &verdict);
	ck_assert_msg(verdict.state == verdicts[_i].state, "%s: state %d, %s", verdicts[_i].name,
	              (int)verdict.state, verdict.reason);
	ck_assert_msg(strstr(verdict.reason, verdicts[_i].reason) != NULL, "%s: %s", verdicts[_i].name,
	              verdict.reason);
	ck_assert_int_eq(verdict.reason[0] == '\0', verdicts[_i].reason[0] == '\0');
}
END_TEST

static const struct {
	const char *pattern, *subject;
	bool matches;
} matches[] = {
        {"a.b", "a.b", true},
        {"a.b", "a.c", false},
        {"a.b", "a.b.c", false},
        {"a.b.c", "a.b", false},
        {"a.*", "a.b", true},
        {"a.*", "a", false},
        {"a.*", "a.b.c", false},
        {"*", "a", true},
        {"*.b", "a.b", true},
        {"a.>", "a.b", true},
        {"a.>", "a.b.c", true},
        {"a.>", "a", false},
        {">", "a", true},
        {">", "a.b.c", true},
        {"a*", "ab", false},
        {"a>", "ab", false},
        {"a.*.c", "a.b.c", true},
        {"a.*.c", "a.b.d", false},
        {"ab", "a", false},
        {"a", "ab", false},
        {"weir.v1.*.alert.>", "weir.v1.rtm.alert.info.enter.f.1", true},
        {"weir.v1.*.alert.>", "weir.v1.rtm.dlq.checksum", false},
        {"weir.v1.*.window.*", "weir.v1.rtm.window.maasmond", true},
};

START_TEST(patterns_match_as_in_nats)
{
	ck_assert_msg(weir_subject_matches(matches[_i].pattern, matches[_i].subject) == matches[_i].matches,
	              "%s %s", matches[_i].pattern, matches[_i].subject);
}
END_TEST

/* ---- When to ask ---- */

static struct weir_stream_watch watch;
static char subject[WEIR_STREAM_SUBJECT_MAX], body[WEIR_STREAM_REQUEST_MAX];

static void setup(void)
{
	watch = (struct weir_stream_watch){.plan = &weir_stream_plans[WEIR_STREAM_LETTERS], .site = "rtm"};
	weir_stream_watch_reset(&watch, 1000);
}

static void reply(const char *json, int64_t now_ns)
{
	weir_stream_watch_reply(&watch, json, strlen(json), now_ns);
}

#define FIT "{\"config\":{\"subjects\":[\"weir.v1.*.dlq.>\"],\"duplicate_window\":900000000000}}"

START_TEST(a_stream_that_fits_is_asked_for_once)
{
	ck_assert(!weir_stream_watch_open(&watch));
	ck_assert(!weir_stream_watch_due(&watch, 999, subject, body));
	ck_assert(weir_stream_watch_due(&watch, 1000, subject, body));
	ck_assert_str_eq(subject, "$JS.API.STREAM.INFO.WEIR_DLQ");
	ck_assert_str_eq(body, "");
	ck_assert(!weir_stream_watch_due(&watch, 1001, subject, body));
	reply(FIT, 2000);
	ck_assert(weir_stream_watch_open(&watch));
	ck_assert(!weir_stream_watch_due(&watch, 3600 * SECOND_NS, subject, body));
}
END_TEST

START_TEST(an_absent_stream_is_made_at_once)
{
	ck_assert(weir_stream_watch_due(&watch, 1000, subject, body));
	reply(ERROR("404", "10059", "stream not found"), 2000);
	ck_assert(!weir_stream_watch_open(&watch));
	ck_assert(weir_stream_watch_due(&watch, 2000, subject, body));
	ck_assert_str_eq(subject, "$JS.API.STREAM.CREATE.WEIR_DLQ");
	ck_assert_str_eq(body,
	                 "{\"name\":\"WEIR_DLQ\",\"subjects\":[\"weir.v1.*.dlq.>\"],\"retention\":\"limits\","
	                 "\"storage\":\"file\",\"discard\":\"old\",\"max_age\":604800000000000,\"max_bytes\":"
	                 "268435456,\"duplicate_window\":900000000000,\"max_consumers\":-1,\"max_msgs\":-1,"
	                 "\"max_msg_size\":-1,\"num_replicas\":1}");
	reply(FIT, 3000);
	ck_assert(weir_stream_watch_open(&watch));
}
END_TEST

START_TEST(an_unfit_stream_is_looked_at_again_and_never_made)
{
	ck_assert(weir_stream_watch_due(&watch, 1000, subject, body));
	ck_assert(weir_stream_watch_reply(&watch, "{\"config\":{}}", 13, 2000));
	ck_assert(!weir_stream_watch_open(&watch));
	ck_assert(!weir_stream_watch_due(&watch, 2000 + SECOND_NS, subject, body));
	ck_assert(weir_stream_watch_due(&watch, 2000 + 30 * SECOND_NS, subject, body));
	ck_assert_str_eq(subject, "$JS.API.STREAM.INFO.WEIR_DLQ");
	/* the same again is no news */
	ck_assert(!weir_stream_watch_reply(&watch, "{\"config\":{}}", 13, 2000 + 31 * SECOND_NS));
	ck_assert(weir_stream_watch_due(&watch, 100 * SECOND_NS, subject, body));
	reply(FIT, 101 * SECOND_NS);
	ck_assert(weir_stream_watch_open(&watch));
}
END_TEST

START_TEST(where_nobody_answers_the_acknowledgement_will_tell)
{
	int64_t now_ns = 1000;

	for (int i = 0; i < 3; i++, now_ns += 5 * SECOND_NS) {
		ck_assert_msg(!weir_stream_watch_open(&watch), "after %d questions", i);
		ck_assert(weir_stream_watch_due(&watch, now_ns, subject, body));
	}
	ck_assert(weir_stream_watch_open(&watch));
}
END_TEST

START_TEST(a_broker_without_jetstream_is_not_sent_anything)
{
	ck_assert(weir_stream_watch_due(&watch, 1000, subject, body));
	ck_assert(weir_stream_watch_reply(&watch, NULL, 0, 2000));
	ck_assert_int_eq(watch.verdict.state, WEIR_STREAM_NO_JETSTREAM);
	ck_assert(!weir_stream_watch_open(&watch));
	ck_assert(weir_stream_watch_due(&watch, 60 * SECOND_NS, subject, body));
}
END_TEST

START_TEST(an_answer_from_before_the_connection_was_lost_is_ignored)
{
	ck_assert(weir_stream_watch_due(&watch, 1000, subject, body));
	weir_stream_watch_reset(&watch, 5000);
	ck_assert(!weir_stream_watch_reply(&watch, FIT, strlen(FIT), 6000));
	ck_assert(!weir_stream_watch_open(&watch));
}
END_TEST

/* ---- Acknowledgements ---- */

static const struct {
	const char *json;
	enum weir_reply_kind kind;
	const char *text;
} acks[] = {
        {"{\"stream\":\"WEIR_ALERTS\", \"seq\":1}", WEIR_REPLY_ACKED, NULL},
        {"{\"stream\":\"WEIR_ALERTS\",\"domain\":\"hub\",\"seq\":12345678901}", WEIR_REPLY_ACKED, NULL},
        {"{\"stream\":\"WEIR_ALERTS\", \"seq\":1,\"duplicate\": true}", WEIR_REPLY_DUPLICATE, NULL},
        {"{\"stream\":\"S\",\"seq\":3,\"duplicate\":false}", WEIR_REPLY_ACKED, NULL},
        {"{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"maximum messages "
         "exceeded\"},\"seq\":0}",
         WEIR_REPLY_REFUSED, "maximum messages exceeded (error 10077)"},
        {"{\"error\":{\"code\":400,\"err_code\":10054,\"description\":\"message size exceeds maximum "
         "allowed\"}}",
         WEIR_REPLY_OVERSIZED, "message size exceeds maximum allowed (error 10054)"},
        {"{\"stream\":\"S\",\"seq\":0}", WEIR_REPLY_REFUSED, "the answer is no acknowledgement (error 0)"},
        {"thanks", WEIR_REPLY_REFUSED, "the answer is no acknowledgement (error 0)"},
        {"", WEIR_REPLY_REFUSED, "the answer is no acknowledgement (error 0)"},
};

START_TEST(only_a_sequence_number_is_an_acknowledgement)
{
	struct weir_reply got = {0};

	weir_reply_parse_ack(acks[_i].json, strlen(acks[_i].json), &got);
	ck_assert_msg(got.kind == acks[_i].kind, "%s", acks[_i].json);
	ck_assert_pstr_eq(got.text, acks[_i].text);
	free(got.text);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("streams and acknowledgements");
	TCase *judging = tcase_create("judging"), *watching = tcase_create("watching");

	tcase_add_loop_test(judging, a_stream_is_judged, 0, COUNT(verdicts));
	tcase_add_loop_test(judging, patterns_match_as_in_nats, 0, COUNT(matches));
	tcase_add_loop_test(judging, only_a_sequence_number_is_an_acknowledgement, 0, COUNT(acks));
	tcase_add_checked_fixture(watching, setup, NULL);
	tcase_add_test(watching, a_stream_that_fits_is_asked_for_once);
	tcase_add_test(watching, an_absent_stream_is_made_at_once);
	tcase_add_test(watching, an_unfit_stream_is_looked_at_again_and_never_made);
	tcase_add_test(watching, where_nobody_answers_the_acknowledgement_will_tell);
	tcase_add_test(watching, a_broker_without_jetstream_is_not_sent_anything);
	tcase_add_test(watching, an_answer_from_before_the_connection_was_lost_is_ignored);
	suite_add_tcase(suite, judging);
	suite_add_tcase(suite, watching);
	return suite_main(suite);
}
