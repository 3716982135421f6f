/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of GPS devices. See gps_identity.h.
 */
#include "engine/gps_identity.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/device.h>

#define MMSI_DIGITS 9
#define DIGITS "0123456789"
#define TOKEN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS "-_"

_Static_assert(WEIR_ID_SIZE == WEIR_DEVICE_NAME_WORDS * sizeof(uint64_t), "a name is hashed as a whole");

struct name {
	struct weir_address sender;
	char id[WEIR_ID_SIZE];
};

struct weir_gps_names {
	uint32_t count;
	struct name sorted[];
};

/* By address, then by port. */
static int compare(const struct weir_address *a, const struct weir_address *b)
{
	int order = memcmp(a->ip, b->ip, sizeof(a->ip));

	return order != 0 ? order : (int)a->port - (int)b->port;
}

static int by_sender(const void *a, const void *b)
{
	return compare(&((const struct name *)a)->sender, &((const struct name *)b)->sender);
}

static int to_sender(const void *sender, const void *name)
{
	return compare(sender, &((const struct name *)name)->sender);
}

static bool looks_like_mmsi(const char *id)
{
	return strlen(id) == MMSI_DIGITS && strspn(id, DIGITS) == MMSI_DIGITS;
}

static bool is_id(const char *id)
{
	size_t length = strlen(id);

	return length >= 1 && length < WEIR_ID_SIZE && strspn(id, TOKEN) == length && !looks_like_mmsi(id);
}

int weir_gps_names_new(struct weir_gps_names **out, const struct weir_gps_device *devices, uint32_t count)
{
	if (count > WEIR_GPS_DEVICES_MAX)
		return -EINVAL;
	struct weir_gps_names *names = calloc(1, sizeof(*names) + count * sizeof(names->sorted[0]));

	if (names == NULL)
		return -ENOMEM;
	names->count = count;
	for (uint32_t i = 0; i < count; i++) {
		if (!is_id(devices[i].id))
			goto refused;
		names->sorted[i].sender = devices[i].sender;
		snprintf(names->sorted[i].id, WEIR_ID_SIZE, "%s", devices[i].id);
	}
	if (count > 0)
		qsort(names->sorted, count, sizeof(names->sorted[0]), by_sender);
	for (uint32_t i = 1; i < count; i++)
		if (by_sender(&names->sorted[i - 1], &names->sorted[i]) == 0)
			goto refused;
	*out = names;
	return 0;
refused:
	weir_gps_names_free(names);
	return -EINVAL;
}

void weir_gps_names_free(struct weir_gps_names *names)
{
	free(names);
}

static const struct name *find(const struct weir_gps_names *names, const struct weir_address *sender)
{
	struct weir_address any = *sender;
	const struct name *found =
	        bsearch(sender, names->sorted, names->count, sizeof(names->sorted[0]), to_sender);

	any.port = 0;
	if (found == NULL)
		found = bsearch(&any, names->sorted, names->count, sizeof(names->sorted[0]), to_sender);
	return found;
}

static void take_station(char id[WEIR_ID_SIZE], const char *station)
{
	const char *prefix = looks_like_mmsi(station) ? "gps-" : "";
	size_t length = (size_t)snprintf(id, WEIR_ID_SIZE, "%s", prefix);

	for (; *station != '\0' && length < WEIR_ID_SIZE - 1; station++)
		id[length++] = (char)(strchr(TOKEN, *station) != NULL ? *station : '_');
}

/* Sixteen bytes as 22 characters (RFC 4648, 5, without padding). */
static void append_base64url(char *to, const uint8_t ip[16])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	for (unsigned int bit = 0; bit < 128; bit += 6) {
		unsigned int two = (unsigned int)ip[bit / 8] << 8 | (bit / 8 < 15 ? ip[bit / 8 + 1] : 0u);

		*to++ = digits[two >> (10 - bit % 8) & 63];
	}
	*to = '\0';
}

static void take_address(char id[WEIR_ID_SIZE], const uint8_t ip[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[INET6_ADDRSTRLEN];

	if (memcmp(ip, mapped, sizeof(mapped)) == 0) {
		snprintf(id, WEIR_ID_SIZE, "gps-%u-%u-%u-%u", ip[12], ip[13], ip[14], ip[15]);
		return;
	}
	if (inet_ntop(AF_INET6, ip, text, sizeof(text)) == NULL || strlen(text) + 5 > WEIR_ID_SIZE) {
		snprintf(id, WEIR_ID_SIZE, "gps6-");
		append_base64url(id + 5, ip);
		return;
	}
	for (char *c = text; *c != '\0'; c++)
		if (*c == ':' || *c == '.')
			*c = '-';
	snprintf(id, WEIR_ID_SIZE, "gps-%.27s", text);
}

static uint64_t key_of_name(const char id[WEIR_ID_SIZE])
{
	__u64 words[WEIR_DEVICE_NAME_WORDS];

	memcpy(words, id, sizeof(words));
	return weir_device_of_name(words);
}

/* The name that does not come from the address; false: there is none. */
static bool take_name(char id[WEIR_ID_SIZE], const struct weir_gps_names *names, const char *station,
                      const struct weir_address *sender)
{
	static const uint8_t nobody[16];
	const struct name *name;

	memset(id, 0, WEIR_ID_SIZE);
	if (station[0] != '\0')
		take_station(id, station);
	else if ((name = find(names, sender)) != NULL)
		memcpy(id, name->id, WEIR_ID_SIZE);
	else if (memcmp(sender->ip, nobody, sizeof(nobody)) == 0)
		memcpy(id, "gps", 3);
	return id[0] != '\0';
}

uint64_t weir_gps_device(const struct weir_gps_names *names, const char *station,
                         const struct weir_address *sender)
{
	char id[WEIR_ID_SIZE];
	__u64 address[2];

	if (take_name(id, names, station, sender))
		return key_of_name(id);
	memcpy(address, sender->ip, sizeof(address));
	return weir_device_of_address(address);
}

void weir_gps_identify(struct weir_gps_identity *out, const struct weir_gps_names *names, const char *station,
                       const struct weir_address *sender)
{
	out->device = weir_gps_device(names, station, sender);
	if (!take_name(out->id, names, station, sender))
		take_address(out->id, sender->ip);
}
