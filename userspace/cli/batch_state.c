/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file is a head, the clock, and the engine's state, which guards itself. See batch_state.h.
 */
#include "cli/batch_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "gateway/state_file.h"
#include "saved/saved.h"

#define MAGIC "weir-ar"
#define CLOCK_BYTES (1 << 22) /* a decoder's table of unfinished messages takes 2.5 MB when it is full */

struct head {
	char magic[sizeof(MAGIC)];
	uint64_t clock_length; /* of what follows, before the engine's state */
	uint64_t checksum;     /* XXH3 of that */
};

#define CLOCK(F, T) F(T, received_ns, ANY, 0) F(T, undated, ANY, 0) F(T, has_times, BOOL, 0)
extern const struct weir_saved_record weir_saved_clocks;
WEIR_SAVED_RECORD(weir_saved_clocks, "clock", struct batch_clock, CLOCK, 7);

static int complain(const char *file, const char *what, const char *why, int error)
{
	fprintf(stderr, "weir: batch: the state in %s can't be %s: %s\n", file, what, why);
	return error;
}

static int load_clock(struct weir_loader *loader, struct weir_recorded *recorded, struct batch_clock *clock)
{
	struct batch_clock loaded;
	uint64_t count;
	int error = weir_load_section(loader, &weir_saved_clocks, &count);

	if (error == 0)
		error = weir_load(loader, &loaded);
	if (error == 0)
		error = weir_recorded_load(recorded, loader);
	if (error == 0)
		error = weir_load_end(loader);
	if (error == 0)
		*clock = loaded;
	return error;
}

/* The part before the engine's. */
static int restore(struct weir_loader *loader, const uint8_t *bytes, size_t length,
                   struct weir_recorded *recorded, struct batch_clock *clock)
{
	struct head head;

	if (length < sizeof(head) || memcmp(bytes, MAGIC, sizeof(MAGIC)) != 0)
		return weir_load_refuse(loader, -EBADMSG, "it is no state of an archive");
	memcpy(&head, bytes, sizeof(head));
	if (head.clock_length > length - sizeof(head) ||
	    head.checksum != XXH3_64bits(bytes + sizeof(head), head.clock_length))
		return weir_load_refuse(loader, -EBADMSG, "it is damaged");
	loader->bytes = bytes + sizeof(head);
	loader->length = head.clock_length;
	return load_clock(loader, recorded, clock);
}

int batch_state_read(const char *file, struct weir_engine *engine, struct weir_recorded *recorded,
                     struct batch_clock *clock)
{
	struct weir_loader loader = {0};
	struct batch_clock loaded;
	char why[256] = "";
	size_t length;
	void *bytes;
	int error = weir_state_file_read(file, &bytes, &length);

	if (error == -ENOENT)
		return 0;
	if (error)
		return complain(file, "read", error == -EINVAL ? "it is not a file" : strerror(-error),
		                error);
	error = restore(&loader, bytes, length, recorded, &loaded);
	if (error) {
		snprintf(why, sizeof why, "%s", loader.why[0] != '\0' ? loader.why : strerror(-error));
	} else {
		const uint8_t *state = loader.bytes + loader.length;

		error = weir_engine_restore(engine, state, length - (size_t)(state - (uint8_t *)bytes), 0,
		                            why, sizeof why);
	}
	free(bytes);
	if (error)
		return complain(file, "used", why, error);
	*clock = loaded;
	return 0;
}

int batch_state_write(const char *file, const struct weir_engine *engine,
                      const struct weir_recorded *recorded, const struct batch_clock *clock)
{
	size_t room = sizeof(struct head) + CLOCK_BYTES, state = weir_engine_save(engine, NULL, 0);
	uint8_t *bytes = malloc(room + state);

	if (!bytes)
		return complain(file, "written", strerror(ENOMEM), -ENOMEM);
	struct weir_saver saver = {.bytes = bytes + sizeof(struct head), .capacity = CLOCK_BYTES};
	weir_save_section(&saver, &weir_saved_clocks);
	weir_save(&saver, clock);
	weir_recorded_save(recorded, &saver);
	size_t length = weir_save_end(&saver);

	const struct head head = {MAGIC, length, XXH3_64bits(bytes + sizeof(head), length)};
	memcpy(bytes, &head, sizeof(head));
	length += sizeof(head);
	int error = length > room ? -ENOBUFS : 0;
	if (!error) {
		length += weir_engine_save(engine, bytes + length, state);
		error = weir_state_file_write(file, bytes, length);
	}
	free(bytes);
	return error ? complain(file, "written", strerror(-error), error) : 0;
}
