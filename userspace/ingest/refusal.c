/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why io_uring was refused. The errno alone does not say: the same EPERM comes from a sysctl and from
 * a container's seccomp filter, and what to do differs.
 */
#include "ingest/ring.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_number(const char *path, const char *key)
{
	size_t key_length = strlen(key);
	FILE *file = fopen(path, "re");
	char line[256];
	int number = -1;

	if (file == NULL)
		return -1;
	while (number < 0 && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, key, key_length) == 0)
			number = (int)strtol(line + key_length, NULL, 10);
	}
	fclose(file);
	return number;
}

void weir_ring_explain(int error, int disabled, bool filtered, char *problem, size_t problem_size)
{
	const char *reason = strerror(-error);

	if (error == -EPERM && disabled == 2)
		reason = "the sysctl kernel.io_uring_disabled is 2, which forbids io_uring to everyone: "
		         "`sysctl kernel.io_uring_disabled=0`, or 1 with this user in kernel.io_uring_group";
	else if (error == -EPERM && disabled == 1)
		reason = "the sysctl kernel.io_uring_disabled is 1: start as root, add this user's group to "
		         "kernel.io_uring_group, or `sysctl kernel.io_uring_disabled=0`";
	else if ((error == -EPERM || error == -ENOSYS || error == -EACCES) && filtered)
		reason = "a seccomp filter of this container or service refuses it: allow io_uring_setup, "
		         "io_uring_enter "
		         "and io_uring_register (docker, podman: --security-opt seccomp=PROFILE; systemd: "
		         "SystemCallFilter=@io-event io_uring_setup io_uring_enter io_uring_register)";
	else if (error == -EPERM || error == -EACCES)
		reason = "not permitted: a security module (SELinux, AppArmor) may refuse it; see its log";
	else if (error == -ENOSYS)
		reason = "this kernel was built without it (CONFIG_IO_URING); Linux 6.0 or newer is needed";
	else if (error == -EINVAL)
		reason = "this kernel is too old; Linux 6.0 or newer is needed (Debian 12 has 6.1)";
	else if (error == -ENOMEM)
		reason = "no memory, or the limit of locked memory is too low: raise it (LimitMEMLOCK= in a "
		         "systemd "
		         "unit, ulimit -l)";
	else if (error == -EMFILE || error == -ENFILE)
		reason = "too many open files: raise the limit (LimitNOFILE= in a systemd unit, ulimit -n)";
	snprintf(problem, problem_size, "io_uring: %s", reason);
}

void weir_ring_explain_here(int error, char *problem, size_t problem_size)
{
	int disabled = read_number("/proc/sys/kernel/io_uring_disabled", "");
	int seccomp = read_number("/proc/self/status", "Seccomp:");

	weir_ring_explain(error, disabled, seccomp > 0, problem, problem_size);
}
