/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PROJ, loaded where a file names a reference system or a circle is drawn, and not before: it brings forty
 * libraries along, and five megabytes that a process without such a file has no use for.
 */
#ifndef WEIR_PROJ_LIBRARY_H
#define WEIR_PROJ_LIBRARY_H

#include <geodesic.h>
#include <proj.h>

#define WEIR_PROJ_FUNCTIONS(X)                                                                               \
	X(context_create)                                                                                    \
	X(context_destroy)                                                                                   \
	X(context_set_enable_network)                                                                        \
	X(log_func)                                                                                          \
	X(create)                                                                                            \
	X(create_crs_to_crs_from_pj)                                                                         \
	X(destroy)                                                                                           \
	X(get_area_of_use)                                                                                   \
	X(get_type)                                                                                          \
	X(is_crs)                                                                                            \
	X(normalize_for_visualization)                                                                       \
	X(pj_info)                                                                                           \
	X(trans)

/* The functions proj_…() of <proj.h>, without their prefix; and of <geodesic.h>. */
struct weir_proj {
	__typeof__(geod_init) *geod_init;
	__typeof__(geod_direct) *geod_direct;
	__typeof__(geod_inverse) *geod_inverse;
#define WEIR_PROJ_MEMBER(name) __typeof__(proj_##name) *(name);
	WEIR_PROJ_FUNCTIONS(WEIR_PROJ_MEMBER)
#undef WEIR_PROJ_MEMBER
};

/* NULL where it can't be loaded. From any thread; stays loaded. */
const struct weir_proj *weir_proj_library(void);

#endif
