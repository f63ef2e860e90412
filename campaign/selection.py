"""Who may be called now: a customer's row, his history and the campaign's rules, in one verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign import retry
from campaign.eligibility import Candidate, CustomerRow, Skip, decide
from campaign.file import Campaign
from campaign.outcome import Outcome
from campaign.reason import Reason


@dataclass(frozen=True)
class RecordedAttempt:
    """An earlier attempt as the database has it."""

    person: str
    number: str
    outcome: Outcome | None
    """None while it is open."""
    at: datetime
    """Its end, or its claim while it is open."""


@dataclass(frozen=True)
class Refusal:
    """A customer who is not called now."""

    customer_id: str
    reason: Reason
    detail: str = ""
    not_before: datetime | None = None
    """When he may be called again, where waiting helps."""


def due(row: CustomerRow, campaign: Campaign, now: datetime) -> Candidate | Refusal:
    """Judge the row alone, on the campaign's day."""
    verdict = decide(row, now.astimezone(campaign.time_zone).date(), campaign.due)
    if isinstance(verdict, Skip):
        return Refusal(row.customer_id, verdict.reason, verdict.detail)
    return verdict


def may_repeat(
    candidate: Candidate, history: Sequence[RecordedAttempt], campaign: Campaign, now: datetime
) -> Refusal | None:
    """Judge what came of earlier calls to this person and this number; None: he may be called.

    ``history`` may hold attempts of others; they are passed over.
    """
    number = candidate.number.digits
    past = [
        retry.PastAttempt(attempt.outcome, attempt.at, same_number=attempt.number == number)
        for attempt in history
        if attempt.person == candidate.person or attempt.number == number
    ]
    verdict = retry.next_attempt(past, campaign.retry, now, campaign.time_zone)
    if isinstance(verdict, retry.Allowed):
        return None
    not_before = verdict.at if isinstance(verdict, retry.NotBefore) else None
    return Refusal(candidate.customer_id, verdict.reason, not_before=not_before)


def still_callable(
    candidate: Candidate,
    row: CustomerRow | None,
    history: Sequence[RecordedAttempt],
    campaign: Campaign,
    now: datetime,
) -> Refusal | None:
    """The check inside the claim: the same verdict on the row as it stands now.

    A row that has gone, or whose number or person changed since it was selected, waits for the
    next selection.
    """
    if row is None:
        return Refusal(candidate.customer_id, Reason.NOT_FLAGGED)
    again = due(row, campaign, now)
    if isinstance(again, Refusal):
        return again
    if (again.number, again.person) != (candidate.number, candidate.person):
        return Refusal(candidate.customer_id, Reason.ROW_CHANGED)
    return may_repeat(candidate, history, campaign, now)
