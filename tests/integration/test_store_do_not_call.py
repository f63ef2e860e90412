"""The do-not-call list as it is kept, and the claim that obeys it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.do_not_call import Entry
from campaign.file import Campaign
from campaign.reason import Reason
from campaign.selection import Refusal
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

OTHER = "573009999999"
LATER = NOW + timedelta(hours=1)


def listed(purpose: str = "all", number: str = NUMBER, source: str = "RNE") -> Entry:
    return Entry(number, purpose, source, NOW)


def barred_of(company: Company, *purposes: str) -> set[str]:
    campaign = with_purposes(company, *purposes)
    return set(company.attempts.history(["P"], [NUMBER, OTHER], campaign, NOW).do_not_call)


def with_purposes(company: Company, *purposes: str) -> Campaign:
    return replace(company.campaign, do_not_call=purposes)


def test_an_entry_is_new_once(company: Company) -> None:
    add = company.store.do_not_call.add
    assert add([listed(), listed("collection"), listed(source="cliente")]) == 3
    assert add([listed(), listed("ALL"), listed(number=OTHER), listed(number=OTHER)]) == 1


def test_what_is_removed_stays_in_the_history_and_can_be_added_again(company: Company) -> None:
    store = company.store.do_not_call
    store.add([listed(), listed("collection"), listed(number=OTHER)])
    assert store.remove(NUMBER, "collection", None, NOW) == 1
    assert store.remove(NUMBER, None, "nadie", NOW) == 0
    assert store.remove(NUMBER, None, None, LATER) == 1
    assert store.remove(NUMBER, None, None, LATER) == 0
    assert barred_of(company) == {OTHER}
    store.add([replace(listed(), added_at=LATER)])
    assert barred_of(company) == {NUMBER, OTHER}
    assert [(kept.purpose, kept.added_at, kept.removed_at) for kept in store.history(NUMBER)] == [
        ("all", NOW, LATER),
        ("collection", NOW, NOW),
        ("all", LATER, None),
    ]
    assert store.counts() == [("all", "RNE", 2)]


def test_the_pages_hold_every_entry_that_counts_in_the_order_of_arrival(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.store.do_not_call.PAGE", 3)
    store = company.store.do_not_call
    numbers = [f"5730010000{place:02d}" for place in range(8)]
    store.add([listed(number=number) for number in reversed(numbers)])
    store.remove(numbers[4], None, None, NOW)
    kept = [entry.number for page in store.pages() for entry in page]
    assert kept == [number for number in reversed(numbers) if number != numbers[4]]


@pytest.mark.parametrize(
    ("purpose", "purposes", "counts"),
    [
        ("all", ("collection",), True),
        ("collection", ("collection", "office"), True),
        ("Collection", ("collection",), True),
        ("commercial", ("collection",), False),
        ("commercial", (), True),
    ],
)
def test_the_campaign_says_which_purposes_count_and_all_always_does(
    company: Company, purpose: str, purposes: tuple[str, ...], counts: bool
) -> None:
    company.store.do_not_call.add([listed(purpose)])
    assert barred_of(company, *purposes) == ({NUMBER} if counts else set())
    company.campaign = with_purposes(company, *purposes)
    refusal = company.claim(company.new_claim("1"), lambda *_: None)
    assert refusal == (Refusal("1", Reason.DO_NOT_CALL) if counts else None)
    assert len(company.sql("SELECT id FROM overdue_attempt")) == (0 if counts else 1)


def test_a_test_call_obeys_the_list_too(company: Company) -> None:
    company.store.do_not_call.add([listed()])
    claim = company.new_claim(NUMBER, run_id=TEST_RUN)
    assert company.claim(claim, lambda *_: None) == Refusal(NUMBER, Reason.DO_NOT_CALL)


def test_another_number_of_the_same_customer_may_be_called(company: Company) -> None:
    company.store.do_not_call.add([listed()])
    assert company.claim(company.new_claim("1", OTHER), lambda *_: None) is None
