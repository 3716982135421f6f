/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A connection by nats.c, with the settings that a gateway needs. See link.h.
 */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * What the library may keep of publishes while it has no connection. 0 would mean its default of 8 MB,
 * and all of it would be delivered on reconnect: positions of a while ago that look like positions of
 * now. One byte makes such a publish fail instead, and a failure is counted.
 */
#define RECONNECT_BUFFER 1

#define PING_INTERVAL_MS 15000 /* two unanswered end a connection: half a minute */
#define PINGS_OUT 2
#define WRITE_DEADLINE_MS 2000 /* without one a publish to a frozen broker blocks for ever */
#define CONNECT_TIMEOUT_MS 2000
#define RECONNECT_WAIT_MS 500
#define RECONNECT_JITTER_MS 500 /* so that the gateways of a coast don't all come at once */
#define RECONNECT_JITTER_TLS_MS 1000
#define IO_BUFFER (64 * 1024)
#define CLOSE_WAIT_MS 5000
#define REOPEN_NS INT64_C(5000000000)

static void note(struct weir_link *link, const char *what, const char *detail)
{
	pthread_mutex_lock(&link->lock);
	snprintf(link->error, sizeof(link->error), "%s%s%s", what, detail != NULL ? ": " : "",
	         detail != NULL ? detail : "");
	pthread_mutex_unlock(&link->lock);
	atomic_store(&link->news, true);
	weir_bell_ring(link->bell, true);
}

static void note_last_error(struct weir_link *link, natsConnection *connection, const char *what)
{
	const char *detail = NULL;

	natsConnection_GetLastError(connection, &detail);
	note(link, what, detail != NULL && detail[0] != '\0' ? detail : NULL);
}

/* ---- Called by the library's threads ---- */

static void on_connected(natsConnection *connection, void *closure)
{
	struct weir_link *link = closure;

	(void)connection;
	atomic_fetch_add(&link->connects, 1);
	atomic_store_explicit(&link->connected, true, memory_order_release);
	weir_bell_ring(link->bell, true);
}

static void on_disconnected(natsConnection *connection, void *closure)
{
	struct weir_link *link = closure;

	atomic_store_explicit(&link->connected, false, memory_order_release);
	note_last_error(link, connection, "connection lost");
}

static void on_closed(natsConnection *connection, void *closure)
{
	struct weir_link *link = closure;

	atomic_store_explicit(&link->connected, false, memory_order_release);
	/*
	 * By now the library's text is "No server available", since it has struck off a server that twice
	 * refused the credentials. What was noted before says more.
	 */
	pthread_mutex_lock(&link->lock);
	bool has_reason = link->error[0] != '\0';
	pthread_mutex_unlock(&link->lock);
	if (!has_reason)
		note_last_error(link, connection, "connection closed");
	atomic_store(&link->closed, true); /* last: from here on the link may be gone */
}

static void on_error(natsConnection *connection, natsSubscription *subscription, natsStatus status,
                     void *closure)
{
	struct weir_link *link = closure;

	(void)subscription;
	note_last_error(link, connection, natsStatus_GetText(status));
}

/* ---- Options ---- */

static natsStatus set_behaviour(struct weir_link *link, const char *name, bool send_asap)
{
	natsOptions *o = link->options;
	natsStatus s = natsOptions_SetName(o, name);

	if (s == NATS_OK)
		s = natsOptions_SetRetryOnFailedConnect(o, true, on_connected, link);
	if (s == NATS_OK)
		s = natsOptions_SetMaxReconnect(o, -1);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectWait(o, RECONNECT_WAIT_MS);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectJitter(o, RECONNECT_JITTER_MS, RECONNECT_JITTER_TLS_MS);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectBufSize(o, RECONNECT_BUFFER);
	if (s == NATS_OK)
		s = natsOptions_SetTimeout(o, CONNECT_TIMEOUT_MS);
	if (s == NATS_OK)
		s = natsOptions_SetPingInterval(o, PING_INTERVAL_MS);
	if (s == NATS_OK)
		s = natsOptions_SetMaxPingsOut(o, PINGS_OUT);
	if (s == NATS_OK)
		s = natsOptions_SetWriteDeadline(o, WRITE_DEADLINE_MS);
	if (s == NATS_OK)
		s = natsOptions_SetIOBufSize(o, IO_BUFFER);
	if (s == NATS_OK)
		s = natsOptions_SetSendAsap(o, send_asap);
	if (s == NATS_OK)
		s = natsOptions_SetDisconnectedCB(o, on_disconnected, link);
	if (s == NATS_OK)
		s = natsOptions_SetReconnectedCB(o, on_connected, link);
	if (s == NATS_OK)
		s = natsOptions_SetClosedCB(o, on_closed, link);
	if (s == NATS_OK)
		s = natsOptions_SetErrorHandler(o, on_error, link);
	return s;
}

/* The library would find out at each attempt, and call it a lost connection. */
static int check_readable(const char *path, char *error, size_t error_size)
{
	if (path == NULL || access(path, R_OK) == 0)
		return 0;
	int code = errno;
	snprintf(error, error_size, "%s: %s", path, strerror(code));
	return code == EACCES ? -EACCES : -EINVAL;
}

static int check_files(const struct weir_nats_options *options, char *error, size_t error_size)
{
	const char *const files[] = {options->credentials_file, options->nkey_seed_file, options->ca_file,
	                             options->certificate_file, options->key_file};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int failure = check_readable(files[i], error, error_size);
		if (failure != 0)
			return failure;
	}
	if ((options->certificate_file == NULL) != (options->key_file == NULL)) {
		snprintf(error, error_size, "a TLS certificate and its key come together");
		return -EINVAL;
	}
	if ((options->nkey == NULL) != (options->nkey_seed_file == NULL)) {
		snprintf(error, error_size, "an nkey and its seed file come together");
		return -EINVAL;
	}
	return 0;
}

static natsStatus set_identity(natsOptions *o, const struct weir_nats_options *options)
{
	natsStatus s = NATS_OK;

	if (options->credentials_file != NULL)
		s = natsOptions_SetUserCredentialsFromFiles(o, options->credentials_file, NULL);
	if (s == NATS_OK && options->nkey != NULL)
		s = natsOptions_SetNKeyFromSeed(o, options->nkey, options->nkey_seed_file);
	if (s == NATS_OK && options->user != NULL)
		s = natsOptions_SetUserInfo(o, options->user, options->password);
	if (s == NATS_OK && options->token != NULL)
		s = natsOptions_SetToken(o, options->token);
	if (s == NATS_OK && (options->ca_file != NULL || options->certificate_file != NULL))
		s = natsOptions_SetSecure(o, true);
	if (s == NATS_OK && options->ca_file != NULL)
		s = natsOptions_LoadCATrustedCertificates(o, options->ca_file);
	if (s == NATS_OK && options->certificate_file != NULL)
		s = natsOptions_LoadCertificatesChain(o, options->certificate_file, options->key_file);
	return s;
}

int weir_link_init(struct weir_link *link, const struct weir_nats_options *options, const char *name,
                   bool send_asap, struct weir_bell *bell, char *error, size_t error_size)
{
	memset(link, 0, sizeof(*link));
	int failure = check_files(options, error, error_size);
	if (failure != 0)
		return failure;
	link->bell = bell;
	natsStatus s = natsOptions_Create(&link->options);
	if (s == NATS_OK)
		s = set_behaviour(link, name, send_asap);
	if (s == NATS_OK)
		s = natsOptions_SetServers(link->options, (const char **)(uintptr_t)options->servers,
		                           (int)options->server_count);
	if (s == NATS_OK)
		s = set_identity(link->options, options);
	if (s != NATS_OK) {
		natsStatus last;
		const char *detail = nats_GetLastError(&last);
		snprintf(error, error_size, "NATS options: %s",
		         detail != NULL ? detail : natsStatus_GetText(s));
		natsOptions_Destroy(link->options);
		link->options = NULL;
		return s == NATS_NO_MEMORY ? -ENOMEM : -EINVAL;
	}
	pthread_mutex_init(&link->lock, NULL);
	return 0;
}

/* ---- The connection ---- */

void weir_link_open(struct weir_link *link, int64_t now_ns)
{
	if (link->connection != NULL) {
		natsConnection_Destroy(link->connection);
		link->connection = NULL;
	}
	atomic_store(&link->closed, false);
	link->retry_at_ns = now_ns + REOPEN_NS;
	natsStatus s = natsConnection_Connect(&link->connection, link->options);
	if (s == NATS_OK) {
		on_connected(link->connection, link);
	} else if (s == NATS_NOT_YET_CONNECTED) {
		note_last_error(link, link->connection, "not connected");
	} else { /* not even begun: without memory, without threads, or refused at once */
		const char *detail = nats_GetLastError(&s);
		note(link, "not connected", detail != NULL ? detail : natsStatus_GetText(s));
		link->connection = NULL;
		atomic_store(&link->closed, true);
	}
}

void weir_link_error(struct weir_link *link, char *error, size_t size)
{
	pthread_mutex_lock(&link->lock);
	snprintf(error, size, "%s", link->error);
	pthread_mutex_unlock(&link->lock);
}

bool weir_link_news(struct weir_link *link, char *error, size_t size)
{
	if (!atomic_exchange(&link->news, false))
		return false;
	weir_link_error(link, error, size);
	return true;
}

natsStatus weir_link_publish(struct weir_link *link, const char *subject, const char *reply,
                             const struct weir_headers *headers, const char *body, size_t length)
{
	if (link->connection == NULL)
		return NATS_CONNECTION_CLOSED;
	if (headers == NULL && reply == NULL)
		return natsConnection_Publish(link->connection, subject, body, (int)length);
	natsMsg *message = NULL;
	natsStatus s = natsMsg_Create(&message, subject, reply, body, (int)length);
	for (size_t i = 0; s == NATS_OK && headers != NULL && i < headers->count; i++)
		s = natsMsgHeader_Set(message, headers->items[i].name, headers->items[i].value);
	if (s == NATS_OK)
		s = natsConnection_PublishMsg(link->connection, message);
	natsMsg_Destroy(message);
	return s;
}

void weir_link_flush(struct weir_link *link, int64_t timeout_ms)
{
	if (link->connection != NULL && weir_link_up(link) && timeout_ms > 0)
		natsConnection_FlushTimeout(link->connection, timeout_ms);
}

void weir_link_destroy(struct weir_link *link)
{
	if (link->options == NULL)
		return;
	if (link->connection != NULL) {
		natsConnection_Close(link->connection);
		/* That it closed is the last thing that its callbacks say; the link must live until then. */
		for (int i = 0; i < CLOSE_WAIT_MS && !atomic_load(&link->closed); i++)
			nats_Sleep(1);
		natsConnection_Destroy(link->connection);
	}
	natsOptions_Destroy(link->options);
	pthread_mutex_destroy(&link->lock);
	memset(link, 0, sizeof(*link));
}
