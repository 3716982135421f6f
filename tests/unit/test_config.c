/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration: what a good one means, and that each fault is told with its place.
 */
#include "suite.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/config.h"

static char directory[] = "/tmp/weir-config-XXXXXX";
static char file[64];

static void make_directory(void)
{
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(file, sizeof file, "%s/weir.yaml", directory);
}

static void remove_directory(void)
{
	char other[64];

	snprintf(other, sizeof other, "%s/fences.geojson", directory);
	unlink(other);
	unlink(file);
	rmdir(directory);
	memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
}

static void write_bytes(const char *path, const char *bytes, size_t length)
{
	FILE *out = fopen(path, "w");

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes, 1, length, out), length);
	ck_assert_int_eq(fclose(out), 0);
}

static int load(struct weir_config **config, struct weir_problems *problems, const char *text)
{
	write_bytes(file, text, strlen(text));
	return weir_config_load(config, file, problems);
}

static const char smallest[] = "site: rtm\n"
                               "ingest:\n"
                               "  listen: [\"0.0.0.0:10110\"]\n";

START_TEST(smallest_has_defaults)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	ck_assert_int_eq(load(&config, &problems, smallest), 0);
	ck_assert_uint_eq(problems.count, 0);
	ck_assert_str_eq(config->site, "rtm");
	ck_assert_str_eq(config->file, file);
	ck_assert_uint_eq(config->ingest.listen_count, 1);
	ck_assert_uint_eq(config->ingest.listen[0].address.port, 10110);
	ck_assert_uint_eq(config->ingest.receive_buffer_bytes, 16777216);
	ck_assert_int_eq(config->prefilter.mode, WEIR_PREFILTER_OFF);
	ck_assert_uint_eq(config->prefilter.max_followed, 65536);
	ck_assert_uint_eq(config->prefilter.allow_count, 0);
	ck_assert_uint_eq(config->prefilter.rate_packets_per_s, 0);
	ck_assert_uint_eq(config->prefilter.senders, 0);
	ck_assert_int_eq(config->engine.clock, WEIR_CLOCK_WALL);
	ck_assert_int_eq(config->engine.silence_ns, INT64_C(1800000000000));
	ck_assert_int_eq(config->engine.fragment_timeout_ns, INT64_C(3000000000));
	ck_assert_int_eq(config->engine.clock_bound_ns, INT64_C(600000000000));
	ck_assert_int_eq(config->engine.second_bound_ns, 0);
	ck_assert_int_eq(config->engine.duplicate_window_ns, INT64_C(10000000000));
	ck_assert(config->engine.gps);
	ck_assert(config->rules.distress);
	ck_assert_int_eq(config->rules.jump, WEIR_SEVERITY_WARNING);
	ck_assert_int_eq(config->rules.identity, WEIR_SEVERITY_WARNING);
	ck_assert_double_eq(config->rules.jump_sog_kn, 60);
	ck_assert_uint_eq(config->device_count, 0);
	ck_assert_uint_eq(config->nats.server_count, 0);
	ck_assert_str_eq(config->nats.name, "weir");
	ck_assert(!config->http.enabled);
	ck_assert_int_eq(config->log.level, WEIR_LOG_INFO);
	ck_assert_int_eq(config->log.format, WEIR_LOG_TEXT);
	weir_config_free(config);
}
END_TEST

#define GOOD "site: rtm\ningest: {listen: [\"0.0.0.0:10110\"]}\n"

static const char every_key[] = "site: rtm-1\n"
                                "ingest:\n"
                                "  listen: [\"0.0.0.0:10110\", \"[::]:10110\", \"239.192.0.2:60002%eth1\"]\n"
                                "  receive_buffer_bytes: 1048576\n"
                                "prefilter:\n"
                                "  mode: generic\n"
                                "  interfaces: [eth0, eth1]\n"
                                "  boxes: [[3.6, 51.8, 4.6, 52.2], [170, -20, -170, -10.5]]\n"
                                "  observe: true\n"
                                "  max_followed: 2048\n"
                                "  allow: [\"192.0.2.0/24\", 198.51.100.7, \"2001:db8::/32\"]\n"
                                "  rate_limit: {packets_per_s: 100, burst: 500}\n"
                                "  senders: 1000\n"
                                "fences:\n"
                                "  files: [fences.geojson]\n"
                                "  margin_m: 250.5\n"
                                "engine:\n"
                                "  max_devices: 4096\n"
                                "  silence_s: 600\n"
                                "  fragment_timeout_s: 1.5\n"
                                "  clock: event\n"
                                "  clock_bound_s: 3600\n"
                                "  second_bound_s: 2.5\n"
                                "  duplicate_window_s: 0\n"
                                "  gps: false\n"
                                "rules:\n"
                                "  distress: false\n"
                                "  jump: alarm\n"
                                "  identity: off\n"
                                "  jump_sog_kn: 80\n"
                                "  repeat_s: 120\n"
                                "devices:\n"
                                "  - {sender: \"192.0.2.7\", id: truck-12}\n"
                                "  - {sender: \"192.0.2.7:5000\", id: truck-12}\n"
                                "  - {sender: \"[2001:db8::7]\", id: crane_1}\n"
                                "  - {sender: \"[2001:db8::7]:65535\", id: crane_2}\n"
                                "  - {sender: \"2001:db8::8\", id: \"3\"}\n"
                                "nats:\n"
                                "  servers: [\"nats://127.0.0.1:4222\", \"tls://broker.example\"]\n"
                                "  name: west\n"
                                "  position_headers: false\n"
                                "http:\n"
                                "  listen: \"127.0.0.1:9464\"\n"
                                "log:\n"
                                "  level: debug\n"
                                "  format: json\n"
                                "run_as: root\n";

static void check_devices(const struct weir_config *config)
{
	static const struct weir_gps_device wanted[] = {
	        {{{[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 7}, 0}, "truck-12"},
	        {{{[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 7}, 5000}, "truck-12"},
	        {{{0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 0}, "crane_1"},
	        {{{0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 65535}, "crane_2"},
	        {{{0x20, 0x01, 0x0d, 0xb8, [15] = 8}, 0}, "3"},
	};

	ck_assert_uint_eq(config->device_count, sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < config->device_count; i++) {
		ck_assert_mem_eq(config->devices[i].sender.ip, wanted[i].sender.ip, 16);
		ck_assert_uint_eq(config->devices[i].sender.port, wanted[i].sender.port);
		ck_assert_str_eq(config->devices[i].id, wanted[i].id);
	}
}

START_TEST(the_clock_has_a_bound_unless_it_is_that_of_the_reports)
{
	static const struct {
		const char *engine;
		int64_t bound_s;
	} cases[] = {
	        {"{clock: wall}", 600},
	        {"{clock: event}", 0},
	        {"{clock: wall, clock_bound_s: 0}", 0},
	        {"{clock: event, clock_bound_s: 60}", 60},
	        {"{gps: true}", 600},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct weir_problems problems = {0};
		struct weir_config *config = NULL;
		char text[256];

		snprintf(text, sizeof text, "%sengine: %s\n", smallest, cases[i].engine);
		ck_assert_int_eq(load(&config, &problems, text), 0);
		ck_assert_uint_eq(problems.count, 0);
		ck_assert_msg(config->engine.clock_bound_ns == cases[i].bound_s * 1000000000, "%s",
		              cases[i].engine);
		weir_config_free(config);
	}
}
END_TEST

START_TEST(a_burst_is_a_second_unless_it_is_written)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	ck_assert_int_eq(
	        load(&config, &problems, GOOD "prefilter: {mode: off, rate_limit: {packets_per_s: 7}}\n"), 0);
	ck_assert_uint_eq(problems.count, 0);
	ck_assert_uint_eq(config->prefilter.rate_burst, 7);
	weir_config_free(config);
}
END_TEST

START_TEST(a_byte_order_mark_is_no_fault)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	ck_assert_int_eq(load(&config, &problems, "\xef\xbb\xbf" GOOD "colour: red\n"), 0);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_uint_eq(problems.items[0].line, 3);
	ck_assert_uint_eq(problems.items[0].column, 1);
	weir_problems_clear(&problems);
	weir_config_free(config);
	ck_assert_int_eq(load(&config, &problems,
	                      "\xef\xbb\xbf"
	                      "sight: rtm\n"),
	                 0);
	ck_assert_uint_gt(problems.count, 0);
	ck_assert_uint_eq(problems.items[0].line, 1);
	ck_assert_uint_eq(problems.items[0].column, 1);
	weir_problems_clear(&problems);
	weir_config_free(config);
}
END_TEST

START_TEST(there_may_be_4096_devices_and_no_more)
{
	for (unsigned count = 4096; count <= 4097; count++) {
		struct weir_problems problems = {0};
		struct weir_config *config = NULL;
		char *text;
		size_t length;
		FILE *out = open_memstream(&text, &length);

		fprintf(out, "%sdevices:\n", smallest);
		for (unsigned i = 0; i < count; i++)
			fprintf(out, "  - {sender: \"10.0.%u.%u\", id: d%u}\n", i / 256, i % 256, i);
		fclose(out);
		ck_assert_int_eq(load(&config, &problems, text), 0);
		ck_assert_uint_eq(problems.count, count - 4096);
		ck_assert_uint_eq(config->device_count, count == 4096 ? 4096 : 0);
		weir_problems_clear(&problems);
		weir_config_free(config);
		free(text);
	}
}
END_TEST

START_TEST(every_key_is_read)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;
	char fences[64];

	snprintf(fences, sizeof fences, "%s/fences.geojson", directory);
	write_bytes(fences, "{}", 2);
	ck_assert_int_eq(load(&config, &problems, every_key), 0);
	ck_assert_msg(problems.count == 0, "%s", problems.count ? problems.items[0].text : "");
	ck_assert_uint_eq(config->ingest.listen_count, 3);
	ck_assert(config->ingest.listen[2].multicast);
	ck_assert_str_eq(config->ingest.listen[2].interface, "eth1");
	ck_assert_uint_eq(config->ingest.receive_buffer_bytes, 1048576);
	ck_assert_int_eq(config->prefilter.mode, WEIR_PREFILTER_GENERIC);
	ck_assert_uint_eq(config->prefilter.interface_count, 2);
	ck_assert_str_eq(config->prefilter.interfaces[1], "eth1");
	ck_assert_uint_eq(config->prefilter.box_count, 2);
	ck_assert_double_eq(config->prefilter.boxes[1].west, 170);
	ck_assert_double_eq(config->prefilter.boxes[1].north, -10.5);
	ck_assert(config->prefilter.observe);
	ck_assert_uint_eq(config->prefilter.max_followed, 2048);
	ck_assert_uint_eq(config->prefilter.allow_count, 3);
	ck_assert_uint_eq(config->prefilter.allow[0].prefix_length, 24);
	ck_assert_uint_eq(config->prefilter.allow[1].prefix_length, 32);
	ck_assert_uint_eq(config->prefilter.allow[2].is_ipv4, 0);
	ck_assert_uint_eq(config->prefilter.rate_packets_per_s, 100);
	ck_assert_uint_eq(config->prefilter.rate_burst, 500);
	ck_assert_uint_eq(config->prefilter.senders, 1000);
	ck_assert_uint_eq(config->fences.file_count, 1);
	ck_assert_str_eq(config->fences.files[0], fences); /* beside the configuration */
	ck_assert_double_eq(config->fences.margin_m, 250.5);
	ck_assert_uint_eq(config->engine.max_devices, 4096);
	ck_assert_int_eq(config->engine.silence_ns, INT64_C(600000000000));
	ck_assert_int_eq(config->engine.fragment_timeout_ns, INT64_C(1500000000));
	ck_assert_int_eq(config->engine.clock, WEIR_CLOCK_EVENT);
	ck_assert_int_eq(config->engine.clock_bound_ns, INT64_C(3600000000000));
	ck_assert_int_eq(config->engine.second_bound_ns, INT64_C(2500000000));
	ck_assert_int_eq(config->engine.duplicate_window_ns, 0);
	ck_assert(!config->rules.distress);
	ck_assert_int_eq(config->rules.jump, WEIR_SEVERITY_ALARM);
	ck_assert_int_eq(config->rules.identity, WEIR_SEVERITIES);
	ck_assert_double_eq(config->rules.jump_sog_kn, 80);
	ck_assert_int_eq(config->rules.repeat_ns, INT64_C(120000000000));
	ck_assert(!config->engine.gps);
	check_devices(config);
	ck_assert_uint_eq(config->nats.server_count, 2);
	ck_assert_str_eq(config->nats.servers[1], "tls://broker.example");
	ck_assert_str_eq(config->nats.name, "west");
	ck_assert(!config->nats.position_headers);
	ck_assert(config->http.enabled);
	ck_assert_uint_eq(config->http.listen.address.port, 9464);
	ck_assert_int_eq(config->log.level, WEIR_LOG_DEBUG);
	ck_assert_int_eq(config->log.format, WEIR_LOG_JSON);
	ck_assert_str_eq(config->run_as, "root");
	weir_config_free(config);
}
END_TEST

/* A configuration that is good but for what `text` says, and the one problem that must be found. */
struct fault {
	const char *name;
	const char *text;
	unsigned line, column;
	const char *says;
};

static const struct fault faults[] = {
        {"a missing site", "ingest: {listen: [\"0.0.0.0:1\"]}\n", 1, 1, "'site' is missing"},
        {"a missing section", "site: rtm\n", 1, 1, "'ingest' is missing"},
        {"a missing key in a section", "site: rtm\ningest:\n  receive_buffer_bytes: 65536\n", 3, 3,
         "'listen' is missing"},
        {"an empty list", "site: rtm\ningest: {listen: []}\n", 2, 18, "'listen' is empty"},
        {"an unknown key", GOOD "colour: red\n", 3, 1, "unknown key 'colour'"},
        {"a misspelt key", GOOD "prefiltre: {mode: off}\n", 3, 1, "did you mean 'prefilter'?"},
        {"a misspelt key below", GOOD "log:\n  levl: info\n", 4, 3, "did you mean 'level'?"},
        {"a key in the wrong section", GOOD "log:\n  boxes: []\n", 4, 3, "belongs under 'prefilter:'"},
        {"a key that belongs above", GOOD "log:\n  site: a\n", 4, 3, "belongs to the top level"},
        {"a key that is there twice", GOOD "log: {level: info}\nsite: ams\n", 4, 1,
         "there twice, first in line 1"},
        {"a merge key", GOOD "log: &a {level: info, <<: *a}\n", 3, 23, "merge keys"},
        {"a key that is a list", GOOD "[1, 2]: 3\n", 3, 1, "a key must be a word"},
        {"a key without a value", GOOD "log: {level: }\n", 3, 14, "'level' has no value"},
        {"a section without a value", GOOD "log:\n", 3, 5, "'log' has no value"},
        {"a section that is a word", GOOD "log: quiet\n", 3, 6, "'log' must be a mapping"},
        {"a word that is a mapping", "site: {a: b}\ningest: {listen: [\"0.0.0.0:1\"]}\n", 1, 7,
         "must be one value"},
        {"a list that is a word", "site: rtm\ningest: {listen: \"0.0.0.0:1\"}\n", 2, 18, "must be a list"},
        {"a site with a dot", "site: a.b\ningest: {listen: [\"0.0.0.0:1\"]}\n", 1, 7,
         "must be 1 to 32 of the"},
        {"a site that is too long",
         "site: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ningest: {listen: [\"0.0.0.0:1\"]}\n", 1, 7,
         "must be 1 to 32"},
        {"a NUL in a text", "site: \"a\\0b\"\ningest: {listen: [\"0.0.0.0:1\"]}\n", 1, 7, "NUL character"},
        {"an address without a port", "site: a\ningest: {listen: [\"0.0.0.0\"]}\n", 2, 19,
         "'listen': '0.0.0.0' has no port"},
        {"a host name", "site: a\ningest: {listen: [\"localhost:1\"]}\n", 2, 19, "not looked up"},
        {"a port of 0", "site: a\ningest: {listen: [\"0.0.0.0:0\"]}\n", 2, 19, "not a port"},
        {"the same place twice", "site: a\ningest: {listen: [\"0.0.0.0:7\", \"0.0.0.0:7\"]}\n", 2, 32,
         "names 0.0.0.0:7 twice"},
        {"a buffer that is too small", GOOD "engine: {max_devices: 5}\n", 3, 23,
         "a whole number from 1024 to 4194304"},
        {"a fraction", GOOD "engine: {max_devices: 1024.5}\n", 3, 23, "a whole number"},
        {"a negative number", GOOD "engine: {max_devices: -4096}\n", 3, 23, "a whole number"},
        {"a quoted number", GOOD "engine: {max_devices: \"4096\"}\n", 3, 23, "must not be quoted"},
        {"a number that is a word", GOOD "engine: {silence_s: long}\n", 3, 21,
         "must be a number from 60 to 604800"},
        {"a number with a unit", GOOD "engine: {silence_s: 60s}\n", 3, 21, "must be a number"},
        {"infinity", GOOD "engine: {silence_s: .inf}\n", 3, 21, "must be a number"},
        {"overflow", GOOD "engine: {silence_s: 1e999}\n", 3, 21, "must be a number"},
        {"a bool that is a word", GOOD "prefilter: {mode: off, observe: yes}\n", 3, 33,
         "must be true or false"},
        {"an unknown choice", GOOD "prefilter: {mode: fast, interfaces: [eth0]}\n", 3, 19,
         "must be one of: auto, native, generic, off"},
        {"no interface", GOOD "prefilter: {mode: native}\n", 3, 12, "'interfaces' is missing"},
        {"an interface that is too long", GOOD "prefilter: {interfaces: [abcdefghijklmnop]}\n", 3, 26,
         "a network interface's name"},
        {"an interface that is there twice", GOOD "prefilter: {interfaces: [eth0, eth0]}\n", 3, 32,
         "names eth0 twice"},
        {"a box of three numbers", GOOD "prefilter: {mode: off, boxes: [[1, 2, 3]]}\n", 3, 32,
         "four numbers"},
        {"a box of words", GOOD "prefilter: {mode: off, boxes: [[1, 2, 3, x]]}\n", 3, 42,
         "must hold numbers"},
        {"a box that is not in a list", GOOD "prefilter: {mode: off, boxes: [1, 2, 3, 4]}\n", 3, 31,
         "a list of boxes"},
        {"a box upside down", GOOD "prefilter: {mode: off, boxes: [[1, 52, 2, 51]]}\n", 3, 32,
         "south (52) is north of north (51)"},
        {"a box with a latitude of 91", GOOD "prefilter: {mode: off, boxes: [[1, 5, 2, 91]]}\n", 3, 32,
         "from -90 to 90"},
        {"a box with a longitude of 181", GOOD "prefilter: {mode: off, boxes: [[1, 5, 181, 9]]}\n", 3, 32,
         "from -180 to 180"},
        {"a network with host bits", GOOD "prefilter: {mode: off, allow: [192.0.2.0/24, 192.0.2.7/24]}\n", 3,
         46, "'allow': '192.0.2.7/24' has host bits set: write 192.0.2.0/24"},
        {"an IPv6 network with host bits",
         GOOD "prefilter:\n  mode: off\n  allow:\n    - \"2001:db8::1/32\"\n", 6, 7, "write 2001:db8::/32"},
        {"a network that is a name", GOOD "prefilter: {mode: off, allow: [antenna]}\n", 3, 32,
         "'allow': 'antenna' is not a network"},
        {"a network with a wide prefix", GOOD "prefilter: {mode: off, allow: [192.0.2.0/33]}\n", 3, 32,
         "from 0 to 32"},
        {"a list of nobody", GOOD "prefilter: {mode: off, allow: []}\n", 3, 31, "nobody would be heard"},
        {"a rate that is a number", GOOD "prefilter: {mode: off, rate_limit: 100}\n", 3, 36,
         "'rate_limit' must be a mapping"},
        {"a rate without a number", GOOD "prefilter: {mode: off, rate_limit: {burst: 5}}\n", 3, 36,
         "'packets_per_s' is missing"},
        {"a rate of nothing", GOOD "prefilter: {mode: off, rate_limit: {packets_per_s: 0}}\n", 3, 52,
         "a whole number from 1 to 1000000"},
        {"a bucket for nothing", GOOD "prefilter: {mode: off, rate_limit: {packets_per_s: 1, burst: 0}}\n", 3,
         62, "a whole number from 1 to 1000000"},
        {"too many senders", GOOD "prefilter: {mode: off, senders: 65537}\n", 3, 33,
         "a whole number from 0 to 65536"},
        {"a file that is not there", GOOD "fences: {files: [no.geojson]}\n", 3, 18, "No such file"},
        {"a server without a scheme", GOOD "nats: {servers: [\"127.0.0.1:4222\"]}\n", 3, 18,
         "must begin with"},
        {"a server with another scheme", GOOD "nats: {servers: [\"http://a:1\"]}\n", 3, 18,
         "must begin with"},
        {"a server without a name", GOOD "nats: {servers: [\"nats://\"]}\n", 3, 18, "no server name"},
        {"a server with a bad port", GOOD "nats: {servers: [\"nats://a:99999\"]}\n", 3, 18, "no port"},
        {"no server", GOOD "nats: {name: a}\n", 3, 7, "'servers' is missing"},
        {"a certificate without a key", GOOD "nats: {servers: [\"tls://a\"], tls: {cert: weir.yaml}}\n", 3,
         35, "need each other"},
        {"two ways to log in",
         GOOD "nats: {servers: [\"nats://a\"], credentials: weir.yaml, nkey: A, nkey_seed: weir.yaml}\n", 3,
         75, "exclude each other"},
        {"a page on a group", GOOD "http: {listen: \"239.1.1.1:80\"}\n", 3, 16,
         "must be an address of this machine"},
        {"an unknown level", GOOD "log: {level: loud}\n", 3, 14,
         "must be one of: error, warning, info, debug"},
        {"a user that is not there", GOOD "run_as: no-such-user\n", 3, 9, "there is no such user"},
        {"half a minute for the second", GOOD "engine: {second_bound_s: 30}\n", 3, 26, "from 0 to 29"},
        {"a negative window", GOOD "engine: {duplicate_window_s: -1}\n", 3, 30, "from 0 to 3600"},
        {"a device without a sender", GOOD "devices:\n  - {id: a}\n", 4, 5, "'sender' is missing"},
        {"a device without an id", GOOD "devices:\n  - {sender: 10.0.0.1}\n", 4, 5, "'id' is missing"},
        {"a device that is a word", GOOD "devices: [truck]\n", 3, 11, "must be a mapping"},
        {"a device with an unknown key", GOOD "devices:\n  - {sender: 10.0.0.1, id: a, name: b}\n", 4, 31,
         "unknown key 'name'"},
        {"an id with a dot", GOOD "devices:\n  - {sender: 10.0.0.1, id: a.b}\n", 4, 28, "must be 1 to 31"},
        {"an id that is too long",
         GOOD "devices:\n  - {sender: 10.0.0.1, id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n", 4, 28,
         "must be 1 to 31"},
        {"an id that looks like an MMSI", GOOD "devices:\n  - {sender: 10.0.0.1, id: \"244660000\"}\n", 4, 28,
         "must not be nine digits"},
        {"a sender that is a name", GOOD "devices:\n  - {sender: localhost, id: a}\n", 4, 14,
         "must be an address"},
        {"a sender with a bad port", GOOD "devices:\n  - {sender: \"10.0.0.1:70000\", id: a}\n", 4, 14,
         "no port from 1 to 65535"},
        {"a sender with an open bracket", GOOD "devices:\n  - {sender: \"[2001:db8::7\", id: a}\n", 4, 14,
         "must be an address"},
        {"a sender that is nobody", GOOD "devices:\n  - {sender: \"::\", id: a}\n", 4, 14,
         "must be an address"},
        {"the same sender twice",
         GOOD "devices:\n  - {sender: \"10.0.0.1:7\", id: a}\n  - {sender: 10.0.0.1, id: b}\n"
              "  - {sender: \"10.0.0.1:7\", id: c}\n",
         6, 14, "names this sender twice"},
        {"a list at the top", "- a\n- b\n", 1, 1, "a mapping is needed"},
        {"a word at the top", "hello\n", 1, 1, "a mapping is needed"},
        {"an empty file", "", 0, 0, "is empty"},
        {"only a comment", "# nothing\n", 0, 0, "is empty"},
        {"a tab", "site: rtm\ningest:\n\tlisten: []\n", 3, 1, "a tab"},
        {"a bracket that is never closed", "site: [a\n", 2, 1, "is not YAML"},
        {"an unknown alias", "site: *a\n", 1, 7, "undefined alias"},
        {"a second document", GOOD "---\nsite: b\n", 4, 1, "second document"},
        {"Latin-1", "site: rtm\n# K\xf6ln\n", 2, 5, "is not UTF-8"},
        {"a byte that text never has", "site: a\x01\n", 1, 8, "is not UTF-8"},
};

START_TEST(fault_has_its_place)
{
	const struct fault *fault = &faults[_i];
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	load(&config, &problems, fault->text);
	ck_assert_msg(problems.count == 1, "%s: %zu problems, second: %s", fault->name, problems.count,
	              problems.count > 1 ? problems.items[1].text : "none");
	const struct weir_problem *problem = &problems.items[0];
	ck_assert_msg(strstr(problem->text, fault->says), "%s: %s", fault->name, problem->text);
	ck_assert_msg(problem->line == fault->line && problem->column == fault->column, "%s: at %u:%u: %s",
	              fault->name, problem->line, problem->column, problem->text);
	ck_assert_str_eq(problem->file, file);
	weir_problems_clear(&problems);
	weir_config_free(config);
}
END_TEST

START_TEST(all_faults_in_one_go)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	load(&config, &problems,
	     "site: a b\n"
	     "ingest: {listen: [nowhere, \"0.0.0.0:1\", also nowhere]}\n"
	     "prefilter: {mode: 3, interfaces: [eth0], boxes: [[1, 2], [9, 9, 9, 99]]}\n"
	     "fences: {files: [none.geojson], margin_m: -1}\n"
	     "httpd: {}\n");
	ck_assert_uint_eq(problems.count, 9);
	weir_problems_clear(&problems);
	weir_config_free(config);
}
END_TEST

START_TEST(aliases_work)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	ck_assert_int_eq(load(&config, &problems,
	                      "site: &name rtm\n"
	                      "ingest: {listen: [\"0.0.0.0:10110\"]}\n"
	                      "nats: {servers: [\"nats://a\"], name: *name}\n"),
	                 0);
	ck_assert_uint_eq(problems.count, 0);
	ck_assert_str_eq(config->nats.name, "rtm");
	weir_config_free(config);
}
END_TEST

/* A list that holds itself must end in an error, not in an endless walk. */
START_TEST(a_cycle_ends)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	load(&config, &problems, GOOD "prefilter: &p {mode: off, boxes: &b [*b, *p]}\n");
	ck_assert_uint_ge(problems.count, 1);
	weir_problems_clear(&problems);
	weir_config_free(config);
}
END_TEST

START_TEST(deep_nesting_is_an_error)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;
	static char text[200001];

	memset(text, '[', sizeof text - 1);
	load(&config, &problems, text);
	ck_assert_uint_ge(problems.count, 1);
	weir_problems_clear(&problems);
	weir_config_free(config);
}
END_TEST

START_TEST(ten_megabytes_are_refused)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	write_bytes(file, smallest, sizeof smallest - 1);
	ck_assert_int_eq(truncate(file, 10 * 1024 * 1024), 0);
	ck_assert_int_eq(weir_config_load(&config, file, &problems), -EFBIG);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_ptr_nonnull(strstr(problems.items[0].text, "larger than"));
	ck_assert_ptr_null(config);
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(a_file_that_is_not_there)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	ck_assert_int_eq(weir_config_load(&config, "/nowhere/weir.yaml", &problems), -ENOENT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_ptr_null(config);
	ck_assert_int_eq(weir_config_load(&config, directory, &problems), -EISDIR);
	ck_assert_uint_eq(problems.count, 2);
	weir_problems_clear(&problems);
}
END_TEST

/* Whatever byte is put in whatever place: an answer, and no crash. */
START_TEST(any_byte_anywhere)
{
	char text[sizeof every_key];
	size_t length = sizeof every_key - 1;

	for (size_t i = 0; i < length; i += 3) {
		for (int byte = 0; byte < 256; byte += 7) {
			struct weir_problems problems = {0};
			struct weir_config *config = NULL;

			memcpy(text, every_key, sizeof text);
			text[i] = (char)byte;
			write_bytes(file, text, length);
			int error = weir_config_load(&config, file, &problems);
			ck_assert(error == 0 || (problems.count > 0 && !config));
			weir_problems_clear(&problems);
			weir_config_free(config);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("configuration");
	TCase *cases = tcase_create("configuration");

	tcase_add_checked_fixture(cases, make_directory, remove_directory);
	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, smallest_has_defaults);
	tcase_add_test(cases, every_key_is_read);
	tcase_add_test(cases, the_clock_has_a_bound_unless_it_is_that_of_the_reports);
	tcase_add_test(cases, a_burst_is_a_second_unless_it_is_written);
	tcase_add_test(cases, a_byte_order_mark_is_no_fault);
	tcase_add_test(cases, there_may_be_4096_devices_and_no_more);
	tcase_add_loop_test(cases, fault_has_its_place, 0, sizeof faults / sizeof faults[0]);
	tcase_add_test(cases, all_faults_in_one_go);
	tcase_add_test(cases, aliases_work);
	tcase_add_test(cases, a_cycle_ends);
	tcase_add_test(cases, deep_nesting_is_an_error);
	tcase_add_test(cases, ten_megabytes_are_refused);
	tcase_add_test(cases, a_file_that_is_not_there);
	tcase_add_test(cases, any_byte_anywhere);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
