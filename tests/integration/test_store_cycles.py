"""The reset of the company's columns: page by page, resumable, nobody unreached is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pymysql
import pytest

from campaign.journal import CallEnd, Leg
from campaign.source import Source
from campaign.store import StoreError, cycles
from campaign.store.cycles import ResetCounts
from lab.waiting import wait_until
from tests.integration.conftest import NOW, Company

DONE_AT = "2026-11-03 09:00:00"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "PAGE", 3)


def begin(company: Company) -> int:
    return company.store.cycles.begin(company.source, "pruebas", NOW)


def reset(company: Company, cycle_id: int) -> list[ResetCounts]:
    pages = []
    while page := company.store.cycles.reset_page(cycle_id, company.source, NOW):
        pages.append(page)
    return pages


def columns(company: Company, customer_id: str) -> tuple[Any, ...]:
    (row,) = company.sql("SELECT * FROM afiliados WHERE id = %s", customer_id)
    return tuple(row[f"outbound_call{name}"] for name in ("", "_is_sent", "_attempts"))


def customer(company: Company, **marks: object) -> str:
    return company.customer(**{f"outbound_call{name}": value for name, value in marks.items()})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((1, 1, 3), (1, 0, 0)),
        ((1, 0, 2), (1, 0, 0)),
        ((0, 1, 1), (0, 0, 0)),
        ((None, 1, None), (None, 0, 0)),
        ((1, None, 4), (1, None, 0)),
        ((1, 0, 0), (1, 0, 0)),
    ],
)
def test_the_marks_of_the_cycle_are_taken_back_and_the_companys_word_stays(
    company: Company, before: tuple[Any, ...], after: tuple[Any, ...]
) -> None:
    flag, sent, attempts = before
    one = customer(company, **{"": flag, "_is_sent": sent, "_attempts": attempts})
    reset(company, begin(company))
    assert columns(company, one) == after


def test_every_page_is_reset_and_all_other_columns_stay(company: Company) -> None:
    ids = [customer(company, _is_sent=1, _attempts=2, _completed_at=DONE_AT) for _ in range(8)]
    company.sql("UPDATE afiliados SET nombre = 'Ana'")
    before = company.sql("SELECT nombre, telefono, corte, activo, eliminar FROM afiliados")
    invoices = company.sql("SELECT * FROM factura")
    pages = reset(company, begin(company))
    assert [page.reset for page in pages] == [3, 3, 2]
    assert {company.billing(one) for one in ids} == {(0, 0, None)}
    assert company.sql("SELECT nombre, telefono, corte, activo, eliminar FROM afiliados") == before
    assert company.sql("SELECT * FROM factura") == invoices


def test_the_survey_changes_nothing_and_tells_what_the_reset_does(company: Company) -> None:
    for n in range(7):
        customer(company, _is_sent=n % 2, _attempts=n)
    before = company.sql("SELECT * FROM afiliados")
    counts = company.store.cycles.survey(company.source)
    assert counts == ResetCounts(customers=7, reset=6, unfinished=4)
    assert company.sql("SELECT * FROM afiliados") == before
    pages = reset(company, begin(company))
    assert sum(page.reset for page in pages) == counts.reset
    assert sum(page.unfinished for page in pages) == counts.unfinished
    assert company.store.cycles.survey(company.source).reset == 0


def test_whom_the_cycle_did_not_reach_is_archived_with_his_attempts(company: Company) -> None:
    called = customer(company, _attempts=5)
    not_called = customer(company)
    customer(company, _is_sent=1, _attempts=1)
    customer(company, **{"": 0})
    paid = customer(company)
    paid_after_calls = customer(company, _attempts=2)
    company.sql(
        "UPDATE factura SET cerrado = 1 WHERE `id-afiliado` IN (%s, %s)", paid, paid_after_calls
    )
    cycle_id = begin(company)
    reset(company, cycle_id)
    archived = {
        row["customer_id"]: row["attempts"] for row in company.store.cycles.archived(cycle_id)
    }
    assert archived == {called: 5, not_called: 0, paid_after_calls: 2}
    (row,) = company.store.cycles.all()
    assert (row["customers_reset"], row["customers_archived"]) == (3, 3)


def test_a_reset_that_was_interrupted_goes_on_where_it_stopped(company: Company) -> None:
    ids = [customer(company, _attempts=1) for _ in range(8)]
    cycle_id = begin(company)
    company.store.cycles.reset_page(cycle_id, company.source, NOW)
    latest = company.store.cycles.latest(company.source)
    assert latest is not None
    assert (latest.cycle_id, latest.finished_at) == (cycle_id, None)
    # The first ones were called again meanwhile: that is the new cycle's.
    company.sql("UPDATE afiliados SET outbound_call_attempts = 9 WHERE id = %s", ids[0])
    assert sum(page.customers for page in reset(company, cycle_id)) == 5
    assert [company.billing(one)[0] for one in ids] == [9] + [0] * 7
    latest = company.store.cycles.latest(company.source)
    assert latest is not None
    assert latest.finished_at == NOW
    assert len(company.store.cycles.archived(cycle_id)) == 8


def test_a_page_that_fails_leaves_the_page_and_the_archive_as_they_were(company: Company) -> None:
    one = customer(company, _attempts=1)
    cycle_id = begin(company)
    broken = Source(completed_at="no_hay")
    with pytest.raises(StoreError, match="no_hay"):
        company.store.cycles.reset_page(cycle_id, broken, NOW)
    assert company.billing(one)[0] == 1
    assert company.store.cycles.archived(cycle_id) == []


def test_only_the_customers_of_the_campaign_are_reset(company: Company) -> None:
    mine, other = customer(company, _attempts=1), customer(company, _attempts=1)
    company.sql("UPDATE afiliados SET activo = 0 WHERE id = %s", other)
    company.source = Source(where={"activo": 1})
    reset(company, begin(company))
    assert (company.billing(mine)[0], company.billing(other)[0]) == (0, 1)


LATER = NOW + timedelta(minutes=5)
HEARD = CallEnd(
    16,
    "SIP 200 OK",
    LATER,
    LATER - timedelta(seconds=20),
    Leg(20.0, finished=True, keys="", by="agi"),
)
BUSY = CallEnd(17, "SIP 486 Busy Here", LATER, None, None)


@pytest.mark.parametrize(
    ("end", "kept"), [(HEARD, (1, 1, "2026-11-20 10:05:00")), (BUSY, (1, 0, "None"))]
)
def test_a_call_of_the_new_cycle_keeps_its_mark(
    company: Company, end: CallEnd, kept: tuple[int, int, str]
) -> None:
    """A run may begin before the reset has come to its customers, or while it is interrupted."""
    one = customer(company, _attempts=3)
    cycle_id = begin(company)
    company.store.calls.record_end(company.dialing(one), end)
    reset(company, cycle_id)
    attempts, sent, completed_at = company.billing(one)
    assert (attempts, sent, str(completed_at)) == kept
    assert company.store.cycles.archived(cycle_id) == [{"customer_id": one, "attempts": 3}]


def test_a_call_that_ends_while_its_page_is_reset_keeps_its_mark(
    company: Company, server_socket: str
) -> None:
    one = customer(company, _is_sent=0, _attempts=3)
    cycle_id = begin(company)
    attempt_id = company.dialing(one)
    with (
        pymysql.connect(unix_socket=server_socket, user="root", database="billing") as ending,
        ThreadPoolExecutor() as threads,
    ):
        cursor = ending.cursor()
        cursor.execute(
            "UPDATE overdue_attempt SET state = 'ended', outcome = 'delivered',"
            " outcome_class = 'person' WHERE id = %s",
            (attempt_id,),
        )
        cursor.execute(
            "UPDATE afiliados SET outbound_call_is_sent = 1, outbound_call_attempts = 4"
            " WHERE id = %s",
            (one,),
        )
        page = threads.submit(company.store.cycles.reset_page, cycle_id, company.source, NOW)
        assert wait_until(lambda: waits_for_a_row(company) or page.done(), 10)
        ending.commit()
        page.result()
    assert company.billing(one)[:2] == (1, 1)


def waits_for_a_row(company: Company) -> bool:
    (row,) = company.sql("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")
    return int(row["Value"]) > 0


def test_calls_that_are_not_settled_are_counted(company: Company) -> None:
    assert company.store.cycles.open_attempts(company.source) == 0
    attempt_id = company.claimed("1")
    assert company.store.cycles.open_attempts(company.source) == 1
    company.attempts.release(attempt_id, NOW + timedelta(seconds=1))
    assert company.store.cycles.open_attempts(company.source) == 0
