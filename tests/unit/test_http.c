/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The HTTP server over loopback: pages, refusals, clients that misbehave.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/http.h"

static struct weir_http *http;
static uint16_t port;
static unsigned status = 200;
static char answer[65536];

static unsigned write_hello(void *context, FILE *out)
{
	fprintf(out, "hello %s", (const char *)context);
	return status;
}

static const struct weir_http_page pages[] = {
        {"/hello", "text/plain", write_hello},
        {NULL},
};

static struct weir_endpoint loopback(uint16_t on_port)
{
	struct weir_endpoint endpoint = {.address = {.port = on_port}};

	endpoint.address.ip[10] = endpoint.address.ip[11] = 0xff;
	endpoint.address.ip[12] = 127;
	endpoint.address.ip[15] = 1;
	return endpoint;
}

static struct sockaddr_in name_of(uint16_t of_port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
	                            .sin_port = htons(of_port),
	                            .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
}

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
	struct sockaddr_in name = name_of(0);
	socklen_t size = sizeof name;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, size), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&name, &size), 0);
	close(fd);
	return ntohs(name.sin_port);
}

static void open_http(void)
{
	static char weir[] = "weir";

	for (int tries = 0; tries < 10; tries++) {
		port = free_port();
		struct weir_endpoint endpoint = loopback(port);
		if (weir_http_open(&http, &endpoint, pages, weir) == 0)
			return;
	}
	ck_abort_msg("no free port");
}

static void close_http(void)
{
	weir_http_close(http);
	http = NULL;
	status = 200;
}

static int dial(void)
{
	struct sockaddr_in name = name_of(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert(connect(fd, (struct sockaddr *)&name, sizeof name) == 0 || errno == EINPROGRESS);
	return fd;
}

/* Lets the server work until the connection is closed or nothing happens for a second. */
static void read_answer(int fd)
{
	size_t length = 0;

	for (int idle = 0; idle < 100;) {
		struct pollfd polled[] = {{.fd = weir_http_descriptor(http), .events = POLLIN},
		                          {.fd = fd, .events = POLLIN}};
		idle = poll(polled, 2, 10) == 0 ? idle + 1 : 0;
		weir_http_work(http);
		ssize_t got = recv(fd, answer + length, sizeof answer - 1 - length, 0);
		if (got == 0 || (got < 0 && errno != EAGAIN))
			break;
		length += got > 0 ? (size_t)got : 0;
	}
	answer[length] = '\0';
}

static void ask(const char *request)
{
	struct pollfd writable = {.events = POLLOUT};
	int fd = dial();

	writable.fd = fd;
	ck_assert_int_eq(poll(&writable, 1, 1000), 1);
	ck_assert_int_eq((int)send(fd, request, strlen(request), MSG_NOSIGNAL), (int)strlen(request));
	read_answer(fd);
	close(fd);
}

START_TEST(page_is_made_when_asked_for)
{
	ask("GET /hello HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 200 OK\r\n"));
	ck_assert_ptr_nonnull(strstr(answer, "Content-Type: text/plain\r\n"));
	ck_assert_ptr_nonnull(strstr(answer, "\r\n\r\nhello weir"));
	status = 503;
	ask("GET /hello?x=1 HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 503 Service Unavailable\r\n"));
}
END_TEST

START_TEST(head_has_no_body)
{
	ask("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 200 OK\r\n"));
	ck_assert_ptr_nonnull(strstr(answer, "Content-Length: 10\r\n"));
	ck_assert_ptr_null(strstr(answer, "hello"));
}
END_TEST

START_TEST(other_paths_are_not_found)
{
	ask("GET /etc/passwd HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 404 "));
	ask("GET /hello/../hello HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 404 "));
}
END_TEST

START_TEST(other_methods_are_refused)
{
	ask("POST /hello HTTP/1.0\r\nContent-Length: 4\r\n\r\nabcd");
	ck_assert_ptr_nonnull(strstr(answer, " 405 "));
	ck_assert_ptr_nonnull(strstr(answer, "Allow: GET, HEAD\r\n"));
	ask("DELETE /hello HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 405 "));
}
END_TEST

START_TEST(nonsense_is_refused)
{
	ask("\x16\x03\x01\x02 no HTTP at all\r\n\r\n");
	ck_assert_ptr_null(strstr(answer, " 200 "));
	ask("GET /hello HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 200 OK\r\n"));
}
END_TEST

START_TEST(silent_clients_do_not_hold_up_others)
{
	int silent[20];

	for (int i = 0; i < 20; i++)
		silent[i] = dial();
	ask("GET /hello HTTP/1.0\r\n\r\n");
	ck_assert_ptr_nonnull(strstr(answer, " 200 OK\r\n"));
	for (int i = 0; i < 20; i++)
		close(silent[i]);
}
END_TEST

/* As many as there may be, several times over; each has begun its request and never ends it. */
START_TEST(clients_that_drip_do_not_hold_up_others)
{
	int dripping[256];

	for (int i = 0; i < 256; i++) {
		struct pollfd writable = {.fd = dripping[i] = dial(), .events = POLLOUT};

		for (int tries = 0; tries < 20 && poll(&writable, 1, 5) == 0; tries++)
			weir_http_work(http);
		weir_http_work(http);
		send(dripping[i], "GET /hel", 8, MSG_NOSIGNAL);
		if (i < 60 || i % 20 != 0)
			continue;
		for (int j = 0; j <= i; j++)
			send(dripping[j], "l", 1, MSG_NOSIGNAL);
		ask("GET /hello HTTP/1.0\r\n\r\n");
		ck_assert_msg(strstr(answer, " 200 OK\r\n"), "with %d others: '%s'", i + 1, answer);
	}
	for (int i = 0; i < 256; i++)
		close(dripping[i]);
}
END_TEST

START_TEST(a_connection_may_be_used_again)
{
	struct pollfd writable = {.events = POLLOUT};
	int fd = dial();

	writable.fd = fd;
	ck_assert_int_eq(poll(&writable, 1, 1000), 1);
	for (int i = 0; i < 3; i++) {
		static const char request[] = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

		ck_assert_int_gt((int)send(fd, request, sizeof request - 1, MSG_NOSIGNAL), 0);
		read_answer(fd);
		ck_assert_ptr_nonnull(strstr(answer, "hello weir"));
	}
	close(fd);
}
END_TEST

START_TEST(taken_port_is_told)
{
	struct weir_endpoint endpoint = loopback(port);
	struct weir_http *second = NULL;

	ck_assert_int_eq(weir_http_open(&second, &endpoint, pages, NULL), -EADDRINUSE);
	ck_assert_ptr_null(second);
}
END_TEST

START_TEST(foreign_address_is_told)
{
	struct weir_endpoint endpoint = loopback(port);
	struct weir_http *second = NULL;

	memcpy(endpoint.address.ip + 12, "\xc0\x00\x02\x01", 4); /* 192.0.2.1, for documentation (RFC 5737) */
	ck_assert_int_eq(weir_http_open(&second, &endpoint, pages, NULL), -EADDRNOTAVAIL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("http");
	TCase *cases = tcase_create("http");

	tcase_add_checked_fixture(cases, open_http, close_http);
	tcase_set_timeout(cases, 30);
	tcase_add_test(cases, page_is_made_when_asked_for);
	tcase_add_test(cases, head_has_no_body);
	tcase_add_test(cases, other_paths_are_not_found);
	tcase_add_test(cases, other_methods_are_refused);
	tcase_add_test(cases, nonsense_is_refused);
	tcase_add_test(cases, silent_clients_do_not_hold_up_others);
	tcase_add_test(cases, clients_that_drip_do_not_hold_up_others);
	tcase_add_test(cases, a_connection_may_be_used_again);
	tcase_add_test(cases, taken_port_is_told);
	tcase_add_test(cases, foreign_address_is_told);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
