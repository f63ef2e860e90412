"""A small client that plays Asterisk's side of FastAGI, as seen live (docs/decisions/agi-wire.md).

Prompts play in no time; a call that must stay up waits for the event ``hold``.
"""

import re
import shlex
import socket
import threading
from dataclasses import dataclass, field

from campaign.token import token

SECRET = "secreto-de-prueba"
DEAD = "511 Command Not Permitted on a dead channel or intercept routine"


@dataclass
class Call:
    """One channel that enters ``AGI()``; ``run`` returns when the server closes."""

    address: tuple[str, int]
    moment: str
    uniqueid: str
    args: tuple[str, ...] = ()
    prompts: dict[str, float] = field(default_factory=dict)
    """Seconds of the sound files that this PBX has."""
    keys: tuple[tuple[str, float], ...] = ()
    """Keys the customer presses, each once, with the second of the prompt."""
    keys_of: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    """The same for one sound alone."""
    waits: list[str] = field(default_factory=list)
    """The key that comes in each silence, in turn; empty: none does, as where the list ends."""
    hangs_up_at: float | None = None
    """The second of the prompt at which the customer hangs up."""
    hangs_up_in: str | None = None
    """The sound that is meant; None: any. "silence": where a key is waited for."""
    caller: str = "unknown"
    """The number that is shown; an inbound call has one."""
    presentation: int = 0
    astdb: dict[tuple[str, str], str] = field(default_factory=dict)
    hold: threading.Event | None = None
    secret: str = SECRET
    """What the originator made the channel's token with; empty: the channel has no token."""

    verdict: str = ""
    """What AMD() said, as ``fastagi_server.machine.Verdict``; empty: nobody listened."""

    commands: list[str] = field(default_factory=list, init=False)
    variables: dict[str, str] = field(default_factory=dict, init=False)
    streaming: threading.Event = field(default_factory=threading.Event, init=False)
    pressed: list[tuple[str, float]] = field(default_factory=list, init=False)
    over: bool = field(default=False, init=False)
    connection: socket.socket | None = field(default=None, init=False)

    def run(self) -> "Call":
        """Make the call to its end."""
        with socket.create_connection(self.address, timeout=20) as connection:
            self.connection = connection
            connection.sendall(self.header().encode())
            try:
                with connection.makefile("r", encoding="utf-8", newline="\n") as lines:
                    for line in lines:
                        self.commands.append(line.rstrip("\n"))
                        for reply in self._answer(shlex.split(line)):
                            connection.sendall(f"{reply}\n".encode())
            except ConnectionError:
                pass  # the server closed with something of ours unread
        return self

    def header(self) -> str:
        """The block that opens the connection."""
        args = self.args
        if self.moment in ("answered", "health"):
            args = (*args, token(self.secret, self.uniqueid) if self.secret else "")
        if self.moment == "answered":
            args = (*args, self.verdict)
        if self.moment == "inbound":
            args = (token(self.secret, "inbound") if self.secret else "",)
        lines = [
            "agi_network: yes",
            f"agi_network_script: {self.moment}",
            f"agi_request: agi://{self.address[0]}:{self.address[1]}/{self.moment}",
            "agi_channel: PJSIP/voip_issabel-00000001",
            f"agi_uniqueid: {self.uniqueid}",
            f"agi_callerid: {self.caller}",
            f"agi_callingpres: {self.presentation}",
            "agi_enhanced: 0.0",
            *(f"agi_arg_{n}: {arg}" for n, arg in enumerate(args, 1)),
        ]
        return "\n".join(lines) + "\n\n"

    def _answer(self, words: list[str]) -> list[str]:
        match words:
            case ["STREAM", "FILE", name, escapes, offset]:
                return [self._stream(name, escapes, int(offset))]
            case ["WAIT", "FOR", "DIGIT", _]:
                return [self._wait()]
            case ["CHANNEL", "STATUS"]:
                return ["HANGUP", DEAD] if self.over else ["200 result=6"]
            case ["SET", "VARIABLE", name, value]:
                self.variables[name] = value
                return ["200 result=1"]
            case ["GET", "FULL", "VARIABLE", expression]:
                return [f"200 result=1 ({self._evaluate(expression)})"]
            case ["DATABASE", "GET", family, key]:
                entry = self.astdb.get((family, key))
                return ["200 result=0" if entry is None else f"200 result=1 ({entry})"]
            case ["DATABASE", "PUT", family, key, value]:
                self.astdb[family, key] = value
                return ["200 result=1"]
            case ["DATABASE", "DEL", family, key]:
                self.astdb.pop((family, key), None)
                return ["200 result=1"]
        return ["510 Invalid or unknown command"]

    def _stream(self, name: str, escapes: str, offset: int) -> str:
        self.streaming.set()
        if self.hold:
            self.hold.wait(20)
        if self.over:
            return DEAD
        if name not in self.prompts:
            return f"200 result=-1 endpos={offset}"
        end = int(self.prompts[name] * 8000)
        hangs_up = self.hangs_up_at is not None and self.hangs_up_in in (None, name)
        hangup = int((self.hangs_up_at or 0) * 8000) if hangs_up else end + 1
        for press in (*self.keys, *self.keys_of.get(name, ())):
            key, at = press[0], int(press[1] * 8000)
            if offset < at <= min(end, hangup) and key in escapes and press not in self.pressed:
                self.pressed.append(press)
                return f"200 result={ord(key)} endpos={at}"
        if hangup <= end:
            self.over = True
            return f"200 result=-1 endpos={hangup}"
        return f"200 result=0 endpos={end}"

    def _wait(self) -> str:
        if self.over:
            return DEAD
        if self.hangs_up_in == "silence":
            self.over = True
            return "200 result=-1"
        key = self.waits.pop(0) if self.waits else ""
        return f"200 result={ord(key) if key else 0}"

    def _evaluate(self, expression: str) -> str:
        found = re.fullmatch(r"\$\{DB_KEYS\((.+)\)\}", expression)
        assert found, expression
        return ",".join(sorted(key for family, key in self.astdb if family == found[1]))


def attempt(number: int) -> str:
    """An attempt id for tests."""
    return f"01ARZ3NDEKTSV4RRFFQ69G{number:04d}"


def busy(number: int, secret: str = SECRET, tech: str = "SIP 486 Busy Here") -> str:
    """The journal entry of the attempt of that number."""
    return f"ended|17|1772463600000|||||{token(secret, attempt(number))}|{tech}"
