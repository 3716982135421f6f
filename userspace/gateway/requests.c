/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests and their answers: see requests.h.
 */
#include "gateway/requests.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gateway/fences_answer.h"
#include "publish/status.h"

/* What a person reads; a wrong file could have a problem in every line. */
#define PROBLEMS_MAX 100

static void answer(struct weir_desk *desk, struct weir_request *request, json_t *json)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;

	json_decref(json);
	if (text)
		weir_publisher_answer(desk->parts->publisher, request, text, strlen(text));
	else
		weir_request_clear(request); /* no memory: the one who asks will time out */
	free(text);
}

static void refuse(struct weir_desk *desk, struct weir_request *request, const char *why)
{
	answer(desk, request, json_pack("{s:b, s:s}", "ok", 0, "error", why));
}

static void answer_status(struct weir_desk *desk, struct weir_request *request)
{
	static char text[WEIR_STATUS_MAX];
	struct weir_snapshot snapshot;

	weir_snapshot_take(&snapshot, &desk->parts->source);
	size_t length = weir_snapshot_status_json(&snapshot, text, sizeof text);
	weir_publisher_answer(desk->parts->publisher, request, text, length);
}

static void answer_fences(struct weir_desk *desk, struct weir_request *request)
{
	answer(desk, request, weir_fences_answer(desk->parts->setup->chart.fences, request->body));
}

/* {"alert_id":"..."}, or the identifier alone. */
static void acknowledge(struct weir_desk *desk, struct weir_request *request)
{
	json_t *body = request->body == NULL ? NULL : json_loads(request->body, 0, NULL);
	const char *named = json_string_value(json_object_get(body, "alert_id"));
	const char *alert_id = named != NULL ? named : request->body;

	if (alert_id == NULL || strlen(alert_id) != WEIR_ALERT_ID_SIZE - 1) {
		refuse(desk, request,
		       "the body must be {\"alert_id\":\"...\"} with the 32 digits of an alert");
	} else {
		int error = weir_worker_acknowledge(desk->parts->worker, alert_id);

		if (error == 0)
			answer(desk, request, json_pack("{s:b}", "ok", 1));
		else if (error == -ENOENT)
			refuse(desk, request, "no alert with this alert_id is raised");
		else
			refuse(desk, request, "the engine is busy; try again");
	}
	json_decref(body);
}

/* The one under way has read its files already, maybe: who asks now waits for the next. */
static void begin_reload(struct weir_desk *desk, struct weir_request *request)
{
	if (desk->waiting_count == WEIR_RELOAD_WAITERS_MAX) {
		refuse(desk, request, "too many wait for a reload; try again");
		return;
	}
	if (!weir_reload_is_busy(desk->reload))
		desk->served_next = desk->waiting_count + 1;
	desk->waiting[desk->waiting_count++] = *request;
	weir_reload_ask(desk->reload);
}

static void serve(struct weir_desk *desk, struct weir_request *request)
{
	static const struct {
		const char *verb;
		void (*serve)(struct weir_desk *desk, struct weir_request *request);
	} verbs[] = {
	        {"status", answer_status},
	        {"fences", answer_fences},
	        {"reload", begin_reload},
	        {"ack", acknowledge},
	};

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(request->verb, verbs[i].verb) == 0) {
			verbs[i].serve(desk, request);
			return;
		}
	}
	refuse(desk, request, "unknown verb; there are status, fences, reload, ack");
}

void weir_desk_work(struct weir_desk *desk)
{
	struct weir_request request;
	uint64_t count;

	if (read(desk->parts->asked_fd, &count, sizeof count) < 0 && errno != EAGAIN)
		weir_log_error("requests: %s", strerror(errno));
	while (weir_publisher_take_request(desk->parts->publisher, &request))
		serve(desk, &request);
}

static json_t *describe_problems(const struct weir_reload_result *result)
{
	json_t *list = json_array();

	for (size_t i = 0; i < result->problems->count && i < PROBLEMS_MAX; i++) {
		const struct weir_problem *problem = &result->problems->items[i];
		json_t *json = json_pack("{s:s, s:s}", "file", problem->file ? problem->file : result->file,
		                         "text", problem->text);

		if (problem->line > 0)
			json_object_set_new(json, "line", json_integer(problem->line));
		if (problem->column > 0)
			json_object_set_new(json, "column", json_integer(problem->column));
		json_array_append_new(list, json);
	}
	return list;
}

static json_t *describe_reload(const struct weir_reload_result *result)
{
	if (result->error)
		return json_pack("{s:b, s:o}", "ok", 0, "problems", describe_problems(result));
	return json_pack("{s:b, s:I, s:I, s:I, s:f, s:s}", "ok", 1, "fences", (json_int_t)result->fences,
	                 "added", (json_int_t)result->added, "gone", (json_int_t)result->gone, "pause_ms",
	                 (double)result->pause_ns / 1e6, "restart", result->restart);
}

void weir_desk_tell_reload(struct weir_desk *desk, const struct weir_reload_result *result)
{
	size_t served = desk->served_next;

	for (size_t i = 0; i < served; i++)
		answer(desk, &desk->waiting[i], describe_reload(result));
	memmove(desk->waiting, desk->waiting + served,
	        (desk->waiting_count - served) * sizeof desk->waiting[0]);
	desk->waiting_count -= served;
	desk->served_next = desk->waiting_count; /* whoever is left waits for the one that begins now */
}

void weir_desk_close(struct weir_desk *desk)
{
	for (size_t i = 0; i < desk->waiting_count; i++)
		weir_request_clear(&desk->waiting[i]);
	desk->waiting_count = desk->served_next = 0;
}
