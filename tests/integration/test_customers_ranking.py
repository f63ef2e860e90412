"""The company's customers as they are read: in order, each once, whatever their fields hold."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.journal import CallEnd
from campaign.source import Source
from campaign.store import StoreError, customers
from campaign.store.census import census
from campaign.store.ranking import ranking
from lab.waiting import wait_until
from originator.select import DueCustomers
from tests.integration.conftest import NOW, Company

HOSTILE = (
    "📞🇨🇴",
    "x" * 10_240,
    "300'; DROP TABLE afiliados; --",
    '"3001234567"',
    "%s %(limit)s %",
    "300\r\nAction: Originate",
    "${SHELL(id)}",
    "`{customers}`",
    "\\",
    "\x00\x1a",
)

TODAY = NOW.date()


def insert(company: Company, ids: Iterable[int]) -> None:
    with company.admin.cursor() as cursor:
        rows = [(number,) for number in ids]
        cursor.executemany("INSERT INTO afiliados (id, telefono, corte) VALUES (%s, '', 1)", rows)


def read(company: Company, source: Source | None = None) -> list[CustomerRow]:
    """All customers who meet the conditions, in one portion."""
    campaign = replace(company.campaign, source=source or company.source)
    groups = [
        one for one in census(company.store.database, campaign.source) if one.meets_conditions
    ]
    pages = ranking(company.store.database, campaign, [[groups]], TODAY)
    return list(itertools.chain.from_iterable(pages))


@pytest.mark.parametrize("many", [1, 499, 500, 501, 1203])
def test_every_customer_comes_once_in_the_order_of_the_keys(company: Company, many: int) -> None:
    ids = range(3, 3 + 7 * many, 7)
    insert(company, ids)
    assert [row.customer_id for row in read(company)] == [str(number) for number in ids]


def test_the_order_is_day_amount_attempts_last_call_key(company: Company) -> None:
    company.sql("ALTER TABLE afiliados AUTO_INCREMENT = 100")
    late = company.customer(corte="18")
    known = company.customer(corte="20")
    never_called = company.customer(corte="20")
    called_long_ago = company.customer(corte="20")
    tried = company.customer(corte="20", outbound_call_attempts=1)
    rich = company.customer(corte="20", outbound_call_attempts=2)
    tomorrow = company.customer(corte="21")
    yesterday = company.customer(corte="19")
    company.sql("UPDATE factura SET saldo = 900000 WHERE `id-afiliado` IN (%s, %s)", rich, late)
    for customer, day in ((known, 19), (called_long_ago, 3)):
        company.sql(
            "UPDATE overdue_attempt SET dialing_at = %s, state = 'ended' WHERE id = %s",
            f"2026-11-{day:02} 15:00", company.claimed(customer, f"5730000000{day:02}"),
        )  # fmt: skip
    company.sql("UPDATE overdue_attempt_number SET is_open = NULL")
    refused = company.claimed(never_called)
    company.attempts.release(refused, NOW)
    pages = DueCustomers(company.store, company.campaign).verdicts(NOW)
    order = [one.customer_id for page in pages for one in page.verdicts]
    assert order == [rich, never_called, called_long_ago, known, tried, tomorrow, yesterday, late]


def test_nothing_is_held_of_the_companys_tables_while_a_run_reads(company: Company) -> None:
    insert(company, range(1, 1502))
    groups = list(census(company.store.database, company.source))
    pages = ranking(company.store.database, company.campaign, [[groups]], TODAY)
    first = next(pages)
    # An ALTER waits for everybody who still reads; this account would wait for a year.
    company.sql("SET SESSION lock_wait_timeout = 1")
    company.sql("ALTER TABLE afiliados COMMENT 'free', FORCE")
    rest = list(itertools.chain.from_iterable(pages))
    assert len(first) + len(rest) == 1501


def test_a_stream_that_is_left_leaves_no_connection(company: Company) -> None:
    insert(company, range(1, 1502))
    before = {row["Id"] for row in company.sql("SHOW PROCESSLIST")}
    stream = company.store.database.stream("SELECT id FROM afiliados", {})
    assert len(next(stream)) == 500
    stream.close()
    gone = wait_until(
        lambda: {row["Id"] for row in company.sql("SHOW PROCESSLIST")} <= before, seconds=10
    )
    assert gone


def test_the_debt_is_the_sum_of_the_open_invoices_above_zero(company: Company) -> None:
    customer = company.customer()
    company.sql("DELETE FROM factura")
    for saldo, cerrado in ((100, 0), ("50.25", 0), (-30, 0), (0, 0), (1000, 1)):
        company.sql(
            "INSERT INTO factura (`id-afiliado`, saldo, cerrado) VALUES (%s, %s, %s)",
            customer, saldo, cerrado,
        )  # fmt: skip
    other = company.customer()
    company.sql("UPDATE factura SET cerrado = 1 WHERE `id-afiliado` = %s", other)
    assert [row.debt for row in read(company)] == [Decimal("150.25"), None]


@pytest.mark.parametrize("text", HOSTILE)
def test_fields_come_as_they_are_and_the_end_is_written(company: Company, text: str) -> None:
    customer = company.customer(telefono=text, nombre=text)
    (row,) = read(company, Source(person="nombre"))
    assert (row.phones, row.person) == ((text,), text)
    attempt_id = company.dialing(customer)
    company.store.calls.record_end(attempt_id, CallEnd(17, "SIP 486", NOW, None, None))
    assert company.billing(customer)[0] == 1


@pytest.mark.parametrize("text", [t for t in HOSTILE if len(t) < 256 and t.isprintable()])
def test_a_condition_is_a_value_whatever_it_holds(company: Company, text: str) -> None:
    wanted = company.customer(nombre=text)
    company.customer(nombre="otro")
    (row,) = read(company, Source(where={"nombre": text, "activo": 1}))
    assert row.customer_id == wanted


def test_customers_outside_the_conditions_are_counted(company: Company) -> None:
    for active in (0, 1, 1):
        company.customer(activo=active)
    found = census(company.store.database, Source(where={"activo": 1}))
    assert sorted((one.meets_conditions, one.customers) for one in found) == [(False, 1), (True, 2)]


@pytest.fixture
def unusual(company: Company) -> Iterator[Company]:
    """Another company: text keys, and names with hyphens, dollars and letters of all kinds."""
    company.sql(
        "CREATE TABLE `clientes-$1` (`nº-cédula` VARCHAR(40) PRIMARY KEY, `tel$` TEXT,"
        " `día-corte` INT, `llamar` BIT(1) DEFAULT b'1', `enviado$` INT DEFAULT 0,"
        " `intentos-n` INT DEFAULT 0, `fin$` DATETIME NULL)"
    )
    company.sql(
        "CREATE TABLE `facturas-$1` (`cliente-$` VARCHAR(40), `saldo$` DECIMAL(10,2), `c-` INT)"
    )
    company.source = Source(
        customers="clientes-$1", customer_id="nº-cédula", phones=("tel$",), cut_day="día-corte",
        person="nº-cédula", flag="llamar", sent="enviado$", attempts="intentos-n",
        completed_at="fin$", invoices="facturas-$1", invoice_customer="cliente-$",
        invoice_balance="saldo$", invoice_closed="c-", where={"llamar": 1},
    )  # fmt: skip
    company.campaign = Campaign(name="otra", source=company.source)
    yield company
    company.sql("DROP TABLE `clientes-$1`, `facturas-$1`")


def test_text_keys_and_unusual_names_work_from_the_page_to_the_end(unusual: Company) -> None:
    keys = ["0001", "1", "A-7", "b'; --", "É%s"]
    for key in reversed(keys):
        unusual.sql("INSERT INTO `clientes-$1` (`nº-cédula`, `día-corte`) VALUES (%s, 15)", key)
        unusual.sql("INSERT INTO `facturas-$1` VALUES (%s, 10, 0)", key)
    customers.probe(unusual.store.database, unusual.source)
    rows = read(unusual)
    assert [row.customer_id for row in rows] == keys
    assert {row.debt for row in rows} == {Decimal(10)}
    run = "01KRVN00000000000000000000"
    unusual.store.runs.start(run, unusual.campaign, unusual.source, NOW)
    for place, key in enumerate(keys):
        attempt_id = unusual.dialing(key, f"57300000000{place}", run_id=run)
        unusual.store.calls.record_end(attempt_id, CallEnd(17, "SIP 486", NOW, None, None))
    found = unusual.sql("SELECT `intentos-n` AS n FROM `clientes-$1`")
    assert [row["n"] for row in found] == [1] * len(keys)


def test_the_probe_accepts_the_companys_tables_and_changes_nothing(company: Company) -> None:
    customer = company.customer()
    before = company.sql("SELECT * FROM afiliados")
    customers.probe(company.store.database, company.source)
    assert company.sql("SELECT * FROM afiliados") == before
    assert customer


@pytest.mark.parametrize(
    "wrong",
    ["customers", "customer_id", "phones", "cut_day", "person", "flag", "sent", "attempts",
     "completed_at", "invoices", "invoice_customer", "invoice_balance", "invoice_closed"],
)  # fmt: skip
def test_the_probe_names_what_is_not_there(company: Company, wrong: str) -> None:
    source = Source(**{wrong: ("no_hay",) if wrong == "phones" else "no_hay"})
    with pytest.raises(StoreError, match="no_hay"):
        customers.probe(company.store.database, source)


def test_the_probe_names_a_condition_on_a_column_that_is_not_there(company: Company) -> None:
    with pytest.raises(StoreError, match="no_hay"):
        customers.probe(company.store.database, Source(where={"no_hay": 1}))
