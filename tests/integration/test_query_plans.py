"""Whatever one call asks of the database is found by a key, however much there is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pymysql
import pytest
from pymysql.cursors import Cursor, DictCursor

from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg, Talk
from lab.company import fill, fill_attempts
from originator.select import DueCustomers
from tests.integration.conftest import NOW, RUN, TEST_RUN, Company, Row

CUSTOMERS = 2_000
ATTEMPTS = 20_000
LEG = Leg(9.0, finished=True, keys="", by="agi")
LARGE = 100
"""Rows from which on looking at each is going through a table."""


@pytest.fixture
def large(company: Company) -> Company:
    """Enough of everything that the server would rather use a key."""
    fill(company.admin, CUSTOMERS)
    fill_attempts(company.admin, ATTEMPTS, CUSTOMERS, TEST_RUN, NOW)
    company.sql(
        "INSERT INTO overdue_wrong_number"
        " SELECT number, 'afiliados', MIN(customer_id), MIN(id), MIN(claimed_at)"
        " FROM overdue_attempt WHERE outcome IS NOT NULL GROUP BY number"
    )
    company.sql(
        "INSERT INTO overdue_promise (attempt_id, run_id, source, customer_id, person, amount,"
        " made_on, promised_day, calls_from, resolution)"
        " SELECT id, run_id, 'afiliados', customer_id, person, 1,"
        " '2026-11-20', '2026-11-20', claimed_at, IF(MOD(customer_id, 50), 'kept', NULL)"
        " FROM overdue_attempt"
    )
    tables = [next(iter(row.values())) for row in company.sql("SHOW TABLES")]
    company.sql(f"ANALYZE TABLE {', '.join(tables)}")
    return company


class Statements:
    """What was executed, in place of the parameters their values."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.executed: list[str] = []
        execute = DictCursor.execute

        def recording(cursor: Cursor, query: str, args: Any = None) -> int:
            if query.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
                self.executed.append(cursor.mogrify(query, args))
            return execute(cursor, query, args)

        monkeypatch.setattr(DictCursor, "execute", recording)


def plan(connection: "pymysql.Connection[DictCursor]", sql: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {sql}")
        return list(cursor.fetchall())


def scanned(company: Company, sql: str) -> list[Row]:
    """The parts of its plan that go through a large table from one end to the other."""
    return [
        part
        for part in plan(company.admin, sql)
        if part["type"] in ("ALL", "index")
        and not str(part["table"]).startswith("<")
        and int(part["rows"] or 0) > LARGE
    ]


def one_call(company: Company, customer_id: str, number: str) -> None:
    """All that a run and the FastAGI server ask for one customer and his call."""
    selection = DueCustomers(company.store, company.campaign)
    selection.again(customer_id, NOW)
    attempt_id = company.dialing(customer_id, number)
    company.store.attempts.open()
    company.store.attempts.standing([attempt_id])
    company.meet(attempt_id)
    end = CallEnd(16, "SIP 200", NOW + timedelta(seconds=9), None, None)
    company.store.calls.record_end(attempt_id, end)
    company.store.reports.held_seconds("PJSIP/voip_issabel")
    company.store.promises.judge_open(company.source, company.campaign.due, NOW)
    company.store.promises.of_run(RUN)
    company.store.bad_numbers.take_back(number)
    back = company.store.inbound.recognise(number, NOW)
    assert back is not None
    company.store.inbound.record(back.call_id, Heard(Course.DO_NOT_CALL, LEG))
    rang_off = CallEnd(16, "", NOW, NOW, LEG, Course.DO_NOT_CALL, Talk(NOW, "agent"))
    company.store.inbound.record_back(back.call_id, rang_off)
    company.store.reports.latest_run()
    company.store.reports.recent_runs()


def test_no_statement_of_a_call_goes_through_a_table(
    large: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = Statements(monkeypatch)
    one_call(large, "1221", "573000001221")
    monkeypatch.undo()
    assert len(statements.executed) > 15
    assert {sql: found for sql in statements.executed if (found := scanned(large, sql))} == {}


def test_a_page_of_five_hundred_is_looked_up_by_keys(
    large: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = Statements(monkeypatch)
    pages = DueCustomers(large.store, large.campaign).verdicts(NOW)
    sizes = [len(page.verdicts) for page in pages]
    monkeypatch.undo()
    assert 500 in sizes
    ours = [sql for sql in statements.executed if "overdue_attempt_number" in sql]
    assert ours
    # Of 2 000 customers 500 are a quarter: what counts is that no table is joined without a key.
    for sql in ours:
        keys = {part["table"]: part["key"] for part in plan(large.admin, sql)}
        joined = {table: key for table, key in keys.items() if not str(table).startswith("<")}
        assert None not in joined.values(), sql


@pytest.mark.parametrize(
    ("what", "table", "key"),
    [
        ("is_open = 1", "overdue_attempt", "overdue_attempt_open"),
        ("is_open = 1 AND a.run_id <>", "a", "overdue_attempt_open"),
        ("a.closed_at >", "a", "overdue_attempt_closed"),
        ("WHERE trunk = ", "overdue_attempt", "overdue_attempt_closed"),
        ("c.`id` = ", "c", "PRIMARY"),
        ("c.`id` = ", "i", "id-afiliado"),
    ],
)
def test_the_key_is_the_one_that_was_made_for_it(
    large: Company, monkeypatch: pytest.MonkeyPatch, what: str, table: str, key: str
) -> None:
    statements = Statements(monkeypatch)
    one_call(large, "1221", "573000001221")
    monkeypatch.undo()
    found = [sql for sql in statements.executed if what in sql]
    assert found
    parts = [part for part in plan(large.admin, found[0]) if part["table"] in (table, "a")]
    assert key in {part["key"] for part in parts}


def test_the_last_call_of_a_customer_is_found_by_his_key(large: Company) -> None:
    """In the ranking, for each customer: his invoices, and his last call."""
    executed: list[str] = []
    stream = large.store.database.stream

    def recording(sql: str, values: dict[str, object]) -> Iterator[list[Row]]:
        with large.admin.cursor() as cursor:
            executed.append(cursor.mogrify(sql, values))
        return stream(sql, values)

    large.store.database.stream = recording  # type: ignore[method-assign, assignment]
    list(DueCustomers(large.store, large.campaign).verdicts(NOW))
    ranking = next(sql for sql in executed if "last_call" in sql)
    keys = {part["table"]: part["key"] for part in plan(large.admin, ranking)}
    assert keys["i"] == "id-afiliado"
    assert keys["a"] in ("overdue_attempt_customer", "overdue_one_open_per_customer")
