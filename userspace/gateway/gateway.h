/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gateway: every part of it, started in order, run until a signal, stopped in reverse order.
 *
 *     worker     receives, decodes, detects          worker.h
 *     publisher  delivers                            publish/publish.h
 *     control    this thread: signals, HTTP, status
 */
#ifndef WEIR_GATEWAY_GATEWAY_H
#define WEIR_GATEWAY_GATEWAY_H

#include "gateway/setup.h"

/*
 * Runs until SIGTERM or SIGINT, then drains. Returns 0, or a negative errno; the log has said why.
 * The setup is borrowed, and changes when it is loaded anew: by SIGHUP, by a request. takes_over: a gateway
 * that filters one of its interfaces is asked to make room, see weir_prefilter_take_over().
 */
int weir_gateway_run(struct weir_setup *setup, bool takes_over);

#endif
