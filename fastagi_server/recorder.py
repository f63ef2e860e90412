"""Database work on threads of its own, so that no call waits longer than it may.

A session asks and waits a bounded time; work that did not begin by then is dropped, work that is
under way may still commit. The PBX's journal keeps what was not committed.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Protocol, TypeVar

from campaign.errors import OverdueError
from campaign.event import Event
from campaign.heard import Heard
from campaign.journal import CallEnd
from campaign.met import Met

THREADS = 8
MAX_WAITING = 1000

UNKNOWN_ATTEMPT = "unknown_attempt"

logger = logging.getLogger(__name__)
_T = TypeVar("_T")


class CallStore(Protocol):
    """What the service writes; each method is one transaction and raises OverdueError."""

    def ping(self) -> None:
        """Return when the database answers."""

    def finality(self, attempt_id: str) -> str:
        """``open``, ``final`` or ``unknown_attempt``."""

    def meet(self, attempt_id: str, at: datetime, agree: Callable[[Met], Met | None]) -> bool:
        """The answered leg began; False where the attempt is not waiting for that.

        ``agree``: is told what the leg needs to know; returns None where that came too late.
        """

    def record_heard(self, attempt_id: str, heard: Heard) -> bool:
        """What was heard; False where there is no such attempt."""

    def record_end(self, attempt_id: str, end: CallEnd, events: Sequence[Event] = ()) -> str:
        """``recorded``, ``already_final``, ``contradiction`` or ``unknown_attempt``."""


class WishStore(Protocol):
    """What a customer decides with a key; each method is one transaction, raises OverdueError."""

    def do_not_call(self, attempt_id: str, at: datetime) -> bool:
        """Put the number on the list; False: no such attempt."""

    def wrong_number(self, attempt_id: str, at: datetime) -> bool:
        """The number is not the customer's; False: no such attempt."""

    def promise(self, attempt_id: str, day: date, at: datetime) -> bool:
        """He will pay on that day; False: nothing is owed, or that is not known."""


class Recorder:
    """Runs the work of the stores on a bounded pool of threads."""

    def __init__(
        self,
        store: CallStore,
        wishes: WishStore,
        *,
        threads: int = THREADS,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        """``max_waiting``: pieces of work that may be queued or under way; more are refused."""
        self._store = store
        self._wishes = wishes
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="recorder")
        self._room = BoundedSemaphore(max_waiting)

    def answered(self, attempt_id: str, at: datetime, wait_seconds: float) -> Met | None:
        """Note that the customer answered, and return what his leg needs to know.

        None: the database did not say it within the time, or does not know the attempt. The note
        is written however late, as of a leg that was told nothing; nobody waits for it.
        """
        answer: Future[Met | None] = Future()
        work = self._submit(
            "answered",
            attempt_id,
            lambda: self._store.meet(attempt_id, at, lambda met: _agreed(answer, met)),
        )
        if work is None:
            return None
        work.add_done_callback(lambda _: _agreed(answer, None))
        try:
            return answer.result(wait_seconds)
        except TimeoutError:
            logger.warning("moment=answered attempt=%s terms=late", attempt_id)
            return _agreed(answer, None)

    def heard(self, attempt_id: str, heard: Heard, wait_seconds: float) -> bool:
        """Commit what was heard; whether that was done within the time."""
        work = self._submit(
            "heard", attempt_id, lambda: self._store.record_heard(attempt_id, heard)
        )
        return _within(work, wait_seconds, "heard", attempt_id) is True

    def ended(
        self, attempt_id: str, end: CallEnd, wait_seconds: float, events: Sequence[Event] = ()
    ) -> bool:
        """Commit the end of a call; whether the database has it, from now or from before.

        ``events``: of the answered leg, where they come with its end.
        """
        result = self.end_result(attempt_id, end, wait_seconds, events)
        return result not in (None, UNKNOWN_ATTEMPT)

    def end_result(
        self, attempt_id: str, end: CallEnd, wait_seconds: float, events: Sequence[Event] = ()
    ) -> str | None:
        """Commit the end of a call; what the store said, None: nothing within the time."""
        work = self._submit("ended", attempt_id, lambda: self._record_end(attempt_id, end, events))
        result = _within(work, wait_seconds, "ended", attempt_id)
        if result == UNKNOWN_ATTEMPT:
            logger.warning(
                "moment=ended attempt=%s committed=no reason=unknown_attempt", attempt_id
            )
        return result

    def do_not_call(self, attempt_id: str, at: datetime, wait_seconds: float) -> bool:
        """Put the number on the do-not-call list; whether that was done within the time."""
        work = self._submit("dnc", attempt_id, lambda: self._wishes.do_not_call(attempt_id, at))
        return _within(work, wait_seconds, "dnc", attempt_id) is True

    def wrong_number(self, attempt_id: str, at: datetime, wait_seconds: float) -> bool:
        """Use the number no longer for this customer; whether that was done within the time."""
        work = self._submit("wrong", attempt_id, lambda: self._wishes.wrong_number(attempt_id, at))
        return _within(work, wait_seconds, "wrong", attempt_id) is True

    def promise(self, attempt_id: str, day: date, at: datetime, wait_seconds: float) -> bool | None:
        """Keep the day on which he will pay; False: he owes nothing, or that is not known.

        None: the database said nothing within the time.
        """
        work = self._submit(
            "promise", attempt_id, lambda: self._wishes.promise(attempt_id, day, at)
        )
        return _within(work, wait_seconds, "promise", attempt_id)

    def finality(self, attempt_id: str, wait_seconds: float) -> str | None:
        """``open``, ``final`` or ``unknown_attempt``; None: no answer within the time."""
        work = self._submit("finality", attempt_id, lambda: self._store.finality(attempt_id))
        return _within(work, wait_seconds, "finality", attempt_id)

    def ask(
        self, moment: str, about: str, work: Callable[[], _T], wait_seconds: float
    ) -> _T | None:
        """Do any work on the pool's threads; None: nothing came of it within the time.

        ``about``: whose it is, for the log; a number stands there masked.
        """
        return _within(self._submit(moment, about, work), wait_seconds, moment, about)

    def ping(self, wait_seconds: float) -> bool:
        """Whether the database answers within the time."""
        work = self._submit("ping", "-", self._ping)
        return _within(work, wait_seconds, "ping", "-") is True

    def close(self) -> None:
        """Drop what has not begun; does not wait for the database."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _record_end(self, attempt_id: str, end: CallEnd, events: Sequence[Event]) -> str:
        if end.promised:
            # Stored while he was on the line, unless the database was away.
            self._wishes.promise(attempt_id, end.promised, end.ended_at)
        return self._store.record_end(attempt_id, end, events)

    def _ping(self) -> bool:
        self._store.ping()
        return True

    def _submit(
        self, moment: str, attempt_id: str, work: Callable[[], _T]
    ) -> "Future[_T | None] | None":
        if not self._room.acquire(blocking=False):
            logger.warning(
                "moment=%s attempt=%s committed=no reason=queue_full", moment, attempt_id
            )
            return None
        future = self._pool.submit(_logged, moment, attempt_id, work)
        future.add_done_callback(lambda _: self._room.release())
        return future


def _agreed(answer: "Future[Met | None]", proposed: Met | None) -> Met | None:
    """What the leg knows: the first that is proposed, by the database or by the call."""
    with suppress(InvalidStateError):
        answer.set_result(proposed)
    return answer.result()


def _logged(moment: str, attempt_id: str, work: Callable[[], _T]) -> _T | None:
    try:
        return work()
    except OverdueError as error:
        logger.warning(
            "moment=%s attempt=%s committed=no reason=%r", moment, attempt_id, str(error)
        )
    except Exception:
        # The call must go on whatever is wrong in the store: this is the thread's outermost frame.
        logger.exception("moment=%s attempt=%s committed=no reason=bug", moment, attempt_id)
    return None


def _within(
    work: "Future[_T | None] | None", seconds: float, moment: str, attempt_id: str
) -> _T | None:
    if work is None:
        return None
    try:
        return work.result(seconds)
    except TimeoutError:
        work.cancel()
        _not_committed(moment, attempt_id, "late")
        return None


def _not_committed(moment: str, attempt_id: str, reason: str) -> None:
    logger.warning("moment=%s attempt=%s committed=no reason=%r", moment, attempt_id, reason)
