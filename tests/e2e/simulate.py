#!/usr/bin/env python3
"""weir simulate and weir replay as a user calls them: what arrives, and when."""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

WEIR = os.environ.get("WEIR", "build/weir")
START = "2026-11-22T05:14:25Z"
results = []


def check(name, good, why=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    if not good and why:
        print("# " + str(why).replace("\n", "\n# "))


def weir(*args, **options):
    return subprocess.run([WEIR, *args], capture_output=True, timeout=60, check=False, **options)


class Ear:
    """A UDP socket on a free port of the loopback."""

    def __init__(self, family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        self.socket.settimeout(0.3)
        host = "127.0.0.1" if family == socket.AF_INET else "[::1]"
        self.to = f"{host}:{self.socket.getsockname()[1]}"

    def hear(self):
        """All that has come, as (time, bytes)."""
        heard = []
        try:
            while True:
                heard.append((time.monotonic(), self.socket.recv(70000)))
        except TimeoutError:
            return heard

    def hear_while(self, *args):
        """Runs weir and listens until it has ended and all has come."""
        heard = []
        with subprocess.Popen([WEIR, *args], stderr=subprocess.PIPE) as process:
            while process.poll() is None:
                heard += self.hear()
            heard += self.hear()
            self.errors = process.stderr.read().decode()
            self.status = process.returncode
        return heard


def simulation():
    one = weir("simulate", "--seed", "7", "--start", START, "--seconds", "30")
    two = weir("simulate", "--seed", "7", "--start", START, "--seconds", "30")
    other = weir("simulate", "--seed", "8", "--start", START, "--seconds", "30")
    check("the same seed and start give the same bytes", one.stdout == two.stdout and len(one.stdout) > 10000)
    check("another seed gives others", one.stdout != other.stdout)
    lines = one.stdout.split(b"\r\n")
    check("every line is a sentence of at most 80 characters",
          all(line.startswith(b"!AIVDM,") and len(line) <= 80 for line in lines[:-1]) and lines[-1] == b"")

    ear = Ear()
    heard = ear.hear_while("simulate", "--to", ear.to, "--seed", "7", "--start", START, "--seconds", "30",
                           "--rate", "30")
    check("the datagrams are the lines", b"".join(data for _, data in heard) == one.stdout, ear.errors)
    check("each datagram is one sentence", all(data.count(b"\n") == 1 for _, data in heard))
    span = heard[-1][0] - heard[0][0]
    check("--rate 30 sends half a minute in a second", 0.8 < span < 2, f"{span:.2f} s")
    check("the summary says how many were sent", f"sent {len(heard)} datagrams" in ear.errors, ear.errors)

    heard = ear.hear_while("simulate", "--to", ear.to, "--pps", "2000", "--seconds", "60")
    span = heard[-1][0] - heard[0][0]
    rate = len(heard) / span
    check("--pps 2000 sends 2000 a second", 1500 < rate < 2300, f"{rate:.0f} a second")

    six = Ear(socket.AF_INET6)
    heard = six.hear_while("simulate", "--to", six.to, "--vessels", "20", "--seconds", "20", "--rate", "100")
    check("IPv6 addresses are understood", len(heard) > 10, six.errors)

    tagged = weir("simulate", "--tag=antenna-west", "--start", START, "--seconds", "10").stdout
    check("--tag puts time and station before each sentence",
          all(b"s:antenna-west,c:17" in line for line in tagged.split(b"\r\n")[:-1]) and tagged)

    process = subprocess.Popen([WEIR, "simulate", "--to", ear.to], stderr=subprocess.PIPE)
    time.sleep(0.5)
    process.terminate()
    errors = process.communicate(timeout=5)[1].decode()
    check("SIGTERM ends it in good order, with its summary", process.returncode == 0 and "sent" in errors, errors)

    for args, name in ((["--vessels", "0"], "no vessels"), (["--rate", "fast"], "a rate that is no number"),
                       (["--start", "yesterday"], "a time that is none"),
                       (["--start", "9999-12-31T23:59:59"], "a time that nanoseconds don't reach"), (["--malformed", "101"], "101 percent"),
                       (["--no-such"], "an unknown option"), (["one", "two"], "a surplus word"), (["a.yaml", "--vessels", "3"], "a scenario, and an option of the fleet"),
                       (["--to", ear.to, "--output", "x"], "to a port and to a file")):
        result = weir("simulate", *args)
        check(f"wrong usage is refused with status 2: {name}", result.returncode == 2
              and result.stderr.startswith(b"weir: ") and result.stdout == b"", result.stderr)
    result = weir("simulate", "--to", "nowhere", "--seconds", "1")
    check("an address without a port is an error", result.returncode == 1 and b"nowhere" in result.stderr)
    for port in ("0", "65536", "99999", "x"):
        result = weir("simulate", "--to", f"127.0.0.1:{port}", "--seconds", "1", "--rate", "max")
        check(f"{port} is no port: an error", result.returncode == 1 and port.encode() in result.stderr, result.stderr)
    with open("/dev/full", "wb") as full:
        result = subprocess.run([WEIR, "simulate", "--seconds", "60"], stdout=full, stderr=subprocess.PIPE, check=False)
    check("a full disk is an error and not a short simulation", result.returncode == 1
          and b"No space left" in result.stderr and b"simulated" not in result.stderr, result.stderr)
    process = subprocess.Popen([WEIR, "simulate", "--seconds", "3600"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    process.wait(10)
    check("a reader that has had enough is no error", process.returncode == 0, process.stderr.read())
    process.stderr.close()


SCENARIO = """start: 2026-09-10T06:00:00Z
duration_s: 30
seed: 3
marks: [{at_s: 10, text: half past}]
devices:
  - {mmsi: 244660001, name: EXAMPLE, interval_s: 5, speed_kn: 10, noise_m: 15, route: [{at: [4, 52]}, {at: [4.1, 52]}]}
  - {id: truck-1, class: gps, interval_s: 5, route: [{at: [4, 52]}]}
"""


def scenario(folder):
    path = os.path.join(folder, "scenario.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCENARIO)
    one = weir("simulate", path)
    check("a scenario is played", one.returncode == 0 and one.stdout.count(b"\n") == 21, one.stderr.decode())
    check("the same file twice gives the same bytes", weir("simulate", path).stdout == one.stdout)
    check("its summary says what was played", b"25 s of 2 devices: 12 positions, 1 other messages, 20 datagrams" in one.stderr, one.stderr)
    check("each sentence has its time and its station", all(line.startswith(b"\\") and b"c:178902" in line for line in one.stdout.split(b"\r\n")[:-1]
                                                            if not line.startswith(b"#")), one.stdout)
    check("a mark is a line of comment", b"\n# half past\n" in one.stdout, one.stdout)
    output = os.path.join(folder, "out.nmea")
    quiet = weir("simulate", path, "--output", output, "-q")
    with open(output, "rb") as file:
        check("--output writes the same to a file", file.read() == one.stdout and quiet.stdout == b"" and quiet.stderr == b"", quiet)
    ear = Ear()
    heard = ear.hear_while("simulate", path, "--to", ear.to, "--rate", "30")
    lines = [line + b"\r\n" for line in one.stdout.replace(b"# half past\n", b"").split(b"\r\n")[:-1]]
    check("to a port go the same datagrams, without the comment", [data for _, data in heard] == lines, ear.errors)
    span = heard[-1][0] - heard[0][0] if heard else 0
    check("--rate 30 plays half a minute in a second", 0.6 < span < 2, f"{span:.2f} s")
    short = weir("simulate", path, "--seconds", "11", "-q").stdout
    check("--seconds ends it earlier", one.stdout.startswith(short) and 0 < len(short) < len(one.stdout))
    now = int(time.time())
    later = weir("simulate", path, "--start", "now", "-q").stdout
    times = sorted({int(line.split(b"c:")[1][:10]) for line in later.split(b"\r\n") if b"c:" in line})
    check("--start gives it another time", 0 <= times[0] - now < 30 and times[-1] - times[0] == 25, times)
    with open(path, "a", encoding="utf-8") as file:
        file.write("colour: red\nevents: 3\n")
    bad = weir("simulate", path)
    check("a bad one is told with each fault and its place, status 78", bad.returncode == 78 and bad.stdout == b""
          and f"{path}:8:1: unknown key 'colour'".encode() in bad.stderr and b":9:1: unknown key 'events'" in bad.stderr, bad.stderr)
    absent = weir("simulate", os.path.join(folder, "absent.yaml"))
    check("one that is not there is told", absent.returncode == 78 and b"absent.yaml: can't be opened" in absent.stderr, absent.stderr)
    for place, why in (("/dev/full", b"No space left"), (os.path.join(folder, "no", "file"), b"No such file")):
        full = weir("simulate", "--seconds", "60", "--output", place)
        check(f"an output that can't be written is an error: {why.decode()}", full.returncode == 1 and why in full.stderr, full.stderr)


SENTENCE = b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26"


def tag(content):
    checksum = 0
    for byte in content:
        checksum ^= byte
    return b"\\%s*%02X\\" % (content, checksum)


def replay(folder):
    def recording(name, content):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    ear = Ear()
    odd = [b"!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*26,r003669945,1272412824",
           b"\xff\xfe noise \x01", b"$GPGSV,4,1,15,05,00,000,17*77", b"!AIVDM,broken"]
    heard = ear.hear_while("replay", recording("odd", b"# a comment\r\n\r\n" + b"\r\n".join(odd) + b"\r\n"),
                           "--to", ear.to, "--fast")
    check("every line goes out with its bytes untouched, comments and empty lines left out",
          [data.rstrip(b"\r\n") for _, data in heard] == odd, heard)

    pghp = b"$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B*5B"
    heard = ear.hear_while("replay", recording("pghp", pghp + b"\r\n" + SENTENCE + b"\r\n" + SENTENCE + b"\r\n"),
                           "--to", ear.to, "--fast")
    check("a $PGHP line goes in the datagram of its sentence, others each in their own",
          [data.count(b"\n") for _, data in heard] == [2, 1] and heard[0][1].startswith(pghp), heard)

    timed = recording("timed", b"".join(tag(b"c:%d" % second) + SENTENCE + b"\r\n"
                                        for second in (1000000000, 1000000001, 1000000000, 1000000002, 1000009999)))
    heard = ear.hear_while("replay", timed, "--to", ear.to, "--speed", "2", "--gap", "2")
    at = [moment - heard[0][0] for moment, _ in heard]
    check("times set the pace, steps back are not waited for, long gaps are cut",
          len(at) == 5 and all(abs(is_ - should) < 0.4 for is_, should in zip(at, (0, 0.5, 0.5, 1.0, 2.0))), at)

    plain = recording("plain", (SENTENCE + b"\r\n") * 100)
    heard = ear.hear_while("replay", plain, "--to", ear.to, "--pps", "200")
    span = heard[-1][0] - heard[0][0]
    check("a recording without times goes at --pps", len(heard) == 100 and 0.4 < span < 0.9, f"{span:.2f} s")

    with open(plain, "rb") as file:
        weir("replay", "-", "--to", ear.to, "--fast", stdin=file)
    check("- is standard input", len(ear.hear()) == 100)

    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([WEIR, "replay", "-", "--to", ear.to], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.3)
        process.send_signal(number)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
        check(f"{number.name} ends it while it waits for input", process.wait() == 0)
        process.stdin.close()
        process.stderr.close()

    result = weir("replay", os.path.join(folder, "absent"), "--to", ear.to)
    check("a file that is not there is an error with its name", result.returncode == 1 and b"absent" in result.stderr)
    check("replay without --to is wrong usage", weir("replay", plain).returncode == 2)


simulation()
with tempfile.TemporaryDirectory() as directory:
    scenario(directory)
    replay(directory)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
