/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of faults, as subjects and metrics carry them.
 */
#include <weir/fault.h>

static const char *const names[] = {
        [WEIR_FAULT_CHECKSUM] = "checksum",   [WEIR_FAULT_FRAMING] = "framing",
        [WEIR_FAULT_TOO_LONG] = "too_long",   [WEIR_FAULT_CHARSET] = "charset",
        [WEIR_FAULT_FIELDS] = "fields",       [WEIR_FAULT_TAG_BLOCK] = "tag_block",
        [WEIR_FAULT_FRAGMENT] = "fragment",   [WEIR_FAULT_PAYLOAD] = "payload",
        [WEIR_FAULT_POSITION] = "position",   [WEIR_FAULT_IDENTITY] = "identity",
        [WEIR_FAULT_TIMESTAMP] = "timestamp",
};

_Static_assert(sizeof(names) / sizeof(names[0]) == WEIR_FAULTS, "a name for each fault");

const char *weir_fault_name(enum weir_fault fault)
{
	return (unsigned int)fault < WEIR_FAULTS ? names[fault] : "unknown";
}
