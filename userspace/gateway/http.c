/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The HTTP server: see http.h. Over libmicrohttpd, driven by the owner's poll loop.
 */
#include "gateway/http.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * A scraper or two, a probe, an operator's browser: those need milliseconds. When there are more, whoever has
 * waited longest with its request must go, so that clients that never finish theirs hold up nobody. The
 * library refuses at the limit, and needs a moment to be rid of those that must go.
 */
#define CONNECTIONS_MAX 64
#define CROWD 48
#define PATIENCE_NS INT64_C(10000000000) /* for a request, from its first byte to the end of its answer */

struct client {
	int fd;           /* -1: nobody */
	int64_t since_ns; /* monotonic: when it came, or had its last answer; GONE: it must go */
};

#define GONE INT64_MAX

struct weir_http {
	struct MHD_Daemon *daemon;
	struct client clients[CONNECTIONS_MAX];
	const struct weir_http_page *pages;
	void *context;
};

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, const char *type,
                               char *body, size_t length, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(length, body, mode);

	if (!response) {
		if (mode == MHD_RESPMEM_MUST_FREE)
			free(body);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, char *text)
{
	return respond(connection, status, "text/plain; charset=utf-8", text, strlen(text),
	               MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result show(struct weir_http *http, struct MHD_Connection *connection,
                            const struct weir_http_page *page)
{
	char *body = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&body, &length);

	if (!out)
		return MHD_NO;
	unsigned status = page->write(http->context, out);
	if (fclose(out) != 0) {
		free(body);
		return MHD_NO;
	}
	return respond(connection, status, page->content_type, body, length, MHD_RESPMEM_MUST_FREE);
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
	static char not_found[] = "there is nothing here; try /metrics, /livez, /readyz\n";
	static char not_allowed[] = "only GET and HEAD are possible here\n";
	static int seen;
	struct weir_http *http = context;

	(void)version;
	(void)upload;
	if (!*request) { /* the header only; libmicrohttpd calls again when the request is complete */
		*request = &seen;
		return MHD_YES;
	}
	if (*upload_size > 0) {
		*upload_size = 0; /* read and thrown away */
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, not_allowed);
	for (const struct weir_http_page *page = http->pages; page->path; page++)
		if (strcmp(url, page->path) == 0)
			return show(http, connection, page);
	return refuse(connection, MHD_HTTP_NOT_FOUND, not_found);
}

static socklen_t to_sockaddr(struct sockaddr_storage *out, const struct weir_address *address)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	memset(out, 0, sizeof *out);
	if (memcmp(address->ip, mapped, sizeof mapped) == 0) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)out;
		v4->sin_family = AF_INET;
		v4->sin_port = htons(address->port);
		memcpy(&v4->sin_addr, address->ip + 12, 4);
		return sizeof *v4;
	}
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(address->port);
	memcpy(&v6->sin6_addr, address->ip, 16);
	return sizeof *v6;
}

/* Binding ourselves gives the errno, which libmicrohttpd keeps to itself. */
static int open_socket(const struct weir_address *address)
{
	struct sockaddr_storage name;
	socklen_t length = to_sockaddr(&name, address);
	int fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0)
		return -errno;
	if (name.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
	    bind(fd, (struct sockaddr *)&name, length) != 0 || listen(fd, CONNECTIONS_MAX) != 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* ---- Who must go ---- */

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The library notices, and closes it. */
static void send_away(struct client *client)
{
	shutdown(client->fd, SHUT_RDWR);
	client->since_ns = GONE;
}

static void thin_out(struct weir_http *http)
{
	struct client *oldest = NULL;
	int count = 0;

	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct client *client = &http->clients[i];

		if (client->fd < 0 || client->since_ns == GONE)
			continue;
		count++;
		if (!oldest || client->since_ns < oldest->since_ns)
			oldest = client;
	}
	if (count > CROWD)
		send_away(oldest);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **place,
                          enum MHD_ConnectionNotificationCode code)
{
	struct weir_http *http = context;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*place)
			((struct client *)*place)->fd = -1;
		return;
	}
	for (int i = 0; i < CONNECTIONS_MAX && !*place; i++) {
		if (http->clients[i].fd >= 0)
			continue;
		http->clients[i] = (struct client){
		        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
		        monotonic_ns()};
		*place = &http->clients[i];
	}
	thin_out(http);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code)
{
	struct client *client =
	        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	(void)context;
	(void)request;
	(void)code;
	if (client && client->since_ns != GONE)
		client->since_ns = monotonic_ns();
}

int weir_http_open(struct weir_http **out, const struct weir_endpoint *listen,
                   const struct weir_http_page *pages, void *context)
{
	struct weir_http *http = malloc(sizeof *http);
	int fd = -1;

	if (!http)
		return -ENOMEM;
	*http = (struct weir_http){.pages = pages, .context = context};
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		http->clients[i].fd = -1;
	fd = open_socket(&listen->address);
	if (fd >= 0)
		http->daemon = MHD_start_daemon(
		        MHD_USE_EPOLL, 0, NULL, NULL, answer, http, MHD_OPTION_LISTEN_SOCKET, fd,
		        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_NOTIFY_CONNECTION,
		        on_connection, http, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_END);
	if (fd < 0 || !http->daemon) {
		if (fd >= 0)
			close(fd);
		free(http);
		return fd < 0 ? fd : -ENOMEM;
	}
	*out = http;
	return 0;
}

int weir_http_descriptor(const struct weir_http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int weir_http_timeout(const struct weir_http *http)
{
	MHD_UNSIGNED_LONG_LONG timeout;

	if (MHD_get_timeout(http->daemon, &timeout) != MHD_YES)
		return -1;
	return timeout < INT_MAX ? (int)timeout : INT_MAX;
}

void weir_http_work(struct weir_http *http)
{
	int64_t now_ns = monotonic_ns();

	for (int i = 0; i < CONNECTIONS_MAX; i++) {
		struct client *client = &http->clients[i];

		if (client->fd >= 0 && client->since_ns < now_ns - PATIENCE_NS)
			send_away(client);
	}
	MHD_run(http->daemon);
}

void weir_http_close(struct weir_http *http)
{
	if (!http)
		return;
	MHD_stop_daemon(http->daemon);
	free(http);
}
