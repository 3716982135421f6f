/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's state, saved and restored: the head of a saved state, and what is done with its parts. What
 * they save is their own business.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "decode/decoder_save.h"
#include "detect/save.h"
#include "engine/engine.h"
#include "saved/saved.h"

#define STATE_VERSION 1
#define STATE_MAGIC "weir-st"
#define STATE_ORDER 0x01020304u /* of bytes */

struct head {
	char magic[sizeof(STATE_MAGIC)];
	uint32_t version, order;
	uint64_t length;   /* with this */
	uint64_t checksum; /* XXH3 of what follows */
};

size_t weir_engine_save(const struct weir_engine *engine, void *bytes, size_t capacity)
{
	struct weir_saver saver = {.bytes = bytes, .capacity = capacity, .length = sizeof(struct head)};

	weir_decoder_save(engine->decoder, &saver);
	weir_detect_save(engine->detect, &saver);
	size_t length = weir_save_end(&saver);

	if (length <= capacity) {
		const struct head head = {
		        .magic = STATE_MAGIC,
		        .version = STATE_VERSION,
		        .order = STATE_ORDER,
		        .length = length,
		        .checksum = XXH3_64bits(saver.bytes + sizeof(head), length - sizeof(head)),
		};

		memcpy(bytes, &head, sizeof(head));
	}
	return length;
}

static int check_head(struct weir_loader *loader)
{
	struct head head;

	if (loader->length < sizeof(head) || memcmp(loader->bytes, STATE_MAGIC, sizeof(STATE_MAGIC)) != 0)
		return weir_load_refuse(loader, -EBADMSG, "it is no saved state of weir");
	memcpy(&head, loader->bytes, sizeof(head));
	if (head.order != STATE_ORDER || head.version != STATE_VERSION)
		return weir_load_refuse(loader, -EPROTO,
		                        "another version of weir, or another machine, has saved it");
	if (head.length != loader->length)
		return weir_load_refuse(loader, -EBADMSG, "it is %zu bytes long and should be %" PRIu64,
		                        loader->length, head.length);
	if (head.checksum != XXH3_64bits(loader->bytes + sizeof(head), loader->length - sizeof(head)))
		return weir_load_refuse(loader, -EBADMSG, "its checksum is wrong");
	loader->at = sizeof(head);
	return 0;
}

static bool has_begun(const struct weir_engine *engine)
{
	const struct weir_decode_counters *counters = weir_decoder_counters(engine->decoder);
	uint64_t fed = 0;

	for (int i = 0; i < WEIR_DATAGRAM_OUTCOMES; i++)
		fed += counters->datagrams[i];
	return fed > 0 || weir_detect_has_begun(engine->detect);
}

/* Into parts of its own, which the engine gets when all is well. */
static int load(struct weir_engine *engine, struct weir_loader *loader)
{
	struct weir_decoder *decoder = NULL;
	struct weir_detect *detect = NULL;
	int error = weir_engine_make_parts(engine, &decoder, &detect);

	if (error == 0)
		error = weir_decoder_load(decoder, loader);
	if (error == 0)
		error = weir_detect_load(detect, loader);
	if (error == 0)
		error = weir_load_end(loader);
	if (error == 0) {
		struct weir_decoder *old_decoder = engine->decoder;
		struct weir_detect *old_detect = engine->detect;

		engine->decoder = decoder;
		engine->detect = detect;
		decoder = old_decoder;
		detect = old_detect;
	}
	weir_decoder_free(decoder);
	weir_detect_free(detect);
	return error;
}

int weir_engine_restore(struct weir_engine *engine, const void *bytes, size_t length, int64_t latest_ns,
                        char *why, size_t why_size)
{
	struct weir_loader loader = {.bytes = bytes, .length = length, .latest_ns = latest_ns};
	int error = has_begun(engine) ? weir_load_refuse(&loader, -EBUSY, "the engine has begun")
	                              : check_head(&loader);

	if (error == 0)
		error = load(engine, &loader);
	if (error == 0)
		weir_detect_adopt(engine->detect);
	else if (why_size > 0)
		snprintf(why, why_size, "%s", loader.why[0] != '\0' ? loader.why : strerror(-error));
	return error;
}
