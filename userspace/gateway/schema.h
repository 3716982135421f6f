/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table says which keys a configuration has; this reads a YAML document by it into a struct.
 * It knows types, ranges and defaults; what ties several keys together is for the caller to check.
 */
#ifndef WEIR_GATEWAY_SCHEMA_H
#define WEIR_GATEWAY_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/block.h"
#include "gateway/document.h"

enum weir_key_type {                   /* what the key's place in the struct is */
	             WEIR_KEY_SECTION, /* its keys have their own places; `present` may be a bool */
	             WEIR_KEY_STRING,  /* const char *, 1 to 255 printable characters */
	             WEIR_KEY_TOKEN,   /* const char *, a subject token of at most 32 characters */
	             WEIR_KEY_PATH,    /* const char *, taken from the configuration's directory; must be
	                                  readable */
	             WEIR_KEY_OUTPUT,  /* the same of a file that need not be there, in a directory that is */
	             WEIR_KEY_INTERFACE, /* const char *, a network interface's name */
	             WEIR_KEY_SERVER,    /* const char *, the URL of a NATS server */
	             WEIR_KEY_BOOL,      /* bool */
	             WEIR_KEY_INTEGER,   /* uint64_t */
	             WEIR_KEY_NUMBER,    /* double */
	             WEIR_KEY_SECONDS,   /* int64_t, ns; written in seconds */
	             WEIR_KEY_CHOICE,    /* int, the index in choices */
	             WEIR_KEY_ENDPOINT,  /* struct weir_endpoint */
	             WEIR_KEY_SENDER,    /* struct weir_address; port 0 where none is written */
	             WEIR_KEY_DEVICE_ID, /* const char *, a subject token of at most 31 characters, not an
	                                    MMSI */
	             WEIR_KEY_NETWORK,   /* struct weir_network */
	             WEIR_KEY_BOX,       /* struct weir_box */
	             WEIR_KEY_PLACE,     /* double[2]: longitude, latitude */
	             WEIR_KEY_TYPES
};

struct weir_key {
	const char *name; /* NULL ends a table */
	enum weir_key_type type;
	bool required;
	bool live;               /* a reload applies it; of a section: all of its keys */
	bool list;               /* a sequence; the place is a pointer to elements */
	size_t target;           /* offset of the place; in the section's own struct for a list of sections */
	size_t count;            /* lists: offset of the size_t that gets the number of elements */
	size_t present;          /* offset of a bool that says that the key was there; 0: not wanted */
	size_t size;             /* lists of sections: size of the element's struct */
	double minimum, maximum; /* INTEGER, NUMBER, SECONDS; lists: at most `maximum` elements */
	const char *fallback;    /* what is read where the key is absent; NULL: nothing */
	const char *const *choices; /* ended by NULL */
	const struct weir_key *keys;
};

/*
 * Reads the document's root by the table into target. Memory that it needs (strings, lists) is hung
 * onto *memory. Faults are added to problems; go by their number.
 */
void weir_schema_read(const struct weir_key *keys, struct weir_document *document, void *target,
                      struct weir_block **memory, struct weir_problems *problems);

/*
 * Writes the names of the keys that are not live and differ between two structs read by the table, as
 * "nats.servers, run_as", cut at size.
 */
void weir_schema_differences(const struct weir_key *keys, const void *one, const void *other, char *out,
                             size_t size);

#endif
