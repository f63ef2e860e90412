"""A TCP connection that a test can cut: what a network does between two programs."""

import socket
import threading
from types import TracebackType


class TcpProxy:
    """Listens on a free port and passes everything on to ``target``, until it is cut."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server((target[0], 0))
        self.port: int = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._passing = True
        self._swallowing = False
        self.swallowed = b""
        """What the client wrote while nothing arrived."""
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "TcpProxy":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def cut(self) -> None:
        """Break every connection, and every new one at once."""
        with self._lock:
            self._passing = False
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _shut(end)

    def swallow(self) -> None:
        """Half open: every connection stays, and nothing arrives on either side."""
        self._swallowing = True

    def mend(self) -> None:
        """Pass new connections on again; what was swallowed is lost."""
        with self._lock:
            self._passing = True
            self._swallowing = False

    @property
    def connections(self) -> int:
        """How many connections pass."""
        return len(self._pairs)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if not self._passing:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, source is near), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        try:
            while data := source.recv(65536):
                if not self._swallowing:
                    sink.sendall(data)
                elif from_client:
                    self.swallowed += data
        except OSError:
            pass
        finally:
            _shut(sink)
            source.close()


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
