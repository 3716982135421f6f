#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""The life of the kernel filter with that of the gateway: attached, detached, left behind, replaced; and
the rights that the gateway keeps."""

import os
import re
import signal
import socket
import time

import rig
from rig import ok, total

CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: native
  interfaces: [veth0]
  boxes: [[3.6, 51.8, 4.6, 52.2]]
http:
  listen: "{rig.HTTP}"
"""


def attached():
    return "xdp" in rig.run("ip", "link", "show", "dev", "veth0").stdout


def works(feeder, what):
    before = rig.metrics()
    feeder.send(rig.position(244660000, 4.05, 51.98))
    feeder.send(rig.position(211000000, 10.0, 54.0))
    feeder.sync()

    def both():
        m = rig.metrics()
        inside = total(m, "weir_datagrams_total") - total(before, "weir_datagrams_total")
        drops = total(m, "weir_prefilter_packets_total", verdict="drop")
        return inside == 1 and drops - total(before, "weir_prefilter_packets_total", verdict="drop") == 1

    ok(rig.wait_for(both), f"{what}: passes what is inside, drops what is outside")


def proc(gateway, thread=None):
    """The status lines of the process, or of the thread of that name."""
    root = f"/proc/{gateway.child.pid}"
    if thread:
        for task in os.listdir(root + "/task"):
            with open(f"{root}/task/{task}/comm", encoding="ascii") as comm:
                if comm.read().strip() == thread:
                    root = f"{root}/task/{task}"
                    break
        else:
            return {}
    with open(root + "/status", encoding="ascii") as status:
        return dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)


def test_life(directory, feeder):
    gateway = rig.Gateway(directory, CONFIG)
    ok(attached(), "the filter is attached while the gateway runs")
    works(feeder, "native")
    ok(gateway.end() == 0 and not attached(), "SIGTERM detaches it", gateway.err.decode())

    gateway = rig.Gateway(directory, CONFIG)
    gateway.end(signal.SIGKILL)
    ok(attached(), "a killed gateway leaves it behind")
    gone = rig.run(rig.WEIR, "run", "--detach", "-c", gateway.file)
    ok("veth0: kernel filter removed" in gone.stdout and not attached(), "weir run --detach removes it", gone)
    again = rig.run(rig.WEIR, "run", "--detach", "-c", gateway.file)
    ok("veth0: no kernel filter" in again.stdout, "and says so when there is none", again)

    rig.Gateway(directory, CONFIG).end(signal.SIGKILL)
    gateway = rig.Gateway(directory, CONFIG)
    works(feeder, "after a stale one")
    ok(gateway.end() == 0 and not attached(), "a stale one is replaced, and detached at the end", gateway.err.decode())


def test_rights(directory, feeder):
    gateway = rig.Gateway(directory, CONFIG + "run_as: nobody\n")
    uid = proc(gateway).get("Uid", "").split()
    ok(len(set(uid)) == 1 and uid[0] != "0", "run_as: the process is another user", uid)
    worker = proc(gateway, "weir-worker")
    force, reserve = int(worker["CapEff"], 16), int(worker["CapPrm"], 16)
    names = {"CAP_NET_BIND_SERVICE": 10, "CAP_NET_ADMIN": 12, "CAP_NET_RAW": 13}
    ok(force & ~sum(1 << n for n in names.values()) == 0, "run_as: in force is what sockets need", hex(force))
    ok(reserve & (1 << 0 | 1 << 7 | 1 << 19) == 0, "run_as: no right is kept to become somebody else", hex(reserve))
    works(feeder, "run_as")
    ok(gateway.end() == 0 and not attached(), "run_as: the filter is detached at the end", gateway.err.decode())


def test_no_rights(directory, feeder):
    """As in a container that may do nothing with BPF."""
    drop = "-bpf,-perfmon,-sys_admin,-net_admin"
    for mode in ("auto", "native"):
        text = CONFIG.replace("native", mode)
        with open(os.path.join(directory, "weir.yaml"), "w", encoding="utf-8") as out:
            out.write(text)
        gateway = rig.Process("setpriv", "--bounding-set", drop, rig.WEIR, "run", "-c", os.path.join(directory, "weir.yaml"))
        if mode == "native":
            status = rig.wait_for(gateway.child.poll)
            ok(status == 1 and b"prefilter" in gateway.err, "mode native without the right to load BPF: 1, and says why", gateway.err.decode())
            continue
        if not gateway.said(" runs: "):
            ok(False, "mode auto without the right to load BPF: runs", gateway.err.decode())
            gateway.end()
            continue
        code, page = rig.get("/readyz")
        ok(code == 200 and "prefilter: off" in page, "mode auto without the right to load BPF: runs, /readyz says that the filter is off and why", page)
        feeder.send(rig.position(244660000, 4.05, 51.98))
        feeder.send(rig.position(211000000, 10.0, 54.0))
        feeder.sync()
        ok(rig.wait_for(lambda: total(rig.metrics(), "weir_datagrams_total") == 2), "and everything arrives")
        ok(gateway.end() == 0 and len(gateway.lines()) == 1, "and what is outside is left out all the same", bytes(gateway.out))


def state():
    m = rig.metrics()
    modes = ("native", "generic", "absent", "off")
    return [s for s in modes if m.get(("weir_prefilter_mode", (("interface", "veth0"), ("mode", s)))) == 1]


def test_interface_goes_and_comes(directory, feeder, user=""):
    gateway = rig.Gateway(directory, CONFIG + user)
    who = " (run_as)" if user else ""
    ok(state() == ["native"], f"an interface that is there is native{who}", state())
    rig.run("ip", "link", "del", "veth0")
    ok(rig.wait_for(lambda: state() == ["absent"]), f"one that is removed is absent{who}", state())
    code, page = rig.get("/readyz")
    ok(code == 503 and "veth0: absent" in page, f"and /readyz says so{who}", page)
    feeder.connect()
    ok(rig.wait_for(attached, 5), f"made again it has the filter{who}", gateway.err.decode())
    ok(rig.wait_for(lambda: state() == ["native"]) and rig.get("/readyz")[0] == 200, f"and weir is ready{who}", rig.get("/readyz"))
    before = rig.metrics()

    def drops():
        feeder.send(rig.position(211000000, 10.0, 54.0))
        feeder.sync()
        return total(rig.metrics(), "weir_prefilter_packets_total", verdict="drop") > total(
            before, "weir_prefilter_packets_total", verdict="drop"
        )

    ok(not drops() and total(rig.metrics(), "weir_prefilter_packets_total", reason="held") > 0, f"it drops nothing at first{who}")
    ok(rig.wait_for(drops, 20), f"and after some seconds again{who}", rig.metrics())
    ok(gateway.end() == 0 and not attached(), f"and is detached at the end{who}", gateway.err.decode())


def test_interface_goes_and_comes_for_another_user(directory, feeder):
    test_interface_goes_and_comes(directory, feeder, "run_as: nobody\n")


def test_takeover(directory, feeder, user=""):
    """One gateway takes the place of another under traffic: no moment without the filter."""
    who = " (run_as)" if user else ""
    old = rig.Gateway(directory, CONFIG + user)
    with rig.scratch() as other:
        new = rig.Gateway(other, CONFIG + user, "--takeover", wait=False)
        sent = gaps = 0
        end = time.monotonic() + 20
        while time.monotonic() < end and new.child.poll() is None:
            for _ in range(30):
                feeder.send(rig.position(211000000, 10.0, 54.0))
            feeder.send(rig.position(244000000 + sent, 4.05, 51.98))
            feeder.sync()
            sent += 1
            gaps += not attached()
            if b" runs: " in new.err:
                end = min(end, time.monotonic() + 1)
        ok(old.status() == 0 and b"handed over" in old.err, f"--takeover: the old gateway ends{who}", old.err.decode())
        ok(gaps == 0, f"and at no time the interface was without a filter{who}", gaps)
        words = re.search(rb"stopped: (\d+) datagrams received", old.err)
        took = int(words[1])
        ok(took > 0 and took == len(old.lines()), f"the old one received nothing from outside{who}", (took, len(old.lines())))
        m = rig.metrics()
        ok(total(m, "weir_reports_total", outcome="outside") == 0, f"nor did the new one{who}")
        now = total(m, "weir_datagrams_total")
        ok(now > 0 and took + now <= sent, f"of {sent} from inside the old one had {took}, the new one {now}, the moment between {sent - took - now}{who}")
        works(feeder, f"then{who}")
        third = rig.Gateway(directory, CONFIG, wait=False)
        ok(third.status() == 1 and b"another weir" in third.err, f"without --takeover nobody is asked{who}", third.err.decode())
        ok(new.end() == 0 and not attached(), f"and the filter goes with the new one{who}", new.err.decode())


def test_takeover_of_another_user(directory, feeder):
    test_takeover(directory, feeder, "run_as: nobody\n")


def test_off_and_back(directory, feeder):
    """The port of a gateway that is gone refuses; one that starts is there at once."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", rig.PORT))
        gateway = rig.Gateway(directory, CONFIG, wait=False)
        status = gateway.status()
    ok(status == 1 and str(rig.PORT).encode() in gateway.err, "a port that is taken: 1, and says which", gateway.err.decode())
    ok(not attached(), "and no filter was attached before")
    gateway = rig.Gateway(directory, CONFIG)
    works(feeder, "then")
    gateway.end()


def main():
    rig.private()
    feeder = rig.Feeder()
    try:
        for test in (test_life, test_rights, test_no_rights, test_off_and_back, test_interface_goes_and_comes,
                     test_interface_goes_and_comes_for_another_user, test_takeover, test_takeover_of_another_user):
            with rig.scratch() as directory:
                test(directory, feeder)
    finally:
        feeder.close()
    rig.done()


main()
