"""Answer to audio, from packets; the bytes are laid out as RFC 3261, 3550 and 4566 say."""

import pytest

from lab.bench.answer import Packet, answer_delays, is_audible

SILENCE, LOUD, FAINT = b"\xff", b"\x80", b"\xdf"


def ok(call: str, port: int, cseq: str = "102 INVITE") -> bytes:
    lines = [
        "SIP/2.0 200 OK",
        f"Call-ID: {call}",
        f"CSeq: {cseq}",
        "",
        "v=0",
        f"m=audio {port} RTP/AVP 0 101",
    ]
    return "\r\n".join(lines).encode()


def rtp(sample: bytes, payload_type: int = 0) -> bytes:
    return bytes([0x80, payload_type]) + bytes(10) + sample * 160


def test_from_the_answer_to_the_first_packet_that_is_not_silence() -> None:
    sip = [Packet(10.0, 5060, ok("a", 14000))]
    media = [
        Packet(10.01, 14000, rtp(SILENCE)),
        Packet(10.03, 14002, rtp(LOUD)),
        Packet(10.05, 14000, rtp(LOUD)),
        Packet(10.07, 14000, rtp(LOUD)),
    ]
    assert answer_delays(sip, media) == [pytest.approx(0.05)]


def test_an_answer_sent_again_counts_from_the_first_time() -> None:
    sip = [Packet(10.0, 5060, ok("a", 14000)), Packet(10.5, 5060, ok("a", 14000))]
    assert answer_delays(sip, [Packet(10.6, 14000, rtp(LOUD))]) == [pytest.approx(0.6)]


def test_other_messages_are_no_answers() -> None:
    sip = [
        Packet(1.0, 5060, ok("a", 14000, cseq="7 OPTIONS")),
        Packet(2.0, 5060, ok("b", 14002).replace(b"200 OK", b"180 Ringing")),
        Packet(3.0, 5060, ok("c", 14004, cseq="103 BYE")),
    ]
    assert answer_delays(sip, [Packet(4.0, 14000, rtp(LOUD))]) == []


def test_a_port_that_serves_two_calls_gives_each_its_own_audio() -> None:
    sip = [Packet(20.0, 5060, ok("b", 14000)), Packet(10.0, 5060, ok("a", 14000))]
    assert answer_delays(sip, [Packet(20.02, 14000, rtp(LOUD))]) == [None, pytest.approx(0.02)]


@pytest.mark.parametrize(
    ("data", "audible"),
    [
        (rtp(LOUD), True),
        (rtp(b"\x00"), True),
        (rtp(SILENCE), False),
        (rtp(b"\x7f"), False),
        (rtp(FAINT), False),
        (rtp(SILENCE) + LOUD, True),
        (rtp(LOUD, payload_type=0x80), True),
        (rtp(LOUD, payload_type=101), False),
        (rtp(LOUD)[:12], False),
        (b"", False),
        (b"OPTIONS sip:x", False),
    ],
    ids=[
        "loudest", "loudest_negative", "silence", "negative_silence", "faint", "one_loud_sample",
        "first_packet_with_marker", "a_key", "header_only", "empty", "not_rtp",
    ],
)  # fmt: skip
def test_audible_is_what_is_louder_than_minus_31_dbfs(data: bytes, audible: bool) -> None:
    assert is_audible(data) is audible
