/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose GPS sentence it is. The engine takes the name that the TAG block gives, unless it finds the block
 * malformed, and else goes by the sender. Where it is not certain here whether the block is, there are two
 * devices that it may be, and what is said of one of them is said of both.
 */
#ifndef WEIR_BPF_GPS_DEVICE_H
#define WEIR_BPF_GPS_DEVICE_H

#include <weir/device.h>

#include "gps_fields.h"
#include "plain.h"
#include "senders.h"

/* The name is this long at most; the decoder cuts off what is more. */
#define STATION_LENGTH_MAX 15

/*
 * What a TAG block says of the source: where its name is, 0 for none; and, where the block is of the simple
 * form that surely parses, TAG_SURE. TAG_UNCLEAR: the engine may take a name that is not seen here.
 */
#define TAG_PLACE(source) ((source)&0xff)
#define TAG_SURE 0x100
#define TAG_UNCLEAR 0x200

/* Top bits to a number; of none, one, or several that count as more than one. */
static __always_inline __u32 count_found(__u64 found)
{
	return (__u32)((found >> 7) * EACH(1) >> 56);
}

/* Seconds or milliseconds since 1970, of so many digits that they fit for certain. */
static __always_inline int is_sure_time(const struct window *window, __u32 at)
{
	struct field field = read_field(window, at);
	struct digits digits = read_digits(&field);

	return (field.length == 10 || field.length == 13) && !digits.low_errors && !digits.high_errors &&
	       byte_of(digits.low, 0) < 9;
}

/* Reads the TAG block of `tag` bytes at the beginning of the window, whose checksum holds. */
SEPARATE __u32 read_tag_source(frame_context *ctx, __u32 tag)
{
	const struct window *window = window_of(ctx);
	__u32 names = 0, name = 0, times = 0, time = 0, end = tag - 4;
	__u64 errors = 0, before = 0x80; /* the backslash, as if it were a comma */

	if (!window || tag > TAG_LENGTH_MAX || tag < 8)
		return TAG_UNCLEAR;
	for (__u32 at = 0; at < TAG_LENGTH_MAX && at < end; at += 8) {
		__u64 begins = bytes_equal(window_word(window, at), ',') | before;
		__u64 codes = window_word(window, at + 1);

		begins &= first_bytes(end - at < 8 ? end - at : 8);
		before = 0;
		/* A code of one letter and a colon; that of a group has to be read to know whether it parses.
		 */
		errors |= begins & (~bytes_equal(window_word(window, at + 2), ':') | bytes_equal(codes, 'g'));
		__u64 found = begins & bytes_equal(codes, 's');
		names += count_found(found);
		name += count_found(found) * (at + first_found(found));
		found = begins & bytes_equal(codes, 'c');
		times += count_found(found);
		time += count_found(found) * (at + first_found(found));
	}
	if (names > 1 || (names == 0 && errors))
		return TAG_UNCLEAR;
	if (errors || times > 1 || (times && !is_sure_time(window, time + 3)))
		return names ? name + 3 : 0;
	return (names ? name + 3 : 0) | TAG_SURE;
}

/* What no subject token may hold becomes '_'; of printable ASCII and zeros. */
static __always_inline __u64 token_bytes(__u64 word)
{
	__u64 letters = word | EACH(0x20);
	__u64 valid = (letters + EACH(0x80 - 'a')) & ~(letters + EACH(0x80 - 'z' - 1));

	valid |= ~bytes_not_digits(word) | bytes_equal(word, '-') | bytes_equal(word, '_');
	valid = (valid & EACH(0x80)) >> 7;
	valid *= 0xff;
	return (word & valid) | (EACH('_') & ~valid);
}

/* The key of the device of that name, which ends with a comma or before `end`. 0: it is empty. */
static __always_inline __u64 device_of_station(const struct window *window, __u32 at, __u32 end)
{
	__u64 low = window_word(window, at), high = window_word(window, at + 8);
	__u32 length = first_found(find_equal(low, ','));

	length += first_found(find_equal(high, ',')) & (0 - (length >> 3));
	if (length > end - at)
		length = end - at;
	if (length > STATION_LENGTH_MAX)
		length = STATION_LENGTH_MAX;
	if (length == 0)
		return 0;
	__u32 in_low = length < 8 ? length : 8;
	low = token_bytes(low) & first_bytes(in_low);
	high = token_bytes(high) & first_bytes(length - in_low);
	/* Nine digits would be taken for an MMSI. */
	if (length == 9 && !bytes_not_digits(low) && byte_of(high, 0) - '0' <= 9)
		return weir_device_hash(WORD4('g', 'p', 's', '-') | low << 32, low >> 32 | high << 32, 0, 0);
	return weir_device_hash(low, high, 0, 0);
}

/* The key of the device that is known by the sender of the frame. */
SEPARATE __u64 device_of_sender(frame_context *ctx)
{
	const __u8 *frame = frame_begin(ctx), *end = frame_end(ctx);
	struct sender from;

	if (frame + IP_AT_MAX > end || !read_sender(frame, end, find_ip(frame).at, &from))
		return 0;
	struct weir_gps_sender sender = {
	        .ip = {from.ip[0] | (__u64)from.ip[1] << 32, from.ip[2] | (__u64)from.ip[3] << 32}};
	if (ONCE(shared_of(ctx)->named_senders)) {
		__u64 packet = parse_packet(ctx);
		const __u8 *udp = frame_begin(ctx) + ((PACKET_PAYLOAD(packet) - UDP_LENGTH) & EXTENSION_MASK);

		if (udp + UDP_LENGTH > frame_end(ctx))
			return 0;
		sender.port = load2_be(udp);
		__u64 device = named_device(&sender);
		if (device)
			return device;
		sender.port = 0;
		device = named_device(&sender);
		if (device)
			return device;
	}
	if (!(sender.ip[0] | sender.ip[1]))
		return weir_device_hash(WORD4('g', 'p', 's', 0), 0, 0, 0);
	return weir_device_of_address(sender.ip);
}

/* The devices that it may be: the second is 0 where there is but one, both are where nobody knows. */
struct gps_devices {
	__u64 first, second;
};

/* Of the sentence behind the TAG block of `tag` bytes, 0 for none, in the window. */
static __always_inline struct gps_devices find_gps_devices(frame_context *ctx, const struct window *window,
                                                           __u32 tag)
{
	__u32 source = tag ? read_tag_source(ctx, tag) : 0;
	struct gps_devices devices = {0, 0};

	if (source & TAG_UNCLEAR)
		return devices;
	if (TAG_PLACE(source)) {
		devices.first = device_of_station(window, TAG_PLACE(source), tag - 4);
		if (!devices.first || source & TAG_SURE)
			return devices;
		devices.second = device_of_sender(ctx);
		if (!devices.second)
			devices.first = 0;
		return devices;
	}
	devices.first = device_of_sender(ctx);
	return devices;
}

#endif
