#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Ships pass through a fence while others fill the sea: the alerts come, each once, and the kernel filter
changes nothing but the cost. The same traffic runs with the filter native, generic and off."""

import json
import os
import random

import rig
from rig import ok, total

CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: MODE
  interfaces: [veth0]
fences:
  files: [{os.path.abspath("tests/data/gateway-fences.geojson")}]
  margin_m: 2000
http:
  listen: "{rig.HTTP}"
"""
SHIPS, FAR, STEPS = 20, 200, 60


def traffic(times):
    """Ships from 3.8 to 4.3 degrees east on a parallel each, the fence being from 4.0 to 4.1; and ships
    far away that are of no interest."""
    chance = random.Random(7)
    for step in range(STEPS):
        stamp = (lambda data, at=1287000000 + 10 * step: rig.tagged(data, at)) if times else lambda data: data
        longitude = 3.8 + 0.5 * step / (STEPS - 1)
        for ship in range(SHIPS):
            yield stamp(rig.position(244000000 + ship, longitude, 51.955 + 0.002 * ship, sog=120))
        for _ in range(FAR // 10):
            yield stamp(rig.position(211000000 + chance.randrange(FAR), 10 + chance.random(), 54 + chance.random()))


def run_mode(mode, times=False):
    """The lines of the events, without what depends on the time of the run; and the metrics. With times,
    which come with the traffic and lie in the past, nothing does."""
    name = mode + (", recorded times" if times else "")
    with rig.scratch() as directory:
        feeder = rig.Feeder()
        try:
            gateway = rig.Gateway(directory, CONFIG.replace("MODE", mode) + ("engine: {clock: event}\n" if times else ""))
            if mode != "off" and rig.metrics().get(("weir_prefilter_mode", (("interface", "veth0"), ("mode", mode)))) != 1:
                return None, None
            for datagram in traffic(times):
                feeder.send(datagram)
            sent = feeder.sync()

            def handled():
                m = rig.metrics()
                dropped = total(m, "weir_prefilter_packets_total", verdict="drop")
                return total(m, "weir_datagrams_total") + dropped == sent and m

            m = rig.wait_for(handled)
            ok(m, f"{name}: each of {sent} datagrams is accounted for")
            status = gateway.end()
            ok(status == 0, f"{name}: ends with 0", gateway.err.decode())
            events = gateway.lines()
            if times:
                return bytes(gateway.out), m
            for event in events:
                event["properties"].pop("time", None)
                event["properties"].pop("alert_id", None)
            return events, m
        finally:
            feeder.close()


def check_alerts(events):
    alerts = [e["properties"] for e in events if e["properties"]["event"] == "alert"]
    for rule in ("enter", "exit"):
        ids = sorted(a["id"] for a in alerts if a["rule"] == rule)
        ok(ids == [str(244000000 + i) for i in range(SHIPS)], f"each ship makes one alert of rule {rule}, nobody else does", ids)
    ok(all(a["fence"] == "maasmond" and a["severity"] == "warning" for a in alerts), "alerts name their fence and severity")
    exits = [e for e in events if e["properties"].get("rule") == "exit"]
    ok(all(4.1 < e["geometry"]["coordinates"][0] < 4.12 for e in exits), "exits are seen at the first fix outside", exits[:1])
    order = [e["properties"]["rule"] for e in events if e["properties"].get("rule") and e["properties"]["id"] == "244000003"]
    ok(order == ["enter", "exit"], "a ship enters before it leaves", order)


def main():
    rig.private()
    wanted, m = run_mode("off")
    check_alerts(wanted)
    ok(total(m, "weir_prefilter_packets_total") == 0, "off: the filter sees nothing")
    for mode in ("native", "generic"):
        events, m = run_mode(mode)
        if events is None:
            rig.skip(f"{mode}: the same events as without the filter", "the kernel filter can't be attached here")
            continue
        ok(events == wanted, f"{mode}: the same events as without the filter", f"{len(events)} {len(wanted)}")
        dropped = total(m, "weir_prefilter_packets_total", verdict="drop")
        ok(dropped >= FAR // 10 * STEPS, f"{mode}: what is far away is dropped", dropped)
    wanted, _ = run_mode("off", times=True)
    check_alerts([json.loads(line) for line in wanted.splitlines()])
    ok(wanted.count(b'"time":"2010-10-13T') == len(wanted.splitlines()), "recorded times: events have the time of the recording")
    again, _ = run_mode("off", times=True)
    ok(again == wanted, "recorded times: the same input gives the same events, byte for byte")
    events, _ = run_mode("native", times=True)
    if events is None:
        rig.skip("recorded times: the filter changes nothing", "the kernel filter can't be attached here")
    else:
        ok(events == wanted, "recorded times: the filter changes nothing, byte for byte")
    rig.done()


main()
