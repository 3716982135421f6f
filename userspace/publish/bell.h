/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the publisher sleeps and is woken without costing the workers a system call an event.
 *
 * In traffic the publisher dozes for a millisecond at a time, and only what is urgent (an alert, an
 * acknowledgement) rings. When nothing has come for a while it sleeps, and everything rings.
 */
#ifndef WEIR_PUBLISH_BELL_H
#define WEIR_PUBLISH_BELL_H

#include <stdatomic.h>
#include <stdbool.h>

enum weir_bell_state { WEIR_BELL_AWAKE, WEIR_BELL_DOZING, WEIR_BELL_ASLEEP };

struct weir_bell {
	int fd; /* an eventfd */
	_Atomic int state;
};

int weir_bell_init(struct weir_bell *bell);
void weir_bell_destroy(struct weir_bell *bell);

/* From any thread, after what it announces has been made visible. */
void weir_bell_ring(struct weir_bell *bell, bool urgent);

/*
 * The one that sleeps: say so, look whether there is anything to do after all, then wait or don't.
 *
 *     weir_bell_prepare(bell, WEIR_BELL_DOZING);
 *     weir_bell_wait(bell, nothing_to_do() ? timeout_ms : 0);
 */
void weir_bell_prepare(struct weir_bell *bell, enum weir_bell_state state);
void weir_bell_wait(struct weir_bell *bell, int timeout_ms);

#endif
