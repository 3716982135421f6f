/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's verifier makes of the program: how many instructions it walked, and that it stays within
 * the budget. Other objects than the one built in can be named, such as `make verify-objects` builds with
 * several compilers:
 *
 *     build/tests/bpf/test_verifier [FILE.bpf.o...]
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

static char **object_files; /* NULL: the object built in */

static int keep_quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static struct bpf_object *open_object(const char *file)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "weir_bpf");
	size_t size;
	const void *bytes = weir_bpf__elf_bytes(&size);

	return file != NULL ? bpf_object__open_file(file, &options)
	                    : bpf_object__open_mem(bytes, size, &options);
}

/* Returns how many instructions were walked, or why it does not load. */
static int load_and_count(const char *file)
{
	char *log = calloc(1, LOG_SIZE);
	struct bpf_object *object = open_object(file);
	int processed = 0;

	if (log == NULL || object == NULL) {
		free(log);
		return -errno;
	}
	struct bpf_program *program = bpf_object__find_program_by_name(object, "weir_prefilter");
	bpf_program__set_log_level(program, 4); /* the statistics and nothing else */
	bpf_program__set_log_buf(program, log, LOG_SIZE);
	int error = bpf_object__load(object);
	const char *line = strstr(log, "processed ");
	if (line != NULL)
		sscanf(line, "processed %d insns", &processed);
	if (error != 0)
		printf("# %s\n", log);
	bpf_object__close(object);
	free(log);
	return error != 0 ? error : processed;
}

START_TEST(the_program_is_verified_within_its_budget)
{
	const char *file = object_files != NULL ? object_files[_i] : NULL;
	int processed = load_and_count(file);

	printf("# %s: %d verified instructions of at most %d\n", file != NULL ? file : "the object built in",
	       processed, BUDGET);
	fflush(stdout);
	ck_assert_int_gt(processed, 100);
	ck_assert_int_lt(processed, BUDGET);
}
END_TEST

int main(int argc, char **argv)
{
	Suite *suite = suite_create("verifier");
	TCase *budget = tcase_create("budget");

	if (argc > 1)
		object_files = argv + 1;
	libbpf_set_print(keep_quiet);
	if (load_and_count(NULL) == -EPERM)
		return suite_skip("BPF programs can't be loaded here");
	tcase_set_timeout(budget, 60);
	tcase_add_loop_test(budget, the_program_is_verified_within_its_budget, 0, argc > 1 ? argc - 1 : 1);
	suite_add_tcase(suite, budget);
	return suite_main(suite);
}
