"""Recorded byte streams of Asterisk 22, cut at every place."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from fastagi_server import wire
from fastagi_server.wire import (
    ClosedError,
    DeadlineError,
    MalformedError,
    OversizeError,
    Reply,
    Wire,
)

HEADER = (
    b"agi_network: yes\nagi_network_script: answered\n"
    b"agi_request: agi://127.0.0.1:4573/answered\nagi_channel: PJSIP/voip_issabel-00000000\n"
    b"agi_uniqueid: 01ARZ3NDEKTSV4RRFFQ69G5FAV\nagi_accountcode: \nagi_arg_1: es_MX/x\n\n"
)
USAGE = (
    b"520-Invalid command syntax.  Proper usage follows:\n"
    b"Send the given file, allowing playback to be interrupted by the given digits.\n"
    b"\n"
    b"520 End of proper usage.\n"
)
STREAM = (
    HEADER
    + b"200 result=49 endpos=9760\n"
    + USAGE
    + b"HANGUP\n511 Command Not Permitted on a dead channel or intercept routine\n"
    + b"200 result=1\n"
)


class Peer:
    """Asterisk's end; each ``send`` arrives in a read of its own."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def send(self, *parts: bytes) -> None:
        for part in parts:
            if part:
                self.theirs.send(part)

    def wire(self, seconds: float = 10.0) -> Wire:
        return Wire(self.ours, seconds)

    def close(self) -> None:
        self.theirs.close()
        self.ours.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    made = Peer()
    yield made
    made.close()


def read_all(connection: Wire) -> tuple[dict[str, str], list[Reply]]:
    return connection.read_header(), [connection.read_reply(5) for _ in range(4)]


@pytest.mark.parametrize("cut", range(1, len(STREAM)))
def test_reads_the_same_wherever_the_stream_is_cut(peer: Peer, cut: int) -> None:
    peer.send(STREAM[:cut], STREAM[cut:])
    connection = peer.wire()

    header, replies = read_all(connection)

    assert header["agi_uniqueid"] == "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    assert header["agi_request"] == "agi://127.0.0.1:4573/answered"
    assert header["agi_accountcode"] == ""
    assert [reply.code for reply in replies] == [200, 520, 511, 200]
    assert replies[0].text == "result=49 endpos=9760"
    assert replies[1].text.splitlines()[1].startswith("Send the given file")
    assert connection.hung_up


def test_reads_byte_by_byte(peer: Peer) -> None:
    peer.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * 1024 * 1024)
    short = b"agi_network_script: ended\n\nHANGUP\n200 result=1\n"
    peer.send(*(short[n : n + 1] for n in range(len(short))))
    connection = peer.wire()
    assert connection.read_header() == {"agi_network_script": "ended"}
    assert connection.read_reply(5) == Reply(200, "result=1")


@pytest.mark.parametrize("end", range(len(STREAM)))
def test_an_end_of_file_anywhere_is_its_own_error(peer: Peer, end: int) -> None:
    peer.send(STREAM[:end])
    peer.theirs.close()
    with pytest.raises(ClosedError):
        read_all(peer.wire())


def test_a_hangup_line_is_skipped_before_any_reply_and_remembered(peer: Peer) -> None:
    peer.send(b"HANGUP\n200 result=0\nHANGUP\nHANGUP\n200 result=1 (HANGUP)\n")
    connection = peer.wire()
    assert not connection.hung_up
    assert connection.read_reply(5) == Reply(200, "result=0")
    assert connection.hung_up
    assert connection.read_reply(5) == Reply(200, "result=1 (HANGUP)")


def test_a_usage_error_of_one_line(peer: Peer) -> None:
    peer.send(b"520 Invalid command syntax.  Proper usage not available.\n")
    assert peer.wire().read_reply(5).code == 520


def test_bytes_that_are_not_utf8_do_not_end_the_call(peer: Peer) -> None:
    peer.send(b"agi_calleridname: Jos\xe9 \xff\n\n")
    assert peer.wire().read_header() == {"agi_calleridname": "Jos\ufffd \ufffd"}


@pytest.mark.parametrize("line", [b"no colon\n", b"\xff\xfe\n"])
def test_a_header_that_is_not_agi_is_refused(peer: Peer, line: bytes) -> None:
    peer.send(line)
    with pytest.raises(MalformedError):
        peer.wire().read_header()


@pytest.mark.parametrize("line", [b"\n", b"hangup\n", b"20 result=1\n", b"HTTP/1.1 200 OK\n"])
def test_a_reply_that_is_not_agi_is_refused(peer: Peer, line: bytes) -> None:
    peer.send(line)
    with pytest.raises(MalformedError):
        peer.wire().read_reply(5)


def test_too_many_header_lines(peer: Peer) -> None:
    peer.send(b"a: b\n" * (wire.MAX_HEADER_LINES + 1))
    with pytest.raises(OversizeError):
        peer.wire().read_header()


@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_a_header_line_that_is_too_long_whether_it_ends_or_not(peer: Peer, ending: bytes) -> None:
    peer.send(b"a: " + b"x" * wire.MAX_HEADER_LINE + ending)
    with pytest.raises(OversizeError):
        peer.wire().read_header()


def test_a_reply_that_is_too_long(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_REPLY_LINE", 1000)
    peer.send(*[b"x" * 400] * 3)
    with pytest.raises(OversizeError):
        peer.wire().read_reply(5)


def test_a_usage_text_without_end(peer: Peer) -> None:
    peer.send(b"520-Invalid\n", b"usage\n" * (wire.MAX_USAGE_LINES + 1))
    with pytest.raises(OversizeError):
        peer.wire().read_reply(5)


@pytest.mark.parametrize("bad", ["\r", "\n", "\0"])
def test_nothing_that_ends_a_line_early_is_sent(peer: Peer, bad: str) -> None:
    with pytest.raises(MalformedError):
        peer.wire().send(f'SET VARIABLE "A" "x{bad}EXEC System halt"')
    peer.theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        peer.theirs.recv(100)


def test_a_command_longer_than_asterisk_reads_is_not_sent(peer: Peer) -> None:
    with pytest.raises(OversizeError):
        peer.wire().send("á" * (wire.MAX_COMMAND // 2 + 1))


def test_a_lone_surrogate_becomes_a_question_mark(peer: Peer) -> None:
    peer.wire().send('NOOP "\udce9"')
    assert peer.theirs.recv(100) == b'NOOP "?"\n'


def test_a_silent_asterisk_ends_the_command_in_time(peer: Peer) -> None:
    began = time.monotonic()
    with pytest.raises(DeadlineError):
        peer.wire().read_reply(0.05)
    assert 0.04 < time.monotonic() - began < 2


def test_bytes_that_keep_coming_do_not_extend_the_deadline(peer: Peer) -> None:
    def trickle() -> None:
        with suppress(OSError):
            while True:
                peer.theirs.send(b"2")

    feeder = threading.Thread(target=trickle)
    feeder.start()
    try:
        with pytest.raises(DeadlineError):
            peer.wire().read_reply(0.1)
    finally:
        peer.ours.close()
        feeder.join(10)


def test_the_session_has_a_deadline_of_its_own(peer: Peer) -> None:
    connection = peer.wire(seconds=0.05)
    with pytest.raises(DeadlineError):
        connection.read_reply(float("inf"))
    with pytest.raises(DeadlineError):
        connection.send("NOOP")
    connection.limit(5)
    peer.send(b"200 result=0\n")
    assert connection.read_reply(5).code == 200


def test_an_asterisk_that_does_not_read_ends_the_session_in_time(peer: Peer) -> None:
    connection = peer.wire(seconds=0.2)

    def flood() -> None:
        for _ in range(100_000):
            connection.send("NOOP " + "x" * 1000)

    with pytest.raises(DeadlineError):
        flood()


def test_writing_to_a_closed_connection_is_its_own_error(peer: Peer) -> None:
    peer.theirs.close()
    with pytest.raises(ClosedError):
        peer.wire().send("NOOP")
