#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`weir decode --format gpsd` beside gpsdecode, message by message: recordings and random messages.

weir prints what gpsdecode 3.27 prints. An older gpsdecode rounds coordinates and the rate of turn more
coarsely and has other words for some codes; what it prints is compared within its own rounding. Where
the two are meant to differ, DIFFERENCES says so and why; the README has the same list.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

WEIR = os.environ.get("WEIR", "build/weir")
BUILD = os.environ.get("BUILD", "build")
CORPUS = "../shared/corpus"
PER_TYPE = int(os.environ.get("WEIR_RANDOM", "100000"))
SEED = os.environ.get("WEIR_SEED", str(int(time.time())))

# Words and numbers of gpsdecode before 3.25, by their name in 3.27.
OLD_STATUS = {3: "Restricted manoeuverability", 11: "Reserved", 12: "Reserved", 13: "Reserved",
              14: "Reserved"}
COORDINATES = re.compile(r"(^|_)(lon|lat)$")


def run(command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def repair(line):
    """gpsdecode leaves out a comma before nextsignal_text (8/1/19)."""
    return re.sub(r'("nextsignal":\d+)"', r'\1,"', line)


def parse(text):
    return [json.loads(repair(line), object_pairs_hook=list) for line in text.decode().splitlines()]


def decimals(number):
    return len(str(number).partition(".")[2])


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
    if name == "status_text":
        return theirs == OLD_STATUS.get(message["status"])
    if name == "epfd_text":
        return theirs == "INVALID EPFD" and message["epfd"] > 8
    return False


def same_message(ours, theirs):
    message = dict(ours)
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


# What differs on purpose: the names that are not compared, for a message of ours.
def differing(message):
    fields = dict(message)
    if fields["type"] == 26:
        # M.1371-5, annex 8, 3.24: four spare bits and the communication state follow the data; gpsdecode
        # takes the spare bits for data and prints no communication state.
        return {"radio", "data"} | ({"app_id"} if fields["addressed"] else set())
    if fields["type"] == 25 and fields["addressed"]:
        # M.1371-5, annex 8, 3.23: two spare bits follow the destination.
        return {"data", "app_id"}
    return set()


def compare(ours, theirs):
    """The first difference as text, None where there is none."""
    for number, (a, b) in enumerate(zip(ours, theirs)):
        names = differing(a)
        if not same_message(without(a, names), without(b, names)):
            return f"message {number}:\n# {json.dumps(dict(a))}\n# {json.dumps(dict(b))}"
    if len(ours) != len(theirs):
        return f"{len(ours)} messages, gpsdecode has {len(theirs)}"
    return None


def compare_input(data, options=()):
    ours = parse(run([WEIR, "decode", "--format", "gpsd", *options], data))
    theirs = parse(run(["gpsdecode", *(["-u"] if "--unscaled" in options else []), "-j"], data))
    return compare(ours, theirs), len(theirs)


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


def random_messages(tap):
    print(f"# WEIR_SEED={SEED}, {PER_TYPE} messages a type")
    tool = os.path.join(BUILD, "tests/e2e/tool_ais_random")
    for number in range(1, 28):
        data = run([tool, str(number), str(PER_TYPE), SEED], b"")
        for options in ((), ("--unscaled",)):
            problem, count = compare_input(data, options)
            if problem is None and count == 0:
                problem = "gpsdecode printed nothing"
            tap.result(f"{PER_TYPE} random messages {number} {''.join(options)} agree with gpsdecode", problem)


def main():
    tap = Tap()
    if shutil.which("gpsdecode") is None:
        print("1..0 # SKIP gpsdecode (package gpsd-clients) is not installed")
        return 0
    random_messages(tap)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
