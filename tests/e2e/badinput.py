#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""Bad input: every datagram is accounted for at every stage, and every malformed one is a dead letter.

Known datagrams of all kinds go over a veth pair through the kernel filter into a running gateway with a
broker behind it. Then the counters of each stage must add up, and the letters be what was sent, byte
for byte.
"""

import collections
import os
import random
import signal
import sys
import time

import rig
from rig import ok, sentence, total

SEED = int(os.environ.get("SEED", "20261122"))
BOX = [3.6, 51.8, 4.6, 52.2]

CONFIG = f"""site: test
ingest:
  listen: ["0.0.0.0:{rig.PORT}"]
prefilter:
  mode: MODE
  interfaces: [veth0]
  boxes: [{BOX}]
nats:
  servers: ["nats://127.0.0.1:4222"]
http:
  listen: "{rig.HTTP}"
"""

FRAGMENT = sentence("AIVDM,2,1,7,A,55?MbV02>BNL=KWGR20<5@TB0hEL4p4DhE=<0000000000000,0")


def with_byte(at, byte):
    """A good sentence with one byte replaced and the checksum put right."""
    body = "AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0"
    return sentence(body[:at] + chr(byte) + body[at + 1 :])


# (name, datagram, reason of its dead letter)
MALFORMED = [
    ("wrong checksum", b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0*25\r\n", "checksum"),
    ("no checksum", b"!AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0\r\n", "checksum"),
    ("empty", b"", "framing"),
    ("words", b"hello, is anybody there?", "framing"),
    ("HTTP", b"GET / HTTP/1.1\r\nHost: 10.77.0.1\r\n\r\n", "framing"),
    ("zeros", bytes(100), "framing"),
    ("SIP, from a port scan", b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/UDP nm;branch=foo\r\n\r\n", "framing"),
    ("over-long", sentence("AIVDM,1,1,,A," + "1" * 900 + ",0"), "too_long"),
    ("not ASCII", with_byte(20, 0xC4), "charset"),
    ("a control character", with_byte(20, 0x07), "charset"),
    ("too few fields", sentence("AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D"), "fields"),
    ("too many fields", sentence("AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0,9,9"), "fields"),
    ("part 3 of 2", sentence("AIVDM,2,3,1,A,13u?etPv2;0n:dDPwUM1U1Cb069D,0"), "fields"),
    ("payload outside of the alphabet", with_byte(20, ord("~")), "payload"),
    ("payload too short", sentence("AIVDM,1,1,,A,13u?et,0"), "payload"),
    ("fill bits of 7", sentence("AIVDM,1,1,,A,13u?etPv2;0n:dDPwUM1U1Cb069D,7"), None),
    ("longitude 200", rig.position(244660000, 200.0, 52.0), "position"),
    ("latitude -95", rig.position(244660000, 4.0, -95.0), "position"),
    ("MMSI 0", rig.position(0, 4.0, 52.0), "identity"),
    ("MMSI above nine digits", rig.position(1023456789, 4.0, 52.0), "identity"),
    ("an unfinished fragment", FRAGMENT, "fragment"),
    ("64 KB of a letter", b"A" * 65507, None),
    ("64 KB of sentences' beginnings", b"!AIVDM," * 9358, None),
]

GOOD = [
    ("inside the area", rig.position(244660001, 4.05, 51.98)),
    ("inside, another ship", rig.position(244660002, 4.10, 51.97)),
    ("outside the area", rig.position(211000001, 10.0, 54.0)),
    ("outside, southern", rig.position(503000001, 151.3, -33.9)),
    ("not available", rig.position(244660003, 181.0, 91.0)),
    ("a sentence of no use", sentence("GPDTM,W84,,0.0,N,0.0,E,0.0,W84")),
    ("two in one datagram", rig.position(244660001, 4.051, 51.98) + rig.position(244660002, 4.101, 51.97)),
]

# Sent before all else: something that the filter does not understand makes it cautious for a while.
OUTSIDE = [rig.position(211000100 + i, 10.0 + i / 10, 54.0) for i in range(50)]


def noise(count):
    """What a port scan or a confused sender leaves: random bytes, seldom anything like a sentence."""
    chance = random.Random(SEED)
    return [bytes(chance.randrange(256) for _ in range(chance.randrange(1, 400))) for _ in range(count)]


def mutated(count):
    """Good sentences with a few bytes changed, cut or doubled."""
    chance = random.Random(SEED + 1)
    result = []
    for _ in range(count):
        data = bytearray(chance.choice(GOOD)[1])
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(3)] = bytes(chance.randrange(256) for _ in range(chance.randrange(3)))
            data = data or bytearray(b"!")
        result.append(bytes(data))
    return result


def settled():
    """The metrics once nothing moves any more, unfinished fragments included."""
    last = {}

    def still():
        now = {k: v for k, v in rig.metrics().items() if k[0].endswith("_total") and not k[0].startswith("process_")}
        for volatile in ("weir_ingest_enters_total", "weir_prefilter_turns_total"):
            now.pop((volatile, ()), None)
        now = {k: v for k, v in now.items() if ("class", "status") not in k[1]}
        same = now == last
        last.clear()
        last.update(now)
        return same

    time.sleep(3.5)  # the decoder's fragment time-out
    quiet = 0
    for _ in range(40):
        quiet = quiet + 1 if still() else 0
        if quiet == 3:
            break
        time.sleep(0.3)
    return rig.metrics()


def check_sums(mode, m, sent, feeder):
    name = lambda text: f"{mode}: {text}"  # noqa: E731
    kernel = total(m, "weir_prefilter_packets_total")
    dropped = total(m, "weir_prefilter_packets_total", verdict="drop")
    received = total(m, "weir_socket_datagrams_total", outcome="received")
    lost = total(m, "weir_socket_datagrams_total", outcome="lost")
    offered = total(m, "weir_publish_offered_total", **{"class": "dlq"})
    letters = total(m, "weir_dlq_total")
    messages = total(m, "weir_messages_total") - total(m, "weir_messages_undecoded_total")
    messages += total(m, "weir_fixes_total")

    if mode != "off":
        ok(kernel == feeder.packets(), name("the filter saw every packet"), f"{kernel} of {feeder.packets()}")
        ok(dropped >= len(OUTSIDE), name("the filter dropped what is outside"), f"{dropped} of {len(OUTSIDE)}")
    ok(received + lost == sent - dropped, name("what passed the filter was received or counted as lost"), f"{received} + {lost} of {sent} - {dropped}")
    ok(lost == 0, name("nothing was lost in the socket at this rate"), lost)
    ok(total(m, "weir_datagrams_total") == received, name("datagram outcomes add up to what was received"))
    ok(
        total(m, "weir_sentences_total", outcome="malformed") == total(m, "weir_faults_total"),
        name("malformed sentences have a reason each"),
        f"{total(m, 'weir_sentences_total', outcome='malformed')} {total(m, 'weir_faults_total')}",
    )
    ok(
        total(m, "weir_reports_total") == messages,
        name("each message has one outcome in the engine"),
        f"{total(m, 'weir_reports_total')} {messages}",
    )
    ok(
        total(m, "weir_sentences_total", outcome="fragment")
        == total(m, "weir_fragments_joined_total") + total(m, "weir_fragments_lost_total") + total(m, "weir_fragments_pending"),
        name("each fragment was joined, lost or waits"),
    )
    bad = total(m, "weir_datagrams_total", outcome="malformed") + total(m, "weir_datagrams_total", outcome="partial")
    ok(letters == bad + total(m, "weir_fragments_lost_total"), name("each bad datagram and each lost fragment is a letter"), f"{letters} {bad}")
    ok(letters == offered, name("each dead letter was offered to the publisher"), f"{letters} {offered}")
    for kind in ("position", "static", "alert", "dlq"):
        outcomes = total(m, "weir_publish_total", **{"class": kind})
        pending = total(m, "weir_outbox_pending", **{"class": kind})
        wanted = total(m, "weir_publish_offered_total", **{"class": kind})
        ok(outcomes + pending == wanted, name(f"publish outcomes of {kind} add up"), f"{outcomes} + {pending} of {wanted}")
    for kind in ("position", "static", "alert"):
        events = total(m, "weir_events_total", kind=kind)
        wanted = total(m, "weir_publish_offered_total", **{"class": kind})
        ok(events == wanted, name(f"events of kind {kind} were all offered"), f"{events} {wanted}")


def check_letters(mode, m, subscriber, random_ones):
    name = lambda text: f"{mode}: {text}"  # noqa: E731
    wanted = total(m, "weir_publish_total", **{"class": "dlq", "outcome": "acked"})
    letters = rig.wait_for(lambda: len(got := subscriber.of("weir.v1.test.dlq.")) >= wanted and got) or []
    by_reason = collections.Counter(subject.rsplit(".", 1)[1] for subject, _, _ in letters)
    for reason, count in by_reason.items():
        ok(
            count == total(m, "weir_dlq_total", reason=reason),
            name(f"letters of reason {reason} are as many as were counted"),
            f"{count} {total(m, 'weir_dlq_total', reason=reason)}",
        )
    ok(
        sum(by_reason.values()) == total(m, "weir_dlq_total"),
        name("every dead letter arrived"),
        f"{sum(by_reason.values())} {total(m, 'weir_dlq_total')}",
    )
    arrived = collections.Counter(data for _, _, data in letters)
    sent = {data: reason for _, data, reason in MALFORMED}
    for text, data, reason in MALFORMED:
        found = [s.rsplit(".", 1)[1] for s, _, d in letters if d == data or d == data.rstrip(b"\r\n")]
        ok(
            found and (reason is None or set(found) == {reason}),
            name(f"{text}: a dead letter, {reason or 'whatever its reason'}, bytes untouched"),
            found or "no letter with these bytes",
        )
    known = set(sent) | {d.rstrip(b"\r\n") for d in sent} | set(random_ones)
    # A lost fragment is told by its sentence, without what stands around it in the datagram.
    strange = [d for d in arrived if d not in known and not any(d in r for r in random_ones)]
    ok(not strange, name("no letter holds bytes that were not sent"), strange[:3])
    headers = [h for _, h, _ in letters]
    ok(
        all(h.get("weir-reason") and h.get("weir-source") and h.get("ce-id") == h.get("Nats-Msg-Id") for h in headers),
        name("every letter tells its reason and its sender"),
        headers[:1],
    )


def run_mode(mode):
    random_ones = noise(300) + mutated(300)
    datagrams = [d for _, d, _ in MALFORMED] + [d for _, d in GOOD] + random_ones
    random.Random(SEED + 2).shuffle(datagrams)
    datagrams = OUTSIDE + datagrams
    with rig.scratch() as directory:
        broker = rig.Broker(directory)
        feeder = rig.Feeder()
        try:
            gateway = rig.Gateway(directory, CONFIG.replace("MODE", mode))
            if mode != "off" and ("prefilter: off" in (page := rig.get("/readyz")[1])):
                rig.skip(f"{mode}: the kernel filter", page.replace("\n", " "))
                return
            rig.wait_for(lambda: rig.total(rig.metrics(), "weir_nats_connected") == 1)
            subscriber = rig.Subscriber()
            for datagram in datagrams:
                feeder.send(datagram)
            ok(feeder.sync() == len(datagrams), f"{mode}: {len(datagrams)} datagrams sent, seed {SEED}")
            m = settled()
            check_sums(mode, m, len(datagrams), feeder)
            check_letters(mode, m, subscriber, random_ones)
            ok(rig.get("/livez")[0] == 200, f"{mode}: the gateway is alive after it all")
            status = gateway.end()
            ok(status == 0, f"{mode}: and ends with 0", f"{status}\n{gateway.err.decode()[-2000:]}")
            subscriber.close()
        finally:
            feeder.close()
            broker.end()


def run_overload():
    """A gateway that does not come to receive for a while loses datagrams, and knows how many."""
    config = CONFIG.replace("MODE", "off").replace("prefilter:", "  receive_buffer_bytes: 65536\nprefilter:")
    with rig.scratch() as directory:
        feeder = rig.Feeder()
        try:
            gateway = rig.Gateway(directory, config.split("nats:")[0] + f'http:\n  listen: "{rig.HTTP}"\n')
            gateway.child.send_signal(signal.SIGSTOP)
            for i in range(5000):
                feeder.send(rig.position(244660000 + i % 100, 4.05, 51.98, sog=i // 100))  # the same twice is one
            feeder.sync()
            gateway.child.send_signal(signal.SIGCONT)
            time.sleep(0.5)
            feeder.send(b"the kernel tells the loss with the next datagram")
            sent = feeder.sync()
            m = rig.wait_for(lambda: total(m := rig.metrics(), "weir_socket_datagrams_total") == sent and m)
            lost = total(m or rig.metrics(), "weir_socket_datagrams_total", outcome="lost")
            ok(m and lost > 0, f"overload: received and lost add up to the {sent} that were sent, {lost} lost", lost)
            ok(m and total(m, "weir_datagrams_total") == sent - lost, "overload: what was received was handled")
            gateway.end()
            events = len(gateway.out.splitlines())
            ok(events == sent - lost - 1, "overload: and came out as events", f"{events} {sent} {lost}")
        finally:
            feeder.close()


def run_frozen():
    """A broker that accepts no more bytes must not hold up the worker; what is dropped is counted."""
    count = 60000
    with rig.scratch() as directory:
        broker = rig.Broker(directory)
        feeder = rig.Feeder()
        try:
            gateway = rig.Gateway(directory, CONFIG.replace("MODE", "off"))
            rig.wait_for(lambda: rig.total(rig.metrics(), "weir_nats_connected") == 1)
            broker.child.send_signal(signal.SIGSTOP)
            for i in range(count):
                feeder.send(b"junk" if i % 1000 == 0 else rig.position(244660000 + i % 1000, 4.05, 51.98, sog=i // 1000))
            feeder.sync()
            received = rig.wait_for(lambda: total(m := rig.metrics(), "weir_datagrams_total") == count and m, 30)
            ok(received, "frozen broker: every datagram is received and handled")
            ok(rig.get("/livez")[0] == 200, "frozen broker: the gateway is alive")
            broker.child.send_signal(signal.SIGCONT)

            def settled_again():
                m = rig.metrics()
                return total(m, "weir_publish_total", **{"class": "dlq", "outcome": "acked"}) == count / 1000 and m

            m = rig.wait_for(settled_again, 60) or rig.metrics()
            ok(settled_again(), "frozen broker: no dead letter is lost", [i for i in m.items() if "dlq" in str(i) and i[1]])
            for kind in ("position", "static", "alert", "dlq"):
                outcomes = total(m, "weir_publish_total", **{"class": kind}) + total(m, "weir_outbox_pending", **{"class": kind})
                offered = total(m, "weir_publish_offered_total", **{"class": kind})
                ok(outcomes == offered, f"frozen broker: publish outcomes of {kind} add up", f"{outcomes} of {offered}")
            dropped = sum(v for (n, ls), v in m.items() if n == "weir_publish_total" and ("class", "position") in ls and "dropped" in str(ls))
            print(f"# {int(dropped)} positions were dropped while the broker was frozen")
            ok(gateway.end() == 0, "frozen broker: ends with 0", gateway.err.decode())
        finally:
            broker.child.send_signal(signal.SIGCONT)
            feeder.close()
            broker.end()


def main():
    rig.private()
    for mode in sys.argv[1:] or ("native", "generic", "off"):
        if mode != "overload":
            run_mode(mode)
    run_overload()
    run_frozen()
    rig.done()


main()
