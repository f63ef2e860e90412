"""One AGI session: pyst2's commands on our own wire.

pyst2's own wire takes over signal handlers, escapes nothing and loses ``endpos``; every command
method of it ends in ``execute``, so replacing that and ``_quote`` replaces the wire.
"""

import re
from dataclasses import dataclass

from asterisk.agi import (
    AGI,
    AGIAppError,
    AGIHangup,
    AGIInvalidCommand,
    AGIUnknownError,
    AGIUsageError,
)

from fastagi_server.wire import Reply, Wire

COMMAND_SECONDS = 5.0
"""For a command that Asterisk answers at once; one that plays may last as long as the session."""

_PLAYING = {
    "CONTROL STREAM FILE",
    "EXEC",
    "GET DATA",
    "GET OPTION",
    "RECEIVE CHAR",
    "RECORD FILE",
    "SAY ALPHA",
    "SAY DATE",
    "SAY DATETIME",
    "SAY DIGITS",
    "SAY NUMBER",
    "SAY PHONETIC",
    "SAY TIME",
    "STREAM FILE",
    "WAIT FOR DIGIT",
}
_RESULT = re.compile(r"result=(\S*)(?: \((.*)\))?(?: endpos=(\d+))?\s*", re.DOTALL)

Result = dict[str, tuple[str, str]]


class DeadChannelError(AGIHangup):
    """The call is over and the command needs a living channel (511)."""


class PromptError(AGIAppError):
    """The prompt cannot be played: there is no such file, or nothing in it."""


@dataclass(frozen=True)
class StreamResult:
    """How one STREAM FILE ended."""

    digit: str
    """The key that stopped it; empty: none did."""
    endpos: int
    """Where in the file it stopped, in samples of the file."""
    hung_up: bool
    """The call ended, or its time limit fired, before the end of the file."""


class _Quoted(str):
    """A word that already stands in quotes."""

    __slots__ = ()


class Session(AGI):
    """A call as AGI shows it; variables and AstDB still work after the hangup."""

    def __init__(self, wire: Wire) -> None:
        # AGI.__init__ is left out on purpose: it installs a signal handler and uses stdin.
        self._wire = wire
        self.env: dict[str, str] = wire.read_header()

    @property
    def moment(self) -> str:
        """What is asked for: the path of ``agi://host:port/<moment>``."""
        return self.env.get("agi_network_script", "")

    @property
    def args(self) -> list[str]:
        """``agi_arg_1`` and the following ones."""
        values: list[str] = []
        while (value := self.env.get(f"agi_arg_{len(values) + 1}")) is not None:
            values.append(value)
        return values

    @property
    def hung_up(self) -> bool:
        """Whether Asterisk has told that the call is over."""
        return self._wire.hung_up

    def execute(self, command: str, *args: object) -> Result:
        """Send a command; its result as pyst2 gives it: ``{"result": (value, text), …}``."""
        result = _parse(self._ask(command, *args))
        if result["result"][0] == "-1":
            raise AGIAppError(f"{command} failed, or the call is over")
        return result

    def stream_file(
        self, filename: str, escape_digits: str = "", sample_offset: int = 0
    ) -> StreamResult:
        """Play a prompt from an offset in samples until its end, a key of these or the hangup.

        Raises PromptError where there is nothing to play.
        """
        try:
            reply = self._ask("STREAM FILE", filename, self._quote(escape_digits), sample_offset)
            result = _parse(reply)
        except DeadChannelError:
            return StreamResult("", sample_offset, hung_up=True)
        value, endpos = result["result"][0], int(result.get("endpos", ("0", ""))[0])
        if value == "-1":
            # The same reply for a hangup, the call's time limit and a file that is not there.
            if self._is_alive():
                raise PromptError(f"cannot be played: {filename[:80]!r}")
            return StreamResult("", endpos, hung_up=True)
        if value == "0":
            if endpos == 0:
                raise PromptError(f"holds no sound: {filename[:80]!r}")
            return StreamResult("", endpos, hung_up=False)
        return StreamResult(chr(int(value)), endpos, hung_up=False)

    def wait_for_key(self, seconds: float) -> str | None:
        """The next key; empty: none came in time; None: the call ended, or its time limit fired."""
        try:
            reply = self._ask("WAIT FOR DIGIT", max(1, round(seconds * 1000)))
        except DeadChannelError:
            return None
        value = _parse(reply)["result"][0]
        return None if value == "-1" else "" if value == "0" else chr(int(value))

    def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable."""
        self.execute("SET VARIABLE", self._quote(name), self._quote(value))

    def get_variable(self, name: str) -> str:
        """A channel variable, cut by Asterisk at 1 023 bytes; empty where it is not set."""
        return self.execute("GET VARIABLE", self._quote(name))["result"][1]

    def get_full_variable(self, name: str, channel: str | None = None) -> str:
        """An expression such as ``${DB_KEYS(family)}``, of any length."""
        others = [] if channel is None else [self._quote(channel)]
        return self.execute("GET FULL VARIABLE", self._quote(name), *others)["result"][1]

    def database_get(self, family: str, key: str) -> str | None:
        """An entry of AstDB; None where there is none."""
        found, text = self.execute("DATABASE GET", self._quote(family), self._quote(key))["result"]
        return text if found == "1" else None

    def database_keys(self, family: str) -> list[str]:
        """The keys of a family of AstDB, without those below another key."""
        listed = self.get_full_variable(f"${{DB_KEYS({family})}}")
        return [key for key in listed.split(",") if key]

    def database_put(self, family: str, key: str, value: str) -> None:
        """Write an entry of AstDB."""
        self.execute("DATABASE PUT", self._quote(family), self._quote(key), self._quote(value))

    def database_del(self, family: str, key: str) -> None:
        """Delete an entry of AstDB, which may be gone already."""
        self.execute("DATABASE DEL", self._quote(family), self._quote(key))

    def _is_alive(self) -> bool:
        try:
            self._ask("CHANNEL STATUS")
        except DeadChannelError:
            return False
        return True

    def _ask(self, command: str, *args: object) -> Reply:
        # pyst2 passes '' for an argument that is left out, and some arguments without quotes.
        words = [arg if isinstance(arg, _Quoted) else self._quote(arg) for arg in args if arg != ""]
        self._wire.send(" ".join([command, *words]))
        seconds = float("inf") if command in _PLAYING else COMMAND_SECONDS
        return _checked(self._wire.read_reply(seconds))

    def _quote(self, string: object) -> _Quoted:
        text = str(string).replace("\\", "\\\\").replace('"', '\\"')
        return _Quoted(f'"{text}"')


def _checked(reply: Reply) -> Reply:
    match reply.code:
        case 200:
            return reply
        case 510:
            raise AGIInvalidCommand(reply.text)
        case 511:
            raise DeadChannelError(reply.text)
        case 520:
            raise AGIUsageError(reply.text)
    raise AGIUnknownError(f"{reply.code} {reply.text[:80]!r}")


def _parse(reply: Reply) -> Result:
    found = _RESULT.fullmatch(reply.text)
    if found is None:
        raise AGIUnknownError(f"not a result: {reply.text[:80]!r}")
    result = {"result": (found[1], found[2] or "")}
    if found[3] is not None:
        result["endpos"] = (found[3], "")
    return result
