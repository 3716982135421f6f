#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The kernel filter and the XDP programs of others: beside them where libxdp's dispatcher can be had, else
without; never in their place."""

import os
import re
import signal
import subprocess

import rig
from rig import ok, skip, total

TOOL = os.path.join(rig.BUILD, "tests/e2e/tool_beside")
CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: MODE
  interfaces: [veth0]
  boxes: [[3.6, 51.8, 4.6, 52.2]]
http:
  listen: "{rig.HTTP}"
"""


def occupant():
    found = re.search(r"prog/xdp id (\d+) (?:name (\S+))?", rig.run("ip", "-d", "link", "show", "dev", "veth0").stdout)
    return (int(found[1]), found[2]) if found else None


def begin_other():
    other = subprocess.Popen([TOOL, "veth0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=rig.die_with_parent)
    return other, other.stdout.readline().strip().decode()


def end_other(other):
    other.stdin.close()
    other.stdout.close()
    return other.wait(10)


def drops(feeder):
    before = rig.metrics()
    feeder.send(rig.position(211000000, 10.0, 54.0))
    feeder.sync()
    return rig.wait_for(
        lambda: total(rig.metrics(), "weir_prefilter_packets_total", verdict="drop")
        == total(before, "weir_prefilter_packets_total", verdict="drop") + 1
    )


def test_alone(directory, feeder):
    """The kernel has no room beside it: weir runs without, says who is there, and waits."""
    other, _ = begin_other()
    before = occupant()
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "auto"))
    status, page = rig.get("/readyz")
    ok(status == 200 and "veth0: off" in page and "empty_pass" in page and str(before[0]) in page, "auto: runs without, and says who is there", page)
    ok(occupant() == before, "the program of somebody else stays")
    gateway.end(signal.SIGKILL)
    gone = rig.run(rig.WEIR, "run", "--detach", "-c", gateway.file)
    ok(occupant() == before and "no kernel filter of weir" in gone.stdout, "--detach leaves it too", gone)
    native = rig.Gateway(directory, CONFIG.replace("MODE", "native"), wait=False)
    ok(native.status() == 1 and b"empty_pass" in native.err, "native: 1, and says who is there", native.err.decode())
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "auto"))
    ok(end_other(other) == 0 and rig.wait_for(lambda: (occupant() or (0, ""))[1] == "weir_prefilter", 10), "when it goes, weir takes its place", gateway.err.decode())
    gateway.end()


def test_beside(directory, feeder):
    other, _ = begin_other()
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "native"))
    ok(b"beside others" in gateway.err, "attached beside the program of somebody else", gateway.err.decode())
    ok(drops(feeder), "it drops there")
    gateway.end(signal.SIGKILL)
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "native"))
    ok(b"a program of an earlier gateway" in gateway.err and drops(feeder), "after kill -9 the stale one is replaced", gateway.err.decode())
    with rig.scratch() as scratch:
        new = rig.Gateway(scratch, CONFIG.replace("MODE", "native"), "--takeover")
        ok(gateway.status() == 0 and drops(feeder), "--takeover works beside it", new.err.decode())
        ok(new.end() == 0 and occupant()[1] == "xdp_dispatcher", "SIGTERM removes ours alone", occupant())
    gateway = rig.Gateway(directory, CONFIG.replace("MODE", "native"))
    ok(end_other(other) == 0 and drops(feeder), "the other one goes, and ours stays", gateway.err.decode())
    status, page = rig.get("/readyz")
    ok(status == 200, "and weir has noticed that all is well", page)
    gateway.end(signal.SIGKILL)
    gone = rig.run(rig.WEIR, "run", "--detach", "-c", gateway.file)
    ok("kernel filter removed" in gone.stdout and occupant() is None, "--detach removes it from the dispatcher", gone)


def main():
    rig.private()
    feeder = rig.Feeder()
    try:
        other, how = begin_other()
        if how not in ("alone", "beside"):
            rig.skip_all("BPF programs can't be loaded here")
        end_other(other)
        with rig.scratch() as directory:
            if how == "alone":
                test_alone(directory, feeder)
                skip("beside the program of somebody else", "libxdp's dispatcher can't be had: this kernel refuses programs of type EXT")
            else:
                test_beside(directory, feeder)
    finally:
        feeder.close()
    rig.done()


main()
