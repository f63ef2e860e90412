"""From captured packets to the time between an answer and the first that can be heard of it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

_RTP_HEADER_BYTES = 12
_PCMU = 0
_LOUD = 0x30
"""ITU-T G.711, mu-law: from this code on a sample lies above -31 dBFS."""
_MEDIA_PORT = re.compile(rb"^m=audio (\d+) ", re.MULTILINE)
_CALL_ID = re.compile(rb"^Call-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)
_INVITE = re.compile(rb"^CSeq: *\d+ INVITE", re.MULTILINE | re.IGNORECASE)


class Packet(NamedTuple):
    """One UDP packet."""

    at: float
    """Seconds since the epoch."""
    to_port: int
    data: bytes


def answer_delays(sip: Iterable[Packet], rtp: Iterable[Packet]) -> list[float | None]:
    """Seconds from each answered call's first 200 to its first audible packet, in order of answer.

    ``sip``: what the carrier sent; ``rtp``: what it received. None: nothing audible came.
    """
    audible: dict[int, list[float]] = defaultdict(list)
    for packet in rtp:
        if is_audible(packet.data):
            audible[packet.to_port].append(packet.at)
    answers = _answers(sip)
    delays: list[float | None] = []
    for place, (at, port) in enumerate(answers):
        # A port may serve a later call too.
        until = min((t for t, p in answers[place + 1 :] if p == port), default=float("inf"))
        heard = (moment for moment in audible[port] if at <= moment < until)
        first = next(heard, None)
        delays.append(None if first is None else first - at)
    return delays


def is_audible(data: bytes) -> bool:
    """Whether a packet is RTP in mu-law and holds anything louder than -31 dBFS."""
    if len(data) <= _RTP_HEADER_BYTES or data[0] >> 6 != 2 or data[1] & 0x7F != _PCMU:
        return False
    return any(~octet & 0x7F >= _LOUD for octet in data[_RTP_HEADER_BYTES:])


def _answers(sip: Iterable[Packet]) -> list[tuple[float, int]]:
    """When each call was answered, and the port at which the carrier then waits for its audio."""
    found: dict[bytes, tuple[float, int]] = {}
    for packet in sip:
        if not packet.data.startswith(b"SIP/2.0 200 ") or not _INVITE.search(packet.data):
            continue
        call, port = _CALL_ID.search(packet.data), _MEDIA_PORT.search(packet.data)
        if call and port:
            found.setdefault(call[1], (packet.at, int(port[1])))
    return sorted(found.values())
