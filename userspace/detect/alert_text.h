/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one sentence of an alert that is for a person.
 */
#ifndef WEIR_ALERT_TEXT_H
#define WEIR_ALERT_TEXT_H

#include <weir/event.h>

/* Two ships' names and ids, a fence's name, and the words between. */
#define WEIR_MESSAGE_SIZE 512

/* ship_name may be NULL. All members of the alert but `message` are filled in. */
void weir_alert_text(char message[WEIR_MESSAGE_SIZE], const struct weir_alert *alert, const char *id,
                     const char *ship_name);

#endif
