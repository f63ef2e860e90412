"""Accepts connections and gives each a thread."""

import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from fastagi_server.moments import MOMENTS, Moment, converse
from fastagi_server.service import Service

BACKLOG = 256
"""Asterisk gives up connecting after 2 s; a burst of answers must find room."""
BEAT_SECONDS = 0.5

_KEEPALIVE = {socket.TCP_KEEPIDLE: 15, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 6}
"""A PBX that went away without a word ends its session after 45 s, and does not hold up a stop."""

logger = logging.getLogger(__name__)


def listen(host: str, port: int) -> socket.socket:
    """The listening socket; raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


class Server:
    """Serves one listening socket until it is told to stop."""

    def __init__(
        self,
        listener: socket.socket,
        service: Service,
        max_sessions: int,
        moments: Mapping[str, Moment] = MOMENTS,
    ) -> None:
        """``max_sessions``: connections over it are closed at once."""
        self._listener = listener
        # Several processes wait for the same socket: the slower one must not block in accept().
        listener.setblocking(False)
        self._service = service
        self._moments = moments
        self._max_sessions = max_sessions
        self._running = 0
        self._changed = threading.Condition()
        # They stay: to start one for each session keeps the next connection waiting meanwhile.
        self._threads = ThreadPoolExecutor(max_sessions, thread_name_prefix="session")
        self._stopping = False
        self._wake_read, self._wake_write = os.pipe()

    def serve(self, beat: Callable[[], None]) -> None:
        """Accept until ``stop``, then close the listening socket.

        ``beat`` is called at least every half second for as long as this loop is alive.
        """
        with self._listener:
            listener = self._listener.fileno()
            while not self._stopping:
                beat()
                ready, _, _ = select.select([listener, self._wake_read], [], [], BEAT_SECONDS)
                if listener in ready and not self._stopping:
                    self._accept()

    def stop(self) -> None:
        """Accept no more; may be called from another thread or a signal handler."""
        self._stopping = True
        os.write(self._wake_write, b".")

    def drain(self, seconds: float, beat: Callable[[], None]) -> int:
        """Wait until the running sessions are over; returns how many still were not."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._running and time.monotonic() < deadline:
                beat()
                self._changed.wait(min(BEAT_SECONDS, max(0.0, deadline - time.monotonic())))
            return self._running

    def close(self) -> None:
        """Let go of the threads and of what ``stop`` needs; the last call."""
        self._threads.shutdown(wait=False)
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker took it, or it is gone
        except OSError as error:
            logger.error("event=accept_failed reason=%r", error.strerror)  # noqa: TRY400
            select.select([self._wake_read], [], [], BEAT_SECONDS / 5)  # out of files: no spinning
            return
        with self._changed:
            if self._running >= self._max_sessions:
                logger.warning("event=session_refused reason=max_sessions")
                connection.close()
                return
            self._running += 1
        try:
            self._threads.submit(self._session, connection)
        except RuntimeError:
            # The customer hears the dialplan's fallback now, not a server that waits for a thread.
            logger.exception("event=session_refused reason=threads")
            connection.close()

    def _session(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                for option, value in _KEEPALIVE.items():
                    connection.setsockopt(socket.IPPROTO_TCP, option, value)
                converse(connection, self._service, self._moments)
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()
