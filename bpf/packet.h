/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the first byte of a frame to the payload of a UDP datagram for one of our ports.
 *
 * Ethernet with up to two VLAN tags, IPv4 with options, IPv6 with a few extension headers. Never looks at
 * checksums: what the stack would throw away may be thrown away here as well, or pass.
 */
#ifndef WEIR_BPF_PACKET_H
#define WEIR_BPF_PACKET_H

#include "frame.h"

#define ETHERNET_LENGTH 14
#define VLAN_LENGTH 4
#define IPV4_LENGTH 20
#define IPV6_LENGTH 40
#define UDP_LENGTH 8
#define IP_AT_MAX (ETHERNET_LENGTH + 2 * VLAN_LENGTH) /* where an IP header may begin at the latest */

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_VLAN 0x8100    /* IEEE 802.1Q */
#define ETHERTYPE_SERVICE 0x88a8 /* IEEE 802.1ad, the outer of two */
#define PROTOCOL_UDP 17
#define PROTOCOL_FRAGMENT 44 /* RFC 8200, 4.5 */
#define PROTOCOL_AUTHENTICATION 51

#define MORE_FRAGMENTS_OR_OFFSET 0x3fff /* RFC 791: not the reserved bit, not 'do not fragment' */

/*
 * What comes of a packet: a reason to pass, or where the payload is, counted from the first byte of the
 * frame, and how long.
 */
#define PACKET_READY WEIR_REASONS /* no reason yet: go on */
#define PACKET(reason, payload, length) ((__u64)(length) << 32 | (__u64)(payload) << 8 | (__u64)(reason))
#define PACKET_REASON(packet) ((__u32)(packet)&0xff)
#define PACKET_PAYLOAD(packet) ((__u32)(packet) >> 8)
#define PACKET_LENGTH(packet) ((__u32)((packet) >> 32))

/* The port as it is loaded, in network byte order. */
static __always_inline int is_our_port(const struct weir_prefilter_shared *shared, __u32 port)
{
	return shared->ports[port & 0xffff];
}

/*
 * The plain case, at fixed places: IPv4 right after the addresses, no options, no fragment, UDP, and both
 * lengths below 256, so that they may be compared in network byte order. The caller has made sure of 42
 * bytes. What is not plain is not wrong.
 */
static __always_inline int is_plain_packet(const __u8 *frame)
{
	/* Ethertype, version and header length; flags and offset, (time to live), protocol. */
	return (load4(frame + 12) & 0x00ffffff) == 0x00450008 &&
	       (load4(frame + 20) & 0xff00ff3f) == (__u32)PROTOCOL_UDP << 24 &&
	       load2(frame + 16) == load2(frame + 38) + (IPV4_LENGTH << 8);
}

/* The UDP header at `at`, with `room` bytes of the IP packet from there on. */
static __always_inline __u64 parse_udp(const struct weir_prefilter_shared *shared, const __u8 *frame,
                                       const __u8 *end, __u32 at, __u32 room)
{
	const __u8 *udp = frame + at;

	if (udp + UDP_LENGTH > end)
		return WEIR_REASON_UDP_HEADER;
	if (!is_our_port(shared, load2(udp + 2)))
		return WEIR_REASON_PORT;
	__u32 length = load2_be(udp + 4);
	if (length < UDP_LENGTH || length > room || at + length > (__u32)(end - frame))
		return WEIR_REASON_UDP_HEADER;
	return PACKET(PACKET_READY, at + UDP_LENGTH, length - UDP_LENGTH);
}

static __always_inline __u64 parse_ipv4(const struct weir_prefilter_shared *shared, const __u8 *frame,
                                        const __u8 *end, __u32 at)
{
	const __u8 *ip = frame + at;

	if (ip + IPV4_LENGTH > end)
		return WEIR_REASON_IP_HEADER;
	__u32 header = (ip[0] & 0xfu) * 4;
	__u32 total = load2_be(ip + 2);
	if (ip[0] >> 4 != 4 || header < IPV4_LENGTH || total < header)
		return WEIR_REASON_IP_HEADER;
	if (ip[9] != PROTOCOL_UDP)
		return WEIR_REASON_NOT_UDP;
	if (load2_be(ip + 6) & MORE_FRAGMENTS_OR_OFFSET)
		return WEIR_REASON_FRAGMENT;
	return parse_udp(shared, frame, end, at + header, total - header);
}

/* Hop-by-hop options, routing, authentication, destination options: behind which a UDP header may be. */
static __always_inline int is_extension(__u32 protocol)
{
	return protocol == 0 || protocol == 43 || protocol == PROTOCOL_AUTHENTICATION || protocol == 60;
}

#define EXTENSIONS_MAX 4      /* what has more is treated like a fragment */
#define EXTENSION_MASK 0x3fff /* four of 2,048 bytes behind the longest headers */

/* From the first extension header, at `at`, to what is behind the last: EXTENDED(its place, its protocol). */
#define EXTENDED(at, protocol) ((at) << 8 | (protocol))
#define EXTENDED_AT(extended) ((extended) >> 8)
#define EXTENDED_PROTOCOL(extended) ((extended)&0xff)

SEPARATE __u32 skip_extensions(frame_context *ctx, __u32 at, __u32 protocol)
{
	for (int i = 0; i < EXTENSIONS_MAX && is_extension(protocol); i++) {
		const __u8 *header = frame_begin(ctx) + (at & EXTENSION_MASK);

		if (header + 8 > frame_end(ctx))
			break;
		/* In units of eight bytes, the first not counted; RFC 4302: of four, the first two not. */
		at += protocol == PROTOCOL_AUTHENTICATION ? (header[1] + 2u) * 4 : (header[1] + 1u) * 8;
		protocol = header[0];
	}
	return EXTENDED(at, protocol & 0xff);
}

static __always_inline __u64 parse_ipv6(frame_context *ctx, const __u8 *frame, const __u8 *end, __u32 at)
{
	const __u8 *ip = frame + at;

	if (ip + IPV6_LENGTH > end || ip[0] >> 4 != 6)
		return WEIR_REASON_IP_HEADER;
	__u32 protocol = ip[6], room = load2_be(ip + 4), begin = at + IPV6_LENGTH;
	at = begin;
	if (is_extension(protocol)) {
		__u32 extended = skip_extensions(ctx, at, protocol);

		at = EXTENDED_AT(extended) & EXTENSION_MASK;
		protocol = EXTENDED_PROTOCOL(extended);
	}
	if (protocol == PROTOCOL_FRAGMENT || is_extension(protocol))
		return WEIR_REASON_FRAGMENT;
	if (protocol != PROTOCOL_UDP)
		return WEIR_REASON_NOT_UDP;
	if (at - begin > room)
		return WEIR_REASON_IP_HEADER;
	return parse_udp(shared_of(ctx), frame, end, at, room - (at - begin));
}

/* The IP header at `at`, which is behind two VLAN tags at most. */
SEPARATE __u64 parse_ip(frame_context *ctx, __u32 at, __u32 ethertype)
{
	const __u8 *frame = frame_begin(ctx), *end = frame_end(ctx);

	if (at > IP_AT_MAX)
		return WEIR_REASON_NOT_IP;
	if (ethertype == ETHERTYPE_IPV4)
		return parse_ipv4(shared_of(ctx), frame, end, at);
	if (ethertype == ETHERTYPE_IPV6)
		return parse_ipv6(ctx, frame, end, at);
	return WEIR_REASON_NOT_IP;
}

static __always_inline int is_vlan(__u32 ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_SERVICE;
}

/* Where the IP header begins, behind two tags at most, and what it claims to be. */
struct ip_place {
	__u32 at, ethertype;
};

/* The caller has made sure of IP_AT_MAX bytes. */
static __always_inline struct ip_place find_ip(const __u8 *frame)
{
	struct ip_place place = {ETHERNET_LENGTH, load2_be(frame + 12)};

	if (is_vlan(place.ethertype)) {
		place.at += VLAN_LENGTH;
		place.ethertype = load2_be(frame + 16);
		if (is_vlan(place.ethertype)) {
			place.at += VLAN_LENGTH;
			place.ethertype = load2_be(frame + 20);
		}
	}
	return place;
}

/* Any case. */
static __always_inline __u64 parse_packet(frame_context *ctx)
{
	const __u8 *frame = frame_begin(ctx);

	if (frame + IP_AT_MAX > frame_end(ctx))
		return WEIR_REASON_NOT_IP;
	struct ip_place place = find_ip(frame);
	return parse_ip(ctx, place.at, place.ethertype);
}

#endif
