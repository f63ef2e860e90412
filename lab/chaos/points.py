"""Recognises moments of an attempt in the bytes between two programs, without asking either."""

import re
from typing import Protocol

from lab.chaos.plan import Point

_COM_QUERY = 3
_HEADER_BYTES = 4


class Conversation(Protocol):
    """One TCP connection; both methods take bytes as they come, cut anywhere."""

    def asked(self, data: bytes) -> list[Point]:
        """Bytes of the side that connected: the points that they reach, seen before they pass."""

    def answered(self, data: bytes) -> list[Point]:
        """Bytes of the side that listens."""


class Sql:
    """A MySQL connection: which transaction is about to be committed.

    Packets are three bytes of length, one of sequence, then the command
    (https://mariadb.com/kb/en/0-packet/, com_query); a command has sequence 0.
    """

    def __init__(self) -> None:
        self._pending = b""
        self._doing: Point | None = None
        self._committing = False

    def asked(self, data: bytes) -> list[Point]:
        """The claim's commit and the end's."""
        self._pending += data
        found = []
        while len(self._pending) >= _HEADER_BYTES:
            length = int.from_bytes(self._pending[:3], "little") + _HEADER_BYTES
            if len(self._pending) < length:
                break
            packet, self._pending = self._pending[:length], self._pending[length:]
            if packet[3] == 0 and packet[4:5] == bytes([_COM_QUERY]):
                found += self._statement(packet[5:])
        return found

    def answered(self, data: bytes) -> list[Point]:  # noqa: ARG002
        """The answer to the end's commit."""
        committed, self._committing = self._committing, False
        return [Point.END_COMMITTED] if committed else []

    def _statement(self, text: bytes) -> list[Point]:
        if text.startswith(b"INSERT INTO overdue_attempt "):
            self._doing = Point.CLAIM_COMMIT
        elif text.startswith(b"UPDATE overdue_attempt") and b"SET state = 'ended'" in text:
            self._doing = Point.END_COMMIT
        elif text == b"COMMIT" and self._doing is not None:
            point, self._doing = self._doing, None
            self._committing = point is Point.END_COMMIT
            return [point]
        elif text in (b"BEGIN", b"ROLLBACK", b"COMMIT"):
            self._doing = None
        return []


class Ami:
    """An AMI connection: the Originate of a call, and its acknowledgement."""

    def __init__(self) -> None:
        self._asked = b""
        self._answered = b""
        self._sent: set[bytes] = set()

    def asked(self, data: bytes) -> list[Point]:
        """The Originate is about to reach the PBX."""
        messages, self._asked = _messages(self._asked + data)
        calls = [m for m in messages if _has(m, b"Action: Originate") and _has(m, b"Async: true")]
        calls = [m for m in calls if _has(m, b"Context: overdue-answered")]
        self._sent |= {_action_id(message) for message in calls}
        return [Point.WIRE] * len(calls)

    def answered(self, data: bytes) -> list[Point]:
        """Its acknowledgement is about to reach the originator."""
        messages, self._answered = _messages(self._answered + data)
        found = {_action_id(m) for m in messages if m.startswith(b"Response: ")} & self._sent
        self._sent -= found
        return [Point.ACKNOWLEDGEMENT] * len(found)


class Agi:
    """A FastAGI connection: the hangup handler's report."""

    def __init__(self) -> None:
        self._head: bytes | None = b""

    def asked(self, data: bytes) -> list[Point]:
        """The report is about to reach the server."""
        if self._head is None:
            return []
        self._head += data
        if b"\n\n" not in self._head:
            return []
        ended, self._head = _has(self._head, b"agi_network_script: ended"), None
        return [Point.END_REPORT] if ended else []

    def answered(self, data: bytes) -> list[Point]:  # noqa: ARG002
        """Nothing."""
        return []


def _messages(data: bytes) -> tuple[list[bytes], bytes]:
    *whole, rest = data.split(b"\r\n\r\n")
    return whole, rest


def _has(message: bytes, line: bytes) -> bool:
    return re.search(rb"^" + re.escape(line) + rb"\r?$", message, re.MULTILINE) is not None


def _action_id(message: bytes) -> bytes:
    found = re.search(rb"^ActionID: (\S+)\r?$", message, re.MULTILINE)
    return found[1] if found else b""
