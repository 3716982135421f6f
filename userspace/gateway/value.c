/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values: see value.h. One reader a type, in a table that the enum indexes.
 */
#include "gateway/value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weir/event.h>
#include <weir/fence.h>

#include "ingest/ingest.h"
#include "prefilter/network.h"

#define STRING_MAX 255
#define TOKEN_MAX 32
#define INTERFACE_MAX 15 /* IFNAMSIZ - 1 */
#define TOKEN_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

static int refuse(struct weir_value_reader *reader, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

static int refuse(struct weir_value_reader *reader, const char *format, ...)
{
	va_list arguments;

	reader->why[0] = ' ';
	va_start(arguments, format);
	vsnprintf(reader->why + 1, sizeof reader->why - 1, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static const char *keep(struct weir_value_reader *reader, const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(weir_block_alloc(reader->memory, size), text, size);
}

static int read_string(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	size_t length = strlen(text);

	(void)key;
	if (length == 0 || length > STRING_MAX)
		return refuse(reader, "must have 1 to %d characters", STRING_MAX);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return refuse(reader, "must not hold control characters");
	*(const char **)out = keep(reader, text);
	return 0;
}

static int read_token(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                      void *out)
{
	size_t length = strlen(text);

	(void)key;
	if (length == 0 || length > TOKEN_MAX || strspn(text, TOKEN_LETTERS) != length)
		return refuse(reader,
		              "must be 1 to %d of the characters A-Z a-z 0-9 _ -: it is part of subjects",
		              TOKEN_MAX);
	*(const char **)out = keep(reader, text);
	return 0;
}

/* A path as it is from here; NULL: the text is none, and the reader says why. */
static const char *path_of(struct weir_value_reader *reader, const struct weir_key *key, const char *text)
{
	const char *directory = text[0] == '/' ? "" : reader->directory;
	size_t size = strlen(directory) + strlen(text) + 1;
	const char *place;

	if (read_string(reader, key, text, &place))
		return NULL;
	char *path = weir_block_alloc(reader->memory, size);
	snprintf(path, size, "%s%s", directory, text);
	return path;
}

static int read_path(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                     void *out)
{
	const char *path = path_of(reader, key, text);

	if (!path)
		return -EINVAL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return refuse(reader, "names %.100s, which can't be opened: %s", path, strerror(errno));
	close(fd);
	*(const char **)out = path;
	return 0;
}

static int read_output(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	const char *path = path_of(reader, key, text);
	struct stat status;

	if (!path)
		return -EINVAL;
	const char *slash = strrchr(path, '/');
	char *directory = strndup(slash ? path : ".", slash ? (size_t)(slash - path) + 1 : 1);
	bool there = directory && stat(directory, &status) == 0 && S_ISDIR(status.st_mode);
	free(directory);
	if (!there)
		return refuse(reader, "names %.100s, whose directory is not there", path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return refuse(reader, "names %.100s, which is not a file", path);
	*(const char **)out = path;
	return 0;
}

static int read_interface(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                          void *out)
{
	size_t length = strlen(text);

	(void)key;
	if (length == 0 || length > INTERFACE_MAX || strpbrk(text, "/: \t\n") || strcmp(text, ".") == 0 ||
	    strcmp(text, "..") == 0)
		return refuse(reader, "must be a network interface's name, 1 to %d characters",
		              INTERFACE_MAX);
	*(const char **)out = keep(reader, text);
	return 0;
}

static bool is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	long port = digits > 0 && digits <= 5 ? strtol(text, NULL, 10) : 0;

	return text[digits] == '\0' && port >= 1 && port <= 65535;
}

/* nats://[user[:password]@]host[:port]. What is wrong is told without the URL: it may hold a password. */
static int read_server(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	const char *host = strstr(text, "://");

	if (!host || (strncmp(text, "nats://", 7) != 0 && strncmp(text, "tls://", 6) != 0))
		return refuse(reader,
		              "must begin with \"nats://\" or \"tls://\", e.g. \"nats://127.0.0.1:4222\"");
	host += 3;
	if (strrchr(host, '@'))
		host = strrchr(host, '@') + 1;
	size_t name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (name > strlen(host) || name == 0 || strpbrk(host, " /?#") || (host[0] == '[' && name < 4))
		return refuse(reader, "has no server name after \"://\", or something behind it; "
		                      "write nats://host:port");
	if (host[name] != '\0' && (host[name] != ':' || !is_port(host + name + 1)))
		return refuse(reader, "has no port from 1 to 65535 after the server's name");
	return read_string(reader, key, text, out);
}

static int read_bool(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                     void *out)
{
	(void)key;
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return refuse(reader, "must be true or false");
	*(bool *)out = text[0] == 't';
	return 0;
}

bool weir_number_parse(const char *text, double *out)
{
	static locale_t c_locale; /* the "C" locale: a configuration means the same everywhere */
	char *end;

	if (strspn(text, "+-.0123456789eE") != strlen(text) || !strpbrk(text, "0123456789"))
		return false;
	if (!c_locale)
		c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double value = strtod_l(text, &end, c_locale);
	if (*end != '\0' || !isfinite(value))
		return false;
	*out = value;
	return true;
}

static int read_ranged(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       double *out)
{
	double value = 0;

	if (!weir_number_parse(text, &value) || value < key->minimum || value > key->maximum)
		return refuse(reader, "must be a number from %.10g to %.10g", key->minimum, key->maximum);
	*out = value;
	return 0;
}

static int read_number(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	return read_ranged(reader, key, text, out);
}

static int read_seconds(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                        void *out)
{
	double seconds = 0;

	int error = read_ranged(reader, key, text, &seconds);
	if (!error)
		*(int64_t *)out = (int64_t)llround(seconds * 1e9);
	return error;
}

static int read_integer(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                        void *out)
{
	double value = 0;

	/* Doubles are exact up to 2^53; no maximum comes near that. */
	if (strspn(text, "0123456789") != strlen(text) || read_ranged(reader, key, text, &value))
		return refuse(reader, "must be a whole number from %.0f to %.0f", key->minimum, key->maximum);
	*(uint64_t *)out = (uint64_t)value;
	return 0;
}

static int read_choice(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	char list[120] = "";

	for (int i = 0; key->choices[i]; i++) {
		if (strcmp(text, key->choices[i]) == 0) {
			*(int *)out = i;
			return 0;
		}
		size_t used = strlen(list);
		snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", key->choices[i]);
	}
	return refuse(reader, "must be one of: %s", list);
}

static int read_endpoint(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                         void *out)
{
	(void)key;
	memcpy(reader->why, ": ", 2);
	return weir_endpoint_parse(out, text, reader->why + 2, sizeof reader->why - 2);
}

static int read_network(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                        void *out)
{
	(void)key;
	memcpy(reader->why, ": ", 2);
	return weir_network_parse(out, text, reader->why + 2, sizeof reader->why - 2);
}

/* What events call a GPS device; nine digits are an MMSI there. */
static int read_device_id(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                          void *out)
{
	size_t length = strlen(text);

	(void)key;
	if (length == 0 || length >= WEIR_ID_SIZE || strspn(text, TOKEN_LETTERS) != length)
		return refuse(reader,
		              "must be 1 to %d of the characters A-Z a-z 0-9 _ -: it is part of subjects",
		              WEIR_ID_SIZE - 1);
	if (length == 9 && strspn(text, "0123456789") == length)
		return refuse(reader, "must not be nine digits: that is what an MMSI looks like");
	*(const char **)out = keep(reader, text);
	return 0;
}

/* An address without its port, with or without the brackets of IPv6. */
static bool read_address(struct weir_address *out, char *text)
{
	size_t length = strlen(text);
	struct in_addr four;

	if (inet_pton(AF_INET, text, &four) == 1) {
		memset(out->ip, 0, sizeof out->ip);
		out->ip[10] = out->ip[11] = 0xff;
		memcpy(out->ip + 12, &four, sizeof four);
		return true;
	}
	if (text[0] == '[' && text[length - 1] == ']') {
		text[length - 1] = '\0';
		text++;
	}
	return inet_pton(AF_INET6, text, out->ip) == 1;
}

/* 192.0.2.7, 192.0.2.7:5000, 2001:db8::7, [2001:db8::7], [2001:db8::7]:5000 */
static int read_sender(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                       void *out)
{
	static const struct weir_address nobody;
	struct weir_address sender = {.port = 0};
	char address[INET6_ADDRSTRLEN + 2];
	const char *colon = strrchr(text, ':');
	size_t length = strlen(text);

	(void)key;
	/* A colon is a port's where it is the only one, or follows the bracket. */
	if (colon && (colon == strchr(text, ':') || (colon > text && colon[-1] == ']'))) {
		if (!is_port(colon + 1))
			return refuse(reader, "has no port from 1 to 65535 behind its address");
		sender.port = (uint16_t)strtoul(colon + 1, NULL, 10);
		length = (size_t)(colon - text);
	}
	if (length == 0 || length >= sizeof address)
		return refuse(reader, "must be an address, e.g. \"192.0.2.7\" or \"[2001:db8::7]:5000\"");
	memcpy(address, text, length);
	address[length] = '\0';
	if (!read_address(&sender, address) || memcmp(sender.ip, nobody.ip, sizeof nobody.ip) == 0)
		return refuse(reader, "must be an address, e.g. \"192.0.2.7\" or \"[2001:db8::7]:5000\"");
	*(struct weir_address *)out = sender;
	return 0;
}

static const struct {
	int (*read)(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
	            void *out);
	size_t size;
	bool plain; /* a quoted scalar is text, hence no number and no bool */
} types[] = {
        [WEIR_KEY_SECTION] = {NULL, 0, false}, /* the key says its size; a mapping, not a scalar */
        [WEIR_KEY_STRING] = {read_string, sizeof(const char *), false},
        [WEIR_KEY_TOKEN] = {read_token, sizeof(const char *), false},
        [WEIR_KEY_PATH] = {read_path, sizeof(const char *), false},
        [WEIR_KEY_OUTPUT] = {read_output, sizeof(const char *), false},
        [WEIR_KEY_INTERFACE] = {read_interface, sizeof(const char *), false},
        [WEIR_KEY_SERVER] = {read_server, sizeof(const char *), false},
        [WEIR_KEY_BOOL] = {read_bool, sizeof(bool), true},
        [WEIR_KEY_INTEGER] = {read_integer, sizeof(uint64_t), true},
        [WEIR_KEY_NUMBER] = {read_number, sizeof(double), true},
        [WEIR_KEY_SECONDS] = {read_seconds, sizeof(int64_t), true},
        [WEIR_KEY_CHOICE] = {read_choice, sizeof(int), false},
        [WEIR_KEY_ENDPOINT] = {read_endpoint, sizeof(struct weir_endpoint), false},
        [WEIR_KEY_SENDER] = {read_sender, sizeof(struct weir_address), false},
        [WEIR_KEY_DEVICE_ID] = {read_device_id, sizeof(const char *), false},
        [WEIR_KEY_NETWORK] = {read_network, sizeof(struct weir_network), false},
        [WEIR_KEY_BOX] = {NULL, sizeof(struct weir_box), false}, /* four numbers, not a scalar */
        [WEIR_KEY_PLACE] = {NULL, 2 * sizeof(double), false},    /* two */
};
_Static_assert(sizeof types / sizeof types[0] == WEIR_KEY_TYPES, "a reader for each type");

size_t weir_value_size(const struct weir_key *key)
{
	return key->type == WEIR_KEY_SECTION ? key->size : types[key->type].size;
}

int weir_value_read(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                    bool plain, void *out)
{
	if (types[key->type].plain && !plain)
		return refuse(reader, "must not be quoted: quotes make it a text");
	return types[key->type].read(reader, key, text, out);
}
