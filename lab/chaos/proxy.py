"""A TCP connection between two programs that can be delayed, reset, silenced or cut."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from lab.chaos.plan import Point
from lab.chaos.points import Conversation
from lab.ports import Port

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_DELAY_SECONDS = 0.3

Hold = Callable[[Point], bool]
"""Is called while the bytes of a point are held; returns whether they may pass."""


class Proxy:
    """Listens on ``port`` and passes everything on to ``target``."""

    def __init__(
        self, port: Port, target: tuple[str, int], speak: Callable[[], Conversation], hold: Hold
    ) -> None:
        self._target = target
        self._speak = speak
        self._hold = hold
        self._listener = socket.create_server((port.host, port.number), backlog=128)
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._heard = threading.Event()
        self._heard.set()
        self._delayed = False
        self._cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Listen no more, and reset what is left."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.heal()
        self.reset()

    def reset(self) -> None:
        """End all connections with a RST."""
        with self._lock:
            for pair in self._pairs:
                _break(*pair)

    def delay(self) -> None:
        """Every piece takes longer."""
        self._delayed = True

    def silence(self) -> None:
        """Nothing arrives any more, and no connection ends: the far end is half open."""
        self._heard.clear()

    def cut(self) -> None:
        """The next piece of the side that connected arrives by half; then the connection ends."""
        self._cut = True

    def heal(self) -> None:
        """Take every fault away; what was silenced has lost bytes and is reset."""
        self._delayed = self._cut = False
        if not self._heard.is_set():
            self.reset()
            self._heard.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target, timeout=5)
        except OSError:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            near.close()
            return
        far.settimeout(None)
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = (near, far)
        with self._lock:
            self._pairs.add(pair)
        talk = self._speak()
        pumps = [
            threading.Thread(target=self._pump, args=(near, far, talk.asked, True), daemon=True),
            threading.Thread(
                target=self._pump, args=(far, near, talk.answered, False), daemon=True
            ),
        ]
        for pump in pumps:
            pump.start()
        for pump in pumps:
            pump.join()
        with self._lock:
            self._pairs.discard(pair)
        near.close()
        far.close()

    def _pump(
        self,
        source: socket.socket,
        sink: socket.socket,
        recognise: Callable[[bytes], list[Point]],
        asking: bool,
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                held = [self._hold(point) for point in recognise(data)]
                if not all(held):
                    _break(source, sink)
                    return
                if not self._heard.is_set():
                    continue
                if self._delayed:
                    time.sleep(_DELAY_SECONDS)
                if asking and self._cut and len(data) > 1:
                    self._cut = False
                    sink.sendall(data[: len(data) // 2])
                    _break(source, sink)
                    return
                sink.sendall(data)
        self._heard.wait()
        for end in (source, sink):
            with suppress(OSError):
                if not _broken(end):
                    end.shutdown(socket.SHUT_RDWR)


def _broken(end: socket.socket) -> bool:
    linger = end.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET_ON_CLOSE))
    return linger == _RESET_ON_CLOSE


def _break(*ends: socket.socket) -> None:
    """Both sides of a pair leave their reading; closed, they send a RST."""
    # All of them first: the thread that wakes looks whether the other end is broken too.
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RD)
