/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one thing that differs between the kernel and a native build: where the frame is, and the shared
 * memory.
 */
#ifndef WEIR_BPF_FRAME_H
#define WEIR_BPF_FRAME_H

#include "maps.h"

#ifdef __bpf__

/* Verified by itself, for any arguments: what is used in several places is verified once. */
#define SEPARATE __attribute__((noinline))

typedef struct xdp_md frame_context;

static __always_inline const __u8 *frame_begin(const frame_context *ctx)
{
	return (const __u8 *)(long)ctx->data;
}

static __always_inline const __u8 *frame_end(const frame_context *ctx)
{
	return (const __u8 *)(long)ctx->data_end;
}

static __always_inline struct weir_prefilter_shared *shared_of(const frame_context *ctx)
{
	/* Else the compiler sees that ctx is not used, passes nothing, and the verifier objects. */
	OPAQUE(ctx);
	return &weir_shared;
}

static __always_inline long load_text(frame_context *ctx, __u32 at, void *to, __u32 length)
{
	return bpf_xdp_load_bytes(ctx, at, to, length);
}

#else

#define SEPARATE static __attribute__((noinline, unused))

typedef struct native_frame {
	const __u8 *begin, *end;
	struct weir_prefilter_shared *shared;
	struct window *window; /* memory to work in */
} frame_context;

static inline const __u8 *frame_begin(const frame_context *ctx)
{
	return ctx->begin;
}

static inline const __u8 *frame_end(const frame_context *ctx)
{
	return ctx->end;
}

static inline struct weir_prefilter_shared *shared_of(const frame_context *ctx)
{
	return ctx->shared;
}

static inline long load_text(const frame_context *ctx, __u32 at, void *to, __u32 length)
{
	if (at + length > (__u32)(ctx->end - ctx->begin))
		return -1;
	__builtin_memcpy(to, ctx->begin + at, length);
	return 0;
}

#endif
#endif
