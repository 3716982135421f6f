#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Fences and area are loaded anew while traffic flows: by SIGHUP and by ctl.reload. What is known of a
device and a fence is kept by the fence's id; what is bad is refused, and the old goes on."""

import json
import os
import re
import signal

import rig
from rig import ok, total

TOOL = os.path.join(rig.BUILD, "tests/e2e/tool_nats")
SHIP, OTHER = 244000001, 244000002


def config(directory, extra="", boxes="[[3.5, 51.5, 5.0, 52.5]]"):
    return f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: MODE
  interfaces: [veth0]
  boxes: {boxes}
fences:
  files: [{directory}/fences.geojson]
http:
  listen: "{rig.HTTP}"
rules: {{jump: "off", identity: "off"}}
{extra}"""


def write_fences(directory, fences):
    """{id: (west, east)}: rectangles from 51.9 to 52.0 north."""
    features = [
        {"type": "Feature",
         "properties": {"id": fence, "rules": [{"rule": "enter"}, {"rule": "exit"}], "confirm_fixes": 1},
         "geometry": {"type": "Polygon", "coordinates": [
             [[west, 51.9], [east, 51.9], [east, 52.0], [west, 52.0], [west, 51.9]]]}}
        for fence, (west, east) in fences.items()]
    with open(f"{directory}/fences.geojson", "w", encoding="ascii") as out:
        json.dump({"type": "FeatureCollection", "features": features}, out)


class Run:
    """A gateway that is fed ships at longitudes."""

    def __init__(self, directory, mode, extra=""):
        self.directory = directory
        self.feeder = rig.Feeder()
        self.gateway = rig.Gateway(directory, config(directory, extra).replace("MODE", mode))
        self.mode = mode
        self.sent = 0

    def rewrite(self, text):
        with open(self.gateway.file, "w", encoding="utf-8") as out:
            out.write(text.replace("MODE", self.mode))

    def sail(self, mmsi, *longitudes):
        for number, longitude in enumerate(longitudes):
            # A speed of its own makes each report one that was not heard before.
            self.feeder.send(rig.position(mmsi, longitude, 51.95, sog=100 + (self.sent + number) % 100))
        self.sent += len(longitudes)
        return self.handled()

    def handled(self):
        sent = self.feeder.sync()

        def all_there():
            m = rig.metrics()
            return total(m, "weir_datagrams_total") + total(m, "weir_prefilter_packets_total", verdict="drop") == sent and m

        return rig.wait_for(all_there)

    def reload(self, word):
        before = self.gateway.err.count(word.encode())
        self.gateway.child.send_signal(signal.SIGHUP)
        return rig.wait_for(lambda: self.gateway.err.count(word.encode()) > before)

    def alerts(self):
        return [(e["properties"]["id"], e["properties"]["rule"], e["properties"]["fence"])
                for e in self.gateway.lines() if e["properties"]["event"] == "alert"]

    def close(self):
        self.gateway.end()
        self.feeder.close()


def has_filter(mode):
    return rig.metrics().get(("weir_prefilter_mode", (("interface", "veth0"), ("mode", mode)))) == 1


def test_state_is_kept(directory, mode):
    write_fences(directory, {"berth": (4.0, 4.1), "quay": (4.05, 4.06)})
    run = Run(directory, mode)
    try:
        if mode != "off" and not has_filter(mode):
            rig.skip(f"{mode}: fences are exchanged", "the kernel filter can't be attached here")
            return
        ok(run.sail(SHIP, 3.9, 4.055), f"{mode}: a ship enters two fences")
        ok(run.sail(OTHER, 8.0, 8.0), f"{mode}: another one is far outside of the area")
        dropped = total(rig.metrics(), "weir_prefilter_packets_total", verdict="drop")
        ok(mode == "off" or dropped >= 2, f"{mode}: and the kernel drops it", dropped)
        # A new fence before the old one, one gone, one moved, and one where the other ship is.
        write_fences(directory, {"anchorage": (4.05, 4.07), "berth": (4.02, 4.2), "zone": (7.9, 8.1)})
        ok(run.reload("reloaded: 3 fences, 2 of them new, 1 gone"), f"{mode}: says what has changed", run.gateway.err.decode())
        ok(run.sail(SHIP, 4.055, 4.15, 4.3) and run.sail(OTHER, 8.0, 8.2), f"{mode}: both ships go on")
        m = rig.metrics()
        ok(total(m, "weir_reloads_total", outcome="applied") == 1 and total(m, "weir_fences") == 3, f"{mode}: it is counted")
        run.gateway.end()
        alerts = run.alerts()
        wanted = [(str(SHIP), "enter", "berth"), (str(SHIP), "enter", "quay"), (str(SHIP), "enter", "anchorage"),
                  (str(SHIP), "exit", "anchorage"), (str(SHIP), "exit", "berth"),
                  (str(OTHER), "enter", "zone"), (str(OTHER), "exit", "zone")]
        ok(sorted(alerts) == sorted(wanted), f"{mode}: no alert is doubled, none is missing", alerts)
    finally:
        run.close()


def test_bad_is_refused(directory):
    write_fences(directory, {"berth": (4.0, 4.1)})
    run = Run(directory, "off")
    try:
        with open(f"{directory}/fences.geojson", "w", encoding="ascii") as out:
            out.write('{"type": "FeatureCollection",\n "features": [}')
        ok(run.reload("refused; the gateway goes on"), "a bad file is refused", run.gateway.err.decode())
        ok(b"fences.geojson:2:" in run.gateway.err, "and its fault is named with file and line", run.gateway.err.decode())
        m = rig.metrics()
        ok(total(m, "weir_reloads_total", outcome="refused") == 1 and total(m, "weir_reload_last_refused") == 1, "it is counted")
        status, text = rig.get("/readyz")
        ok(status == 200 and "reload: the last one was refused" in text, "/readyz says so, and is ready all the same", text)
        run.sail(SHIP, 3.9, 4.05)
        os.unlink(f"{directory}/fences.geojson")
        ok(run.reload("refused; the gateway goes on"), "a file that is gone is refused")
        write_fences(directory, {"berth": (4.0, 4.1)})
        run.rewrite(config(directory, 'run_as: nobody\nengine: {gps: false}\nlog: {level: debug}\n'))
        ok(run.reload("reloaded: 1 fence, 0 of them new, 0 gone"), "a good one is taken again")
        ok(rig.wait_for(lambda: b"changed, and needs a restart: engine.gps, run_as" in run.gateway.err),
           "what a reload can't apply is named", run.gateway.err.decode())
        run.sail(SHIP, 4.2)
        run.gateway.end()
        ok(run.alerts() == [(str(SHIP), "enter", "berth"), (str(SHIP), "exit", "berth")], "the old fences went on meanwhile", run.alerts())
    finally:
        run.close()


def test_traffic_flows(directory):
    """The fence is moved away and back many times under a ship that lies in it or not: nothing is lost."""
    write_fences(directory, {"berth": (4.0, 4.1)})
    run = Run(directory, "native")
    try:
        for turn in range(20):
            for number in range(500):
                run.feeder.send(rig.position(244000000 + number, 4.05, 51.95, sog=turn))
            write_fences(directory, {"berth": (4.0, 4.1), f"fence{turn % 3}": (3.0, 3.1)})
            run.gateway.child.send_signal(signal.SIGHUP)
        m = run.handled()
        ok(m, "twenty reloads in traffic: each datagram is accounted for", run.gateway.err.decode()[-500:])
        ok(m and total(m, "weir_socket_dropped_total") == 0, "none is lost in the socket")
        rig.wait_for(lambda: total(rig.metrics(), "weir_reloads_total", outcome="applied") >= 2)
        ok(total(rig.metrics(), "weir_reloads_total", outcome="applied") >= 2, "reloads that come while one is under way are put together")
        pauses = [float(line.split("paused for ")[1].split()[0]) for line in run.gateway.err.decode().splitlines() if "paused for" in line]
        ok(pauses and max(pauses) < 50, "the worker is not held up", pauses)
        run.gateway.end()
        entered = [a for a in run.alerts()]
        ok(sorted(entered) == sorted((str(244000000 + n), "enter", "berth") for n in range(500)), "each ship has entered once, and left never", len(entered))
    finally:
        run.close()


def ask(verb, text=""):
    reply = rig.run(TOOL, "-s", "nats://127.0.0.1:4222", "-t", "30", "request", f"weir.v1.test.ctl.{verb}", text, check=False)
    # What is not printable, and the backslash, come as \xHH.
    body = re.sub(r"\\x(..)", lambda hexadecimal: chr(int(hexadecimal[1], 16)), reply.stdout.split("\t")[-1])
    return json.loads(body) if body.strip() else {"none": reply.stderr}


def alerts_in_stream(count):
    read = rig.run(TOOL, "-s", "nats://127.0.0.1:4222", "-b", "-n", str(count), "-t", "10", "read", "WEIR_ALERTS", check=False)
    return [json.loads(line.split("\t")[-1])["properties"] for line in read.stdout.splitlines()]


def test_requests(directory):
    write_fences(directory, {"berth": (4.0, 4.1)})
    broker = rig.Broker(directory)
    run = Run(directory, "off", 'nats:\n  servers: ["nats://127.0.0.1:4222"]\n')
    try:
        ok(run.gateway.said("connected to"), "the gateway has a broker")
        answer = rig.wait_for(lambda: (a := ask("status")).get("site") and a)
        ok(answer and answer["site"] == "test" and answer["ready"] is True, "ctl.status is answered", answer)
        answer = ask("fences")
        ok(answer.get("ok") is True and [f["id"] for f in answer["fences"]] == ["berth"], "ctl.fences is answered", answer)
        drawn = ask("fences", '{"geojson":true}').get("geojson", {})
        ok(drawn.get("type") == "FeatureCollection" and drawn["features"][0]["properties"]["id"] == "berth" and
           [4.0, 51.9] in drawn["features"][0]["geometry"]["coordinates"][0][0], "and as GeoJSON when asked so", drawn)
        answer = ask("fences", '{"geo":true}')
        ok(answer.get("ok") is False and "geojson" in answer["error"], "another body is refused", answer)
        write_fences(directory, {f"f{number:05}": (number / 100, number / 100 + 0.005) for number in range(3000)})
        answer = ask("reload")
        ok(answer.get("ok") is True, "three thousand fences are loaded", answer)
        for body in ({}, {"geojson": True}):
            ids, pages, begin = [], 0, {}
            while begin is not None:
                answer = ask("fences", json.dumps({**body, **begin}))
                ids += [f["id"] for f in answer["fences"]] if "fences" in answer else \
                    [f["properties"]["id"] for f in answer["geojson"]["features"]]
                begin, pages = {"from": answer["next"]} if "next" in answer else None, pages + 1
            ok(pages > 1 and ids == [f"f{number:05}" for number in range(3000)], "which come page by page, each once", (pages, len(ids)))
        write_fences(directory, {"berth": (4.0, 4.1), "quay": (4.2, 4.3)})
        ok(ask("reload").get("gone") == 3000, "and are gone again")
        write_fences(directory, {"berth": (4.0, 4.1)})
        ask("reload")
        write_fences(directory, {"berth": (4.0, 4.1), "quay": (4.2, 4.3)})
        answer = ask("reload")
        ok(answer.get("ok") is True and answer["fences"] == 2 and answer["added"] == 1 and answer["gone"] == 0, "ctl.reload is answered when it is done", answer)
        ok([f["id"] for f in ask("fences")["fences"]] == ["berth", "quay"], "and the new fences are in force")
        with open(f"{directory}/fences.geojson", "w", encoding="ascii") as out:
            out.write('{"type": "FeatureCollection",\n "features": [}')
        answer = ask("reload")
        ok(answer.get("ok") is False and answer["problems"][0]["line"] == 2, "a bad file is refused, with its place", answer)
        run.sail(970123456, 9.0)
        raised = alerts_in_stream(1)
        ok([(a["rule"], a["phase"]) for a in raised] == [("distress", "raise")], "a SART is told", raised)
        answer = ask("ack", json.dumps({"alert_id": "0" * 32}))
        ok(answer.get("ok") is False and "no alert" in answer["error"], "an alert that is not raised can't be acknowledged", answer)
        answer = ask("ack", "that one")
        ok(answer.get("ok") is False and "alert_id" in answer["error"], "nor can what is no alert_id", answer)
        answer = ask("ack", json.dumps({"alert_id": raised[0]["alert_id"]}))
        ok(answer.get("ok") is True, "the SART is acknowledged", answer)
        both = alerts_in_stream(2)
        ok([a.get("ack") for a in both] == [None, True] and both[1]["alert_id"] == both[0]["alert_id"], "which is told under the same alert_id", both)
        answer = ask("explode")
        ok(answer.get("ok") is False and "unknown verb" in answer["error"], "an unknown verb is refused", answer)
        answer = ask("reload", "x" * 5000)
        ok(answer.get("ok") is False and "too long" in answer["error"], "a request that is too long is refused", answer)
        ok(run.gateway.end() == 0, "the gateway ends with 0", run.gateway.err.decode())
    finally:
        run.close()
        broker.end()


def feature(west, east, fence=None):
    properties = {"rules": [{"rule": "enter", "confirm_fixes": 1}]}
    if fence:
        properties["id"] = fence
    return json.dumps({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [
        [[west, 51.9], [east, 51.9], [east, 52.0], [west, 52.0], [west, 51.9]]]}})


def put(key, value):
    done = rig.run(TOOL, "-s", "nats://127.0.0.1:4222", "put", "weir_fences", f"{key}={value}", check=False)
    assert done.returncode == 0, done.stderr


def fences():
    return [f["id"] for f in ask("fences").get("fences", [])]


def test_bucket(directory):
    write_fences(directory, {"berth": (4.0, 4.1)})
    broker = rig.Broker(directory)
    text = config(directory, 'nats:\n  servers: ["nats://127.0.0.1:4222"]\n').replace("fences:\n", "fences:\n  bucket: weir_fences\n")
    gateway = rig.Gateway(directory, text.replace("MODE", "off").replace("  interfaces: [veth0]\n", ""))
    try:
        ok(gateway.said("bucket weir_fences made"), "the bucket is made where it is absent", gateway.err.decode())
        ok(rig.wait_for(lambda: rig.get("/readyz")[0] == 200), "and the gateway is ready when it has been read", rig.get("/readyz"))
        put("quay", feature(4.2, 4.3))
        put("pier", feature(4.4, 4.5, "pier"))
        ok(rig.wait_for(lambda: fences() == ["berth", "pier", "quay"]), "fences that are put there come into force", fences())
        put("pier", feature(4.4, 4.5, "other"))
        ok(gateway.said("weir_fences/pier:1:1: feature 1: 'id' is 'other', but it is kept under the name 'pier'"),
           "a bad one is refused, and named", gateway.err.decode()[-800:])
        ok(fences() == ["berth", "pier", "quay"], "and the old ones go on", fences())
        put("pier", "")
        ok(rig.wait_for(lambda: fences() == ["berth", "quay"]), "a key that is deleted takes its fence with it", fences())
        broker.end()
        ok(gateway.said("connection lost"), "the broker goes")
        broker = rig.Broker(directory)
        ok(rig.wait_for(lambda: fences() == ["berth", "quay"], 20), "the fences outlive it", fences())
        put("dock", feature(4.6, 4.7))
        ok(rig.wait_for(lambda: fences() == ["berth", "dock", "quay"], 20), "and changes arrive again when it is back", fences())
        ok(gateway.end() == 0, "the gateway ends with 0", gateway.err.decode()[-800:])
    finally:
        gateway.end()
        broker.end()


def main():
    rig.private()
    for mode in ("off", "native"):
        with rig.scratch() as directory:
            test_state_is_kept(directory, mode)
    for test in (test_bad_is_refused, test_traffic_flows, test_requests, test_bucket):
        with rig.scratch() as directory:
            test(directory)
    rig.done()


main()
