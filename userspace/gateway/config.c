/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of the configuration's keys, and what the table can't say: how keys depend on each other.
 * How a document is read by a table: schema.c.
 */
#include "gateway/config.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/schema.h"

#define AT(member) offsetof(struct weir_config, member)

/* In the order of their enums. */
static const char *const modes[WEIR_PREFILTER_MODES + 1] = {"auto", "native", "generic", "off"};
static const char *const clocks[] = {"wall", "event", NULL};
static const char *const levels[] = {"error", "warning", "info", "debug", NULL};
static const char *const formats[] = {"text", "json", NULL};

/* The least is what sockets have anyway; the most is far below what a kernel refuses. */
static const struct weir_key ingest_keys[] = {
        {"listen", WEIR_KEY_ENDPOINT, .required = true, .list = true, .target = AT(ingest.listen),
         .count = AT(ingest.listen_count), .maximum = WEIR_INGEST_ENDPOINTS_MAX},
        {"receive_buffer_bytes", WEIR_KEY_INTEGER, .target = AT(ingest.receive_buffer_bytes),
         .minimum = 65536, .maximum = 1 << 30, .fallback = "16777216"},
        {NULL},
};

static const struct weir_key rate_limit_keys[] = {
        {"packets_per_s", WEIR_KEY_INTEGER, .required = true, .target = AT(prefilter.rate_packets_per_s),
         .minimum = 1, .maximum = WEIR_RATE_MAX},
        {"burst", WEIR_KEY_INTEGER, .target = AT(prefilter.rate_burst), .minimum = 1,
         .maximum = WEIR_RATE_MAX},
        {NULL},
};

static const struct weir_key prefilter_keys[] = {
        {"mode", WEIR_KEY_CHOICE, .target = AT(prefilter.mode), .choices = modes, .fallback = "auto"},
        {"interfaces", WEIR_KEY_INTERFACE, .list = true, .target = AT(prefilter.interfaces),
         .count = AT(prefilter.interface_count), .maximum = 16},
        {"boxes", WEIR_KEY_BOX, .live = true, .list = true, .target = AT(prefilter.boxes),
         .count = AT(prefilter.box_count), .maximum = 1024},
        {"observe", WEIR_KEY_BOOL, .live = true, .target = AT(prefilter.observe), .fallback = "false"},
        {"max_followed", WEIR_KEY_INTEGER, .target = AT(prefilter.max_followed), .minimum = 1024,
         .maximum = 4194304, .fallback = "65536"},
        {"allow", WEIR_KEY_NETWORK, .list = true, .target = AT(prefilter.allow),
         .count = AT(prefilter.allow_count), .maximum = 4096},
        {"rate_limit", WEIR_KEY_SECTION, .keys = rate_limit_keys},
        {"senders", WEIR_KEY_INTEGER, .target = AT(prefilter.senders), .minimum = 0, .maximum = 65536,
         .fallback = "0"},
        {NULL},
};

static const struct weir_key fences_keys[] = {
        {"files", WEIR_KEY_PATH, .live = true, .list = true, .target = AT(fences.files),
         .count = AT(fences.file_count), .maximum = 1024},
        {"margin_m", WEIR_KEY_NUMBER, .live = true, .target = AT(fences.margin_m), .minimum = 0,
         .maximum = 100000, .fallback = "1000"},
        {"bucket", WEIR_KEY_TOKEN, .target = AT(fences.bucket)},
        {NULL},
};

/* How far off a clock may be where the configuration does not say: what is live is not older than that. */
#define CLOCK_BOUND_NS INT64_C(600000000000)

static const struct weir_key device_keys[] = {
        {"sender", WEIR_KEY_SENDER, .required = true, .target = offsetof(struct weir_gps_device, sender)},
        {"id", WEIR_KEY_DEVICE_ID, .required = true, .target = offsetof(struct weir_gps_device, id)},
        {NULL},
};

static const struct weir_key engine_keys[] = {
        {"max_devices", WEIR_KEY_INTEGER, .target = AT(engine.max_devices), .minimum = 1024,
         .maximum = 4194304, .fallback = "65536"},
        {"silence_s", WEIR_KEY_SECONDS, .target = AT(engine.silence_ns), .minimum = 60, .maximum = 604800,
         .fallback = "1800"},
        {"fragment_timeout_s", WEIR_KEY_SECONDS, .target = AT(engine.fragment_timeout_ns), .minimum = 0.1,
         .maximum = 60, .fallback = "3"},
        {"clock_bound_s", WEIR_KEY_SECONDS, .target = AT(engine.clock_bound_ns),
         .present = AT(engine.has_clock_bound), .minimum = 0, .maximum = 31536000},
        {"second_bound_s", WEIR_KEY_SECONDS, .target = AT(engine.second_bound_ns), .minimum = 0,
         .maximum = 29, .fallback = "0"},
        {"duplicate_window_s", WEIR_KEY_SECONDS, .target = AT(engine.duplicate_window_ns), .minimum = 0,
         .maximum = 3600, .fallback = "10"},
        {"gps", WEIR_KEY_BOOL, .target = AT(engine.gps), .fallback = "true"},
        {"clock", WEIR_KEY_CHOICE, .target = AT(engine.clock), .choices = clocks, .fallback = "wall"},
        {"state_file", WEIR_KEY_OUTPUT, .target = AT(engine.state_file)},
        {"state_interval_s", WEIR_KEY_SECONDS, .target = AT(engine.state_interval_ns), .minimum = 0.1,
         .maximum = 86400, .fallback = "60"},
        {NULL},
};

/* In the order of enum weir_severity, and one more. */
static const char *const severities_or_off[] = {"info", "warning", "alarm", "emergency", "off", NULL};

static const struct weir_key rules_keys[] = {
        {"distress", WEIR_KEY_BOOL, .target = AT(rules.distress), .fallback = "true"},
        {"jump", WEIR_KEY_CHOICE, .target = AT(rules.jump), .choices = severities_or_off,
         .fallback = "warning"},
        {"identity", WEIR_KEY_CHOICE, .target = AT(rules.identity), .choices = severities_or_off,
         .fallback = "warning"},
        {"jump_sog_kn", WEIR_KEY_NUMBER, .target = AT(rules.jump_sog_kn), .minimum = 10, .maximum = 1000,
         .fallback = "60"},
        {"repeat_s", WEIR_KEY_SECONDS, .target = AT(rules.repeat_ns), .minimum = 0, .maximum = 86400,
         .fallback = "0"},
        {NULL},
};

static const struct weir_key tls_keys[] = {
        {"ca", WEIR_KEY_PATH, .target = AT(nats.tls_ca)},
        {"cert", WEIR_KEY_PATH, .target = AT(nats.tls_cert)},
        {"key", WEIR_KEY_PATH, .target = AT(nats.tls_key)},
        {NULL},
};

static const struct weir_key nats_keys[] = {
        {"servers", WEIR_KEY_SERVER, .required = true, .list = true, .target = AT(nats.servers),
         .count = AT(nats.server_count), .maximum = 16},
        {"credentials", WEIR_KEY_PATH, .target = AT(nats.credentials)},
        {"nkey", WEIR_KEY_STRING, .target = AT(nats.nkey)},
        {"nkey_seed", WEIR_KEY_PATH, .target = AT(nats.nkey_seed)},
        {"tls", WEIR_KEY_SECTION, .keys = tls_keys},
        {"name", WEIR_KEY_STRING, .target = AT(nats.name), .fallback = "weir"},
        {"position_headers", WEIR_KEY_BOOL, .target = AT(nats.position_headers), .fallback = "true"},
        {NULL},
};

static const struct weir_key http_keys[] = {
        {"listen", WEIR_KEY_ENDPOINT, .required = true, .target = AT(http.listen),
         .present = AT(http.enabled)},
        {NULL},
};

static const struct weir_key log_keys[] = {
        {"level", WEIR_KEY_CHOICE, .live = true, .target = AT(log.level), .choices = levels,
         .fallback = "info"},
        {"format", WEIR_KEY_CHOICE, .target = AT(log.format), .choices = formats, .fallback = "text"},
        {NULL},
};

static const struct weir_key root_keys[] = {
        {"site", WEIR_KEY_TOKEN, .required = true, .target = AT(site)},
        {"ingest", WEIR_KEY_SECTION, .required = true, .keys = ingest_keys},
        {"prefilter", WEIR_KEY_SECTION, .keys = prefilter_keys},
        {"fences", WEIR_KEY_SECTION, .keys = fences_keys},
        {"engine", WEIR_KEY_SECTION, .keys = engine_keys},
        {"rules", WEIR_KEY_SECTION, .keys = rules_keys},
        {"devices", WEIR_KEY_SECTION, .list = true, .target = AT(devices), .count = AT(device_count),
         .size = sizeof(struct weir_gps_device), .maximum = WEIR_GPS_DEVICES_MAX, .keys = device_keys},
        {"nats", WEIR_KEY_SECTION, .keys = nats_keys},
        {"http", WEIR_KEY_SECTION, .keys = http_keys},
        {"log", WEIR_KEY_SECTION, .keys = log_keys},
        {"run_as", WEIR_KEY_STRING, .target = AT(run_as)},
        {NULL},
};

/* What is being checked, for the functions below. */
struct checked {
	struct weir_config *config;
	struct weir_document *document;
	struct weir_problems *problems;
};

static yaml_node_t *section(const struct checked *checked, const char *name)
{
	return weir_document_get(checked->document, checked->document->root, name);
}

static yaml_node_t *element(const struct checked *checked, const char *name, const char *key, size_t index)
{
	yaml_node_t *list = weir_document_get(checked->document, section(checked, name), key);

	return yaml_document_get_node(&checked->document->yaml, list->data.sequence.items.start[index]);
}

static bool same_place(const struct weir_endpoint *a, const struct weir_endpoint *b)
{
	return a->address.port == b->address.port &&
	       memcmp(a->address.ip, b->address.ip, sizeof a->address.ip) == 0 &&
	       strcmp(a->interface, b->interface) == 0;
}

static void check_ingest(const struct checked *checked)
{
	const struct weir_endpoint *listen = checked->config->ingest.listen;
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	for (size_t i = 0; i < checked->config->ingest.listen_count; i++)
		for (size_t j = 0; j < i; j++)
			if (listen[i].address.port != 0 && same_place(&listen[i], &listen[j]))
				weir_document_fault(checked->problems, checked->document,
				                    element(checked, "ingest", "listen", i),
				                    "'listen' names %s twice",
				                    weir_endpoint_format(&listen[i], text, sizeof text));
}

/* Archives and the clock of the reports go together: there, a report's time is compared with nothing. */
static void complete_engine(struct weir_config *config)
{
	if (!config->engine.has_clock_bound && config->engine.clock == WEIR_CLOCK_WALL)
		config->engine.clock_bound_ns = CLOCK_BOUND_NS;
}

struct device_place {
	const struct weir_gps_device *device;
	size_t index;
};

static int by_sender(const void *left, const void *right)
{
	const struct device_place *a = left, *b = right;
	int order = memcmp(a->device->sender.ip, b->device->sender.ip, sizeof a->device->sender.ip);

	if (order == 0)
		order = (int)a->device->sender.port - (int)b->device->sender.port;
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static bool same_sender(const struct weir_address *a, const struct weir_address *b)
{
	return a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

static void check_devices(const struct checked *checked)
{
	static const struct weir_address faulty; /* told of already */
	const struct weir_config *config = checked->config;
	size_t count = config->device_count;
	struct weir_block *memory = NULL;
	struct device_place *places = weir_block_alloc(&memory, count * sizeof *places);
	yaml_node_t *list = section(checked, "devices");

	for (size_t i = 0; i < count; i++)
		places[i] = (struct device_place){&config->devices[i], i};
	if (count > 0)
		qsort(places, count, sizeof *places, by_sender);
	for (size_t i = 1; i < count; i++) {
		const struct weir_address *sender = &places[i].device->sender;
		yaml_node_t *node;

		if (!same_sender(sender, &places[i - 1].device->sender) || same_sender(sender, &faulty))
			continue;
		node = yaml_document_get_node(&checked->document->yaml,
		                              list->data.sequence.items.start[places[i].index]);
		if (weir_document_get(checked->document, node, "sender"))
			node = weir_document_get(checked->document, node, "sender");
		weir_document_fault(checked->problems, checked->document, node,
		                    "'devices' names this sender twice");
	}
	weir_blocks_free(memory);
}

static void check_http(const struct checked *checked)
{
	const struct weir_endpoint *listen = &checked->config->http.listen;

	if (listen->multicast || listen->interface[0] != '\0')
		weir_document_fault(
		        checked->problems, checked->document,
		        weir_document_get(checked->document, section(checked, "http"), "listen"),
		        "'listen' must be an address of this machine with a port, e.g. \"127.0.0.1:9464\"");
}

static void check_prefilter(const struct checked *checked)
{
	struct weir_config *config = checked->config;
	yaml_node_t *node = section(checked, "prefilter");

	if (!node) {
		config->prefilter.mode = WEIR_PREFILTER_OFF;
		return;
	}
	if (config->prefilter.mode != WEIR_PREFILTER_OFF && config->prefilter.interface_count == 0 &&
	    !weir_document_get(checked->document, node, "interfaces"))
		weir_document_fault(
		        checked->problems, checked->document, node,
		        "'interfaces' is missing: where the feed arrives, e.g. [eth0]; or 'mode: off'");
	for (size_t i = 0; i < config->prefilter.interface_count; i++)
		for (size_t j = 0; j < i; j++) {
			const char *a = config->prefilter.interfaces[i], *b = config->prefilter.interfaces[j];
			if (a && b && strcmp(a, b) == 0)
				weir_document_fault(checked->problems, checked->document,
				                    element(checked, "prefilter", "interfaces", i),
				                    "'interfaces' names %s twice", a);
		}
}

/* A list without an element would silence everybody, and so would one that is left by mistake. */
static void check_senders(const struct checked *checked)
{
	struct weir_config *config = checked->config;
	yaml_node_t *node = section(checked, "prefilter");
	yaml_node_t *allow = weir_document_get(checked->document, node, "allow");

	if (allow && allow->type == YAML_SEQUENCE_NODE &&
	    allow->data.sequence.items.top == allow->data.sequence.items.start)
		weir_document_fault(
		        checked->problems, checked->document, allow,
		        "'allow' is empty: nobody would be heard; leave it out to hear everybody");
	if (config->prefilter.rate_burst == 0)
		config->prefilter.rate_burst = config->prefilter.rate_packets_per_s;
}

static void check_nats(const struct checked *checked)
{
	struct weir_config *config = checked->config;
	yaml_node_t *node = section(checked, "nats");

	if (config->nats.credentials && config->nats.nkey_seed)
		weir_document_fault(checked->problems, checked->document,
		                    weir_document_get(checked->document, node, "nkey_seed"),
		                    "'credentials' and 'nkey_seed' exclude each other");
	if (!config->nats.nkey != !config->nats.nkey_seed)
		weir_document_fault(
		        checked->problems, checked->document, node,
		        "'nkey' (the public key) and 'nkey_seed' (the seed's file) need each other");
	yaml_node_t *tls = weir_document_get(checked->document, node, "tls");
	if (tls && !weir_document_get(checked->document, tls, "cert") !=
	                   !weir_document_get(checked->document, tls, "key"))
		weir_document_fault(checked->problems, checked->document, tls,
		                    "'cert' and 'key' need each other");
}

static void check_bucket(const struct checked *checked)
{
	if (checked->config->fences.bucket && !section(checked, "nats"))
		weir_document_fault(
		        checked->problems, checked->document,
		        weir_document_get(checked->document, section(checked, "fences"), "bucket"),
		        "'bucket' is one of NATS, and there is no 'nats:'");
}

static void check_user(const struct checked *checked)
{
	const char *user = checked->config->run_as;

	if (user && !getpwnam(user))
		weir_document_fault(checked->problems, checked->document, section(checked, "run_as"),
		                    "'run_as' names %s, and there is no such user", user);
}

static int by_place(const void *left, const void *right)
{
	const struct weir_problem *a = left, *b = right;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

int weir_config_load(struct weir_config **out, const char *file, struct weir_problems *problems)
{
	struct weir_document document = {0};
	size_t before = problems->count;

	int error = weir_document_load(&document, file, problems);
	if (error)
		return error;
	struct weir_block *memory = NULL;
	struct weir_config *config = weir_block_alloc(&memory, sizeof *config);
	size_t size = strlen(file) + 1;
	config->file = memcpy(weir_block_alloc(&memory, size), file, size);
	config->memory = memory;

	struct checked checked = {.config = config, .document = &document, .problems = problems};
	weir_schema_read(root_keys, &document, config, &config->memory, problems);
	complete_engine(config);
	check_ingest(&checked);
	check_devices(&checked);
	check_http(&checked);
	check_prefilter(&checked);
	check_senders(&checked);
	check_nats(&checked);
	check_bucket(&checked);
	check_user(&checked);
	weir_document_clear(&document);
	if (problems->count > before)
		qsort(problems->items + before, problems->count - before, sizeof *problems->items, by_place);
	*out = config;
	return 0;
}

void weir_config_differences(const struct weir_config *one, const struct weir_config *other, char *out,
                             size_t size)
{
	weir_schema_differences(root_keys, one, other, out, size);
}

void weir_config_free(struct weir_config *config)
{
	if (config)
		weir_blocks_free(config->memory);
}
