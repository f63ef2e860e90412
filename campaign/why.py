"""Everything about one customer, rule by rule, in words, with the next lawful moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from campaign.eligibility import (
    Candidate,
    CustomerRow,
    Identity,
    Skip,
    identify,
    reasons_against,
)
from campaign.file import Campaign
from campaign.history import History, PersonHistory
from campaign.hours import Closed, window
from campaign.mask import mask_number, safe
from campaign.phone import Number
from campaign.reason import Reason
from campaign.retry import CONTACTS, blocks
from campaign.selection import Refusal, against_number, due, judge

_LONGEST_SEARCH = 1000
"""Steps from one moment to the next; each is at least the end of a pause or a closed day."""


@dataclass(frozen=True)
class Answer:
    """What one rule says."""

    rule: str
    fact: str = ""
    """What it was judged on; no number in full and no name."""
    against: Reason | None = None
    not_before: datetime | None = None
    """When the rule allows a call, where waiting helps."""


@dataclass(frozen=True)
class Explanation:
    """All rules and their sum."""

    answers: tuple[Answer, ...]
    reason: Reason | None
    """Why he is not called now: the one that `plan` counts, else the hours; None: he may be."""
    number: Number | None
    """The number that comes next, where only the hours are against a call."""
    next_moment: datetime | None
    """From when he may be called if nothing else happens; None: waiting does not help."""


def explain(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime, *, in_campaign: bool
) -> Explanation:
    """Judge a customer by every rule, also by those behind the first that is against him.

    ``in_campaign``: whether he meets the conditions on the customer (``source.where``).
    """
    answers = (_of_conditions(campaign, in_campaign), *_answers(row, history, campaign, now))
    if not in_campaign:
        return Explanation(answers, Reason.OUTSIDE_CAMPAIGN, None, None)
    verdict = _verdict(row, history, campaign, now)
    moment = next_moment(row, history, campaign, now)
    if isinstance(verdict, Refusal):
        return Explanation(answers, verdict.reason, None, moment)
    return Explanation(answers, answers[-1].against, verdict.number, moment)


def next_moment(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime
) -> datetime | None:
    """The first moment, ``now`` or later, at which all rules and the hours allow a call."""
    moment = now
    for _ in range(_LONGEST_SEARCH):
        verdict = _verdict(row, history, campaign, moment)
        if isinstance(verdict, Refusal):
            if verdict.not_before is None:
                return None
            moment = verdict.not_before
            continue
        opening = window(campaign.calling_hours, moment, campaign.longest_call)
        if not isinstance(opening, Closed):
            return moment
        moment = opening.opens_at
    return None


def _verdict(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime
) -> Candidate | Refusal:
    debtor = due(row, campaign, now)
    return debtor if isinstance(debtor, Refusal) else judge(debtor, history, campaign, now)


def _answers(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime
) -> Iterator[Answer]:
    yield from _of_row(row, campaign, now)
    identity = identify(row, campaign.numbers)
    if isinstance(identity, Skip):
        yield Answer("numbers", Reason(identity.detail).english, identity.reason)
    else:
        yield from _of_numbers(row.customer_id, identity, history)
        person = history.of(identity.person, [each.digits for each in identity.numbers])
        yield from _of_history(person, campaign, now)
    yield _of_hours(campaign, now)  # the last one, as `explain` has it


def _of_conditions(campaign: Campaign, in_campaign: bool) -> Answer:
    where = campaign.source.where
    fact = ", ".join(_column(name, value) for name, value in where.items()) or "none"
    return Answer("conditions", fact, None if in_campaign else Reason.OUTSIDE_CAMPAIGN)


def _of_row(row: CustomerRow, campaign: Campaign, now: datetime) -> Iterator[Answer]:
    today = now.astimezone(campaign.time_zone).date()
    against = {
        skip.reason: skip for skip in reasons_against(row, today, campaign.due, campaign.numbers)
    }
    source = campaign.source
    rules = (
        ("key", f"{len(row.customer_id)} characters", (Reason.BAD_ID,)),
        ("marked to be called", _column(source.flag, row.flag), (Reason.NOT_FLAGGED,)),
        ("not reached yet", _column(source.sent, row.sent), (Reason.ALREADY_SENT,)),
        ("owes", f"{row.debt or 0}", (Reason.NOTHING_OWED,)),
        ("due", _day(row, campaign), (Reason.BAD_CUT_DAY, Reason.BAD_DUE_DATE, Reason.NOT_DUE)),
    )
    for rule, fact, reasons in rules:
        skip = next((against[reason] for reason in reasons if reason in against), None)
        due_from = f", due from {skip.due_from}" if skip and skip.due_from else ""
        yield Answer(rule, fact + due_from, skip.reason if skip else None)


def _day(row: CustomerRow, campaign: Campaign) -> str:
    source = campaign.source
    if campaign.due.rule == "cut_day":
        return _column(f"{source.cut_day}", row.cut_day)
    return _column(f"{source.invoice_due_date} and balance", row.invoices)


def _column(name: str, value: object) -> str:
    return f"{name} = {'NULL' if value is None else safe(str(value))}"


def _of_numbers(customer_id: str, identity: Identity, history: History) -> Iterator[Answer]:
    for number in identity.numbers:
        rule = f"number {mask_number(number.digits)}"
        against = against_number(customer_id, number.digits, history)
        fact = "" if against else "good"
        if against is Reason.WRONG_NUMBER:
            fact = f"on {history.wrong_numbers[customer_id, number.digits]:%Y-%m-%d}"
        if against is Reason.NUMBER_DEAD:
            mark = history.bad_numbers[number.digits]
            fact = f"{mark.outcome} on {mark.found_at:%Y-%m-%d}"
        yield Answer(rule, fact, against)


def _of_history(person: PersonHistory, campaign: Campaign, now: datetime) -> Iterator[Answer]:
    zone = campaign.time_zone
    for past in sorted(person.recent, key=lambda past: past.at):
        what = past.outcome or "under way"
        yield Answer("earlier call", f"{what} at {past.at.astimezone(zone):%Y-%m-%d %H:%M}")
    rules = campaign.retry
    since = f"since {person.cycle.since.astimezone(zone):%Y-%m-%d}"
    fact = f"{person.spent_in_cycle} of {rules.attempts_per_cycle} in this cycle, {since}"
    if rules.attempts_in_all is not None:
        fact += f"; {person.spent_in_all} of {rules.attempts_in_all} in all"
    against = blocks(person, campaign, now)
    yield Answer("attempts", fact)
    for block in against:
        law = campaign.law
        fact = f"law {law.name}: {law.how_often}" if block.reason in CONTACTS else ""
        yield Answer("between calls", fact, block.reason, block.not_before)
    if not against:
        fact = f"{rules.spacing_minutes:g} minutes at least, {campaign.law.how_often}"
        yield Answer("between calls", fact)


def _of_hours(campaign: Campaign, now: datetime) -> Answer:
    opening = window(campaign.calling_hours, now, campaign.longest_call)
    law = f"law {campaign.law.name}"
    if isinstance(opening, Closed):
        return Answer("hours", law, opening.reason, opening.opens_at)
    if opening.until is None:
        return Answer("hours", f"{law}, open")
    until = opening.until.astimezone(campaign.time_zone)
    return Answer("hours", f"{law}, open until {until:%Y-%m-%d %H:%M}")
