"""What customers decide with a key: stored at once, obeyed by the next selection, judged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaign.history import History
from campaign.promise import Resolution
from campaign.reason import Reason
from campaign.selection import Refusal
from originator.select import DueCustomers
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

SECOND = "573002000000"
DAY = date(2026, 11, 23)
"""Three days after NOW; with a day of grace, calls from the 25th."""
FREE = NOW.replace(day=25, hour=5)
UNKNOWN = "0" * 26


def history(company: Company, *numbers: str, person: str = NUMBER) -> History:
    return company.attempts.history([person], numbers or (NUMBER,), company.campaign, NOW)


def promised(company: Company, **columns: object) -> tuple[str, str]:
    """A customer and the attempt on which he promised."""
    customer = company.customer(**columns)
    attempt_id = company.dialing(customer)
    assert company.store.wishes.promise(attempt_id, DAY, NOW)
    company.put(attempt_id, "ended")
    company.sql("UPDATE overdue_attempt SET ended_at = claimed_at, outcome = 'busy'")
    return customer, attempt_id


def judged(company: Company, days: int) -> dict[Resolution, int]:
    rule, now = company.campaign.due, NOW + timedelta(days=days)
    return dict(company.store.promises.judge_open(company.source, rule, now))


def test_a_number_that_asked_is_on_the_list_for_every_campaign(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    for _ in range(2):
        assert company.store.wishes.do_not_call(attempt_id, NOW)
    assert company.store.do_not_call.counts() == [("all", "key", 1)]
    assert history(company).do_not_call == {NUMBER}
    company.put(attempt_id, "ended")
    assert company.claim(company.new_claim("other")) == Refusal("other", Reason.DO_NOT_CALL)


def test_a_wrong_number_is_wrong_for_that_customer_alone(company: Company) -> None:
    attempt_id = company.dialing("1", NUMBER, SECOND)
    for _ in range(2):
        assert company.store.wishes.wrong_number(attempt_id, NOW)
    assert history(company, NUMBER, SECOND).wrong_numbers == {("1", NUMBER): NOW}
    (wrong,) = company.store.bad_numbers.wrong("afiliados")
    assert (wrong.customer_id, wrong.number, wrong.told_at) == ("1", NUMBER, NOW)
    assert company.store.bad_numbers.wrong("clientes") == []


def test_a_wrong_number_can_be_taken_back(company: Company) -> None:
    company.store.wishes.wrong_number(company.dialing("1"), NOW)
    assert company.store.bad_numbers.take_back(NUMBER)
    assert not company.store.bad_numbers.take_back(NUMBER)
    assert not history(company).wrong_numbers


def test_of_a_customer_whose_number_is_wrong_the_next_one_is_tried(company: Company) -> None:
    customer = company.customer(f"{NUMBER} / {SECOND}")
    company.store.wishes.wrong_number(company.dialing(customer, NUMBER, SECOND), NOW)
    company.sql("DELETE FROM overdue_attempt_number")
    company.sql("DELETE FROM overdue_attempt")
    verdict = DueCustomers(company.store, company.campaign).again(customer, NOW)
    assert not isinstance(verdict, Refusal)
    assert verdict.number.digits == SECOND


def test_a_promise_keeps_calls_away_until_its_grace_is_over(company: Company) -> None:
    customer, _ = promised(company)
    selection = DueCustomers(company.store, company.campaign)
    tomorrow = NOW + timedelta(days=1)
    assert selection.again(customer, tomorrow) == Refusal(
        customer, Reason.PROMISED, not_before=FREE
    )
    assert not isinstance(selection.again(customer, FREE), Refusal)


def test_the_last_day_that_is_said_on_a_call_counts(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    for days in (0, 1):
        assert company.store.wishes.promise(attempt_id, DAY + timedelta(days=days), NOW)
    (record,) = company.store.promises.all("afiliados")
    assert record.promise.day == DAY + timedelta(days=1)
    assert record.promise.calls_from == FREE + timedelta(days=1)
    assert record.promise.amount == Decimal(85000)


def test_a_day_that_the_journal_brings_late_does_not_replace_a_later_word(
    company: Company,
) -> None:
    attempt_id = company.dialing(company.customer())
    company.store.wishes.promise(attempt_id, DAY + timedelta(days=1), NOW + timedelta(minutes=9))
    assert company.store.wishes.promise(attempt_id, DAY, NOW)
    (record,) = company.store.promises.all("afiliados")
    assert record.promise.day == DAY + timedelta(days=1)
    assert record.promise.calls_from == FREE + timedelta(days=1)


def test_any_word_replaces_a_day_whose_moment_nobody_kept(company: Company) -> None:
    _, attempt_id = promised(company)
    company.sql("UPDATE overdue_promise SET told_at = NULL")
    for day, minutes in ((DAY + timedelta(days=1), 9), (DAY, 0)):
        told_at = NOW + timedelta(minutes=minutes)
        assert company.store.wishes.promise(attempt_id, day, told_at)
    (record,) = company.store.promises.all("afiliados")
    assert record.promise.day == DAY + timedelta(days=1)


@pytest.mark.parametrize("change", ["UPDATE factura SET cerrado = 1", "DELETE FROM afiliados"])
def test_who_owes_nothing_cannot_promise(company: Company, change: str) -> None:
    attempt_id = company.dialing(company.customer())
    company.sql(change)
    assert not company.store.wishes.promise(attempt_id, DAY, NOW)
    assert company.store.promises.all("afiliados") == []


def test_nobody_promises_on_a_test_call_or_an_unknown_one(company: Company) -> None:
    assert not company.store.wishes.promise(company.dialing(NUMBER, run_id=TEST_RUN), DAY, NOW)
    assert not company.store.wishes.promise(UNKNOWN, DAY, NOW)
    assert not company.store.wishes.do_not_call(UNKNOWN, NOW)
    assert not company.store.wishes.wrong_number(UNKNOWN, NOW)


def test_a_promise_is_judged_once_by_the_invoices(company: Company) -> None:
    _, attempt_id = promised(company)
    assert judged(company, days=4) == {}
    assert judged(company, days=5) == {Resolution.BROKEN: 1}
    company.sql("UPDATE factura SET cerrado = 1")
    assert judged(company, days=6) == {}
    (record,) = company.store.promises.all("afiliados")
    assert record.promise.attempt_id == attempt_id
    assert (record.resolution, record.resolved_at) == (
        Resolution.BROKEN,
        NOW + timedelta(days=5),
    )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE factura SET cerrado = 1",
        "UPDATE factura SET saldo = 0",
        "DELETE FROM afiliados",
    ],
)
def test_who_pays_has_kept_it_before_the_day_too(company: Company, change: str) -> None:
    promised(company)
    company.sql(change)
    assert judged(company, days=1) == {Resolution.KEPT: 1}


def test_whoever_left_the_campaign_still_owes(company: Company) -> None:
    promised(company)
    company.sql("UPDATE afiliados SET activo = 0, outbound_call = 0")
    assert judged(company, days=9) == {Resolution.BROKEN: 1}


def test_many_promises_are_judged_page_by_page(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.store.promises.PAGE", 2)
    for place in range(5):
        number = f"57300100{place:04d}"
        attempt_id = company.dialing(company.customer(number), number)
        assert company.store.wishes.promise(attempt_id, DAY, NOW)
    assert judged(company, days=9) == {Resolution.BROKEN: 5}


def test_the_report_of_the_run_counts_them(company: Company) -> None:
    promised(company)
    of_run = company.store.promises.of_run
    assert of_run("01RVN000000000000000000000") == {None: (1, Decimal(85000))}
    judged(company, days=9)
    assert of_run("01RVN000000000000000000000") == {Resolution.BROKEN: (1, Decimal(85000))}
    assert of_run(TEST_RUN) == {}


def test_both_are_purged_in_time(company: Company) -> None:
    _, attempt_id = promised(company)
    company.store.wishes.wrong_number(attempt_id, NOW)
    company.store.purge.remove(NOW)
    assert company.store.purge.count(NOW).promises == 0
    assert company.store.purge.count(FREE + timedelta(seconds=1)).promises == 1
    assert company.store.purge.count(FREE).wrong_numbers == 1
    company.store.purge.remove(FREE + timedelta(seconds=1))
    assert company.store.promises.all("afiliados") == []
    assert company.store.bad_numbers.wrong("afiliados") == []
