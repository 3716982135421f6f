/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir top: what a gateway does, live: its alerts as they reach a NATS subscriber, and the counters of its
 * stages from its status subject. Asks the gateway for nothing and needs no right but to subscribe.
 */
#include <errno.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/problem.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/top_alert.h"
#include "cli/top_status.h"
#include "cli/top_view.h"
#include "cli/words.h"
#include "gateway/config.h"
#include "gateway/setup.h"
#include "publish/bell.h"
#include "publish/link.h"
#include "publish/now.h"

static const char help[] =
        "usage: weir top [OPTION...]\n"
        "\n"
        "Shows what a gateway does: alerts as they come, and the counters of its stages with their rates.\n"
        "On a terminal the counters stay at the bottom, as many as fit, and alerts have the colour of their\n"
        "severity unless NO_COLOR is set; else all is lines, and what matters of the counters is one each "
        "10 s.\n"
        "\n"
        "  -c, --config FILE     servers, credentials and site from a gateway's configuration\n"
        "  -s, --server URL      of the broker (nats://127.0.0.1:4222); more than one is possible\n"
        "      --site SITE       which gateway (any: the first one that is heard)\n"
        "      --creds FILE      NATS credentials\n"
        "      --once            print the next status and end; 1 when none comes within 10 s\n"
        "      --seconds N       end after so many seconds\n"
        "      --plain           lines, even on a terminal\n"
        "      --help            this text\n"
        "      --version         print the version\n";

#define SERVERS_MAX 16
#define ONCE_SECONDS 10
#define LOOK_MS 200
#define COMPACT_NS                                                                                           \
	INT64_C(9500000000) /* a line of counters each 10 s; statuses come every 2 s, some late              \
	                     */
#define SUBJECT_SIZE 96

struct top {
	const char *site;
	const char *config_file;
	const char *servers[SERVERS_MAX];
	struct weir_nats_options nats;
	struct weir_config *config;
	double seconds; /* 0: until it is ended */
	bool once;
	bool plain;
	/* below: while it runs */
	struct weir_bell bell;
	struct weir_link link;
	natsSubscription *subscriptions[2];
	pthread_mutex_t lock; /* of what follows: the library has a thread for each subscription */
	struct weir_top_status status;
	struct weir_top_view view;
	uint64_t statuses;
	int64_t compact_ns; /* when the last line of counters was written; 0: never */
	char date[12];      /* of the last alert */
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* ---- What comes ---- */

/* The date is said where it changes; alerts of an archive are of its days. */
static void show_alert(struct top *top, const struct weir_top_alert *alert)
{
	char line[WEIR_TOP_LINE_MAX];

	if (alert->date[0] != '\0' && strcmp(alert->date, top->date) != 0) {
		memcpy(top->date, alert->date, sizeof(top->date));
		snprintf(line, sizeof(line), "%s UTC", alert->date);
		weir_top_view_line(&top->view, WEIR_TOP_FAINT, line);
	}
	weir_top_view_line(&top->view, alert->tone, alert->line);
}

static void on_alert(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                     void *closure)
{
	struct top *top = closure;
	struct weir_top_alert alert;

	(void)connection;
	(void)subscription;
	if (!top->once &&
	    weir_top_alert_read(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message), &alert)) {
		pthread_mutex_lock(&top->lock);
		show_alert(top, &alert);
		pthread_mutex_unlock(&top->lock);
	}
	natsMsg_Destroy(message);
}

/* Of several gateways one is shown: the first one that was heard. */
static bool is_ours(const struct top *top, const char *subject)
{
	const char *site = weir_top_status_site(&top->status);
	char expected[SUBJECT_SIZE];

	if (top->statuses == 0)
		return true;
	snprintf(expected, sizeof(expected), "weir.v1.%s.status", site[0] != '\0' ? site : "-");
	return strcmp(subject, expected) == 0;
}

static void show_compact(struct top *top)
{
	char line[WEIR_TOP_LINE_MAX];

	if (top->compact_ns != 0 && top->status.now_ns - top->compact_ns < COMPACT_NS)
		return;
	top->compact_ns = top->status.now_ns;
	weir_top_status_compact(&top->status, line);
	weir_top_view_line(&top->view, WEIR_TOP_PLAIN, line);
}

static void show_status(struct top *top)
{
	static char lines[WEIR_TOP_LINES][WEIR_TOP_LINE_MAX];
	size_t columns = top->once ? WEIR_TOP_WIDE : weir_top_view_columns(&top->view);

	if (!top->once && !top->view.is_terminal) {
		show_compact(top);
		return;
	}
	size_t count = weir_top_status_lines(&top->status, columns, lines);
	if (!top->once) {
		weir_top_view_footer(&top->view, lines, count);
		return;
	}
	for (size_t i = 0; i < count && top->statuses == 1; i++)
		puts(lines[i]);
}

static void on_status(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                      void *closure)
{
	struct top *top = closure;

	(void)connection;
	(void)subscription;
	pthread_mutex_lock(&top->lock);
	if (is_ours(top, natsMsg_GetSubject(message)) &&
	    weir_top_status_take(&top->status, natsMsg_GetData(message),
	                         (size_t)natsMsg_GetDataLength(message), weir_steady_ns())) {
		top->statuses++;
		show_status(top);
	}
	pthread_mutex_unlock(&top->lock);
	natsMsg_Destroy(message);
	weir_bell_ring(&top->bell, true);
}

/* ---- From start to end ---- */

static natsStatus subscribe(struct top *top)
{
	char subject[SUBJECT_SIZE];

	snprintf(subject, sizeof(subject), "weir.v1.%s.alert.>", top->site);
	natsStatus status = natsConnection_Subscribe(&top->subscriptions[0], top->link.connection, subject,
	                                             on_alert, top);
	snprintf(subject, sizeof(subject), "weir.v1.%s.status", top->site);
	if (status == NATS_OK)
		status = natsConnection_Subscribe(&top->subscriptions[1], top->link.connection, subject,
		                                  on_status, top);
	return status;
}

static void unsubscribe(struct top *top)
{
	for (size_t i = 0; i < 2; i++) {
		natsSubscription_Destroy(top->subscriptions[i]);
		top->subscriptions[i] = NULL;
	}
}

/* Begins anew too, where the library has given up. */
static int connect_link(struct top *top)
{
	unsubscribe(top);
	weir_link_open(&top->link, weir_steady_ns());
	if (top->link.connection == NULL)
		return 0; /* tried again */
	natsStatus status = subscribe(top);
	if (status == NATS_OK)
		return 0;
	fprintf(stderr, "weir: top: can't subscribe: %s\n", natsStatus_GetText(status));
	return -EIO;
}

static void say_news(struct top *top)
{
	char error[WEIR_LINK_ERROR_MAX], line[WEIR_TOP_LINE_MAX];

	if (!weir_link_news(&top->link, error, sizeof(error)))
		return;
	snprintf(line, sizeof(line), "nats: %s: %s; trying again", top->nats.servers[0], error);
	if (top->once) {
		fprintf(stderr, "weir: top: %s\n", line);
		return;
	}
	pthread_mutex_lock(&top->lock);
	weir_top_view_line(&top->view, WEIR_TOP_FAINT, line);
	pthread_mutex_unlock(&top->lock);
}

static void follow_terminal(struct top *top)
{
	pthread_mutex_lock(&top->lock);
	if (weir_top_view_is_resized(&top->view))
		show_status(top);
	pthread_mutex_unlock(&top->lock);
}

static bool is_done(struct top *top, int64_t start_ns)
{
	double elapsed_s = (double)(weir_steady_ns() - start_ns) / 1e9;
	bool done = stopped != 0 || (top->seconds > 0 && elapsed_s >= top->seconds);

	pthread_mutex_lock(&top->lock);
	if (top->once && top->statuses > 0)
		done = true;
	if (ferror(stdout) != 0) /* whoever read has gone */
		done = true;
	pthread_mutex_unlock(&top->lock);
	return done;
}

static int watch(struct top *top)
{
	int64_t start_ns = weir_steady_ns();

	if (connect_link(top) != 0)
		return WEIR_EXIT_FAILED;
	while (!is_done(top, start_ns)) {
		weir_bell_prepare(&top->bell, WEIR_BELL_ASLEEP);
		weir_bell_wait(&top->bell, LOOK_MS);
		say_news(top);
		follow_terminal(top);
		if (atomic_load(&top->link.closed) && weir_steady_ns() >= top->link.retry_at_ns &&
		    connect_link(top) != 0)
			return WEIR_EXIT_FAILED;
	}
	if (!top->once || top->statuses > 0)
		return WEIR_EXIT_DONE;
	fprintf(stderr, "weir: top: no status of site '%s' came from %s: is `weir run` connected to it?\n",
	        top->site, top->nats.servers[0]);
	return WEIR_EXIT_FAILED;
}

static int run(struct top *top)
{
	struct sigaction action = {.sa_handler = stop};
	char error[WEIR_LINK_ERROR_MAX];

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	int failure = weir_bell_init(&top->bell);
	if (failure != 0) {
		fprintf(stderr, "weir: top: %s\n", strerror(-failure));
		return WEIR_EXIT_FAILED;
	}
	pthread_mutex_init(&top->lock, NULL);
	weir_top_view_open(&top->view, stdout, top->plain);
	int result = WEIR_EXIT_FAILED;
	failure = weir_link_init(&top->link, &top->nats, "weir top", false, &top->bell, error, sizeof(error));
	if (failure != 0)
		fprintf(stderr, "weir: top: nats: %s\n", error);
	else
		result = watch(top);
	weir_link_destroy(&top->link); /* ends the library's calls to us */
	unsubscribe(top);
	pthread_mutex_lock(&top->lock); /* a last call may be under way */
	weir_top_view_close(&top->view);
	weir_top_status_clear(&top->status);
	pthread_mutex_unlock(&top->lock);
	return result;
}

/* ---- Options ---- */

static int take_config(struct top *top)
{
	struct weir_problems problems = {0};
	int error = weir_config_load(&top->config, top->config_file, &problems);
	bool is_bad = error != 0 || problems.count > 0;

	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (is_bad)
		return WEIR_EXIT_CONFIG;
	const struct weir_config *config = top->config;
	if (config->nats.server_count == 0) {
		fprintf(stderr, "weir: top: %s has no nats: section: such a gateway has no subscribers\n",
		        top->config_file);
		return WEIR_EXIT_CONFIG;
	}
	if (top->nats.server_count == 0)
		top->nats = weir_config_nats(config);
	if (top->site == NULL)
		top->site = config->site;
	return WEIR_EXIT_DONE;
}

static int complete(struct top *top)
{
	if (top->config_file != NULL) {
		int result = take_config(top);
		if (result != WEIR_EXIT_DONE)
			return result;
	}
	if (top->nats.server_count == 0) {
		top->servers[0] = "nats://127.0.0.1:4222";
		top->nats.server_count = 1;
	}
	if (top->nats.servers == NULL)
		top->nats.servers = top->servers;
	if (top->site == NULL)
		top->site = "*";
	if (top->once && top->seconds <= 0)
		top->seconds = ONCE_SECONDS;
	return WEIR_EXIT_DONE;
}

enum { OPTION_SITE = 256, OPTION_CREDS, OPTION_ONCE, OPTION_SECONDS, OPTION_PLAIN };

static const struct option table[] = {
        {"config", required_argument, NULL, 'c'},       {"server", required_argument, NULL, 's'},
        {"site", required_argument, NULL, OPTION_SITE}, {"creds", required_argument, NULL, OPTION_CREDS},
        {"once", no_argument, NULL, OPTION_ONCE},       {"seconds", required_argument, NULL, OPTION_SECONDS},
        {"plain", no_argument, NULL, OPTION_PLAIN},     WEIR_OPTIONS_END,
};

static int take_option(void *context, int option, char *value)
{
	struct top *top = context;

	switch (option) {
	case 'c':
		top->config_file = value;
		return WEIR_EXIT_DONE;
	case 's':
		if (top->nats.server_count == SERVERS_MAX)
			return weir_usage("top", "too many servers", value);
		top->servers[top->nats.server_count++] = value;
		top->nats.servers = top->servers;
		return WEIR_EXIT_DONE;
	case OPTION_SITE:
		if (value[0] == '\0' || strpbrk(value, ".*> \t") != NULL || strlen(value) > 32)
			return weir_usage("top", "not a site", value);
		top->site = value;
		return WEIR_EXIT_DONE;
	case OPTION_CREDS:
		top->nats.credentials_file = value;
		return WEIR_EXIT_DONE;
	case OPTION_ONCE:
		top->once = true;
		return WEIR_EXIT_DONE;
	case OPTION_SECONDS:
		if (!weir_word_number(value, 0.001, 1e9, &top->seconds))
			return weir_usage("top", "--seconds wants a number above 0", value);
		return WEIR_EXIT_DONE;
	case OPTION_PLAIN:
	default:
		top->plain = true;
		return WEIR_EXIT_DONE;
	}
}

static const struct weir_options options = {
        .command = "top", .help = help, .letters = ":c:s:hV", .table = table, .take = take_option};

int weir_cli_top(int argc, char **argv)
{
	static struct top top;
	int result = WEIR_EXIT_DONE;

	int first = weir_options_read(argc, argv, &options, &top, &result);
	if (first < 0)
		return result;
	if (result == WEIR_EXIT_DONE && first < argc)
		result = weir_usage("top", "unexpected argument", argv[first]);
	if (result == WEIR_EXIT_DONE)
		result = complete(&top);
	if (result == WEIR_EXIT_DONE)
		result = run(&top);
	weir_config_free(top.config);
	return result;
}
