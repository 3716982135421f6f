/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The general way to read a datagram: sentences with or without line ends between them, each with what
 * receivers and forwarders have put around it. It finds the sentences, collects what their wrappings say,
 * and accounts for every byte that is none of a sentence. What a sentence means is for others.
 */
#include <errno.h>
#include <string.h>

#include "decoder.h"
#include "tag_block.h"
#include "wrapping.h"

#define NOWHERE UINT32_MAX

/* How far the reading of one datagram has come. */
struct reading {
	struct weir_decoder *decoder;
	const struct weir_datagram *datagram;
	uint32_t at;             /* the next byte to read */
	uint32_t line;           /* where the line, or what has no meaning yet on it, begins */
	uint32_t begin;          /* where the next sentence begins, its TAG block included; NOWHERE */
	struct tag_block tag;    /* for the next sentence */
	struct tag_block first;  /* the first TAG block of the group that is being read */
	struct stamp prefix;     /* for the next sentence */
	struct stamp pghp;       /* for the next message */
	bool pghp_holds;         /* the sentence that was just read leaves it in place */
	uint32_t held;           /* GPS sentences in decoder->held */
	struct stamp held_stamp; /* of the first of them */
	bool epoch_seen;         /* a GPS sentence with a time or a position has come */
	bool tag_seen;           /* a TAG block that parses */
	bool tag_broken;         /* one that was ignored, and no sentence has come since */
	uint32_t good;           /* sentences that are well formed */
	struct faults faults;
};

static void add_fault(struct reading *reading, enum weir_fault fault, uint32_t offset)
{
	weir_decoder_fault(reading->decoder, &reading->faults, fault, offset);
}

static int read_vdm(struct reading *reading, const struct frame *frame, const struct stamp *stamp,
                    enum weir_fault *fault)
{
	struct weir_decoder *decoder = reading->decoder;
	struct vdm vdm;

	if (weir_vdm_parse(&vdm, fault, frame) != 0)
		return -EBADMSG;
	if (vdm.number < vdm.total)
		reading->pghp_holds = true;
	*fault = WEIR_FAULT_PAYLOAD;
	if (!decoder->payload_readers.dearmour(decoder->bits, vdm.payload, vdm.payload_length, vdm.fill))
		return -EBADMSG;
	struct heard heard = {
	        .datagram = reading->datagram,
	        .frame = frame,
	        .vdm = &vdm,
	        .stamp = stamp,
	        .group = reading->tag.group,
	        .group_number = reading->tag.number,
	        .group_total = reading->tag.total,
	        .offset = reading->begin,
	};

	if (vdm.total > 1)
		return weir_decoder_part(decoder, &heard, fault);
	return weir_decoder_single(decoder, &heard, fault);
}

/* GPS */

static void add_gps(struct reading *reading, const struct gps_sentence *sentence, const struct frame *frame,
                    const struct stamp *stamp)
{
	struct gps_heard heard = {
	        .sentence = sentence,
	        .stamp = stamp,
	        .sender = &reading->datagram->sender,
	        .received_ns = reading->datagram->received_ns,
	};

	if (frame != NULL) {
		memcpy(heard.talker, frame->text + 1, sizeof(heard.talker));
		heard.text = frame->text;
		heard.length = frame->length;
	}
	bool joined = weir_epochs_add(reading->decoder->epochs, &heard);

	reading->decoder->counters.sentences[joined ? WEIR_SENTENCE_GPS : WEIR_SENTENCE_IGNORED]++;
}

static void add_held(struct reading *reading, const struct stamp *stamp)
{
	for (uint32_t i = 0; i < reading->held; i++)
		add_gps(reading, &reading->decoder->held[i], NULL, stamp);
	reading->held = 0;
}

/*
 * A receiver may write VTG or HDT before the sentence with the time. What comes before it in one datagram is
 * held until it is there; what comes before it in another datagram is taken to be of the epoch before.
 */
static int read_gps(struct reading *reading, const struct frame *frame, uint32_t address,
                    const struct stamp *stamp, enum weir_fault *fault)
{
	struct weir_decoder *decoder = reading->decoder;
	struct gps_sentence sentence;
	int error = weir_gps_parse(&sentence, fault, frame, address);

	if (error != 0)
		return error;
	if (sentence.has_time || sentence.has_position) {
		add_gps(reading, &sentence, frame, stamp);
		add_held(reading, stamp);
		reading->epoch_seen = true;
	} else if (reading->epoch_seen || reading->held == sizeof(decoder->held) / sizeof(decoder->held[0])) {
		add_gps(reading, &sentence, frame, stamp);
	} else {
		if (reading->held == 0)
			reading->held_stamp = *stamp;
		decoder->held[reading->held++] = sentence;
	}
	return 0;
}

/* A sentence whose checksum holds. Returns 0 or -EBADMSG. */
static int read_sentence(struct reading *reading, const struct frame *frame, const struct stamp *stamp,
                         enum weir_fault *fault)
{
	uint32_t address = weir_sentence_address(frame);
	const uint8_t *text = frame->text;

	if (address == 5 && text[3] == 'V' && text[4] == 'D' && (text[5] == 'M' || text[5] == 'O'))
		return read_vdm(reading, frame, stamp, fault);
	if (address == 0) {
		*fault = WEIR_FAULT_FIELDS;
		return -EBADMSG;
	}
	if (address == 4 && memcmp(text, "$PGHP", 5) == 0) {
		weir_pghp_read(&reading->pghp, text + 5, frame->body - 5);
		reading->pghp_holds = true;
	}
	if (reading->decoder->epochs != NULL) {
		int error = read_gps(reading, frame, address, stamp, fault);

		if (error != -ENOENT)
			return error;
	}
	reading->decoder->counters.sentences[WEIR_SENTENCE_UNSUPPORTED]++;
	return 0;
}

/* The end of what belongs to a sentence: the line's end, or where the next one or its TAG block begins. */
static uint32_t skip_to_boundary(const struct weir_datagram *datagram, uint32_t at)
{
	while (at < datagram->length && !weir_is_boundary(datagram->bytes[at]))
		at++;
	return at;
}

static bool is_blank(const uint8_t *text, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		if (text[i] != ' ' && text[i] != '\t' && text[i] != '\0')
			return false;
	return true;
}

/* What the wrappings together say of the sentence, the most trustworthy one first. */
static void collect_stamp(struct reading *reading, struct stamp *stamp, const uint8_t *suffix,
                          uint32_t length)
{
	struct stamp behind;

	if (reading->tag.group != 0) {
		if (reading->first.group == reading->tag.group)
			stamp_complete(&reading->tag.stamp, &reading->first.stamp);
		else
			reading->first = reading->tag;
	}
	*stamp = reading->tag.stamp;
	if (length > 0) {
		weir_suffix_read(&behind, suffix, length);
		stamp_complete(stamp, &behind);
	}
	stamp_complete(stamp, &reading->prefix);
	stamp_complete(stamp, &reading->pghp);
}

static void take_prefix(struct reading *reading)
{
	if (reading->line < reading->at)
		weir_prefix_read(&reading->prefix, reading->datagram->bytes + reading->line,
		                 reading->at - reading->line);
}

static void take_sentence(struct reading *reading)
{
	const struct weir_datagram *datagram = reading->datagram;
	const uint8_t *text = datagram->bytes + reading->at;
	enum weir_fault fault;
	struct frame frame;
	struct stamp stamp;

	take_prefix(reading);
	if (reading->begin == NOWHERE)
		reading->begin = reading->at;
	reading->pghp_holds = false;
	int error = weir_sentence_frame(&frame, &fault, text, datagram->length - reading->at);
	uint32_t suffix = reading->at + frame.length;
	uint32_t end = skip_to_boundary(datagram, suffix);

	if (error == 0) {
		collect_stamp(reading, &stamp, datagram->bytes + suffix, end - suffix);
		error = read_sentence(reading, &frame, &stamp, &fault);
	}
	if (error != 0)
		add_fault(reading, fault, reading->begin);
	else
		reading->good++;
	if (error == 0 && suffix < end && datagram->bytes[suffix] != ',' &&
	    !is_blank(datagram->bytes + suffix, end - suffix))
		add_fault(reading, WEIR_FAULT_FRAMING, suffix);
	if (!reading->pghp_holds)
		memset(&reading->pghp, 0, sizeof(reading->pghp));
	memset(&reading->tag, 0, sizeof(reading->tag));
	memset(&reading->prefix, 0, sizeof(reading->prefix));
	reading->tag_broken = false;
	reading->begin = NOWHERE;
	reading->at = reading->line = end;
}

/* TAG blocks */

static void take_tag_block(struct reading *reading)
{
	const struct weir_datagram *datagram = reading->datagram;
	uint32_t begin = reading->at;
	uint32_t end = begin + weir_tag_block_end(datagram->bytes + begin, datagram->length - begin);
	bool closed = end < datagram->length && datagram->bytes[end] == '\\';
	struct tag_block tag;

	take_prefix(reading);
	if (reading->begin == NOWHERE)
		reading->begin = begin;
	reading->at = reading->line = end + closed;
	if (!closed || weir_tag_block_parse(&tag, datagram->bytes + begin + 1, end - begin - 1) != 0) {
		reading->decoder->counters.tag_blocks_bad++;
		reading->tag_broken = true;
		return;
	}
	stamp_complete(&tag.stamp, &reading->tag.stamp);
	if (tag.group == 0) {
		tag.group = reading->tag.group;
		tag.number = reading->tag.number;
		tag.total = reading->tag.total;
	}
	reading->tag = tag;
	reading->tag_seen = true;
}

/* Lines */

static void take_line_end(struct reading *reading)
{
	if (!is_blank(reading->datagram->bytes + reading->line, reading->at - reading->line))
		add_fault(reading, WEIR_FAULT_FRAMING, reading->line);
	memset(&reading->prefix, 0, sizeof(reading->prefix));
}

static void take_datagram_end(struct reading *reading)
{
	take_line_end(reading);
	add_held(reading, &reading->held_stamp);
	if (reading->tag_broken)
		add_fault(reading, WEIR_FAULT_TAG_BLOCK, reading->begin);
	else if (reading->good == 0 && reading->faults.count == 0 && !reading->tag_seen)
		add_fault(reading, WEIR_FAULT_FRAMING, 0);
}

void weir_decoder_read(struct weir_decoder *decoder, const struct weir_datagram *datagram)
{
	struct reading reading = {.decoder = decoder, .datagram = datagram, .begin = NOWHERE};

	if (datagram->length > WEIR_DATAGRAM_MAX) {
		add_fault(&reading, WEIR_FAULT_TOO_LONG, 0);
		weir_decoder_account(decoder, datagram, &reading.faults, 0);
		return;
	}
	enum weir_header header = weir_header_read(datagram->bytes, datagram->length);

	if (header == WEIR_HEADER_BINARY) {
		decoder->counters.datagrams[WEIR_DATAGRAM_BINARY]++;
		return;
	}
	reading.at = reading.line = header == WEIR_HEADER_SENTENCES ? WEIR_HEADER_LENGTH : 0;
	while (reading.at < datagram->length) {
		switch (datagram->bytes[reading.at]) {
		case '!':
		case '$':
			take_sentence(&reading);
			break;
		case '\\':
			take_tag_block(&reading);
			break;
		case '\r':
		case '\n':
			take_line_end(&reading);
			reading.line = ++reading.at;
			break;
		default:
			reading.at++;
		}
	}
	take_datagram_end(&reading);
	weir_decoder_account(decoder, datagram, &reading.faults, reading.good);
}
