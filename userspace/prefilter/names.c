/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names that metrics, logs and configuration use.
 */
#include "prefilter.h"

static const char *const reasons[] = {
        [WEIR_REASON_NOT_IP] = "not_ip",
        [WEIR_REASON_IP_HEADER] = "ip_header",
        [WEIR_REASON_FRAGMENT] = "fragment",
        [WEIR_REASON_NOT_UDP] = "not_udp",
        [WEIR_REASON_UDP_HEADER] = "udp_header",
        [WEIR_REASON_PORT] = "port",
        [WEIR_REASON_UNKNOWN] = "unknown",
        [WEIR_REASON_LONG] = "long",
        [WEIR_REASON_HARMLESS] = "harmless",
        [WEIR_REASON_CHECKSUM] = "checksum",
        [WEIR_REASON_PAYLOAD] = "payload",
        [WEIR_REASON_TYPE] = "type",
        [WEIR_REASON_MULTIPART] = "multipart",
        [WEIR_REASON_IDENTITY] = "identity",
        [WEIR_REASON_DISTRESS] = "distress",
        [WEIR_REASON_NO_POSITION] = "no_position",
        [WEIR_REASON_POSITION] = "position",
        [WEIR_REASON_INSIDE] = "inside",
        [WEIR_REASON_FOLLOWED] = "followed",
        [WEIR_REASON_RECENT] = "recent",
        [WEIR_REASON_HELD] = "held",
        [WEIR_REASON_OBSERVED] = "observed",
        [WEIR_REASON_NOTHING] = "nothing",
        [WEIR_REASON_OBSERVED_NOT_ALLOWED] = "observed_not_allowed",
        [WEIR_REASON_OBSERVED_RATE_LIMITED] = "observed_rate_limited",
        [WEIR_REASON_OUTSIDE] = "outside",
        [WEIR_REASON_UNFOLLOWED] = "unfollowed",
        [WEIR_REASON_NOT_ALLOWED] = "not_allowed",
        [WEIR_REASON_RATE_LIMITED] = "rate_limited",
};

_Static_assert(sizeof(reasons) / sizeof(reasons[0]) == WEIR_REASONS, "a name for each reason");

static const char *const modes[] = {
        [WEIR_PREFILTER_AUTO] = "auto",
        [WEIR_PREFILTER_NATIVE] = "native",
        [WEIR_PREFILTER_GENERIC] = "generic",
        [WEIR_PREFILTER_OFF] = "off",
};

_Static_assert(sizeof(modes) / sizeof(modes[0]) == WEIR_PREFILTER_MODES, "a name for each mode");

static const char *const states[] = {"native", "generic", "absent", "off"};

_Static_assert(sizeof(states) / sizeof(states[0]) == WEIR_PREFILTER_STATES, "a name for each state");

const char *weir_prefilter_state_name(size_t index)
{
	return states[index < WEIR_PREFILTER_STATES ? index : WEIR_PREFILTER_STATES - 1];
}

const char *weir_prefilter_interface_state(const struct weir_prefilter_interface *interface)
{
	return interface->absent ? states[2] : weir_prefilter_mode_name(interface->mode);
}

static const char *const outcomes[] = {
        [WEIR_SENDER_PASSED] = "passed",           [WEIR_SENDER_MALFORMED] = "malformed",
        [WEIR_SENDER_OBSERVED] = "observed",       [WEIR_SENDER_OUTSIDE] = "outside",
        [WEIR_SENDER_NOT_ALLOWED] = "not_allowed", [WEIR_SENDER_RATE_LIMITED] = "rate_limited",
};

_Static_assert(sizeof(outcomes) / sizeof(outcomes[0]) == WEIR_SENDER_OUTCOMES, "a name for each outcome");

const char *weir_reason_name(enum weir_reason reason)
{
	return (unsigned int)reason < WEIR_REASONS ? reasons[reason] : NULL;
}

const char *weir_reason_verdict(enum weir_reason reason)
{
	return reason >= WEIR_REASON_DROPS ? "drop" : "pass";
}

const char *weir_sender_outcome_name(enum weir_sender_outcome outcome)
{
	return (unsigned int)outcome < WEIR_SENDER_OUTCOMES ? outcomes[outcome] : NULL;
}

const char *weir_prefilter_mode_name(enum weir_prefilter_mode mode)
{
	return (unsigned int)mode < WEIR_PREFILTER_MODES ? modes[mode] : NULL;
}
