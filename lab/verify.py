"""Compares the dialer's attempts with the carrier's record of the same calls.

Shares no code with the dialer: an error there cannot hide itself here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lab.behaviours import behaviour_of, expected_outcome
from lab.calls import CarrierCall

NOT_PLACED = "not_placed"
HEARD_TOLERANCE_SECONDS = 0.3
_CLOCK_SLACK = timedelta(seconds=1)
"""A database that keeps whole seconds may date an attempt up to a second early."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class AttemptRow:
    """One attempt as the dialer reports it."""

    number: str
    """As dialled: the digits that reached the carrier."""
    outcome: str
    answered: bool
    heard_seconds: float | None
    dialing_at: datetime
    """Aware; when the attempt was written down, before its call was placed."""
    ended_at: datetime | None
    """Aware; None: not ended yet."""
    keys: str = ""
    """Keys pressed with the second at which they came, as ``1@3.02``."""
    played: tuple[tuple[str, str], ...] = ()
    """In order: ``("key", "1")`` and ``("part", "<sound>=<seconds>")``; a key stands before the
    part that it ended."""


def find_mismatches(
    calls: Iterable[CarrierCall],
    attempts: Iterable[AttemptRow],
    delivered_after_seconds: float = 8.0,
) -> list[str]:
    """What does not fit between the two records, a sentence each; empty: they agree."""
    placed = [attempt for attempt in attempts if attempt.outcome != NOT_PLACED]
    calls_of: dict[AttemptRow, list[CarrierCall]] = {attempt: [] for attempt in placed}
    mismatches = []
    for call in sorted(calls, key=lambda call: call.invite_at):
        attempt = attempt_of(call, placed)
        if attempt is None:
            mismatches.append(f"{_name(call)} reached the carrier without an attempt.")
        else:
            calls_of[attempt].append(call)
    for attempt, found in calls_of.items():
        mismatches.extend(_judge(attempt, found, delivered_after_seconds))
    return mismatches


def attempt_of(call: CarrierCall, attempts: Iterable[AttemptRow]) -> AttemptRow | None:
    """The latest attempt at the number within whose time the INVITE came; slack only if it must."""
    candidates = [
        attempt
        for attempt in attempts
        if attempt.number == call.number
        and attempt.dialing_at - _CLOCK_SLACK <= call.invite_at
        and call.invite_at <= (attempt.ended_at or _NEVER)
    ]
    return max(
        candidates,
        key=lambda attempt: (attempt.dialing_at <= call.invite_at, attempt.dialing_at),
        default=None,
    )


def _judge(
    attempt: AttemptRow, calls: list[CarrierCall], delivered_after_seconds: float
) -> Iterator[str]:
    name = f"The attempt at {attempt.number} of {attempt.dialing_at:%H:%M:%S}"
    if not calls:
        yield f"{name} ({attempt.outcome}) never reached the carrier."
        return
    if len(calls) > 1:
        yield f"{name} reached the carrier {len(calls)} times."
    call = calls[0]
    expected = expected_outcome(
        call.number, call.ended_by, call.answered_seconds, delivered_after_seconds
    )
    if attempt.outcome != expected:
        yield (
            f"{name} is recorded as {attempt.outcome}, but the carrier "
            f"saw {expected} (the number {behaviour_of(call.number).description})."
        )
    seconds = call.answered_seconds
    if attempt.answered != (seconds is not None):
        ours = "answered" if attempt.answered else "not answered"
        theirs = "answered" if seconds is not None else "not answered"
        yield f"{name} is recorded as {ours}, but at the carrier it was {theirs}."
    elif seconds is not None:
        yield from _judge_heard(name, attempt, seconds)


def _judge_heard(name: str, attempt: AttemptRow, carrier_seconds: float) -> Iterator[str]:
    heard = attempt.heard_seconds
    if heard is None:
        yield f"{name} was answered, but how much was heard is not recorded."
        return
    # After a key something else than the message may have been played.
    too_short = heard < carrier_seconds - HEARD_TOLERANCE_SECONDS and not attempt.keys
    if too_short or heard > carrier_seconds + HEARD_TOLERANCE_SECONDS:
        yield (
            f"{name} is recorded as heard for {heard:.2f} s, "
            f"but at the carrier it lasted {carrier_seconds:.2f} s."
        )


def _name(call: CarrierCall) -> str:
    return f"A call to {call.number} at {call.invite_at:%H:%M:%S}"
