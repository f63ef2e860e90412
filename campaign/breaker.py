"""Whether a trunk is used: a run of its failures pauses it, then one call is tried."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campaign.outcome import Evidence, Outcome
from campaign.sections import Breaker

LONGEST_PAUSE = timedelta(minutes=10)
"""A pause doubles with each probe that fails, up to this, or to the campaign's own if longer."""


@dataclass(frozen=True)
class Health:
    """What calls have told of a trunk; the database holds it for all originators."""

    failures: int = 0
    """In a row, up to the pause."""
    failure: Outcome | None = None
    """The last of them."""
    pauses: int = 0
    """In a row: the first, and one for each probe that failed."""
    paused_until: datetime | None = None
    """Aware; stays after that moment until a probe has succeeded. None: the trunk is in service."""
    probe: str | None = None
    """The attempt that tries the trunk."""
    probe_until: datetime | None = None
    """When another one may be tried although this one told nothing: its originator has died."""


@dataclass(frozen=True)
class InService:
    """Calls may go over the trunk."""


@dataclass(frozen=True)
class ProbeDue:
    """One call may be tried."""


@dataclass(frozen=True)
class Paused:
    """No call now."""

    until: datetime
    """When to look again at the latest: the end of the pause, or of the probe's time."""


def gate(health: Health, now: datetime) -> InService | ProbeDue | Paused:
    """What a trunk may carry at ``now``."""
    if health.paused_until is None:
        return InService()
    if now < health.paused_until:
        return Paused(health.paused_until)
    if health.probe_until is not None and now < health.probe_until:
        return Paused(health.probe_until)
    return ProbeDue()


def probing(health: Health, attempt_id: str, until: datetime) -> Health:
    """This attempt is the probe, for as long as it can take."""
    return replace(health, probe=attempt_id, probe_until=until)


def weigh(
    health: Health, attempt_id: str, outcome: Outcome | None, rules: Breaker, now: datetime
) -> Health:
    """What an attempt tells of its trunk; ``outcome``: None when the customer has just answered.

    While the trunk is paused only the probe counts: all others were on their way before.
    """
    evidence = outcome.evidence if outcome else Evidence.WORKS
    if health.paused_until is not None and attempt_id != health.probe:
        return health
    if evidence is Evidence.WORKS:
        return Health()
    if evidence is Evidence.NOTHING:
        # A probe that told nothing makes way for another one.
        return replace(health, probe=None, probe_until=None)
    failures = health.failures + 1
    if health.paused_until is None and failures < rules.failures:
        return replace(health, failures=failures, failure=outcome)
    pause = pause_after(health.pauses, rules)
    return Health(failures, outcome, health.pauses + 1, paused_until=now + pause)


def pause_after(before: int, rules: Breaker) -> timedelta:
    """The pause after a failure, when there were so many just ``before`` it."""
    first = timedelta(seconds=rules.pause_seconds)
    doubled = first * (1 << min(before, 10))  # however many pauses there were
    return max(first, min(doubled, LONGEST_PAUSE))
