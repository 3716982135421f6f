#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The first law, end to end: recordings and invented traffic through a veth pair, with the kernel filter native,
generic and off, give the same events, byte for byte. Each datagram says its time in a TAG block, so that the time of
reception, which differs, plays no part.

WEIR_SEED chooses the invented traffic."""

import json
import os
import random
import time

import rig
from rig import ok, total

CORPUS = "../shared/corpus"
RECORDINGS = ("denmark-2010.nmea", "puget-sound.nmea", "gps-track.nmea", "gpsd-sample.aivdm", "tag-blocks.nmea")
START = 1700000000
FENCES = {"maasmond": (4.0, 51.9, 4.1, 52.0), "oeresund": (12.5, 55.55, 12.7, 55.7), "puget": (-123.3, 48.1, -123.1, 48.2)}
BOXES = [[3.6, 51.8, 4.6, 52.2], [12.4, 55.5, 12.9, 55.75], [-123.4, 48.0, -123.0, 48.3], [38.89, 55.0, 38.95, 55.11]]


def configuration(directory, mode):
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "rules": [{"rule": "enter"}, {"rule": "exit"}]},
            "geometry": {"type": "Polygon", "coordinates": [[[w, s], [e, s], [e, n], [w, n], [w, s]]]},
        }
        for name, (w, s, e, n) in FENCES.items()
    ]
    file = os.path.join(directory, "fences.geojson")
    with open(file, "w", encoding="utf-8") as out:
        json.dump({"type": "FeatureCollection", "features": features}, out)
    return f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter: {{mode: {mode}, interfaces: [veth0], boxes: {BOXES}}}
fences: {{files: [{file}], margin_m: 500}}
engine: {{clock: event}}
http: {{listen: "{rig.HTTP}"}}
"""


def recorded(file):
    """Each line a datagram, now and then two."""
    with open(os.path.join(CORPUS, file), "rb") as lines:
        held = b""
        for number, line in enumerate(lines):
            held += rig.tagged(line.rstrip(b"\r\n") + b"\r\n", START + number // 20)
            if number % 5 == 0:
                continue
            yield held
            held = b""
        if held:
            yield held


def rmc(longitude, latitude, seconds):
    def angle(value, width):
        degrees, minutes = divmod(abs(value) * 60, 60)
        return f"{int(degrees):0{width}d}{minutes:07.4f}"

    body = (
        f"GPRMC,{time.strftime('%H%M%S', time.gmtime(seconds))}.00,A,{angle(latitude, 2)},{'NS'[latitude < 0]},"
        f"{angle(longitude, 3)},{'EW'[longitude < 0]},5.0,90.0,{time.strftime('%d%m%y', time.gmtime(seconds))},,,A"
    )
    return f"${body}*{rig.checksum(body)}\r\n".encode()


def parts(bits, sequence):
    """A message in two sentences."""
    payload, fill = rig.armour(bits)
    cut = len(payload) // 2
    return (
        rig.sentence(f"AIVDM,2,1,{sequence},B,{payload[:cut]},0"),
        rig.sentence(f"AIVDM,2,2,{sequence},B,{payload[cut:]},{fill}"),
    )


def invented(seed, steps=60):
    """Ships and trucks that pass through the fences, and many that are elsewhere."""
    chance = random.Random(seed)
    ways = []
    for index in range(80):
        w, s, e, n = FENCES[chance.choice(sorted(FENCES))] if index < 40 else (-60, -40, 60, 40)
        ways.append([chance.uniform(w - 0.2, e + 0.2), chance.uniform(s - 0.2, n + 0.2), chance.uniform(-0.01, 0.01), chance.uniform(-0.01, 0.01)])
    for step in range(steps):
        seconds = START + 10 * step
        for index, way in enumerate(ways):
            way[0] += way[2]
            way[1] += way[3]
            if index % 8 == 0:
                yield rig.tagged(rmc(way[0], way[1], seconds), f"{seconds},s:truck-{index}")
                continue
            bits = rig.position_bits(244000000 + index, way[0], way[1])
            if index % 8 == 1:
                for part in parts(bits, (step + index) % 10):
                    yield rig.tagged(part, seconds)
            elif index % 8 == 2:
                damaged = bytearray(rig.position(244000000 + index, way[0], way[1]))
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(7)
                yield rig.tagged(bytes(damaged), seconds)
            else:
                yield rig.tagged(rig.position(244000000 + index, way[0], way[1]), seconds)
        if step % 10 == 0:
            yield rig.tagged(rig.position(970123456, 100.0, 10.0), seconds)


def through(directory, feeder, mode, datagrams):
    """What the gateway writes, and what its counters say."""
    gateway = rig.Gateway(directory, configuration(directory, mode))
    for datagram in datagrams:
        feeder.send(datagram)
    feeder.sync()

    def all_handled():
        m = rig.metrics()
        dropped = total(m, "weir_prefilter_packets_total", verdict="drop")
        return total(m, "weir_datagrams_total") + dropped == len(datagrams) and m

    samples = rig.wait_for(all_handled, 30)
    ok(samples, f"{mode}: each datagram is handled or dropped", rig.get("/metrics")[1])
    status = gateway.end()
    ok(status == 0, f"{mode}: ends with 0", gateway.err.decode())
    return bytes(gateway.out), samples or {}


def first_difference(one, other):
    for number, (a, b) in enumerate(zip(one.splitlines(), other.splitlines())):
        if a != b:
            return f"line {number + 1}:\n{a.decode()}\n{b.decode()}"
    return f"{len(one.splitlines())} and {len(other.splitlines())} lines"


def compare(directory, feeder, name, datagrams):
    datagrams = list(datagrams)
    off, _ = through(directory, feeder, "off", datagrams)
    ok(off.count(b"\n") > 0, f"{name}: there are events: {off.count(10)} of {len(datagrams)} datagrams")
    for mode in ("native", "generic"):
        out, samples = through(directory, feeder, mode, datagrams)
        attached = total(samples, "weir_prefilter_mode", interface="veth0", mode=mode)
        dropped = total(samples, "weir_prefilter_packets_total", verdict="drop")
        ok(attached > 0 and dropped > len(datagrams) / 20, f"{name}: the {mode} filter drops {dropped}", samples)
        ok(out == off, f"{name}: {mode} and off give the same events, byte for byte", first_difference(out, off))


def main():
    rig.private()
    feeder = rig.Feeder()
    seed = int(os.environ.get("WEIR_SEED", time.time_ns() % 1000000))
    print(f"# WEIR_SEED={seed}", flush=True)
    try:
        with rig.scratch() as directory:
            compare(directory, feeder, "invented", invented(seed))
            datagrams = []
            for file in RECORDINGS:
                if os.path.exists(os.path.join(CORPUS, file)):
                    datagrams.extend(recorded(file))
                else:
                    rig.skip(f"{file} is compared", f"{CORPUS}/{file} is not there")
            if datagrams:
                compare(directory, feeder, "recordings", datagrams)
    finally:
        feeder.close()
    rig.done()


main()
