/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests by NATS. See requests.h.
 */
#include "requests.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS_MAX (sizeof(((struct weir_requests *)0)->answers) / sizeof(struct weir_answer))

void weir_requests_init(struct weir_requests *requests, const struct weir_publisher_options *options,
                        struct weir_bell *bell)
{
	memset(requests, 0, sizeof(*requests));
	pthread_mutex_init(&requests->lock, NULL);
	requests->bell = bell;
	requests->context = options->context;
	requests->arrived = options->request_arrived;
	requests->made = true;
}

void weir_requests_destroy(struct weir_requests *requests)
{
	struct weir_request request;
	struct weir_answer answer;

	if (!requests->made)
		return;
	while (weir_requests_take(requests, &request))
		weir_request_clear(&request);
	while (weir_requests_take_answer(requests, &answer))
		weir_answer_clear(&answer);
	pthread_mutex_destroy(&requests->lock);
	requests->made = false;
}

void weir_request_clear(struct weir_request *request)
{
	free(request->reply);
	free(request->body);
	*request = (struct weir_request){0};
}

void weir_answer_clear(struct weir_answer *answer)
{
	free(answer->reply);
	free(answer->body);
	*answer = (struct weir_answer){0};
}

/* What is asked for: the last token of the subject. */
static const char *verb_of(const char *subject)
{
	const char *dot = strrchr(subject, '.');

	return dot != NULL ? dot + 1 : subject;
}

/* NULL where nobody waits for an answer, or memory is short: the one who asks will find out by a time-out. */
static bool copy_request(natsMsg *message, struct weir_request *out)
{
	const char *reply = natsMsg_GetReply(message);
	const char *verb = verb_of(natsMsg_GetSubject(message));
	size_t length = (size_t)natsMsg_GetDataLength(message);

	if (reply == NULL || reply[0] == '\0')
		return false;
	struct weir_request request = {
	        .reply = strdup(reply),
	        .body = calloc(1, length + 1),
	        .length = length,
	};
	if (request.reply == NULL || request.body == NULL || strlen(verb) >= sizeof(request.verb)) {
		weir_request_clear(&request);
		return false;
	}
	memcpy(request.verb, verb, strlen(verb) + 1);
	if (length > 0)
		memcpy(request.body, natsMsg_GetData(message), length);
	*out = request;
	return true;
}

static bool put(struct weir_requests *requests, const struct weir_request *request)
{
	pthread_mutex_lock(&requests->lock);
	bool room = requests->waiting_count < WEIR_REQUESTS_MAX;
	if (room)
		requests->waiting[(requests->waiting_first + requests->waiting_count++) % WEIR_REQUESTS_MAX] =
		        *request;
	pthread_mutex_unlock(&requests->lock);
	return room;
}

static void refuse(struct weir_requests *requests, struct weir_request *request, const char *json)
{
	weir_requests_answer(requests, request, json, strlen(json));
}

void weir_requests_on_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                              void *closure)
{
	struct weir_requests *requests = closure;
	struct weir_request request;

	(void)connection;
	(void)subscription;
	if (copy_request(message, &request)) {
		if (request.length > WEIR_REQUEST_BODY_MAX)
			refuse(requests, &request, "{\"ok\":false,\"error\":\"the request is too long\"}");
		else if (put(requests, &request))
			requests->arrived(requests->context);
		else
			refuse(requests, &request,
			       "{\"ok\":false,\"error\":\"too many requests wait; try again\"}");
	}
	natsMsg_Destroy(message);
}

bool weir_requests_take(struct weir_requests *requests, struct weir_request *out)
{
	pthread_mutex_lock(&requests->lock);
	bool any = requests->waiting_count > 0;
	if (any) {
		*out = requests->waiting[requests->waiting_first];
		requests->waiting_first = (requests->waiting_first + 1) % WEIR_REQUESTS_MAX;
		requests->waiting_count--;
	}
	pthread_mutex_unlock(&requests->lock);
	return any;
}

void weir_requests_answer(struct weir_requests *requests, struct weir_request *request, const char *json,
                          size_t length)
{
	struct weir_answer answer = {.reply = request->reply, .body = malloc(length + 1), .length = length};
	bool room = false;

	request->reply = NULL; /* it is the answer's now */
	weir_request_clear(request);
	if (answer.body != NULL) {
		memcpy(answer.body, json, length);
		answer.body[length] = '\0';
		pthread_mutex_lock(&requests->lock);
		room = requests->answer_count < ANSWERS_MAX;
		if (room)
			requests->answers[(requests->answer_first + requests->answer_count++) % ANSWERS_MAX] =
			        answer;
		pthread_mutex_unlock(&requests->lock);
	}
	if (!room)
		weir_answer_clear(&answer);
	weir_bell_ring(requests->bell, true);
}

bool weir_requests_take_answer(struct weir_requests *requests, struct weir_answer *out)
{
	pthread_mutex_lock(&requests->lock);
	bool any = requests->answer_count > 0;
	if (any) {
		*out = requests->answers[requests->answer_first];
		requests->answer_first = (requests->answer_first + 1) % ANSWERS_MAX;
		requests->answer_count--;
	}
	pthread_mutex_unlock(&requests->lock);
	return any;
}
