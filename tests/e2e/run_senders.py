#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The policies on senders hold whatever the mode of the kernel filter, and each datagram is accounted for:
the allow-list, the rate limit, and the table of senders in /metrics and in weir top."""

import json
import os
import sys
import time

import rig
from rig import ok, total

CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}", "[::]:{rig.PORT}"]
prefilter:
  mode: MODE
  interfaces: [veth0]
  boxes: [[3.6, 51.8, 4.6, 52.2]]
  senders: 64
MOREhttp:
  listen: "{rig.HTTP}"
"""

ALLOW = '  allow: ["10.77.0.2/31", "fd77::/64"]\n'
FRIENDS = ["10.77.0.2", "10.77.0.3", "fd77::2"]
STRANGERS = ["10.77.0.9", "fd78::9"]
EACH = 10
MODES = ("native", "generic", "off")

SEND = """
import json, socket, sys, time
for source, target, port, payloads in json.load(sys.stdin):
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        out.bind((source, 0))
        for payload in payloads:
            out.sendto(bytes.fromhex(payload), (target, port))
"""


def within(feeder, *command, **options):
    return rig.run("nsenter", "-t", str(feeder.child.pid), "-n", *command, **options)


def give_addresses(feeder):
    rig.run("sysctl", "-q", "-w", "net.ipv6.conf.veth0.disable_ipv6=0")
    within(feeder, "sysctl", "-q", "-w", "net.ipv6.conf.veth1.disable_ipv6=0")
    rig.run("ip", "address", "add", "fd77::1/64", "dev", "veth0", "nodad")
    rig.run("ip", "address", "add", "fd78::1/64", "dev", "veth0", "nodad")
    for address in ("10.77.0.3/24", "10.77.0.9/24"):
        within(feeder, "ip", "address", "add", address, "dev", "veth1")
    for address in ("fd77::2/64", "fd78::9/64"):
        within(feeder, "ip", "address", "add", address, "dev", "veth1", "nodad")


def target_of(source):
    return source.split("::")[0] + "::1" if ":" in source else rig.GATEWAY_IP


def send(feeder, batches, port=rig.PORT):
    """[(source, [payload])]"""
    data = [(source, target_of(source), port, [p.hex() for p in payloads]) for source, payloads in batches]
    within(feeder, sys.executable, "-c", SEND, input=json.dumps(data))


def gateway_of(directory, mode, more):
    return rig.Gateway(directory, CONFIG.replace("MODE", mode).replace("MORE", more))


def reports(sender, count=EACH):
    """Inside the area, of as many devices."""
    first = 244000000 + 1000 * (FRIENDS + STRANGERS).index(sender)
    return [rig.position(first + i, 4.05, 51.98) for i in range(count)]


def outcome(samples, name):
    return total(samples, "weir_datagrams_total", outcome=name)


def refused(samples, reason):
    """By the kernel or by user space."""
    kernel = total(samples, "weir_prefilter_packets_total", verdict="drop", reason=reason)
    return kernel + outcome(samples, reason)


def accounted(samples):
    """Between the filter and the decoder nothing is missing."""
    received = total(samples, "weir_socket_datagrams_total", outcome="received")
    return received == total(samples, "weir_datagrams_total")


def of_sender(samples, sender, outcome_name):
    return total(samples, "weir_sender_packets_total", sender=sender, outcome=outcome_name)


def ids(gateway):
    return sorted(line["properties"]["id"] for line in gateway.lines())


def unseen(feeder):
    """Packets that left the feeder less those that the filter saw; IPv6 sends some of its own accord."""
    while True:
        sent = feeder.packets()
        seen = total(rig.metrics(), "weir_prefilter_packets_total")
        if feeder.packets() == sent:
            return sent - seen


def test_allow_list(directory, feeder):
    everybody = FRIENDS + STRANGERS
    wanted = sorted(str(244000000 + 1000 * i + j) for i in range(len(FRIENDS)) for j in range(EACH))
    for mode in MODES:
        gateway = gateway_of(directory, mode, ALLOW)
        before = unseen(feeder)
        send(feeder, [(sender, reports(sender)) for sender in everybody])
        rig.wait_for(lambda: outcome(rig.metrics(), "accepted") >= EACH * len(FRIENDS) and refused(rig.metrics(), "not_allowed") >= EACH * len(STRANGERS))
        samples = rig.metrics()
        ok(outcome(samples, "accepted") == EACH * len(FRIENDS), f"{mode}: who is on the allow-list is heard, by IPv4 and IPv6", samples)
        ok(refused(samples, "not_allowed") == EACH * len(STRANGERS), f"{mode}: who is not is refused, and counted")
        by_kernel = total(samples, "weir_prefilter_packets_total", reason="not_allowed")
        ok(by_kernel == (0 if mode == "off" else EACH * len(STRANGERS)), f"{mode}: by whom it should be", by_kernel)
        if mode != "off":
            ok(rig.wait_for(lambda: unseen(feeder) == before), f"{mode}: the filter's counters add up to what arrived", (before, unseen(feeder)))
        ok(accounted(samples), f"{mode}: the outcomes of datagrams add up to what was received")
        ok(all(of_sender(samples, s, "passed") == EACH for s in FRIENDS), f"{mode}: /metrics: what friends sent passed")
        ok(all(of_sender(samples, s, "not_allowed") == EACH for s in STRANGERS), f"{mode}: /metrics: and what strangers sent did not")
        ok(total(samples, "weir_senders") == len(everybody), f"{mode}: /metrics: so many senders")
        length = len(reports(FRIENDS[0])[0])
        ok(total(samples, "weir_sender_bytes_total", sender="fd78::9") == EACH * length, f"{mode}: /metrics: bytes of payload")
        age = time.time() - total(samples, "weir_sender_last_seen_timestamp_seconds", sender="10.77.0.9")
        ok(-1 < age < 60, f"{mode}: /metrics: when it was heard last", age)
        ok(gateway.end() == 0, f"{mode}: ends", gateway.err.decode())
        ok(ids(gateway) == wanted, f"{mode}: the events are those of friends, all of them", ids(gateway))


def test_fragments(directory, feeder):
    """Only the stack can put them together; who sent them is known then."""
    gateway = gateway_of(directory, "native", ALLOW)
    lines = b"".join(reports(FRIENDS[0], 40))
    send(feeder, [("10.77.0.9", [lines]), ("10.77.0.2", [lines])])
    ok(rig.wait_for(lambda: outcome(rig.metrics(), "accepted") == 1), "a friend's fragments are put together and heard")
    samples = rig.metrics()
    ok(outcome(samples, "not_allowed") == 1, "a stranger's, which the filter passes, are refused by user space", samples)
    ok(total(samples, "weir_prefilter_packets_total", reason="fragment") == 4, "the filter had seen two parts of each")
    gateway.end()


RATE, BURST, FLOOD = 5, 20, 200


def test_rate_limit(directory, feeder):
    for mode in MODES:
        gateway = gateway_of(directory, mode, f"  rate_limit: {{packets_per_s: {RATE}, burst: {BURST}}}\n")
        begin = time.monotonic()
        send(feeder, [("10.77.0.2", [reports("10.77.0.2", 1)[0]] * FLOOD), ("10.77.0.3", reports("10.77.0.3")), ("fd77::2", reports("fd77::2"))])
        rig.wait_for(lambda: outcome(rig.metrics(), "accepted") + refused(rig.metrics(), "rate_limited") >= FLOOD + 2 * EACH)
        most = BURST + RATE * (time.monotonic() - begin + 0.1) + 1
        samples = rig.metrics()
        passed = outcome(samples, "accepted") - 2 * EACH
        ok(BURST <= passed <= most, f"{mode}: a burst passes, and what comes back in time", (passed, most))
        ok(passed + refused(samples, "rate_limited") == FLOOD, f"{mode}: what is more is refused, and counted", refused(samples, "rate_limited"))
        ok(accounted(samples), f"{mode}: the outcomes of datagrams add up")
        ok(all(of_sender(samples, s, "rate_limited") == 0 and of_sender(samples, s, "passed") == EACH for s in ("10.77.0.3", "fd77::2")), f"{mode}: others are not held up by it")
        ok(of_sender(samples, "10.77.0.2", "rate_limited") > FLOOD / 2, f"{mode}: /metrics says who it was")
        if mode != "off":
            kernel = total(samples, "weir_prefilter_packets_total", reason="rate_limited")
            ok(kernel > FLOOD / 2 and kernel + outcome(samples, "rate_limited") == refused(samples, "rate_limited"), f"{mode}: in the kernel", kernel)
        gateway.end()


def test_observe(directory, feeder):
    for mode in ("native", "off"):
        gateway = gateway_of(directory, mode, ALLOW + "  observe: true\n")
        send(feeder, [("10.77.0.9", reports("10.77.0.9")), ("10.77.0.2", reports("10.77.0.2"))])
        ok(rig.wait_for(lambda: outcome(rig.metrics(), "accepted") == 2 * EACH), f"observe, {mode}: nobody is refused")
        samples = rig.metrics()
        ok(of_sender(samples, "10.77.0.9", "observed") == EACH, f"observe, {mode}: /metrics says who would be")
        if mode == "native":
            ok(total(samples, "weir_prefilter_packets_total", verdict="pass", reason="observed_not_allowed") == EACH, "observe: and why")
        gateway.end()


def test_top(directory, feeder):
    with rig.scratch() as store:
        broker = rig.Broker(store)
        gateway = gateway_of(directory, "native", ALLOW + 'nats:\n  servers: ["nats://127.0.0.1:4222"]\n')
        send(feeder, [("10.77.0.9", reports("10.77.0.9")), ("fd77::2", reports("fd77::2")), ("10.77.0.2", reports("10.77.0.2", 30))])
        rig.wait_for(lambda: outcome(rig.metrics(), "accepted") == 40)
        line = ""
        for _ in range(3):  # the next status may have been made before
            shown = rig.run(rig.WEIR, "top", "--once", "-c", gateway.file).stdout
            line = "".join(line for line in shown.splitlines() if line.startswith("senders"))
            if "10.77.0.2 30" in line:
                break
        ok("10.77.0.2 30" in line and "fd77::2 10" in line and "10.77.0.9 10" in line, "weir top shows who sends", shown)
        ok(line.index("10.77.0.2") < line.index("10.77.0.9"), "who sent most comes first", line)
        ok("not allowed 10" in line.split("10.77.0.9")[1], "and what became of it", line)
        gateway.end()
        broker.end()


def test_without_rights(directory, feeder):
    """The tables of the kernel can be read when the rights to make them are gone."""
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "native").replace("MORE", ALLOW) + "run_as: nobody\n")
    send(feeder, [("10.77.0.9", reports("10.77.0.9")), ("10.77.0.2", reports("10.77.0.2"))])
    ok(rig.wait_for(lambda: of_sender(rig.metrics(), "10.77.0.9", "not_allowed") == EACH), "run_as: senders are counted and shown", rig.metrics())
    gateway.end()


def test_off_by_default(directory, feeder):
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "native").replace("MORE", "").replace("  senders: 64\n", ""))
    send(feeder, [("10.77.0.9", reports("10.77.0.9"))])
    ok(rig.wait_for(lambda: outcome(rig.metrics(), "accepted") == EACH), "without policies everybody is heard")
    ok(not any(name.startswith("weir_sender") for name, _ in rig.metrics()), "and nobody is counted")
    gateway.end()


def main():
    rig.private()
    feeder = rig.Feeder()
    try:
        give_addresses(feeder)
        for test in (test_allow_list, test_fragments, test_rate_limit, test_observe, test_top, test_without_rights, test_off_by_default):
            with rig.scratch() as directory:
                test(directory, feeder)
    finally:
        feeder.close()
    rig.done()


main()
