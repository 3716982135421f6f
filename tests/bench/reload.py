#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""10,000 fences of 200 vertices are loaded anew under 20,000 reports a second of 50,000 ships: how long the worker
paused, by its own account, and what reports waited for it meanwhile, beside what they wait when nothing is loaded."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import reload_traffic  # noqa: E402  the end-to-end test
import rig  # noqa: E402

FENCES, VERTICES, SHIPS, RATE = 10000, 200, 50000, 20000
PAUSE_MS = 1.0


def late(before, after, bound):
    """The share of datagrams that took longer than the bound."""
    count = after[float("inf")] - before[float("inf")]
    return 1 - (after[bound] - before[bound]) / count if count else 0


def main():
    rig.private()
    with rig.scratch() as directory:
        lattice = reload_traffic.Lattice(FENCES, VERTICES, SHIPS)
        got = reload_traffic.reloaded(directory, lattice, "auto", RATE, reloads=4, laps=24, moved=range(0, FENCES, 1000))
    pauses = got["pauses_ms"]
    before, quiet, busy = got["delays"]
    print(f"  {lattice.fences} fences of {VERTICES} vertices, {got['devices']} ships, {RATE} reports a second: the worker paused for "
          + ", ".join(f"{pause:.3f}" for pause in pauses) + " ms")
    for bound in sorted(bound for bound in before if 1e-4 <= bound <= 1):
        print(f"  from the kernel to the worker in more than {bound * 1e3:6.1f} ms: {late(before, quiet, bound):8.3%} without reloads, "
              f"{late(quiet, busy, bound):8.3%} with")
    if max(pauses) >= PAUSE_MS or not all(rig.results):
        print("  NOT as it should be: a pause of a millisecond or more, or what is said above")
        sys.exit(1)


main()
