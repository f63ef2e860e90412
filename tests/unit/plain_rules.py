"""The rules once more, in the plainest way and on plain values: what the property tests expect.

Nothing of the code that is tested is used here. Times are wall times of Bogotá, which has no
daylight saving; a reason is its code.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

Pause = float | str
"""Minutes, or next_day."""

ANSWERED = {
    *("delivered", "hung_up_early", "paid_meanwhile", "not_confirmed", "machine", "wrong_person"),
    *("opted_out", "promised", "transferred"),
}
SPENDS = ANSWERED | {"busy", "no_answer", "declined"}
REACHED = ANSWERED | {"destination_refused"}
PERHAPS_REACHED = {"lost", "unknown"}
OF_A_NUMBER = {"does_not_exist", "changed", "bad_format"}
FAILED = {
    *("congestion", "network_failure", "trunk_silent", "trunk_down", "trunk_refused"),
    *("codec_mismatch", "not_placed"),
}
SEEN = timedelta(days=3)
"""Calls that are older than this, and than the days of a contact, are only counted."""


@dataclass(frozen=True)
class Call:
    """An earlier call; ``outcome``: None while it is under way."""

    person: str
    numbers: tuple[str, ...]
    outcome: str | None
    at: datetime


@dataclass(frozen=True)
class Customer:
    """A row, and what it says to a person who reads it."""

    flag: object
    sent: object
    cut: object
    debt: Decimal | None
    phones: tuple[object, ...]
    person: object
    marked: bool
    unreached: bool
    day: int | None
    numbers: tuple[str, ...]
    name: str | None
    invoices: tuple[tuple[date, Decimal], ...] = ()


@dataclass(frozen=True)
class World:
    """The campaign's rules, the clock and all that is recorded."""

    now: datetime
    calls: Sequence[Call] = ()
    bad: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    wrong: frozenset[tuple[str, str]] = frozenset()
    """By customer and number."""
    promises: dict[str, datetime] = field(default_factory=dict)
    cycle_since: datetime = datetime(2000, 1, 1)  # noqa: DTZ001 (a wall time)
    cycle_until: datetime | None = None
    attempted: bool = False
    contact_days: int = 1
    per_day: int = 20
    per_cycle: int = 1000
    in_all: int | None = None
    spacing: float = 0
    after: dict[str, Pause] = field(default_factory=dict)
    pause_seconds: int = 60
    by_due_date: bool = False
    days_before: int = 1
    days_after: int | None = None


CUSTOMER_ID = "7"


def expected(world: World, one: Customer) -> tuple[str, str | None]:
    """The reason that is counted, or ``call`` and the number."""
    if not one.marked:
        return "not_flagged", None
    if not one.unreached:
        return "already_sent", None
    owes = one.debt is not None and one.debt > 0
    if world.by_due_date:
        if not owes:
            return "nothing_owed", None
        if not one.invoices:
            return "bad_due_date", None
        if not due_invoices(world, one):
            return "not_due", None
    else:
        if one.day is None:
            return "bad_cut_day", None
        if due_cut(world, one.day) is None:
            return "not_due", None
        if not owes:
            return "nothing_owed", None
    if not one.numbers:
        return "bad_number", None
    against = None
    for number in one.numbers:
        if number in world.listed:
            against = "do_not_call"
        elif (CUSTOMER_ID, number) in world.wrong:
            against = "wrong_number"
        elif number in world.bad:
            against = "number_dead"
        else:
            reasons = against_person(world, one)
            return (reasons[0], None) if reasons else ("call", number)
    return str(against), None


def due_cut(world: World, day: int) -> date | None:
    """The cut that today belongs to."""
    today = world.now.date()
    cuts = []
    for months in range(-4, 16):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        cuts.append((date(year, month + 1, min(day, last)), date(year, month + 1, last)))
    begun = [each for each in cuts if (each[0] - today).days <= world.days_before]
    cut, end_of_month = begun[-1]
    late = (today - cut).days
    over = today > end_of_month if world.days_after is None else late > world.days_after
    return None if over else cut


def due_invoices(world: World, one: Customer) -> list[tuple[date, Decimal]]:
    today = world.now.date()
    return [
        (day, owed)
        for day, owed in one.invoices
        if (day - today).days <= world.days_before
        and (world.days_after is None or (today - day).days <= world.days_after)
    ]


def against_person(world: World, one: Customer) -> list[str]:
    """Every rule that is against a call to him now, the strictest first."""
    now, today = world.now, world.now.date()
    name = one.name or f"57{one.numbers[0]}"
    his = [c for c in world.calls if c.person == name or set(c.numbers) & set(one.numbers)]
    seen = max(SEEN, timedelta(days=world.contact_days + 1))
    recent = [call for call in his if call.at >= now - seen]
    todays = [call for call in recent if call.at.date() >= today]
    spent = [call for call in his if call.outcome in SPENDS]
    in_cycle = [call for call in spent if call.at >= world.cycle_since]
    in_contact = [
        call for call in recent if (today - call.at.date()).days <= world.contact_days - 1
    ]
    broken = []
    if [call for call in recent if call.outcome is None]:
        broken.append("open_attempt")
    if world.in_all is not None and len(spent) >= world.in_all:
        broken.append("all_spent")
    goes_on = world.cycle_until is None or now < world.cycle_until
    if len(in_cycle) >= world.per_cycle and goes_on:
        broken.append("cycle_spent")
    if name in world.promises and now < world.promises[name]:
        broken.append("promised")
    if [call for call in in_contact if call.outcome in REACHED]:
        broken.append("answered_today")
    waits = [call.outcome for call in todays if world.after.get(str(call.outcome)) == "next_day"]
    if "declined" in waits:
        broken.append("declined_today")
    if [call for call in in_contact if call.outcome in PERHAPS_REACHED]:
        broken.append("uncertain_today")
    if [call.outcome for call in todays].count("trunk_refused") >= 3:
        broken.append("refused_today")
    if [outcome for outcome in waits if outcome != "declined"]:
        broken.append("waits_for_tomorrow")
    if world.attempted and [call for call in in_contact if call.outcome in SPENDS]:
        broken.append("attempted_today")
    if len([call for call in todays if call.outcome in SPENDS]) >= world.per_day:
        broken.append("attempts_spent")
    if [call for call in recent if _too_soon(world, call)]:
        broken.append("spacing")
    if [call for call in recent if _backs_off(world, call, recent)]:
        broken.append("back_off")
    return broken


def _too_soon(world: World, call: Call) -> bool:
    if call.outcome not in SPENDS | REACHED | PERHAPS_REACHED:
        return False
    wanted = world.after.get(str(call.outcome), 0.0)
    minutes = (world.now - call.at) / timedelta(minutes=1)
    return minutes < world.spacing or (not isinstance(wanted, str) and minutes < wanted)


def _backs_off(world: World, call: Call, recent: Sequence[Call]) -> bool:
    if call.outcome not in FAILED:
        return False
    before = [
        other
        for other in recent
        if other.outcome in FAILED and other.at < call.at <= other.at + timedelta(hours=24)
    ]
    longest = max(600, world.pause_seconds)
    seconds = min(world.pause_seconds * 2 ** len(before), longest)
    if call.outcome == "trunk_silent":
        seconds = max(seconds, 40)
    return world.now < call.at + timedelta(seconds=seconds)
