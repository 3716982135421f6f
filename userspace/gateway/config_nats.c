/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration says of the broker, as who connects to it wants it.
 */
#include "gateway/config.h"

struct weir_nats_options weir_config_nats(const struct weir_config *config)
{
	return (struct weir_nats_options){
	        .servers = config->nats.servers,
	        .server_count = config->nats.server_count,
	        .name = config->nats.name,
	        .credentials_file = config->nats.credentials,
	        .nkey = config->nats.nkey,
	        .nkey_seed_file = config->nats.nkey_seed,
	        .ca_file = config->nats.tls_ca,
	        .certificate_file = config->nats.tls_cert,
	        .key_file = config->nats.tls_key,
	};
}
