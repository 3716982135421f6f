#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`weir decode --format gpsd` beside gpsdecode, message by message: recordings and random messages.

weir prints what gpsdecode 3.27 prints. An older gpsdecode rounds coordinates and the rate of turn more
coarsely and has other words for some codes; what it prints is compared within its own rounding. Where
the two are meant to differ, differing() and is_refused() say so and why; the README has the same list.
"""
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

WEIR = os.environ.get("WEIR", "build/weir")
BUILD = os.environ.get("BUILD", "build")
CORPUS = "../shared/corpus"
UNSCALED = int(os.environ.get("WEIR_RANDOM", "100000"))  # messages a type, compared as text
SCALED = UNSCALED // 100  # compared number by number, which is slow; the rounding has a unit test
SEED = os.environ.get("WEIR_SEED", str(int(time.time())))

# Words and numbers of gpsdecode before 3.25, by their name in 3.27.
OLD_STATUS = {3: "Restricted manoeuverability", 11: "Reserved", 12: "Reserved", 13: "Reserved",
              14: "Reserved"}
OLD_SHIP_TYPE = {8280: "Pushtow, eigth cargo barges"}
COORDINATES = re.compile(r"(^|_)(lon|lat)$")


def run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def repair(line):
    """gpsdecode leaves out a comma before nextsignal_text (8/1/19)."""
    return re.sub(r'("nextsignal":\d+)"', r'\1,"', line)


def parse(text):
    """The lines as lists of pairs; a line that is not JSON as its text."""
    messages = []
    for line in text.decode().splitlines():
        try:
            messages.append(json.loads(repair(line), object_pairs_hook=list))
        except json.JSONDecodeError:
            messages.append(line)
    return messages


def fields_of(pairs):
    """The first of each name: 8/200/23 has a type and a class of its own."""
    return dict(reversed(pairs))


def same_number(ours, theirs, slack):
    return abs(float(ours) - float(theirs)) <= slack * 1.02


def same_turn(ours, theirs):
    if ours == "n/a":
        return theirs == "nan"
    if isinstance(ours, str) and ours.startswith("fast"):
        return ours == theirs
    return same_number(abs(float(ours)), theirs, 0.5)  # the old one loses the sign


def same_value(name, ours, theirs, message):
    if ours == theirs:
        return True
    if isinstance(ours, list) and isinstance(theirs, list):
        if ours and isinstance(ours[0], tuple):
            return same_message(ours, theirs)
        return len(ours) == len(theirs) and all(same_message(a, b) for a, b in zip(ours, theirs))
    if name == "turn":
        return same_turn(ours, theirs)
    if name == "speed" and ours == "n/a":
        return theirs == "nan"
    if COORDINATES.search(name) and isinstance(theirs, (int, float)):
        return same_number(ours, theirs, 0.5 * 10 ** -message["rounding"])
    if name in ("signal_text", "nextsignal_text"):
        return theirs == ours.replace(" - ", " \u2013 ")
    if name == "status_text":
        return theirs == OLD_STATUS.get(message["status"])
    if name == "shiptype_text":
        return theirs == OLD_SHIP_TYPE.get(message["shiptype"])
    if name == "epfd_text":
        return theirs == "INVALID EPFD" and message["epfd"] > 8
    return False


def same_message(ours, theirs):
    message = fields_of(ours)
    if message.get("type") == 27 and message.get("scaled"):  # the old one prints the text as the number
        theirs = [pair for name, value in theirs for pair in
                  ([("status", message["status"]), ("status_text", value)] if name == "status" else
                   [(name, value)])]
    # The decimals that the old one prints: 1 in messages 17 and 27, 4 in 6 and 8 but for those in 1/600,000.
    message["rounding"] = {17: 1, 27: 1}.get(message.get("type"), 4 if "dac" in message or "type" not in
                                             message else 6)
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        return False
    return all(same_value(name, a, b, message) for (name, a), (_, b) in zip(ours, theirs))


def without(message, names):
    return [(name, value) for name, value in message if name not in names]


# What differs on purpose, by type, area code and function: the names that are not compared.
APPLICATIONS = {
    (6, 1, 14): {"tidals"},  # Circ. 236: positions in 1/10,000 minute; gpsdecode scales them by ten too much,
    (6, 1, 32): {"tidals"},  # and prints an element more than there is, of whatever lies behind the message.
    (6, 1, 15): {"airdraught"},  # gpsdecode reads the place that the field has in message 8,
    (6, 1, 16): {"persons"},  # and here too.
    (8, 1, 17): {"targets"},  # Circ. 289, table 6.2: a target has 120 bits, gpsdecode takes 122.
    (8, 200, 23): {"start"},  # gpsdecode prints the day of the start behind the minute.
}
# gpsdecode puts quotes of these into its JSON as they are.
QUOTES = {(8, 1, 19), (6, 200, 21), (6, 200, 22), (8, 200, 24)}


def application(fields):
    return fields["type"], fields.get("dac"), fields.get("fid")


def is_quoted(fields):
    return application(fields) in QUOTES and any(
        isinstance(value, str) and re.search(r'["\\]', value) for value in fields.values())


def differing(message):
    fields = fields_of(message)
    names = set(APPLICATIONS.get(application(fields), ()))
    if fields["type"] == 26:
        # M.1371-5, annex 8, 3.24: four spare bits and the communication state follow the data; gpsdecode
        # takes the spare bits for data and prints no communication state.
        names |= {"radio", "data"} | ({"app_id"} if fields["addressed"] else set())
    if fields["type"] == 25 and fields["addressed"]:
        # M.1371-5, annex 8, 3.23: two spare bits follow the destination.
        names |= {"data", "app_id"}
    if application(fields) == (8, 1, 31) and isinstance(fields["leveltrend"], str) and \
            str(fields["waterlevel"]).startswith("-"):  # -0.0 as well
        names |= {"waterlevel"}  # gpsdecode's subtraction is unsigned
    if fields["type"] == 20:
        # M.1371-5, annex 8, 3.18: spare bits follow the last reservation; gpsdecode takes them for the next one.
        names |= {f"offset{n}" for n in "234" if not any(fields[f"{name}{n}"] for name in
                                                         ("offset", "number", "timeout", "increment"))}
    return names


def compare(ours, theirs):
    """The first difference as text, None where there is none."""
    for number, (a, b) in enumerate(zip(ours, theirs)):
        if is_quoted(fields_of(a)):
            continue
        if isinstance(b, str):
            return f"message {number}: gpsdecode's line is not JSON: {b}"
        names = differing(a)
        if not same_message(without(a, names), without(b, names)):
            return f"message {number}:\n# {json.dumps(dict(a))}\n# {json.dumps(dict(b))}"
    if len(ours) != len(theirs):
        return f"{len(ours)} messages, gpsdecode has {len(theirs)}"
    return None


def old_words(data):
    """Our lines with the words of an older gpsdecode, so that most are the same as text."""
    for code, words in OLD_STATUS.items():
        data = re.sub(rb'"status":%d,"status_text":"[^"]*"' % code,
                      b'"status":%d,"status_text":"%s"' % (code, words.encode()), data)
    return re.sub(rb'("epfd":(?:9|1.),"epfd_text":)"[^"]*"', rb'\1"INVALID EPFD"', data)


def both(data, options):
    """What weir and gpsdecode print, each on a core of its own."""
    commands = [[WEIR, "decode", "--format", "gpsd", *options],
                ["gpsdecode", *(["-u"] if "--unscaled" in options else []), "-j"]]
    with ThreadPoolExecutor() as pool:
        return pool.map(lambda command: run(command, data), commands)


def compare_input(data, options=()):
    ours, theirs = both(data, options)
    count = theirs.count(b"\n")
    if ours == theirs:
        return None, count
    ours, theirs = ours.splitlines(), theirs.splitlines()
    if len(ours) != count:
        return f"{len(ours)} messages, gpsdecode has {count}", count
    unequal = [(mine, line) for mine, line in zip(ours, theirs) if mine != line and old_words(mine) != line]
    return compare(parse(b"\n".join(mine for mine, _ in unequal)), parse(b"\n".join(line for _, line in unequal))), count


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def result(self, name, problem):
        self.count += 1
        self.failed += problem is not None
        print(f"{'not ok' if problem else 'ok'} {self.count} - {name}" + (f"\n# {problem}" if problem else ""),
              flush=True)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}", flush=True)


def codes(tap):
    """Every code of every field that has words: none of ours may differ from gpsdecode's."""
    tool = os.path.join(BUILD, "tests/e2e/tool_ais_codes")
    for kind in ([], ["asm"]):
        for options in ((), ("--unscaled",)) if not kind else (("--unscaled",),):  # words are in both forms
            problem, count = compare_input(run([tool, *kind], b""), options)
            if problem is None and count < 1000:
                problem = f"gpsdecode printed {count} messages"
            tap.result(f"every code of {'applications' if kind else 'messages'} has gpsdecode's words"
                       f"{', unscaled' if options else ''}", problem)


def random_messages(tap):
    print(f"# WEIR_SEED={SEED}")
    tool = os.path.join(BUILD, "tests/e2e/tool_ais_random")
    for kind in [*map(str, range(1, 28)), "asm"]:
        for options, messages in ((("--unscaled",), UNSCALED), ((), SCALED)):
            problem, count = compare_input(run([tool, kind, str(messages), SEED], b""), options)
            if problem is None and count == 0:
                problem = "gpsdecode printed nothing"
            form = "unscaled" if options else "scaled"
            what = "with applications" if kind == "asm" else kind
            tap.result(f"{messages} random messages {what} agree with gpsdecode, {form}", problem)


def is_refused(fields):
    """What weir calls malformed and gpsdecode prints: an MMSI that nobody has, a place that is not on earth."""
    if not 0 < fields["mmsi"] <= 999999999:
        return True
    degree = 1 if fields["scaled"] else 600000
    lon, lat = fields.get("lon", 0), fields.get("lat", 0)
    return fields["type"] in (1, 2, 3, 4, 9, 11, 18, 19, 21) and (
        abs(lon) > 180 * degree and lon != 181 * degree or abs(lat) > 90 * degree and lat != 91 * degree)


def explain(ours, theirs, same):
    """What two runs of lines that differ have in common is taken out; the rest has to have its reason."""
    ours, theirs = parse(b"\n".join(ours)), parse(b"\n".join(theirs))
    more = []
    for message in ours:
        names = differing(message)
        twin = next((other for other in theirs if same(without(message, names), without(other, names))), None)
        if twin is None:
            more.append(message)
        else:
            theirs.remove(twin)
    unexplained = [message for message in theirs if not is_refused(fields_of(message))]
    return more, unexplained


def compare_recording(ours, theirs, same):
    """The number of messages that only weir has, and the first that it should have."""
    mine, old = ours.splitlines(), old_words(ours).splitlines() if same is same_message else ours.splitlines()
    theirs = theirs.splitlines()
    more = []
    matcher = difflib.SequenceMatcher(None, old, theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        only_ours, unexplained = explain(mine[a:b], theirs[c:d], same)
        more += only_ours
        if unexplained:
            return 0, f"missing or different: {json.dumps(fields_of(unexplained[0]))}"
    return len(more), None


def recording(tap, name, expected, options):
    """A recording against gpsdecode, or against what it printed (expected): then nothing may be missing or more."""
    path = os.path.join(CORPUS, name)
    title = f"{name} {''.join(options)} agrees with {expected or 'gpsdecode'}"
    if not os.path.exists(path):
        tap.skip(title, f"{path} is not there")
        return
    with open(path, "rb") as file:
        data = file.read()
    ours = run([WEIR, "decode", "--format", "gpsd", *options], data)
    if expected:
        with open(os.path.join(CORPUS, expected), "rb") as file:
            theirs = file.read()
        more, problem = compare_recording(ours, theirs, lambda a, b: a == b)
        if problem is None and more != 0:
            problem = f"{more} messages that {expected} has not"
    else:
        theirs = run(["gpsdecode", *(["-u"] if "--unscaled" in options else []), "-j"], data)
        more, problem = compare_recording(ours, theirs, same_message)
        print(f"# {name}: {more} messages that gpsdecode has not")
    tap.result(title, problem)


def main():
    tap = Tap()
    if shutil.which("gpsdecode") is None:
        print("1..0 # SKIP gpsdecode (package gpsd-clients) is not installed")
        return 0
    recording(tap, "gpsd-sample.aivdm", "gpsd-sample.json", ())
    recording(tap, "gpsd-sample.aivdm", "gpsd-sample-unscaled.json", ("--unscaled",))
    for name in ("denmark-2010.nmea", "puget-sound.nmea"):
        recording(tap, name, None, ())
        recording(tap, name, None, ("--unscaled",))
    codes(tap)
    random_messages(tap)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
