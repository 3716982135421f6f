/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Privileges: see privileges.h. By libcap-ng.
 */
#include "gateway/privileges.h"

#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <stddef.h>

static const unsigned in_force[] = {CAP_NET_ADMIN, CAP_NET_RAW, CAP_NET_BIND_SERVICE};
static const unsigned in_reserve[] = {CAP_BPF, CAP_PERFMON, CAP_SYS_ADMIN, CAP_DAC_OVERRIDE};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What was not given, as in a container, can't be kept. */
static void keep(const bool *had, const unsigned *capabilities, size_t count, capng_type_t sets)
{
	for (size_t i = 0; i < count; i++)
		if (had[capabilities[i]])
			capng_update(CAPNG_ADD, sets, capabilities[i]);
}

int weir_privileges_drop(const char *user, bool has_filter)
{
	const struct passwd *entry = getpwnam(user);
	bool had[CAP_LAST_CAP + 1];

	if (!entry)
		return -ENOENT;
	if (capng_get_caps_process())
		return -EPERM;
	for (unsigned i = 0; i <= CAP_LAST_CAP; i++)
		had[i] = capng_have_capability(CAPNG_PERMITTED, i);
	capng_clear(CAPNG_SELECT_BOTH);
	keep(had, in_force, COUNT(in_force), CAPNG_EFFECTIVE | CAPNG_PERMITTED);
	if (has_filter)
		keep(had, in_reserve, COUNT(in_reserve), CAPNG_PERMITTED);
	if (capng_change_id((int)entry->pw_uid, (int)entry->pw_gid,
	                    CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING))
		return -EPERM;
	return 0;
}

void weir_privileges_raise(void)
{
	if (capng_get_caps_process())
		return;
	for (unsigned i = 0; i <= CAP_LAST_CAP; i++)
		if (capng_have_capability(CAPNG_PERMITTED, i))
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, i);
	capng_apply(CAPNG_SELECT_CAPS); /* what fails for lack of it says so itself */
}

void weir_privileges_lower(void)
{
	if (capng_get_caps_process())
		return;
	for (size_t i = 0; i < COUNT(in_reserve); i++)
		capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, in_reserve[i]);
	capng_apply(CAPNG_SELECT_CAPS);
}
