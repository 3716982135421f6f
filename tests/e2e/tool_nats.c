/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests need of a NATS client, since Debian has none for the command line.
 *
 *     tool_nats -s URL sub SUBJECT       messages as they come, until -n N came or -t SECONDS passed
 *     tool_nats -s URL read STREAM       what is in the stream, from the beginning, then as above
 *     tool_nats -s URL info STREAM       one line: NAME messages=N bytes=N subjects=… storage=…
 *     tool_nats -s URL add STREAM SUBJECT    a stream; -o KEY=VALUE (max_msg_size, memory) as needed
 *     tool_nats -s URL delete STREAM
 *     tool_nats -s URL pub SUBJECT TEXT
 *     tool_nats -s URL request SUBJECT TEXT   prints the reply
 *     tool_nats -s URL put BUCKET KEY=TEXT    a value of a key/value bucket; KEY= deletes it
 *     tool_nats -s URL wait              until the broker answers, -t SECONDS at most
 *
 * A message is a line: SUBJECT, a tab, its headers sorted as NAME=VALUE joined by '|', a tab, the body
 * with what is not printable ASCII as \xHH. -b leaves the headers out; -x prints bodies as hexadecimal.
 * Exit: 0 done, 1 failed or timed out before N came, 2 usage.
 */
#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	const char *url;
	const char *verb;
	const char *subject; /* or stream */
	const char *text;
	long count;     /* 0: without end */
	double seconds; /* 0: without end */
	bool bare;
	bool hex;
	bool memory;
	long max_msg_size;
};

static int fail(const char *what, natsStatus status)
{
	const char *detail = nats_GetLastError(NULL);

	fprintf(stderr, "tool_nats: %s: %s%s%s\n", what, natsStatus_GetText(status),
	        detail != NULL ? ": " : "", detail != NULL ? detail : "");
	return 1;
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void print_headers(natsMsg *message)
{
	const char **keys = NULL;
	int count = 0;

	if (natsMsgHeader_Keys(message, &keys, &count) != NATS_OK)
		return;
	qsort(keys, (size_t)count, sizeof(*keys), compare);
	for (int i = 0; i < count; i++) {
		const char *value = "";
		natsMsgHeader_Get(message, keys[i], &value);
		printf("%s%s=%s", i > 0 ? "|" : "", keys[i], value);
	}
	free(keys);
}

static void print_message(const struct request *request, natsMsg *message)
{
	const unsigned char *body = (const unsigned char *)natsMsg_GetData(message);
	int length = natsMsg_GetDataLength(message);

	printf("%s\t", natsMsg_GetSubject(message));
	if (!request->bare) {
		print_headers(message);
		putchar('\t');
	}
	for (int i = 0; i < length; i++) {
		if (request->hex)
			printf("%02x", body[i]);
		else if (body[i] >= ' ' && body[i] < 0x7f && body[i] != '\\')
			putchar(body[i]);
		else
			printf("\\x%02x", body[i]);
	}
	putchar('\n');
	fflush(stdout);
}

/* Messages until enough came or time is up. */
static int print_messages(const struct request *request, natsSubscription *subscription)
{
	int64_t end_ms = nats_Now() + (int64_t)(request->seconds * 1000);

	for (long count = 0; request->count == 0 || count < request->count; count++) {
		int64_t left_ms = request->seconds > 0 ? end_ms - nats_Now() : 3600000;
		natsMsg *message = NULL;
		natsStatus status = left_ms > 0 ? natsSubscription_NextMsg(&message, subscription, left_ms)
		                                : NATS_TIMEOUT;
		if (status == NATS_TIMEOUT)
			return request->count == 0 ? 0 : 1;
		if (status != NATS_OK)
			return fail("next message", status);
		print_message(request, message);
		natsMsg_Destroy(message);
	}
	return 0;
}

static int subscribe(const struct request *request, natsConnection *connection)
{
	natsSubscription *subscription = NULL;
	natsStatus status = natsConnection_SubscribeSync(&subscription, connection, request->subject);

	if (status == NATS_OK)
		status = natsSubscription_SetPendingLimits(subscription, -1, -1);
	if (status == NATS_OK)
		status = natsConnection_Flush(connection);
	if (status != NATS_OK)
		return fail("subscribe", status);
	fprintf(stderr, "subscribed\n");
	int result = print_messages(request, subscription);
	natsSubscription_Destroy(subscription);
	return result;
}

static int read_stream(const struct request *request, jsCtx *js)
{
	natsSubscription *subscription = NULL;
	jsSubOptions options;
	jsErrCode code = 0;

	jsSubOptions_Init(&options);
	options.Stream = request->subject;
	options.Ordered = true;
	natsStatus status = js_SubscribeSync(&subscription, js, ">", NULL, &options, &code);
	if (status != NATS_OK)
		return fail("read", status);
	int result = print_messages(request, subscription);
	natsSubscription_Destroy(subscription);
	return result;
}

static int show_stream(const struct request *request, jsCtx *js)
{
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus status = js_GetStreamInfo(&info, js, request->subject, NULL, &code);

	if (status != NATS_OK)
		return fail("info", status);
	printf("%s messages=%llu bytes=%llu storage=%s max_age_s=%lld max_bytes=%lld duplicates_s=%lld "
	       "subjects=",
	       info->Config->Name, (unsigned long long)info->State.Msgs,
	       (unsigned long long)info->State.Bytes,
	       info->Config->Storage == js_FileStorage ? "file" : "memory",
	       (long long)info->Config->MaxAge / 1000000000, (long long)info->Config->MaxBytes,
	       (long long)info->Config->Duplicates / 1000000000);
	for (int i = 0; i < info->Config->SubjectsLen; i++)
		printf("%s%s", i > 0 ? "," : "", info->Config->Subjects[i]);
	putchar('\n');
	jsStreamInfo_Destroy(info);
	return 0;
}

static int add_stream(const struct request *request, jsCtx *js)
{
	jsStreamConfig config;
	jsErrCode code = 0;
	const char *subjects[] = {request->text};

	jsStreamConfig_Init(&config);
	config.Name = request->subject;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Storage = request->memory ? js_MemoryStorage : js_FileStorage;
	if (request->max_msg_size > 0)
		config.MaxMsgSize = (int32_t)request->max_msg_size;
	natsStatus status = js_AddStream(NULL, js, &config, NULL, &code);
	return status == NATS_OK ? 0 : fail("add", status);
}

static int send_request(const struct request *request, natsConnection *connection)
{
	natsMsg *reply = NULL;
	int64_t within_ms = request->seconds > 0 ? (int64_t)(request->seconds * 1000) : 2000;
	natsStatus status =
	        natsConnection_RequestString(&reply, connection, request->subject, request->text, within_ms);

	if (status != NATS_OK)
		return fail("request", status);
	print_message(request, reply);
	natsMsg_Destroy(reply);
	return 0;
}

static int publish(const struct request *request, natsConnection *connection)
{
	natsStatus status = natsConnection_PublishString(connection, request->subject, request->text);

	if (status == NATS_OK)
		status = natsConnection_Flush(connection);
	return status == NATS_OK ? 0 : fail("publish", status);
}

static int put_value(const struct request *request, jsCtx *js)
{
	kvStore *store = NULL;
	char *key = strdup(request->text);
	char *value = key != NULL ? strchr(key, '=') : NULL;

	if (value == NULL) {
		free(key);
		return 2;
	}
	*value++ = '\0';
	natsStatus status = js_KeyValue(&store, js, request->subject);
	if (status == NATS_OK)
		status = value[0] != '\0' ? kvStore_PutString(NULL, store, key, value)
		                          : kvStore_Delete(store, key);
	kvStore_Destroy(store);
	free(key);
	return status == NATS_OK ? 0 : fail("put", status);
}

static int run_stream_verb(const struct request *request, natsConnection *connection)
{
	jsCtx *js = NULL;
	jsErrCode code = 0;
	int result = 2;
	natsStatus status = natsConnection_JetStream(&js, connection, NULL);

	if (status != NATS_OK)
		return fail("JetStream", status);
	if (strcmp(request->verb, "read") == 0)
		result = read_stream(request, js);
	else if (strcmp(request->verb, "info") == 0)
		result = show_stream(request, js);
	else if (strcmp(request->verb, "add") == 0 && request->text != NULL)
		result = add_stream(request, js);
	else if (strcmp(request->verb, "put") == 0 && request->text != NULL)
		result = put_value(request, js);
	else if (strcmp(request->verb, "delete") == 0)
		result = js_DeleteStream(js, request->subject, NULL, &code) == NATS_OK ? 0 : 1;
	jsCtx_Destroy(js);
	return result;
}

static int run(const struct request *request, natsConnection *connection)
{
	if (strcmp(request->verb, "wait") == 0)
		return 0;
	if (request->subject == NULL)
		return 2;
	if (strcmp(request->verb, "sub") == 0)
		return subscribe(request, connection);
	if (strcmp(request->verb, "pub") == 0 && request->text != NULL)
		return publish(request, connection);
	if (strcmp(request->verb, "request") == 0 && request->text != NULL)
		return send_request(request, connection);
	return run_stream_verb(request, connection);
}

static bool parse(int argc, char **argv, struct request *request)
{
	int option;

	while ((option = getopt(argc, argv, "s:n:t:bxo:")) != -1) {
		if (option == 's')
			request->url = optarg;
		else if (option == 'n')
			request->count = strtol(optarg, NULL, 10);
		else if (option == 't')
			request->seconds = strtod(optarg, NULL);
		else if (option == 'b')
			request->bare = true;
		else if (option == 'x')
			request->hex = true;
		else if (option == 'o' && strcmp(optarg, "memory") == 0)
			request->memory = true;
		else if (option == 'o' && strncmp(optarg, "max_msg_size=", 13) == 0)
			request->max_msg_size = strtol(optarg + 13, NULL, 10);
		else
			return false;
	}
	request->verb = optind < argc ? argv[optind] : NULL;
	request->subject = optind + 1 < argc ? argv[optind + 1] : NULL;
	request->text = optind + 2 < argc ? argv[optind + 2] : NULL;
	return request->verb != NULL;
}

static natsStatus connect_within(natsConnection **connection, const struct request *request)
{
	int64_t end_ms = nats_Now() + (int64_t)(request->seconds * 1000);
	natsStatus status;

	for (;;) {
		status = natsConnection_ConnectTo(connection, request->url);
		if (status == NATS_OK || strcmp(request->verb, "wait") != 0 || nats_Now() >= end_ms)
			return status;
		nats_Sleep(20);
	}
}

int main(int argc, char **argv)
{
	struct request request = {.url = "nats://127.0.0.1:4222"};
	natsConnection *connection = NULL;

	if (!parse(argc, argv, &request)) {
		fprintf(stderr,
		        "usage: tool_nats [-s URL] [-n N] [-t SECONDS] [-bx] [-o KEY=VALUE] VERB …\n");
		return 2;
	}
	natsStatus status = connect_within(&connection, &request);
	if (status != NATS_OK)
		return fail(request.url, status);
	int result = run(&request, connection);
	natsConnection_Destroy(connection);
	nats_Close();
	return result;
}
