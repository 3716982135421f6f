#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir decode against gpsdecode on the same file, both to JSON, and against a plain read of it.

The file is simulated position reports of one sentence; where recordings lie in ../shared/corpus, their mixes too.
Each is repeated up to a size at which start-up does not count. Medians of several runs, taken in turns.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

RUNS = 5
BYTES = 40 * 1000 * 1000
WEIR = os.environ.get("WEIR", "build/weir")
CORPUS = "../shared/corpus"


def inputs(directory):
    """Yields (name, path of a large file, its sentences)."""
    simulated = subprocess.run([WEIR, "simulate", "--seconds", "600", "--vessels", "300"],
                               stdout=subprocess.PIPE, check=True).stdout
    positions = b"".join(line for line in simulated.splitlines(keepends=True) if line[6:12] == b",1,1,,")
    sources = [("positions, simulated", positions)]
    for name in ("puget-sound.nmea", "denmark-2010.nmea"):
        path = os.path.join(CORPUS, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                data = b"".join(line for line in file if line.startswith(b"!"))
            sources.append((name, data))
    for name, data in sources:
        data *= max(1, BYTES // len(data))
        path = os.path.join(directory, name.replace(" ", "-"))
        with open(path, "wb") as file:
            file.write(data)
        yield name, path, data.count(b"\n")


def measure(command, path):
    """Returns the processor seconds."""
    with open(path, "rb") as source, open(os.devnull, "wb") as sink:
        process = subprocess.Popen(command, stdin=source, stdout=sink, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return usage.ru_utime + usage.ru_stime


def peak_memory(command, path):
    """KiB at most, when it has read the file and waits for more. (What wait4() says counts our own pages too.)"""
    with open(path, "rb") as source, open(os.devnull, "wb") as sink:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=sink, stderr=subprocess.DEVNULL) as process:
            shutil.copyfileobj(source, process.stdin, 1 << 16)
            process.stdin.flush()
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main():
    commands = [("plain read (cat)", ["cat"]),
                ("gpsdecode -j", ["gpsdecode", "-j"]),
                ("weir decode --format gpsd", [WEIR, "decode", "--format", "gpsd"]),
                ("weir decode --format gpsd --unscaled", [WEIR, "decode", "--format", "gpsd", "--unscaled"]),
                ("weir decode", [WEIR, "decode"])]
    with tempfile.TemporaryDirectory() as directory:
        for name, path, sentences in inputs(directory):
            taken = {label: [] for label, _ in commands}
            for _ in range(RUNS):
                for label, command in commands:
                    taken[label].append(measure(command, path))
            yardstick = statistics.median(taken["gpsdecode -j"])
            print(f"{name}: {sentences} sentences, medians of {RUNS} runs")
            for label, command in commands:
                seconds = statistics.median(taken[label])
                print(f"  {label:38} {sentences / max(seconds, 1e-3) / 1e6:8.2f} million sentences/s"
                      f"  {yardstick / max(seconds, 1e-3):7.1f} x gpsdecode  {peak_memory(command, path) / 1024:6.1f} MiB")


if __name__ == "__main__":
    main()
