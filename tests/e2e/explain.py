#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""weir explain: captures of every kind and lines, what it says of each, and that the kernel says the same."""

import json
import os
import struct
import subprocess
from collections import Counter

import rig
from rig import ok, skip

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "corpus")
JUDGE = os.path.join(rig.BUILD, "tests/e2e/tool_judge")
BOX = ("3.6", "51.8", "4.6", "52.2")
INSIDE = rig.position(244660000, 4.05, 51.98)
OUTSIDE = rig.position(211000000, 10.0, 54.0)
ETHERNET, RAW, SLL, SLL2, NULL = 1, 101, 113, 276, 0


# ---- Captures ----


def ipv4(payload, port=10110, flags=0, protocol=17):
    udp = struct.pack("!HHHH", 5000, port, 8 + len(payload), 0) + payload
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, flags, 64, protocol, 0, b"\n\0\0\1", b"\n\0\0\2") + udp


def ipv6(payload, port=10110):
    udp = struct.pack("!HHHH", 5000, port, 8 + len(payload), 0) + payload
    return struct.pack("!IHBB16s16s", 6 << 28, len(udp), 17, 64, b"\1" * 16, b"\2" * 16) + udp


def ethernet(packet, vlans=()):
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    tags = b"".join(struct.pack("!HH", 0x8100, vlan) for vlan in vlans)
    return b"\2\0\0\0\0\1" + b"\2\0\0\0\0\2" + tags + struct.pack("!H", kind) + packet


def as_link(link, packet):
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    if link == SLL:
        return struct.pack("!HHH8sH", 0, 1, 6, b"\2\0\0\0\0\1\0\0", kind) + packet
    if link == SLL2:
        return struct.pack("!HHIHBB8s", kind, 0, 2, 1, 0, 6, b"\2\0\0\0\0\1\0\0") + packet
    if link == NULL:
        return struct.pack("=I", 10 if kind == 0x86DD else 2) + packet
    return packet if link == RAW else ethernet(packet)


def write_pcap(path, frames, link=ETHERNET, snap=65535, times=None, nano=False):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, snap, link))
        for i, frame in enumerate(frames):
            time = times[i] if times else 1700000000
            out.write(struct.pack("<IIII", time, 0, min(snap, len(frame)), len(frame)) + frame[:snap])
    return path


def write_pcapng(path, frames):
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

    with open(path, "wb") as out:
        out.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        out.write(block(1, struct.pack("<HHI", ETHERNET, 0, 65535)))
        for frame in frames:
            out.write(block(6, struct.pack("<IIIII", 0, 0, 0, len(frame), len(frame)) + frame))
    return path


# ---- Running it ----


def explain(*arguments, **options):
    return subprocess.run([rig.WEIR, "explain", *arguments], capture_output=True, timeout=120, check=False, **options)


def explained(*arguments, box=BOX, **options):
    """The objects of --json, the last of which is the summary."""
    run = explain("--json", "--box", ",".join(box), *arguments, **options)
    assert run.returncode == 0, run.stderr
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return lines[:-1], lines[-1]["summary"]


def reasons(*arguments, **options):
    return [f"{o.get('verdict', 'cut')} {o.get('reason', '')}".strip() for o in explained(*arguments, **options)[0]]


def adds_up(summary):
    return (
        summary["datagrams"] == summary["drop"] + summary["pass"] == sum(summary["reasons"].values())
        and summary["drop"] == sum(summary["reasons"].get(r, 0) for r in ("outside", "unfollowed"))
    )


# ---- Tests ----


def test_usage(directory):
    for arguments, status, sentence in (
        ((), 2, "without an area: 2"),
        (("--box", "1,2,3"), 2, "a box with three edges: 2"),
        (("--box", "1,2,3,4,5"), 2, "a box with five: 2"),
        (("--box", "1,50,3,40"), 2, "a box upside down: 2"),
        (("--box", "0,0,1,1", "--port", "70000"), 2, "an impossible port: 2"),
        (("--box", "0,0,1,1", "--follow", "9999999999"), 2, "a device that is no MMSI: 2"),
        (("--box", "0,0,1,1", "-c", "x"), 2, "boxes beside a configuration: 2"),
        (("--box", "0,0,1,1", "--no-such"), 2, "an unknown option: 2"),
        (("-c", os.path.join(directory, "none.yaml")), 78, "a configuration that is not there: 78"),
        (("--box", "0,0,1,1", os.path.join(directory, "none.pcap")), 1, "a file that is not there: 1"),
        (("--box", "0,0,1,1", directory), 1, "a directory: 1"),
    ):
        run = explain(*arguments, stdin=subprocess.DEVNULL)
        ok(run.returncode == status and run.stderr.startswith(b"weir: "), sentence, run)
    run = explain("--help")
    ok(run.returncode == 0 and b"--follow" in run.stdout, "--help says how")
    bad = os.path.join(directory, "bad.pcap")
    with open(bad, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 105))
    run = explain("--box", "0,0,1,1", bad)
    ok(run.returncode == 1 and b"802_11" in run.stderr, "a capture of WLAN: 1, and says what can be read", run.stderr)
    cut = write_pcap(os.path.join(directory, "cut.pcap"), [ethernet(ipv4(INSIDE))])
    with open(cut, "r+b") as out:
        out.truncate(60)
    run = explain("--box", "0,0,1,1", cut)
    ok(run.returncode == 1 and b"truncated" in run.stderr, "a capture that ends in a packet: 1, and says so", run.stderr)


PACKETS = (
    (ipv4(INSIDE), "pass inside"),
    (ipv4(OUTSIDE), "drop outside"),
    (ipv6(OUTSIDE), "drop outside"),
    (ipv4(OUTSIDE, port=53), "pass port"),
    (ipv4(OUTSIDE, protocol=6), "pass not_udp"),
    (ipv4(b"hello, this is no sentence"), "pass harmless"),
    (ipv4(INSIDE[:-4] + b"00\r\n"), "pass checksum"),
    (ipv4(OUTSIDE + rig.position(211000001, 10.0, 54.0)), "drop outside"),
    (ipv4(b"UdPbC\0" + OUTSIDE), "drop outside"),
    (ipv4(rig.tagged(OUTSIDE, 1700000000)), "drop outside"),
    (ipv4(rig.position(970123456, 10.0, 54.0)), "pass distress"),
    (ipv4(rig.position(244660000, 10.0, 54.0)), "pass recent"),
    (ipv4(OUTSIDE, flags=0x2000), "pass fragment"),
    (ipv4(OUTSIDE), "pass held"),
)


def test_captures(directory):
    wanted = [reason for _, reason in PACKETS]
    path = os.path.join(directory, "x.pcap")
    for link, name in ((ETHERNET, "Ethernet"), (RAW, "raw IP"), (SLL, "Linux cooked"), (SLL2, "Linux cooked 2"), (NULL, "loopback")):
        write_pcap(path, [as_link(link, packet) for packet, _ in PACKETS], link)
        got = reasons("--port", "10110", path)
        ok(got == wanted, f"{name}: each packet with its verdict and reason", [x for x in zip(got, wanted) if x[0] != x[1]])
    frames = [ethernet(packet) for packet, _ in PACKETS]
    ok(reasons("--port", "10110", write_pcapng(path, frames)) == wanted, "pcapng: the same")
    ok(reasons("--port", "10110", write_pcap(path, frames, nano=True)) == wanted, "pcap with nanoseconds: the same")
    with open(path, "rb") as file:
        ok(reasons("--port", "10110", stdin=file) == wanted, "by standard input: the same")
    with open(path, "rb") as file:
        ok(reasons("--port", "10110", "-", input=file.read()) == wanted, "by a pipe: the same")
    _, summary = explained("--port", "10110", path)
    ok(adds_up(summary) and summary["reasons"] == Counter(w.split()[1] for w in wanted), "the summary adds up", summary)
    write_pcap(path, [ethernet(ipv4(OUTSIDE), vlans) for vlans in ((5,), (5, 6), (5, 6, 7))])
    ok(reasons(path) == ["drop outside", "drop outside", "pass not_ip"], "two VLAN tags are read, three are not", reasons(path))
    write_pcap(path, [ethernet(ipv4(OUTSIDE))] * 2, snap=60)
    objects, summary = explained(path)
    ok(all(o["cut"] for o in objects) and summary["cut"] == 2 and summary["datagrams"] == 0, "of a frame that was cut nothing is said", objects)
    write_pcap(path, [ethernet(ipv4(OUTSIDE, flags=0x2000))] + [ethernet(ipv4(OUTSIDE))] * 3, times=[100, 101, 109, 111])
    ok(reasons(path) == ["pass fragment", "pass held", "pass held", "drop outside"], "what holds up dropping does so for 10 s", reasons(path))
    run = explain("-q", "--box", ",".join(BOX), path)
    ok(run.stdout.split()[:2] == [b"4", b"datagrams:"] and run.stdout.count(b"\n") == 4, "--quiet: the counts alone", run.stdout)


def test_words(directory):
    path = os.path.join(directory, "lines.nmea")
    with open(path, "wb") as out:
        out.write(b"# a comment\n" + INSIDE + OUTSIDE + b"\r\n" + rig.tagged(OUTSIDE, 1700000000) + b"!AIVDM,2,1,3,A,55,0*00\r\n")
    run = explain("--box", ",".join(BOX), path)
    lines = run.stdout.decode().splitlines()
    ok(lines[0] == f"{path}:2: pass inside: inside the area of interest; !AIVDM type 1 of 244660000 at 4.05000, 51.98000 in cell 3.4953, 51.5550 (tile, bit 40, 31 set)", "a line for people: where, verdict, reason, why, sentence, type, device, place, cell", lines[0])
    ok(lines[1].startswith(f"{path}:3: drop outside:") and lines[2].startswith(f"{path}:5: drop outside:"), "lines are counted as an editor does", lines)
    ok("part 1 of 2" in lines[3] and "malformed (checksum)" in lines[3], "a part of a message, and what is wrong with it", lines[3])
    objects, _ = explained(path)
    ok(objects[0]["lines"] == [{"sentence": "!AIVDM", "type": 1, "id": "244660000", "coordinates": [4.05, 51.98], "cell": {"corner": [3.495253333, 51.55498667], "is": "tile", "bit": [40, 31], "covered": True}}], "and as JSON", objects[0])
    ok(reasons("--follow", "211000000", path)[1] == "pass followed", "--follow: the device passes")
    ok(reasons("--follow", "211000002", path)[1] == "drop outside", "--follow: another one does not")
    ok(reasons(path, path)[2:4] == ["drop outside", "pass checksum"] and len(reasons(path, path)) == 8, "several files, one after the other")
    truck = os.path.join(directory, "truck.nmea")
    with open(truck, "wb") as out:
        block = "s:truck-12"
        line = "GPGLL,5400.00,N,01000.00,E,120000,A"
        out.write(f"\\{block}*{rig.checksum(block)}\\${line}*{rig.checksum(line)}\r\n".encode())
    ok(reasons(truck) == ["drop outside"] and reasons("--follow", "truck-12", truck) == ["pass followed"], "--follow: a GPS device by its name", (reasons(truck), reasons("--follow", "truck-12", truck)))
    config = os.path.join(directory, "weir.yaml")
    with open(config, "w", encoding="utf-8") as out:
        out.write("site: x\ningest:\n  listen: ['0.0.0.0:4001']\nprefilter:\n  interfaces: [eth0]\n  boxes: [[9, 53, 11, 55]]\n")
    pcap = write_pcap(os.path.join(directory, "x.pcap"), [ethernet(ipv4(data, port)) for port in (4001, 10110) for data in (INSIDE, OUTSIDE)])
    run = explain("--json", "-c", config, pcap)
    got = [json.loads(line).get("reason") for line in run.stdout.splitlines()[:-1]]
    ok(got == ["outside", "inside", "port", "port"], "-c: area and ports of the configuration", run)


def test_against_the_kernel(directory):
    path = os.path.join(directory, "x.pcap")

    def both(frames, box):
        write_pcap(path, frames)
        judge = subprocess.run([JUDGE, path, "10110", *box], capture_output=True, timeout=300, check=False)
        return judge, reasons("--port", "10110", path, box=box)

    judge, said = both([ethernet(packet) for packet, _ in PACKETS], BOX)
    if judge.returncode == 77:
        skip("the kernel says the same", "BPF programs can't be loaded here")
        return
    ok(judge.stdout.decode().splitlines() == said, "the kernel says the same of every packet", judge)
    for name, box in (
        ("puget-sound.nmea", ("-124", "47", "-122", "49")),
        ("denmark-2010.nmea", ("10", "55", "12", "57")),
        ("gpsd-sample.aivdm", ("-124", "47", "-122", "49")),
        ("tag-blocks.nmea", ("23", "70", "24", "71")),
    ):
        source = os.path.join(CORPUS, name)
        if not os.path.exists(source):
            skip(f"{name}: the kernel says the same", "the recordings are not here")
            continue
        with open(source, "rb") as file:
            frames = [ethernet(ipv4(line)) for line in file if len(line) <= 1400 and line.strip() and line[:1] != b"#"]
        judge, said = both(frames, box)
        kernel = judge.stdout.decode().splitlines()
        ok(kernel == said and len(said) == len(frames), f"{name}: the kernel says the same of all {len(frames)} datagrams: {dict(Counter(said))}",
           [x for x in zip(range(1, 10**9), kernel, said) if x[1] != x[2]][:5])


def main():
    for test in (test_usage, test_captures, test_words, test_against_the_kernel):
        with rig.scratch() as directory:
            test(directory)
    rig.done()


main()
