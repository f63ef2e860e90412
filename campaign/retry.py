"""Whether a person may be called again, from what came of the earlier attempts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.sections import Retry

BACK_OFF = timedelta(minutes=5)
"""Pause after a failure that was not the customer's; it spends none of his attempts.

Also longer than the 32 s for which an unanswered INVITE is sent again (RFC 3261 timer B).
"""

_REST_OF_DAY = {
    Outcome.DELIVERED: Reason.ANSWERED_TODAY,
    Outcome.HUNG_UP_EARLY: Reason.ANSWERED_TODAY,
    Outcome.PAID_MEANWHILE: Reason.ANSWERED_TODAY,
    Outcome.DESTINATION_REFUSED: Reason.ANSWERED_TODAY,
    Outcome.DECLINED: Reason.DECLINED_TODAY,
    # Nobody knows whether these reached the customer: they count as if they had.
    Outcome.LOST: Reason.UNCERTAIN_TODAY,
    Outcome.UNKNOWN: Reason.UNCERTAIN_TODAY,
    Outcome.TRUNK_REFUSED: Reason.REFUSED_TODAY,
}
_SPACED = {Outcome.BUSY, Outcome.NO_ANSWER}
_BACKED_OFF = {
    Outcome.CONGESTION,
    Outcome.NETWORK_FAILURE,
    Outcome.TRUNK_SILENT,
    Outcome.TRUNK_DOWN,
    Outcome.NOT_PLACED,
    Outcome.CODEC_MISMATCH,
}


@dataclass(frozen=True)
class PastAttempt:
    """One earlier attempt on this person, or on this number for somebody else."""

    outcome: Outcome | None
    """None: still open."""
    at: datetime
    """When it ended; of an open one, when it was claimed. Aware."""
    same_number: bool
    """Whether it dialled the number that would be dialled now."""


@dataclass(frozen=True)
class Allowed:
    """The person may be called now."""


@dataclass(frozen=True)
class InProgress:
    """A call is under way; when it ends, its outcome decides."""

    reason: Reason = Reason.OPEN_ATTEMPT


@dataclass(frozen=True)
class NotBefore:
    """The person may be called from ``at`` on."""

    at: datetime
    reason: Reason


@dataclass(frozen=True)
class NotToday:
    """Not again on the campaign's present day."""

    reason: Reason


@dataclass(frozen=True)
class Never:
    """This number is not dialled again."""

    outcome: Outcome
    """What the network said of it."""
    reason: Reason = Reason.NUMBER_DEAD


Verdict = Allowed | InProgress | NotBefore | NotToday | Never


def next_attempt(
    history: Sequence[PastAttempt], rules: Retry, now: datetime, zone: ZoneInfo
) -> Verdict:
    """Judge whether an attempt may start at ``now``, the strictest word first.

    ``history`` is in any order. "Today" is the day in ``zone``; a past attempt whose time lies
    ahead of ``now`` counts as today's.
    """
    for past in history:
        outcome = past.outcome
        if past.same_number and outcome and outcome.outcome_class is OutcomeClass.NUMBER:
            return Never(outcome)
    if any(past.outcome is None for past in history):
        return InProgress()
    today = now.astimezone(zone).date()
    outcomes_today = [p.outcome for p in history if p.at.astimezone(zone).date() >= today]
    for outcome, reason in _REST_OF_DAY.items():
        if outcome in outcomes_today:
            return NotToday(reason)
    if sum(outcome in _SPACED for outcome in outcomes_today) >= rules.attempts_per_day:
        return NotToday(Reason.ATTEMPTS_SPENT)
    pauses = [pause for past in history if (pause := _pause(past, rules)) and pause.at > now]
    return max(pauses, key=lambda pause: pause.at, default=Allowed())


def _pause(past: PastAttempt, rules: Retry) -> NotBefore | None:
    if past.outcome in _SPACED:
        return NotBefore(past.at + timedelta(minutes=rules.spacing_minutes), Reason.SPACING)
    if past.outcome in _BACKED_OFF:
        return NotBefore(past.at + BACK_OFF, Reason.BACK_OFF)
    return None
