#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Two stations hear everything: each event comes once, and says who heard what. GPS devices pass through the
fence as ships do. Clocks that lie become dead letters."""

import os
import socket
import time

import rig
from rig import ok, total

CONFIG = f"""site: test
ingest:
  listen: ["127.0.0.1:{rig.PORT}"]
fences:
  files: [{os.path.abspath("tests/data/gateway-fences.geojson")}]
  margin_m: 2000
devices:
  - {{sender: "127.0.0.2", id: truck-12}}
http:
  listen: "{rig.HTTP}"
"""
SHIPS, STEPS = 10, 30
TRACK = "../shared/corpus/gps-track.nmea"


def tag(data, station, seconds=None):
    block = f"s:{station}" + (f",c:{seconds}" if seconds is not None else "")
    return f"\\{block}*{rig.checksum(block)}\\".encode() + data


def rmc(longitude, latitude, seconds):
    """A fix of that time of day."""
    clock = time.strftime("%H%M%S,A", time.gmtime(seconds))
    north, east = divmod(latitude * 60, 60), divmod(longitude * 60, 60)
    body = f"GPRMC,{clock},{int(north[0]):02d}{north[1]:08.5f},N,{int(east[0]):03d}{east[1]:08.5f},E,5.0,90.0,,,,A"
    return f"${body}*{rig.checksum(body)}\r\n".encode()


class Sender:
    def __init__(self, address):
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, 0))
        self.sent = 0

    def send(self, data):
        self.udp.sendto(data, ("127.0.0.1", rig.PORT))
        self.sent += 1
        if self.sent % 64 == 0:
            time.sleep(0.002)


def way(step):
    """From 3.8 to 4.3 degrees east, the fence being from 4.0 to 4.1."""
    return 3.8 + 0.5 * step / (STEPS - 1)


def alerts(gateway):
    return [e["properties"] for e in gateway.lines() if e["properties"]["event"] == "alert"]


def positions(gateway):
    return [e["properties"] for e in gateway.lines() if e["properties"]["event"] == "position"]


def run_ships(stations, **options):
    """What a run gives when so many stations hear each ship, the first one first: events and metrics."""
    now = int(time.time())
    with rig.scratch() as directory:
        gateway = rig.Gateway(directory, CONFIG)
        try:
            antennas = [Sender("127.0.0.1") for _ in stations]
            for step in range(STEPS):
                for ship in range(SHIPS):
                    data = rig.position(244000000 + ship, way(step), 51.955 + 0.002 * ship, sog=120)
                    for antenna, station in zip(antennas, stations):
                        antenna.send(tag(data, station, now - 300 + 10 * step))
            if options.get("lies"):
                antennas[0].send(tag(rig.position(244000000, 4.05, 51.96), "west", now + 86400))
                antennas[0].send(tag(rig.position(244000000, 24.05, 51.96), "west", now + 86400))
            sent = sum(a.sent for a in antennas)
            rig.wait_for(lambda: total(rig.metrics(), "weir_datagrams_total") == sent)
            time.sleep(0.3)
            metrics = rig.metrics()
            ok(total(metrics, "weir_datagrams_total") == sent, f"{len(stations)} stations: every datagram is handled")
        finally:
            gateway.end()
        return positions(gateway), alerts(gateway), metrics


def without_heard_by(events):
    return [{k: v for k, v in e.items() if k not in ("heard_by", "time", "alert_id")} for e in events]


def test_stations():
    one_positions, one_alerts, one = run_ships(["west"])
    two_positions, two_alerts, two = run_ships(["west", "east"], lies=True)
    ok(len(one_alerts) == 2 * SHIPS, "each ship enters once and leaves once", one_alerts)
    ok(without_heard_by(one_alerts) == without_heard_by(two_alerts), "two stations that hear everything: the same alerts, each once", two_alerts)
    ok(without_heard_by(one_positions) == without_heard_by(two_positions), "and the same positions, each once", f"{len(one_positions)} {len(two_positions)}")
    seen, wrong = set(), []
    for event in two_positions:
        if event.get("heard_by", []) != (["west", "east"] if event["id"] in seen else []):
            wrong.append(event)
        seen.add(event["id"])
    ok(two_positions and not wrong, "a position says which stations heard the one before it", wrong[:3])
    ok(not any("heard_by" in e for e in one_positions), "and nothing where one station heard it")
    used = total(one, "weir_reports_total", outcome="used")
    duplicates = total(two, "weir_reports_total", outcome="duplicate")
    outside = total(two, "weir_reports_total", outcome="outside") - 2 * total(one, "weir_reports_total", outcome="outside")
    # The echo of the report with which a ship was let go is of a device that is not followed any more.
    ok(duplicates + outside - 1 == used and duplicates >= used - SHIPS, "what the second one heard is counted as duplicate", f"{used} {duplicates} {outside}")
    ok(
        total(two, "weir_reports_total", outcome="timestamp") == 1 and total(two, "weir_dlq_total", reason="timestamp") == 1,
        "a clock that is a day off is one dead letter, and none of a report that is ignored",
        two,
    )
    ok(total(two, "weir_dlq_total") == 1, "there is no other")


def test_gps():
    now = int(time.time())
    with rig.scratch() as directory:
        gateway = rig.Gateway(directory, CONFIG)
        try:
            named, other, stationed = Sender("127.0.0.2"), Sender("127.0.0.3"), Sender("127.0.0.2")
            for step in range(STEPS):
                at = now - 300 + 10 * step
                named.send(rmc(way(step), 51.96, at))
                other.send(rmc(way(step), 51.961, at))
                stationed.send(tag(rmc(way(step), 51.962, at), "crane 1"))

            def heard():
                metrics = rig.metrics()
                return total(metrics, "weir_fixes_total"), total(metrics, "weir_sentences_total", outcome="ignored")

            rig.wait_for(lambda: sum(heard()) == 3 * STEPS)
            fixes, ignored = heard()
            ok(fixes + ignored == 3 * STEPS, "each epoch is a fix, the last one after its time-out, or is ignored", heard())
            ok(fixes > 0 and ignored >= 3, "and ignored is what lies outside, of a device that is not followed", heard())
            named.send(rmc(4.05, 51.96, now + 86400 // 2 - 900))
            rig.wait_for(lambda: total(rig.metrics(), "weir_dlq_total") == 1)
            ok(total(rig.metrics(), "weir_dlq_total", reason="timestamp") == 1, "a receiver whose time of day is hours off: a dead letter")
        finally:
            gateway.end()
        ids = {"truck-12", "gps-127-0-0-3", "crane_1"}
        found = sorted((a["id"], a["rule"]) for a in alerts(gateway))
        ok(found == sorted((i, rule) for i in ids for rule in ("enter", "exit")), "GPS devices enter and leave, by their names", found)
        events = positions(gateway)
        ok(
            {e["id"] for e in events} == ids and all(e["class"] == "gps" and "msg" not in e for e in events),
            "their positions are of class gps and have no message type",
            events[:2],
        )


def test_gps_off():
    with rig.scratch() as directory:
        gateway = rig.Gateway(directory, CONFIG + "engine: {gps: false}\n")
        try:
            Sender("127.0.0.2").send(rmc(4.05, 51.96, int(time.time())))
            rig.wait_for(lambda: total(rig.metrics(), "weir_sentences_total", outcome="unsupported") == 1)
            ok(total(rig.metrics(), "weir_sentences_total", outcome="unsupported") == 1, "gps: false: GPS sentences are of no use")
        finally:
            gateway.end()
        ok(gateway.lines() == [], "and give no event", gateway.lines())


def test_track():
    sentence = "a recorded drive gives a position for each valid fix"
    if not os.path.exists(TRACK):
        rig.skip(sentence, f"{TRACK} is not here")
        return
    with open(TRACK, "rb") as track:
        bursts = track.read().split(b"$GPGSV,4,1,")
    # A void sentence has no time, and is of the epoch that it follows closely: here all do, at this pace.
    bursts = [burst for burst in bursts if b"RMC,,V," not in burst]
    valid = sum(b",A," in line for burst in bursts for line in burst.splitlines() if line.startswith(b"$GPRMC"))
    with rig.scratch() as directory:
        gateway = rig.Gateway(directory, f'site: test\ningest: {{listen: ["127.0.0.1:{rig.PORT}"]}}\nhttp: {{listen: "{rig.HTTP}"}}\nengine: {{clock: event}}\n')
        try:
            sender = Sender("127.0.0.2")
            for burst in bursts[1:]:
                sender.send(b"$GPGSV,4,1," + burst)
            rig.wait_for(lambda: total(rig.metrics(), "weir_datagrams_total") == sender.sent)
        finally:
            gateway.end()
        events = [e for e in gateway.lines() if e["properties"]["event"] == "position"]
        ok(len(events) == valid, sentence, f"{len(events)} {valid}")
        ok(
            all(38.8 < e["geometry"]["coordinates"][0] < 39 and 55 < e["geometry"]["coordinates"][1] < 55.2 for e in events)
            and events[0]["properties"]["time"].startswith("2017-03-31T11:01:24")
            and events[0]["properties"]["sog_kn"] == 152.6,
            "where and when it was driven",
            events[:1],
        )


def main():
    rig.private()
    test_stations()
    test_gps()
    test_gps_off()
    test_track()
    rig.done()


main()
