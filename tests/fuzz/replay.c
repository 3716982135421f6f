/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fuzz target as a plain test: every file of the directories given, then mutations of them by a generator
 * with a fixed seed. It finds what the fuzzer found before, not what is new. Says TAP, one line.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUTS_MAX 4096
#define SIZE_MAX_INPUT ((size_t)1 << 17)
#define MUTATIONS 20000
#define SEED 0x9e3779b97f4a7c15u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *count, char ***arguments) __attribute__((weak));

struct input {
	uint8_t *bytes;
	size_t size;
};

static struct input inputs[INPUTS_MAX];
static size_t input_count;
static uint64_t state = SEED;

/* xorshift64* */
static size_t below(size_t limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return limit > 0 ? (size_t)((state * 0x2545f4914f6cdd1du) >> 33) % limit : 0;
}

static bool add_file(const char *directory, const char *name)
{
	char path[1024];
	struct input input = {.bytes = malloc(SIZE_MAX_INPUT)};

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = input.bytes != NULL && input_count < INPUTS_MAX ? fopen(path, "rb") : NULL;

	if (file == NULL) {
		free(input.bytes);
		fprintf(stderr, "replay: %s can't be read\n", path);
		return false;
	}
	input.size = fread(input.bytes, 1, SIZE_MAX_INPUT, file);
	fclose(file);
	inputs[input_count++] = input;
	return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, by_name);
	bool good = count >= 0;

	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && !add_file(path, entries[i]->d_name))
			good = false;
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return good;
}

/* One change: a bit, a byte, some bytes taken out, doubled, or taken from another input. */
static size_t mutate(uint8_t *bytes, size_t size, size_t capacity)
{
	size_t at = below(size);
	size_t length = 1 + below(size - at < 16 ? size - at : 16);
	const struct input *other = &inputs[below(input_count)];

	switch (size > 0 ? below(6) : 5) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << below(8));
		return size;
	case 1:
		bytes[at] = (uint8_t)below(256);
		return size;
	case 2:
		if (at + length > size)
			return size;
		memmove(bytes + at, bytes + at + length, size - at - length);
		return size - length;
	case 3:
		if (size + length > capacity || at + length > size)
			return size;
		memmove(bytes + at + length, bytes + at, size - at);
		return size + length;
	case 4:
		return at;
	default:
		if (other->size == 0)
			return size;
		length = 1 + below(other->size);
		if (at + length > capacity)
			return size;
		memcpy(bytes + at, other->bytes + below(other->size - length + 1), length);
		return at + length > size ? at + length : size;
	}
}

int main(int count, char **arguments)
{
	const char *name = strrchr(arguments[0], '/');
	bool good = true;
	static uint8_t bytes[SIZE_MAX_INPUT];

	name = name != NULL ? name + 1 : arguments[0];
	for (int i = 1; i < count; i++)
		good = add_directory(arguments[i]) && good;
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&count, &arguments);
	LLVMFuzzerTestOneInput(bytes, 0);
	for (size_t i = 0; i < input_count; i++)
		LLVMFuzzerTestOneInput(inputs[i].bytes, inputs[i].size);
	for (size_t i = 0; i < MUTATIONS && input_count > 0; i++) {
		const struct input *input = &inputs[below(input_count)];
		size_t size = input->size;

		memcpy(bytes, input->bytes, size);
		for (size_t changes = 1 + below(4); changes > 0; changes--)
			size = mutate(bytes, size, sizeof(bytes));
		LLVMFuzzerTestOneInput(bytes, size);
	}
	printf("1..1\n%s 1 - %s keeps its promises on %zu inputs and %d mutations (seed %llx)\n",
	       good && input_count > 0 ? "ok" : "not ok", name, input_count, MUTATIONS,
	       (unsigned long long)SEED);
	for (size_t i = 0; i < input_count; i++)
		free(inputs[i].bytes);
	return good && input_count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
