/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of `weir fences` share.
 */
#ifndef WEIR_CLI_FENCES_H
#define WEIR_CLI_FENCES_H

#include <stdbool.h>

#include "gateway/config.h"
#include "publish/publish.h"

#define WEIR_FENCES_SERVERS_MAX 16

struct weir_fences_command {
	const char *config_file;
	const char *servers[WEIR_FENCES_SERVERS_MAX];
	struct weir_nats_options nats;
	const char *bucket; /* NULL: that of the configuration, or weir_fences */
	bool prune;         /* keys that no file has are deleted */
	bool loadable;      /* export what can be loaded again */
	double margin_m;    /* NAN: that of the configuration, or 0 */
	struct weir_config *config;
	const char *const *files;
	size_t file_count;
};

/* Puts the Features of the files, which are good, into the bucket. Returns an exit status. */
int weir_fences_push(const struct weir_fences_command *command);

#endif
