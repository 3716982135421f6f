/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Setups: see setup.h. Opens no socket and touches no interface.
 */
#include "gateway/setup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "prefilter/network.h"

/* More than anybody reads; a wrong file could have one in every line. */
#define PROBLEMS_SHOWN 200
#define PROBLEM_SHOWN 8192 /* bytes of one: a path and a value of the operator's are in it */

/* A file that the configuration names wrongly has been told of already. */
static size_t good_files(const struct weir_config *config, const char **files)
{
	size_t count = 0;

	for (size_t i = 0; i < config->fences.file_count; i++)
		if (config->fences.files[i])
			files[count++] = config->fences.files[i];
	return count;
}

static int load_fences(struct weir_chart *chart, const struct weir_config *config,
                       const struct weir_fence_text *texts, size_t text_count, struct weir_problems *problems)
{
	const char **files = calloc(config->fences.file_count + 1, sizeof *files);
	struct weir_fence_options options = {
	        .margin_m = config->fences.margin_m, .texts = texts, .text_count = text_count};
	size_t before = problems->count;

	if (!files)
		return -ENOMEM;
	options.file_count = good_files(config, files);
	options.files = files;
	int error = weir_fences_load(&chart->fences, &options, problems);
	if (error && problems->count == before)
		weir_problem_add(problems, NULL, 0, 0, "the fences can't be loaded: %s", strerror(-error));
	free(files);
	return error;
}

static int make_area(struct weir_chart *chart, const struct weir_config *config,
                     struct weir_problems *problems)
{
	int error = weir_area_new(&chart->area, config->prefilter.boxes, config->prefilter.box_count,
	                          chart->fences);
	if (!error) {
		chart->tiles = calloc(1, sizeof *chart->tiles);
		error = chart->tiles ? weir_area_tiles(chart->area, chart->tiles) : -ENOMEM;
	}
	if (error)
		weir_problem_add(problems, config->file, 0, 0, "the area of interest can't be built: %s",
		                 strerror(-error));
	return error;
}

int weir_setup_load(struct weir_setup *out, const char *file, const struct weir_fence_text *texts,
                    size_t text_count, struct weir_problems *problems)
{
	struct weir_setup setup = {0};
	size_t before = problems->count;

	int error = weir_config_load(&setup.config, file, problems);
	if (!error)
		error = load_fences(&setup.chart, setup.config, texts, text_count, problems);
	if (!error && problems->count > before)
		error = -EINVAL;
	if (!error)
		error = make_area(&setup.chart, setup.config, problems);
	if (error)
		weir_setup_clear(&setup);
	else
		*out = setup;
	return error;
}

void weir_problems_print(const struct weir_problems *problems, FILE *out)
{
	char text[PROBLEM_SHOWN];

	for (size_t i = 0; i < problems->count && i < PROBLEMS_SHOWN; i++) {
		weir_problem_format(&problems->items[i], text, sizeof text);
		fprintf(out, "weir: %s\n", text);
	}
	if (problems->count > PROBLEMS_SHOWN)
		fprintf(out, "weir: and %zu more problems\n", problems->count - PROBLEMS_SHOWN);
}

static void print_ingest(const struct weir_config *config, FILE *out)
{
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	for (size_t i = 0; i < config->ingest.listen_count; i++)
		fprintf(out, "listen     udp %s%s\n",
		        weir_endpoint_format(&config->ingest.listen[i], text, sizeof text),
		        config->ingest.listen[i].multicast ? " (multicast)" : "");
}

static void print_prefilter(const struct weir_config *config, FILE *out)
{
	fprintf(out, "prefilter  %s", weir_prefilter_mode_name(config->prefilter.mode));
	for (size_t i = 0; i < config->prefilter.interface_count; i++)
		fprintf(out, "%s%s", i == 0 ? " on " : ", ", config->prefilter.interfaces[i]);
	fprintf(out, "%s\n", config->prefilter.observe ? "; observes only, drops nothing" : "");
	for (size_t i = 0; i < config->prefilter.box_count; i++) {
		const struct weir_box *box = &config->prefilter.boxes[i];
		fprintf(out, "box        %.7g, %.7g to %.7g, %.7g%s\n", box->west, box->south, box->east,
		        box->north, box->west > box->east ? " (over the antimeridian)" : "");
	}
}

static void print_senders(const struct weir_config *config, FILE *out)
{
	char text[WEIR_NETWORK_TEXT_SIZE];

	for (size_t i = 0; i < config->prefilter.allow_count; i++)
		fprintf(out, "allow      %s\n", weir_network_format(&config->prefilter.allow[i], text));
	if (config->prefilter.rate_packets_per_s > 0)
		fprintf(out, "rate limit %" PRIu64 " datagrams a second of a sender, %" PRIu64 " at once\n",
		        config->prefilter.rate_packets_per_s, config->prefilter.rate_burst);
	if (config->prefilter.senders > 0)
		fprintf(out, "senders    %" PRIu64 " counted one by one\n", config->prefilter.senders);
}

static void print_rule(const struct weir_rule *rule, bool is_first, FILE *out)
{
	fprintf(out, "%s %s (%s", is_first ? ":" : ",", weir_rule_name(rule->kind),
	        weir_severity_name(rule->severity));
	if (rule->kind == WEIR_RULE_ENTER || rule->kind == WEIR_RULE_EXIT)
		fprintf(out, ", %u fix%s", rule->confirm_fixes, rule->confirm_fixes == 1 ? "" : "es");
	fputc(')', out);
}

static void print_fences(const struct weir_fences *fences, FILE *out)
{
	for (size_t i = 0; i < weir_fences_count(fences); i++) {
		const struct weir_fence *fence = weir_fences_get(fences, i);

		fprintf(out, "fence      %s", fence->id);
		if (fence->name)
			fprintf(out, " (%s)", fence->name);
		fprintf(out, ", margin %g m", fence->margin_m);
		for (size_t j = 0; j < fence->rule_count; j++)
			print_rule(&fence->rules[j], j == 0, out);
		fputc('\n', out);
	}
}

static void print_area(const struct weir_setup *setup, FILE *out)
{
	const struct weir_area_tiles *tiles = setup->chart.tiles;
	size_t full = 0;

	for (size_t i = 0; i < WEIR_AREA_CELLS; i++)
		full += tiles->cells[i] == WEIR_CELL_FULL;
	if (full == WEIR_AREA_CELLS)
		fputs("area       the whole earth: no box and no fence narrows it, so nothing is dropped\n",
		      out);
	else
		fprintf(out, "area       %zu full cells of 0.9 degrees, %u tiles of 64 by 64\n", full,
		        (unsigned)tiles->tile_count);
}

/* A URL may hold a password. */
static void print_server(const char *url, FILE *out)
{
	const char *host = strstr(url, "://") + 3;
	const char *at = strrchr(host, '@');

	fprintf(out, "nats       %.*s%s%s\n", (int)(host - url), url, at ? "(user)@" : "",
	        at ? at + 1 : host);
}

void weir_setup_print(const struct weir_setup *setup, FILE *out)
{
	const struct weir_config *config = setup->config;
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	fprintf(out, "site       %s\n", config->site);
	print_ingest(config, out);
	print_prefilter(config, out);
	print_senders(config, out);
	print_fences(setup->chart.fences, out);
	print_area(setup, out);
	if (config->fences.bucket)
		fprintf(out, "fences     and what is in the bucket %s, which is not looked at here\n",
		        config->fences.bucket);
	for (size_t i = 0; i < config->nats.server_count; i++)
		print_server(config->nats.servers[i], out);
	if (config->nats.server_count == 0)
		fputs("nats       none: events go to standard output\n", out);
	if (config->http.enabled)
		fprintf(out, "http       %s\n",
		        weir_endpoint_format(&config->http.listen, text, sizeof text));
	if (config->engine.clock == WEIR_CLOCK_EVENT)
		fputs("clock      event: time is what the reports say\n", out);
	if (config->run_as)
		fprintf(out, "run as     %s\n", config->run_as);
}

void weir_chart_clear(struct weir_chart *chart)
{
	free(chart->tiles);
	weir_area_free(chart->area);
	weir_fences_free(chart->fences);
	*chart = (struct weir_chart){0};
}

void weir_setup_clear(struct weir_setup *setup)
{
	weir_chart_clear(&setup->chart);
	weir_config_free(setup->config);
	*setup = (struct weir_setup){0};
}
