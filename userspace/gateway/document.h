/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A YAML file as a tree of nodes with their places. Knows nothing of what the keys mean.
 */
#ifndef WEIR_GATEWAY_DOCUMENT_H
#define WEIR_GATEWAY_DOCUMENT_H

#include <yaml.h>

#include <weir/problem.h>

/* A configuration of ten thousand boxes has half of this. */
#define WEIR_DOCUMENT_MAX_BYTES (1024 * 1024)

struct weir_document {
	yaml_document_t yaml;
	yaml_node_t *root; /* a mapping */
	const char *file;  /* borrowed */
};

/*
 * Reads the file. Returns 0, or a negative errno with at least one problem added: unreadable, too
 * large, not UTF-8, not YAML, empty, no mapping, more than one document. *out is untouched then.
 */
int weir_document_load(struct weir_document *out, const char *file, struct weir_problems *problems);

void weir_document_clear(struct weir_document *document);

/* The value of a key of a mapping, or NULL. */
yaml_node_t *weir_document_get(struct weir_document *document, const yaml_node_t *mapping, const char *key);

/* Adds a problem at a node's place; node NULL: the file as a whole. */
#define weir_document_fault(problems, document, node, ...)                                                   \
	weir_problem_add((problems), (document)->file, (node) ? (uint32_t)(node)->start_mark.line + 1 : 0,   \
	                 (node) ? (uint32_t)(node)->start_mark.column + 1 : 0, __VA_ARGS__)

#endif
