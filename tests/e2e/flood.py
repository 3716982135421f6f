#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""A flood of reports from outside of the area, as fast as a veth pair takes them, and reports from inside within it:
none of those that reach the kernel filter is lost, and each becomes an event.

What a veth pair itself can't take is lost on the wire, and is no business of the gateway: the filter's own counters say
what arrived. tests/bench/flood.py is the same, longer, and with the filter off."""

import os
import re

import rig
from rig import ok, total

FLOOD = os.path.join(rig.BUILD, "tests/e2e/tool_flood")
# Class A, type 1, off New York.
OUTSIDE = "!AIVDM,1,1,,A,15MgK45P3@G?fl0E`JbR0OwT0@MS,0*4E"
CONFIG = """site: test
ingest: {{listen: ["0.0.0.0:10110"]}}
prefilter: {{mode: {mode}, interfaces: [veth0], boxes: [[3.6, 51.8, 4.6, 52.2]]}}
http: {{listen: "127.0.0.1:9464"}}
"""


def settled():
    """The metrics, once the gateway has handled all that has arrived."""
    handled = -1
    while True:
        samples = rig.metrics()
        if rig.total(samples, "weir_datagrams_total") == handled:
            return samples
        handled = rig.total(samples, "weir_datagrams_total")
        rig.time.sleep(0.5)


def flooded(directory, feeder, mode, frames, reports):
    """Sends so many reports from inside while so many frames flood; returns what became of both."""
    rig.run("ethtool", "-K", "veth0", "gro", "on", check=False)  # without a filter, veth takes live frames only so
    mac = re.search(r"link/ether (\S+)", rig.run("ip", "link", "show", "veth0").stdout).group(1)
    gateway = rig.Gateway(directory, CONFIG.format(mode=mode))
    namespace = f"--net=/proc/{feeder.child.pid}/ns/net"
    flood = rig.Process("nsenter", namespace, FLOOD, "frames", "veth1", mac, str(frames), OUTSIDE)
    sent = 0
    while flood.child.poll() is None or sent < reports:
        if sent < reports:
            feeder.send(rig.position(244000000 + sent % 5000, 3.7 + sent % 800 / 1000, 51.9 + sent // 5000 / 1000))
            sent += 1
        if sent % 3 == 0 or sent >= reports:
            feeder.sync()
            rig.time.sleep(0.001)
    flood.end()
    samples = settled()
    said = re.match(rb"sent (\d+) in ([\d.]+) s", bytes(flood.out))
    published = {"class": "position", "outcome": "published"}
    result = {
        "sent": sent,
        "arrived": total(samples, "weir_prefilter_packets_total", reason="inside"),
        "events": total(samples, "weir_publish_total", **published),
        "lost": total(samples, "weir_socket_datagrams_total", outcome="lost"),
        "dropped": total(samples, "weir_prefilter_packets_total", verdict="drop"),
        "flooded": int(said.group(1)) if said else 0,
        "rate": int(said.group(1)) / float(said.group(2)) if said else 0,
    }
    result["status"] = gateway.end()
    return result


def main():
    rig.private()
    feeder = rig.Feeder()
    try:
        with rig.scratch() as directory:
            got = flooded(directory, feeder, "native", 500000, 2000)
            print(f"# {got}", flush=True)
            ok(got["status"] == 0, "the gateway ends with 0", got)
            ok(got["flooded"] == 500000 and got["dropped"] > 100000, "the flood arrives, and is dropped in the kernel", got)
            ok(got["arrived"] > 200, "reports from inside arrive between", got)
            ok(got["lost"] == 0, "none is lost at the socket", got)
            ok(got["events"] == got["arrived"], "each that reached the filter becomes an event", got)
    finally:
        feeder.close()
    rig.done()


if __name__ == "__main__":
    main()
