"""The parent process: opens nothing, serves nobody, and replaces a worker that fell silent.

Asterisk never leaves AGI() while the connection is open, so a worker that hangs holds customers'
lines; only the end of its process frees them (docs/decisions/agi-wire.md).
"""

import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from fastagi_server.service_manager import ServiceManager
from fastagi_server.signals import Signals

SILENT_SECONDS = 2.5
TICK_SECONDS = 0.5
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
STABLE_SECONDS = 10.0
"""A worker that lived so long was not ended by its start."""

logger = logging.getLogger(__name__)


@dataclass
class _Worker:
    pid: int
    heartbeat: int
    started: float
    heard: float
    serves: bool = False


class Supervisor:
    """Keeps a number of worker processes alive; the process must have one thread only."""

    def __init__(
        self,
        listener: socket.socket,
        work: Callable[[socket.socket, int], None],
        workers: int,
        manager: ServiceManager,
    ) -> None:
        """``work(listener, heartbeat)`` is the life of a worker; it writes to ``heartbeat``."""
        self._listener = listener
        self._work = work
        self._wanted = workers
        self._manager = manager
        self._was_ready = False
        self._workers: dict[int, _Worker] = {}
        self._pause = FIRST_PAUSE_SECONDS
        self._start_at = 0.0
        self._stopping = False

    def run(self) -> None:
        """Return when a signal has ended the service; a second signal ends it at once."""
        with Signals(signal.SIGTERM, signal.SIGINT) as signals:
            while self._workers or not self._stopping:
                self._start_missing(signals)
                asleep = time.monotonic()
                fds = [signals.fd, *self._workers]
                ready, _, _ = select.select(fds, [], [], TICK_SECONDS)
                if time.monotonic() - asleep > SILENT_SECONDS:
                    self._forgive()
                for fd in ready:
                    if fd == signals.fd:
                        self._stop(signals.received())
                    else:
                        self._listen_to(self._workers[fd])
                self._kill_silent()
                self._tell_manager()

    def _tell_manager(self) -> None:
        serving = sum(worker.serves for worker in self._workers.values())
        if not self._was_ready and serving == self._wanted:
            self._was_ready = True
            self._manager.ready()
        self._manager.alive()

    def _start_missing(self, signals: Signals) -> None:
        while (
            not self._stopping
            and len(self._workers) < self._wanted
            and time.monotonic() >= self._start_at
        ):
            self._start(signals)

    def _start(self, signals: Signals) -> None:
        heard, heartbeat = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(heard)
            signals.give_back()
            self._be_worker(heartbeat)
        os.close(heartbeat)
        now = time.monotonic()
        self._workers[heard] = _Worker(pid, heard, now, now)

    def _be_worker(self, heartbeat: int) -> None:
        status = 1
        try:
            # Another worker's pipe held open here would hide the parent's death from it.
            for fd in self._workers:
                os.close(fd)
            self._work(self._listener, heartbeat)
            status = 0
        except Exception:
            logger.exception("event=worker_failed pid=%d", os.getpid())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _listen_to(self, worker: _Worker) -> None:
        if os.read(worker.heartbeat, 4096):
            worker.heard = time.monotonic()
            worker.serves = True
            return
        self._bury(worker)

    def _bury(self, worker: _Worker) -> None:
        os.close(worker.heartbeat)
        del self._workers[worker.heartbeat]
        _, status = os.waitpid(worker.pid, 0)
        if self._stopping:
            return
        now = time.monotonic()
        stable = now - worker.started >= STABLE_SECONDS
        self._pause = FIRST_PAUSE_SECONDS if stable else min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        self._start_at = now + self._pause
        logger.error(
            "event=worker_died pid=%d status=%d next_in=%.1f",
            worker.pid,
            os.waitstatus_to_exitcode(status),
            self._pause,
        )

    def _kill_silent(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers.values()):
            if now - worker.heard > SILENT_SECONDS:
                logger.error("event=worker_silent pid=%d action=kill", worker.pid)
                os.kill(worker.pid, signal.SIGKILL)
                self._bury(worker)

    def _forgive(self) -> None:
        # It was this process that slept, and the workers perhaps with it.
        now = time.monotonic()
        for worker in self._workers.values():
            worker.heard = now

    def _stop(self, signals_received: int) -> None:
        at_once = self._stopping or signals_received > 1
        logger.info("event=stopping workers=%d at_once=%s", len(self._workers), at_once)
        self._stopping = True
        self._manager.stopping()
        self._listener.close()
        for worker in self._workers.values():
            os.kill(worker.pid, signal.SIGKILL if at_once else signal.SIGTERM)
