/* SPDX-License-Identifier: BSD-2-Clause */
#include "ingest/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESSES 12 /* two of Ethernet */
#define ETHERNET 14
#define FRAME_MAX 262144 /* libpcap's own limit */

struct weir_capture {
	pcap_t *pcap;
	int link_type;
	uint8_t frame[ETHERNET + FRAME_MAX]; /* of what had no Ethernet header */
};

bool weir_capture_is_one(const uint8_t magic[WEIR_CAPTURE_MAGIC])
{
	/* pcap in microseconds and in nanoseconds, of either byte order; the section header of pcapng. */
	static const uint8_t known[][WEIR_CAPTURE_MAGIC] = {
	        {0xa1, 0xb2, 0xc3, 0xd4}, {0xd4, 0xc3, 0xb2, 0xa1}, {0xa1, 0xb2, 0x3c, 0x4d},
	        {0x4d, 0x3c, 0xb2, 0xa1}, {0x0a, 0x0d, 0x0d, 0x0a},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (memcmp(magic, known[i], WEIR_CAPTURE_MAGIC) == 0)
			return true;
	return false;
}

static bool is_known(int link_type)
{
	switch (link_type) {
	case DLT_EN10MB:
	case DLT_LINUX_SLL:
	case DLT_LINUX_SLL2:
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
	case DLT_NULL:
	case DLT_LOOP:
		return true;
	default:
		return false;
	}
}

int weir_capture_open(struct weir_capture **out, FILE *file, char problem[WEIR_CAPTURE_PROBLEM_SIZE])
{
	char why[PCAP_ERRBUF_SIZE] = "";
	struct weir_capture *capture = calloc(1, sizeof *capture);
	pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);

	if (!capture || !pcap) {
		snprintf(problem, WEIR_CAPTURE_PROBLEM_SIZE, "%s", pcap ? strerror(ENOMEM) : why);
		goto out;
	}
	capture->pcap = pcap;
	capture->link_type = pcap_datalink(pcap);
	if (!is_known(capture->link_type)) {
		const char *name = pcap_datalink_val_to_name(capture->link_type);

		snprintf(
		        problem, WEIR_CAPTURE_PROBLEM_SIZE,
		        "captured as %s (link type %d); Ethernet, Linux cooked, raw IP and loopback are read",
		        name ? name : "?", capture->link_type);
		goto out;
	}
	*out = capture;
	return 0;
out:
	if (pcap)
		pcap_close(pcap);
	else if (file != stdin)
		fclose(file);
	free(capture);
	return -EINVAL;
}

/* How long the header is that stands in for Ethernet's, and the ethertype that it says. */
static size_t read_header(const struct weir_capture *capture, const uint8_t *bytes, size_t length,
                          uint8_t ethertype[2])
{
	size_t header = 0, at = 0;
	bool has_type = false;

	switch (capture->link_type) {
	case DLT_LINUX_SLL:
		header = 16;
		at = 14;
		has_type = true;
		break;
	case DLT_LINUX_SLL2:
		header = 20;
		has_type = true;
		break;
	case DLT_NULL:
	case DLT_LOOP:
		header = 4;
		break;
	default: /* raw IP */
		break;
	}
	if (header > length)
		header = length;
	uint8_t version = header < length ? bytes[header] >> 4 : 0;
	ethertype[0] = version == 6 ? 0x86 : 0x08; /* IPv6 or IPv4 */
	ethertype[1] = version == 6 ? 0xdd : 0x00;
	if (has_type && at + 2 <= length)
		memcpy(ethertype, bytes + at, 2);
	return header;
}

int weir_capture_next(struct weir_capture *capture, struct weir_frame *out,
                      char problem[WEIR_CAPTURE_PROBLEM_SIZE])
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int got = pcap_next_ex(capture->pcap, &header, &bytes);

	if (got == PCAP_ERROR_BREAK)
		return 0;
	if (got != 1) {
		snprintf(problem, WEIR_CAPTURE_PROBLEM_SIZE, "%s", pcap_geterr(capture->pcap));
		return -EINVAL;
	}
	*out = (struct weir_frame){
	        .bytes = bytes,
	        .length = header->caplen,
	        /* With this precision tv_usec counts nanoseconds. */
	        .time_ns = (int64_t)header->ts.tv_sec * 1000000000 + (int64_t)header->ts.tv_usec,
	        .cut = header->caplen < header->len,
	};
	if (capture->link_type == DLT_EN10MB)
		return 1;
	size_t skipped = read_header(capture, bytes, header->caplen, capture->frame + ADDRESSES);
	size_t rest = header->caplen - skipped;
	if (rest > FRAME_MAX) {
		rest = FRAME_MAX;
		out->cut = true;
	}
	memcpy(capture->frame + ETHERNET, bytes + skipped, rest);
	out->bytes = capture->frame;
	out->length = ETHERNET + rest;
	return 1;
}

void weir_capture_close(struct weir_capture *capture)
{
	if (!capture)
		return;
	pcap_close(capture->pcap);
	free(capture);
}
