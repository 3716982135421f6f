/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a configuration and a chart mean to the engine: see setup.h.
 */
#include "gateway/setup.h"

static struct weir_site_rules site_rules(const struct weir_config *config)
{
	struct weir_site_rules rules = {.jump_sog_kn = config->rules.jump_sog_kn,
	                                .repeat_ns = config->rules.repeat_ns};

	if (config->rules.distress)
		rules.on |= 1u << WEIR_RULE_DISTRESS;
	if (config->rules.jump != WEIR_SEVERITIES) {
		rules.on |= 1u << WEIR_RULE_JUMP;
		rules.jump_severity = (enum weir_severity)config->rules.jump;
	}
	if (config->rules.identity != WEIR_SEVERITIES) {
		rules.on |= 1u << WEIR_RULE_IDENTITY;
		rules.identity_severity = (enum weir_severity)config->rules.identity;
	}
	return rules;
}

struct weir_engine_options weir_setup_engine(const struct weir_config *config, const struct weir_chart *chart)
{
	return (struct weir_engine_options){
	        .area = chart->area,
	        .fences = chart->fences,
	        .max_devices = (uint32_t)config->engine.max_devices,
	        .time_of_reception = config->engine.clock == WEIR_CLOCK_WALL,
	        .silence_ns = config->engine.silence_ns,
	        .rules = site_rules(config),
	        .gps_devices = config->devices,
	        .gps_device_count = (uint32_t)config->device_count,
	        .duplicate_window_ns = config->engine.duplicate_window_ns,
	        .decoder = {.fragment_timeout_ns = config->engine.fragment_timeout_ns,
	                    .fixes = config->engine.gps,
	                    .clock_bound_ns = config->engine.clock_bound_ns,
	                    .second_bound_ns = config->engine.second_bound_ns},
	};
}
