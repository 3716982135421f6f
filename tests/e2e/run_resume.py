#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A gateway that stops, or is killed, and starts again tells what one tells that was never stopped. Says TAP."""
import json
import os
import signal
import socket
import time

import rig

rig.private()
scratch = rig.scratch()
HERE = scratch.name
STATE = os.path.join(HERE, "kept", "weir.state")
CONFIG = """
site: rtm
ingest:
  listen: ["127.0.0.1:10110"]
engine:
  clock: event
  fragment_timeout_s: 60
{state}
fences:
  files: [harbour.geojson]
http:
  listen: "127.0.0.1:9464"
"""
KEPT = """  state_file: {file}
  state_interval_s: {interval}
"""
HARBOUR = {
    "type": "Feature",
    "properties": {
        "id": "harbour",
        "rules": [
            {"rule": "enter"}, {"rule": "exit"}, {"rule": "dwell", "dwell_s": 60}, {"rule": "speed", "max_sog_kn": 8},
            {"rule": "anchor", "after_s": 60}, {"rule": "proximity", "cpa_m": 300, "tcpa_s": 600},
        ],
    },
    "geometry": {"type": "Polygon", "coordinates": [[[4, 51.88], [4.15, 51.88], [4.15, 52], [4, 52], [4, 51.88]]]},
}


def gateway(state=STATE, interval=86400):
    kept = KEPT.format(file=state, interval=interval) if state else ""
    return rig.Gateway(HERE, CONFIG.format(state=kept))


def received(samples):
    return rig.total(samples, "weir_datagrams_total")


def send(lines):
    """Sends them, and waits until they have been worked through."""
    before = received(rig.metrics())
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for number, line in enumerate(lines):
        udp.sendto(line, ("127.0.0.1", 10110))
        if number % 50 == 49:
            time.sleep(0.002)
    udp.close()
    got = rig.wait_for(lambda: received(rig.metrics()) - before >= len(lines) and received(rig.metrics()) - before, 30)
    assert got == len(lines), f"{got} of {len(lines)} came"


def stop(process, number=signal.SIGTERM):
    status = process.end(number)
    return status, bytes(process.out).splitlines()


def alerts(lines):
    return [event for event in (json.loads(line)["properties"] for line in lines) if event["event"] == "alert"]


def forget():
    for name in os.listdir(os.path.dirname(STATE)):
        os.unlink(os.path.join(os.path.dirname(STATE), name))


def without_a_stop(stream):
    running = gateway(state=None)
    send(stream)
    status, lines = stop(running)
    told = alerts(lines)
    rig.ok(status == 0 and {"enter", "dwell", "speed", "proximity"} <= {a["rule"] for a in told},
           f"{len(stream)} datagrams give {len(told)} alerts", running.err.decode())
    return lines


def with_a_stop(stream, whole):
    lines = []
    for begin, end in ((0, 1500), (1500, 1501), (1501, 5000), (5000, len(stream))):
        running = gateway()
        send(stream[begin:end])
        status, part = stop(running)
        lines += part
        if status != 0:
            rig.ok(False, "a gateway ends well", running.err.decode())
    rig.ok(lines == whole, "stopped and started three times, it tells the same, byte for byte",
           f"{len(lines)} lines and {len(whole)}")
    rig.ok("goes on from the state" in running.err.decode() and os.stat(STATE).st_mode & 0o777 == 0o600,
           "it says so, and the state is for nobody else to read", running.err.decode())


def without_a_state(stream, whole):
    forget()
    lines = []
    for begin, end in ((0, 5000), (5000, len(stream))):
        running = gateway(state=None)
        send(stream[begin:end])
        lines += stop(running)[1]
    again = [a["alert_id"] for a in alerts(lines)]
    rig.ok(lines != whole and len(again) != len(alerts(whole)), "without a state file it does not")


def saves(outcome):
    return rig.total(rig.metrics(), "weir_state_saves_total", outcome=outcome)


def killed_in_peace(stream, whole):
    forget()
    running = gateway(interval=0.2)
    send(stream[:5000])
    before = saves("saved")
    rig.wait_for(lambda: saves("saved") >= before + 2)
    rig.wait_for(lambda: bytes(running.out).count(b"\n") >= 1)
    samples = rig.metrics()
    rig.ok(rig.total(samples, "weir_state_bytes") > 10000 and rig.total(samples, "weir_state_saves_total", outcome="failed") == 0,
           "the state is saved every so often, and metrics tell")
    _, lines = stop(running, signal.SIGKILL)
    running = gateway(interval=0.2)
    rig.ok(rig.total(rig.metrics(), "weir_state_restored") == 1, "a gateway that was killed goes on too")
    send(stream[5000:])
    lines += stop(running)[1]
    rig.ok(lines == whole, "killed after it had saved, it tells the same, byte for byte", f"{len(lines)} {len(whole)}")


def killed_at_work(stream, whole):
    forget()
    running = gateway(interval=86400)
    send(stream[:4000])
    lines = stop(running)[1]
    running = gateway(interval=86400)
    send(stream[4000:6000])
    lines += stop(running, signal.SIGKILL)[1]
    running = gateway(interval=86400)
    send(stream[6000:])
    lines += stop(running)[1]
    # What was cleared in the time that is lost may be cleared once more: a broker knows that by its id.
    said = [a["alert_id"] for a in alerts(lines) if a["phase"] != "clear"]
    rig.ok(len(said) == len(set(said)), "killed at work, it tells no alert twice", f"{len(said)} {len(set(said))}")
    known = {(a["alert_id"], a["phase"]) for a in alerts(whole)}
    told = {(a["alert_id"], a["phase"]) for a in alerts(lines)}
    rig.ok(len(known - told) < 0.15 * len(known) and len(told - known) < 0.15 * len(known),
           "and differs by what happened in the time that is lost", f"{len(known - told)} {len(told - known)} {len(known)}")


def a_damaged_state(stream):
    forget()
    running = gateway()
    send(stream[:2000])
    stop(running)
    with open(STATE, "r+b") as file:
        file.seek(5000)
        byte = file.read(1)
        file.seek(5000)
        file.write(bytes([byte[0] ^ 1]))
    running = gateway()
    rig.ok("checksum is wrong" in running.err.decode() and os.path.exists(STATE + ".refused"),
           "a damaged state is told, and put aside", running.err.decode())
    rig.ok(rig.total(rig.metrics(), "weir_state_restored") == 0 and rig.get("/readyz")[0] == 200, "and the gateway runs")
    send(stream[:2000])
    status, lines = stop(running)
    rig.ok(status == 0 and alerts(lines), "as one that begins")
    with open(STATE, "wb") as file:
        file.write(b"GIF89a")
    running = gateway()
    rig.ok("no saved state of weir" in running.err.decode(), "so is a file of another kind", running.err.decode())
    stop(running)


def a_full_disk(stream):
    small = os.path.join(HERE, "small")
    os.mkdir(small)
    rig.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small)
    running = gateway(state=os.path.join(small, "weir.state"), interval=0.2)
    send(stream[:3000])
    rig.ok(rig.wait_for(lambda: saves("failed") >= 2), "a full disk is counted")
    rig.ok(running.err.decode().count("can't be saved") == 1 and "No space left" in running.err.decode(),
           "and told once", running.err.decode())
    rig.ok(rig.get("/livez")[0] == 200 and len(bytes(running.out)) > 0, "and the gateway goes on")
    rig.run("mount", "-o", "remount,size=64m", small)
    rig.ok(running.said("saved in " + small) and rig.wait_for(lambda: saves("saved") >= 1), "until there is room again",
           running.err.decode())
    rig.run("mount", "-o", "remount,ro", small)
    rig.ok(rig.wait_for(lambda: b"Read-only" in running.err), "where it may not write, it says so", running.err.decode())
    status, lines = stop(running)
    rig.ok(status == 0 and alerts(lines), "and ends well all the same", running.err.decode())
    rig.run("umount", small)


FILTERED = f"""site: rtm
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: auto
  interfaces: [veth0]
  boxes: [[3.9, 51.8, 4.3, 52.1]]
engine:
  state_file: {STATE}
fences:
  files: [harbour.geojson]
http:
  listen: "{rig.HTTP}"
"""


def at_sea(feeder, mmsi):
    """Reports from far outside of the area: who is followed passes the filter, a stranger does not."""
    for number in range(3):
        for ship in (mmsi, 211000000):
            feeder.send(rig.position(ship, 3.3 - number / 1000, 51.95, cog=2700 + number))
    feeder.sync()


def the_filter_knows(directory):
    forget()
    feeder = rig.Feeder()
    mmsi, lines = 244660000, []
    running = rig.Gateway(directory, FILTERED)
    if rig.total(rig.metrics(), "weir_prefilter_mode", mode="off") == 1:
        rig.skip("the filter passes who was followed before a restart", "no kernel filter here")
        stop(running)
        feeder.close()
        return
    for number in range(3):
        feeder.send(rig.position(mmsi, 4.05 + number / 1000, 51.95))
    feeder.sync()
    rig.wait_for(lambda: b'"rule":"enter"' in running.out)
    lines += stop(running)[1]
    running = rig.Gateway(directory, FILTERED)
    at_sea(feeder, mmsi)
    rig.wait_for(lambda: b'"rule":"exit"' in running.out)
    dropped = rig.total(rig.metrics(), "weir_prefilter_packets_total", verdict="drop")
    lines += stop(running)[1]
    rules = [(a["rule"], a["id"]) for a in alerts(lines) if a["rule"] in ("enter", "exit")]
    rig.ok(rules == [("enter", str(mmsi)), ("exit", str(mmsi))],
           "the filter passes who was followed before a restart, wherever it is", f"{rules} {running.err.decode()}")
    rig.ok(dropped == 3, "and drops a stranger there", dropped)

    # The one that leaves hands over its state with the filter.
    forget()
    running = rig.Gateway(directory, FILTERED)
    for number in range(3):
        feeder.send(rig.position(mmsi, 4.06 + number / 1000, 51.96))
    feeder.sync()
    rig.wait_for(lambda: b'"rule":"enter"' in running.out)
    other = rig.Gateway(directory, FILTERED, "--takeover")
    rig.ok(rig.wait_for(lambda: running.child.poll() is not None) is True and other.child.poll() is None,
           "another one takes over", other.err.decode())
    at_sea(feeder, mmsi)
    rig.wait_for(lambda: b'"rule":"exit"' in other.out)
    first, second = alerts(stop(running)[1]), alerts(stop(other)[1])
    rig.ok([a["rule"] for a in first] == ["enter"], "the first one has told the beginning", first)
    rules = [(a["rule"], a["id"]) for a in second if a["rule"] in ("enter", "exit")]
    rig.ok(rules == [("exit", str(mmsi))], "one that takes over goes on with the state", f"{rules} {other.err.decode()}")
    feeder.close()


def the_operators_slip():
    file = os.path.join(HERE, "slip.yaml")
    for path, text in (("none/weir.state", "directory is not there"), ("kept", "not a file")):
        with open(file, "w", encoding="utf-8") as out:
            out.write(CONFIG.format(state=f"  state_file: {path}\n"))
        done = rig.run(rig.WEIR, "check", "-c", file, check=False)
        rig.ok(done.returncode == 78 and text in done.stderr and ":8:" in done.stderr, f"check says: {text}", done.stderr)


def main():
    os.mkdir(os.path.dirname(STATE))
    with open(os.path.join(HERE, "harbour.geojson"), "w", encoding="utf-8") as out:
        json.dump(HARBOUR, out)
    simulated = rig.run(rig.WEIR, "simulate", "--seconds", "300", "--start", "1795000000", "--tag=hook", "--quiet")
    stream = [line.encode() + b"\r\n" for line in simulated.stdout.splitlines() if not line.startswith("#")]
    whole = without_a_stop(stream)
    with_a_stop(stream, whole)
    without_a_state(stream, whole)
    killed_in_peace(stream, whole)
    killed_at_work(stream, whole)
    a_damaged_state(stream)
    a_full_disk(stream)
    the_filter_knows(HERE)
    the_operators_slip()
    rig.done()


try:
    main()
finally:
    scratch.cleanup()
