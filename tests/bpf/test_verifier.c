/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's verifier makes of the program: how many instructions it walked, and that it stays within
 * the budget. Another object than the one built in can be named: build/tests/bpf/test_verifier FILE.bpf.o
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <weir/prefilter.h>

#include "suite.h"

#include "weir.skel.h"

#define BUDGET 50000 /* of a million that the kernel allows */
#define LOG_SIZE (64 << 10)

static const char *object_file;
static int processed = -1;

static int keep_quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

/* Level 4: the verifier's statistics and nothing else. */
static int load_and_count(void)
{
	char *log = calloc(1, LOG_SIZE);
	const void *bytes;
	size_t size;
	struct bpf_object *object;
	int error = -ENOMEM;

	if (log == NULL)
		return -ENOMEM;
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "weir_bpf");
	bytes = weir_bpf__elf_bytes(&size);
	object = object_file != NULL ? bpf_object__open_file(object_file, &options)
	                             : bpf_object__open_mem(bytes, size, &options);
	if (object == NULL)
		goto out;
	struct bpf_program *program = bpf_object__find_program_by_name(object, "weir_prefilter");
	bpf_program__set_log_level(program, 4);
	bpf_program__set_log_buf(program, log, LOG_SIZE);
	error = bpf_object__load(object);
	const char *line = strstr(log, "processed ");
	if (line != NULL)
		sscanf(line, "processed %d insns", &processed);
	if (error != 0)
		printf("# %s\n", log);
	bpf_object__close(object);
out:
	free(log);
	return error;
}

START_TEST(the_program_is_verified_within_its_budget)
{
	printf("# verified instructions: %d of at most %d (%s)\n", processed, BUDGET,
	       object_file != NULL ? object_file : "the object built in");
	ck_assert_int_gt(processed, 100);
	ck_assert_int_lt(processed, BUDGET);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("verifier");
	TCase *budget = tcase_create("budget");

	if (argc > 1)
		object_file = argv[1];
	libbpf_set_print(keep_quiet);
	int error = load_and_count();
	if (error == -EPERM)
		return suite_skip("BPF programs can't be loaded here");
	setvbuf(stdout, NULL, _IOLBF, 0);
	tcase_add_test(budget, the_program_is_verified_within_its_budget);
	suite_add_tcase(suite, budget);
	return suite_main(suite);
}
