/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state: sections of records, one after the other, in memory. What the parts of the engine save by, and
 * load by. It knows no file, and nothing of what a record means.
 *
 * A record is a struct as it lies in memory, so that saving it costs a copy. A table says of each member what
 * may be in it. Nothing comes out of weir_load() that its table does not allow, whatever was in the file; and
 * a section is loaded only by a program whose struct and table are those that it was saved by. Between the
 * struct and its table a static assertion holds: who adds a member must say what may be in it.
 *
 *     struct thing { uint32_t next; bool open; int64_t since_ns; };
 *
 *     #define THING(F, T) F(T, next, REBUILT, 0) F(T, open, BOOL, 0) F(T, since_ns, TIME, 0)
 *     extern const struct weir_saved_record things;
 *     WEIR_SAVED_RECORD(things, "things", struct thing, THING, 3);  // 3: bytes of padding
 *
 *     weir_save_section(saver, &things);
 *     for each: weir_save(saver, &thing);
 *
 *     error = weir_load_section(loader, &things, &count);
 *     while (error == 0 && count-- > 0)
 *             if ((error = weir_load(loader, &thing)) == 0)
 *                     error = take(&thing);                           // links between records are its own
 * business
 */
#ifndef WEIR_SAVED_SAVED_H
#define WEIR_SAVED_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What may be in a member. `limit` is of no use where nothing is said of it. */
enum weir_saved_kind {
	WEIR_SAVED_ANY,     /* whatever fits */
	WEIR_SAVED_BOOL,    /* false or true */
	WEIR_SAVED_BELOW,   /* an unsigned integer below limit */
	WEIR_SAVED_WITHIN,  /* a signed integer, -limit to limit */
	WEIR_SAVED_REAL,    /* a float or a double, -limit to limit */
	WEIR_SAVED_TIME,    /* int64_t, Unix ns, from 1938 to 2096: three of them can be added */
	WEIR_SAVED_DUE,     /* the same, or INT64_MAX: never */
	WEIR_SAVED_TEXT,    /* printable ASCII with its NUL */
	WEIR_SAVED_REBUILT, /* links, pointers, places in a table: saved as zero, and zero when it is loaded
	                     */
};

#define WEIR_SAVED_TIME_MIN INT64_C(-1000000000000000000)
#define WEIR_SAVED_TIME_MAX INT64_C(4000000000000000000)

static inline bool weir_saved_is_time(int64_t time_ns)
{
	return time_ns >= WEIR_SAVED_TIME_MIN && time_ns <= WEIR_SAVED_TIME_MAX;
}

struct weir_saved_member {
	const char *name;
	uint32_t offset, size;
	enum weir_saved_kind kind;
	uint64_t limit;
};

struct weir_saved_record {
	const char *name;
	const struct weir_saved_member *members;
	uint32_t count, size;
};

#define WEIR_SAVED_MEMBER(type, member, kind, limit)                                                         \
	{#member, offsetof(type, member), sizeof(((type *)0)->member), WEIR_SAVED_##kind, limit},
/* A term of a sum, and the sign before the next one. */
/* NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define WEIR_SAVED_SIZE(type, member, kind, limit) sizeof(((type *)0)->member) +

/* unlisted: bytes of the struct that are padding, or bit fields, which can hold nothing that does harm. */
#define WEIR_SAVED_RECORD(record, name, type, MEMBERS, unlisted)                                             \
	_Static_assert(MEMBERS(WEIR_SAVED_SIZE, type)(unlisted) == sizeof(type),                             \
	               "a member is not in the table of what may be loaded");                                \
	static const struct weir_saved_member record##_members[] = {MEMBERS(WEIR_SAVED_MEMBER, type)};       \
	const struct weir_saved_record record = {                                                            \
	        name, record##_members, sizeof(record##_members) / sizeof(*record##_members), sizeof(type)}

/* Of all that decides how its bytes are read. */
uint64_t weir_saved_fingerprint(const struct weir_saved_record *record);

#define WEIR_SAVED_REBUILT_MAX 16 /* of a record */

/* Saving. Nothing fails: what does not fit is counted, and not written. */
struct weir_saver {
	uint8_t *bytes;
	size_t capacity;
	size_t length;  /* of what was saved, also where it is more than capacity */
	size_t section; /* where the number of its records is kept */
	const struct weir_saved_record *record;
	uint64_t count;
	const struct weir_saved_member *rebuilt[WEIR_SAVED_REBUILT_MAX];
	uint32_t rebuilt_count;
};

/* Begins a section; the one before ends. */
void weir_save_section(struct weir_saver *saver, const struct weir_saved_record *record);

/* One more record of the section. */
void weir_save(struct weir_saver *saver, const void *record);

/* Ends the last section. Returns the length. */
size_t weir_save_end(struct weir_saver *saver);

/* Loading. */
#define WEIR_SAVED_WHY_SIZE 192

struct weir_loader {
	const uint8_t *bytes;
	size_t length, at;
	int64_t latest_ns; /* a state of a later time is refused; 0: none is */
	const struct weir_saved_record *record;
	uint64_t left;                 /* records of the section */
	char why[WEIR_SAVED_WHY_SIZE]; /* that it failed, for a person */
};

/*
 * The next section, and how many records it has, which are all in the file. Those left of the one before are
 * an error. Returns 0, -EBADMSG, or -EPROTO where it was saved by a program with other structs.
 */
int weir_load_section(struct weir_loader *loader, const struct weir_saved_record *record, uint64_t *count);

/* The next record of the section. Returns 0 or -EBADMSG: then the record is undefined. */
int weir_load(struct weir_loader *loader, void *record);

/* All has been loaded that there is. Returns 0 or -EBADMSG. */
int weir_load_end(struct weir_loader *loader);

/* Says why. Returns the error. */
__attribute__((format(printf, 3, 4))) int weir_load_refuse(struct weir_loader *loader, int error,
                                                           const char *format, ...);

#endif
