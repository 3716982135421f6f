/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Streams: plans, verdicts, and when to ask. See streams.h.
 */
#include "streams.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define DAY_NS (86400 * SECOND_NS)

/*
 * Alerts are limited by age alone: a size-limited stream with thousands of subjects becomes slow once it
 * is full (nats-server before 2.9.16), and each device is a subject. Windows are few, each fence is a
 * subject, and a month of them can be looked back on. Dead letters have eleven subjects a
 * site, and are what an attacker can make large. The windows in which a repetition is recognised are far
 * longer than the server's default of two minutes, because a broker may be away for longer between a
 * message and its repetition; the server keeps the ids of a window in memory.
 */
const struct weir_stream_plan weir_stream_plans[WEIR_STREAMS] = {
        [WEIR_STREAM_ALERTS] = {.name = "WEIR_ALERTS",
                                .subjects = "weir.v1.*.alert.>",
                                .example = ".alert.info.enter.fence.244660000",
                                .max_age_ns = 7 * DAY_NS,
                                .max_bytes = -1,
                                .max_message_bytes = 16 << 10,
                                .duplicate_window_ns = 3600 * SECOND_NS},
        [WEIR_STREAM_WINDOWS] = {.name = "WEIR_WINDOWS",
                                 .subjects = "weir.v1.*.window.*",
                                 .example = ".window.fence",
                                 .max_age_ns = 31 * DAY_NS,
                                 .max_bytes = -1,
                                 .max_message_bytes = 16 << 10,
                                 .duplicate_window_ns = 3600 * SECOND_NS},
        [WEIR_STREAM_LETTERS] = {.name = "WEIR_DLQ",
                                 .subjects = "weir.v1.*.dlq.>",
                                 .example = ".dlq.checksum",
                                 .max_age_ns = 7 * DAY_NS,
                                 .max_bytes = INT64_C(256) << 20,
                                 .max_message_bytes = 65 << 10,
                                 .duplicate_window_ns = 900 * SECOND_NS},
};

/* What a stream's window must be at least, when somebody else has made it: the server's own default. */
#define DUPLICATE_WINDOW_LEAST_NS (120 * SECOND_NS)

/* JetStream's error codes (nats-server, server/errors.json). */
#define ERR_STREAM_NOT_FOUND 10059
#define ERR_NOT_ENABLED 10076
#define ERR_NOT_ENABLED_FOR_ACCOUNT 10039
#define ERR_NAME_IN_USE 10058
#define HTTP_UNAVAILABLE 503

#define EXAMPLE_MAX 96

static const char no_jetstream[] =
        "the broker has no JetStream, or not for this account: add 'jetstream "
        "{}' to its configuration; until then alerts, windows and dead letters wait";

static void rule(struct weir_stream_verdict *verdict, enum weir_stream_state state)
{
	verdict->state = state;
	verdict->reason[0] = '\0';
}

#define refuse(verdict, new_state, ...)                                                                      \
	do {                                                                                                 \
		(verdict)->state = (new_state);                                                              \
		snprintf((verdict)->reason, sizeof((verdict)->reason), __VA_ARGS__);                         \
	} while (0)

bool weir_subject_matches(const char *pattern, const char *subject)
{
	for (;;) {
		size_t wanted = strcspn(pattern, "."), given = strcspn(subject, ".");
		if (wanted == 1 && pattern[0] == '>')
			return given > 0;
		bool any = wanted == 1 && pattern[0] == '*';
		if (!any && (wanted != given || memcmp(pattern, subject, wanted) != 0))
			return false;
		if (pattern[wanted] == '\0' || subject[given] == '\0')
			return pattern[wanted] == subject[given];
		pattern += wanted + 1;
		subject += given + 1;
	}
}

static bool takes(const json_t *subjects, const char *subject)
{
	size_t i;
	json_t *item;

	json_array_foreach(subjects, i,
	                   item) if (json_is_string(item) &&
	                             weir_subject_matches(json_string_value(item), subject)) return true;
	return false;
}

static void judge_error(const struct weir_stream_plan *plan, const json_t *error,
                        struct weir_stream_verdict *verdict)
{
	json_int_t code = json_integer_value(json_object_get(error, "code"));
	json_int_t detail = json_integer_value(json_object_get(error, "err_code"));
	const char *text = json_string_value(json_object_get(error, "description"));

	if (detail == ERR_STREAM_NOT_FOUND)
		rule(verdict, WEIR_STREAM_MISSING);
	else if (detail == ERR_NOT_ENABLED || detail == ERR_NOT_ENABLED_FOR_ACCOUNT)
		refuse(verdict, WEIR_STREAM_NO_JETSTREAM, "%s", no_jetstream);
	else if (detail == ERR_NAME_IN_USE || code == HTTP_UNAVAILABLE)
		/* made by another gateway meanwhile, or a cluster without a leader: ask again */
		refuse(verdict, WEIR_STREAM_UNKNOWN, "stream %s: %s", plan->name, text != NULL ? text : "");
	else
		refuse(verdict, WEIR_STREAM_UNFIT, "stream %s can't be used: %s (error %d)", plan->name,
		       text != NULL ? text : "no description", (int)detail);
}

static void judge_config(const struct weir_stream_plan *plan, const char *site, const json_t *config,
                         struct weir_stream_verdict *verdict)
{
	char example[EXAMPLE_MAX];
	json_int_t most = json_integer_value(json_object_get(config, "max_msg_size"));
	json_int_t window = json_integer_value(json_object_get(config, "duplicate_window"));

	snprintf(example, sizeof(example), "weir.v1.%s%s", site[0] != '\0' ? site : "-", plan->example);
	if (json_object_get(config, "mirror") != NULL)
		refuse(verdict, WEIR_STREAM_UNFIT, "stream %s is a mirror: nothing can be published to it",
		       plan->name);
	else if (!takes(json_object_get(config, "subjects"), example))
		refuse(verdict, WEIR_STREAM_UNFIT, "stream %s does not take %s: add that subject to it",
		       plan->name, plan->subjects);
	else if (json_is_true(json_object_get(config, "sealed")))
		refuse(verdict, WEIR_STREAM_UNFIT, "stream %s is sealed: it takes nothing any more",
		       plan->name);
	else if (json_is_true(json_object_get(config, "no_ack")))
		refuse(verdict, WEIR_STREAM_UNFIT,
		       "stream %s does not acknowledge (no_ack): nobody could know what it has", plan->name);
	else if (most > 0 && most < plan->max_message_bytes)
		refuse(verdict, WEIR_STREAM_UNFIT,
		       "stream %s takes messages of %" JSON_INTEGER_FORMAT " bytes, %" PRId64 " are needed",
		       plan->name, most, plan->max_message_bytes);
	else if (window < DUPLICATE_WINDOW_LEAST_NS)
		refuse(verdict, WEIR_STREAM_UNFIT,
		       "stream %s has a duplicate_window of %" JSON_INTEGER_FORMAT " s, 120 are needed",
		       plan->name, window / SECOND_NS);
	else
		rule(verdict, WEIR_STREAM_FIT);
}

void weir_stream_judge(const struct weir_stream_plan *plan, const char *site, const char *json, size_t length,
                       struct weir_stream_verdict *verdict)
{
	json_t *reply = json_loadb(json, length, 0, NULL);
	const json_t *error = json_object_get(reply, "error");
	const json_t *config = json_object_get(reply, "config");

	if (json_is_object(error))
		judge_error(plan, error, verdict);
	else if (json_is_object(config))
		judge_config(plan, site, config, verdict);
	else
		refuse(verdict, WEIR_STREAM_UNKNOWN, "stream %s: the broker's answer makes no sense",
		       plan->name);
	json_decref(reply);
}

/* ---- When to ask ---- */

#define ANSWER_TIMEOUT_NS (3 * SECOND_NS)
#define RECHECK_NS (5 * SECOND_NS)
#define GIVEN_UP_ASKING 2

void weir_stream_watch_reset(struct weir_stream_watch *watch, int64_t now_ns)
{
	rule(&watch->verdict, WEIR_STREAM_UNKNOWN);
	watch->asked = false;
	watch->unanswered = 0;
	watch->ask_at_ns = now_ns;
}

static void write_request(const struct weir_stream_plan *plan, char *body)
{
	snprintf(body, WEIR_STREAM_REQUEST_MAX,
	         "{\"name\":\"%s\",\"subjects\":[\"%s\"],\"retention\":\"limits\",\"storage\":\"file\","
	         "\"discard\":\"old\",\"max_age\":%" PRId64 ",\"max_bytes\":%" PRId64
	         ",\"duplicate_window\":%" PRId64 ",\"max_consumers\":-1,\"max_msgs\":-1,"
	         "\"max_msg_size\":-1,\"num_replicas\":1}",
	         plan->name, plan->subjects, plan->max_age_ns, plan->max_bytes, plan->duplicate_window_ns);
}

bool weir_stream_watch_due(struct weir_stream_watch *watch, int64_t now_ns,
                           char subject[WEIR_STREAM_SUBJECT_MAX], char body[WEIR_STREAM_REQUEST_MAX])
{
	if (watch->verdict.state == WEIR_STREAM_FIT || now_ns < watch->ask_at_ns)
		return false;
	if (watch->asked)
		watch->unanswered++;
	bool make = watch->verdict.state == WEIR_STREAM_MISSING;
	snprintf(subject, WEIR_STREAM_SUBJECT_MAX, "$JS.API.STREAM.%s.%s", make ? "CREATE" : "INFO",
	         watch->plan->name);
	body[0] = '\0';
	if (make)
		write_request(watch->plan, body);
	watch->asked = true;
	watch->ask_at_ns = now_ns + ANSWER_TIMEOUT_NS;
	return true;
}

bool weir_stream_watch_reply(struct weir_stream_watch *watch, const char *json, size_t length, int64_t now_ns)
{
	struct weir_stream_verdict verdict;

	if (!watch->asked)
		return false; /* an answer to a question of a former connection */
	if (json != NULL)
		weir_stream_judge(watch->plan, watch->site, json, length, &verdict);
	else
		refuse(&verdict, WEIR_STREAM_NO_JETSTREAM, "%s", no_jetstream);
	bool changed =
	        verdict.state != watch->verdict.state || strcmp(verdict.reason, watch->verdict.reason) != 0;
	watch->verdict = verdict;
	watch->asked = false;
	watch->unanswered = 0;
	watch->ask_at_ns = now_ns + (verdict.state == WEIR_STREAM_MISSING   ? 0
	                             : verdict.state == WEIR_STREAM_UNKNOWN ? SECOND_NS
	                                                                    : RECHECK_NS);
	return changed;
}

bool weir_stream_watch_open(const struct weir_stream_watch *watch)
{
	return watch->verdict.state == WEIR_STREAM_FIT ||
	       (watch->verdict.state == WEIR_STREAM_UNKNOWN && watch->unanswered >= GIVEN_UP_ASKING);
}
