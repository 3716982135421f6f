#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""What datagrams cost in memory: the worker allocates nothing for them, and the gateway stays small.

Allocations are counted by thread (count_malloc.c, preloaded). A run with a thousand datagrams and one with
a hundred thousand, of all kinds, must have the same number of them in the worker.
"""

import os
import shutil
import subprocess
import sys

import rig
from rig import ok, sentence, total

CONFIG = f"""site: test
ingest:
  listen: ["127.0.0.1:{rig.PORT}"]
fences:
  files: [{os.path.abspath("tests/data/gateway-fences.geojson")}]
nats:
  servers: ["nats://127.0.0.1:4222"]
http:
  listen: "{rig.HTTP}"
"""

FEW, MANY = 1000, 100000

SENDER = """
import socket, sys, time
kinds = [bytes.fromhex(line) for line in sys.stdin.read().split()]
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[1])):
    udp.sendto(kinds[i % len(kinds)], ("127.0.0.1", int(sys.argv[2])))
    if i % 32 == 31:
        time.sleep(0.0005)
"""


def kinds():
    """Positions inside and outside of the fence, fragments, and malformed ones of every kind."""
    result = [rig.position(244000000 + i, 3.9 + i / 1500, 51.97) for i in range(400)]
    part = "55?MbV02>BNL=KWGR20<5@TB0hEL4p4DhE=<0000000000000"
    for i in range(10):
        result.append(sentence(f"AIVDM,2,1,{i},A,{part},0"))
        result.append(sentence(f"AIVDM,2,2,{i},A,00000000000,2") if i % 2 else b"noise")
        result.append(rig.position(244000000 + i, 200.0, 52.0))
        result.append(sentence("AIVDM,1,1,,A,1")[:-3] + b"0\r\n")
        result.append(b"A" * 9000)
    return result


def build_counter(directory):
    library = os.path.join(directory, "count_malloc.so")
    rig.run(os.environ.get("CC", "cc"), "-O2", "-shared", "-fPIC", "-o", library, "tests/e2e/count_malloc.c")
    return library


def run_with(count, library):
    """Allocations by thread, peak and last resident memory in bytes, datagrams handled."""
    with rig.scratch() as directory:
        broker = rig.Broker(directory)
        counts = os.path.join(directory, "counts")
        environment = dict(os.environ, LD_PRELOAD=library, COUNT_MALLOC=counts)
        gateway = rig.Gateway(directory, CONFIG, env=environment)
        rig.wait_for(lambda: total(rig.metrics(), "weir_nats_connected") == 1)
        subprocess.run(
            [sys.executable, "-c", SENDER, str(count), str(rig.PORT)],
            input="\n".join(k.hex() for k in kinds()).encode(),
            check=True,
            timeout=120,
        )
        handled = rig.wait_for(
            lambda: (n := total(rig.metrics(), "weir_socket_datagrams_total")) >= count and n, 20
        )
        resident = total(rig.metrics(), "process_resident_memory_bytes")
        with open(f"/proc/{gateway.child.pid}/status", encoding="ascii") as status:
            peak = [int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")][0]
        ok(gateway.end() == 0, f"{count} datagrams: ends with 0", gateway.err.decode())
        broker.end()
        threads = {}
        with open(counts, encoding="ascii") as lines:
            for line in lines:
                name, number = line.rsplit(" ", 1)
                threads[name] = threads.get(name, 0) + int(number)
        return threads, resident, peak, handled


def main():
    if not shutil.which(os.environ.get("CC", "cc")):
        rig.skip_all("needs a compiler for the allocation counter")
    rig.private()
    with rig.scratch() as directory:
        library = build_counter(directory)
        few, _, _, _ = run_with(FEW, library)
        many, resident, peak, handled = run_with(MANY, library)
    worker = "weir-worker"
    ok(
        many.get("weir-publish", 0) > few.get("weir-publish", 0) > 0,
        "allocations are counted: the NATS library makes some for each message",
        f"{few} {many}",
    )
    ok(
        many.get(worker, 0) == few.get(worker, 0),
        f"{MANY} datagrams cause no more allocations in the worker than {FEW}: {few.get(worker, 0)}",
        f"{few} {many}",
    )
    ok(handled == MANY, "every datagram was received or counted as lost", handled)
    ok(peak < 64 << 20, f"resident memory stays under 64 MB: {resident >> 20} MB, {peak >> 20} MB at most", peak)
    rig.done()


main()
