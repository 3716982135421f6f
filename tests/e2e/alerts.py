#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir alerts: each alert of a stream once, across restarts of the broker and of itself; a hub's stream that gathers
from a leaf node. Says TAP."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from rig import BUILD, WEIR, Process, done, ok, private, run, scratch, wait_for  # noqa: E402

NATS = os.path.join(BUILD, "tests/e2e/tool_nats")
EDGE, HUB = "nats://127.0.0.1:4222", "nats://127.0.0.1:4223"


class Broker(Process):
    def __init__(self, directory, name, port, text):
        file = f"{directory}/{name}.conf"
        with open(file, "w", encoding="utf-8") as out:
            out.write(f'listen: "127.0.0.1:{port}"\nserver_name: {name}\n'
                      f'jetstream {{ store_dir: "{directory}/{name}", domain: {name} }}\n{text}\n')
        super().__init__("nats-server", "-c", file)
        assert self.said("Server is ready"), self.err.decode()


def edge(directory):
    return Broker(directory, "edge", 4222, 'leafnodes { remotes: [{ url: "nats-leaf://127.0.0.1:7422" }], reconnect: 1 }')


def hub(directory):
    return Broker(directory, "hub", 4223, 'leafnodes { listen: "127.0.0.1:7422" }')


def publish(*numbers):
    for number in numbers:
        run(NATS, "-s", EDGE, "pub", f"weir.v1.rtm.alert.info.enter.f.{number}", f'{{"n":{number}}}')


def numbers(process):
    return [int(n) for n in re.findall(rb'{"n":(\d+)}\n', bytes(process.out))]


def printed(process, expected):
    wait_for(lambda: len(numbers(process)) >= len(expected), 20)
    return numbers(process) == expected


def alerts(server, *more):
    return Process(WEIR, "alerts", "-s", server, *more)


def durable(directory):
    leaf = edge(directory)
    early = alerts(EDGE, "--durable", "log")
    ok(early.said("no such stream"), "where no gateway has made the stream yet, it says so and waits")
    run(NATS, "-s", EDGE, "add", "WEIR_ALERTS", "weir.v1.*.alert.>")
    publish(1, 2)
    ok(printed(early, [1, 2]), "what comes is printed, a line each", early.err.decode())
    ok(early.end() == 0, "SIGTERM ends it with status 0")
    publish(3)
    later = alerts(EDGE, "--durable", "log")
    ok(printed(later, [3]), "with --durable the next one prints what has come since, and only that")
    leaf.end()
    leaf = edge(directory)
    publish(4)
    ok(printed(later, [3, 4]), "a broker that was away is waited for", later.err.decode())
    later.end()
    everything = alerts(EDGE, "--seconds", "2")
    everything.child.wait(20)
    everything.end()
    ok(numbers(everything) == [1, 2, 3, 4], "without --durable all that the stream has is printed", numbers(everything))
    leaf.end()


def gathered(directory):
    leaf, centre = edge(directory), hub(directory)
    reader = alerts(HUB, "--gather", "edge", "--durable", "log")
    ok(printed(reader, [1, 2, 3, 4]), "--gather makes a stream that has what the leaf node has", reader.err.decode())
    centre.end()
    publish(5, 6)
    centre = hub(directory)
    ok(printed(reader, [1, 2, 3, 4, 5, 6]), "what came while the hub was away follows, each once", numbers(reader))
    reader.end()
    centre.end()
    leaf.end()


def wrong_usage():
    for arguments in (["--durable", "a.b"], ["--gather", "*"], ["--seconds", "0"], ["word"]):
        status = subprocess.run([WEIR, "alerts", *arguments], capture_output=True, timeout=20, check=False).returncode
        ok(status == 2, f"{' '.join(arguments)} is wrong usage", status)


def main():
    private()
    with scratch() as directory:
        durable(directory)
        gathered(directory)
        wrong_usage()
    done()


if __name__ == "__main__":
    main()
