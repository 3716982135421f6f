/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Giving up rights once everything that needs them is open: sockets, the kernel filter.
 *
 * The process becomes an ordinary user. In force stay CAP_NET_ADMIN, CAP_NET_RAW and
 * CAP_NET_BIND_SERVICE, for a socket that must be made anew when its interface comes back. In reserve stay,
 * where a kernel filter is configured, what attaching and detaching it takes: CAP_BPF, CAP_PERFMON,
 * CAP_SYS_ADMIN (libxdp finds programs by their ids) and CAP_DAC_OVERRIDE (what libxdp pins belongs to root).
 */
#ifndef WEIR_GATEWAY_PRIVILEGES_H
#define WEIR_GATEWAY_PRIVILEGES_H

#include <stdbool.h>

/*
 * Before the threads that are to run without privileges are started. Returns 0, -ENOENT (no such user),
 * or -EPERM; then nothing can be relied on but the end of the process.
 */
int weir_privileges_drop(const char *user, bool has_filter);

/* Brings back into force, for this thread, what is in reserve. */
void weir_privileges_raise(void);

/* And back into reserve, for this thread. */
void weir_privileges_lower(void);

#endif
