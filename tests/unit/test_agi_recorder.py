"""However the database behaves, a call waits no longer than it may."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from fastagi_server.recorder import Recorder
from lab.waiting import wait_until
from tests.fake_asterisk import attempt
from tests.recording_store import RecordingStore

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LEG = Leg(3.5, True, "", "agi")
HEARD = Heard(Course.ANNOUNCEMENT, LEG)
END = CallEnd(16, "", NOW, NOW, LEG)


@pytest.fixture
def store() -> Iterator[RecordingStore]:
    made = RecordingStore()
    yield made
    made.free.set()


@pytest.fixture
def recorder(store: RecordingStore) -> Iterator[Recorder]:
    made = Recorder(store, store, threads=2, max_waiting=4)
    yield made
    made.close()


def test_what_is_committed_is_said_to_be(recorder: Recorder, store: RecordingStore) -> None:
    assert recorder.heard(attempt(1), HEARD, 5)
    assert recorder.ended(attempt(1), END, 5)
    assert recorder.ended(attempt(1), END, 5), "an end that was final already is committed as well"
    assert recorder.ping(5)
    assert (store.heard, store.ended) == ({attempt(1): HEARD}, {attempt(1): END})


def test_an_attempt_that_the_database_does_not_know_is_not_committed(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.unknown.add(attempt(1))
    assert not recorder.ended(attempt(1), END, 5)


def test_a_database_that_is_down_is_a_warning_with_the_attempt(
    recorder: Recorder, store: RecordingStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.down = True
    assert not recorder.ended(attempt(7), END, 5)
    assert not recorder.ping(5)
    [line] = [r for r in caplog.records if attempt(7) in r.getMessage()]
    assert line.levelno == logging.WARNING


def test_a_bug_in_the_store_does_not_reach_the_call(
    recorder: Recorder, store: RecordingStore, caplog: pytest.LogCaptureFixture
) -> None:
    store.fault = KeyError("bug")
    assert not recorder.heard(attempt(7), HEARD, 5)
    assert [r.levelno for r in caplog.records] == [logging.ERROR]


def test_a_database_that_hangs_costs_only_the_wait(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.free.clear()
    began = time.monotonic()
    assert not recorder.heard(attempt(1), HEARD, 0.05)
    assert not recorder.ended(attempt(1), END, 0.05)
    assert not recorder.ping(0.05)
    assert time.monotonic() - began < 2


def test_the_database_says_who_no_longer_owes(recorder: Recorder, store: RecordingStore) -> None:
    store.paid = {attempt(1)}
    paid, owes = (recorder.answered(attempt(n), NOW, 5) for n in (1, 2))
    assert paid is not None
    assert owes is not None
    assert (paid.course, owes.course) == (Course.PAID, Course.ANNOUNCEMENT)
    assert wait_until(lambda: store.met == {attempt(1): paid, attempt(2): owes}, 10)


def test_what_is_kept_is_what_the_customer_heard_and_not_what_the_database_said_too_late(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.paid = {attempt(1)}
    store.free.clear()
    assert recorder.answered(attempt(1), NOW, 0.05) is None
    store.free.set()
    assert wait_until(lambda: store.met == {attempt(1): None}, 10)


def test_an_error_of_the_database_is_not_waited_out(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.down = True
    began = time.monotonic()
    assert recorder.answered(attempt(1), NOW, 10) is None
    assert time.monotonic() - began < 5


def test_work_that_had_not_begun_in_time_is_dropped(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.free.clear()
    recorder.answered(attempt(1), NOW, 0.01)
    recorder.answered(attempt(2), NOW, 0.01)
    assert not recorder.ended(attempt(3), END, 0.01)
    store.free.set()
    assert recorder.ended(attempt(4), END, 5)
    assert set(store.ended) == {attempt(4)}


def test_a_queue_that_is_full_refuses_at_once_and_recovers(
    recorder: Recorder, store: RecordingStore
) -> None:
    store.free.clear()
    for number in range(6):
        recorder.answered(attempt(number), NOW, 0.01)
    began = time.monotonic()
    assert not recorder.ended(attempt(9), END, 10)
    assert time.monotonic() - began < 2
    store.free.set()
    while not recorder.ended(attempt(9), END, 5):
        assert time.monotonic() - began < 10
    # Four were taken; another thread may still be at the last of them.
    assert wait_until(lambda: len(store.answered) == 4, 10)
