/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One gateway takes the place of another without a packet going by unjudged: the old one stops receiving,
 * leaves its program where it is and says so; the new one puts its own in place of it, in one step.
 *
 * Why the first law holds: what the old program drops meanwhile nobody could have received, as the old
 * sockets are closed and the new ones are opened after the new program is there. The new engine follows
 * nobody yet, and the new program remembers nobody.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "claim.h"
#include "state.h"

/* What is queued in the sockets is handled within two seconds, or given up; then there is not much left. */
#define PATIENCE_MS 15000

/* ---- The new one ---- */

/* The interfaces on which ours will replace the other's program. */
static size_t list_names(const struct weir_prefilter *prefilter, char names[WEIR_CLAIM_NAMES_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < prefilter->interface_count && !is_off(prefilter); i++) {
		const char *name = prefilter->attachments[i].face.name;
		size_t size = strlen(name) + 1;

		if (used + size > WEIR_CLAIM_NAMES_SIZE)
			break; /* it is detached there, and attached anew */
		memcpy(names + used, name, size);
		used += size;
	}
	return used;
}

static int ask(const struct weir_prefilter *prefilter, const char *name)
{
	char names[WEIR_CLAIM_NAMES_SIZE];
	int index = (int)if_nametoindex(name);

	if (index == 0)
		return -ENOENT;
	return weir_claim_ask(index, names, list_names(prefilter, names), PATIENCE_MS);
}

int weir_prefilter_take_over(struct weir_prefilter *prefilter)
{
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		const char *name = prefilter->attachments[i].face.name;
		int error = ask(prefilter, name);

		if (error == -ENOENT)
			continue;
		if (error != 0) {
			weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_ERROR,
			                   "prefilter: %s: the weir that filters it does not hand over: %s",
			                   name,
			                   error == -ETIMEDOUT ? "no answer within 15 s" : strerror(-error));
			return error;
		}
		weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: the weir that filtered it has handed over", name);
	}
	return 0;
}

/* ---- The old one ---- */

bool weir_prefilter_is_asked_for(struct weir_prefilter *prefilter)
{
	for (size_t i = 0; i < prefilter->interface_count && prefilter->asking <= 0; i++) {
		const struct attachment *attachment = &prefilter->attachments[i];
		int asking = attachment->claim > 0 ? weir_claim_accept(attachment->claim) : -EAGAIN;

		if (asking == -EACCES)
			weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING,
			                   "prefilter: %s: somebody who may not wants to take over",
			                   attachment->face.name);
		prefilter->asking = asking > 0 ? asking : 0;
	}
	if (prefilter->asking <= 0 || prefilter->asked_length >= 0)
		return prefilter->asking > 0;
	prefilter->asked_length = weir_claim_hear(prefilter->asking, prefilter->asked);
	if (prefilter->asked_length < 0 && prefilter->asked_length != -EAGAIN) {
		close(prefilter->asking);
		prefilter->asking = 0;
		prefilter->asked_length = -EAGAIN;
	}
	return prefilter->asked_length >= 0;
}

static bool is_asked_for(const struct weir_prefilter *prefilter, const char *name)
{
	size_t size = strlen(name) + 1;

	for (int at = 0; at + (int)size <= prefilter->asked_length;) {
		if (memcmp(prefilter->asked + at, name, size) == 0)
			return true;
		const char *end = memchr(prefilter->asked + at, '\0', (size_t)(prefilter->asked_length - at));
		if (end == NULL)
			return false;
		at = (int)(end + 1 - prefilter->asked);
	}
	return false;
}

void weir_prefilter_hand_over(struct weir_prefilter *prefilter)
{
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		struct attachment *attachment = &prefilter->attachments[i];

		if (!is_attached(attachment) || !is_asked_for(prefilter, attachment->face.name))
			continue;
		weir_attachment_forget(attachment, "handed over");
		weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_NOTICE,
		                   "prefilter: %s: handed over, with the program attached",
		                   attachment->face.name);
	}
	for (size_t i = 0; i < prefilter->interface_count; i++)
		weir_detach(&prefilter->attachments[i], &prefilter->log);
	if (prefilter->asking > 0)
		weir_claim_grant(prefilter->asking);
	prefilter->asking = 0;
}
