"""Trunks that fail, the one call that tries them again, and those that stand by."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.event import Event, EventKind
from campaign.file import Campaign
from campaign.journal import CallEnd, Leg
from campaign.outcome import Outcome
from campaign.sections import Breaker, Limits, Trunk
from campaign.settings import DatabaseSettings
from campaign.store import open_store
from campaign.store.calls import RecordedEnd
from campaign.store.trunks import DayOver, NoTrunk, NotYet, Terms, Turn
from lab.waiting import wait_until
from tests.integration.conftest import NOW, RUN, TEST_RUN, Company

FIRST = Trunk(name="first", calls_per_second=0, max_calls=2)
SECOND = Trunk(name="second", calls_per_second=0, max_calls=2)
PACED = replace(FIRST, calls_per_second=100)
FAILURES = 3
CAMPAIGN = Campaign(
    name="pruebas", trunks=(FIRST, SECOND), breaker=Breaker(failures=FAILURES, pause_seconds=60)
)
LATER = NOW + timedelta(minutes=3)
CONGESTION = CallEnd(34, "SIP 503 Service Unavailable", NOW, None, None)
BUSY = CallEnd(17, "SIP 486 Busy Here", NOW, None, None)


@pytest.fixture
def calls(company: Company) -> "Calls":
    company.sql("DELETE FROM overdue_attempt")
    company.sql("DELETE FROM overdue_run")
    company.store.runs.start(RUN, CAMPAIGN, None, NOW)
    company.store.runs.start(TEST_RUN, CAMPAIGN, None, NOW)
    return Calls(company)


class Calls:
    """Calls of two runs, one after the other."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self._made = 0

    def claim(self, run: str = RUN) -> str:
        self._made += 1
        return self.company.claimed(f"c{self._made}", f"5730010{self._made:05d}", run_id=run)

    def dial(
        self, campaign: Campaign = CAMPAIGN, run: str = RUN, own: dict[str, int] | None = None
    ) -> tuple[str, Turn | NotYet | NoTrunk | DayOver]:
        attempt_id = self.claim(run)
        terms = Terms(run, campaign)
        return attempt_id, self.company.store.trunks.dial(attempt_id, terms, own or {}, NOW, LATER)

    def over(self, trunk: Trunk, campaign: Campaign = CAMPAIGN, run: str = RUN) -> str:
        """Dial one call, which must go over this trunk; its id."""
        attempt_id, answer = self.dial(campaign, run)
        assert isinstance(answer, Turn)
        assert answer.trunk == trunk
        assert self.company.attempt(attempt_id)["trunk"] == trunk.label
        return attempt_id

    def end(self, attempt_id: str, end: CallEnd = CONGESTION) -> None:
        self.company.store.calls.record_end(attempt_id, end)

    def fail(self, trunk: Trunk, times: int = FAILURES) -> None:
        for _ in range(times):
            self.end(self.over(trunk))

    def pause_over(self) -> None:
        self.company.sql("UPDATE overdue_trunk SET paused_until = UTC_TIMESTAMP(3)")

    def lease_over(self) -> None:
        self.company.sql("UPDATE overdue_trunk SET probe_until = UTC_TIMESTAMP(3)")

    def paused(self) -> set[str]:
        troubled = self.company.store.trunks.troubled()
        return {name for name, health in troubled.items() if health.paused_until}


def test_a_run_of_failures_lets_the_next_trunk_take_over(calls: Calls) -> None:
    calls.fail(FIRST)
    assert calls.paused() == {FIRST.label}
    calls.over(SECOND)


def test_the_same_end_told_again_is_one_failure(calls: Calls) -> None:
    attempt_id = calls.over(FIRST)
    for _ in range(2 * FAILURES):
        calls.end(attempt_id)
    calls.company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "late")
    assert calls.company.store.trunks.troubled()[FIRST.label].failures == 1


def test_failures_of_all_runs_count_together(calls: Calls) -> None:
    for run in (RUN, TEST_RUN, RUN):
        calls.end(calls.over(FIRST, run=run))
    calls.over(SECOND, run=TEST_RUN)


def test_what_became_of_no_call_is_not_the_trunks_doing(calls: Calls) -> None:
    calls.fail(FIRST, FAILURES - 1)
    for outcome in (Outcome.LOST, Outcome.NOT_PLACED):
        attempt_id = calls.over(FIRST)
        calls.company.store.calls.record_without_call(attempt_id, outcome, NOW, "no evidence")
    calls.over(FIRST)
    assert calls.paused() == set()


def test_an_answer_proves_the_trunk_at_once_and_its_end_does_so_no_more(calls: Calls) -> None:
    answered = calls.over(FIRST)
    calls.fail(FIRST, FAILURES - 1)
    assert calls.company.meet(answered)
    assert calls.company.store.trunks.troubled() == {}
    calls.fail(FIRST, FAILURES - 1)
    calls.end(answered, CallEnd(16, "SIP 200 OK", NOW, NOW, Leg(9.0, True, "", "agi")))
    calls.fail(FIRST, 1)
    assert calls.paused() == {FIRST.label}


def test_an_answer_that_only_the_end_tells_proves_the_trunk(calls: Calls) -> None:
    """FastAGI was away when the customer answered."""
    answered = calls.over(FIRST)
    calls.fail(FIRST, FAILURES - 1)
    calls.end(answered, CallEnd(16, "SIP 200 OK", NOW, NOW, Leg(9.0, True, "", "dialplan")))
    assert calls.company.store.trunks.troubled() == {}


def test_after_the_pause_one_call_tries_the_trunk_and_the_others_go_over_the_next(
    calls: Calls,
) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    probe = calls.over(FIRST)
    calls.over(SECOND)
    calls.end(probe, BUSY)
    assert calls.paused() == set()
    calls.over(FIRST)


def test_a_probe_that_fails_pauses_the_trunk_anew_and_for_longer(calls: Calls) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    calls.fail(FIRST, 1)
    calls.over(SECOND)
    (row,) = calls.company.sql(
        "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), paused_until) s FROM overdue_trunk"
        " WHERE trunk = %s",
        FIRST.label,
    )
    assert 100 < row["s"] <= 120


@pytest.mark.parametrize("trunk", [FIRST, PACED], ids=["unpaced", "paced"])
def test_one_probe_over_all_originators_whoever_asks_first(
    calls: Calls, database_settings: DatabaseSettings, trunk: Trunk
) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    campaign = replace(CAMPAIGN, trunks=(trunk,))
    stores = [open_store(database_settings, connections=4, lock_wait_seconds=5) for _ in "12"]
    claims = {RUN: [calls.claim() for _ in "1234"], TEST_RUN: [calls.claim(TEST_RUN) for _ in "12"]}
    start = threading.Barrier(6)

    def dial(work: tuple[str, str]) -> bool:
        run, attempt_id = work
        start.wait(10)
        store = stores[run == RUN]
        answer = store.trunks.dial(attempt_id, Terms(run, campaign), {}, NOW, LATER)
        return isinstance(answer, Turn)

    with ThreadPoolExecutor(6) as threads:
        let_through = list(threads.map(dial, [(r, a) for r, ids in claims.items() for a in ids]))
    for store in stores:
        store.database.close()
    assert sum(let_through) == 1


def test_a_probe_whose_originator_died_blocks_no_longer_than_a_call_can_take(
    calls: Calls,
) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    dead = calls.over(FIRST)
    calls.over(SECOND)
    calls.lease_over()
    second = calls.over(FIRST)
    calls.end(dead)
    calls.over(SECOND)
    calls.end(second, BUSY)
    assert calls.paused() == set()


def test_a_probe_of_which_nothing_is_known_makes_way_for_another(calls: Calls) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    probe = calls.over(FIRST)
    calls.company.store.calls.record_without_call(probe, Outcome.NOT_PLACED, NOW, "not sent")
    calls.over(FIRST)


def test_with_all_trunks_paused_nobody_is_called(calls: Calls) -> None:
    calls.fail(FIRST)
    calls.fail(SECOND)
    attempt_id, answer = calls.dial()
    assert answer == NoTrunk()
    assert calls.company.attempt(attempt_id)["state"] == "claimed"
    assert not calls.company.store.trunks.may_dial(Terms(RUN, CAMPAIGN), {})
    calls.pause_over()
    assert calls.company.store.trunks.may_dial(Terms(RUN, CAMPAIGN), {})


def test_the_standby_takes_no_calls_for_which_the_first_has_no_line(calls: Calls) -> None:
    assert calls.dial(own={FIRST.label: FIRST.max_calls})[1] == NoTrunk()


def test_a_trunk_whose_lines_are_held_is_not_tried_and_holds_nobody_up(calls: Calls) -> None:
    calls.fail(FIRST)
    calls.pause_over()
    _, answer = calls.dial(own={FIRST.label: FIRST.max_calls})
    assert isinstance(answer, Turn)
    assert answer.trunk == SECOND


def test_the_limit_over_all_trunks_holds_beside_those_of_each(calls: Calls) -> None:
    campaign = replace(CAMPAIGN, limits=Limits(max_calls=3))
    calls.over(FIRST, run=TEST_RUN)
    assert calls.dial(campaign, own={SECOND.label: 2})[1] == NoTrunk()
    assert isinstance(calls.dial(campaign, own={SECOND.label: 1})[1], Turn)


def test_the_calls_of_a_day_are_counted_over_all_runs_and_exactly(calls: Calls) -> None:
    campaign = replace(CAMPAIGN, limits=Limits(calls_per_day=2))
    calls.over(FIRST, campaign)
    calls.over(FIRST, campaign, TEST_RUN)
    assert calls.dial(campaign, own={FIRST.label: 2})[1] == NoTrunk()
    attempt_id, answer = calls.dial(campaign)
    assert answer == DayOver("calls_per_day_reached")
    assert calls.company.attempt(attempt_id)["state"] == "claimed"
    assert calls.company.sql("SELECT calls FROM overdue_campaign_day") == [{"calls": 2}]


def test_another_campaign_and_another_day_have_calls_of_their_own(calls: Calls) -> None:
    one = replace(CAMPAIGN, limits=Limits(calls_per_day=1))
    calls.over(FIRST, one)
    calls.over(FIRST, replace(one, name="otra"))
    tomorrow = NOW + timedelta(days=1)
    terms = Terms(RUN, replace(one, trunks=(SECOND,)))
    answer = calls.company.store.trunks.dial(calls.claim(), terms, {}, tomorrow, tomorrow)
    assert isinstance(answer, Turn)


def test_the_answered_minutes_of_a_day_are_counted_once(calls: Calls) -> None:
    campaign = replace(CAMPAIGN, limits=Limits(minutes_per_day=1))
    answered = calls.over(FIRST, campaign)
    calls.company.meet(answered)
    minute = NOW + timedelta(seconds=60)
    for _ in range(2):
        calls.end(answered, CallEnd(16, "", minute, NOW, Leg(9.0, True, "", "agi")))
    (row,) = calls.company.sql("SELECT answered_seconds s FROM overdue_campaign_day")
    assert row["s"] == 60
    assert calls.dial(campaign)[1] == DayOver("minutes_per_day_reached")


def test_an_end_waits_for_the_days_row_when_all_else_is_written(calls: Calls) -> None:
    company = calls.company
    answered = calls.over(FIRST)
    company.meet(answered)
    end = CallEnd(16, "", NOW, NOW, Leg(9.0, True, "", "agi"))
    heard = [Event(EventKind.PATH, "message", 0.0)]
    company.sql("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
    company.admin.begin()
    company.sql("SELECT * FROM overdue_campaign_day FOR UPDATE")
    with ThreadPoolExecutor(1) as server:
        try:
            recorded = server.submit(company.store.calls.record_end, answered, end, heard)
            written = wait_until(lambda: bool(company.sql("SELECT 1 FROM overdue_event")), 5)
        finally:
            company.admin.rollback()
    assert written
    assert recorded.result() == RecordedEnd.RECORDED
