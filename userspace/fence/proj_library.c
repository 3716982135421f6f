/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading PROJ. See proj_library.h.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "fence/proj_library.h"

static struct weir_proj functions;
static bool is_loaded;

static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);

	memcpy(function, &found, sizeof(found)); /* ISO C knows no cast from data to functions */
	return found != NULL;
}

/* The version that this was compiled with: WEIR_PROJ_SONAME comes from the build. */
static void load(void)
{
	void *library = dlopen(WEIR_PROJ_SONAME, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL)
		return;
	is_loaded = find(library, "geod_init", &functions.geod_init) &&
	            find(library, "geod_direct", &functions.geod_direct) &&
	            find(library, "geod_inverse", &functions.geod_inverse);
#define FIND(name) is_loaded = find(library, "proj_" #name, &functions.name) && is_loaded;
	WEIR_PROJ_FUNCTIONS(FIND)
#undef FIND
}

const struct weir_proj *weir_proj_library(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return is_loaded ? &functions : NULL;
}
