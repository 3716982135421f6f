/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody else who uses XDP by libxdp: attaches a program that passes everything, and stays until standard
 * input ends. Prints "beside" where libxdp's dispatcher runs it, so that others find room, and "alone" where
 * the kernel has not what that needs.
 *
 *     tool_beside INTERFACE
 */
#include <bpf/libbpf.h>
#include <net/if.h>
#include <stdio.h>
#include <unistd.h>
#include <xdp/libxdp.h>

#include "yardstick.skel.h"

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static int silent_too(enum libxdp_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

int main(int argc, char **argv)
{
	int index = argc == 2 ? (int)if_nametoindex(argv[1]) : 0;
	char byte;

	libbpf_set_print(silent);
	libxdp_set_print(silent_too);
	struct yardstick_bpf *object = yardstick_bpf__open();
	if (index == 0 || !object)
		return 2;
	struct xdp_program *program = xdp_program__from_bpf_obj(object->obj, "xdp");
	if (libxdp_get_error(program) || xdp_program__attach(program, index, XDP_MODE_NATIVE, 0) != 0)
		return 1;
	struct xdp_multiprog *all = xdp_multiprog__get_from_ifindex(index);
	puts(!libxdp_get_error(all) && !xdp_multiprog__is_legacy(all) ? "beside" : "alone");
	fflush(stdout);
	xdp_multiprog__close(all);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	int error = xdp_program__detach(program, index, XDP_MODE_NATIVE, 0);
	xdp_program__close(program);
	yardstick_bpf__destroy(object);
	return error != 0;
}
