/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a document by a table of keys: see schema.h. The tree is walked along the table, so its
 * depth is bounded by the table's, whatever a file with aliases to itself says.
 */
#include "gateway/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/fence.h>

#include "gateway/value.h"

#define LIST_MAX 1024 /* elements, where the table says nothing */

struct reader {
	struct weir_value_reader value;
	struct weir_document *document;
	const struct weir_key *root; /* the whole table, for hints */
	struct weir_problems *problems;
};

static void read_section(struct reader *reader, const struct weir_key *keys, yaml_node_t *node, void *target);

static const char *kind_of(const yaml_node_t *node)
{
	return node->type == YAML_MAPPING_NODE    ? "a mapping"
	       : node->type == YAML_SEQUENCE_NODE ? "a list"
	                                          : "a scalar";
}

static bool is_plain(const yaml_node_t *node)
{
	return node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* YAML's ways to write 'nothing' (YAML 1.2, 10.2.1.1). */
static bool is_null(const yaml_node_t *node)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};

	if (node->type != YAML_SCALAR_NODE || !is_plain(node))
		return false;
	for (size_t i = 0; i < sizeof nulls / sizeof nulls[0]; i++)
		if (strcmp((const char *)node->data.scalar.value, nulls[i]) == 0)
			return true;
	return false;
}

static void read_scalar(struct reader *reader, const struct weir_key *key, yaml_node_t *node, void *out)
{
	const char *text = (const char *)node->data.scalar.value;

	if (node->type != YAML_SCALAR_NODE) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s' must be one value, not %s", key->name, kind_of(node));
	} else if (strlen(text) != node->data.scalar.length) {
		weir_document_fault(reader->problems, reader->document, node, "'%s' holds a NUL character",
		                    key->name);
	} else if (weir_value_read(&reader->value, key, text, is_plain(node), out)) {
		weir_document_fault(reader->problems, reader->document, node, "'%s'%s", key->name,
		                    reader->value.why);
	}
}

static void check_box(struct reader *reader, const struct weir_key *key, const yaml_node_t *node,
                      const struct weir_box *box)
{
	if (box->west < -180 || box->west > 180 || box->east < -180 || box->east > 180)
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s': west and east must be from -180 to 180", key->name);
	if (box->south < -90 || box->south > 90 || box->north < -90 || box->north > 90)
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s': south and north must be from -90 to 90; the order is "
		                    "[west, south, east, north]",
		                    key->name);
	else if (box->south > box->north)
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s': south (%g) is north of north (%g); the order is "
		                    "[west, south, east, north]",
		                    key->name, box->south, box->north);
}

/* A list of so many degrees; what says how they are meant. False: it is none, which has been told. */
static bool read_degrees(struct reader *reader, const struct weir_key *key, yaml_node_t *node, double *out,
                         int count, const char *what)
{
	int good = 0;

	if (node->type != YAML_SEQUENCE_NODE ||
	    node->data.sequence.items.top - node->data.sequence.items.start != count) {
		weir_document_fault(reader->problems, reader->document, node, "'%s' must %s", key->name,
		                    what);
		return false;
	}
	for (int i = 0; i < count; i++) {
		yaml_node_t *item =
		        yaml_document_get_node(&reader->document->yaml, node->data.sequence.items.start[i]);
		if (item->type == YAML_SCALAR_NODE && is_plain(item) &&
		    weir_number_parse((const char *)item->data.scalar.value, &out[i]))
			good++;
		else
			weir_document_fault(reader->problems, reader->document, item,
			                    "'%s' must hold numbers, in degrees", key->name);
	}
	return good == count;
}

static void read_box(struct reader *reader, const struct weir_key *key, yaml_node_t *node, void *out)
{
	double sides[4];

	if (!read_degrees(reader, key, node, sides, 4,
	                  "hold lists of four numbers: [west, south, east, north]"))
		return;
	struct weir_box box = {.west = sides[0], .south = sides[1], .east = sides[2], .north = sides[3]};
	check_box(reader, key, node, &box);
	*(struct weir_box *)out = box;
}

static void read_place(struct reader *reader, const struct weir_key *key, yaml_node_t *node, void *out)
{
	double place[2];

	if (!read_degrees(reader, key, node, place, 2, "be two numbers: [longitude, latitude]"))
		return;
	if (place[0] < -180 || place[0] > 180 || place[1] < -90 || place[1] > 90)
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s': the longitude must be from -180 to 180, the latitude from -90 to "
		                    "90; the order is [longitude, latitude]",
		                    key->name);
	memcpy(out, place, sizeof place);
}

static void read_one(struct reader *reader, const struct weir_key *key, yaml_node_t *node, void *out)
{
	if (is_null(node))
		weir_document_fault(reader->problems, reader->document, node, "'%s' has no value", key->name);
	else if (key->type == WEIR_KEY_BOX)
		read_box(reader, key, node, out);
	else if (key->type == WEIR_KEY_PLACE)
		read_place(reader, key, node, out);
	else if (key->type != WEIR_KEY_SECTION)
		read_scalar(reader, key, node, out);
	else if (node->type == YAML_MAPPING_NODE)
		read_section(reader, key->keys, node, out);
	else
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s' must be a mapping of 'key: value', not %s", key->name,
		                    kind_of(node));
}

static bool is_scalar(const struct reader *reader, yaml_node_item_t item)
{
	return yaml_document_get_node(&reader->document->yaml, item)->type == YAML_SCALAR_NODE;
}

static void read_list(struct reader *reader, const struct weir_key *key, yaml_node_t *node,
                      unsigned char *target)
{
	size_t limit = key->maximum > 0 && key->type != WEIR_KEY_NUMBER ? (size_t)key->maximum : LIST_MAX;

	if (is_null(node)) {
		weir_document_fault(reader->problems, reader->document, node, "'%s' has no value", key->name);
		return;
	}
	if (node->type != YAML_SEQUENCE_NODE) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s' must be a list: %s: [...]", key->name, key->name);
		return;
	}
	yaml_node_item_t *items = node->data.sequence.items.start;
	size_t count = (size_t)(node->data.sequence.items.top - items);
	if (count > limit || (count == 0 && key->required)) {
		weir_document_fault(reader->problems, reader->document, node,
		                    count ? "'%s' has %zu elements, more than the %zu that are possible"
		                          : "'%s' is empty",
		                    key->name, count, limit);
		return;
	}
	if (key->type == WEIR_KEY_BOX && count > 0 && is_scalar(reader, items[0])) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "'%s' must be a list of boxes: [[west, south, east, north]]", key->name);
		return;
	}
	size_t size = weir_value_size(key);
	unsigned char *elements = weir_block_alloc(reader->value.memory, count * size);
	for (size_t i = 0; i < count; i++)
		read_one(reader, key, yaml_document_get_node(&reader->document->yaml, items[i]),
		         elements + i * size);
	memcpy(target + key->target, &elements, sizeof elements);
	memcpy(target + key->count, &count, sizeof count);
}

/* The number of insertions, deletions and replacements between two short words. */
static size_t distance(const char *a, const char *b)
{
	size_t row[34];
	size_t length = strlen(b);

	if (strlen(a) > 32 || length > 32)
		return 99;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
			row[j] = change < shorter + 1 ? change : shorter + 1;
		}
	}
	return row[length];
}

static const struct weir_key *find(const struct weir_key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (strcmp(keys->name, name) == 0)
			return keys;
	return NULL;
}

/* The key that was probably meant: at most a third of the letters is wrong. */
static const struct weir_key *nearest(const struct weir_key *keys, const char *name)
{
	const struct weir_key *best = NULL;
	size_t least = strlen(name) / 3 + 1;

	for (; keys->name; keys++) {
		size_t away = distance(name, keys->name);
		if (away <= least && away < strlen(keys->name)) {
			least = away - (away > 0);
			best = keys;
		}
	}
	return best;
}

static void tell_unknown(struct reader *reader, const struct weir_key *keys, const yaml_node_t *node,
                         const char *name)
{
	const struct weir_key *meant = nearest(keys, name);

	if (strcmp(name, "<<") == 0) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "merge keys ('<<') are not supported; write the keys out");
		return;
	}
	if (meant) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "unknown key '%s'; did you mean '%s'?", name, meant->name);
		return;
	}
	if (keys != reader->root && find(reader->root, name)) {
		weir_document_fault(reader->problems, reader->document, node,
		                    "unknown key '%s' here; it belongs to the top level", name);
		return;
	}
	for (const struct weir_key *section = reader->root; section->name; section++) {
		if (section->keys && section->keys != keys && find(section->keys, name)) {
			weir_document_fault(reader->problems, reader->document, node,
			                    "unknown key '%s' here; it belongs under '%s:'", name,
			                    section->name);
			return;
		}
	}
	weir_document_fault(reader->problems, reader->document, node, "unknown key '%.64s'", name);
}

static bool same_scalar(const yaml_node_t *a, const yaml_node_t *b)
{
	return a->type == YAML_SCALAR_NODE && b->type == YAML_SCALAR_NODE &&
	       a->data.scalar.length == b->data.scalar.length &&
	       memcmp(a->data.scalar.value, b->data.scalar.value, a->data.scalar.length) == 0;
}

/* Every key of the mapping is known and there once. */
static void check_keys(struct reader *reader, const struct weir_key *keys, const yaml_node_t *node)
{
	yaml_document_t *yaml = &reader->document->yaml;
	yaml_node_pair_t *first = node->data.mapping.pairs.start;

	for (yaml_node_pair_t *pair = first; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name = yaml_document_get_node(yaml, pair->key);
		const yaml_node_t *earlier = NULL;

		if (name->type != YAML_SCALAR_NODE) {
			weir_document_fault(reader->problems, reader->document, name,
			                    "a key must be a word, not %s", kind_of(name));
			continue;
		}
		if (!find(keys, (const char *)name->data.scalar.value)) {
			tell_unknown(reader, keys, name, (const char *)name->data.scalar.value);
			continue;
		}
		for (yaml_node_pair_t *other = first; other < pair && !earlier; other++)
			if (same_scalar(yaml_document_get_node(yaml, other->key), name))
				earlier = yaml_document_get_node(yaml, other->key);
		if (earlier)
			weir_document_fault(reader->problems, reader->document, name,
			                    "'%s' is there twice, first in line %zu",
			                    (const char *)name->data.scalar.value,
			                    earlier->start_mark.line + 1);
	}
}

static void read_fallback(struct reader *reader, const struct weir_key *key, unsigned char *target)
{
	if (weir_value_read(&reader->value, key, key->fallback, true, target + key->target))
		abort(); /* a fault in our own table */
}

/* Keys of a section that is not there have their defaults, too. */
static void read_defaults(struct reader *reader, const struct weir_key *keys, void *target)
{
	for (; keys->name; keys++) {
		if (keys->fallback)
			read_fallback(reader, keys, target);
		else if (keys->type == WEIR_KEY_SECTION && !keys->list)
			read_defaults(reader, keys->keys, target);
	}
}

static void read_section(struct reader *reader, const struct weir_key *keys, yaml_node_t *node, void *target)
{
	unsigned char *base = target;

	check_keys(reader, keys, node);
	for (const struct weir_key *key = keys; key->name; key++) {
		yaml_node_t *value = weir_document_get(reader->document, node, key->name);

		if (value && key->present)
			*(bool *)(base + key->present) = true;
		if (value && key->list)
			read_list(reader, key, value, base);
		else if (value)
			/* The keys of a single section have their places in the same struct. */
			read_one(reader, key, value,
			         key->type == WEIR_KEY_SECTION ? base : base + key->target);
		else if (key->required)
			weir_document_fault(reader->problems, reader->document, node, "'%s' is missing",
			                    key->name);
		else if (key->fallback)
			read_fallback(reader, key, base);
		else if (key->type == WEIR_KEY_SECTION && !key->list)
			read_defaults(reader, key->keys, base);
	}
}

void weir_schema_read(const struct weir_key *keys, struct weir_document *document, void *target,
                      struct weir_block **memory, struct weir_problems *problems)
{
	const char *slash = strrchr(document->file, '/');
	size_t length = slash ? (size_t)(slash - document->file) + 1 : 0;
	char *directory = weir_block_alloc(memory, length + 1);

	memcpy(directory, document->file, length);
	struct reader reader = {.value = {.directory = directory, .memory = memory},
	                        .document = document,
	                        .root = keys,
	                        .problems = problems};
	read_section(&reader, keys, document->root, target);
}
