/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of the gateway: one YAML file, read once, immutable after that.
 *
 * Every fault in it is collected with its line and column, so that an operator sees all of them in
 * one go. The file of each path is looked for beside the configuration file.
 */
#ifndef WEIR_GATEWAY_CONFIG_H
#define WEIR_GATEWAY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/engine.h>
#include <weir/fence.h>
#include <weir/problem.h>

#include "gateway/log.h"
#include "ingest/ingest.h"
#include "prefilter/prefilter.h"
#include "publish/publish.h"

enum weir_clock { WEIR_CLOCK_WALL, WEIR_CLOCK_EVENT };

struct weir_config {
	const char *file;
	const char *site; /* a subject token */

	struct {
		struct weir_endpoint *listen;
		size_t listen_count;
		uint64_t receive_buffer_bytes;
	} ingest;

	struct {
		enum weir_prefilter_mode mode; /* off where the section is absent */
		const char **interfaces;
		size_t interface_count;
		struct weir_box *boxes;
		size_t box_count;
		bool observe; /* count verdicts, drop nothing */
		uint64_t max_followed;
		struct weir_network *allow; /* senders that are heard; none: everybody is */
		size_t allow_count;
		uint64_t rate_packets_per_s; /* of a sender; 0: no limit */
		uint64_t rate_burst;         /* as many as packets_per_s where it is absent */
		uint64_t senders;            /* that are counted one by one; 0: none */
	} prefilter;

	struct {
		const char **files;
		size_t file_count;
		double margin_m;
		const char *bucket; /* of NATS; NULL: none */
	} fences;

	struct {
		uint64_t max_devices;
		int64_t silence_ns;
		int64_t fragment_timeout_ns;
		int64_t clock_bound_ns;      /* 0: a sender's clock may say anything */
		bool has_clock_bound;        /* it was written */
		int64_t second_bound_ns;     /* 0: times are not corrected */
		int64_t duplicate_window_ns; /* 0: none */
		bool gps;
		enum weir_clock clock;
		const char *state_file; /* NULL: the state is not kept */
		int64_t state_interval_ns;
	} engine;

	/* Those without a fence. Severities: enum weir_severity, or WEIR_SEVERITIES where the rule is off. */
	struct {
		bool distress;
		int jump, identity;
		double jump_sog_kn;
		int64_t repeat_ns; /* 0: never */
	} rules;

	struct weir_gps_device *devices; /* ids of GPS devices by their senders */
	size_t device_count;

	struct {
		const char **servers; /* none: events go to standard output */
		size_t server_count;
		const char *credentials; /* paths; NULL: not used */
		const char *nkey;        /* public key */
		const char *nkey_seed;
		const char *tls_ca, *tls_cert, *tls_key;
		const char *name;      /* of the connection */
		bool position_headers; /* CloudEvents headers on positions and static data too */
	} nats;

	struct {
		struct weir_endpoint listen;
		bool enabled;
	} http;

	struct {
		enum weir_log_level level;
		enum weir_log_format format;
	} log;

	const char *run_as; /* the user that the process becomes after its start; NULL: stays */

	struct weir_block *memory; /* everything above points into it */
};

/*
 * Reads a configuration. Returns 0 where the file could be read as YAML: then *out is set, and good to
 * use if no problem was added; with problems it is good for finding more of them, and a value that was
 * faulty is zero. Else returns a negative errno, with at least one problem, and *out is untouched.
 */
int weir_config_load(struct weir_config **out, const char *file, struct weir_problems *problems);

/* What it says of the broker; the texts are the configuration's. */
struct weir_nats_options weir_config_nats(const struct weir_config *config);

/* The keys in which they differ and that a reload can't apply: "nats.servers, run_as", cut at size. */
void weir_config_differences(const struct weir_config *one, const struct weir_config *other, char *out,
                             size_t size);

/* Takes NULL. */
void weir_config_free(struct weir_config *config);

#endif
