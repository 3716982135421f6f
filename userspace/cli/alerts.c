/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir alerts: the alerts of a JetStream stream as lines, each once, also those that came while nobody was
 * looking; and the making of a stream that gathers them from the brokers of other places. What a gateway does
 * at the moment is shown by weir top.
 */
#include <errno.h>
#include <nats/nats.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
#include "publish/bell.h"
#include "publish/link.h"
#include "publish/now.h"
#include "publish/streams.h"

static const char help[] =
        "usage: weir alerts [OPTION...]\n"
        "\n"
        "Prints the alerts that a broker keeps in its stream WEIR_ALERTS, one GeoJSON Feature a line, from\n"
        "the oldest on, and goes on with those to come. Waits for a broker that is away.\n"
        "\n"
        "  -s, --server URL     of the broker (nats://127.0.0.1:4222); more than one is possible\n"
        "      --creds FILE     NATS credentials\n"
        "      --durable NAME   the broker remembers under this name what was printed: the next time only\n"
        "                       newer alerts are. Killed in between, the last ones may come again\n"
        "      --gather DOMAIN  before, where the broker has no stream WEIR_ALERTS: make one that gathers "
        "what\n"
        "                       the streams of that name in other JetStream domains hold, as on a hub whose\n"
        "                       leaf nodes have a broker each; more than one is possible\n"
        "      --seconds N      end after so many seconds\n"
        "      --help           this text\n"
        "      --version        print the version\n";

#define SERVERS_MAX 16
#define DOMAINS_MAX 64
#define PREFIX_SIZE 64
#define BATCH 256
#define LOOK_MS 500
#define RETRY_MS 1000
#define SECOND_NS INT64_C(1000000000)

struct request {
	const char *servers[SERVERS_MAX];
	struct weir_nats_options nats;
	const char *durable;
	const char *domains[DOMAINS_MAX];
	int domain_count;
	double seconds; /* 0: until it is ended */
	/* below: while it runs */
	struct weir_bell bell;
	struct weir_link link;
	jsCtx *js;
	natsSubscription *subscription;
	int64_t end_ns; /* INT64_MAX: never */
	char said[256]; /* the last complaint */
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static bool goes_on(const struct request *request)
{
	return !stopped && weir_steady_ns() < request->end_ns;
}

/* What lasts is said once. */
static void complain(struct request *request, const char *what, const char *why)
{
	char text[sizeof(request->said)];

	snprintf(text, sizeof(text), "%s: %s", what, why);
	if (strcmp(text, request->said) == 0)
		return;
	memcpy(request->said, text, sizeof(text));
	fprintf(stderr, "weir: alerts: %s\n", text);
}

static const char *reason(natsStatus status)
{
	const char *detail = nats_GetLastError(NULL);

	return detail && detail[0] != '\0' ? detail : natsStatus_GetText(status);
}

static void rest(void)
{
	usleep(RETRY_MS * 1000);
}

/* ---- The stream ---- */

static const struct weir_stream_plan *const plan = &weir_stream_plans[WEIR_STREAM_ALERTS];

static natsStatus make_stream(struct request *request)
{
	jsStreamConfig config;
	jsStreamSource sources[DOMAINS_MAX], *pointers[DOMAINS_MAX];
	jsExternalStream externals[DOMAINS_MAX];
	char prefixes[DOMAINS_MAX][PREFIX_SIZE];

	jsStreamConfig_Init(&config);
	config.Name = plan->name;
	config.MaxAge = plan->max_age_ns;
	config.Duplicates = plan->duplicate_window_ns;
	for (int i = 0; i < request->domain_count; i++) {
		jsStreamSource_Init(&sources[i]);
		jsExternalStream_Init(&externals[i]);
		snprintf(prefixes[i], sizeof(prefixes[i]), "$JS.%s.API", request->domains[i]);
		externals[i].APIPrefix = prefixes[i];
		externals[i].DeliverPrefix = ""; /* nats.c 3.4.1 reads it even where it is NULL */
		sources[i].Name = plan->name;
		sources[i].External = &externals[i];
		pointers[i] = &sources[i];
	}
	config.Sources = pointers;
	config.SourcesLen = request->domain_count;
	return js_AddStream(NULL, request->js, &config, NULL, NULL);
}

/* True once the stream is there. */
static bool find_stream(struct request *request)
{
	jsStreamInfo *info = NULL;
	natsStatus status = js_GetStreamInfo(&info, request->js, plan->name, NULL, NULL);

	jsStreamInfo_Destroy(info);
	if (status == NATS_NOT_FOUND && request->domain_count > 0)
		status = make_stream(request);
	if (status == NATS_NOT_FOUND)
		complain(request, plan->name, "the broker has no such stream yet; a gateway makes it");
	else if (status != NATS_OK)
		complain(request, plan->name, reason(status));
	return status == NATS_OK;
}

static bool subscribe(struct request *request)
{
	jsSubOptions options;

	jsSubOptions_Init(&options);
	options.Stream = plan->name;
	options.Config.AckPolicy = js_AckExplicit;
	natsStatus status = js_PullSubscribe(&request->subscription, request->js, plan->subjects,
	                                     request->durable, NULL, &options, NULL);
	if (status != NATS_OK)
		complain(request, "can't subscribe", reason(status));
	return status == NATS_OK;
}

/* ---- What comes ---- */

/* 0, or a negative errno: standard output takes nothing any more. What was not written is not acknowledged.
 */
static int print_batch(natsMsgList *list)
{
	for (int i = 0; i < list->Count; i++) {
		fwrite(natsMsg_GetData(list->Msgs[i]), 1, (size_t)natsMsg_GetDataLength(list->Msgs[i]),
		       stdout);
		putchar('\n');
	}
	if (fflush(stdout) != 0)
		return -errno;
	for (int i = 0; i < list->Count; i++)
		natsMsg_Ack(list->Msgs[i], NULL);
	return 0;
}

static int print_alerts(struct request *request)
{
	while (goes_on(request)) {
		natsMsgList list = {0};
		natsStatus status =
		        natsSubscription_Fetch(&list, request->subscription, BATCH, LOOK_MS, NULL);
		int error = print_batch(&list);

		natsMsgList_Destroy(&list);
		if (error)
			return error;
		if (status != NATS_OK && status != NATS_TIMEOUT) {
			complain(request, "waiting for alerts", reason(status));
			rest();
		} else if (request->said[0] != '\0' && status == NATS_OK) {
			request->said[0] = '\0';
		}
	}
	return 0;
}

/* ---- The course of it ---- */

static void connect_link(struct request *request)
{
	char error[WEIR_LINK_ERROR_MAX];

	weir_link_open(&request->link, weir_steady_ns());
	while (goes_on(request) && !weir_link_up(&request->link)) {
		if (weir_link_news(&request->link, error, sizeof(error)))
			complain(request, request->nats.servers[0], error);
		if (atomic_load(&request->link.closed))
			weir_link_open(&request->link, weir_steady_ns());
		weir_bell_prepare(&request->bell, WEIR_BELL_ASLEEP);
		weir_bell_wait(&request->bell, LOOK_MS);
	}
}

static int watch(struct request *request)
{
	int error = 0;

	connect_link(request);
	if (!goes_on(request))
		return 0;
	natsStatus status = natsConnection_JetStream(&request->js, request->link.connection, NULL);
	if (status != NATS_OK) {
		complain(request, "JetStream", reason(status));
		return -EIO;
	}
	while (goes_on(request) && !find_stream(request))
		rest();
	while (goes_on(request) && !subscribe(request))
		rest();
	if (request->subscription)
		error = print_alerts(request);
	natsSubscription_Destroy(request->subscription);
	jsCtx_Destroy(request->js);
	return error;
}

static int run(struct request *request)
{
	struct sigaction action = {.sa_handler = stop};
	char text[WEIR_LINK_ERROR_MAX];

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	request->end_ns = request->seconds > 0
	                          ? weir_steady_ns() + (int64_t)(request->seconds * (double)SECOND_NS)
	                          : INT64_MAX;
	int error = weir_bell_init(&request->bell);
	if (error) {
		fprintf(stderr, "weir: alerts: %s\n", strerror(-error));
		return WEIR_EXIT_FAILED;
	}
	error = weir_link_init(&request->link, &request->nats, "weir alerts", false, &request->bell, text,
	                       sizeof(text));
	if (error)
		fprintf(stderr, "weir: alerts: nats: %s\n", text);
	else
		error = watch(request);
	weir_link_destroy(&request->link);
	if (error == -EPIPE) /* whoever read it has had enough */
		error = 0;
	if (error && error != -EIO)
		fprintf(stderr, "weir: alerts: standard output: %s\n", strerror(-error));
	return error ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

/* ---- Options ---- */

enum { OPTION_CREDS = 256, OPTION_DURABLE, OPTION_GATHER, OPTION_SECONDS };

static const struct option table[] = {
        {"server", required_argument, NULL, 's'},
        {"creds", required_argument, NULL, OPTION_CREDS},
        {"durable", required_argument, NULL, OPTION_DURABLE},
        {"gather", required_argument, NULL, OPTION_GATHER},
        {"seconds", required_argument, NULL, OPTION_SECONDS},
        WEIR_OPTIONS_END,
};

/* A subject token, which names of consumers and of domains are. */
static bool is_token(const char *word)
{
	return word[0] != '\0' && strlen(word) <= 32 && !strpbrk(word, ".*> \t\r\n");
}

static int take(void *context, int option, char *value)
{
	struct request *request = context;

	switch (option) {
	case 's':
		if (request->nats.server_count == SERVERS_MAX)
			return weir_usage("alerts", "too many servers", value);
		request->servers[request->nats.server_count++] = value;
		return WEIR_EXIT_DONE;
	case OPTION_CREDS:
		request->nats.credentials_file = value;
		return WEIR_EXIT_DONE;
	case OPTION_DURABLE:
		request->durable = value;
		return is_token(value) ? WEIR_EXIT_DONE : weir_usage("alerts", "not a name", value);
	case OPTION_GATHER:
		if (!is_token(value) || request->domain_count == DOMAINS_MAX)
			return weir_usage("alerts", "not a domain, or one too many", value);
		request->domains[request->domain_count++] = value;
		return WEIR_EXIT_DONE;
	default:
		if (!weir_word_number(value, 0.001, 1e9, &request->seconds))
			return weir_usage("alerts", "--seconds wants a number above 0", value);
		return WEIR_EXIT_DONE;
	}
}

static const struct weir_options options = {
        .command = "alerts", .help = help, .letters = ":s:hV", .table = table, .take = take};

int weir_cli_alerts(int argc, char **argv)
{
	static struct request request;
	int status;

	int first = weir_options_read(argc, argv, &options, &request, &status);
	if (first < 0)
		return status;
	if (first < argc)
		return weir_usage("alerts", "unexpected argument", argv[first]);
	if (request.nats.server_count == 0)
		request.servers[request.nats.server_count++] = "nats://127.0.0.1:4222";
	request.nats.servers = request.servers;
	return run(&request);
}
