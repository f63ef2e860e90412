"""The whole service as a process, on a store that writes what it is told to a file.

``python -m tests.fastagi_process PORT FILE [crash]``; prints each worker's pid to the log.
"""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from campaign.clock import SystemClock
from campaign.event import Event
from campaign.heard import Heard
from campaign.journal import CallEnd
from fastagi_server import worker
from fastagi_server.recorder import Recorder
from fastagi_server.server import listen
from fastagi_server.service import Service
from fastagi_server.service_manager import ServiceManager
from fastagi_server.supervisor import Supervisor
from tests.fake_asterisk import SECRET
from tests.recording_store import RecordingStore


class FileStore(RecordingStore):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def record_heard(self, attempt_id: str, heard: Heard) -> bool:
        return self._write(f"heard {attempt_id} {heard.leg}")

    def record_end(self, attempt_id: str, end: CallEnd, events: Sequence[Event] = ()) -> str:  # noqa: ARG002
        self._write(f"ended {attempt_id} {end.q850}" + (f" {end.leg}" if end.leg else ""))
        return "recorded"

    def _write(self, line: str) -> bool:
        with self._path.open("a") as file:
            file.write(f"{line}\n")
        return True


def main(port: int, path: Path, crash: bool) -> None:
    logging.basicConfig(level="INFO", format="%(message)s", stream=sys.stdout)

    def open_service() -> Service:
        if crash:
            raise RuntimeError("a worker that cannot start")
        store = FileStore(path)
        return Service(Recorder(store, store), store, SystemClock(), SECRET)

    Supervisor(
        listen("127.0.0.1", port),
        lambda listener, heartbeat: worker.run(listener, heartbeat, open_service, 400),
        workers=2,
        manager=ServiceManager(os.environ),
    ).run()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), "crash" in sys.argv[3:])
