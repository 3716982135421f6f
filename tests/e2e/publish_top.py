#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir top against a real nats-server: lines, one status, a terminal, a broker that is away. Says TAP."""
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
WEIR = os.environ.get("WEIR", os.path.join(BUILD, "weir"))
NATS = os.path.join(BUILD, "tests/e2e/tool_nats")
SERVER = shutil.which("nats-server") or "/usr/sbin/nats-server"

STATUS = ('{{"v":1,"event":"status","site":"{site}","version":"0.1.0","uptime_s":{uptime},"ready":true,"stages":'
          '[{{"name":"kernel","counters":{{"seen":{seen},"dropped":7}},"texts":{{"mode":"native"}}}}]}}')
ALERT = ('{"type":"Feature","geometry":null,"properties":{"v":1,"event":"alert","site":"rtm","id":"244660000",'
         '"time":"2026-11-22T05:14:25.638Z","rule":"enter","phase":"event","severity":"alarm","fence":"f",'
         '"message":"MARIA entered the fence"}}')


class Server:
    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="weir-top-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"nats://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen([SERVER, "-a", "127.0.0.1", "-p", str(self.port)],
                                            stdout=log, stderr=log)
        subprocess.run([NATS, "-s", self.url, "-t", "10", "wait"], check=True)

    def publish(self, subject, text):
        subprocess.run([NATS, "-s", self.url, "pub", subject, text], check=True)

    def status(self, seen, uptime=10, site="rtm"):
        self.publish(f"weir.v1.{site}.status", STATUS.format(site=site, seen=seen, uptime=uptime))

    def close(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        shutil.rmtree(self.directory, ignore_errors=True)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def top(server, *arguments):
    return subprocess.Popen([WEIR, "top", "-s", server.url, *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def subscribed():
    """Long enough for weir top to connect and subscribe, on a busy machine too."""
    time.sleep(1)


def test_lines(server):
    """without a terminal alerts and statuses are lines, the second status with rates"""
    process = top(server, "--site", "rtm", "--seconds", "4")
    subscribed()
    server.status(1000)
    time.sleep(0.5)
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    server.publish("weir.v1.ams.alert.alarm.enter.f.244660000", ALERT.replace("MARIA", "of another site"))
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", "this is no alert")
    server.status(2000, 11)
    output, errors = process.communicate(timeout=20)
    lines = output.splitlines()
    expect(process.returncode == 0 and len(lines) == 3, f"{process.returncode} {lines} {errors}")
    expect(lines[0] == "weir 0.1.0  site rtm  up 0:00:10  ready | kernel    native  seen 1,000  dropped 7", lines[0])
    expect(lines[1] == "2026-11-22 05:14:25Z  alarm      enter  MARIA entered the fence  [244660000]", lines[1])
    expect(re.search(r"seen 2,000 \(\d+/s\)  dropped 7", lines[2]), lines[2])


def test_once(server):
    """--once prints one status, a line a stage, and ends"""
    process = top(server, "--once")
    subscribed()
    server.status(1000)
    server.status(1001)
    output, errors = process.communicate(timeout=20)
    expect(process.returncode == 0, errors)
    expect(output.splitlines() == ["weir 0.1.0  site rtm  up 0:00:10  ready",
                                   "kernel    native  seen 1,000  dropped 7"], output)


def test_once_in_vain(server):
    """--once without a status fails and says what to look at"""
    process = top(server, "--once", "--seconds", "1")
    _, errors = process.communicate(timeout=20)
    expect(process.returncode == 1 and "no status of site '*' came" in errors, errors)


def test_two_sites(server):
    """of two gateways the first that is heard is shown"""
    process = top(server, "--seconds", "3")
    subscribed()
    server.status(1, site="ams")
    server.status(2, site="rtm")
    server.status(3, site="ams")
    output, _ = process.communicate(timeout=20)
    expect(len(output.splitlines()) == 2 and "site rtm" not in output, output)


def test_away(server):
    """a broker that goes away and comes back: it says so and goes on"""
    process = top(server, "--seconds", "8")
    subscribed()
    server.process.kill()
    server.process.wait()
    time.sleep(0.5)
    server.start()
    time.sleep(3)
    server.status(1)
    output, errors = process.communicate(timeout=20)
    expect("connection lost; trying again" in output and "site rtm" in output, output + errors)


def test_terminal(server):
    """on a terminal the counters stay below the alerts, and Ctrl-C ends it"""
    master, slave = pty.openpty()
    environment = dict(os.environ, TERM="xterm")
    environment.pop("NO_COLOR", None)
    process = subprocess.Popen([WEIR, "top", "-s", server.url], stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    subscribed()
    server.status(1000)
    time.sleep(0.3)
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    text = b""
    while select.select([master], [], [], 2)[0]:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        text += piece
    os.close(master)
    expect(process.wait(timeout=10) == 0, process.returncode)
    text = text.decode()
    alert = text.index("MARIA")
    expect("\x1b[2A\r\x1b[J" in text[:alert], repr(text))
    expect("\x1b[31m" in text[:alert], "colour of an alarm")
    expect(text.index("weir 0.1.0", alert) > 0 and "kernel" in text[alert:], "the footer is drawn again")
    expect(text.endswith("\n"), "the cursor is below everything")


def test_usage(server):
    """wrong words are refused with 2, a bad file with 78"""
    for words in (["--nonsense"], ["extra"], ["--site", "a.b"], ["--seconds", "x"], ["-s"]):
        done = subprocess.run([WEIR, "top", *words], capture_output=True, text=True, timeout=20, check=False)
        expect(done.returncode == 2 and done.stderr.startswith("weir: top: "), f"{words} {done}")
    path = os.path.join(server.directory, "bad.yaml")
    with open(path, "w", encoding="ascii") as out:
        out.write("site: [1\n")
    done = subprocess.run([WEIR, "top", "-c", path], capture_output=True, text=True, timeout=20, check=False)
    expect(done.returncode == 78 and "bad.yaml" in done.stderr, done)
    done = subprocess.run([WEIR, "top", "--help"], capture_output=True, text=True, timeout=20, check=False)
    expect(done.returncode == 0 and done.stdout.startswith("usage: weir top"), done)


def run(number, test):
    server = Server()
    try:
        server.start()
        test(server)
        print(f"ok {number} - {test.__doc__}", flush=True)
        return True
    except Exception as error:  # pylint: disable=broad-except
        print(f"not ok {number} - {test.__doc__}\n# {type(error).__name__}: {error}", flush=True)
        return False
    finally:
        server.close()


def main():
    if not os.access(SERVER, os.X_OK):
        print("1..0 # SKIP nats-server is not installed")
        return 0
    tests = [value for name, value in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    results = [run(number, test) for number, test in enumerate(tests, 1)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
