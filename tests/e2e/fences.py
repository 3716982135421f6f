#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""weir fences: what it says of good and of bad files, what it draws, what it puts into a bucket. Says TAP."""
import json
import os
import socket
import subprocess
import tempfile

import rig

HERE = tempfile.mkdtemp(prefix="weir-fences-")


def feature(fence, geometry, rules=({"rule": "enter"},), **properties):
    return {"type": "Feature", "properties": {"id": fence, "rules": list(rules), **properties}, "geometry": geometry}


def polygon(*ring):
    return {"type": "Polygon", "coordinates": [list(ring)]}


GOOD = [
    feature("buoy", {"type": "Point", "coordinates": [179.999, 52]}, radius_m=500, name="Buoy 7"),
    feature("fairway", {"type": "LineString", "coordinates": [[4, 52], [4.1, 52.05]]}, half_width_m=200,
            filter={"ship_type": ["70-89"]}),
    feature("entrance", {"type": "LineString", "coordinates": [[4, 52], [4.1, 52.05]]}, rules=(), gate=True),
    feature("rd", polygon([92000, 437000], [102000, 437000], [102000, 447000], [92000, 447000], [92000, 437000]),
            crs="EPSG:28992", schedule={"time_zone": "Europe/Amsterdam"}),
    feature("bow", polygon([0, 0], [2, 2], [2, 0], [0, 2], [0, 0]), repair=True),
]


def write(name, content):
    path = os.path.join(HERE, name)
    with open(path, "w", encoding="utf-8") as file:
        if isinstance(content, str):
            file.write(content)
        else:
            json.dump({"type": "FeatureCollection", "features": content}, file)
    return path


def fences(*words):
    done = subprocess.run([rig.WEIR, "fences", *words], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def files():
    good = write("good.geojson", GOOD)
    code, out, _ = fences("check", good)
    rig.ok(code == 0 and "5 fences, no problem" in out, "a good file has no problem", out)
    lines = out.splitlines()
    rig.ok([line.split()[:2] for line in lines[1:6]] ==
           [["bow", "polygon"], ["buoy", "circle"], ["entrance", "gate"], ["fairway", "corridor"], ["rd", "polygon"]],
           "it is listed by id, with what each fence is", out)
    rig.ok(any(line.startswith("EPSG:28992: ") and "RD New" in line and "accurate to" in line for line in lines),
           "and which transformation was taken for another reference system", out)

    bad = write("bad.geojson", '{"type":"FeatureCollection","features":[\n' + ",\n".join(json.dumps(f) for f in [
        feature("a", {"type": "Point", "coordinates": [4, 52]}),
        feature("b", polygon([0, 0], [2, 2], [2, 0], [0, 2], [0, 0])),
        feature("c", polygon([4.1, 51.9], [4.2, 51.9], [4.2, 52], [4.1, 51.9]), crs="EPSG:28992"),
    ]) + "]}")
    code, out, err = fences("check", bad, good)
    rig.ok(code == 78 and out == "", "a bad file is refused as a whole", out)
    rig.ok(all(f"bad.geojson:{line}:1: " in err for line in (2, 3, 4)) and len(err.splitlines()) == 3,
           "each problem is told with its place", err)
    rig.ok("needs 'radius_m'" in err and "Self-intersection at [1.0000000, 1.0000000]" in err and
           "outside of the area of use of EPSG:28992" in err, "and with its reason", err)
    return good


def drawing(good):
    code, out, err = fences("export", good)
    drawn = {f["properties"]["id"]: f for f in json.loads(out)["features"]} if code == 0 else {}
    rig.ok(len(drawn) == 5, "fences are drawn as GeoJSON", err)
    buoy = drawn["buoy"]
    rig.ok(buoy["properties"]["radius_m"] == 500 and buoy["properties"]["name"] == "Buoy 7" and
           len(buoy["geometry"]["coordinates"]) == 2, "a circle over the antimeridian is two parts and a radius", buoy)
    inside = all(-180 <= x <= 180 for f in drawn.values() for x in longitudes(f["geometry"]["coordinates"]))
    rig.ok(inside, "no longitude is beyond 180 degrees")
    rd = list(longitudes(drawn["rd"]["geometry"]["coordinates"]))
    rig.ok(all(4.4 < x < 4.7 for x in rd), "another reference system is drawn in WGS 84", rd[:5])
    rig.ok(len(drawn["bow"]["geometry"]["coordinates"]) == 2, "a repaired bow tie is two triangles")
    rig.ok(drawn["buoy"]["properties"]["rules"][0]["confirm_fixes"] == 2, "defaults are filled in")


def round_trip(good):
    limited = write("limited.geojson", [
        feature("night", polygon([4, 51], [5, 51], [5, 52], [4, 51]), margin_m=250.1, exit_buffer_m=12.5, name="Nachts",
                filter={"class": ["A", "B"], "ship_type": [30, "70-89"], "mmsi": [244000001, "245000000-245999999"],
                        "min_length_m": 20.5, "max_sog_kn": 12, "nav_status": [0, "5-8"]},
                schedule={"time_zone": "Europe/Amsterdam", "valid_from": "2026-05-01T00:00:00.25", "valid_to": "2027-01-01T00:00:00Z",
                          "windows": [{"days": ["fri-mon"], "from": "22:00", "to": "06:30"}, {"to": "24:00"}]}),
        feature("hole", {"type": "Polygon", "coordinates": [[[170.1, 1], [-170, 1], [-170, 9], [170.1, 9], [170.1, 1]],
                                                            [[179, 3], [179, 4], [-179, 4], [-179, 3], [179, 3]]]}),
        feature("line", {"type": "LineString", "coordinates": [[179.5, 52.1], [-179.7, 52.05], [-179.1, 52]]}, half_width_m=333.3),
        feature("gate", {"type": "LineString", "coordinates": [[-179.7, 52.05], [179.9, 52]]}, rules=(), gate=True),
    ])
    for name, source in (("shapes", good), ("limits", limited)):
        code, text, err = fences("export", "--loadable", source)
        again = write("again.geojson", text)
        listed = [fences("check", file)[1] for file in (source, again)]
        fences_only = [[line for line in said.splitlines() if not line.startswith("EPSG")] for said in listed]
        rig.ok(code == 0 and fences_only[0] == fences_only[1] and "no problem" in listed[1], f"{name}: what was exported is a good file",
               err + fences("check", again)[2])
        rig.ok(fences("export", "--loadable", again)[1] == text, f"{name}: and gives the same fences")
    shown = {f["properties"]["id"]: f["properties"] for f in json.loads(text)["features"]}["night"]
    rig.ok(shown["filter"] == {"class": ["A", "B"], "ship_type": [30, "70-89"], "mmsi": [244000001, "245000000-245999999"],
                               "min_length_m": 20.5, "max_sog_kn": 12, "nav_status": [0, "5-8"]}, "a filter is given back", shown)
    rig.ok(shown["schedule"] == {"time_zone": "Europe/Amsterdam", "valid_from": "2026-04-30T22:00:00.250000Z",
                                 "valid_to": "2027-01-01T00:00:00Z",
                                 "windows": [{"days": ["mon", "fri", "sat", "sun"], "from": "22:00", "to": "06:30"},
                                             {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "24:00"}]},
           "and so is a schedule", shown)


def windows():
    counted = write("windows.geojson", json.dumps(feature(
        "quay", polygon([4, 51], [5, 51], [5, 52], [4, 51]), windows=[{"window_s": 3600}, {"window_s": 600, "slide_s": 60}])))
    code, out, err = fences("check", counted)
    rig.ok(code == 0 and "+2 windows" in out, "windows are listed", out + err)
    code, out, err = fences("export", counted)
    drawn = json.loads(out)["features"][0]["properties"]["windows"] if code == 0 else None
    rig.ok(drawn == [{"window_s": 3600, "slide_s": 3600, "lateness_s": 60}, {"window_s": 600, "slide_s": 60, "lateness_s": 60}],
           "and exported with their defaults", err)
    wrong = write("wrong.geojson", json.dumps(feature("quay", polygon([4, 51], [5, 51], [5, 52], [4, 51]), windows=[{"window_s": 0}])))
    code, out, err = fences("check", wrong)
    rig.ok(code == 78 and "wrong.geojson:1:1: " in err and "'window_s' must be a number of seconds" in err,
           "a wrong one is refused with place and reason", err)


def longitudes(coordinates):
    if isinstance(coordinates[0], (int, float)):
        yield coordinates[0]
        return
    for part in coordinates:
        yield from longitudes(part)


def usage():
    for words in ((), ("draw", "x"), ("check",), ("check", "--margin-m", "-1", "x"), ("check", "--what", "x")):
        code, _, err = fences(*words)
        rig.ok(code == 2 and err.startswith("weir: fences: "), f"wrong usage is told: {' '.join(words) or 'nothing'}", err)
    code, _, err = fences("check", os.path.join(HERE, "absent.geojson"))
    rig.ok(code == 78 and "No such file" in err, "a file that is not there is told", err)


def bucket(good):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"nats://127.0.0.1:{port}"
    code, _, err = fences("push", "-s", url, good)
    rig.ok(code == 1 and url in err, "a broker that is away is told", err)

    server = subprocess.Popen(["/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd",
                               os.path.join(HERE, "store")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        code, out, err = fences("push", "-s", url, good)
        rig.ok(code == 0 and out.count(" is revision ") == 5, "fences are put into the bucket", out + err)
        code, out, err = fences("push", "-s", url, good)
        rig.ok(code == 0 and out.count(" is unchanged") == 5, "what is there already is left alone", out + err)
        fewer = write("fewer.geojson", GOOD[:3] + [feature("rd", polygon([0, 0], [1, 0], [1, 1], [0, 0]))])
        code, out, err = fences("push", "--prune", "-s", url, fewer)
        rig.ok(code == 0 and out.splitlines()[3:] == ["rd is revision 6", "bow is deleted"],
               "what has changed is put, what is gone is deleted when asked for", out + err)
        bad = write("worse.geojson", [feature("x", {"type": "Point", "coordinates": [4, 52]})])
        code, out, _ = fences("push", "-s", url, bad)
        rig.ok(code == 78 and out == "", "nothing of a bad file reaches the bucket", out)
    finally:
        server.kill()
        server.wait()


def main():
    rig.private()
    good = files()
    drawing(good)
    round_trip(good)
    windows()
    usage()
    bucket(good)
    subprocess.run(["rm", "-rf", HERE], check=False)
    rig.done()


if __name__ == "__main__":
    main()
