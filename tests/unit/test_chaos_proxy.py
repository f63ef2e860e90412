"""The proxy between two programs, on real sockets: what each fault does to a conversation."""

import socket
from collections.abc import Iterator

import pytest

from lab.chaos.plan import Point
from lab.chaos.proxy import Proxy
from lab.ports import Port


class Marks:
    """A conversation whose point is the letter P, and who decides on what is held there."""

    def __init__(self) -> None:
        self.held: list[Point] = []
        self.passes = True

    def asked(self, data: bytes) -> list[Point]:
        return [Point.WIRE] * data.count(b"P")

    def answered(self, data: bytes) -> list[Point]:  # noqa: ARG002
        return []

    def hold(self, point: Point) -> bool:
        self.held.append(point)
        return self.passes


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        yield listener


@pytest.fixture
def proxy(server: socket.socket, marks: Marks) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    port = Port("127.0.0.1", number, socket.SOCK_STREAM, "test")
    proxy = Proxy(port, server.getsockname(), lambda: marks, marks.hold)
    proxy.port = port  # type: ignore[attr-defined]
    yield proxy
    proxy.close()


@pytest.fixture
def ends(proxy: Proxy, server: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two programs: who connected, and who listens."""
    number = proxy.port.number  # type: ignore[attr-defined]
    with socket.create_connection(("127.0.0.1", number), timeout=5) as near:
        far, _ = server.accept()
        far.settimeout(5)
        with far:
            yield near, far


Ends = tuple[socket.socket, socket.socket]


def test_everything_passes_both_ways(ends: Ends, marks: Marks) -> None:
    near, far = ends
    near.sendall(b"hello P")
    assert far.recv(100) == b"hello P"
    far.sendall(b"well")
    assert near.recv(100) == b"well"
    assert marks.held == [Point.WIRE]


def test_bytes_that_may_not_pass_end_the_connection(ends: Ends, marks: Marks) -> None:
    near, far = ends
    marks.passes = False
    near.sendall(b"P")
    with pytest.raises(ConnectionResetError):
        far.recv(100)
    with pytest.raises(ConnectionResetError):
        near.recv(100)


def test_reset(proxy: Proxy, ends: Ends) -> None:
    near, far = ends
    near.sendall(b"a")
    assert far.recv(100) == b"a"
    proxy.reset()
    for end in ends:
        with pytest.raises(ConnectionResetError):
            end.recv(100)


def test_cut_in_mid_line(proxy: Proxy, ends: Ends) -> None:
    near, far = ends
    proxy.cut()
    near.sendall(b"a whole line")
    assert far.recv(100) == b"a whol"
    with pytest.raises(ConnectionResetError):
        far.recv(100)


def test_half_open_swallows_and_is_reset_when_it_heals(proxy: Proxy, ends: Ends) -> None:
    near, far = ends
    proxy.silence()
    near.sendall(b"lost")
    far.settimeout(0.1)
    with pytest.raises(TimeoutError):
        far.recv(100)
    proxy.heal()
    with pytest.raises(ConnectionResetError):
        near.recv(100)


def test_delay_is_late_and_complete(proxy: Proxy, ends: Ends) -> None:
    near, far = ends
    proxy.delay()
    near.sendall(b"late")
    far.settimeout(0.1)
    with pytest.raises(TimeoutError):
        far.recv(100)
    far.settimeout(5)
    assert far.recv(100) == b"late"


def test_end_of_one_side_is_the_end_of_the_other(ends: Ends) -> None:
    near, far = ends
    near.close()
    assert far.recv(100) == b""


def test_program_that_is_away_refuses(server: socket.socket, proxy: Proxy) -> None:
    server.close()
    number = proxy.port.number  # type: ignore[attr-defined]
    with (
        pytest.raises(ConnectionResetError),
        socket.create_connection(("127.0.0.1", number), timeout=5) as near,
    ):
        near.recv(100)
