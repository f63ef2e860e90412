"""What systemd is told of the service: sd_notify(3), a datagram to the socket that it names."""

import contextlib
import socket
import time
from collections.abc import Mapping

BEAT_SECONDS = 1.0


class ServiceManager:
    """Nobody is told anything where the environment names no socket."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """``environment``: NOTIFY_SOCKET is a path, or an abstract name that begins with @."""
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._next_beat = 0.0

    def ready(self) -> None:
        """Every worker serves: what waits for this service may start."""
        self._send("READY=1")

    def alive(self) -> None:
        """The loop turns; call it as often as it does, it is told once a second."""
        now = time.monotonic()
        if now >= self._next_beat:
            self._next_beat = now + BEAT_SECONDS
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """No new calls are served."""
        self._send("STOPPING=1")

    def _send(self, state: str) -> None:
        if self._address:
            # A manager that is away or busy must not hold up the calls; its watchdog decides.
            with (
                contextlib.suppress(OSError),
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel,
            ):
                channel.setblocking(False)
                channel.sendto(state.encode(), self._address)
