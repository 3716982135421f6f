#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The publisher against a real nats-server that is absent, killed, frozen, emptied or unfit.

Started from the repository root with BUILD in the environment; needs nats-server. Drives the publisher
through tests/e2e/tool_publish and looks at what arrived through tests/e2e/tool_nats. Says TAP.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
PUBLISH = os.path.join(BUILD, "tests/e2e/tool_publish")
NATS = os.path.join(BUILD, "tests/e2e/tool_nats")
SERVER = shutil.which("nats-server") or "/usr/sbin/nats-server"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A nats-server on a port of its own, with a store that outlives it."""

    def __init__(self, jetstream=True, config=""):
        self.directory = tempfile.mkdtemp(prefix="weir-nats-")
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.jetstream = jetstream
        self.config = config
        self.process = None

    def start(self):
        path = os.path.join(self.directory, "nats.conf")
        with open(path, "w", encoding="ascii") as out:
            out.write(f'host: "127.0.0.1"\nport: {self.port}\n{self.config}\n')
            if self.jetstream:
                out.write(f'jetstream {{ store_dir: "{self.directory}/store" }}\n')
        log = open(os.path.join(self.directory, "log"), "ab")
        self.process = subprocess.Popen([SERVER, "-c", path], stdout=log, stderr=log)
        log.close()
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.01)
        raise RuntimeError("nats-server does not start")

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def lose_store(self):
        shutil.rmtree(os.path.join(self.directory, "store"), ignore_errors=True)

    def close(self):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


class Publisher:
    """tool_publish, told what to do line by line."""

    def __init__(self, *arguments):
        self.log = []
        self.process = subprocess.Popen([PUBLISH, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.line()

    def line(self):
        """The next answer; what is logged is kept aside."""
        while True:
            line = self.process.stderr.readline().rstrip("\n")
            if not line.startswith("log: "):
                return line
            self.log.append(line)

    def tell(self, *lines):
        for line in lines:
            self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line):
        self.tell(line)
        return self.line()

    def read_counters(self):
        counters = {}
        while True:
            line = self.line()
            if line in ("end", ""):
                return counters
            name, _, value = line.rpartition(" ")
            counters[name] = int(value)

    def counters(self):
        self.tell("counters")
        return self.read_counters()

    def stop(self):
        """The last counters, and how many records remained."""
        self.process.stdin.close()
        counters = self.read_counters()
        last = self.line()
        if self.process.wait(timeout=60) != 0:
            raise RuntimeError(f"tool_publish ended with {self.process.returncode}")
        return counters, int(last.split()[1])

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()


def nats(server, *arguments, timeout=30):
    return subprocess.run([NATS, "-s", server.url, *arguments], capture_output=True, text=True,
                          timeout=timeout, check=False)


def stream(server, name):
    """What is in a stream: a list of (subject, headers, body)."""
    info = nats(server, "info", name)
    match = re.search(r"messages=(\d+)", info.stdout)
    count = int(match.group(1)) if match else 0
    if count == 0:
        return []
    lines = nats(server, "-n", str(count), "-t", "20", "read", name).stdout.splitlines()
    messages = []
    for line in lines:
        subject, headers, body = line.split("\t")
        messages.append((subject, dict(item.split("=", 1) for item in headers.split("|") if item), body))
    return messages


def ids(messages):
    return [headers["ce-id"] for _, headers, _ in messages]


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def alert_ids(count):
    return [f"{number:032x}" for number in range(1, count + 1)]


def accounted(counters):
    """Law: what was offered is the sum of what became of it."""
    for name in ("position", "static", "alert", "dlq", "status"):
        offered = counters.get(f"{name} offered", 0)
        expect(offered == counters.get(f"{name} accounted", 0), f"{name}: {counters}")


# ---- The tests: the name of each is its docstring ----

def test_headers(server, publisher):
    """each class has its subject and exactly its headers"""
    listener = subprocess.Popen([NATS, "-s", server.url, "-n", "4", "-t", "10", "sub", "weir.>"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    listener.stderr.readline()
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("position 1", "static 1", "alert 1", "letter 1")
    output, _ = listener.communicate(timeout=20)
    got = {}
    for line in output.splitlines():
        subject, headers, body = line.split("\t")
        got[subject] = (headers, body)
    common = "ce-source=/weir/rtm|ce-specversion=1.0|ce-time=2026-11-22T05:14:25."
    geojson = "ce-datacontenttype=application/geo+json|ce-id="
    expect(set(got) == {"weir.v1.rtm.pos.u.1.4.z.244660000", "weir.v1.rtm.static.244660000",
                        "weir.v1.rtm.alert.warning.enter.maasmond.244660000", "weir.v1.rtm.dlq.checksum"},
           f"subjects {sorted(got)}")
    alert = "0" * 31 + "1"
    expect(got["weir.v1.rtm.alert.warning.enter.maasmond.244660000"][0] ==
           f"Nats-Msg-Id={alert}|{geojson}{alert}|{common}639Z|ce-type=weir.alert.v1", "alert")
    position = got["weir.v1.rtm.pos.u.1.4.z.244660000"][0]
    expect(re.fullmatch(re.escape(geojson) + "[0-9a-f]{32}" +
                        re.escape(f"|{common}639Z|ce-type=weir.position.v1"), position), position)
    static = got["weir.v1.rtm.static.244660000"][0]
    expect(static.endswith("ce-type=weir.static.v1"), static)
    letter, body = got["weir.v1.rtm.dlq.checksum"]
    match = re.fullmatch(r"Nats-Msg-Id=([0-9a-f]{32})\|ce-datacontenttype=application/octet-stream\|"
                         r"ce-id=([0-9a-f]{32})\|" + re.escape(f"{common}638Z|ce-type=weir.dlq.v1|"
                         "weir-faults=2|weir-offset=7|weir-reason=checksum|"
                         "weir-received=2026-11-22T05:14:25.638123457Z|weir-source=192.0.2.7:4711"), letter)
    expect(match and match.group(1) == match.group(2), letter)
    raw = re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m.group(1), 16)), body)
    expect([ord(c) for c in raw] == [(i * 7 + 1) % 256 for i in range(60)], "the datagram is untouched")


def test_streams_made(server, publisher):
    """absent streams are made: on file, limited by age, with a long duplicate window"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    alerts, letters = nats(server, "info", "WEIR_ALERTS").stdout, nats(server, "info", "WEIR_DLQ").stdout
    expect("storage=file max_age_s=604800 max_bytes=-1 duplicates_s=3600 subjects=weir.v1.*.alert.>" in alerts,
           alerts)
    expect("storage=file max_age_s=604800 max_bytes=268435456 duplicates_s=900 subjects=weir.v1.*.dlq.>"
           in letters, letters)


def test_large_letter(server, publisher):
    """a dead letter of 65,527 bytes arrives whole"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("large 3")
    expect(publisher.ask("settle 10") == "yes", "settle")
    out = nats(server, "-x", "-n", "3", "-t", "5", "read", "WEIR_DLQ").stdout.splitlines()
    bodies = [bytes.fromhex(line.split("\t")[2]) for line in out]
    expect(bodies == [bytes((i * 7 + n) % 256 for i in range(65527)) for n in (1, 2, 3)], "bytes")


def test_absent_at_start(server, publisher):
    """a broker absent at start: alerts and dead letters wait for it, positions are dropped and counted"""
    server.kill()
    late = Publisher("-s", server.url)
    try:
        late.tell("sleep 0.5", "alert 50", "letter 20", "position 30", "sleep 0.5")
        reason = late.ask("reason")
        expect(reason.startswith("not ready: NATS: no connection to nats://127.0.0.1") or
               reason.startswith("not ready: NATS: no connection to 127.0.0.1"), reason)
        counters = late.counters()
        expect(counters["position dropped_disconnected"] == 30, counters)
        expect(counters["alert pending"] == 50 and counters["dlq pending"] == 20, counters)
        server.start()
        expect(late.ask("ready 10") == "yes", "ready")
        expect(late.ask("settle 10") == "yes", "settle")
        late.tell("position 5")
        counters, remaining = late.stop()
        accounted(counters)
        expect(remaining == 0 and counters["alert acked"] == 50 and counters["dlq acked"] == 20, counters)
        expect(counters["position published"] == 5, counters)
        expect(ids(stream(server, "WEIR_ALERTS")) == alert_ids(50), "alerts in order, once")
    finally:
        late.close()


def test_killed(server, publisher):
    """kill -9 of the broker in the middle of alerts: each is in the stream exactly once"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("rate 500", "alert 1500")
    time.sleep(1)
    server.kill()
    time.sleep(1)
    server.start()
    expect(publisher.ask("settle 20") == "yes", "settle")
    counters, remaining = publisher.stop()
    accounted(counters)
    expect(remaining == 0, remaining)
    expect(counters["alert acked"] + counters.get("alert duplicate", 0) == 1500, counters)
    expect(counters["reconnects"] >= 1, counters)
    got = ids(stream(server, "WEIR_ALERTS"))
    expect(sorted(got) == alert_ids(1500), f"{len(got)} messages, {len(set(got))} different")


def test_store_lost(server, publisher):
    """a broker that comes back empty gets its streams again, and what was not acknowledged"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("alert 10")
    expect(publisher.ask("settle 5") == "yes", "settle")
    server.kill()
    server.lose_store()
    publisher.tell("alert 10", "letter 3")
    server.start()
    expect(publisher.ask("settle 15") == "yes", "settle")
    expect(ids(stream(server, "WEIR_ALERTS")) == alert_ids(20)[10:], "the second ten")
    expect(len(stream(server, "WEIR_DLQ")) == 3, "dead letters")


def test_stream_deleted(server, publisher):
    """a stream that is deleted under the publisher is made again and nothing is lost"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("alert 5")
    expect(publisher.ask("settle 5") == "yes", "settle")
    expect(nats(server, "delete", "WEIR_ALERTS").returncode == 0, "delete")
    publisher.tell("alert 5")
    expect(publisher.ask("settle 10") == "yes", "settle")
    expect(ids(stream(server, "WEIR_ALERTS")) == alert_ids(10)[5:], "the second five")


def test_frozen(server, publisher):
    """a broker frozen for five seconds: the worker never waits, alerts arrive exactly once"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("alert 20")
    expect(publisher.ask("settle 5") == "yes", "settle")
    server.signal(signal.SIGSTOP)
    before = time.monotonic()
    publisher.tell("alert 200", "rate 20000", "position 60000", "rate 0")
    counters = publisher.counters()
    took = time.monotonic() - before
    expect(took < 4, f"the worker took {took:.1f} s for 3 s of positions")
    expect(counters["alert pending"] == 200, counters)
    expect(counters.get("alert dropped_ring", 0) == 0, counters)
    time.sleep(max(0, 5 - took))
    server.signal(signal.SIGCONT)
    expect(publisher.ask("settle 30") == "yes", "settle")
    counters, remaining = publisher.stop()
    accounted(counters)
    expect(remaining == 0, remaining)
    got = ids(stream(server, "WEIR_ALERTS"))
    expect(sorted(got) == alert_ids(220), f"{len(got)} messages, {len(set(got))} different")


def test_repeated(server, publisher):
    """acknowledgements that come too late: repeated with the same id, and the stream keeps one"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    server.signal(signal.SIGSTOP)
    publisher.tell("alert 100", "letter 100", "sleep 2")
    counters = publisher.counters()
    expect(counters["alert repeated"] > 0, counters)
    server.signal(signal.SIGCONT)
    expect(publisher.ask("settle 20") == "yes", "settle")
    time.sleep(0.5)
    expect(sorted(ids(stream(server, "WEIR_ALERTS"))) == alert_ids(100), "alerts")
    letters = ids(stream(server, "WEIR_DLQ"))
    expect(len(letters) == 100 and len(set(letters)) == 100, f"{len(letters)} dead letters")


def test_two_runs(server, publisher):
    """the same alerts from two publishers: the second one's are duplicates, the stream has them once"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    publisher.tell("alert 25", "letter 5")
    expect(publisher.ask("settle 5") == "yes", "settle")
    second = Publisher("-s", server.url)
    try:
        second.tell("alert 25", "letter 5")
        expect(second.ask("settle 5") == "yes", "settle")
        counters, _ = second.stop()
        accounted(counters)
        expect(counters["alert duplicate"] == 25 and counters["dlq duplicate"] == 5, counters)
    finally:
        second.close()
    expect(ids(stream(server, "WEIR_ALERTS")) == alert_ids(25), "alerts")


def test_outbox_full(server, publisher):
    """a full outbox: the oldest are kept, what is refused is counted and logged"""
    server.kill()
    small = Publisher("-s", server.url, "-o", str(256 << 10), "-w", "200")
    try:
        small.tell("alert 5000", "sleep 0.5")
        counters = small.counters()
        accounted(counters)
        kept, lost = counters["alert pending"], counters["alert dropped_outbox"]
        expect(kept > 300 and kept + lost == 5000, counters)
        counters, remaining = small.stop()
        accounted(counters)
        expect(remaining == kept and counters["alert unsent"] == kept, counters)
        expect(any("outbox" in line and "full" in line for line in small.log), small.log)
    finally:
        small.close()


def test_small_ring(server, publisher):
    """a full ring: positions are refused first, and every refusal is counted"""
    small = Publisher("-s", server.url, "-r", str(256 << 10))
    try:
        expect(small.ask("ready 5") == "yes", "ready")
        server.signal(signal.SIGSTOP)
        small.tell("rate 0", "position 200000", "alert 50")
        small.tell("sleep 1")
        server.signal(signal.SIGCONT)
        expect(small.ask("settle 20") == "yes", "settle")
        counters, remaining = small.stop()
        accounted(counters)
        expect(counters.get("position dropped_ring", 0) > 0, counters)
        expect(counters["alert acked"] + counters.get("alert duplicate", 0) == 50 and remaining == 0, counters)
    finally:
        small.close()


def test_status(server, publisher):
    """the status comes every so often on its subject"""
    talker = Publisher("-s", server.url, "-i", "200")
    try:
        expect(talker.ask("ready 5") == "yes", "ready")
        out = nats(server, "-n", "3", "-t", "5", "sub", "weir.v1.rtm.status").stdout.splitlines()
        expect(len(out) == 3 and out[0].endswith('\t{"v":1,"event":"status"}'), out)
        expect("ce-type=weir.status.v1" in out[0] and "application/json" in out[0], out[0])
    finally:
        talker.close()


def test_no_jetstream(server, publisher):
    """a broker without JetStream: it says so, positions pass, alerts wait until it has it"""
    publisher.tell("alert 5", "sleep 1", "position 3", "sleep 0.3")
    reason = publisher.ask("reason")
    expect(reason.startswith("not ready: NATS: the broker has no JetStream"), reason)
    counters = publisher.counters()
    expect(counters["alert pending"] == 5 and counters["position published"] == 3, counters)
    expect(sum("no JetStream" in line for line in publisher.log) == 1, publisher.log)
    server.kill()
    server.jetstream = True
    server.start()
    expect(publisher.ask("settle 15") == "yes", "settle")
    expect(ids(stream(server, "WEIR_ALERTS")) == alert_ids(5), "alerts")
    expect(publisher.ask("ready 5") == "yes", publisher.ask("reason"))


test_no_jetstream.jetstream = False


def test_unfit(server, publisher):
    """a stream that is there and unfit is not altered: the reason is said and alerts wait"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    nats(server, "delete", "WEIR_ALERTS")
    nats(server, "add", "WEIR_ALERTS", "something.else")
    before = nats(server, "info", "WEIR_ALERTS").stdout
    other = Publisher("-s", server.url, "-w", "100")
    try:
        other.tell("alert 5", "letter 2", "sleep 1.5")
        reason = other.ask("reason")
        expect("stream WEIR_ALERTS does not take weir.v1.*.alert.>" in reason, reason)
        counters = other.counters()
        expect(counters["alert pending"] == 5 and counters["dlq acked"] == 2, counters)
        expect(nats(server, "info", "WEIR_ALERTS").stdout == before, "altered")
        nats(server, "delete", "WEIR_ALERTS")
        expect(other.ask("settle 15") == "yes", "settle")
    finally:
        other.close()


def test_present_and_fit(server, publisher):
    """a stream that is there and fits is used as it is"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    nats(server, "delete", "WEIR_ALERTS")
    nats(server, "-o", "memory", "add", "WEIR_ALERTS", "weir.v1.rtm.alert.>")
    before = nats(server, "info", "WEIR_ALERTS").stdout
    other = Publisher("-s", server.url)
    try:
        expect(other.ask("ready 5") == "yes", other.ask("reason"))
        expect(nats(server, "info", "WEIR_ALERTS").stdout == before, "altered")
    finally:
        other.close()


def test_message_limit(server, publisher):
    """a stream whose message limit is too small for dead letters is unfit, and says the numbers"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    nats(server, "delete", "WEIR_DLQ")
    nats(server, "-o", "max_msg_size=1000", "add", "WEIR_DLQ", "weir.v1.*.dlq.>")
    other = Publisher("-s", server.url, "-w", "100")
    try:
        other.tell("sleep 1")
        reason = other.ask("reason")
        expect("stream WEIR_DLQ takes messages of 1000 bytes" in reason, reason)
    finally:
        other.close()


def test_credentials(server, publisher):
    """wrong credentials: never given up, and right as soon as the broker accepts them"""
    server.kill()
    server.config = 'authorization { user: "weir", password: "right" }'
    server.start()
    wrong = Publisher("-s", server.url, "-u", "weir:wrong", "-w", "100")
    try:
        wrong.tell("alert 3", "sleep 4")
        reason = wrong.ask("reason")
        expect(reason.startswith("not ready: NATS: no connection") and "uthorization" in reason, reason)
        server.kill()
        server.config = 'authorization { user: "weir", password: "wrong" }'
        server.start()
        expect(wrong.ask("settle 20") == "yes", wrong.log)
    finally:
        wrong.close()


def test_stop_bound(server, publisher):
    """stopping waits for acknowledgements no longer than told, and says how many remain"""
    expect(publisher.ask("ready 5") == "yes", "ready")
    other = Publisher("-s", server.url, "-w", "500")
    try:
        expect(other.ask("ready 5") == "yes", "ready")
        server.signal(signal.SIGSTOP)
        other.tell("alert 7")
        before = time.monotonic()
        counters, remaining = other.stop()
        took = time.monotonic() - before
        accounted(counters)
        expect(remaining == 7 and counters["alert unsent"] == 7, counters)
        expect(took < 8, f"took {took:.1f} s")
    finally:
        server.signal(signal.SIGCONT)
        other.close()


def run(number, test):
    server = Server(jetstream=getattr(test, "jetstream", True))
    publisher = None
    try:
        server.start()
        publisher = Publisher("-s", server.url, "-a", "500" if test is test_repeated else "5000")
        test(server, publisher)
        print(f"ok {number} - {test.__doc__}", flush=True)
        return True
    except Exception as error:  # pylint: disable=broad-except
        print(f"not ok {number} - {test.__doc__}", flush=True)
        print(f"# {type(error).__name__}: {error}")
        for line in publisher.log if publisher else []:
            print(f"# {line}")
        return False
    finally:
        if publisher is not None:
            publisher.close()
        server.close()


def main():
    if not os.access(SERVER, os.X_OK):
        print("1..0 # SKIP nats-server is not installed")
        return 0
    chosen = sys.argv[1:]
    tests = [value for name, value in globals().items() if name.startswith("test_")
             and (not chosen or name[5:] in chosen)]
    print(f"1..{len(tests)}")
    results = [run(number, test) for number, test in enumerate(tests, 1)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
