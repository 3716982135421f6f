# SPDX-License-Identifier: BSD-2-Clause
"""What the end-to-end tests in Python share: a network of their own, a gateway, a broker, TAP.

A test re-executes itself in a network namespace of its own (private()), so that ports are free and
nothing is left behind, however it ends. Feeder makes a second namespace with a veth pair between, as
the antenna's side. Not a test itself.
"""

import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

WEIR = os.path.abspath(os.environ.get("WEIR", "build/weir"))
BUILD = os.environ.get("BUILD", "build")
GATEWAY_IP, FEEDER_IP = "10.77.0.1", "10.77.0.2"
PORT = 10110
HTTP = "127.0.0.1:9464"
# On a slow machine everything may take so many times longer.
PATIENCE = float(os.environ.get("WEIR_E2E_PATIENCE", "1"))
# The hardware addresses of two interfaces with a wire between, "MAC,MAC", to be used instead of a veth pair.
WIRE = [mac for mac in os.environ.get("WEIR_E2E_WIRE", "").split(",") if mac]


# ---- TAP ----

results = []


def ok(condition, sentence, detail=""):
    """One result. Returns the condition."""
    results.append(bool(condition))
    print(f"{'ok' if condition else 'not ok'} {len(results)} - {sentence}", flush=True)
    if not condition and detail != "":
        for line in str(detail).splitlines()[:40]:
            print(f"# {line}", flush=True)
    return condition


def skip(sentence, reason):
    results.append(True)
    print(f"ok {len(results)} - {sentence} # SKIP {reason}", flush=True)


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def done():
    print(f"1..{len(results)}", flush=True)
    sys.exit(0 if results and all(results) else 1)


# ---- Namespaces and processes ----

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def private():
    """Goes on in a network namespace of its own, with loopback up."""
    if os.environ.get("WEIR_E2E_PRIVATE") != str(os.getpid()):
        if os.geteuid() != 0:
            skip_all("needs root for a network namespace")
        os.environ["WEIR_E2E_PRIVATE"] = str(os.getpid())
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, "-B", *sys.argv])
    run("ip", "link", "set", "lo", "up")
    # What libxdp pins goes with the mount.
    run("mount", "-t", "bpf", "bpf", "/sys/fs/bpf", check=False)
    # Deaths of children are waited for; a signal to the test must run the finally clauses.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))


def run(*command, check=True, **options):
    return subprocess.run(command, check=check, capture_output=True, text=True, timeout=60 * PATIENCE, **options)


def wait_for(condition, seconds=10.0):
    """The first true value of condition(), or its last one."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.05)


class Process:
    """A child whose output is collected, and that never outlives the test."""

    def __init__(self, *command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        self.child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=die_with_parent, **options
        )
        self.out, self.err = bytearray(), bytearray()
        self.readers = [
            threading.Thread(target=self._collect, args=(pipe, into), daemon=True)
            for pipe, into in ((self.child.stdout, self.out), (self.child.stderr, self.err))
        ]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _collect(pipe, into):
        while chunk := os.read(pipe.fileno(), 65536):
            into.extend(chunk)

    def said(self, text, seconds=10.0):
        return wait_for(lambda: text.encode() in self.err, seconds)

    def end(self, number=signal.SIGTERM, seconds=20.0):
        """Sends the signal and waits; returns the exit status, None when it had to be killed."""
        if self.child.poll() is None:
            self.child.send_signal(number)
        try:
            status = self.child.wait(seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            status = None
        for reader in self.readers:
            reader.join(5)
        return status

    def lines(self):
        return [json.loads(line) for line in bytes(self.out).splitlines()]


class Gateway(Process):
    def __init__(self, directory, text, *arguments, wait=True, **options):
        self.file = os.path.join(directory, "weir.yaml")
        with open(self.file, "w", encoding="utf-8") as out:
            out.write(text)
        super().__init__(WEIR, "run", "-c", self.file, *arguments, **options)
        if wait and not wait_for(lambda: b" runs: " in self.err or self.child.poll() is not None, 20):
            raise RuntimeError("the gateway does not start: " + self.err.decode())

    def status(self):
        """The exit status of a gateway that ends by itself; None: it does not."""
        wait_for(lambda: self.child.poll() is not None, 20)
        return self.child.poll()


def get(path):
    """Status code and text of a page of the gateway."""
    try:
        with urllib.request.urlopen(f"http://{HTTP}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


# ---- Metrics ----


def parse_metrics(text):
    """{(name, ((label, value), ...)): number}, after checking the text format 0.0.4 line by line."""
    samples, types, helped, finished, current = {}, {}, set(), set(), None
    assert text.endswith("\n"), "the last line ends"
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert name not in helped, f"one HELP for {name}"
            helped.add(name)
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types and kind in ("counter", "gauge", "histogram"), line
            types[name] = kind
            continue
        assert line and not line.startswith("#"), f"no other line: {line!r}"
        name, labels, value = parse_sample(line)
        family = name
        for suffix in ("_bucket", "_sum", "_count"):
            if name.endswith(suffix) and types.get(name[: -len(suffix)]) == "histogram":
                family = name[: -len(suffix)]
        assert family in types and family in helped, f"HELP and TYPE before {line}"
        if family != current:
            assert family not in finished, f"the samples of {family} stand together"
            finished.add(family)
            current = family
        assert types[family] != "counter" or family.endswith("_total"), f"{family} ends in _total"
        assert (name, labels) not in samples, f"{line} is there once"
        samples[name, labels] = value
    for name, kind in types.items():
        if kind == "histogram":
            check_histogram(name, samples)
    return samples


def parse_sample(line):
    name, rest = "", line
    while rest and (rest[0].isalnum() or rest[0] in "_:"):
        name, rest = name + rest[0], rest[1:]
    labels = []
    if rest.startswith("{"):
        rest = rest[1:]
        while not rest.startswith("}"):
            label, rest = rest.split('="', 1)
            value = ""
            while not rest.startswith('"'):
                if rest.startswith("\\"):
                    value += {"n": "\n", "\\": "\\", '"': '"'}[rest[1]]
                    rest = rest[2:]
                else:
                    value, rest = value + rest[0], rest[1:]
            labels.append((label.lstrip(","), value))
            rest = rest[1:]
        rest = rest[1:]
    assert name and not name[0].isdigit() and rest.startswith(" "), line
    return name, tuple(labels), float(rest[1:])


def check_histogram(name, samples):
    series = {}
    for (sample, labels), value in samples.items():
        if sample == name + "_bucket":
            bounds = [v for k, v in labels if k == "le"]
            key = tuple((k, v) for k, v in labels if k != "le")
            series.setdefault(key, []).append((float(bounds[0].replace("+Inf", "inf")), value))
    assert series, f"{name} has buckets"
    for key, buckets in series.items():
        assert buckets == sorted(buckets), f"{name}: bounds and counts rise"
        assert [c for _, c in buckets] == sorted(c for _, c in buckets), f"{name}: counts rise"
        assert buckets[-1][0] == float("inf") and buckets[-1][1] == samples[name + "_count", key]
        assert (name + "_sum", key) in samples


def metrics():
    status, text = get("/metrics")
    assert status == 200, text
    return parse_metrics(text)


def total(samples, name, **labels):
    """The sum of a family over the samples that carry these labels."""
    wanted = set(labels.items())
    return int(sum(v for (n, ls), v in samples.items() if n == name and wanted <= set(ls)))


# ---- The antenna's side ----


def take_interface(mac, name, pid):
    """Moves the interface with this address into the namespace of a process. It goes back by itself when that ends."""

    def there():
        links = json.loads(run("nsenter", "--net=/proc/1/ns/net", "ip", "-json", "link").stdout)
        return [link["ifname"] for link in links if link.get("address") == mac]

    found = wait_for(there)
    assert found, f"an interface with the address {mac}"
    run("nsenter", "--net=/proc/1/ns/net", "ip", "link", "set", "dev", found[0], "netns", str(pid), "name", name)


class Feeder:
    """A namespace at the other end of a veth pair. It goes when its process does."""

    def __init__(self):
        self.child = subprocess.Popen(
            ["unshare", "--net", sys.executable, os.path.abspath(__file__), "feeder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=die_with_parent,
        )
        assert self.child.stdout.readline() == b"ready\n"
        self.connect()

    def connect(self):
        """Makes the pair; again, once it has been removed."""
        if WIRE:
            take_interface(WIRE[0], "veth0", os.getpid())
            take_interface(WIRE[1], "veth1", self.child.pid)
        else:
            run("ip", "link", "add", "veth0", "type", "veth", "peer", "name", "veth1", "netns", str(self.child.pid))
        # No address by IPv6, so that what passes here is ours.
        run("sysctl", "-q", "-w", "net.ipv6.conf.veth0.disable_ipv6=1", check=False)
        run("ip", "address", "add", f"{GATEWAY_IP}/24", "dev", "veth0")
        run("ip", "link", "set", "veth0", "up")
        self._command(b"U", b"")

    def _command(self, kind, data, port=0):
        self.child.stdin.write(kind + struct.pack("!HI", port, len(data)) + data)
        if kind != b"D":
            self.child.stdin.flush()
            answer = self.child.stdout.readline().split(None, 1)
            assert answer and answer[0] == b"ok", answer
            return answer[1].strip() if len(answer) > 1 else b""
        return b""

    def send(self, data, port=PORT):
        """Queues a datagram; sync() knows when they are gone."""
        self._command(b"D", data, port)

    def sync(self):
        return int(self._command(b"S", b""))

    def packets(self):
        """Packets that left the feeder's interface."""
        return int(self._command(b"P", b""))

    def close(self):
        self.child.stdin.close()
        self.child.wait(10)
        self.child.stdout.close()
        if WIRE:
            run("ip", "link", "set", "dev", "veth0", "netns", "1", check=False)
        else:
            run("ip", "link", "del", "veth0", check=False)


def feeder_main():
    stdin, sent = sys.stdin.buffer, 0
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    print("ready", flush=True)
    while header := stdin.read(7):
        kind, (port, length) = header[:1], struct.unpack("!HI", header[1:])
        data = stdin.read(length)
        if kind == b"U":
            for line in (
                "sysctl -q -w net.ipv6.conf.veth1.disable_ipv6=1",
                f"ip address add {FEEDER_IP}/24 dev veth1",
                "ip link set veth1 up",
            ):
                subprocess.run(line.split(), check=False)
            answer = ""
        elif kind == b"D":
            udp.sendto(data, (GATEWAY_IP, port))
            sent += 1
            if sent % 64 == 0:
                time.sleep(0.001)  # a burst must not overflow a socket: what is tested is the arithmetic
            continue
        elif kind == b"P":
            with open("/proc/net/dev", encoding="ascii") as table:
                answer = [line.split()[10] for line in table if "veth1:" in line][0]
        else:
            answer = str(sent)
        print("ok", answer, flush=True)


# ---- The broker ----


class Broker(Process):
    def __init__(self, directory, *arguments):
        super().__init__(
            "nats-server", "-a", "127.0.0.1", "-p", "4222", "-js", "-sd", os.path.join(directory, "js"), *arguments
        )
        if not self.said("Server is ready"):
            raise RuntimeError("nats-server does not start: " + self.err.decode())


class Subscriber:
    """Just enough of the NATS protocol to see everything that is published: subject, headers, bytes."""

    def __init__(self, subject="weir.v1.>"):
        self.messages = []
        self.lock = threading.Lock()
        self.socket = socket.create_connection(("127.0.0.1", 4222), timeout=10)
        self.file = self.socket.makefile("rb")
        assert self.file.readline().startswith(b"INFO")
        self.socket.sendall(
            b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"name":"test"}\r\nSUB '
            + subject.encode()
            + b" 1\r\nPING\r\n"
        )
        assert self.file.readline() == b"PONG\r\n"
        self.socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while line := self.file.readline():
                words = line.decode().split()
                if words[0] == "PING":
                    self.socket.sendall(b"PONG\r\n")
                if words[0] not in ("MSG", "HMSG"):
                    continue
                header_size = int(words[-2]) if words[0] == "HMSG" else 0
                data = self.file.read(int(words[-1]))
                self.file.read(2)
                headers = {}
                for header in data[:header_size].decode("utf-8", "replace").split("\r\n")[1:]:
                    if ":" in header:
                        key, value = header.split(":", 1)
                        headers[key.strip()] = value.strip()
                with self.lock:
                    self.messages.append((words[1], headers, data[header_size:]))
        except (OSError, ValueError, IndexError):
            return

    def of(self, prefix):
        with self.lock:
            return [m for m in self.messages if m[0].startswith(prefix)]

    def close(self):
        self.socket.close()


# ---- Sentences ----


def armour(bits):
    """A string of 0 and 1 as payload and number of fill bits (ITU-R M.1371, IEC 61162-1)."""
    fill = -len(bits) % 6
    bits += "0" * fill
    payload = ""
    for i in range(0, len(bits), 6):
        value = int(bits[i : i + 6], 2)
        payload += chr(value + 48 if value < 40 else value + 56)
    return payload, fill


def checksum(body):
    value = 0
    for byte in body.encode("latin-1"):
        value ^= byte
    return f"{value:02X}"


def sentence(body):
    return f"!{body}*{checksum(body)}\r\n".encode("latin-1")


def tagged(data, seconds):
    """The sentence behind a TAG block that says when it was received."""
    block = f"c:{seconds}"
    return f"\\{block}*{checksum(block)}\\".encode() + data


def field(value, width):
    return format(value & ((1 << width) - 1), f"0{width}b")


def position_bits(mmsi, longitude, latitude, sog=100, cog=900, kind=1):
    """AIS type 1, degrees as floats. 168 bits."""
    bits = field(kind, 6) + field(0, 2) + field(mmsi, 30) + field(0, 4) + field(0, 8) + field(sog, 10) + "0"
    bits += field(round(longitude * 600000), 28) + field(round(latitude * 600000), 27)
    return bits + field(cog, 12) + field(90, 9) + field(30, 6) + field(0, 2) + "000" + "0" + field(0, 19)


def position(mmsi, longitude, latitude, **more):
    payload, fill = armour(position_bits(mmsi, longitude, latitude, **more))
    return sentence(f"AIVDM,1,1,,A,{payload},{fill}")


def scratch():
    return tempfile.TemporaryDirectory(prefix="weir-e2e-")


if __name__ == "__main__" and sys.argv[1:] == ["feeder"]:
    feeder_main()
