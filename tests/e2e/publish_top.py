#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir top against a real nats-server: lines, one status, a terminal, a broker that is away. Says TAP."""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time

BUILD = os.environ.get("BUILD", "build")
WEIR = os.environ.get("WEIR", os.path.join(BUILD, "weir"))
NATS = os.path.join(BUILD, "tests/e2e/tool_nats")
SERVER = shutil.which("nats-server") or "/usr/sbin/nats-server"

STATUS = ('{{"v":1,"event":"status","site":"{site}","version":"0.1.0","uptime_s":{uptime},"ready":true,"stages":'
          '[{{"name":"kernel","counters":{{"seen":{seen},"dropped":7}},"texts":{{"mode":"native"}}}},'
          '{{"name":"socket","counters":{{"received":{seen},"lost":0,"truncated":0,"late":123456}}}},'
          '{{"name":"engine","counters":{{"positions":1234567,"alerts":45}},"gauges":{{"devices":300,"followed":90}}}}]}}')
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


class Terminal:
    """As much of a terminal as weir top needs: text, cursor up, erase to the end, colours; scrolls for ever."""

    def __init__(self, server, columns, rows, *arguments, **environment):
        self.master, slave = pty.openpty()
        self.rows = [""]
        self.line = 0
        self.text = ""
        self.resize(columns, rows)
        environment = dict(os.environ, TERM="xterm", **environment)
        if "NO_COLOR" in environment and not environment["NO_COLOR"]:
            del environment["NO_COLOR"]
        self.process = subprocess.Popen([WEIR, "top", "-s", server.url, *arguments], stdout=slave, stderr=slave,
                                        env=environment)
        os.close(slave)

    def resize(self, columns, rows):
        """As those do that wrap again what was written."""
        joined, self.rows = self.rows, []
        self.columns = columns
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        for row in joined:
            self.rows += [row[at:at + columns] for at in range(0, len(row), columns)] or [""]
        self.line = len(self.rows) - 1

    def read(self, seconds):
        end, data = time.monotonic() + seconds, b""
        while time.monotonic() < end:
            if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                break
            try:
                piece = os.read(self.master, 65536)
            except OSError:
                break
            data += piece
        self.take(data.decode())

    def take(self, text):
        self.text += text
        for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[^\x1b]", text):
            if token == "\n":
                self.line += 1
                if self.line == len(self.rows):
                    self.rows.append("")
            elif token == "\r":
                pass  # nothing is written over: a new line is begun, or the rest is erased
            elif token[0] == "\x1b" and token[-1] == "A":
                self.line -= int(token[2:-1])
                expect(self.line >= 0, "the cursor leaves the screen")
            elif token == "\x1b[J":
                del self.rows[self.line:]
                self.rows.append("")
            elif not token.startswith("\x1b"):
                if len(self.rows[self.line]) == self.columns:
                    self.rows.insert(self.line + 1, "")
                    self.line += 1
                self.rows[self.line] += token

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.read(2)
        os.close(self.master)
        return self.process.wait(timeout=10)


def subscribed():
    """Long enough for weir top to connect and subscribe, on a busy machine too."""
    time.sleep(1)


def test_lines(server):
    """without a terminal alerts are lines as they come, and the counters are one each 10 s, with rates"""
    process = top(server, "--site", "rtm", "--seconds", "14")
    subscribed()
    server.status(1000)
    time.sleep(0.5)
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    server.publish("weir.v1.ams.alert.alarm.enter.f.244660000", ALERT.replace("MARIA", "of another site"))
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", "this is no alert")
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT.replace("11-22", "11-23"))
    server.status(1500, 11)
    time.sleep(9.5)
    server.status(2000, 20)
    output, errors = process.communicate(timeout=30)
    lines = output.splitlines()
    expect(process.returncode == 0 and len(lines) == 6, f"{process.returncode} {lines} {errors}")
    expect(lines[0] == "weir 0.1.0  site rtm  up 0:00:10  ready | kernel: native, seen 1,000, dropped 7 (0.7 %) | "
           "socket: received 1,000, lost 0 | engine: devices 300, followed 90, positions 1,234,567, alerts 45", lines[0])
    expect(lines[1:5] == ["2026-11-22 UTC", "05:14:25  alarm      MARIA entered the fence  [244660000]",
                          "2026-11-23 UTC", "05:14:25  alarm      MARIA entered the fence  [244660000]"], lines)
    expect(re.search(r"seen 2,000 \(\d+(\.\d)?/s\), dropped 7 \(0\.3 %\)", lines[5]), lines[5])
    expect("\x1b" not in output, "colours")


def test_once(server):
    """--once prints one status, a line a stage, and ends"""
    process = top(server, "--once")
    subscribed()
    server.status(1000)
    server.status(1001)
    output, errors = process.communicate(timeout=20)
    expect(process.returncode == 0, errors)
    expect(output.splitlines() == [
        "weir 0.1.0  site rtm  up 0:00:10  ready", "kernel   native  seen 1,000  dropped 7 (0.7 %)",
        "socket   received 1,000  lost 0  late 123,456",
        "engine   devices 300  followed 90  positions 1,234,567  alerts 45"], output)


def test_once_in_vain(server):
    """--once without a status fails and says what to look at"""
    process = top(server, "--once", "--seconds", "1")
    _, errors = process.communicate(timeout=20)
    expect(process.returncode == 1 and "no status of site '*' came" in errors, errors)


def test_two_sites(server):
    """of two gateways the first that is heard is shown"""
    terminal = Terminal(server, 80, 24)
    subscribed()
    server.status(1, site="ams")
    server.status(2, site="rtm")
    server.status(3, site="ams")
    terminal.read(1)
    terminal.end()
    expect("seen 1" in terminal.text and "seen 3" in terminal.text, terminal.text)
    expect("site rtm" not in terminal.text and "seen 2" not in terminal.text, terminal.text)


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


ALERT_ROW = "05:14:25  alarm      MARIA entered the fence  [244660000]"


def test_terminal(server):
    """on a terminal the counters stay below the alerts, and Ctrl-C ends it"""
    terminal = Terminal(server, 80, 24, NO_COLOR="")
    subscribed()
    server.status(1000)
    terminal.read(0.5)
    for _ in range(30):
        server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    terminal.read(1)
    expect(terminal.rows == ["2026-11-22 UTC"] + [ALERT_ROW] * 30 +
           ["weir 0.1.0  site rtm  up 0:00:10  ready", "kernel   native  seen 1,000  dropped 7 (0.7 %)",
            "socket   received 1,000  lost 0  late 123,456",
            "engine   devices 300  followed 90  positions 1,234,567  alerts 45", ""], terminal.rows)
    expect(terminal.end() == 0, terminal.process.returncode)
    expect(f"\x1b[1;31m{ALERT_ROW}\x1b[0m" in terminal.text, "an alarm is bold and red")
    expect(terminal.rows[-1].strip("^C") == "" and terminal.rows[-2].startswith("engine"),
           "the cursor is below everything")


def test_resize(server):
    """when the terminal becomes narrower or wider the counters fit, and nothing else is erased"""
    terminal = Terminal(server, 100, 24)
    subscribed()
    server.status(1000)
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    terminal.read(0.5)
    terminal.resize(60, 24)
    terminal.read(1)
    footer = ["weir 0.1.0  site rtm  up 0:00:10  ready", "kernel   native  seen 1,000  dropped 7 (0.7 %)",
              "socket   received 1,000  lost 0  late 123,456"]
    expect(terminal.rows == ["2026-11-22 UTC", ALERT_ROW, *footer,
                             "engine   devices 300  followed 90  positions 1,234,567", ""], terminal.rows)
    terminal.resize(100, 24)
    terminal.read(1)
    terminal.end()
    expect(terminal.rows[:6] == ["2026-11-22 UTC", ALERT_ROW, *footer,
                                 "engine   devices 300  followed 90  positions 1,234,567  alerts 45"], terminal.rows)


def test_no_colour(server):
    """NO_COLOR takes the colours away, and the counters stay at the bottom all the same"""
    terminal = Terminal(server, 80, 24, NO_COLOR="1")
    subscribed()
    server.status(1000)
    server.publish("weir.v1.rtm.alert.alarm.enter.f.244660000", ALERT)
    terminal.read(0.5)
    terminal.end()
    expect(not re.search(r"\x1b\[[0-9;]*m", terminal.text), repr(terminal.text))
    expect(terminal.rows[1] == ALERT_ROW and terminal.rows[2].startswith("weir"), terminal.rows)


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
