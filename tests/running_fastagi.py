"""The real server object over loopback, with the real handlers and a store that records."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count

from campaign.clock import SystemClock
from fastagi_server.moments import MOMENTS, Moment
from fastagi_server.recorder import Recorder
from fastagi_server.server import Server, listen
from fastagi_server.service import Service
from tests.fake_asterisk import SECRET, Call, attempt
from tests.recording_store import RecordingStore

PROMPT = "es_MX/morosos_natalia"
THANKS = "es_MX/gracias_pago"


class Running:
    """A server on a free port with a thread of its own."""

    def __init__(
        self, max_sessions: int, moments: Mapping[str, Moment], seconds: Callable[[], float]
    ) -> None:
        self.store = RecordingStore()
        self.recorder = Recorder(self.store, self.store)
        listener = listen("127.0.0.1", 0)
        self.address: tuple[str, int] = listener.getsockname()
        self.server = Server(
            listener,
            Service(self.recorder, self.store, SystemClock(), SECRET, seconds),
            max_sessions,
            moments,
        )
        self._thread = threading.Thread(target=self.server.serve, args=(lambda: None,))
        self._thread.start()

    def stop(self) -> None:
        self.server.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def call(self, moment: str, uniqueid: str = attempt(1), **kwargs: object) -> Call:
        return Call(self.address, moment, uniqueid, **kwargs)  # type: ignore[arg-type]


def hurried() -> Callable[[], float]:
    """A clock for prompts that play in no time: a day goes by between two readings."""
    days = count(step=86_400.0)
    return lambda: next(days)


@contextmanager
def running(
    max_sessions: int = 400,
    moments: Mapping[str, Moment] = MOMENTS,
    seconds: Callable[[], float] | None = None,
) -> Iterator[Running]:
    made = Running(max_sessions, moments, seconds or hurried())
    try:
        yield made
    finally:
        made.stop()
        made.store.free.set()
        assert made.server.drain(10, lambda: None) == 0
        made.recorder.close()
        made.server.close()
