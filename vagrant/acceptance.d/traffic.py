# SPDX-License-Identifier: BSD-2-Clause
"""What the acceptance feeds: ships and trucks whose tracks are made so that the alerts they must raise are known
without asking weir. A sentence is a line, without the time of its reception."""

import time

from rig import checksum, position

# From provision/files/fences.geojson: a basin of 0.06 by 0.03 degrees, and a circle of 400 m.
BASIN = (3.62, 52.16, 3.68, 52.19)
DEPOT = (4.45, 51.85)


def ship_through(mmsi, row=0, box=BASIN):
    """Eastwards through a box, three fixes before, four inside, three behind: enters once and leaves once."""
    west, south, east, north = box
    latitude = south + (north - south) * (0.2 + 0.6 * (row % 40) / 40)
    step = (east - west) / 4
    places = [west - step * (2.5 - i) / 5 for i in range(3)] + [west + step * (i + 0.5) for i in range(4)]
    places += [east + step * (i + 1) / 5 for i in range(3)]
    return [position(mmsi, longitude, latitude) for longitude in places]


def degrees(value, width, letters):
    whole = int(abs(value))
    return f"{whole:0{width}d}{(abs(value) - whole) * 60:08.5f},{letters[value < 0]}"


def truck_through(station):
    """Along a street through the depot, a kilometre on either side, by RMC once a second; a TAG block names it."""
    lines, begin, block = [], time.time() - 11, f"s:{station}"
    for i in range(11):
        longitude = DEPOT[0] + (i - 5) * 0.003
        utc = time.gmtime(begin + i)
        body = (f"GPRMC,{time.strftime('%H%M%S', utc)}.00,A,{degrees(DEPOT[1], 2, 'NS')},{degrees(longitude, 3, 'EW')},"
                f"25.0,90.0,{time.strftime('%d%m%y', utc)},,,A")
        lines.append(f"\\{block}*{checksum(block)}\\${body}*{checksum(body)}\r\n".encode())
    return lines


def passes(device, fence="lab-basin"):
    """The alerts of one passage: who, rule, fence, phase."""
    return [(device, "enter", fence, "event"), (device, "exit", fence, "event")]


def interleaved(tracks):
    """One line of each in turn, as they come from the air."""
    return [line for lines in zip(*tracks) for line in lines]
