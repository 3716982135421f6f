/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine: a decoder and a detection, tied together. All that it decides is in those two.
 */
#include <errno.h>
#include <stdlib.h>

#include <weir/engine.h>

#include "detect/detect.h"

struct weir_engine {
	struct weir_decoder *decoder;
	struct weir_detect *detect;
	struct weir_engine_sink sink;
};

static void on_message(void *context, const struct weir_message *message)
{
	struct weir_engine *engine = context;
	struct weir_report report;

	weir_ais_report(&message->ais, &report);
	weir_detect_report(engine->detect, &report, message->time_ns, message->station);
}

static void on_malformed(void *context, const struct weir_malformed *malformed)
{
	struct weir_engine *engine = context;

	if (engine->sink.dead_letter != NULL)
		engine->sink.dead_letter(engine->sink.context, malformed);
}

int weir_engine_new(struct weir_engine **out, const struct weir_engine_options *options,
                    const struct weir_engine_sink *sink)
{
	struct weir_engine *engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return -ENOMEM;
	engine->sink = *sink;

	const struct weir_decode_sink decoded = {
	        .context = engine,
	        .message = on_message,
	        .malformed = on_malformed,
	};
	int error = weir_detect_new(&engine->detect, options, sink);
	if (error == 0)
		error = weir_decoder_new(&engine->decoder, &options->decoder, &decoded);
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
}

void weir_engine_advance(struct weir_engine *engine, int64_t time_ns)
{
	weir_decoder_advance(engine->decoder, time_ns);
	weir_detect_advance(engine->detect, time_ns);
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
	free(engine);
}
