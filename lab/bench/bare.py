"""The same calls without the dialer: an AMI connection and a bare ``Playback``, nothing else."""

import secrets
import select
import socket
import time
from collections.abc import Mapping, Sequence

from lab.errors import LabError
from lab.pbx import TRUNK, Pbx

CONTEXT = "bench-playback"
_SILENT_SECONDS = 30.0
_READ_BYTES = 65_536


def write_dialplan(pbx: Pbx) -> None:
    """Give the PBX the bare extension; it is gone with the next ``up``."""
    pbx.cli(f"dialplan add extension s,1,Playback,${{BENCH_PROMPT}} into {CONTEXT}")
    pbx.cli(f"dialplan add extension s,2,Hangup,16 into {CONTEXT}")


def call(
    environment: Mapping[str, str],
    numbers: Sequence[str],
    prompt: str,
    at_once: int,
    spacing_seconds: float = 0.0,
) -> None:
    """Call each number once and return when the last call is over; raises LabError.

    ``at_once``: calls that are up or on their way at the same time; ``spacing_seconds``: from one
    new call to the next.
    """
    address = environment["ASTERISK_HOST"], int(environment["ASTERISK_PORT"])
    with socket.create_connection(address, timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(
            _action(
                Action="Login",
                Username=environment["ASTERISK_USERNAME"],
                Secret=environment["ASTERISK_PASSWORD"],
            )
        )
        _Calls(connection, prompt, at_once, spacing_seconds).make(numbers)


class _Calls:
    def __init__(
        self, connection: socket.socket, prompt: str, at_once: int, spacing_seconds: float
    ) -> None:
        self._connection = connection
        self._prompt = prompt
        self._at_once = at_once
        self._spacing = spacing_seconds
        self._up: set[str] = set()
        self._received = b""

    def make(self, numbers: Sequence[str]) -> None:
        waiting = list(reversed(numbers))
        next_at = heard_at = time.monotonic()
        while waiting or self._up:
            now = time.monotonic()
            if now - heard_at > _SILENT_SECONDS:
                raise LabError(f"{len(self._up)} calls to the bare Playback do not end.")
            room = bool(waiting) and len(self._up) < self._at_once
            if room and now >= next_at:
                self._originate(waiting.pop())
                next_at += self._spacing
                continue
            pause = max(0.0, next_at - now) if room else 1.0
            if select.select([self._connection], [], [], pause)[0]:
                heard_at = now
                self._hear()

    def _originate(self, number: str) -> None:
        # Of one length: Asterisk refuses an id that is the beginning of a live one.
        channel_id = secrets.token_hex(13)
        self._up.add(channel_id)
        self._connection.sendall(
            _action(
                Action="Originate",
                ActionID=channel_id,
                ChannelId=channel_id,
                Channel=f"PJSIP/{number}@{TRUNK}",
                Context=CONTEXT,
                Exten="s",
                Priority="1",
                Timeout="15000",
                Async="true",
                Variable=f"BENCH_PROMPT={self._prompt}",
            )
        )

    def _hear(self) -> None:
        data = self._connection.recv(_READ_BYTES)
        if not data:
            raise LabError("The PBX closed the AMI connection of the bare calls.")
        *messages, self._received = (self._received + data).split(b"\r\n\r\n")
        for message in messages:
            headers = dict(
                line.split(": ", 1) for line in message.decode().split("\r\n") if ": " in line
            )
            if headers.get("Response") == "Error":
                raise LabError(f"The PBX refuses a bare call: {headers.get('Message')}.")
            if headers.get("Event") == "Hangup":
                self._up.discard(headers["Uniqueid"])


def _action(**headers: str) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
