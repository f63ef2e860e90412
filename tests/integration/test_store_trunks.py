"""Lines and slots of a trunk, taken by several originators at once on one database."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from subprocess import PIPE, Popen
from sys import executable

import pymysql
import pytest

from campaign.file import Campaign
from campaign.journal import CallEnd
from campaign.pace import AHEAD, spacing
from campaign.sections import Limits, Trunk
from campaign.selection import Refusal
from campaign.settings import DatabaseSettings
from campaign.store import MovedError, Store, StoreError, open_store
from campaign.store.claims import Claim
from campaign.store.trunks import LET_GO_SECONDS, DayOver, NoTrunk, NotYet, Terms, Turn
from lab.waiting import wait_until
from tests.integration.conftest import NOW, RUN, TEST_RUN, Company

TRUNK = Trunk()
OTHER = Trunk("SIP", "otra")
MISSED = Turn(Trunk(calls_per_second=5), 0.0, NOW.replace(tzinfo=None))
END = CallEnd(17, "SIP 486 Busy Here", NOW, None, None)
HOLD = """
import pymysql, sys, time
connection = pymysql.connect(unix_socket=sys.argv[1], user="root", database="billing")
connection.cursor().execute("SELECT * FROM overdue_trunk FOR UPDATE")
print("held", flush=True)
time.sleep(60)
"""
"""Holds the rows until it is killed: it is meant to be gone long before it wakes."""
LATER = NOW + timedelta(minutes=3)


def terms(run: str = RUN, lines: int = 100, rate: float = 0, trunk: Trunk = TRUNK) -> Terms:
    limited = replace(trunk, max_calls=lines, calls_per_second=rate)
    return Terms(run, Campaign(name="pruebas", trunks=(limited,)))


def claims(company: Company, count: int, run: str = RUN) -> list[str]:
    return [
        company.claimed(f"{run[:5]}-{place}", f"57300{int(run == RUN)}{place:06d}", run_id=run)
        for place in range(count)
    ]


def dial(
    company: Company, attempt_id: str, on: Terms, own: int = 0
) -> Turn | NotYet | NoTrunk | DayOver:
    return company.store.trunks.dial(attempt_id, on, {TRUNK.label: own}, NOW, LATER)


def at_once(
    company: Company, claim: Claim, on: Terms, own: int = 0
) -> Refusal | Turn | NoTrunk | DayOver:
    return company.store.trunks.claim_and_dial(
        claim, on, company.source, lambda *_: None, {TRUNK.label: own}, NOW, LATER
    )


@pytest.fixture
def hosts(database_settings: DatabaseSettings) -> Iterator[list[Store]]:
    """Two originators with a pool of connections each."""
    stores = [open_store(database_settings, connections=4, lock_wait_seconds=5) for _ in "12"]
    yield stores
    for store in stores:
        store.database.close()


def test_a_line_and_a_slot_come_with_the_commit_of_dialing(company: Company) -> None:
    (attempt_id,) = claims(company, 1)
    before = time.monotonic()
    turn = dial(company, attempt_id, terms(rate=5))
    assert isinstance(turn, Turn)
    assert before < turn.at < time.monotonic() + AHEAD.total_seconds()
    row = company.attempt(attempt_id)
    assert row["state"] == "dialing"
    assert row["deadline_at"] == LATER.replace(tzinfo=None)


def test_without_a_pace_a_claim_and_its_line_are_one_commit(company: Company) -> None:
    claim = company.new_claim(company.customer())
    answer = at_once(company, claim, terms())
    assert isinstance(answer, Turn)
    assert (answer.trunk.label, answer.slot) == (TRUNK.label, None)
    row = company.attempt(claim.attempt_id)
    assert (row["state"], row["trunk"]) == ("dialing", TRUNK.label)
    assert (row["dialing_at"], row["deadline_at"]) == (
        NOW.replace(tzinfo=None), LATER.replace(tzinfo=None),
    )  # fmt: skip
    assert company.sql("SELECT calls FROM overdue_campaign_day") == [{"calls": 1}]


def test_a_claim_that_finds_no_line_leaves_nothing(company: Company) -> None:
    answer = at_once(company, company.new_claim(company.customer()), terms(lines=2), own=2)
    assert answer == NoTrunk()
    assert company.sql("SELECT id FROM overdue_attempt") == []


def test_a_claim_of_a_day_that_is_used_up_leaves_nothing(company: Company) -> None:
    on = terms()
    on = replace(on, campaign=replace(on.campaign, limits=Limits(calls_per_day=1)))
    assert isinstance(at_once(company, company.new_claim(company.customer()), on), Turn)
    other = company.new_claim(company.customer("573009999999"), "573009999999")
    assert at_once(company, other, on) == DayOver("calls_per_day_reached")
    assert len(company.sql("SELECT id FROM overdue_attempt")) == 1


def test_the_clock_is_read_several_times_before_the_first_slot(company: Company) -> None:
    def selects() -> int:
        return int(company.sql("SHOW GLOBAL STATUS LIKE 'Com_select'")[0]["Value"])

    before = selects()
    company.store.trunks.read_clock(terms(rate=1))
    assert selects() - before >= 10


def test_after_a_call_that_came_late_the_next_one_counts_from_its_coming(company: Company) -> None:
    first, second = claims(company, 2)
    turn = dial(company, first, terms(rate=20))
    assert isinstance(turn, Turn)
    wait_until(lambda: time.monotonic() > turn.at + 0.1, 5)
    came_at = time.monotonic()
    company.store.trunks.came_late(turn.trunk, terms(rate=20))
    after = dial(company, second, terms(rate=20))
    assert isinstance(after, Turn)
    assert after.at > came_at + spacing(20).total_seconds() - 0.01


def test_for_a_call_that_came_late_a_slot_is_left_out_after_those_that_are_taken(
    company: Company,
) -> None:
    first, second, third = claims(company, 3)
    on = terms(rate=20)
    late = dial(company, first, on)
    ahead = dial(company, second, on)
    assert isinstance(late, Turn)
    assert isinstance(ahead, Turn)
    came_at = time.monotonic()
    company.store.trunks.came_late(late.trunk, on)
    in_time = time.monotonic() < ahead.at
    after = dial(company, third, on)
    assert isinstance(after, Turn)
    distance = spacing(20).total_seconds()
    # On a machine that is too slow no slot lies ahead any more.
    assert after.at > (ahead.at + 1.9 * distance if in_time else came_at + 0.9 * distance)


def test_a_slot_too_far_ahead_is_left_and_nothing_written(company: Company) -> None:
    first, second = claims(company, 2)
    dial(company, first, terms(rate=1))
    answer = dial(company, second, terms(rate=1))
    assert isinstance(answer, NotYet)
    assert 0.5 < answer.seconds < spacing(1).total_seconds() - AHEAD.total_seconds() + 0.03
    assert company.attempt(second)["state"] == "claimed"


def test_without_a_pace_no_slot_is_taken(company: Company) -> None:
    for attempt_id in claims(company, 3):
        assert isinstance(dial(company, attempt_id, terms()), Turn)
    assert company.sql("SELECT last_slot_at FROM overdue_trunk") == [{"last_slot_at": None}]


def test_slots_of_two_hosts_are_never_closer_than_the_spacing(
    company: Company, hosts: list[Store]
) -> None:
    rate, calls = 20, 12
    work = {RUN: claims(company, calls), TEST_RUN: claims(company, calls, TEST_RUN)}
    taken: list[float] = []

    def originate(store: Store, run: str, attempts: list[str]) -> None:
        for attempt_id in attempts:
            on = terms(run, rate=rate)
            while isinstance(answer := store.trunks.dial(attempt_id, on, {}, NOW, NOW), NotYet):
                threading.Event().wait(answer.seconds)
            assert isinstance(answer, Turn)
            taken.append(answer.at)

    with ThreadPoolExecutor(4) as threads:
        jobs = [
            threads.submit(originate, store, run, work[run][part::2])
            for store, run in zip(hosts, work, strict=True)
            for part in (0, 1)
        ]
        for job in jobs:
            job.result(30)
    assert len(taken) == 2 * calls
    gaps = [later - earlier for earlier, later in pairwise(sorted(taken))]
    # The database's clock is read over a connection: so much of it is the way back.
    assert min(gaps) > spacing(rate).total_seconds() - 0.01


def test_lines_of_two_hosts_are_never_more_than_the_trunk_has(
    company: Company, hosts: list[Store]
) -> None:
    lines = 7
    work = {RUN: claims(company, 20), TEST_RUN: claims(company, 20, TEST_RUN)}
    start = threading.Barrier(2)

    def originate(store: Store, run: str) -> int:
        start.wait(10)
        held = 0
        for attempt_id in work[run]:
            on, own = terms(run, lines, rate=100), {TRUNK.label: held}
            answer = store.trunks.dial(attempt_id, on, own, NOW, NOW)
            held += isinstance(answer, Turn)
        return held

    with ThreadPoolExecutor(2) as threads:
        held = list(threads.map(originate, hosts, work))
    assert sum(held) == lines
    dialing = company.sql("SELECT COUNT(*) AS n FROM overdue_attempt WHERE state = 'dialing'")
    assert dialing == [{"n": lines}]


@pytest.mark.parametrize("state", ["dialing", "answered", "unresolved"])
def test_an_open_attempt_of_another_run_holds_its_line_whatever_its_deadline(
    company: Company, state: str
) -> None:
    """Its run may be dead and its time over: only evidence that settles it frees the line."""
    company.put(company.dialing("other", "573000000001", run_id=TEST_RUN), state)
    company.sql("UPDATE overdue_attempt SET deadline_at = deadline_at - INTERVAL 1 DAY")
    (mine,) = claims(company, 1)
    assert dial(company, mine, terms(lines=1)) == NoTrunk()
    assert company.attempt(mine)["state"] == "claimed"
    assert not company.store.trunks.may_dial(terms(lines=1), {})


@pytest.mark.parametrize("state", ["claimed", "released"])
def test_an_attempt_that_was_not_sent_holds_no_line(company: Company, state: str) -> None:
    company.put(company.claimed("other", "573000000001", run_id=TEST_RUN), state)
    (mine,) = claims(company, 1)
    assert isinstance(dial(company, mine, terms(lines=1)), Turn)


def test_a_call_of_another_run_holds_its_line_until_the_pbx_has_let_it_go(
    company: Company,
) -> None:
    other = company.dialing("other", "573000000001", run_id=TEST_RUN)
    company.store.calls.record_end(other, END)
    (mine,) = claims(company, 1)
    assert dial(company, mine, terms(lines=1)) == NoTrunk()
    company.sql(
        "UPDATE overdue_attempt SET closed_at = closed_at - INTERVAL %s SECOND", LET_GO_SECONDS
    )
    assert company.store.trunks.may_dial(terms(lines=1), {})
    assert isinstance(dial(company, mine, terms(lines=1)), Turn)


def test_a_database_clock_that_was_set_back_leaves_no_line_held(company: Company) -> None:
    """The calls of the two hours that come again have ended, and let go, long ago."""
    company.store.calls.record_end(company.dialing("other", "573000000001", run_id=TEST_RUN), END)
    company.sql("UPDATE overdue_attempt SET closed_at = closed_at + INTERVAL 2 HOUR")
    (mine,) = claims(company, 1)
    assert isinstance(dial(company, mine, terms(lines=1)), Turn)


def test_of_its_own_calls_a_run_says_itself_which_are_up(company: Company) -> None:
    """It hears their Hangup, which comes after the BYE."""
    company.store.calls.record_end(company.dialing("900001", "573000000001"), END)
    (attempt_id,) = claims(company, 1)
    assert dial(company, attempt_id, terms(lines=1), own=1) == NoTrunk()
    assert isinstance(dial(company, attempt_id, terms(lines=1), own=0), Turn)


def test_another_trunk_has_lines_and_slots_of_its_own(company: Company) -> None:
    company.sql("INSERT INTO overdue_trunk (trunk) VALUES ('SIP/otra')")
    first, second = claims(company, 2)
    for attempt_id, trunk in ((first, TRUNK), (second, OTHER)):
        on = terms(lines=1, rate=1, trunk=trunk)
        assert isinstance(dial(company, attempt_id, on), Turn)


def test_an_attempt_that_another_moved_takes_neither_line_nor_slot(company: Company) -> None:
    (attempt_id,) = claims(company, 1)
    company.attempts.release(attempt_id, NOW)
    with pytest.raises(MovedError, match="another moved it"):
        dial(company, attempt_id, terms(rate=1))
    assert company.sql("SELECT last_slot_at FROM overdue_trunk") == [{"last_slot_at": None}]


def test_a_missed_slot_is_replaced_and_the_deadline_with_it(company: Company) -> None:
    attempt_id = company.dialing("1")
    later = LATER + timedelta(hours=1)
    on = terms(lines=1, rate=5)
    answer = company.store.trunks.dial_later(attempt_id, MISSED, on, LATER, later)
    assert isinstance(answer, Turn)
    row = company.attempt(attempt_id)
    assert (row["state"], row["deadline_at"]) == ("dialing", later.replace(tzinfo=None))


def test_a_missed_slot_that_nobody_took_another_after_is_only_moved(company: Company) -> None:
    first, second = claims(company, 2)
    on = terms(rate=1)
    missed = dial(company, first, on)
    assert isinstance(missed, Turn)
    moved = company.store.trunks.dial_later(first, missed, on, NOW, LATER)
    assert isinstance(moved, Turn)
    assert missed.at <= moved.at < missed.at + 0.5
    answer = dial(company, second, on)
    assert isinstance(answer, NotYet)
    assert time.monotonic() + answer.seconds > moved.at + 0.5


def test_a_missed_slot_after_which_another_was_taken_is_lost(company: Company) -> None:
    first, second = claims(company, 2)
    on = terms(rate=10)
    turns = [dial(company, attempt_id, on) for attempt_id in (first, second)]
    assert isinstance(turns[0], Turn)
    assert isinstance(turns[1], Turn)
    moved = company.store.trunks.dial_later(first, turns[0], on, NOW, LATER)
    assert isinstance(moved, Turn)
    assert moved.at > turns[1].at + 0.09


def test_what_was_settled_while_its_originator_slept_is_not_sent(company: Company) -> None:
    attempt_id = company.dialing("1")
    company.store.calls.record_end(attempt_id, END)
    with pytest.raises(MovedError, match="not sent"):
        company.store.trunks.dial_later(attempt_id, MISSED, terms(rate=5), LATER, LATER)


def test_a_trunk_that_somebody_holds_is_waited_for_and_then_a_store_error(
    company: Company, server_socket: str
) -> None:
    (attempt_id,) = claims(company, 1)
    with closing(_holder(server_socket)) as holder:
        holder.cursor().execute("SELECT * FROM overdue_trunk FOR UPDATE")
        with pytest.raises(StoreError, match="Lock wait timeout"):
            dial(company, attempt_id, terms(rate=10))
    assert company.attempt(attempt_id)["state"] == "claimed"
    assert isinstance(dial(company, attempt_id, terms(rate=10)), Turn)


def test_a_killed_process_that_held_the_trunk_lets_it_go(
    company: Company, server_socket: str
) -> None:
    (attempt_id,) = claims(company, 1)
    with Popen([executable, "-c", HOLD, server_socket], stdout=PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreError, match="Lock wait timeout"):
            dial(company, attempt_id, terms(rate=10))
        holder.kill()
    assert wait_until(lambda: isinstance(dial(company, attempt_id, terms(rate=10)), Turn), 5)


def test_a_trunk_without_a_row_is_one_sentence(company: Company) -> None:
    (attempt_id,) = claims(company, 1)
    with pytest.raises(StoreError, match="has no row in overdue_trunk: start `run` again"):
        dial(company, attempt_id, terms(rate=10, trunk=OTHER))


def _holder(socket: str) -> "pymysql.Connection[pymysql.cursors.Cursor]":
    return pymysql.connect(unix_socket=socket, user="root", database="billing")
