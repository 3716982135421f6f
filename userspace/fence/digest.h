/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked of a fence most often, gathered when it is loaded.
 */
#ifndef WEIR_DIGEST_H
#define WEIR_DIGEST_H

#include <weir/fence.h>

/* The fence must outlive the digest. */
struct weir_fence_digest weir_fence_digest_of(const struct weir_fence *fence);

#endif
