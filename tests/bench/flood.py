#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a flood of reports from outside does to those from inside, with the real gateway: with the native filter, and
with the filter off. The flood goes as fast as a veth pair takes it; what that loses is told apart from what the
gateway's socket loses."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import flood  # noqa: E402  the end-to-end test
import rig  # noqa: E402

FRAMES = {"native": 4000000, "off": 1000000}


def main():
    rig.private()
    feeder = rig.Feeder()
    with rig.scratch() as directory:
        for mode in ("native", "off", "native", "off"):
            got = flood.flooded(directory, feeder, mode, FRAMES[mode], 4000)
            away = got["sent"] - got["events"]
            wire = got["sent"] - got["arrived"] if mode == "native" else None
            print(f"  {mode:7} flood {got['rate'] / 1e6:5.2f} million/s: {got['events']} events of {got['sent']} reports, "
                  f"{away} missing" + (f", {wire} of them on the wire" if wire is not None else "")
                  + f"; the socket lost {got['lost']} datagrams")
            if mode == "native" and (got["lost"] or got["events"] != got["arrived"]):
                print("  NOT as it should be: the gateway lost reports from inside")
                sys.exit(1)
    feeder.close()


main()
