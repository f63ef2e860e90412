"""pyst2's vocabulary on our wire, with the replies that Asterisk 22 gives."""

import shlex
import socket
from collections.abc import Iterator

import pytest
from asterisk.agi import AGIAppError, AGIInvalidCommand, AGIUnknownError, AGIUsageError

from fastagi_server.session import DeadChannelError, PromptError, Session, StreamResult
from fastagi_server.wire import MalformedError, Wire

DEAD = b"511 Command Not Permitted on a dead channel or intercept routine\n"


class Channel:
    """Asterisk's end, its replies said in advance."""

    def __init__(self) -> None:
        self._ours, self._theirs = socket.socketpair()

    def session(self, replies: bytes, header: bytes = b"agi_network_script: answered\n") -> Session:
        self._theirs.sendall(header + b"\n" + replies)
        return Session(Wire(self._ours, 5))

    def commands(self) -> list[str]:
        return self._theirs.recv(65536).decode().splitlines()

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()


@pytest.fixture
def channel() -> Iterator[Channel]:
    made = Channel()
    yield made
    made.close()


def test_reads_the_moment_and_the_arguments_in_order(channel: Channel) -> None:
    session = channel.session(
        b"", b"agi_network_script: ended\nagi_arg_1: a: b\nagi_arg_2: \nagi_arg_10: not next\n"
    )
    assert session.moment == "ended"
    assert session.args == ["a: b", ""]


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        (b"200 result=49 endpos=9760\n", StreamResult("1", 9760, hung_up=False)),
        (b"200 result=0 endpos=45280\n", StreamResult("", 45280, hung_up=False)),
        (b"200 result=42 endpos=0\n", StreamResult("*", 0, hung_up=False)),
        (
            b"200 result=-1 endpos=10560\nHANGUP\n" + DEAD,
            StreamResult("", 10560, hung_up=True),
        ),
        (b"HANGUP\n200 result=-1 endpos=80\n" + DEAD, StreamResult("", 80, hung_up=True)),
        (b"200 result=-1 endpos=0\nHANGUP\n" + DEAD, StreamResult("", 0, hung_up=True)),
        (b"HANGUP\n" + DEAD, StreamResult("", 400, hung_up=True)),
    ],
)
def test_stream_file_keeps_key_and_position(
    channel: Channel, replies: bytes, expected: StreamResult
) -> None:
    session = channel.session(replies)
    assert session.stream_file("es_MX/x", "129", 400) == expected
    assert channel.commands()[0] == 'STREAM FILE "es_MX/x" "129" "400"'


def test_a_prompt_that_is_not_there_is_told_from_a_hangup(channel: Channel) -> None:
    session = channel.session(b"200 result=-1 endpos=0\n200 result=6\n")
    with pytest.raises(PromptError):
        session.stream_file("nothing")
    assert not session.hung_up


def test_a_prompt_without_sound_is_not_a_prompt(channel: Channel) -> None:
    with pytest.raises(PromptError):
        channel.session(b"200 result=0 endpos=0\n").stream_file("empty")


def test_variables_and_journal_work_after_the_hangup(channel: Channel) -> None:
    session = channel.session(b"HANGUP\n" + DEAD + b"200 result=1\n200 result=1\n200 result=0\n")
    assert session.stream_file("x").hung_up
    session.set_variable("OVERDUE_LEG", "0.00;0;;agi")
    session.database_del("overdue", "id")
    session.database_del("overdue", "id")
    assert channel.commands()[1:3] == [
        'SET VARIABLE "OVERDUE_LEG" "0.00;0;;agi"',
        'DATABASE DEL "overdue" "id"',
    ]


@pytest.mark.parametrize(
    "value", ['"; EXEC System "halt', "\\", '\\"', "a b", "", "${SHELL(id)}", "ñandú 😀", "'"]
)
def test_a_value_stays_one_word_whatever_is_in_it(channel: Channel, value: str) -> None:
    channel.session(b"200 result=1\n").set_variable("A", value)
    [command] = channel.commands()
    # Asterisk reads words as a POSIX shell does inside double quotes: backslash and quote.
    assert shlex.split(command) == ["SET", "VARIABLE", "A", value]


@pytest.mark.parametrize("bad", ["a\nb", "a\rb", "a\0b"])
def test_a_value_with_a_line_end_is_refused(channel: Channel, bad: str) -> None:
    with pytest.raises(MalformedError):
        channel.session(b"").set_variable("A", bad)


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        (b"200 result=1 (ok)\n", "ok"),
        (b"200 result=1 (hangup)\n", "hangup"),
        (b"200 result=1 (a (b) endpos=9 c)\n", "a (b) endpos=9 c"),
        (b"200 result=1 ()\n", ""),
        (b"200 result=0\n", ""),
    ],
)
def test_get_variable_gives_the_value_as_it_is(channel: Channel, reply: bytes, value: str) -> None:
    assert channel.session(reply).get_variable("A") == value


def test_a_key_list_of_five_thousand_attempts(channel: Channel) -> None:
    keys = ",".join(f"01ARZ3NDEKTSV4RRFFQ69G{n:04d}" for n in range(5000))
    channel._theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
    session = channel.session(f"200 result=1 ({keys})\n".encode())
    assert session.get_full_variable("${DB_KEYS(overdue)}") == keys


def test_database_get_tells_an_empty_entry_from_none(channel: Channel) -> None:
    session = channel.session(b"200 result=1 ()\n200 result=0\n")
    assert session.database_get("overdue", "a") == ""
    assert session.database_get("overdue", "b") is None


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"510 Invalid or unknown command\n", AGIInvalidCommand),
        (DEAD, DeadChannelError),
        (b"520-Invalid\nusage\n520 End of proper usage.\n", AGIUsageError),
        (b"503 what\n", AGIUnknownError),
        (b"200 well\n", AGIUnknownError),
        (b"200 result=-1\n", AGIAppError),
    ],
)
def test_each_refusal_has_its_error(channel: Channel, reply: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        channel.session(reply).set_variable("A", "1")


def test_commands_of_pyst2_use_our_wire(channel: Channel) -> None:
    session = channel.session(b"200 result=1\n200 result=0\n200 result=1\n200 result=53\n")
    session.verbose('say "this"', 2)
    session.noop()
    session.hangup()
    assert session.wait_for_digit(100) == "5"
    assert channel.commands() == [
        'VERBOSE "say \\"this\\"" "2"',
        "NOOP",
        "HANGUP",
        'WAIT FOR DIGIT "100"',
    ]
