#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir batch: an archive gives the events that a gateway gave when it came in live. Says TAP."""
import datetime
import json
import os
import subprocess

import rig

rig.private()
scratch = rig.scratch()
HERE = scratch.name
START = 1795000000
CONFIG = """
site: rtm
ingest:
  listen: ["127.0.0.1:10110"]
engine:
  clock: event
fences:
  files: [harbour.geojson]
"""
HARBOUR = {
    "type": "Feature",
    "properties": {"id": "harbour", "rules": [{"rule": "enter"}, {"rule": "exit"}, {"rule": "dwell", "dwell_s": 60}]},
    "geometry": {"type": "Polygon", "coordinates": [[[4, 51.88], [4.15, 51.88], [4.15, 52], [4, 52], [4, 51.88]]]},
}


def write(name, content):
    path = os.path.join(HERE, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def batch(*words, **options):
    done = subprocess.run([rig.WEIR, "batch", *words], capture_output=True, timeout=60, check=False, **options)
    return done.returncode, done.stdout, done.stderr.decode()


def alerts(lines):
    return [line for line in lines.splitlines() if b'"event":"alert"' in line]


def the_archive(config, archive):
    status, out, err = batch("-c", config, archive)
    events = [json.loads(line)["properties"] for line in out.splitlines()]
    kinds = {event["event"] for event in events}
    rules = {event.get("rule") for event in events}
    rig.ok(status == 0 and err == "", "an archive goes through without a word", err)
    rig.ok(kinds == {"position", "static", "alert"}, "all kinds of events come out", kinds)
    rig.ok({"enter", "exit", "dwell"} <= rules, "fences and rules are held against it", rules)
    rig.ok(all(START <= unix(event["time"]) <= START + 700 for event in events), "time is that of the recording")
    rig.ok(batch("-c", config, archive)[1] == out, "the same again, byte for byte")
    with open(archive, "rb") as file:
        rig.ok(batch("-c", config, stdin=file)[1] == out, "standard input is an archive too")
    status, only, _ = batch("-c", config, "--only", "alert", archive)
    rig.ok(only.splitlines() == alerts(out), "--only alert leaves the alerts, and nothing else")
    return out


def unix(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def the_stream(archive, out):
    gateway = rig.Gateway(HERE, CONFIG)
    with open(archive, "rb") as file:
        sent = len(file.read().splitlines())
    rig.run(rig.WEIR, "replay", archive, "--to", "127.0.0.1:10110", "--speed", "100", "--quiet")
    rig.wait_for(lambda: gateway.out.count(b"\n") >= out.count(b"\n"), 15)
    gateway.end()
    live = bytes(gateway.out)
    rig.ok(live.splitlines() == out.splitlines(), f"{sent} lines give a gateway the same events, byte for byte",
           f"{len(live.splitlines())} and {len(out.splitlines())}")


def undated(config, archive):
    with open(archive, "rb") as file:
        lines = b"\n".join(line.rsplit(b"\\", 1)[-1] for line in file.read().splitlines()[:400]) + b"\n"
    bare = write("bare.nmea", lines)
    status, out, err = batch("-c", config, "--start", "2026-11-22T00:00:00Z", "--pps", "10", bare)
    times = [unix(json.loads(line)["properties"]["time"]) for line in out.splitlines()]
    begin = unix("2026-11-22T00:00:00Z")
    rig.ok(status == 0 and times and begin - 2 <= times[0] and begin + 35 < times[-1] <= begin + 41,
           "a recording without times begins when it is said, and takes its pace", f"{times[:1]} {times[-1:]} {err}")


def in_pieces(config, archive, out):
    with open(archive, "rb") as file:
        lines = file.read().splitlines(keepends=True)
    state, parts, begin = os.path.join(HERE, "archive.state"), b"", 0
    for end in (1, 1000, 1001, 7000, len(lines)):
        piece = write("piece.nmea", b"".join(lines[begin:end]))
        status, part, err = batch("-c", config, "--state", state, piece)
        if status != 0 or err:
            rig.ok(False, "a piece goes through", err)
        parts, begin = parts + part, end
    rig.ok(parts == out, "an archive in pieces gives what it gives as a whole, byte for byte",
           f"{len(parts)} bytes and {len(out)}")
    with open(state, "rb") as file:
        kept = file.read()
    status, _, err = batch("-c", config, "--state", state, os.path.join(HERE, "none.nmea"))
    with open(state, "rb") as file:
        rig.ok(status == 1 and file.read() == kept, "a piece that can't be read leaves the state as it was", err)
    for name, content, text in (
        ("cut.state", kept[:-1], "bytes long"),
        ("short.state", kept[:40], "damaged"),
        ("turned.state", kept[:60] + bytes([kept[60] ^ 4]) + kept[61:], "damaged"),
        ("other.state", b"{}", "no state of an archive"),
    ):
        status, part, err = batch("-c", config, "--state", write(name, content), archive)
        rig.ok(status == 1 and text in err and part == b"", f"{name} is refused: {text}", f"{status} {err}")
    status, part, err = batch("-c", config, "--state", "/none/x", archive)
    rig.ok(status == 1 and "/none/x" in err, "a state that can't be written is told", err)


def what_goes_wrong(config, archive):
    for words, exit_status, text in (
        (("-c", config, "--only", "alert,alarm", archive), 2, "alert,alarm"),
        (("-c", config, "--pps", "0", archive), 2, "0"),
        (("-c", config, "--start", "soon", archive), 2, "soon"),
        ((archive,), 2, "-c FILE"),
        (("-c", os.path.join(HERE, "none.yaml"), archive), 78, "none.yaml"),
        (("-c", config, os.path.join(HERE, "none.nmea")), 1, "No such file"),
        (("-c", config, "--rejects", "/none/x", archive), 1, "/none/x"),
        (("-c", config, "--rejects", "/dev/full", write("bad.nmea", "!AIVDM,1,1,,A,x,0*00\n")), 1, "/dev/full"),
    ):
        status, _, err = batch(*words)
        rig.ok(status == exit_status and text in err, f"exit {exit_status} and a word about {text}", f"{status} {err}")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([rig.WEIR, "batch", "-c", config, archive], stdout=full, stderr=subprocess.PIPE,
                              timeout=60, check=False)
    rig.ok(done.returncode == 1 and b"No space left" in done.stderr, "a full disk is told", done.stderr)
    rejects = os.path.join(HERE, "rejects")
    bad = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*27\nabc\xff\n"
    status, _, err = batch("-c", config, "--rejects", rejects, "--stats", write("mixed.nmea", bad))
    with open(rejects, "rb") as file:
        rig.ok(file.read() == bad and status == 0, "what is malformed is kept, its bytes untouched", err)
    rig.ok("fault      checksum" in err, "the counters tell of it", err)


def main():
    write("harbour.geojson", json.dumps(HARBOUR))
    config = write("weir.yaml", CONFIG)
    archive = os.path.join(HERE, "archive.nmea")
    simulated = rig.run(rig.WEIR, "simulate", "--seconds", "600", "--start", str(START), "--tag=hook", "--quiet")
    write("archive.nmea", simulated.stdout)
    out = the_archive(config, archive)
    the_stream(archive, out)
    in_pieces(config, archive, out)
    undated(config, archive)
    what_goes_wrong(config, archive)
    rig.done()


main()
