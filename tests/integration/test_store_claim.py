"""The claim: one open attempt per customer, number and person, checked on what is committed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from campaign.cycle import cycle_at
from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.history import History
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.selection import Refusal, due, judge, still_callable
from campaign.store import customers
from campaign.store.claims import Claim
from tests.integration.conftest import NOW, NUMBER, PROMPT_HASH, RUN, TEST_RUN, Company

OTHER = "573009999999"
BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture(autouse=True, params=["before its turn", "with its turn"])
def way(request: pytest.FixtureRequest, company: Company) -> None:
    """Both ways in which a run claims keep the same promises."""
    company.at_once = request.param == "with its turn"


def allow(_: CustomerRow | None, __: History) -> None:
    return None


def candidate(company: Company, customer_id: str) -> Candidate:
    row = customers.one(company.store.database, company.source, customer_id)
    assert row is not None
    debtor = due(row, company.campaign, NOW)
    assert isinstance(debtor, Debtor)
    verdict = judge(debtor, History(cycle_at(NOW, BOGOTA, None)), company.campaign, NOW)
    assert isinstance(verdict, Candidate)
    return verdict


def claim_checked(company: Company, one: Candidate) -> Refusal | None:
    """As a run claims: with the real rules on the row as it stands now."""
    return company.claim(
        company.new_claim(one.customer_id, *digits(one), person=one.person),
        lambda row, history: still_callable(one, row, history, company.campaign, NOW),
    )


def digits(one: Candidate) -> list[str]:
    return [number.digits for number in one.numbers]


def rows(company: Company) -> int:
    return int(company.sql("SELECT COUNT(*) AS n FROM overdue_attempt")[0]["n"])


@pytest.mark.parametrize(
    ("same", "customer_id", "number", "person"),
    [
        ("customer", "1", OTHER, "OTHER"),
        ("number", "2", NUMBER, "OTHER"),
        ("person", "2", OTHER, "PERSON"),
    ],
)
def test_a_second_open_attempt_is_refused(
    company: Company, same: str, customer_id: str, number: str, person: str
) -> None:
    company.claimed("1", NUMBER, person="PERSON")
    second = company.new_claim(customer_id, number, person=person)
    refusal = company.claim(second, allow)
    assert refusal == Refusal(customer_id, Reason.OPEN_ATTEMPT)
    assert rows(company) == 1


def test_a_customer_with_nothing_in_common_may_be_claimed(company: Company) -> None:
    company.claimed("1", NUMBER, person="PERSON")
    company.claimed("2", OTHER, person="OTHER")
    assert rows(company) == 2


def test_an_attempt_keeps_what_exactly_is_said(company: Company) -> None:
    company.claimed("1")
    other = replace(company.new_claim("2", OTHER), prompt="a/b", prompt_hash=None)
    assert company.claim(other) is None
    kept = company.sql("SELECT prompt, prompt_hash FROM overdue_attempt ORDER BY customer_id")
    assert [tuple(row.values()) for row in kept] == [
        ("es_MX/morosos_natalia", PROMPT_HASH), ("a/b", None),
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["dialing", "answered", "unresolved"])
def test_an_attempt_holds_its_customer_until_it_is_final(company: Company, state: str) -> None:
    company.put(company.claimed("1"), state)
    again = company.new_claim("1")
    refusal = company.claim(again, allow)
    assert refusal is not None
    assert refusal.reason is Reason.OPEN_ATTEMPT


@pytest.mark.parametrize("state", ["released", "ended"])
def test_a_final_attempt_makes_room_for_the_next(company: Company, state: str) -> None:
    company.put(company.claimed("1"), state)
    company.claimed("1")
    assert rows(company) == 2


def test_the_attempt_keeps_what_allowed_it(company: Company) -> None:
    company.claimed("1")
    (row,) = company.store.reports.attempts(RUN)
    kept = (row["law"], row["law_version"], row["verdict"])
    assert kept == ("co-ley-2300", "2023-10-10", "open until 18:58")


def test_a_test_call_and_a_campaign_never_ring_the_same_telephone(company: Company) -> None:
    company.claimed(NUMBER, run_id=TEST_RUN)
    refusal = company.claim(company.new_claim("1"), allow)
    assert refusal == Refusal("1", Reason.OPEN_ATTEMPT)


@pytest.mark.parametrize("same", ["customer", "number", "person"])
def test_of_two_claims_at_once_exactly_one_wins(company: Company, same: str) -> None:
    start = threading.Barrier(2)

    def claim(one: Claim) -> Refusal | None:
        start.wait(10)
        return company.claim(one, allow)

    with ThreadPoolExecutor(2) as threads:
        for turn in range(60):
            numbers = [f"57300{turn:04d}{place:03d}" for place in (1, 2)]
            both = [
                company.new_claim(f"{turn}-{place}", number, person=f"P{number}")
                for place, number in enumerate(numbers)
            ]
            shared = {
                "customer": {"customer_id": both[0].customer_id},
                "number": {"number": both[0].number, "numbers": both[0].numbers},
                "person": {"person": both[0].person},
            }
            both[1] = replace(both[1], **shared[same])
            answers = list(threads.map(claim, both))
            assert [a.reason for a in answers if a is not None] == [Reason.OPEN_ATTEMPT]
            assert rows(company) == turn + 1


def test_a_second_claim_waits_for_the_first_and_sees_that_it_was_given_up(
    company: Company,
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def refuse(*_: object) -> Refusal:
        inside.set()
        assert go_on.wait(10)
        return Refusal("1", Reason.NOTHING_OWED)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(company.claim, company.new_claim("1"), refuse)
        assert inside.wait(10)
        second = threads.submit(company.claim, company.new_claim("1"), allow)
        go_on.set()
        assert first.result(10) == Refusal("1", Reason.NOTHING_OWED)
        assert second.result(10) is None
    assert rows(company) == 1


def test_a_refused_claim_leaves_nothing(company: Company) -> None:
    refusal = Refusal("1", Reason.NOTHING_OWED)
    claim = company.new_claim("1")
    assert company.claim(claim, lambda *_: refusal) == refusal
    assert rows(company) == 0


def test_a_check_that_fails_leaves_nothing(company: Company) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        company.claim(company.new_claim("1"), fail)
    assert rows(company) == 0


def test_the_claim_judges_the_customer_as_he_stands_now(company: Company) -> None:
    one = candidate(company, company.customer())
    assert claim_checked(company, one) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE factura SET cerrado = 1", Reason.NOTHING_OWED),
        ("UPDATE factura SET saldo = 0", Reason.NOTHING_OWED),
        ("DELETE FROM factura", Reason.NOTHING_OWED),
        ("UPDATE afiliados SET outbound_call = 0", Reason.NOT_FLAGGED),
        ("UPDATE afiliados SET outbound_call = NULL", Reason.NOT_FLAGGED),
        ("UPDATE afiliados SET outbound_call_is_sent = 1", Reason.ALREADY_SENT),
        ("UPDATE afiliados SET corte = '28'", Reason.NOT_DUE),
        ("UPDATE afiliados SET telefono = '3009999999'", Reason.ROW_CHANGED),
        ("UPDATE afiliados SET telefono = NULL", Reason.BAD_NUMBER),
        ("DELETE FROM afiliados", Reason.NOT_FLAGGED),
    ],
)
def test_what_changed_since_the_selection_stops_the_call(
    company: Company, change: str, reason: Reason
) -> None:
    one = candidate(company, company.customer())
    company.sql(change)
    refusal = claim_checked(company, one)
    assert refusal is not None
    assert refusal.reason is reason
    assert rows(company) == 0


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.DELIVERED, Reason.ANSWERED_TODAY),
        (Outcome.BUSY, Reason.SPACING),
        (Outcome.LOST, Reason.UNCERTAIN_TODAY),
        (Outcome.DOES_NOT_EXIST, Reason.NUMBER_DEAD),
        (Outcome.NOT_PLACED, Reason.BACK_OFF),
    ],
)
def test_what_came_of_a_call_meanwhile_is_seen_by_the_claim(
    company: Company, outcome: Outcome, reason: Reason
) -> None:
    one = candidate(company, company.customer())
    earlier = company.dialing("900001", NUMBER)
    assert company.store.calls.record_without_call(earlier, outcome, NOW, "test")
    refusal = claim_checked(company, one)
    assert refusal is not None
    assert refusal.reason is reason
    assert rows(company) == 1


def test_a_released_attempt_is_no_history(company: Company) -> None:
    one = candidate(company, company.customer())
    company.attempts.release(company.claimed(one.customer_id), NOW)
    assert claim_checked(company, one) is None
