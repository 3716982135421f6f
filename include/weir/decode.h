/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoding: datagrams in, messages and faults out.
 *
 *     datagram -> sentences (NMEA 0183, TAG blocks, checksum) -> fragments -> AIS messages
 *
 * A decoder is deterministic: what it says depends on its options and on the datagrams that it was
 * fed, in order. It keeps the fragments of unfinished messages and the open epochs of GPS sources, in
 * tables of fixed size, and nothing else from one datagram to the next. It allocates when it is made and
 * never after.
 *
 * Thread-safety: one thread at a time for a decoder; any number of decoders.
 *
 * A whole program; cc example.c -lweir:
 *
 *     #include <stdio.h>
 *     #include <weir/decode.h>
 *     static void print(void *context, const struct weir_message *message)
 *     {
 *             struct weir_report report;
 *             weir_message_report(message, &report);
 *             printf("%u %.5f %.5f\n", report.mmsi, report.latitude_deg, report.longitude_deg);
 *     }
 *     int main(void)
 *     {
 *             struct weir_decoder *decoder;
 *             static const uint8_t line[] = "!AIVDM,1,1,,A,13aDo80P1s0BRp`Mgn4a2W<j0000,0*66";
 *             if (weir_decoder_new(&decoder, NULL, &(struct weir_decode_sink){.message = print}) == 0)
 *                     weir_decoder_feed(decoder, &(struct weir_datagram){line, sizeof(line) - 1});
 *     }
 */
#ifndef WEIR_DECODE_H
#define WEIR_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/ais.h>
#include <weir/datagram.h>
#include <weir/fault.h>
#include <weir/gps.h>
#include <weir/report.h>

/* Where the time of a message was taken from, and which wrapping named its station. */
enum weir_time_source {
	WEIR_TIME_RECEIVED, /* the datagram's received_ns */
	WEIR_TIME_TAG,      /* TAG block, parameter c */
	WEIR_TIME_SUFFIX,   /* what USCG receivers append after the checksum */
	WEIR_TIME_PREFIX,   /* an epoch written before the sentence */
	WEIR_TIME_PGHP,     /* a $PGHP line of the receiver in the same datagram */
	WEIR_TIME_FIX,      /* a GPS fix's own time */
	WEIR_TIME_SOURCES
};

enum weir_message_kind { WEIR_MESSAGE_AIS, WEIR_MESSAGE_FIX };

/* One complete message, or one GPS fix. Pointers hold for the duration of the call. */
struct weir_message {
	/* The one that completed the message. Of a fix: sender and time of reception of its last sentence;
	 * its bytes are the sentence that gave the position. */
	const struct weir_datagram *datagram;
	uint32_t offset; /* where the completing sentence begins in it, its TAG block included; 0 for a fix */
	int64_t time_ns; /* Unix time, ns */
	uint8_t time_source; /* enum weir_time_source */
	bool clock_off;      /* the sender's time is further from the time of reception than clock_bound_ns */
	bool own_ship;       /* VDO rather than VDM */
	char talker[3];      /* "AI", NUL-terminated */
	char channel;        /* 'A', 'B', as the sentence says; '\0': empty */
	uint8_t fragments;   /* sentences: 1 to 9; of a fix up to 255 */
	char station[16]; /* the TAG block's s: (at most 15 characters), or another wrapping's; "": unknown */
	/* Which wrapping named the station: WEIR_TIME_TAG, _SUFFIX or _PGHP; WEIR_TIME_RECEIVED: none did. */
	uint8_t station_source;
	uint8_t kind; /* enum weir_message_kind: which of the two that follow is set */
	struct weir_bits
	        payload; /* what was decoded, zero bits up to the next byte after it; of a fix NULL and 0 */
	struct weir_ais ais;
	struct weir_fix fix;
};

/* What the message says about its sender, in the units of rules and events. */
static inline void weir_message_report(const struct weir_message *message, struct weir_report *report)
{
	if (message->kind == WEIR_MESSAGE_FIX)
		weir_fix_report(&message->fix, report);
	else
		weir_ais_report(&message->ais, report);
}

/*
 * One fault. At most one is reported for a datagram, the first one in it, with the number of further
 * ones, so that a large datagram of nonsense costs one dead letter and not thousands. Fragments that
 * were never completed are reported with the bytes of their sentence, since their datagram is gone.
 */
struct weir_malformed {
	enum weir_fault fault;
	uint32_t offset;      /* of the first faulty sentence in bytes */
	uint32_t faults;      /* faulty sentences in this datagram, at least 1 */
	const uint8_t *bytes; /* the datagram, untouched; for a lost fragment its sentence */
	uint32_t length;
	int64_t received_ns;
	struct weir_address sender;
};

/* A GPS sentence with a time or a position, at which no fix of its source is being put together. */
struct weir_fix_beginning {
	const struct weir_address *sender;
	const char *station; /* as in struct weir_message */
	int64_t time_ns;     /* what is written with the sentence says so, not the fix itself ... */
	uint8_t time_source; /* ... enum weir_time_source; WEIR_TIME_RECEIVED: nothing does */
	bool has_position;   /* the two below, valid */
	bool is_void;        /* the receiver says that it has no position */
	double longitude_deg, latitude_deg;
};

struct weir_decode_sink {
	void *context;
	/* Either may be NULL. A message of a type that has no decoder is counted and not handed over. */
	void (*message)(void *context, const struct weir_message *message);
	void (*malformed)(void *context, const struct weir_malformed *malformed);
	/*
	 * Is a fix to be begun with this sentence? Returns a key for weir_decoder_forget(), or 0: then the
	 * sentence is ignored, and leaves no trace but a counter. NULL: one always is.
	 */
	uint64_t (*begin_fix)(void *context, const struct weir_fix_beginning *beginning);
};

/* A burst of a second at 4,800 baud, the rate of NMEA 0183, is all that a receiver can say in an epoch. */
#define WEIR_FIX_TIMEOUT_DEFAULT_NS INT64_C(1000000000)

struct weir_decoder_options {
	uint32_t fragment_slots;     /* unfinished messages kept; 0: 1,024 */
	int64_t fragment_timeout_ns; /* 0: 3 s */
	bool fixes;                  /* put GPS fixes together too; without it GPS sentences are of no use */
	uint32_t fix_slots;          /* GPS sources in the middle of an epoch; 0: 1,024 */
	int64_t fix_timeout_ns;      /* 0: WEIR_FIX_TIMEOUT_DEFAULT_NS */
	/*
	 * A message whose sender's time is further from the time of reception has clock_off set. It is no
	 * fault yet: who wants none of such messages says so after what else is to be done with them, as the
	 * engine does, which ignores before it refuses. 0: none is.
	 */
	int64_t clock_bound_ns;
	/*
	 * The time of an AIS message whose UTC second of the position is available becomes the nearest
	 * instant with that second, when it is no further away than this (at most 29 s), whatever the source
	 * of the time: two receivers then agree on it. 0: it stays.
	 */
	int64_t second_bound_ns;
};

/*
 * What became of every datagram and of every sentence. The sums hold after each call:
 *
 *     the datagrams fed        = the sum of datagrams[]
 *     sentences[MESSAGE]       = the sum of messages[]
 *     sentences[FRAGMENT]      = fragments_pending + fragments_joined + fragments_lost
 *     sentences[MALFORMED]     = the sum of faults[]
 *     calls of malformed()     = the sum of letters[]
 *                              = datagrams[PARTIAL] + datagrams[MALFORMED] + fragments_lost
 *     calls of message()       = the sum of messages[] - the sum of undecoded[] + fixes
 *                              = the sum of time_sources[] - the sum of undecoded[]
 *
 * Where a sentence must be and none is (an empty datagram, noise), a malformed one is counted.
 */
enum weir_datagram_outcome {
	WEIR_DATAGRAM_ACCEPTED,  /* every sentence in it well formed */
	WEIR_DATAGRAM_PARTIAL,   /* some sentences well formed, some malformed: also a dead letter */
	WEIR_DATAGRAM_MALFORMED, /* no sentence well formed: a dead letter */
	WEIR_DATAGRAM_BINARY,    /* no sentences by its IEC 61162-450 header: a file, messages of NMEA 2000 */
	WEIR_DATAGRAM_OUTCOMES
};

enum weir_sentence_outcome {
	WEIR_SENTENCE_MESSAGE,     /* completed a message */
	WEIR_SENTENCE_FRAGMENT,    /* stored, waits for the other parts */
	WEIR_SENTENCE_REPEATED,    /* a fragment already stored, byte for byte */
	WEIR_SENTENCE_UNSUPPORTED, /* well formed, of no use here */
	WEIR_SENTENCE_MALFORMED,
	WEIR_SENTENCE_GPS,     /* well formed and part of a fix, or of an epoch without one */
	WEIR_SENTENCE_IGNORED, /* GPS, well formed, and no fix that it could be part of */
	WEIR_SENTENCE_OUTCOMES
};

struct weir_decode_counters {
	uint64_t datagrams[WEIR_DATAGRAM_OUTCOMES];
	uint64_t sentences[WEIR_SENTENCE_OUTCOMES];
	uint64_t messages[64];         /* complete messages by AIS type (0 to 63) */
	uint64_t undecoded[64];        /* of these, well formed but of a type with no decoder */
	uint64_t faults[WEIR_FAULTS];  /* faulty sentences by reason */
	uint64_t letters[WEIR_FAULTS]; /* calls of malformed() by reason */
	uint64_t fragments_pending;    /* stored fragments that wait, now */
	uint64_t fragments_joined;     /* stored fragments that became part of a message */
	uint64_t fragments_lost;       /* stored fragments that timed out or were displaced */
	uint64_t fixes;                /* GPS fixes handed over */
	uint64_t fixes_void;           /* GPS epochs that had no valid position */
	uint64_t tag_blocks_bad;       /* TAG blocks ignored because of their checksum or form */
	uint64_t time_sources[WEIR_TIME_SOURCES];
};

struct weir_decoder;

/* Returns 0, or -ENOMEM, -EINVAL. options may be NULL for the defaults; sink is copied. */
int weir_decoder_new(struct weir_decoder **out, const struct weir_decoder_options *options,
                     const struct weir_decode_sink *sink);

/* Never fails: what is wrong with a datagram is said to the sink. */
void weir_decoder_feed(struct weir_decoder *decoder, const struct weir_datagram *datagram);

/* Gives up the fragments whose time-out lies at or before time_ns (Unix time, ns), and closes such epochs. */
void weir_decoder_advance(struct weir_decoder *decoder, int64_t time_ns);

/* Forgets the fixes that were begun with this key and are not complete. May be called from the sink. */
void weir_decoder_forget(struct weir_decoder *decoder, uint64_t key);

/* Gives up every unfinished message and closes every epoch: the input has ended. */
void weir_decoder_flush(struct weir_decoder *decoder);

const struct weir_decode_counters *weir_decoder_counters(const struct weir_decoder *decoder);

/* Takes NULL. */
void weir_decoder_free(struct weir_decoder *decoder);

#endif
