#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The gateway as a whole: what a dropped datagram costs beside one received and discarded, and what is lost.

Cost: the same report from outside of the area, by live frames over a veth pair, once with the native prefilter
and once with the prefilter off. Counted is the processor time of all that is involved: the sender, in which the
kernel's receive path runs, ksoftirqd, and the gateway.

Loss: reports from inside the area over loopback, one sentence a datagram, each becoming a position event.
Medians of several runs, taken in turns.
"""
import os
import re
import statistics
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import rig  # noqa: E402  the end-to-end tests' own

RUNS = 3
FLOOD = os.path.join(rig.BUILD, "tests/e2e/tool_flood")
TICK = os.sysconf("SC_CLK_TCK")

# Class A, type 1: off New York, and in the Maasmond (4.05 E, 51.985 N).
OUTSIDE = "!AIVDM,1,1,,A,15MgK45P3@G?fl0E`JbR0OwT0@MS,0*4E"
CONFIGURATION = """
site: bench
ingest: {{listen: ["0.0.0.0:10110"]}}
prefilter: {{mode: {mode}, interfaces: [veth0], boxes: [[3.6, 51.8, 4.6, 52.2]]}}
engine:
  duplicate_window_s: 0 # one sentence is sent again and again
http: {{listen: "127.0.0.1:9464"}}
"""


def inside():
    """A report from inside, as the simulator writes it."""
    lines = rig.run(rig.WEIR, "simulate", "--seconds", "20", "--seed", "7").stdout.splitlines()
    for line in lines:
        if re.match(r"!AIVDM,1,1,,.,1", line):
            event = rig.run(rig.WEIR, "decode", "--format", "gpsd", input=line + "\n").stdout
            lon, lat = (float(re.search(rf'"{name}":([-0-9.]+)', event).group(1)) for name in ("lon", "lat"))
            if 3.7 < lon < 4.5 and 51.85 < lat < 52.15:
                return line
    raise RuntimeError("the simulator sends nothing from inside the box")


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def softirq_pids():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                if file.read().startswith("ksoftirqd/"):
                    yield int(pid)
        except OSError:
            continue


def flood(*arguments, inside_of=None):
    enter = ["nsenter", f"--net=/proc/{inside_of}/ns/net"] if inside_of else []
    said = rig.run(*enter, FLOOD, *map(str, arguments)).stdout
    sent, elapsed, busy = re.match(r"sent (\d+) in ([\d.]+) s, ([\d.]+) s", said).groups()
    return int(sent), float(elapsed), float(busy)


def settled():
    """The metrics, once the gateway has handled all that has arrived."""
    handled = -1
    while True:
        samples = rig.metrics()
        if rig.total(samples, "weir_datagrams_total") == handled:
            return samples
        handled = rig.total(samples, "weir_datagrams_total")
        rig.time.sleep(0.5)


def gateway(directory, mode):
    return rig.Gateway(directory, CONFIGURATION.format(mode=mode))


def cost(directory, mac, mode, count):
    """Processor nanoseconds of one datagram from outside."""
    daemon = gateway(directory, mode)
    feeder = cost.feeder.child.pid
    watched = [daemon.child.pid, *softirq_pids()]
    flood("frames", "veth1", mac, 2000, OUTSIDE, inside_of=feeder)
    before = sum(map(processor_seconds, watched))
    sent, elapsed, busy = flood("frames", "veth1", mac, count, OUTSIDE, inside_of=feeder)
    samples = settled()
    busy += sum(map(processor_seconds, watched)) - before
    dropped = rig.total(samples, "weir_prefilter_packets_total", verdict="drop")
    outside = rig.total(samples, "weir_reports_total", outcome="outside")
    daemon.end()
    if max(dropped, outside) < 0.99 * sent:
        print(f"  note: {mode}: {dropped} dropped, {outside} discarded of {sent}")
    return busy / sent * 1e9, sent / elapsed


def loss(directory, sentence, rate, seconds):
    daemon = gateway(directory, "off")
    sent, elapsed, _ = flood("udp", 10110, rate * seconds, rate, sentence)
    samples = settled()
    received = rig.total(samples, "weir_datagrams_total")
    lost = rig.total(samples, "weir_socket_datagrams_total", outcome="lost")
    positions = rig.total(samples, "weir_publish_total", **{"class": "position", "outcome": "published"})
    with open(f"/proc/{daemon.child.pid}/status", encoding="ascii") as file:
        resident = int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1)) / 1024
    daemon.end()
    return {"offered": sent / elapsed, "lost": lost / sent * 100, "uncounted": sent - received - lost,
            "positions": positions / received * 100, "resident": resident}


def main():
    rig.private()
    with tempfile.TemporaryDirectory() as directory:
        cost.feeder = rig.Feeder()
        rig.run("ethtool", "-K", "veth0", "gro", "on", check=False)
        mac = re.search(r"link/ether (\S+)", rig.run("ip", "link", "show", "veth0").stdout).group(1)
        taken = {"native": [], "off": []}
        for _ in range(RUNS):
            taken["native"].append(cost(directory, mac, "native", 8000000))
            taken["off"].append(cost(directory, mac, "off", 200000))
        costs = {mode: statistics.median(ns for ns, _ in values) for mode, values in taken.items()}
        rate = statistics.median(pps for _, pps in taken["native"])
        print(f"  dropped by the native prefilter   {costs['native']:8.0f} ns of processor a datagram, "
              f"generator included, {rate / 1e6:.2f} million/s")
        print(f"  received and discarded            {costs['off']:8.0f} ns of processor a datagram")
        print(f"  ratio                             {costs['off'] / costs['native']:8.1f}")
        cost.feeder.close()

        sentence = inside()
        for rate in (50000, 150000, 200000):
            runs = [loss(directory, sentence, rate, 4) for _ in range(RUNS)]
            median = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
            print(f"  {rate:7} datagrams/s asked, {median['offered']:7.0f} offered: lost {median['lost']:.4f} %, "
                  f"uncounted {median['uncounted']:.0f}, published {median['positions']:.1f} % of positions, "
                  f"peak resident {median['resident']:.0f} MiB")


if __name__ == "__main__":
    main()
