/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine alone, as `weir batch` has it, and a change of fences on the way: recorded lines in, alerts out
 * as the gateway would write them.
 *
 *     tool_engine CONFIG LINES [CONFIG LINES…]
 *
 * From the second configuration on, its fences and its area take the place of those before, as by a reload of
 * the gateway; what it says else is ignored. Times are those of the lines: the configuration should have
 * engine.clock: event.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weir/engine.h>

#include "batch/recorded.h"
#include "decode/lines.h"
#include "gateway/setup.h"
#include "publish/geojson.h"

static const char *site;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "tool_engine: %s: %s\n", what, why);
	exit(1);
}

static void write_event(void *context, const struct weir_event *event)
{
	char line[WEIR_GEOJSON_MAX];

	(void)context;
	if (event->kind != WEIR_EVENT_ALERT)
		return;
	fwrite(line, 1, weir_geojson_line(event, site, line), stdout);
	putchar('\n');
}

static void load(struct weir_setup *setup, const char *file)
{
	struct weir_problems problems = {0};

	if (weir_setup_load(setup, file, NULL, 0, &problems) == 0)
		return;
	weir_problems_print(&problems, stderr);
	exit(1);
}

static void change(struct weir_engine *engine, const struct weir_chart *from, const struct weir_chart *to)
{
	struct weir_renumbering renumbering;

	if (weir_fences_renumber(&renumbering, from->fences, to->fences) != 0)
		die("fences", strerror(ENOMEM));
	weir_engine_change_chart(engine, to->fences, to->area, renumbering.numbers);
	free(renumbering.numbers);
}

static void feed(struct weir_engine *engine, const char *file)
{
	struct weir_recorded *recorded;
	struct weir_lines *lines;
	struct weir_datagram datagram = {0};
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0 || weir_lines_new(&lines) != 0 || weir_recorded_new(&recorded) != 0)
		die(file, strerror(errno));
	do {
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);

		got = read(fd, into, room);
		if (got < 0)
			die(file, strerror(errno));
		weir_lines_added(lines, (size_t)got);
		while (weir_lines_next(lines, &datagram)) {
			weir_recorded_time(recorded, &datagram, &datagram.received_ns);
			weir_engine_received(engine, datagram.received_ns);
			weir_engine_feed(engine, &datagram);
		}
	} while (got > 0);
	weir_lines_free(lines);
	weir_recorded_free(recorded);
	close(fd);
}

int main(int argc, char **argv)
{
	const struct weir_engine_sink sink = {.event = write_event};
	struct weir_engine *engine = NULL;
	struct weir_setup setups[8];
	int count = 0;

	if (argc < 3 || argc % 2 == 0 || argc / 2 > 8)
		die("wrong usage", "tool_engine CONFIG LINES [CONFIG LINES...]");
	for (int i = 1; i < argc; i += 2, count++) {
		struct weir_setup *setup = &setups[count];

		load(setup, argv[i]);
		if (count == 0) {
			const struct weir_engine_options options =
			        weir_setup_engine(setup->config, &setup->chart);
			site = setup->config->site;
			if (weir_engine_new(&engine, &options, &sink) != 0)
				die("engine", strerror(ENOMEM));
		} else {
			change(engine, &setups[count - 1].chart, &setup->chart);
		}
		feed(engine, argv[i + 1]);
	}
	weir_engine_flush(engine);
	weir_engine_free(engine);
	while (count > 0)
		weir_setup_clear(&setups[--count]);
	return 0;
}
