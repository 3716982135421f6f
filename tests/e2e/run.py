#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""weir run: starts, says what is wrong, stops; with and without a broker, a filter, an output."""

import json
import os
import signal
import socket
import subprocess
import time

import rig
from rig import ok

BASE = """site: test
ingest:
  listen: ["127.0.0.1:10110"]
http:
  listen: "127.0.0.1:9464"
"""
NATS = 'nats:\n  servers: ["nats://127.0.0.1:4222"]\n'
BOX = [3.6, 51.8, 4.6, 52.2]


def send(*datagrams):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for datagram in datagrams:
            udp.sendto(datagram, ("127.0.0.1", rig.PORT))


def test_standard_output(directory):
    gateway = rig.Gateway(directory, BASE)
    send(rig.position(244660000, 4.05, 51.98))
    rig.wait_for(lambda: b"\n" in gateway.out)
    ok(gateway.end() == 0, "SIGTERM: ends with 0", gateway.err.decode())
    lines = gateway.lines()
    ok(
        len(lines) == 1
        and lines[0]["properties"]["id"] == "244660000"
        and lines[0]["properties"]["site"] == "test"
        and lines[0]["geometry"]["coordinates"] == [4.05, 51.98],
        "without nats: a position is a line of GeoJSON on standard output",
        lines,
    )
    gateway = rig.Gateway(directory, BASE)
    ok(gateway.end(signal.SIGINT) == 0, "SIGINT: ends with 0")


def test_closed_output(directory):
    reader, writer = os.pipe()
    with open(os.path.join(directory, "weir.yaml"), "w", encoding="utf-8") as out:
        out.write(BASE)
    child = subprocess.Popen(
        [rig.WEIR, "run", "-c", os.path.join(directory, "weir.yaml")],
        stdout=writer,
        stderr=subprocess.PIPE,
        preexec_fn=rig.die_with_parent,
    )
    os.close(writer)
    os.close(reader)
    rig.wait_for(lambda: b"10110" in open("/proc/net/udp", "rb").read() or b":277E" in open("/proc/net/udp", "rb").read())
    time.sleep(0.3)
    send(rig.position(244660000, 4.05, 51.98))
    try:
        _, said = child.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        said = b"still runs"
    ok(child.returncode == 1 and b"output" in said, "an output that is closed ends the gateway with 1, and says so", said)


def test_closed_descriptors(directory):
    """What is handed over closed must not become a socket that log lines and events are written into."""
    file = os.path.join(directory, "weir.yaml")

    def start(text, closed, **options):
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)
        command = ["sh", "-c", f'exec "$0" run -c "$1" {closed}', rig.WEIR, file]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=rig.die_with_parent, **options)

    def page(path):
        try:
            return rig.get(path)
        except OSError:
            return None

    def received(count):
        return page("/livez") and rig.total(rig.metrics(), "weir_datagrams_total") == count

    child = start(BASE + NATS, "<&- >&- 2>&-")
    rig.wait_for(lambda: page("/livez") or child.poll() is not None)
    held = [os.readlink(f"/proc/{child.pid}/fd/{number}") for number in range(3)]
    ok(held == ["/dev/null"] * 3, "standard input, output and error that are closed are not given to sockets", held)
    for i in range(100):
        send(rig.position(244660000 + i, 4.05, 51.98))
    ok(
        rig.wait_for(lambda: child.poll() is not None or received(100)) and child.poll() is None,
        "it does its work without them",
        child.poll(),
    )
    child.terminate()
    ok(child.wait(20) == 0, "and ends with 0", child.returncode)
    child = start(BASE, ">&-", stderr=subprocess.PIPE)
    try:
        _, said = child.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        said = b"still runs"
    ok(child.returncode == 1 and b"Bad file descriptor" in said, "events to a closed output: 1 at once, and says so", said)


def test_full_table(directory):
    gateway = rig.Gateway(directory, BASE + "engine:\n  max_devices: 1024\n")
    for i in range(1100):
        send(rig.position(244660000 + i, 4.05, 51.98))
        if i % 64 == 0:
            time.sleep(0.002)
    ok(
        gateway.said("the table of 1024 devices is full") and b"max_devices" in gateway.err,
        "a table of devices that is full is an error, with what to do",
        gateway.err.decode(),
    )
    refused = rig.wait_for(lambda: rig.total(rig.metrics(), "weir_reports_total", outcome="table_full") == 1100 - (1024 - 1024 // 64))
    ok(refused, "and each report without a place is counted; one place in 64 is kept for distress")
    gateway.end()


def test_refusals(directory):
    first = rig.Gateway(directory, BASE)
    other = os.path.join(directory, "other")
    os.mkdir(other)
    second = rig.Gateway(other, BASE.replace("10110", "10111"), wait=False)
    ok(
        second.status() == 1 and b"127.0.0.1:9464" in second.err and b"in use" in second.err,
        "a port for HTTP that is taken: 1, and says which",
        second.err.decode(),
    )
    third = rig.Gateway(other, BASE.replace("9464", "9465").replace("127.0.0.1:10110", "192.0.2.1:10110"), wait=False)
    ok(third.status() == 1 and b"192.0.2.1" in third.err, "an address that is not ours: 1, and says which", third.err.decode())
    fourth = rig.Gateway(other, "site: a b\n", wait=False)
    ok(fourth.status() == 78 and b"weir.yaml:1:7: 'site' must" in fourth.err, "a bad configuration: 78", fourth.err.decode())
    first.end()
    again = rig.Gateway(directory, BASE)
    ok(again.end() == 0, "the addresses are free as soon as a gateway has ended")


def test_prefilter_without_interface(directory):
    text = BASE + f"prefilter:\n  mode: auto\n  interfaces: [nothere]\n  boxes: [{BOX}]\n"
    gateway = rig.Gateway(directory, text)
    status, page = rig.get("/readyz")
    ok(status == 200 and "prefilter: " in page and "nothere" in page, "mode auto without its interface: runs, and /readyz says why", page)
    gateway.end()
    gateway = rig.Gateway(directory, text.replace("auto", "native"))
    status, page = rig.get("/readyz")
    ok(
        status == 503 and "nothere: absent" in page and gateway.said("nothere: absent"),
        "mode native without its interface: waits for it, and says so in the log and in /readyz",
        gateway.err.decode(),
    )
    gateway.end()


def test_reload(directory):
    gateway = rig.Gateway(directory, BASE)
    gateway.child.send_signal(signal.SIGHUP)
    ok(gateway.said("reloaded: 0 fences"), "SIGHUP: a good configuration is loaded", gateway.err.decode())
    with open(gateway.file, "a", encoding="utf-8") as out:
        out.write("colour: red\n")
    gateway.child.send_signal(signal.SIGHUP)
    ok(
        gateway.said("goes on with what it had") and b"weir.yaml:6:1: unknown key 'colour'" in gateway.err,
        "SIGHUP: a bad one is told, and the gateway goes on",
        gateway.err.decode(),
    )
    send(rig.position(244660000, 4.05, 51.98))
    ok(rig.wait_for(lambda: b"244660000" in gateway.out), "and it still works")
    gateway.end()


def test_systemd(directory):
    path = os.path.join(directory, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(10)
        environment = dict(os.environ, NOTIFY_SOCKET=path, WATCHDOG_USEC="600000")
        gateway = rig.Gateway(directory, BASE, env=environment)
        said = [manager.recv(4096).decode() for _ in range(4)]
        ok(said[0].startswith("READY=1"), "systemd is told when it is ready", said)
        ok(said[1:] == ["WATCHDOG=1"] * 3, "and that it is alive", said)
        gateway.child.send_signal(signal.SIGTERM)
        while (last := manager.recv(4096).decode()) == "WATCHDOG=1":
            pass
        ok(last == "STOPPING=1", "and when it stops", last)
        gateway.end()


def test_broker_away(directory):
    gateway = rig.Gateway(directory, BASE + NATS)
    status, page = rig.wait_for(lambda: "NATS" in (answer := rig.get("/readyz"))[1] and answer) or rig.get("/readyz")
    ok(status == 200 and "NATS" in page, "no broker at start: runs, ready while its outbox has room, and says so", page)
    send(b"junk", rig.position(244660000, 4.05, 51.98))
    rig.wait_for(lambda: rig.total(rig.metrics(), "weir_socket_datagrams_total") == 2)
    broker = rig.Broker(directory)
    subscriber = rig.Subscriber()
    letters = rig.wait_for(lambda: subscriber.of("weir.v1.test.dlq."), 20)
    ok(
        [(s, d) for s, _, d in letters] == [("weir.v1.test.dlq.framing", b"junk")],
        "the broker comes: what waited for it is delivered",
        letters,
    )
    rig.wait_for(lambda: rig.total(rig.metrics(), "weir_nats_connected") == 1)
    send(rig.position(244660000, 4.06, 51.98))
    positions = rig.wait_for(lambda: subscriber.of("weir.v1.test.pos."), 20)
    ok(positions and positions[0][0].endswith(".244660000"), "positions flow again", positions)
    status_message = rig.wait_for(lambda: subscriber.of("weir.v1.test.status"), 10)
    status = json.loads(status_message[-1][2]) if status_message else {}
    stages = [stage["name"] for stage in status.get("stages", [])]
    ok(
        status.get("ready") is True and stages == ["kernel", "socket", "decode", "engine", "publish"],
        "the status subject tells of every stage",
        status,
    )
    broker.end(signal.SIGKILL)
    send(b"more junk")
    ok(gateway.child.poll() is None, "the broker dies: the gateway goes on")
    began = time.monotonic()
    status = gateway.end()
    ok(
        status == 1 and time.monotonic() - began < 15 and b"not acknowledged" in gateway.err,
        "what can't be delivered at the end is told, within bounded time, and the exit status is 1",
        f"{status} {gateway.err.decode()}",
    )
    subscriber.close()


def test_second_signal(directory):
    gateway = rig.Gateway(directory, BASE + NATS)
    send(b"junk")
    rig.wait_for(lambda: rig.total(rig.metrics(), "weir_socket_datagrams_total") == 1)
    gateway.child.send_signal(signal.SIGTERM)
    gateway.said("stopping")
    time.sleep(0.5)
    began = time.monotonic()
    gateway.end()
    ok(time.monotonic() - began < 3, "a second signal stops at once")


def main():
    rig.private()
    for test in (
        test_standard_output,
        test_closed_output,
        test_closed_descriptors,
        test_full_table,
        test_refusals,
        test_prefilter_without_interface,
        test_reload,
        test_systemd,
        test_broker_away,
        test_second_signal,
    ):
        with rig.scratch() as directory:
            test(directory)
    rig.done()


main()
