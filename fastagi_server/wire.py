"""AGI over a socket: lines in, lines out, everything limited in size and in time.

Framing as Asterisk 22 does it (docs/decisions/agi-wire.md): a header block that ends in an empty
line, then one reply for each command; a bare ``HANGUP`` line may stand before any reply.
"""

import re
import socket
import time
from dataclasses import dataclass

from asterisk.agi import AGIException

MAX_HEADER_LINES = 128
MAX_HEADER_LINE = 8 * 1024
MAX_REPLY_LINE = 4 * 1024 * 1024
"""A journal of 5 000 calls is listed in one line of 135 kB."""
MAX_USAGE_LINES = 200
MAX_COMMAND = 2000
"""Asterisk reads a command into 2 048 bytes."""

_REPLY = re.compile(r"(\d{3})(?:([ -])(.*))?", re.DOTALL)
_READ_BYTES = 64 * 1024


class WireError(AGIException):
    """The connection to Asterisk cannot be used any further."""


class ClosedError(WireError):
    """Asterisk closed the connection."""


class DeadlineError(WireError):
    """A command or the whole session took too long."""


class OversizeError(WireError):
    """A line or a block is longer than anything that Asterisk sends, or reads."""


class MalformedError(WireError):
    """Not AGI."""


@dataclass(frozen=True)
class Reply:
    """One reply: its code (200, 510, 511, 520) and the text after it."""

    code: int
    text: str


class Wire:
    """One connection; its deadline is set anew by ``limit``."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        """``seconds``: how long the connection may last."""
        self._socket = connection
        self._received = bytearray()
        self.hung_up = False
        """Whether Asterisk has told, by a bare ``HANGUP`` line, that the call is over."""
        self.limit(seconds)

    def limit(self, seconds: float) -> None:
        """From now on the connection may last so many seconds."""
        self._deadline = time.monotonic() + seconds

    def read_header(self) -> dict[str, str]:
        """The ``agi_*`` block that opens a connection."""
        header: dict[str, str] = {}
        for _ in range(MAX_HEADER_LINES):
            line = self._read_line(MAX_HEADER_LINE, self._deadline)
            if not line:
                return header
            name, colon, value = line.partition(":")
            if not colon:
                raise MalformedError(f"header line without a colon: {line[:80]!r}")
            header[name.strip()] = value.removeprefix(" ")
        raise OversizeError(f"header of more than {MAX_HEADER_LINES} lines")

    def send(self, command: str) -> None:
        """Write one command line; whatever would end the line early is refused."""
        if re.search(r"[\r\n\0]", command):
            raise MalformedError(f"control character in a command: {command[:80]!r}")
        line = command.encode("utf-8", "replace")
        if len(line) > MAX_COMMAND:
            raise OversizeError(f"command of {len(line)} bytes")
        try:
            self._socket.settimeout(self._remaining(self._deadline))
            self._socket.sendall(line + b"\n")
        except TimeoutError as error:
            raise DeadlineError("Asterisk does not read") from error
        except OSError as error:
            raise ClosedError(f"closed while writing: {error.strerror}") from error

    def read_reply(self, seconds: float) -> Reply:
        """The reply to the last command, which may take so many seconds."""
        deadline = min(self._deadline, time.monotonic() + seconds)
        line = self._read_line(MAX_REPLY_LINE, deadline)
        while line == "HANGUP":
            self.hung_up = True
            line = self._read_line(MAX_REPLY_LINE, deadline)
        found = _REPLY.fullmatch(line)
        if found is None:
            raise MalformedError(f"not a reply: {line[:80]!r}")
        code, follows, text = int(found[1]), found[2], found[3] or ""
        if follows == "-":
            text = self._read_usage(code, text, deadline)
        return Reply(code, text)

    def _read_usage(self, code: int, first: str, deadline: float) -> str:
        lines = [first]
        for _ in range(MAX_USAGE_LINES):
            line = self._read_line(MAX_HEADER_LINE, deadline)
            if line.startswith(f"{code} "):
                return "\n".join(lines)
            lines.append(line)
        raise OversizeError(f"usage text of more than {MAX_USAGE_LINES} lines")

    def _read_line(self, limit: int, deadline: float) -> str:
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if searched > limit:
                raise OversizeError(f"line of more than {limit} bytes")
            self._received += self._read_some(deadline)
        if end > limit:
            raise OversizeError(f"line of more than {limit} bytes")
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def _read_some(self, deadline: float) -> bytes:
        try:
            self._socket.settimeout(self._remaining(deadline))
            data = self._socket.recv(_READ_BYTES)
        except TimeoutError as error:
            raise DeadlineError("Asterisk did not answer in time") from error
        except OSError as error:
            raise ClosedError(f"closed while reading: {error.strerror}") from error
        if not data:
            raise ClosedError("closed by Asterisk")
        return data

    @staticmethod
    def _remaining(deadline: float) -> float:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise DeadlineError("the session has lasted too long")
        return remaining
