"""Whether the trunk was asked for more than it allows, from the carrier's record alone."""

from collections.abc import Iterable
from datetime import timedelta

from lab.calls import CarrierCall
from lab.chaos.check import Breach

JITTER = timedelta(seconds=0.1)
"""An INVITE's way through two loaded Asterisks to the carrier's clock varies."""
RELEASE = timedelta(seconds=0.3)
"""From the end on the PBX until the carrier has written it down."""


def find_overload(calls: Iterable[CarrierCall], per_second: float, at_once: int) -> list[Breach]:
    """Windows of a second with too many new calls, and moments with too many calls."""
    ordered = sorted(calls, key=lambda call: call.invite_at)
    return [*_too_fast(ordered, per_second), *_too_many(ordered, at_once)]


def _too_fast(calls: list[CarrierCall], per_second: float) -> Iterable[Breach]:
    window = timedelta(seconds=1) - JITTER
    first = 0
    for last, call in enumerate(calls):
        while call.invite_at - calls[first].invite_at >= window:
            first += 1
        if last - first + 1 > per_second:
            yield Breach(
                "calls per second",
                f"{last - first + 1} new calls within {window.total_seconds()} s before"
                f" {call.invite_at:%H:%M:%S.%f}; {per_second:g} a second are allowed.",
            )
            return


def _too_many(calls: list[CarrierCall], at_once: int) -> Iterable[Breach]:
    most, moment = 0, None
    for call in calls:
        up = sum(other.invite_at <= call.invite_at < other.end_at - RELEASE for other in calls) + (
            call.end_at - RELEASE <= call.invite_at
        )
        if up > most:
            most, moment = up, call.invite_at
    if moment is not None and most > at_once:
        yield Breach(
            "calls at once", f"{most} calls at {moment:%H:%M:%S.%f}; {at_once} are allowed."
        )
