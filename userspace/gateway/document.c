/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * YAML files: see document.h. The file is read whole, so that the place of a byte that is not UTF-8
 * can be told as line and column; libyaml gives only its offset.
 */
#include "gateway/document.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BRACKETS_MAX 200

struct text {
	char *bytes;
	size_t length;
};

static int read_whole(struct text *out, int fd, const char *file, struct weir_problems *problems)
{
	size_t capacity = WEIR_DOCUMENT_MAX_BYTES + 1;
	struct text text = {.bytes = malloc(capacity)};
	int error = 0;

	if (!text.bytes)
		return -ENOMEM;
	while (text.length < capacity) {
		ssize_t got = read(fd, text.bytes + text.length, capacity - text.length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			error = -errno;
		if (got <= 0)
			break;
		text.length += (size_t)got;
	}
	if (error)
		weir_problem_add(problems, file, 0, 0, "can't be read: %s", strerror(-error));
	if (!error && text.length == capacity) {
		error = -EFBIG;
		weir_problem_add(problems, file, 0, 0,
		                 "is larger than %d bytes, which is no configuration: is it the right file?",
		                 WEIR_DOCUMENT_MAX_BYTES);
	}
	if (error)
		free(text.bytes);
	else
		*out = text;
	return error;
}

static int open_and_read(struct text *out, const char *file, struct weir_problems *problems)
{
	struct stat status;
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0) {
		error = -errno;
		weir_problem_add(problems, file, 0, 0, "can't be opened: %s", strerror(-error));
		return error;
	}
	if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
		weir_problem_add(problems, file, 0, 0, "is a directory, not a configuration file");
		error = -EISDIR;
	} else {
		error = read_whole(out, fd, file, problems);
	}
	close(fd);
	return error;
}

static void place_of_offset(const struct text *text, size_t offset, uint32_t *line, uint32_t *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < offset && i < text->length; i++) {
		if (text->bytes[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)text->bytes[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

static bool is_tab(const struct text *text, size_t index)
{
	return index < text->length && text->bytes[index] == '\t';
}

static void tell_parser_error(const yaml_parser_t *parser, const struct text *text, const char *file,
                              struct weir_problems *problems)
{
	uint32_t line = (uint32_t)parser->problem_mark.line + 1;
	uint32_t column = (uint32_t)parser->problem_mark.column + 1;

	if (parser->error == YAML_READER_ERROR) {
		place_of_offset(text, parser->problem_offset, &line, &column);
		weir_problem_add(problems, file, line, column, "is not UTF-8 text (byte 0x%02x: %s)",
		                 (unsigned)parser->problem_value & 0xff, parser->problem);
	} else if (is_tab(text, parser->problem_mark.index)) {
		weir_problem_add(problems, file, line, column,
		                 "a tab can't indent or separate in YAML; use spaces");
	} else if (parser->context) {
		weir_problem_add(problems, file, line, column, "is not YAML: %s, %s (from line %zu)",
		                 parser->problem, parser->context, parser->context_mark.line + 1);
	} else {
		weir_problem_add(problems, file, line, column, "is not YAML: %s",
		                 parser->problem ? parser->problem : "out of memory");
	}
}

/* The first document must be the only one. */
static void check_single(yaml_parser_t *parser, const struct text *text, const char *file,
                         struct weir_problems *problems)
{
	yaml_document_t second;

	if (!yaml_parser_load(parser, &second)) {
		tell_parser_error(parser, text, file, problems);
		return;
	}
	yaml_node_t *root = yaml_document_get_root_node(&second);
	if (root)
		weir_problem_add(problems, file, (uint32_t)root->start_mark.line + 1,
		                 (uint32_t)root->start_mark.column + 1,
		                 "a second document begins here ('---'); a configuration is one document");
	yaml_document_delete(&second);
}

static void check_root(struct weir_document *document, struct weir_problems *problems)
{
	document->root = yaml_document_get_root_node(&document->yaml);
	if (!document->root)
		weir_problem_add(problems, document->file, 0, 0,
		                 "is empty; lines of 'key: value' are needed");
	else if (document->root->type != YAML_MAPPING_NODE)
		weir_document_fault(problems, document, document->root,
		                    "a mapping is needed: lines of 'key: value'");
}

/*
 * libyaml 0.2.5 takes time by the square of the depth of brackets: minutes for a file full of them.
 * Brackets in texts and comments are counted too, which no file in earnest comes near to.
 */
static bool is_too_deep(const struct text *text, const char *file, struct weir_problems *problems)
{
	uint32_t line, column;
	int depth = 0;

	for (size_t i = 0; i < text->length; i++) {
		if (text->bytes[i] == '[' || text->bytes[i] == '{')
			depth++;
		else if ((text->bytes[i] == ']' || text->bytes[i] == '}') && depth > 0)
			depth--;
		if (depth > BRACKETS_MAX) {
			place_of_offset(text, i, &line, &column);
			weir_problem_add(problems, file, line, column, "more than %d brackets are open here",
			                 BRACKETS_MAX);
			return true;
		}
	}
	return false;
}

static int parse(struct weir_document *out, const struct text *text, const char *file,
                 struct weir_problems *problems)
{
	struct weir_document document = {.file = file};
	size_t before = problems->count;
	yaml_parser_t parser;

	if (is_too_deep(text, file, problems))
		return -EINVAL;
	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text->bytes, text->length);
	if (!yaml_parser_load(&parser, &document.yaml)) {
		tell_parser_error(&parser, text, file, problems);
		yaml_parser_delete(&parser);
		return -EINVAL;
	}
	check_root(&document, problems);
	if (document.root)
		check_single(&parser, text, file, problems);
	yaml_parser_delete(&parser);
	if (problems->count > before) {
		yaml_document_delete(&document.yaml);
		return -EINVAL;
	}
	*out = document;
	return 0;
}

/* Some editors write one before UTF-8; columns are counted behind it. */
static void skip_byte_order_mark(struct text *text)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (text->length < 3 || memcmp(text->bytes, mark, 3) != 0)
		return;
	text->length -= 3;
	memmove(text->bytes, text->bytes + 3, text->length);
}

int weir_document_load(struct weir_document *out, const char *file, struct weir_problems *problems)
{
	struct text text = {0};

	int error = open_and_read(&text, file, problems);
	if (error)
		return error;
	skip_byte_order_mark(&text);
	error = parse(out, &text, file, problems);
	free(text.bytes);
	return error;
}

void weir_document_clear(struct weir_document *document)
{
	if (document->root)
		yaml_document_delete(&document->yaml);
	document->root = NULL;
}

yaml_node_t *weir_document_get(struct weir_document *document, const yaml_node_t *mapping, const char *key)
{
	if (!mapping || mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
	     pair < mapping->data.mapping.pairs.top; pair++) {
		yaml_node_t *name = yaml_document_get_node(&document->yaml, pair->key);
		if (name->type == YAML_SCALAR_NODE && strlen(key) == name->data.scalar.length &&
		    memcmp(name->data.scalar.value, key, name->data.scalar.length) == 0)
			return yaml_document_get_node(&document->yaml, pair->value);
	}
	return NULL;
}
