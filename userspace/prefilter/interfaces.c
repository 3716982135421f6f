/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program on all configured interfaces, or nothing is dropped. Interfaces come, go, change their names
 * and lose their programs while the gateway runs; here that is noticed and mended.
 *
 * Why on all: what the engine learns of a device by an interface without the program, the program on the
 * others would not know of. While one is without it, the others hold: see weir_turns_hold().
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "occupant.h"
#include "state.h"

#define SECOND INT64_C(1000000000)

/* Not every change is told by the kernel: programs that are attached as a link come and go in silence. */
#define LOOK_NS (2 * SECOND)

/* Who takes the program away twice within this time means it. */
#define INSISTS_NS (60 * SECOND)

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

void weir_prefilter_remove_leftovers(struct weir_prefilter *prefilter)
{
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		const char *name = prefilter->attachments[i].face.name;
		int error = is_attached(&prefilter->attachments[i])
		                    ? 0
		                    : weir_remove_leftover(name, &prefilter->log);

		if (error < 0 && error != -ENODEV)
			weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING,
			                   "prefilter: %s: a filter may be there that is not ours to use: %s",
			                   name, error == -EBUSY ? "another weir runs" : strerror(-error));
	}
}

/* Drops as long as every interface has the program, and nothing else. */
static void hold_or_not(struct weir_prefilter *prefilter)
{
	size_t attached = 0;

	for (size_t i = 0; i < prefilter->interface_count; i++)
		attached += is_attached(&prefilter->attachments[i]);
	bool hold = attached < prefilter->interface_count;
	if (hold == prefilter->held)
		return;
	prefilter->held = hold;
	weir_turns_hold(&prefilter->turns, hold);
	weir_prefilter_log(
	        &prefilter->log, hold ? WEIR_PREFILTER_WARNING : WEIR_PREFILTER_NOTICE,
	        hold ? "prefilter: nothing is dropped while an interface is without the filter"
	             : "prefilter: every interface has the filter: it drops again in some seconds");
}

static int try_to_attach(struct weir_prefilter *prefilter, struct attachment *attachment)
{
	char before[sizeof(attachment->face.reason)];

	memcpy(before, attachment->face.reason, sizeof(before));
	weir_prefilter_quiet(true); /* each outcome is said here, in our words */
	int error = weir_attach(attachment, prefilter->object, prefilter->mode, &prefilter->log);
	weir_prefilter_quiet(false);
	if (error == 0) {
		attachment->tried = (struct circumstances){0};
		return 0;
	}
	weir_circumstances(attachment, &attachment->tried);
	if (strcmp(before, attachment->face.reason) != 0)
		weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING, "prefilter: %s: %s: %s",
		                   attachment->face.name, weir_prefilter_interface_state(&attachment->face),
		                   attachment->face.reason);
	return error;
}

/* Which failure is no reason to refuse to start, although the mode was asked for by name. */
static bool can_wait(const struct weir_prefilter *prefilter, int error)
{
	return prefilter->mode == WEIR_PREFILTER_AUTO || error == -ENODEV;
}

int weir_prefilter_attach(struct weir_prefilter *prefilter)
{
	int error = 0;

	if (is_off(prefilter))
		return 0;
	if (!prefilter->has_area)
		return -EINVAL;
	prefilter->attached = true;
	for (size_t i = 0; i < prefilter->interface_count; i++) {
		error = try_to_attach(prefilter, &prefilter->attachments[i]);
		if (error != 0 && !can_wait(prefilter, error))
			break;
		error = 0;
	}
	if (error != 0)
		for (size_t i = 0; i < prefilter->interface_count; i++)
			weir_detach(&prefilter->attachments[i], &prefilter->log);
	weir_prefilter_remove_leftovers(prefilter);
	hold_or_not(prefilter);
	prefilter->looked_ns = monotonic_ns();
	if (error != 0 || prefilter->watch != NULL)
		return error;
	error = weir_watch_open(&prefilter->watch);
	if (error != 0)
		weir_prefilter_log(
		        &prefilter->log, WEIR_PREFILTER_WARNING,
		        "prefilter: interfaces can't be watched, they are looked at every %d s: %s",
		        (int)(LOOK_NS / SECOND), strerror(-error));
	return 0;
}

/* Somebody took the program away: once is a mishap, twice is a will. */
static void note_removal(struct weir_prefilter *prefilter, struct attachment *attachment, int64_t now_ns)
{
	attachment->left_alone = attachment->removed_ns != 0 && now_ns - attachment->removed_ns < INSISTS_NS;
	attachment->removed_ns = now_ns;
	weir_attachment_forget(attachment, attachment->left_alone
	                                           ? "somebody took the program away twice; restart to attach"
	                                           : "somebody took the program away");
	weir_prefilter_log(&prefilter->log, WEIR_PREFILTER_WARNING,
	                   "prefilter: %s: somebody took the program away%s", attachment->face.name,
	                   attachment->left_alone
	                           ? " again: it stays away until a restart"
	                           : "; 'prefilter.mode: off' or 'observe: true' is how to switch it off");
}

static void check_attached(struct weir_prefilter *prefilter, struct attachment *attachment, int64_t now_ns)
{
	const char *name = attachment->face.name;
	const struct prefilter_log *log = &prefilter->log;

	switch (weir_attachment_fate(attachment)) {
	case FATE_ATTACHED:
		return;
	case FATE_GONE:
		weir_attachment_forget(attachment, "there is no such interface any more");
		weir_prefilter_log(log, WEIR_PREFILTER_WARNING, "prefilter: %s: the interface is gone", name);
		break;
	case FATE_RENAMED:
		weir_prefilter_log(log, WEIR_PREFILTER_WARNING,
		                   "prefilter: %s: the interface has another name now", name);
		weir_detach(attachment, log);
		weir_attachment_forget(attachment, "the interface has another name now");
		break;
	case FATE_REMOVED:
		note_removal(prefilter, attachment, now_ns);
		break;
	case FATE_REPLACED:
		weir_attachment_forget(attachment, "somebody put another XDP program in its place");
		weir_prefilter_log(log, WEIR_PREFILTER_WARNING,
		                   "prefilter: %s: somebody put another XDP program in its place", name);
		break;
	}
	attachment->tried = (struct circumstances){.index = -1};
}

static void check_detached(struct weir_prefilter *prefilter, struct attachment *attachment)
{
	struct circumstances now;

	weir_circumstances(attachment, &now);
	attachment->face.absent = now.index == 0;
	if (now.index != attachment->index)
		attachment->left_alone = false; /* another interface, or none */
	if (attachment->left_alone || now.index == 0 || memcmp(&now, &attachment->tried, sizeof(now)) == 0)
		return;
	try_to_attach(prefilter, attachment);
}

static bool concerns_us(void *context, int index, const char *name)
{
	const struct weir_prefilter *prefilter = context;

	for (size_t i = 0; i < prefilter->interface_count; i++)
		if (prefilter->attachments[i].index == index || name == NULL ||
		    strcmp(prefilter->attachments[i].face.name, name) == 0)
			return true;
	return false;
}

int weir_prefilter_descriptor(const struct weir_prefilter *prefilter)
{
	return prefilter->watch != NULL ? weir_watch_descriptor(prefilter->watch) : -1;
}

bool weir_prefilter_wants_work(struct weir_prefilter *prefilter)
{
	if (is_off(prefilter) || !prefilter->attached)
		return false;
	bool heard = prefilter->watch != NULL && weir_watch_read(prefilter->watch, concerns_us, prefilter);
	return heard || monotonic_ns() - prefilter->looked_ns >= LOOK_NS;
}

void weir_prefilter_work(struct weir_prefilter *prefilter)
{
	int64_t now_ns = monotonic_ns();

	if (is_off(prefilter) || !prefilter->attached)
		return;
	prefilter->looked_ns = now_ns;
	/* Nothing may be dropped any more before an interface without the program is let be, or mended. */
	for (size_t i = 0; i < prefilter->interface_count; i++)
		if (is_attached(&prefilter->attachments[i]))
			check_attached(prefilter, &prefilter->attachments[i], now_ns);
	hold_or_not(prefilter);
	for (size_t i = 0; i < prefilter->interface_count; i++)
		if (!is_attached(&prefilter->attachments[i]))
			check_detached(prefilter, &prefilter->attachments[i]);
	hold_or_not(prefilter);
}
