"""Who may be called now: a customer's row, his history and the campaign's rules, in one verdict."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from campaign import retry
from campaign.due import Due
from campaign.eligibility import Candidate, CustomerRow, Debtor, Skip, decide, decide_group
from campaign.file import Campaign
from campaign.history import History
from campaign.phone import Number
from campaign.reason import Reason


@dataclass(frozen=True)
class Refusal:
    """A customer who is not called now."""

    customer_id: str
    reason: Reason
    detail: str = ""
    not_before: datetime | None = None
    """When he may be called again, where waiting helps."""


def due(row: CustomerRow, campaign: Campaign, now: datetime) -> Debtor | Refusal:
    """Judge the row alone, on the campaign's day."""
    today = now.astimezone(campaign.time_zone).date()
    verdict = decide(row, today, campaign.due, campaign.numbers)
    return _refusal(verdict, campaign) if isinstance(verdict, Skip) else verdict


def due_group(
    flag: object, sent: object, cut_day: object, campaign: Campaign, now: datetime
) -> Due | Refusal | None:
    """Judge what many customers have in common; a refusal has no customer and no detail.

    None: each customer's invoices decide.
    """
    today = now.astimezone(campaign.time_zone).date()
    verdict = decide_group(flag, sent, cut_day, today, campaign.due)
    if isinstance(verdict, Skip):
        return replace(_refusal(verdict, campaign), detail="")
    return verdict


def _refusal(skip: Skip, campaign: Campaign) -> Refusal:
    day = skip.due_from
    not_before = datetime.combine(day, time(), campaign.time_zone) if day else None
    return Refusal(skip.customer_id, skip.reason, skip.detail, not_before)


def judge(
    debtor: Debtor, history: History, campaign: Campaign, now: datetime
) -> Candidate | Refusal:
    """Judge what came of earlier calls to this person, and choose which number comes next."""
    number = next_number(debtor, history)
    if isinstance(number, Refusal):
        return number
    person = history.of(debtor.person, [number.digits for number in debtor.numbers])
    if (block := retry.verdict(person, campaign, now)) is not None:
        return Refusal(debtor.customer_id, block.reason, not_before=block.not_before)
    return Candidate(
        debtor.customer_id, debtor.numbers, debtor.person, debtor.debt, debtor.cut, number
    )


def next_number(debtor: Debtor, history: History) -> Number | Refusal:
    """The first of his numbers that may be dialled, or why there is none."""
    refusal: Refusal | None = None
    for number in debtor.numbers:
        against = against_number(debtor.customer_id, number.digits, history)
        if against is None:
            return number
        mark = history.bad_numbers.get(number.digits) if against is Reason.NUMBER_DEAD else None
        refusal = Refusal(debtor.customer_id, against, mark.outcome if mark else "")
    assert refusal is not None  # noqa: S101 (a debtor has a number)
    return refusal


def against_number(customer_id: str, digits: str, history: History) -> Reason | None:
    """Why one of his numbers is not dialled for this customer, or None."""
    if digits in history.do_not_call:
        return Reason.DO_NOT_CALL
    if (customer_id, digits) in history.wrong_numbers:
        return Reason.WRONG_NUMBER
    return Reason.NUMBER_DEAD if digits in history.bad_numbers else None


def still_callable(
    candidate: Candidate,
    row: CustomerRow | None,
    history: History,
    campaign: Campaign,
    now: datetime,
) -> Refusal | None:
    """The check inside the claim: the same verdict on the row as it stands now.

    A row that has gone, or whose numbers or person changed since it was selected, waits for the
    next selection.
    """
    if row is None:
        return Refusal(candidate.customer_id, Reason.NOT_FLAGGED)
    again = due(row, campaign, now)
    if isinstance(again, Refusal):
        return again
    if (again.numbers, again.person) != (candidate.numbers, candidate.person):
        return Refusal(candidate.customer_id, Reason.ROW_CHANGED)
    verdict = judge(again, history, campaign, now)
    if isinstance(verdict, Refusal):
        return verdict
    if verdict.number != candidate.number:
        # Meanwhile the network has said that it is bad, or a mark was taken back.
        return Refusal(candidate.customer_id, Reason.OTHER_NUMBER)
    return None
