#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Windows of time and the rule density through the whole gateway: the stream WEIR_WINDOWS is made and filled;
what a restarted gateway tells again is there once; standard output and an archive say the same."""

import json
import os
import re

import rig
from rig import ok, total

TOOL = os.path.join(rig.BUILD, "tests/e2e/tool_nats")
URL = "nats://127.0.0.1:4222"
HOUR = 1795003200  # a full hour: 2026-11-18 12:00:00 UTC
CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
fences:
  files: [DIRECTORY/fences.geojson]
http:
  listen: "{rig.HTTP}"
engine: {{clock: event}}
rules: {{jump: "off", identity: "off"}}
"""
NATS = f'nats:\n  servers: ["{URL}"]\n'
FENCE = {
    "type": "Feature",
    "properties": {
        "id": "quay", "name": "Quay",
        "rules": [{"rule": "density", "window_s": 600, "max_devices": 3, "lateness_s": 0, "severity": "warning"}],
        "windows": [{"window_s": 600}, {"window_s": 1200, "slide_s": 600, "lateness_s": 0}],
    },
    "geometry": {"type": "Polygon", "coordinates": [[[4, 51.9], [4.1, 51.9], [4.1, 52], [4, 52], [4, 51.9]]]},
}


def traffic(more=0):
    """Four ships enter, one after the other, and two leave; one report is late. More ships come later."""
    def beside(seconds):
        """In the area, not in the fence: it moves the time."""
        return rig.tagged(rig.position(244000099, 4.105, 51.95, sog=seconds // 10), HOUR + seconds)

    yield beside(0)
    for turn in range(20):
        for ship in range(4):
            longitude = 3.9 if turn < 2 * ship + 2 else 4.05 if turn < 18 or ship < 2 else 4.2
            yield rig.tagged(rig.position(244000000 + ship, longitude, 51.95 + ship / 1000, sog=100 + turn),
                             HOUR + 30 * turn + ship)
    yield beside(605)
    yield rig.tagged(rig.position(244000000, 4.05, 51.95, sog=300), HOUR + 590)  # too late for what ended at 600
    for ship in range(more):
        yield rig.tagged(rig.position(244000010 + ship, 4.05, 51.96), HOUR + 1000 + ship)
    yield beside(3000)


def windows_of(lines):
    return [line for line in lines if json.loads(line)["properties"]["event"] == "window"]


def run(directory, extra="", more=0):
    """The gateway's output and its metrics at the end."""
    feeder = rig.Feeder()
    try:
        gateway = rig.Gateway(directory, CONFIG.replace("DIRECTORY", directory) + extra)
        if extra:
            ok(gateway.said("stream WEIR_WINDOWS"), "the stream is looked for, and made where it is absent")
        for datagram in traffic(more):
            feeder.send(datagram)
        sent = feeder.sync()
        m = rig.wait_for(lambda: total(m := rig.metrics(), "weir_datagrams_total") == sent and m)
        if extra:
            m = rig.wait_for(lambda: (m := rig.metrics()) and total(m, "weir_outbox_pending") == 0 and
                             total(m, "weir_publish_offered_total", **{"class": "window"}) > 0 and m)
        ok(m and gateway.end() == 0, "it ends with 0 and nothing left", gateway.err.decode()[-600:])
        return [bytes(line) for line in bytes(gateway.out).splitlines()], m
    finally:
        feeder.close()


def stream(count):
    """What the stream has: (subject, headers, body as bytes)."""
    read = rig.run(TOOL, "-s", URL, "-n", str(count), "-t", "10", "read", "WEIR_WINDOWS", check=False)
    messages = []
    for line in read.stdout.splitlines():
        subject, headers, body = line.split("\t")
        body = re.sub(r"\\x(..)", lambda hexadecimal: chr(int(hexadecimal[1], 16)), body)
        messages.append((subject, dict(h.split("=", 1) for h in headers.split("|")), body.encode("latin-1")))
    return messages


def held():
    return int(re.search(r"messages=(\d+)", rig.run(TOOL, "-s", URL, "info", "WEIR_WINDOWS").stdout)[1])


def check_results(lines):
    told = [json.loads(line)["properties"] for line in lines]
    tumbling = [w for w in told if w["slide_s"] == 600 and w["window_s"] == 600]
    first = tumbling[0]
    ok([w["start"][11:16] for w in tumbling] == ["12:00", "12:10"], "a window, and then that it is empty", tumbling)
    ok((first["devices"], first["enters"], first["exits"], first["max_sog_kn"]) == (4, 4, 2, 30.0),
       "devices, enters, exits, and the late report's speed", first)
    ok(first["fixes"] == 18 + 16 + 12 + 10 + 1 and first["classes"]["A"]["devices"] == 4 and "partial" not in first,
       "every fix, by class", first)
    ok(tumbling[1]["devices"] == 0 and tumbling[1]["classes"] == {} and "mean_sog_kn" not in tumbling[1],
       "an empty one has no speeds", tumbling[1])
    sliding = [w for w in told if w["window_s"] == 1200]
    ok([(w["start"][11:16], w["devices"]) for w in sliding] == [("11:50", 4), ("12:00", 4), ("12:10", 0)] and
       sliding[0]["partial"] is True, "windows that slide overlap, and the first one is partial", sliding)
    ok(len({w["window_id"] for w in told}) == len(told) == 5, "each has an identifier of its own")


def check_density(lines):
    alerts = [p for line in lines if (p := json.loads(line)["properties"])["event"] == "alert"]
    ok([(a["rule"], a["phase"], a["devices"]) for a in alerts] == [("density", "raise", 4), ("density", "clear", 0)],
       "density is raised by the fourth ship and cleared", alerts)
    ok(all("id" not in a and a["fence"] == "quay" for a in alerts), "and belongs to no device")


def main():
    with rig.scratch() as directory:
        with open(f"{directory}/fences.geojson", "w", encoding="ascii") as out:
            json.dump(FENCE, out)
        lines, m = run(directory)
        plain = windows_of(lines)
        check_results(plain)
        check_density(lines)
        ok(total(m, "weir_events_total", kind="window") == 5 and total(m, "weir_window_fixes_total", outcome="late") == 2,
           "they are counted, and so is what came too late for some of them")

        with open(f"{directory}/archive.nmea", "wb") as out:
            out.writelines(traffic())
        batch = rig.run(rig.WEIR, "batch", "-c", f"{directory}/weir.yaml", "--only", "window", f"{directory}/archive.nmea")
        ok(batch.stdout.encode().splitlines() == plain, "an archive gives the same windows, byte for byte", batch.stdout)

        broker = rig.Broker(directory)
        try:
            _, m = run(directory, NATS)
            messages = stream(5)
            ok([body for _, _, body in messages] == plain, "the stream has them, byte for byte", messages)
            ok(all(subject == "weir.v1.test.window.quay" for subject, _, _ in messages), "under the fence's subject")
            identified = all(
                h["Nats-Msg-Id"] == h["ce-id"] and h["ce-id"].startswith(json.loads(body)["properties"]["window_id"] + "-") and
                h["ce-type"] == "weir.window.v1" and h["ce-time"] == json.loads(body)["properties"]["end"]
                for _, h, body in messages)
            ok(identified, "their headers say what they are", messages[0][1])
            alert = rig.run(TOOL, "-s", URL, "-b", "-n", "2", "-t", "10", "read", "WEIR_ALERTS").stdout.split("\t")[0]
            ok(alert == "weir.v1.test.alert.warning.density.quay.-", "an alert of no device has '-' in its place", alert)

            _, m = run(directory, NATS)
            ok(total(m, "weir_publish_total", **{"class": "window"}, outcome="duplicate") == 5 and held() == 5,
               "a gateway that is started anew and tells them again adds nothing", held())
            _, m = run(directory, NATS, more=2)
            again = [(h["ce-id"], json.loads(body)["properties"]) for _, h, body in stream(9)]
            late = [(i, p) for i, p in again if p["start"][11:16] == "12:10" and p["window_s"] == 600]
            ok([p["devices"] for _, p in late] == [0, 2] and len({p["window_id"] for _, p in late}) == 1 and
               len({i for i, _ in late}) == 2, "a window that says something else is another message of the same window_id", late)
        finally:
            broker.end()


rig.private()
main()
rig.done()
