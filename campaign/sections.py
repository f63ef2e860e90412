"""The sections of the campaign file: each key with what is allowed and its default."""

from dataclasses import dataclass
from typing import Literal

from campaign.checks import Checked, ListOf, OrNull, Text, key, number, one_of, section, whole
from campaign.law import Hours
from campaign.phone_kind import Kind
from campaign.values import DAY_HOURS, pause

_DAY = 24 * 60 * 60
_MILLION = 1_000_000

Pause = float | Literal["next_day"]
"""Minutes, or not again on the campaign's day."""


@dataclass(frozen=True)
class Week(Checked):
    """The company's own hours; None: the law's."""

    monday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    tuesday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    wednesday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    thursday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    friday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    saturday: Hours | None = key(OrNull(DAY_HOURS), default=None)
    sunday: Hours | None = key(OrNull(DAY_HOURS), default=None)

    @property
    def days(self) -> tuple[Hours | None, ...]:
        """By weekday, Monday first."""
        return (
            self.monday, self.tuesday, self.wednesday, self.thursday,
            self.friday, self.saturday, self.sunday,
        )  # fmt: skip


@dataclass(frozen=True)
class Numbers(Checked):
    """Which numbers may be dialled."""

    kinds: tuple[Kind, ...] = key(
        ListOf(one_of("mobile", "fixed"), 1, 2), default=("mobile", "fixed")
    )
    prefixes: tuple[str, ...] = key(
        ListOf(Text(r"[36][0-9]{0,9}", "the first digits of national numbers, as 300")),
        default=(),
    )
    """The national number begins with one of these; none: any."""


@dataclass(frozen=True)
class Trunk(Checked):
    """A SIP trunk that carries calls."""

    technology: str = key(one_of("PJSIP", "SIP"), default="PJSIP")
    name: str = key(
        Text(r"[A-Za-z0-9_.-]{1,64}", "the trunk's name on the PBX: letters, digits, _, . or -"),
        default="voip_issabel",
    )
    calls_per_second: float = key(number(0, 100), default=1)
    """0: no pacing."""
    max_calls: int = key(whole(1, 1000), default=10)

    @property
    def label(self) -> str:
        """The trunk as our tables name it; campaigns with the same label share its limits."""
        return f"{self.technology}/{self.name}"


@dataclass(frozen=True)
class Breaker(Checked):
    """When a trunk whose calls fail is paused."""

    failures: int = key(whole(1, 1000), default=5)
    """Failures of the network in a row."""
    pause_seconds: int = key(whole(1, _DAY), default=60)


@dataclass(frozen=True)
class Limits(Checked):
    """What bounds a campaign, whatever its trunks allow."""

    max_calls: int = key(whole(1, 10_000), default=100)
    """At once, over all trunks of this database."""
    calls_per_day: int = key(whole(1, _MILLION), default=5000)
    minutes_per_day: int = key(whole(1, _MILLION), default=5000)
    """Answered minutes."""
    run_seconds: int = key(whole(1, _DAY), default=300)
    run_seconds_per_customer: int = key(whole(0, _DAY), default=300)


@dataclass(frozen=True)
class Timing(Checked):
    """Times of one call, in seconds."""

    ring_seconds: int = key(whole(1, 120), default=30)
    call_seconds: int = key(whole(1, 3600), default=90)
    grace_seconds: int = key(whole(5, 600), default=60)
    """After ring time and call limit: from then on missing evidence is evidence."""
    delivered_after_seconds: float = key(number(0, 3600), default=8)
    retry_wait_seconds: int = key(whole(0, _DAY), default=0)


@dataclass(frozen=True)
class After(Checked):
    """How long a person is left alone after an outcome."""

    busy: Pause = key(pause, default=60)
    no_answer: Pause = key(pause, default=60)
    declined: Pause = key(pause, default="next_day")


@dataclass(frozen=True)
class Retry(Checked):
    """How often a person is called, over all outcomes and all his numbers."""

    attempts_per_day: int = key(whole(1, 20), default=3)
    attempts_per_cycle: int = key(whole(1, 1000), default=12)
    attempts_in_all: int | None = key(OrNull(whole(1, 100_000)), default=None)
    """None: no limit."""
    spacing_minutes: float = key(number(0, 24 * 60), default=60)
    """Between any two calls to a person."""
    after: After = key(section(After), default_factory=After)


@dataclass(frozen=True)
class DueRule(Checked):
    """When a customer who owes is called."""

    rule: Literal["cut_day", "due_date"] = key(one_of("cut_day", "due_date"), default="cut_day")
    days_before: int = key(whole(0, 365), default=1)
    days_after: int | None = key(OrNull(whole(0, 3650)), default=None)
    """None: to the end of the month (cut_day), without end (due_date)."""
