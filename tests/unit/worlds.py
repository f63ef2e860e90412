"""Worlds for the property tests: drawn from the corners of the rules, thousands in a second.

One number makes many worlds, so that hypothesis draws numbers and not each field of each call. In
most worlds one rule alone is strict: where all are, no single one ever decides.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from campaign.cycle import Cycle
from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.history import BadMark, History, RecordedAttempt, SpentAttempts
from campaign.law import LAWS
from campaign.outcome import Outcome
from campaign.sections import After, Breaker, DueRule, Retry
from campaign.source import Source
from tests.unit.plain_rules import (
    CUSTOMER_ID,
    FAILED,
    OF_A_NUMBER,
    PERHAPS_REACHED,
    REACHED,
    SEEN,
    SPENDS,
    Call,
    Customer,
    World,
)

BOGOTA = ZoneInfo("America/Bogota")
NUMBERS = ("3001123456", "3002123456", "3003123456", "6012345678")
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

_FLAGS: list[tuple[object, bool]] = [(0, False), (None, False), ("0", False), (2, False)]
_FLAGS += [(each, True) for each in (1, "1", " 1 ", b"\x01", b"1", Decimal(1)) for _ in range(20)]
_SENTS: list[tuple[object, bool]] = [(1, False), (None, False), (b"\x01", False), ("x", False)]
_SENTS += [(each, True) for each in (0, "0", b"\x00", b"0") for _ in range(30)]
_BAD_CUTS = [0, 32, -1, None, "", "x", "1.5", 1.5, "015", b"\xff"]
_PERSONS: list[tuple[object, str | None]] = [
    *((None, None), ("", None), ("--", None)),
    *(("A", "A"), ("a", "A"), (" A.", "A"), (b"A", "A"), ("B", "B"), (10, "10"), ("1.0", "10")),
]
_DEBTS = [*[Decimal(1)] * 60, Decimal("0.01"), None, Decimal(0), Decimal("-0.01")]


def aware(moment: datetime) -> datetime:
    """The moment of a wall clock in Bogotá, which is always five hours behind."""
    return (moment + timedelta(hours=5)).replace(tzinfo=UTC)


def a_customer(random: Random, world: World) -> Customer:
    """A row; now and then something in it is wrong."""
    flag, marked = random.choice(_FLAGS)
    sent, unreached = random.choice(_SENTS)
    written, day = _cut(random, world.now.date())
    numbers = random.sample(NUMBERS, random.choice([0, *[1] * 10, *[2] * 6, 3]))
    person, name = random.choice(_PERSONS)
    invoices = tuple(
        (world.now.date() + timedelta(days=_near(random, world)), Decimal(random.choice([1, 2, 5])))
        for _ in range(random.choice([0, 1, 1, 2, 3]))
    )
    return Customer(
        flag=flag, sent=sent, cut=written, debt=random.choice(_DEBTS),
        phones=_phones(random, numbers), person=person, marked=marked, unreached=unreached,
        day=day, numbers=tuple(numbers), name=name and name.upper(), invoices=invoices,
    )  # fmt: skip


def _near(random: Random, world: World) -> int:
    """Days from today, beside the edges of the rule."""
    after = 40 if world.days_after is None else world.days_after
    edge = random.choice([world.days_before, -after, 0, 0])
    return edge + random.choice([-1, 0, 0, 1])


def _cut(random: Random, today: date) -> tuple[object, int | None]:
    if random.random() < 0.03:
        return random.choice(_BAD_CUTS), None
    beside = (today + timedelta(days=random.choice([-3, -1, 0, 0, 1, 1, 1, 2]))).day
    day = random.choice([*[beside] * 8, 1, 15, 28, 29, 30, 31])
    forms: list[object] = [day, day, str(day), f" {day} ", str(day).encode(), Decimal(day)]
    return random.choice(forms), day


def _phones(random: Random, numbers: list[str]) -> tuple[object, ...]:
    """The numbers as the company has them, with what is none beside them."""
    fields: list[object] = []
    for number in numbers:
        fields += [random.choice([number, f"+57 {number}", f"57{number}", int(number)])]
        fields += random.choice([[], [], [number], ["0"], [None], ["3000000000"]])
    if len(numbers) == 2 and random.random() < 0.3:
        return (" / ".join(numbers),)
    return tuple(fields) or (random.choice(["", None, "601", "3000000000", "x"]),)


def a_world(random: Random) -> World:
    """A campaign, a clock beside an edge, and calls beside the edges of its rules."""
    world = World(now=_now(random), attempted=random.random() < 0.1)
    for name in random.choice([[each] for each in _STRICT] * 2 + [[], list(_STRICT)]):
        world = replace(world, **_STRICT[name](random))
    world = replace(world, **_cycle(random, world.now))
    outcomes = random.choice([*[_OUTCOMES] * 8, *_ONE_KIND])
    if outcomes is _SILENT:
        world = replace(world, pause_seconds=random.choice([1, 30, 60]))
    many = random.choice([0, 1, 1, 2, 3, 3, 4, 5])
    calls = [_call(random, world, random.choice(outcomes)) for _ in range(many)]
    return replace(world, calls=calls, **_marks(random, world.now))


def _now(random: Random) -> datetime:
    day = date(2024, 1, 1) + timedelta(days=random.randrange(2500))
    if random.random() < 0.5:  # beside the end of a month
        day = day.replace(day=1) + timedelta(days=random.choice([-2, -1, 0, 1]))
    clock = random.choice([time(), time(0, 0, 1), time(7), time(12), time(23, 59, 59), time(19)])
    return datetime.combine(day, clock) + random.choice([0, 0, 1, -1]) * TICK


_Values = dict[str, object]
_PAUSES = [0.0, 1.0, 60.0, 180.0, "next_day"]
_STRICT: dict[str, Callable[[Random], _Values]] = {
    "contact": lambda random: {"contact_days": random.choice([1, 2, 7])},
    "attempted": lambda random: {"attempted": True, "contact_days": random.choice([1, 1, 7])},
    "day": lambda random: {"per_day": random.choice([1, 2, 3])},
    "cycle": lambda random: {"per_cycle": random.choice([1, 2, 3])},
    "all": lambda random: {"in_all": random.choice([1, 2, 3, 4])},
    "spacing": lambda random: {"spacing": random.choice([1.0, 60.0, 1440.0])},
    "after": lambda random: {
        "after": {name: random.choice(_PAUSES) for name in ("busy", "no_answer", "declined")}
    },
    "breaker": lambda random: {"pause_seconds": random.choice([1, 30, 60, 400, 900])},
    "due": lambda random: {
        "by_due_date": random.random() < 0.5,
        "days_before": random.choice([0, 1, 5]),
        "days_after": random.choice([None, 0, 3]),
    },
}


def _cycle(random: Random, now: datetime) -> _Values:
    """The month, or since a reset."""
    first = datetime.combine(now.date().replace(day=1), time())
    if random.random() < 0.7:
        return {"cycle_since": first, "cycle_until": (first + 32 * DAY).replace(day=1)}
    since = now - random.choice([MINUTE, DAY, 40 * DAY])
    return {"cycle_since": since, "cycle_until": random.choice([None, now, now + TICK])}


def _marks(random: Random, now: datetime) -> dict[str, object]:
    def some() -> frozenset[str]:
        return frozenset(random.sample(NUMBERS, random.choice([0, 0, 0, 0, 1, 2])))

    until = now + random.choice([-DAY, -TICK, timedelta(0), TICK, DAY])
    whose = random.choice(["A", "B", "10", f"57{NUMBERS[0]}"])
    return {
        "bad": some(),
        "listed": some(),
        "wrong": frozenset((random.choice([CUSTOMER_ID, "8"]), number) for number in some()),
        "promises": random.choice([{}, {}, {}, {whose: until}]),
    }


_OUTCOMES: list[str | None] = ["busy", "no_answer", "declined"] * 8
_OUTCOMES += [*sorted(FAILED) * 2, *["trunk_refused"] * 6, *["congestion"] * 4]
_OUTCOMES += [*sorted(SPENDS | REACHED | PERHAPS_REACHED | OF_A_NUMBER), None]
_SILENT: list[str | None] = ["trunk_silent"]
_ONE_KIND: list[list[str | None]] = [_SILENT, ["trunk_refused"], [*sorted(FAILED)]]
"""Of one kind alone, for what only several of them, or none of another kind, can show."""


_A_DAY_APART = (timedelta(0), timedelta(0), DAY, DAY, DAY + TICK, DAY - TICK)


def _call(random: Random, world: World, outcome: str | None) -> Call:
    midnight = datetime.combine(world.now.date(), time())
    edges = [
        world.now - MINUTE * minutes for minutes in (0, 0.5, 1, 2, 4, 8, 10, 15, 60, 180, 1440)
    ]
    edges += [world.now - timedelta(seconds=40), midnight, midnight, midnight - 3 * MINUTE]
    edges += [midnight - (world.contact_days - 1) * DAY, world.cycle_since, world.now - 3 * DAY]
    if outcome == "trunk_silent":
        edges += [world.now - timedelta(seconds=40)] * 8
    if outcome in FAILED and random.random() < 0.3:  # one a day after another
        edges = [world.now - 1.5 * MINUTE - before for before in _A_DAY_APART]
    if random.random() < 0.1:  # a clock was ahead
        edges = [midnight + DAY, midnight + 2 * DAY, world.now + MINUTE]
    if world.spacing:
        edges += [world.now - MINUTE * world.spacing] * 4
    at = random.choice(edges) + random.choice(
        [timedelta(0), timedelta(0), TICK, -TICK, MINUTE / 2, -MINUTE / 2, -5 * MINUTE]
    )
    numbers = random.sample(NUMBERS, random.choice([1, 1, 2]))
    person = random.choice(["A", "A", "A", "B", "10", f"57{numbers[0]}"])
    return Call(person, tuple(numbers), outcome, at)


def campaign_of(world: World) -> Campaign:
    """The same rules as the code has them."""
    after = {name: world.after.get(name, 0.0) for name in ("busy", "no_answer", "declined")}
    return Campaign(
        name="pruebas",
        source=Source(invoice_due_date="vence"),
        law=replace(LAWS["co-ley-2300"], contact_days=world.contact_days),
        contact="attempted" if world.attempted else "answered",
        breaker=Breaker(pause_seconds=world.pause_seconds),
        due=DueRule(
            "due_date" if world.by_due_date else "cut_day", world.days_before, world.days_after
        ),
        retry=Retry(
            attempts_per_day=world.per_day,
            attempts_per_cycle=world.per_cycle,
            attempts_in_all=world.in_all,
            spacing_minutes=world.spacing,
            after=After(**after),  # type: ignore[arg-type]
        ),
    )


def row_of(one: Customer) -> CustomerRow:
    """The row as the store gives it."""
    invoices = [[f"{day}", float(owed)] for day, owed in one.invoices]
    return CustomerRow(
        CUSTOMER_ID, one.phones, one.cut, one.flag, one.sent, one.debt, one.person,
        json.dumps(invoices) if invoices else None,
    )  # fmt: skip


def history_of(world: World) -> History:
    """As the store reads it: the attempts of some days, and counts of the rest."""
    seen = max(SEEN, (world.contact_days + 1) * DAY)
    recent = [
        RecordedAttempt(
            call.person, _e164(call.numbers), call.outcome and Outcome(call.outcome), aware(call.at)  # type: ignore[arg-type]
        )
        for call in world.calls
        if call.at >= world.now - seen
    ]  # fmt: skip
    spent = [
        SpentAttempts(call.person, _e164(call.numbers), int(call.at >= world.cycle_since), 1)
        for call in world.calls
        if call.outcome in SPENDS
    ]
    until = world.cycle_until and aware(world.cycle_until)
    return History(
        Cycle(aware(world.cycle_since), until),
        recent,
        spent,
        {number: BadMark(Outcome.CHANGED, aware(world.now)) for number in _e164(world.bad)},
        _e164(world.listed),
        {(customer, f"57{number}"): aware(world.now) for customer, number in world.wrong},
        {person: aware(moment) for person, moment in world.promises.items()},
    )


def _e164(numbers: frozenset[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(f"57{number}" for number in numbers)
