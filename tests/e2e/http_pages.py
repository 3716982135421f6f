#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The pages of a running gateway: metrics that parse and mean what they say, /livez, /readyz."""

import re
import socket
import threading
import time

import rig
from rig import ok, total

CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: generic
  interfaces: [veth0]
  boxes: [[3.6, 51.8, 4.6, 52.2]]
nats:
  servers: ["nats://127.0.0.1:4222"]
http:
  listen: "{rig.HTTP}"
"""

# What others rely on.
NAMES = {
    "weir_prefilter_packets_total": ("verdict", "reason"),
    "weir_datagrams_total": ("outcome",),
    "weir_sentences_total": ("outcome",),
    "weir_reports_total": ("outcome",),
    "weir_alerts_total": ("rule", "phase"),
    "weir_dlq_total": ("reason",),
    "weir_publish_total": ("class", "outcome"),
    "weir_outbox_pending": ("class",),
    "weir_delay_seconds_bucket": ("stage", "le"),
    "weir_devices": (),
    "weir_fences": (),
    "weir_build_info": ("version", "ring", "site"),
}
# Only where the configuration asks for the table of senders; run_senders.py looks at them.
SENDERS = {"weir_sender_packets_total", "weir_sender_bytes_total", "weir_sender_last_seen_timestamp_seconds"}
REASONS = "checksum framing too_long charset fields tag_block fragment payload position identity timestamp".split()


def test_names(m):
    for name, labels in NAMES.items():
        found = {tuple(k for k, _ in ls) for n, ls in m if n == name}
        ok(found == {labels}, f"{name} has the labels {', '.join(labels) or 'none'}", found)
    ok({dict(ls)["reason"] for n, ls in m if n == "weir_dlq_total"} == set(REASONS), "the reasons of dead letters are the closed list")
    stages = {dict(ls)["stage"] for n, ls in m if n == "weir_delay_seconds_count"}
    ok(stages == {"socket", "publish", "ack"}, "delays are told for socket, publish and ack", stages)
    with open("README.md", encoding="utf-8") as text:
        promised = set(re.findall(r"`(weir_[a-z_]+(?:_total|_bytes|_seconds|_mode|_connected|_pending|_refused|_devices))", text.read())) - SENDERS
    families = {n.removesuffix("_bucket") for n, _ in m}
    ok(len(promised) > 10 and promised <= families, "every metric that the README names is there", promised - families)
    foreign = {n for n, _ in m if not n.startswith(("weir_", "process_"))}
    ok(not foreign, "every name begins with weir_ or process_", foreign)


def test_meaning(feeder):
    before = rig.metrics()
    for i in range(50):
        feeder.send(rig.position(244660000 + i, 4.0 + i / 1000, 51.98))
        feeder.send(rig.position(211000000 + i, 10.0, 54.0))
    feeder.send(b"junk")
    feeder.sync()
    rig.wait_for(lambda: total(rig.metrics(), "weir_publish_total", **{"class": "dlq", "outcome": "acked"}) == 1)
    rig.wait_for(lambda: total(rig.metrics(), "weir_datagrams_total") >= 51)  # the worker tells its numbers now and then
    after = rig.metrics()
    ok(all(after[k] >= v for k, v in before.items() if k[0].endswith(("_total", "_bucket", "_count"))), "counters only grow")
    ok(total(after, "weir_prefilter_packets_total", verdict="drop", reason="outside") == 50, "fifty are dropped as outside")
    ok(total(after, "weir_prefilter_packets_total", verdict="pass", reason="inside") == 50, "fifty pass as inside")
    ok(total(after, "weir_datagrams_total") == 51, "fifty-one datagrams arrive")
    ok(total(after, "weir_messages_total", type="1") == 50, "fifty messages of type 1")
    ok(total(after, "weir_devices") == 50, "fifty devices are known")
    ok(
        total(after, "weir_publish_total", **{"class": "position", "outcome": "published"}) == 50,
        "fifty positions are published",
    )
    ok(total(after, "weir_delay_seconds_count", stage="socket") == 51, "the delay to the socket has fifty-one values")
    ok(total(after, "weir_delay_seconds_count", stage="ack") == 1, "the delay to acknowledgement has one")
    ok(0 < total(after, "process_resident_memory_bytes") < 64 << 20, "resident memory is under 64 MB", total(after, "process_resident_memory_bytes"))
    ok(after["weir_prefilter_mode", (("interface", "veth0"), ("mode", "generic"))] == 1, "the filter's mode is told for its interface")


def test_probes(broker):
    ok(rig.get("/livez") == (200, "alive\n"), "/livez says that it lives")
    ok(rig.get("/readyz") == (200, "ready\n"), "/readyz says that it is ready", rig.get("/readyz"))
    broker.end()
    page = rig.wait_for(lambda: (p := rig.get("/readyz"))[1] != "ready\n" and p)
    ok(page and page[0] == 200 and "NATS" in page[1], "/readyz says that the broker is away, ready while the outbox has room", page)


def test_clients():
    silent = [socket.create_connection(("127.0.0.1", 9464)) for _ in range(30)]
    began = time.monotonic()
    ok(rig.get("/livez")[0] == 200 and time.monotonic() - began < 1, "thirty silent clients hold up nobody")
    for client in silent:
        client.close()
    with socket.create_connection(("127.0.0.1", 9464)) as client:
        client.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 100000)
        client.settimeout(10)
        try:
            answer = client.recv(4096)
        except ConnectionResetError:
            answer = b""
    ok(b" 200 " not in answer, "an endless header is refused", answer[:80])
    ok(rig.get("/livez")[0] == 200, "and the gateway goes on")
    ok(rig.get("/")[0] == 404, "what is not there is not found")


class Drip(threading.Thread):
    """Eighty connections that give a byte of their request now and then, and come back when they are sent away."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.stopped = address, False

    def connect(self):
        client = socket.socket()
        client.bind((self.address, 0))
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", 9464))
        return client

    def run(self):
        clients = [self.connect() for _ in range(80)]
        while not self.stopped:
            time.sleep(0.05)
            for i, client in enumerate(clients):
                try:
                    client.send(b"G")
                except OSError:
                    client.close()
                    clients[i] = self.connect()
        for client in clients:
            client.close()


def test_drip():
    drips = [Drip("127.0.0.1"), Drip("127.0.0.2")]
    for drip in drips:
        drip.start()
    time.sleep(1)
    slowest, codes = 0, []
    for path in ("/livez", "/metrics") * 10:
        began = time.monotonic()
        try:
            codes.append(rig.get(path)[0])
        except OSError as error:
            codes.append(error)
        slowest = max(slowest, time.monotonic() - began)
    for drip in drips:
        drip.stopped = True
        drip.join()
    ok(codes == [200] * 20 and slowest < 2, "a hundred and sixty clients that drip hold up nobody", (codes, slowest))


def main():
    rig.private()
    with rig.scratch() as directory:
        broker = rig.Broker(directory)
        feeder = rig.Feeder()
        try:
            gateway = rig.Gateway(directory, CONFIG)
            ok(rig.wait_for(lambda: total(rig.metrics(), "weir_nats_connected") == 1), "the gateway connects to its broker")
            status, text = rig.get("/metrics")
            ok(status == 200 and rig.parse_metrics(text), "/metrics is Prometheus' text format")
            test_names(rig.metrics())
            test_meaning(feeder)
            test_clients()
            test_drip()
            test_probes(broker)
            gateway.end()
        finally:
            feeder.close()
            broker.end()
    rig.done()


main()
