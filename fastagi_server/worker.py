"""One worker process: a server, its heartbeat to the parent, and a graceful stop."""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable

from fastagi_server.server import BEAT_SECONDS, Server
from fastagi_server.service import Service

DRAIN_SECONDS = 120.0
"""Longer than a call may last: a stop does not cut anyone off."""

logger = logging.getLogger(__name__)


def run(
    listener: socket.socket,
    heartbeat: int,
    open_service: Callable[[], Service],
    max_sessions: int,
) -> None:
    """Serve until SIGTERM, or until nobody reads the heartbeat any more."""
    service = open_service()
    server = Server(listener, service, max_sessions)
    os.set_blocking(heartbeat, False)
    next_beat = 0.0

    def beat() -> None:
        nonlocal next_beat
        if time.monotonic() < next_beat:
            return  # each beat wakes the parent, and the server offers one for each connection
        next_beat = time.monotonic() + BEAT_SECONDS / 2
        try:
            os.write(heartbeat, b".")
        except BlockingIOError:
            pass  # the parent is alive, but has not read for hours
        except BrokenPipeError:
            server.stop()

    # Ctrl-C reaches the whole group; the parent turns it into one SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    logger.info("event=worker_started pid=%d", os.getpid())
    server.serve(beat)
    left = server.drain(DRAIN_SECONDS, beat)
    service.recorder.close()
    logger.info("event=worker_stopped pid=%d sessions_cut=%d", os.getpid(), left)
