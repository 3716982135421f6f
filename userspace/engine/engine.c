/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: a decoder and a detection, tied together. All that it decides is in those two, but for who sent
 * a GPS fix, whose fixes are put together at all, and that a datagram is one dead letter at most.
 */
#include <errno.h>
#include <stdlib.h>

#include <weir/device.h>
#include <weir/engine.h>

#include "engine/engine.h"

static void send_letter(struct weir_engine *engine, const struct weir_malformed *malformed)
{
	if (engine->sink.dead_letter != NULL)
		engine->sink.dead_letter(engine->sink.context, malformed);
}

static struct weir_malformed letter_of(const struct weir_message *message)
{
	const struct weir_datagram *datagram = message->datagram;

	return (struct weir_malformed){
	        .fault = WEIR_FAULT_TIMESTAMP,
	        .offset = message->offset,
	        .faults = 1,
	        .bytes = datagram->bytes,
	        .length = datagram->length,
	        .received_ns = datagram->received_ns,
	        .sender = datagram->sender,
	};
}

/* The datagram may hold more of them, and what the decoder finds wrong: one letter, when it has been read. */
static void refuse(struct weir_engine *engine, const struct weir_message *message)
{
	if (engine->refused.faults > 0)
		engine->refused.faults++;
	else
		engine->refused = letter_of(message);
}

/* Its datagrams are gone, and the letter holds the sentence that gave the position. */
static void refuse_fix(struct weir_engine *engine, const struct weir_message *message)
{
	const struct weir_malformed letter = letter_of(message);

	weir_detect_count_letter(engine->detect);
	send_letter(engine, &letter);
}

static void send_refused(struct weir_engine *engine)
{
	struct weir_malformed letter = engine->refused;

	engine->refused.faults = 0;
	weir_detect_count_letter(engine->detect);
	send_letter(engine, &letter);
}

static enum weir_report_outcome hear_ais(struct weir_engine *engine, const struct weir_message *message,
                                         struct weir_hearing hearing)
{
	hearing.said = weir_said_by(&message->payload);
	return weir_detect_hear(engine->detect, &hearing);
}

/* What a fix says: where the device was, and when. */
static enum weir_report_outcome hear_fix(struct weir_engine *engine, const struct weir_message *message,
                                         struct weir_hearing hearing)
{
	struct weir_gps_identity identity;

	weir_gps_identify(&identity, engine->gps_names, message->station, &message->datagram->sender);
	const struct {
		uint64_t device;
		int64_t time_ns;
		double longitude_deg, latitude_deg;
	} said = {identity.device, message->time_ns, message->fix.longitude_deg, message->fix.latitude_deg};

	hearing.device = identity.device;
	hearing.id = identity.id;
	hearing.said = (struct weir_saying){.bytes = (const uint8_t *)&said, .length = sizeof(said)};
	return weir_detect_hear(engine->detect, &hearing);
}

static void on_message(void *context, const struct weir_message *message)
{
	struct weir_engine *engine = context;
	struct weir_report report;

	weir_message_report(message, &report);
	struct weir_hearing hearing = {
	        .report = &report,
	        .time_ns = message->time_ns,
	        .received_ns = message->datagram->received_ns,
	        .clock_off = message->clock_off,
	        .source = message->station,
	};

	if (message->kind == WEIR_MESSAGE_AIS) {
		if (hear_ais(engine, message, hearing) == WEIR_REPORT_TIMESTAMP)
			refuse(engine, message);
	} else if (hear_fix(engine, message, hearing) == WEIR_REPORT_TIMESTAMP) {
		refuse_fix(engine, message);
	}
}

/*
 * Of a device that is not followed, the kernel may drop each sentence by itself whose place lies outside, and
 * those that name none.
 */
static uint64_t on_fix_beginning(void *context, const struct weir_fix_beginning *beginning)
{
	struct weir_engine *engine = context;
	uint64_t device = weir_gps_device(engine->gps_names, beginning->station, beginning->sender);

	if (beginning->is_void || weir_detect_follows(engine->detect, device))
		return device;
	if (beginning->has_position &&
	    weir_detect_covers(engine->detect, beginning->longitude_deg, beginning->latitude_deg))
		return device;
	return 0;
}

static void on_event(void *context, const struct weir_event *event)
{
	struct weir_engine *engine = context;

	if (engine->sink.event != NULL)
		engine->sink.event(engine->sink.context, event);
}

/* What was put together while the device was followed began with sentences that it no longer may begin with.
 */
static void on_follow(void *context, uint64_t device, bool begins)
{
	struct weir_engine *engine = context;

	if (!begins && (device & WEIR_DEVICE_GPS) != 0)
		weir_decoder_forget(engine->decoder, device);
	if (engine->sink.follow != NULL)
		engine->sink.follow(engine->sink.context, device, begins);
}

static void on_malformed(void *context, const struct weir_malformed *malformed)
{
	struct weir_engine *engine = context;

	/* Of the datagram in which reports were refused: one letter says both. */
	if (engine->refused.faults > 0 && malformed->bytes == engine->refused.bytes) {
		struct weir_malformed both = *malformed;

		both.faults += engine->refused.faults;
		engine->refused.faults = 0;
		send_letter(engine, &both);
		return;
	}
	send_letter(engine, malformed);
}

int weir_engine_make_parts(struct weir_engine *engine, struct weir_decoder **decoder,
                           struct weir_detect **detect)
{
	const struct weir_decode_sink decoded = {
	        .context = engine,
	        .message = on_message,
	        .malformed = on_malformed,
	        .begin_fix = on_fix_beginning,
	};
	const struct weir_engine_sink detected = {
	        .context = engine,
	        .event = on_event,
	        .follow = on_follow,
	};
	int error = weir_detect_new(detect, &engine->options, &detected);

	return error != 0 ? error : weir_decoder_new(decoder, &engine->options.decoder, &decoded);
}

int weir_engine_new(struct weir_engine **out, const struct weir_engine_options *options,
                    const struct weir_engine_sink *sink)
{
	struct weir_engine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return -ENOMEM;
	engine->sink = *sink;
	engine->options = *options;
	engine->options.gps_devices = NULL;
	engine->options.gps_device_count = 0;
	int error = weir_engine_make_parts(engine, &engine->decoder, &engine->detect);

	if (error == 0)
		error = weir_gps_names_new(&engine->gps_names, options->gps_devices,
		                           options->gps_device_count);
	if (error != 0) {
		weir_engine_free(engine);
		return error;
	}
	*out = engine;
	return 0;
}

void weir_engine_feed(struct weir_engine *engine, const struct weir_datagram *datagram)
{
	weir_decoder_feed(engine->decoder, datagram);
	if (engine->refused.faults > 0)
		send_refused(engine);
}

void weir_engine_advance(struct weir_engine *engine, int64_t time_ns)
{
	weir_decoder_advance(engine->decoder, time_ns);
	weir_detect_advance(engine->detect, time_ns);
}

void weir_engine_received(struct weir_engine *engine, int64_t time_ns)
{
	weir_decoder_advance(engine->decoder, time_ns);
}

int weir_engine_acknowledge(struct weir_engine *engine, const char *alert_id, int64_t time_ns)
{
	return weir_detect_acknowledge(engine->detect, alert_id, time_ns);
}

void weir_engine_change_chart(struct weir_engine *engine, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered)
{
	weir_detect_change_chart(engine->detect, fences, area, renumbered);
	engine->options.fences = fences;
	engine->options.area = area;
}

void weir_engine_flush(struct weir_engine *engine)
{
	weir_decoder_flush(engine->decoder);
}

const struct weir_engine_counters *weir_engine_counters(const struct weir_engine *engine)
{
	return weir_detect_counters(engine->detect);
}

const struct weir_decode_counters *weir_engine_decode_counters(const struct weir_engine *engine)
{
	return weir_decoder_counters(engine->decoder);
}

void weir_engine_free(struct weir_engine *engine)
{
	if (engine == NULL)
		return;
	weir_decoder_free(engine->decoder);
	weir_detect_free(engine->detect);
	weir_gps_names_free(engine->gps_names);
	free(engine);
}
