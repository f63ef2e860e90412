"""Whether a person may be called again, from what came of the earlier calls to him.

One budget per person over all outcomes and all his numbers. Only the outcomes of the class person
spend it; those of a number spend nothing, not even the spacing: his telephone never rang
(docs/decisions/retries.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.breaker import pause_after
from campaign.file import Campaign
from campaign.history import PersonHistory, RecordedAttempt
from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.sections import Pause, Retry

AFTER_SILENCE = timedelta(seconds=40)
"""At least so long not the same number after a silent trunk: an INVITE that nobody answers is sent
again for 32 s (RFC 3261 timer B)."""

FAILURES_COUNT = timedelta(hours=24)
"""Failures within this time before another one make the pause after that longer."""

REFUSALS_PER_DAY = 3
"""A trunk that refuses everybody is paused (`campaign.breaker`), so that few meet it twice. Who is
refused so often may himself be blocked."""

_LOOK_BACK = timedelta(days=3)
"""A local day has up to 25 hours, and no pause is longer than a day."""

_CONTACT = {
    Outcome.DELIVERED: Reason.ANSWERED_TODAY,
    Outcome.HUNG_UP_EARLY: Reason.ANSWERED_TODAY,
    Outcome.PAID_MEANWHILE: Reason.ANSWERED_TODAY,
    Outcome.NOT_CONFIRMED: Reason.ANSWERED_TODAY,
    Outcome.MACHINE: Reason.ANSWERED_TODAY,
    Outcome.WRONG_PERSON: Reason.ANSWERED_TODAY,
    Outcome.OPTED_OUT: Reason.ANSWERED_TODAY,
    Outcome.PROMISED: Reason.ANSWERED_TODAY,
    Outcome.TRANSFERRED: Reason.ANSWERED_TODAY,
    Outcome.DESTINATION_REFUSED: Reason.ANSWERED_TODAY,
    # Nobody knows whether these reached the customer: they count as if they had.
    Outcome.LOST: Reason.UNCERTAIN_TODAY,
    Outcome.UNKNOWN: Reason.UNCERTAIN_TODAY,
}
"""A contact, whatever the campaign says."""

CONTACTS = frozenset({*_CONTACT.values(), Reason.ATTEMPTED_TODAY})
"""What is said where the law's own rule is against a call: how often it allows a contact."""


_STRICTNESS = (
    Reason.OPEN_ATTEMPT,
    Reason.ALL_SPENT,
    Reason.CYCLE_SPENT,
    Reason.PROMISED,
    Reason.ANSWERED_TODAY,
    Reason.DECLINED_TODAY,
    Reason.UNCERTAIN_TODAY,
    Reason.REFUSED_TODAY,
    Reason.WAITS_FOR_TOMORROW,
    Reason.ATTEMPTED_TODAY,
    Reason.ATTEMPTS_SPENT,
    Reason.SPACING,
    Reason.BACK_OFF,
)
"""Of several reasons the first one here is the answer."""


@dataclass(frozen=True)
class Block:
    """A rule that is against a call now."""

    reason: Reason
    not_before: datetime | None = None
    """When the rule lets him be called, if nothing else happens; None: waiting does not help."""


def look_back(campaign: Campaign) -> timedelta:
    """Attempts older than this bear on nothing but the budgets of the cycle and in all."""
    return max(_LOOK_BACK, timedelta(days=campaign.law.contact_days + 1))


def verdict(history: PersonHistory, campaign: Campaign, now: datetime) -> Block | None:
    """The strictest rule that is against a call at ``now``; None: he may be called.

    Its ``not_before`` is when all rules allow the call.
    """
    against = blocks(history, campaign, now)
    if not against:
        return None
    moments = [block.not_before for block in against if block.not_before is not None]
    waiting_helps = len(moments) == len(against)
    return Block(against[0].reason, max(moments) if waiting_helps else None)


def blocks(history: PersonHistory, campaign: Campaign, now: datetime) -> list[Block]:
    """Every rule that is against a call at ``now``, once, the strictest first.

    "Today" is the day in the campaign's zone; an attempt whose time lies ahead of ``now`` counts
    as today's.
    """
    found: dict[Reason, Block] = {}
    for block in _all(history, campaign, now):
        before = found.get(block.reason)
        if before is None or _later(block, before):
            found[block.reason] = block
    return sorted(found.values(), key=lambda block: _STRICTNESS.index(block.reason))


def _all(history: PersonHistory, campaign: Campaign, now: datetime) -> Iterator[Block]:
    if any(past.outcome is None for past in history.recent):
        yield Block(Reason.OPEN_ATTEMPT)
    yield from _long_budgets(history, campaign.retry, now)
    if history.promised_until is not None and history.promised_until > now:
        yield Block(Reason.PROMISED, history.promised_until)
    if not history.recent:
        return
    zone = campaign.time_zone
    today = now.astimezone(zone).date()
    for past in history.recent:
        if (reason := _contact(past, campaign)) is not None:
            over = _days_after(past.at, campaign.law.contact_days, zone)
            if over > now:
                yield Block(reason, over)
    todays = [past for past in history.recent if past.at.astimezone(zone).date() >= today]
    for past in todays:
        if past.outcome is not None and _after(past.outcome, campaign.retry) == "next_day":
            declined = past.outcome is Outcome.DECLINED
            reason = Reason.DECLINED_TODAY if declined else Reason.WAITS_FOR_TOMORROW
            yield Block(reason, _days_after(past.at, 1, zone))
    spent = [past.at for past in todays if past.outcome and past.outcome.spends_attempt]
    if (tomorrow := _of_one_day(spent, campaign.retry.attempts_per_day, zone)) is not None:
        yield Block(Reason.ATTEMPTS_SPENT, tomorrow)
    refused = [past.at for past in todays if past.outcome is Outcome.TRUNK_REFUSED]
    if (tomorrow := _of_one_day(refused, REFUSALS_PER_DAY, zone)) is not None:
        yield Block(Reason.REFUSED_TODAY, tomorrow)
    for past in history.recent:
        for reason, over in _pauses(past, history.recent, campaign):
            if over > now:
                yield Block(reason, over)


def _long_budgets(history: PersonHistory, rules: Retry, now: datetime) -> Iterator[Block]:
    if rules.attempts_in_all is not None and history.spent_in_all >= rules.attempts_in_all:
        yield Block(Reason.ALL_SPENT)
    until = history.cycle.until
    is_over = until is not None and until <= now
    if history.spent_in_cycle >= rules.attempts_per_cycle and not is_over:
        yield Block(Reason.CYCLE_SPENT, until)


def _of_one_day(moments: Sequence[datetime], many: int, zone: ZoneInfo) -> datetime | None:
    """When fewer than so many of today's are left; None: they are fewer now.

    All are of one day, but where a clock was ahead.
    """
    if len(moments) < many:
        return None
    return _days_after(sorted(moments)[-many], 1, zone)


def _contact(past: RecordedAttempt, campaign: Campaign) -> Reason | None:
    """Why a call is the contact that the law counts; None: it is none."""
    if past.outcome is None:
        return None
    if past.outcome in _CONTACT:
        return _CONTACT[past.outcome]
    if campaign.contact == "attempted" and past.outcome.spends_attempt:
        return Reason.ATTEMPTED_TODAY
    return None


def _pauses(
    past: RecordedAttempt, recent: Sequence[RecordedAttempt], campaign: Campaign
) -> Iterator[tuple[Reason, datetime]]:
    """The pause that follows a call, with its end."""
    outcome, rules = past.outcome, campaign.retry
    if outcome is None or outcome.outcome_class is OutcomeClass.NUMBER:
        return
    if _backs_off(past):
        yield Reason.BACK_OFF, past.at + _back_off(past, recent, campaign)
    else:
        after = _after(outcome, rules)
        minutes = max(rules.spacing_minutes, 0 if after == "next_day" else after)
        yield Reason.SPACING, past.at + timedelta(minutes=minutes)


def _backs_off(past: RecordedAttempt) -> bool:
    """Whether the call failed by no doing of the customer's, and surely did not reach him."""
    outcome = past.outcome
    if outcome is None or outcome in _CONTACT:
        return False
    return outcome.outcome_class in (OutcomeClass.NETWORK, OutcomeClass.OURS)


def _back_off(
    past: RecordedAttempt, recent: Sequence[RecordedAttempt], campaign: Campaign
) -> timedelta:
    """As long as the trunk itself would pause, and twice as long after each further failure."""
    before = sum(
        _backs_off(other) and timedelta(0) < past.at - other.at <= FAILURES_COUNT
        for other in recent
    )
    pause = pause_after(before, campaign.breaker)
    return max(pause, AFTER_SILENCE) if past.outcome is Outcome.TRUNK_SILENT else pause


def _after(outcome: Outcome, rules: Retry) -> Pause:
    """What the campaign says of one outcome."""
    own = {
        Outcome.BUSY: rules.after.busy,
        Outcome.NO_ANSWER: rules.after.no_answer,
        Outcome.DECLINED: rules.after.declined,
    }
    return own.get(outcome, 0)


def _days_after(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The first moment of the local day that comes so many days after."""
    return datetime.combine(moment.astimezone(zone).date() + timedelta(days=days), time(), zone)


def _later(one: Block, other: Block) -> bool:
    """Whether ``one`` holds for longer; without an end it holds for ever."""
    if one.not_before is None or other.not_before is None:
        return other.not_before is not None
    return one.not_before > other.not_before
