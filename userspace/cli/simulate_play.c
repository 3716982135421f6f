/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pace and output of a simulation: see simulate.h. It does not know what is simulated.
 */
#include "cli/simulate.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "simulate/pacer.h"
#include "simulate/sender.h"

#define NANOSECONDS INT64_C(1000000000)

struct player {
	const struct simulate_source *source;
	const struct simulate_way *way;
	FILE *file; /* one of the two */
	struct weir_sender *sender;
	struct weir_pacer *pacer;
	uint64_t datagrams;
	int64_t last_ns;
	int output_error; /* an errno: why the file takes nothing any more */
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* The first SIGINT or SIGTERM ends the work in good order. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = stop};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void note_output_error(struct player *player)
{
	if (player->output_error == 0 && ferror(player->file))
		player->output_error = errno != 0 ? errno : EIO;
}

static void flush(struct player *player)
{
	if (player->sender)
		weir_sender_flush(player->sender);
	else if (fflush(player->file) != 0)
		note_output_error(player);
}

/* Waits until what comes next is due, having sent what came before. False: it is time to stop. */
static bool keep_pace(struct player *player, int64_t due_ns)
{
	if (player->way->pps > 0)
		due_ns = llrint((double)player->datagrams / player->way->pps * (double)NANOSECONDS);
	if (weir_pacer_early(player->pacer, due_ns))
		flush(player);
	while (!stopped && weir_pacer_early(player->pacer, due_ns)) {
		int rc = weir_pacer_wait(player->pacer, due_ns);
		if (rc < 0 && rc != -EINTR)
			return false;
	}
	return !stopped;
}

/* 0, or a negative errno: the output takes nothing any more. */
static int put(struct player *player, const struct weir_transmission *transmission)
{
	for (size_t i = 0; i < transmission->count; i++) {
		const struct weir_line *line = &transmission->lines[i];
		if (player->sender) {
			if (transmission->remark)
				continue;
			weir_sender_add(player->sender, line->bytes, line->length);
		} else {
			fwrite(line->bytes, 1, line->length, player->file);
			/* Malformed datagrams need not end in a line end; the next line must begin on its
			 * own. */
			if (line->length > 0 && line->bytes[line->length - 1] != '\n')
				putc('\n', player->file);
			note_output_error(player);
		}
		player->datagrams++;
	}
	return -player->output_error;
}

static int run(struct player *player)
{
	const struct simulate_source *source = player->source;
	int64_t end_ns = player->way->end_ns;
	bool counts = player->way->pps > 0;
	struct weir_transmission transmission;

	/* Begins now, not with the first transmission. */
	weir_pacer_early(player->pacer, counts ? 0 : player->way->start_ns);
	for (;;) {
		int64_t due_ns = source->due_ns(source->context);
		if (due_ns == INT64_MAX)
			return 0;
		if (due_ns >= end_ns) {
			player->last_ns = end_ns;
			return counts || keep_pace(player, end_ns) || stopped ? 0 : -EIO;
		}
		if (!keep_pace(player, due_ns))
			return 0;
		int rc = source->next(source->context, &transmission);
		if (rc < 0)
			return rc;
		player->last_ns = transmission.time_ns;
		rc = put(player, &transmission);
		if (rc < 0)
			return rc;
	}
}

static int open_output(struct player *player)
{
	const struct simulate_way *way = player->way;
	int rc = weir_pacer_new(&player->pacer, way->pps > 0 ? 1 : way->rate);

	if (rc < 0) {
		fprintf(stderr, "weir: can't begin to simulate: %s\n", strerror(-rc));
		return rc;
	}
	if (way->to) {
		rc = weir_sender_open(&player->sender, way->to);
		if (rc < 0)
			fprintf(stderr, "weir: can't send to '%s': %s\n", way->to,
			        rc == -EINVAL ? WEIR_SENDER_WANTS : strerror(-rc));
		return rc;
	}
	player->file = way->output ? fopen(way->output, "we") : stdout;
	if (player->file)
		return 0;
	rc = -errno;
	fprintf(stderr, "weir: can't write '%s': %s\n", way->output, strerror(errno));
	return rc;
}

static int close_output(struct player *player)
{
	flush(player);
	if (player->way->output && player->file && fclose(player->file) != 0 && player->output_error == 0)
		player->output_error = errno;
	return -player->output_error;
}

static void add_up(const struct player *player, struct simulate_sum *sum)
{
	sum->seconds = (double)(player->last_ns - player->way->start_ns) / (double)NANOSECONDS;
	if (!player->sender)
		return;
	const struct weir_sender_counters *sent = weir_sender_counters(player->sender);
	sum->sent = true;
	sum->datagrams = sent->datagrams;
	sum->bytes = sent->bytes;
	sum->failed = sent->failed;
}

int simulate_play(const struct simulate_source *source, const struct simulate_way *way,
                  struct simulate_sum *sum)
{
	struct player player = {.source = source, .way = way, .last_ns = way->start_ns};
	int rc = open_output(&player);

	*sum = (struct simulate_sum){0};
	if (rc < 0)
		goto out;
	catch_signals();
	rc = run(&player);
	int closed = close_output(&player);
	if (rc == 0)
		rc = closed;
	if (rc == -EPIPE) /* whoever read it has had enough */
		rc = 0;
	if (rc < 0)
		fprintf(stderr, "weir: the simulation ended early: %s\n", strerror(-rc));
	add_up(&player, sum);
out:
	weir_sender_close(player.sender);
	weir_pacer_free(player.pacer);
	return rc;
}
