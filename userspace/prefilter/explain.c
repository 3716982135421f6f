/* SPDX-License-Identifier: BSD-2-Clause */
#include "explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../bpf/judge.h"
#include "../../bpf/senders.h"
#include "admission.h"
#include "gps_name.h"

#define HEADERS (ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH)
#define MTU 1500

struct weir_explainer {
	struct weir_prefilter_shared shared;
	struct window window;
	uint16_t port;
	uint64_t *followed;
	size_t followed_count;
	struct weir_admission *admission; /* NULL: everybody is heard */
	struct name {
		struct weir_gps_sender sender;
		uint64_t device;
	} * names;
	uint32_t name_count;
	uint8_t frame[ETHERNET_LENGTH + MTU];
};

/* Whose the exact keys and the allow-list are that the headers ask for, while they do. */
static _Thread_local const struct weir_explainer *asking;

static int is_followed(__u64 device)
{
	for (size_t i = 0; i < asking->followed_count; i++)
		if (asking->followed[i] == device)
			return 1;
	return 0;
}

static int is_listed(const __u32 ip[4], int is_ipv4)
{
	struct weir_datagram datagram = {.length = 0};

	(void)is_ipv4;
	if (asking->admission == NULL)
		return 1;
	memcpy(datagram.sender.ip, ip, sizeof(datagram.sender.ip));
	return weir_admission_judge(asking->admission, &datagram) == WEIR_SENDER_PASSED;
}

static __u64 find_name(const struct weir_gps_sender *sender)
{
	for (uint32_t i = 0; i < asking->name_count; i++)
		if (memcmp(&asking->names[i].sender, sender, sizeof(*sender)) == 0)
			return asking->names[i].device;
	return 0;
}

static int copy_names(struct weir_explainer *explainer, const struct weir_explainer_options *options)
{
	explainer->names = calloc(options->gps_device_count + 1, sizeof(*explainer->names));
	if (explainer->names == NULL)
		return -ENOMEM;
	explainer->name_count = explainer->shared.named_senders = options->gps_device_count;
	for (uint32_t i = 0; i < options->gps_device_count; i++)
		explainer->names[i].device =
		        weir_gps_name(&explainer->names[i].sender, &options->gps_devices[i]);
	return 0;
}

int weir_explainer_new(struct weir_explainer **out, const struct weir_explainer_options *options)
{
	const struct weir_area_tiles *area = options->area;

	if (options->port_count == 0 || area == NULL || area->tile_count > WEIR_TILES_MAX)
		return -EINVAL;
	struct weir_explainer *explainer = calloc(1, sizeof(*explainer));
	if (explainer == NULL)
		return -ENOMEM;
	memcpy(explainer->shared.areas[0].cells, area->cells, sizeof(area->cells));
	memcpy(explainer->shared.areas[0].tiles, area->tiles, area->tile_count * sizeof(area->tiles[0]));
	for (size_t i = 0; i < options->port_count; i++)
		explainer->shared.ports[weir_port_index(options->ports[i])] = 1;
	explainer->port = options->ports[0];
	if (copy_names(explainer, options) != 0) {
		weir_explainer_free(explainer);
		return -ENOMEM;
	}
	*out = explainer;
	return 0;
}

static frame_context context_of(struct weir_explainer *explainer, const void *frame, size_t length)
{
	native_followed = is_followed;
	native_allowed = is_listed;
	native_named_device = find_name;
	asking = explainer;
	weir_policy.allow = 1;
	return (frame_context){
	        .begin = frame,
	        .end = (const uint8_t *)frame + length,
	        .shared = &explainer->shared,
	        .window = &explainer->window,
	};
}

enum weir_reason weir_explain_frame(struct weir_explainer *explainer, const void *frame, size_t length)
{
	frame_context ctx = context_of(explainer, frame, length);
	__u32 refusal = refuse_sender(&ctx);

	return (enum weir_reason)(refusal != 0 ? refusal : judge_frame(&ctx));
}

bool weir_explain_payload(struct weir_explainer *explainer, const void *frame, size_t length,
                          const uint8_t **payload, size_t *payload_length)
{
	frame_context ctx = context_of(explainer, frame, length);
	__u64 packet = parse_packet(&ctx);

	if (PACKET_REASON(packet) != PACKET_READY)
		return false;
	*payload = (const uint8_t *)frame + PACKET_PAYLOAD(packet);
	*payload_length = PACKET_LENGTH(packet);
	return true;
}

/* As the AIS message would have it, in 1/10,000 minute from 180 W or from 90 S, below `most`. */
static __u32 units(double degrees, int from_deg, __u32 most)
{
	double value = (degrees + from_deg) * WEIR_UNITS_PER_DEGREE + 0.5;

	return value < 0 ? 0 : value >= most ? most - 1 : (__u32)value;
}

/* Where the cell of a bit begins, in a table that begins so many units from zero. */
static double corner_deg(__u32 bit, int32_t begin)
{
	int64_t cell = bit / 64;

	return (double)(cell * WEIR_UNITS_PER_CELL + begin) / WEIR_UNITS_PER_DEGREE;
}

void weir_explain_place(struct weir_explainer *explainer, double longitude_deg, double latitude_deg,
                        struct weir_explained_place *out)
{
	/* 180 E is 180 W. */
	__u32 from_west = longitude_deg >= 180 ? 0 : units(longitude_deg, 180, 2 * LONGITUDE_MAX);
	__u32 from_south = units(latitude_deg, 90, 2 * LATITUDE_MAX);
	__u32 x = area_column(from_west), y = area_row(from_south);

	*out = (struct weir_explained_place){
	        .west_deg = corner_deg(x, WEIR_AREA_WEST),
	        .south_deg = corner_deg(y, WEIR_AREA_SOUTH),
	        .cell = explainer->shared.areas[0].cells[y / 64 * WEIR_AREA_COLUMNS + x / 64],
	        .column = (uint8_t)(x & 63),
	        .row = (uint8_t)(y & 63),
	        .covered = area_covers(&explainer->shared, x, y),
	};
}

int weir_explainer_follow(struct weir_explainer *explainer, uint64_t device)
{
	uint64_t *followed =
	        realloc(explainer->followed, (explainer->followed_count + 1) * sizeof(*followed));
	uint32_t bucket = weir_presence_bucket(device);

	if (followed == NULL)
		return -ENOMEM;
	explainer->followed = followed;
	followed[explainer->followed_count++] = device;
	explainer->shared.presence[bucket / WEIR_PRESENCE_PER_WORD] |= WEIR_PRESENCE_FOLLOWED
	                                                               << weir_presence_shift(bucket);
	return 0;
}

int weir_explainer_allow(struct weir_explainer *explainer, const struct weir_network *networks, size_t count)
{
	const struct weir_admission_options options = {.allow = networks, .allow_count = count};
	struct weir_admission *admission = NULL;

	int error = count > 0 ? weir_admission_new(&admission, &options) : 0;
	if (error != 0)
		return error;
	weir_admission_free(explainer->admission);
	explainer->admission = admission;
	return 0;
}

void weir_explainer_release(struct weir_explainer *explainer)
{
	explainer->shared.hold = explainer->shared.hold_gps = 0;
}

bool weir_explainer_is_held(const struct weir_explainer *explainer)
{
	return (explainer->shared.hold | explainer->shared.hold_gps) != 0;
}

static void put2(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

enum weir_reason weir_explain_datagram(struct weir_explainer *explainer, const void *payload, size_t length)
{
	uint8_t *frame = explainer->frame;
	uint8_t *ip = frame + ETHERNET_LENGTH;
	uint8_t *udp = ip + IPV4_LENGTH;

	if (length > MTU - IPV4_LENGTH - UDP_LENGTH)
		return WEIR_REASON_FRAGMENT;
	memset(frame, 0, HEADERS);
	put2(frame + 12, ETHERTYPE_IPV4);
	ip[0] = 4 << 4 | IPV4_LENGTH / 4;
	put2(ip + 2, IPV4_LENGTH + UDP_LENGTH + length);
	ip[9] = PROTOCOL_UDP;
	put2(udp + 2, explainer->port);
	put2(udp + 4, UDP_LENGTH + length);
	memcpy(udp + UDP_LENGTH, payload, length);
	/* It has no sender that could be on a list. */
	frame_context ctx = context_of(explainer, frame, HEADERS + length);
	return (enum weir_reason)judge_frame(&ctx);
}

void weir_explainer_forget(struct weir_explainer *explainer)
{
	uint64_t *words = (uint64_t *)explainer->shared.presence;

	for (size_t i = 0; i < WEIR_PRESENCE_WORDS; i++)
		words[i] &= 0x1111111111111111 * WEIR_PRESENCE_FOLLOWED;
	explainer->shared.hold = explainer->shared.hold_gps = 0;
}

void weir_explainer_free(struct weir_explainer *explainer)
{
	if (explainer == NULL)
		return;
	free(explainer->followed);
	weir_admission_free(explainer->admission);
	free(explainer->names);
	free(explainer);
}

static const char *const texts[] = {
        [WEIR_REASON_NOT_IP] = "no IP packet, or behind more than two VLAN tags",
        [WEIR_REASON_IP_HEADER] = "a malformed IP header",
        [WEIR_REASON_FRAGMENT] = ("a fragment of an IP packet, or one with too many headers; holds up "
                                  "dropping for some seconds"),
        [WEIR_REASON_NOT_UDP] = "not UDP",
        [WEIR_REASON_UDP_HEADER] = "a UDP length that contradicts the packet",
        [WEIR_REASON_PORT] = "for a port that the gateway does not listen on",
        [WEIR_REASON_UNKNOWN] = "more lines than the kernel looks at; holds up dropping for some seconds",
        [WEIR_REASON_LONG] = "an AIS message that is too long to be judged",
        [WEIR_REASON_HARMLESS] = "malformed, or of a kind that the kernel does not judge",
        [WEIR_REASON_CHECKSUM] = "a checksum that is wrong",
        [WEIR_REASON_PAYLOAD] = "an AIS payload with an illegal character or of an impossible length",
        [WEIR_REASON_TYPE] = "an AIS message that has no position",
        [WEIR_REASON_MULTIPART] = "a part of an AIS message of several sentences",
        [WEIR_REASON_IDENTITY] = "an MMSI of 0 or above 999,999,999",
        [WEIR_REASON_DISTRESS] = "distress: passes wherever it is",
        [WEIR_REASON_NO_POSITION] = "a position that is marked 'not available'",
        [WEIR_REASON_POSITION] = "a position that is out of range",
        [WEIR_REASON_INSIDE] = "inside the area of interest",
        [WEIR_REASON_FOLLOWED] = "outside of the area, of a device that the engine follows",
        [WEIR_REASON_RECENT] = "outside of the area, of a device that was inside a moment ago",
        [WEIR_REASON_HELD] =
                ("outside of the area, a moment after something that was not understood, or came "
                 "in unfiltered"),
        [WEIR_REASON_OBSERVED] = "outside of the area; would be dropped if it were not for observe mode",
        [WEIR_REASON_OBSERVED_NOT_ALLOWED] =
                "from a sender that is not on the allow-list; passes in observe mode",
        [WEIR_REASON_OBSERVED_RATE_LIMITED] =
                "from a sender that sends more than it may; passes in observe mode",
        [WEIR_REASON_NOTHING] = "a line with nothing in it",
        [WEIR_REASON_UNFOLLOWED] = "a GPS sentence without a place, and nobody follows the device",
        [WEIR_REASON_OUTSIDE] = "outside of the area, and nobody follows the device",
        [WEIR_REASON_NOT_ALLOWED] = "from a sender that is not on the allow-list",
        [WEIR_REASON_RATE_LIMITED] = "from a sender that sends more than it may",
};

_Static_assert(sizeof(texts) / sizeof(texts[0]) == WEIR_REASONS, "a text for each reason");

const char *weir_reason_text(enum weir_reason reason)
{
	return (unsigned int)reason < WEIR_REASONS ? texts[reason] : NULL;
}
