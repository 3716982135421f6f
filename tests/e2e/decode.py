#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`weir decode` as a command: pipes, files, exit statuses, rejects, counters, memory."""
import json
import os
import select
import subprocess
import sys
import tempfile

WEIR = os.environ.get("WEIR", "build/weir")
BUILD = os.environ.get("BUILD", "build")


def checksum(sentence):
    value = 0
    for byte in sentence.encode():
        value ^= byte
    return f"{value:02X}"


def simulated(count):
    """So many position reports, made by the tool of the tests."""
    tool = os.path.join(BUILD, "tests/e2e/tool_ais_random")
    return subprocess.run([tool, "1", str(count), "1"], stdout=subprocess.PIPE, check=True).stdout


def decode(*arguments, data=b""):
    return subprocess.run([WEIR, "decode", *arguments], input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def on_a_pipe_a_line_is_printed_as_soon_as_its_message_is_complete():
    with subprocess.Popen([WEIR, "decode", "--format", "gpsd"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        for line in simulated(3).splitlines(keepends=True):
            process.stdin.write(line)
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 10)
            expect(ready, "nothing came within ten seconds, with the pipe still open")
            expect(os.read(process.stdout.fileno(), 65536).endswith(b"}\r\n"), "half a line came")
        process.stdin.close()
        expect(process.wait(10) == 0, "the exit status is not 0")


def geojson_is_the_default_and_each_line_is_a_feature():
    result = decode(data=simulated(200))
    lines = result.stdout.decode().splitlines()
    expect(len(lines) > 100, f"{len(lines)} lines")
    for line in lines:
        feature = json.loads(line)
        expect(feature["type"] == "Feature", line)
        properties = feature["properties"]
        expect(properties["event"] == "position" and properties["msg"] == 1, line)
        expect(len(properties["id"]) == 9, line)
        expect("site" not in properties and "fences" not in properties, line)
        expect("time" not in properties, "a time that no line gave")


def a_tag_block_gives_time_and_station():
    # A position that is not available makes no event.
    sentence = next(line for line in simulated(50).decode().splitlines() if decode(data=line.encode()).stdout)
    block = "s:west,c:1763788465"
    line = f"\\{block}*{checksum(block)}\\{sentence}\r\n".encode()
    for wrapped in (line, b"UdPbC\0" + line):
        properties = json.loads(decode(data=wrapped).stdout)["properties"]
        expect(properties["time"] == "2025-11-22T05:14:25.000Z", properties)
        expect(properties["source"] == "west", properties)


def gps(body):
    return f"${body}*{checksum(body)}\r\n"


def block(content):
    return f"\\{content}*{checksum(content)}\\"


RMC = "GPRMC,110124.00,A,5159.2000,N,00403.0000,E,12.3,231.4,221126,,,A"
GGA = "GPGGA,110124.00,5159.2000,N,00403.0000,E,1,08,0.9,12.0,M,,M,,"
NEXT = "GPRMC,110125.00,A,5159.3000,N,00403.1000,E,12.4,231.5,221126,,,A"


def gps_sentences_of_an_epoch_are_one_position():
    lines = [json.loads(line) for line in decode(data=(gps(RMC) + gps(GGA) + gps(NEXT)).encode()).stdout.splitlines()]
    expect(len(lines) == 2, lines)
    expect(lines[0]["geometry"]["coordinates"] == [4.05, 51.9866667], lines[0])
    expect(lines[0]["properties"] == {"v": 1, "event": "position", "id": "gps", "time": "2026-11-22T11:01:24.000Z",
                                      "class": "gps", "sog_kn": 12.3, "cog_deg": 231.4}, lines[0])
    named = decode(data=(block("s:truck 12") + gps(RMC) + block("s:truck-9") + gps(RMC)).encode()).stdout
    ids = [json.loads(line)["properties"]["id"] for line in named.splitlines()]
    expect(ids == ["truck_12", "truck-9"], ids)
    # The time of day alone is no time, but with the station's it is.
    timeless = json.loads(decode(data=gps(GGA).encode()).stdout)["properties"]
    expect("time" not in timeless, timeless)
    stamped = json.loads(decode(data=(block("c:1795345300") + gps(GGA)).encode()).stdout)["properties"]
    expect(stamped["time"] == "2026-11-22T11:01:24.000Z", stamped)
    expect(decode(data=gps(RMC.replace(",A,", ",V,", 1)).encode()).stdout == b"", "a void fix is a position")
    expect(decode("--format", "gpsd", data=gps(RMC).encode()).stdout == b"", "gpsd's JSON of a fix")


def on_a_pipe_a_fix_is_printed_when_its_epoch_is_over():
    with subprocess.Popen([WEIR, "decode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for line, count in ((RMC, 0), (GGA, 0), (NEXT, 1)):
            process.stdin.write(gps(line).encode())
            process.stdin.flush()
            if count:
                expect(os.read(process.stdout.fileno(), 65536).count(b"\n") == count, "the first fix")
        # Nothing follows, and the pipe stays open.
        ready, _, _ = select.select([process.stdout], [], [], 10)
        expect(ready, "the last fix did not come within ten seconds")
        expect(os.read(process.stdout.fileno(), 65536).count(b"\n") == 1, "the last fix")
        process.stdin.close()
        expect(process.wait(10) == 0, "the exit status is not 0")


def files_and_standard_input_are_read_in_order():
    lines = simulated(3).splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as directory:
        first, third = os.path.join(directory, "first"), os.path.join(directory, "third")
        for path, line in ((first, lines[0]), (third, lines[2])):
            with open(path, "wb") as file:
                file.write(line)
        apart = decode("--format", "gpsd", first, "-", third, data=lines[1])
    expect(apart.returncode == 0, apart.stderr)
    expect(apart.stdout == decode("--format", "gpsd", data=b"".join(lines)).stdout, "the order differs")


def a_file_that_cannot_be_read_is_exit_1_and_the_others_are_decoded():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "there")
        with open(path, "wb") as file:
            file.write(simulated(1))
        result = decode("--format", "gpsd", os.path.join(directory, "missing"), path)
        expect(result.returncode == 1, f"status {result.returncode}")
        expect(b"missing: No such file" in result.stderr, result.stderr)
        expect(result.stdout.count(b"\n") == 1, "the other file was not decoded")
        expect(decode(directory).returncode == 1, "a directory was read")


def wrong_usage_is_exit_2():
    for arguments in (["--nonsense"], ["--format", "xml"], ["--format"], ["--unscaled"], ["--rejects"]):
        result = decode(*arguments)
        expect(result.returncode == 2, f"{arguments}: status {result.returncode}")
        expect(result.stderr.startswith(b"weir: "), result.stderr)
        expect(result.stdout == b"", "there is output")
    result = decode("--help")
    expect(result.returncode == 0 and b"--format" in result.stdout, "--help")


def malformed_lines_are_counted_and_kept_untouched():
    good = simulated(2)
    bad = [b"!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*00\r\n", b"\xff\xfe noise \x80\r\n"]
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "rejects")
        result = decode("--format", "gpsd", "--stats", "--rejects", path, data=bad[0] + good + bad[1])
        with open(path, "rb") as file:
            rejects = file.read()
    expect(result.returncode == 0, f"status {result.returncode}")
    expect(result.stdout.count(b"\n") == 2, "the good lines were not decoded")
    for line in bad:
        expect(line.strip() in rejects, f"{line} is not among the rejects: {rejects}")
    counts = {tuple(line.split()[:-1]): int(line.split()[-1]) for line in result.stderr.decode().splitlines()}
    expect(counts[("line", "accepted")] == 2, counts)
    expect(counts[("line", "malformed")] == 2, counts)
    expect(counts[("fault", "checksum")] == 1, counts)
    expect(counts[("message", "type", "1")] == 2 == counts[("printed",)], counts)
    expect(decode(data=good).stderr == b"", "counters without --stats")


def memory(pid):
    """KiB: of its own, and with the pages of shared libraries at their peak."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in file)
    return tuple(int(fields[name].split()[0]) for name in ("RssAnon", "VmHWM"))


def memory_stays_constant_whatever_the_length():
    """The pages of libraries that other subcommands need count too: some 10 MB."""
    data = simulated(20000)
    sizes, peaks = [], []
    for copies in (1, 20):
        with subprocess.Popen([WEIR, "decode"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            for _ in range(copies):
                process.stdin.write(data)
            process.stdin.flush()
            own, peak = memory(process.pid)
            process.stdin.close()
            expect(process.wait(60) == 0, "it failed")
        print(f"# {copies * 20000} lines: {own} KB, with libraries {peak} KB")
        sizes.append(own)
        peaks.append(peak)
    if os.environ.get("SAN") is None:
        expect(max(sizes) < 8 * 1024 and sizes[1] - sizes[0] < 512, f"{sizes} KB")
        expect(max(peaks) < 15e6 / 1024, f"with libraries: {peaks} KB")


def a_full_disk_is_exit_1():
    if not os.path.exists("/dev/full"):
        return
    with open("/dev/full", "wb") as full:
        result = subprocess.run([WEIR, "decode", "--format", "gpsd"], input=simulated(10), stdout=full,
                                stderr=subprocess.PIPE)
    expect(result.returncode == 1, f"status {result.returncode}")
    expect(b"can't write standard output" in result.stderr, result.stderr)


TESTS = [
    on_a_pipe_a_line_is_printed_as_soon_as_its_message_is_complete,
    geojson_is_the_default_and_each_line_is_a_feature,
    a_tag_block_gives_time_and_station,
    gps_sentences_of_an_epoch_are_one_position,
    on_a_pipe_a_fix_is_printed_when_its_epoch_is_over,
    files_and_standard_input_are_read_in_order,
    a_file_that_cannot_be_read_is_exit_1_and_the_others_are_decoded,
    wrong_usage_is_exit_2,
    malformed_lines_are_counted_and_kept_untouched,
    memory_stays_constant_whatever_the_length,
    a_full_disk_is_exit_1,
]


def main():
    failed = 0
    for number, test in enumerate(TESTS, 1):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print(f"ok {number} - {name}", flush=True)
        except Failure as failure:
            failed += 1
            print(f"not ok {number} - {name}\n# {failure}", flush=True)
    print(f"1..{len(TESTS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
