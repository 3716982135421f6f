#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The golden scenarios: for each rule what ships do (NAME.yaml), the fences (NAME.geojson) and the exact list of the
alerts that must come of it (NAME.expected), in tests/scenarios and for the ready examples in scripts/demo.d/scenarios.
Each is made into datagrams by weir simulate, and these go three ways, which must not differ: through the engine alone
(weir batch), the same in pieces, and through the whole gateway with the kernel filter, to a subscriber of NATS.

    tests/e2e/scenarios.py [--engine] [--ids] [NAME...]

--engine: the engine alone, which needs no root. --ids: write the identifiers of alerts into those lines of .expected
that end in '?': what is expected is written by hand, but for these.

A line of .expected: seconds since the start, device, rule, phase, fence, severity; words; the identifier. '#' begins
a comment: why the line is there. A mark 'reload FILE' in a scenario exchanges the fences; 'pause' lets the gateway wait."""

import datetime
import glob
import json
import os
import signal
import sys
import time

import rig
from rig import ok, total

PLACES = ("tests/scenarios", "scripts/demo.d/scenarios")
PAUSE = b"# pause\n"


# ---- What is expected, and what came ----


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def start_of(scenario):
    with open(scenario, encoding="utf-8") as lines:
        return seconds(next(line.split()[1] for line in lines if line.startswith("start:")))


def described(line, start):
    """An alert as a line of .expected."""
    alert = json.loads(line)["properties"]
    words = [f"{seconds(alert['time']) - start:g}"]
    words += [alert.get("id", "-"), alert["rule"], alert["phase"], alert.get("fence", "-"), alert["severity"]]
    words += [alert[key] for key in ("direction",) if key in alert]
    words += [f"{key}={alert[key]}" for key in ("other", "reason") if key in alert]
    words += [key for key in ("initial", "inferred", "test", "repeated", "ack") if alert.get(key)]
    return " ".join(words + [alert["alert_id"]])


def expected(file):
    """The lines without comments and with one blank between words."""
    with open(file, encoding="utf-8") as lines:
        stripped = (" ".join(line.split("#")[0].split()) for line in lines)
        return [line for line in stripped if line]


def grouped(lines, device_of):
    """GPS fixes are complete when the next one begins, or a second later: what comes of them may change places with
    what comes of ships."""
    lists = {}
    for line in lines:
        lists.setdefault(device_of(line), []).append(line)
    return lists


def device_of(line):
    return json.loads(line)["properties"].get("id", "-")


def same(got, wanted, device_of):
    """The same lines in the same order; with GPS devices, in the same order of each device."""
    if all(device_of(line).isdigit() or device_of(line) == "-" for line in wanted):
        return got == wanted
    return grouped(got, device_of) == grouped(wanted, device_of)


def difference(got, wanted):
    """Both lists, with what is only in one of them marked."""
    return "\n".join(
        [f"came, not expected: {line}" for line in got if line not in wanted]
        + [f"expected, did not come: {line}" for line in wanted if line not in got]
    ) or f"in another order: {got}"


def fill_ids(file, got):
    """Gives each line that ends in '?' the identifier of the next alert that is otherwise the same."""
    found = {}
    for line in got:
        found.setdefault(line.rsplit(" ", 1)[0], []).append(line.rsplit(" ", 1)[1])
    with open(file, encoding="utf-8") as lines:
        text = lines.read().splitlines()
    for number, line in enumerate(text):
        said = " ".join(line.split("#")[0].split())
        if not said:
            continue
        ids = found.get(said.rsplit(" ", 1)[0])
        if ids and said.endswith(" ?"):
            text[number] = line.replace(" ?", " " + ids[0], 1)
        if ids:
            ids.pop(0)
    with open(file, "w", encoding="utf-8") as out:
        out.write("\n".join(text) + "\n")


# ---- The scenario ----


class Scenario:
    def __init__(self, file, directory):
        self.file, self.directory = file, directory
        self.name = os.path.basename(file)[: -len(".yaml")]
        self.base = file[: -len(".yaml")]
        self.start = start_of(file)
        self.parts = []  # (fences, datagrams)
        recording = os.path.join(directory, "recording.nmea")
        done = rig.run(rig.WEIR, "simulate", file, "--output", recording, "-q", check=False)
        ok(done.returncode == 0, f"{self.name}: is played into a file", done.stderr)
        self.cut(recording)

    def cut(self, recording):
        """At each change of the fences."""
        fences, datagrams = f"{self.base}.geojson", []
        with open(recording, "rb") as lines:
            for line in lines:
                if line.startswith(b"# reload "):
                    self.parts.append((fences, datagrams))
                    fences, datagrams = os.path.join(os.path.dirname(self.file), line.split()[2].decode()), []
                elif not line.startswith(b"#") or line == PAUSE:
                    datagrams.append(line)
        self.parts.append((fences, datagrams))

    def configuration(self, fences, more=""):
        return f"""site: {self.name}
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
fences: {{files: [{fences}], margin_m: 5000}}
engine: {{clock: event, max_devices: 1024}}
{more}"""

    def write(self, name, data):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as out:
            out.write(data)
        return path

    def batch(self, pieces):
        """The alerts, as lines of JSON: a run of weir batch for each piece of the recording, with the fences of that
        time and the state of the run before."""
        state, lines = os.path.join(self.directory, "state"), []
        for number, (fences, datagrams) in enumerate(pieces):
            config = self.write(f"{number}.yaml", self.configuration(os.path.abspath(fences)).encode())
            recording = self.write(f"{number}.nmea", b"".join(datagrams))
            more = ["--state", state] if len(pieces) > 1 else []
            done = rig.run(rig.WEIR, "batch", "-c", config, "--only", "alert", *more, recording, check=False)
            ok(done.returncode == 0, f"{self.name}: goes through the engine", done.stderr)
            lines += done.stdout.splitlines()
        if os.path.exists(state):
            os.remove(state)
        return lines

    def engine_alone(self):
        return self.batch(self.parts)

    def engine_in_pieces(self):
        """Each part in two."""
        cut = lambda datagrams, piece: datagrams[len(datagrams) * piece // 2 : len(datagrams) * (piece + 1) // 2]
        return self.batch([(fences, cut(datagrams, piece)) for fences, datagrams in self.parts for piece in range(2)])

    def gateway(self, feeder, nats):
        """The same from the broker, and how many datagrams the kernel dropped."""
        with open(self.parts[0][0], "rb") as file:
            fences = self.write("fences.geojson", file.read())
        subscriber = rig.Subscriber(f"weir.v1.{self.name}.alert.>")
        gateway = rig.Gateway(self.directory, self.configuration(fences, nats))
        sent = reloads = dropped = 0
        for file, datagrams in self.parts:
            if file != self.parts[0][0]:
                with open(file, "rb") as new:
                    self.write("fences.geojson", new.read())
                reloads += 1
                gateway.child.send_signal(signal.SIGHUP)
                rig.wait_for(lambda: gateway.err.count(b"reloaded:") == reloads, 20)
            for datagram in datagrams:
                if datagram == PAUSE:
                    feeder.sync()
                    time.sleep(1.5)
                    continue
                feeder.send(datagram)
                sent += 1
            feeder.sync()
            dropped = self.handled(sent)
        status = gateway.end()
        ok(status == 0, f"{self.name}: the gateway ends with 0", gateway.err.decode())
        subscriber.socket.sendall(b"PING\r\n")
        return subscriber, dropped

    def handled(self, sent):
        counts = {}

        def all_are():
            m = rig.metrics()
            counts["dropped"] = total(m, "weir_prefilter_packets_total", verdict="drop")
            counts["all"] = total(m, "weir_datagrams_total") + counts["dropped"]
            return counts["all"] == sent

        ok(rig.wait_for(all_are, 30), f"{self.name}: each of {sent} datagrams is handled or dropped", counts)
        return counts["dropped"]


def run(file, feeder, ids):
    with rig.scratch() as directory:
        scenario = Scenario(file, directory)
        alone = scenario.engine_alone()
        got = [described(line, scenario.start) for line in alone]
        if ids:
            fill_ids(f"{scenario.base}.expected", got)
        wanted = expected(f"{scenario.base}.expected")
        ok(same(got, wanted, lambda line: line.split()[1]), f"{scenario.name}: the engine alone gives the {len(wanted)} alerts expected", difference(got, wanted))
        pieces = scenario.engine_in_pieces()
        ok(same(pieces, alone, device_of), f"{scenario.name}: in pieces, with saved state, too", difference(pieces, alone))
        if scenario.name == "border":
            most = max(len(lines) for lines in grouped(got, lambda line: line.split()[1]).values())
            ok(most <= 2, f"{scenario.name}: an hour there gives nobody more than two alerts", most)
        if not feeder:
            return
        subscriber, dropped = scenario.gateway(feeder, GATEWAY)
        rig.wait_for(lambda: len(subscriber.of("weir.")) >= len(alone), 10)
        came = [data.decode() for _, _, data in subscriber.of("weir.")]
        subscriber.close()
        ok(same(came, alone, device_of), f"{scenario.name}: the gateway gives the same, byte for byte",
           difference(came, alone))
        print(f"# {scenario.name}: the kernel dropped {dropped}")


GATEWAY = f"""prefilter: {{mode: native, interfaces: [veth0]}}
nats: {{servers: ["nats://127.0.0.1:4222"]}}
http: {{listen: "{rig.HTTP}"}}
"""


def main():
    options = [word for word in sys.argv[1:] if word.startswith("--")]
    names = [word for word in sys.argv[1:] if not word.startswith("--")]
    files = [file for place in PLACES for file in sorted(glob.glob(f"{place}/*.yaml")) if os.path.exists(file[:-5] + ".expected")]
    files = [file for file in files if not names or os.path.basename(file)[:-5] in names]
    if "--engine" in options or "--ids" in options:
        for file in files:
            run(file, None, "--ids" in options)
        rig.done()
    rig.private()
    feeder = rig.Feeder()
    with rig.scratch() as directory:
        broker = rig.Broker(directory)
        try:
            for file in files:
                run(file, feeder, False)
        finally:
            feeder.close()
            broker.end()
    rig.done()


main()
