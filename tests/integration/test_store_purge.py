"""What is older goes, with all that hangs on it; what is open or protects people stays."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from campaign.journal import CallEnd
from campaign.store.purge import Old
from tests.integration.conftest import NOW, NUMBER, RUN, TEST_RUN, Company

BEFORE = NOW - timedelta(days=400)
OLD = BEFORE - timedelta(milliseconds=1)
DOES_NOT_EXIST = CallEnd(1, "SIP 404 Not Found", NOW, None, None)


def attempt(company: Company, place: int, at: datetime, state: str = "ended") -> str:
    number = f"57300100{place:04d}"
    attempt_id = company.dialing(str(place), number)
    if state == "ended":
        company.store.calls.record_end(attempt_id, DOES_NOT_EXIST)
        contradiction = replace(DOES_NOT_EXIST, q850=17, tech="SIP 486")
        company.store.calls.record_end(attempt_id, contradiction)
    company.sql("UPDATE overdue_attempt SET claimed_at = %s WHERE id = %s", at, attempt_id)
    return attempt_id


def age_run(company: Company, run_id: str) -> None:
    company.sql(
        "UPDATE overdue_run SET started_at = %s, heartbeat_at = %s WHERE id = %s", OLD, OLD, run_id
    )


def left(company: Company, table: str) -> int:
    return int(company.sql(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"])  # noqa: S608


@pytest.fixture
def old_and_new(company: Company) -> Company:
    """Two old attempts, one of this moment, and one old one that is not settled."""
    for place, (at, state) in enumerate(
        [(OLD, "ended"), (OLD, "ended"), (BEFORE, "ended"), (OLD, "dialing")]
    ):
        attempt(company, place, at, state)
    return company


def test_what_is_older_is_counted_and_removed(old_and_new: Company) -> None:
    company = old_and_new
    assert company.store.purge.count(BEFORE) == Old(2, 2, 0, 0, 0, 0, 0, left_open=1)
    company.store.purge.remove(BEFORE)
    assert left(company, "overdue_attempt") == 2
    assert left(company, "overdue_attempt_number") == 2
    assert left(company, "overdue_attempt_note") == 1
    assert company.store.purge.count(BEFORE) == Old(0, 0, 0, 0, 0, 0, 0, left_open=1)


def test_bad_numbers_outlive_the_attempts_that_found_them(old_and_new: Company) -> None:
    before = old_and_new.store.bad_numbers.all()
    assert len(before) == 3
    old_and_new.store.purge.remove(BEFORE)
    assert old_and_new.store.bad_numbers.all() == before


def test_runs_go_when_nothing_refers_to_them(company: Company) -> None:
    attempt(company, 1, OLD)
    for run_id in (RUN, TEST_RUN):
        age_run(company, run_id)
    assert company.store.purge.count(BEFORE).runs == 2
    company.store.purge.remove(BEFORE)
    assert left(company, "overdue_run") == 0


def test_a_run_stays_with_an_attempt_or_a_sign_of_life(company: Company) -> None:
    attempt(company, 1, BEFORE)
    for run_id in (RUN, TEST_RUN):
        age_run(company, run_id)
    company.sql("UPDATE overdue_run SET heartbeat_at = %s WHERE id = %s", BEFORE, TEST_RUN)
    assert company.store.purge.count(BEFORE).runs == 0
    company.store.purge.remove(BEFORE)
    assert left(company, "overdue_run") == 2


def test_the_archive_of_old_cycles_goes_and_the_cycle_stays(company: Company) -> None:
    company.customer(NUMBER)
    for at in (OLD, BEFORE):
        cycle_id = company.store.cycles.begin(company.source, "pruebas", at)
        while company.store.cycles.reset_page(cycle_id, company.source, at):
            pass
    assert company.store.purge.count(BEFORE).archived_customers == 1
    company.store.purge.remove(BEFORE)
    assert [
        len(company.store.cycles.archived(row["id"])) for row in company.store.cycles.all()
    ] == [
        1,
        0,
    ]


def test_more_than_a_batch_goes_too(company: Company) -> None:
    attempt(company, 0, OLD)
    company.sql(
        "INSERT INTO overdue_attempt (id, run_id, source, customer_id, number, person, state,"
        " trunk, prompt, pbx, pbx_boot, claimed_at)"
        " SELECT CONCAT('01K', LPAD(seq, 23, '0')), run_id, source, seq, number, person,"
        " 'released', trunk, prompt, pbx, pbx_boot, claimed_at"
        " FROM overdue_attempt, (WITH RECURSIVE digit AS (SELECT 0 AS d UNION ALL SELECT d + 1"
        " FROM digit WHERE d < 49) SELECT 50 * a.d + b.d AS seq FROM digit a, digit b) numbers"
    )
    company.store.purge.remove(BEFORE)
    assert left(company, "overdue_attempt") == 0
