"""Whether today is near the day on which a customer's service is cut, or he has to pay."""

import json
import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite

from campaign.sections import DueRule

_DAYS = range(1, 32)


@dataclass(frozen=True)
class Due:
    """Today lies within the rule's days."""

    day: date
    """The cut; of several due dates the oldest."""
    debt: Decimal | None = None
    """With due dates, the sum of the invoices whose day it is."""


@dataclass(frozen=True)
class NotDue:
    """The day is further away, or so long past that the rule no longer counts it."""

    due_from: date | None
    """From when he is called; None: no later day is known."""


@dataclass(frozen=True)
class BadDay:
    """The company's tables hold no such day."""


def cut_status(corte: object, today: date, rule: DueRule) -> Due | NotDue | BadDay:
    """Judge a cut day, as the database gave it, on the campaign's ``today``.

    A month shorter than the cut day cuts on its last day. With the defaults a cut on the 1st is
    always due: the last day of a month is the day before the next one, and every other day is
    after this one.
    """
    day = _day_of_month(corte)
    return BadDay() if day is None else _status_of(day, today, rule)


@lru_cache(maxsize=128)  # 31 days at a time, asked for a million customers
def _status_of(day: int, today: date, rule: DueRule) -> Due | NotDue:
    before = timedelta(days=rule.days_before)
    month, following = today + before, None
    while (cut := _cut_in(month, day)) - before > today:
        following, month = cut, month.replace(day=1) - timedelta(days=1)
    if today <= _last_day(cut, rule):
        return Due(cut)
    following = following or _cut_in(_end_of_month(month) + timedelta(days=1), day)
    return NotDue(following - before)


def date_status(invoices: object, today: date, rule: DueRule) -> Due | NotDue | BadDay:
    """Judge the open invoices, as the database gave them: a JSON array of date and balance."""
    known = list(_invoices(invoices))
    if not known:
        return BadDay()
    due = [(day, owed) for day, owed in known if _is_near(day, today, rule)]
    if due:
        return Due(min(day for day, _ in due), sum((owed for _, owed in due), Decimal(0)))
    later = min((day for day, _ in known if day > today), default=None)
    return NotDue(later - timedelta(days=rule.days_before) if later else None)


def _is_near(day: date, today: date, rule: DueRule) -> bool:
    # Differences only: a company may write 9999-12-31 for never.
    days_late = (today - day).days
    return -rule.days_before <= days_late and (
        rule.days_after is None or days_late <= rule.days_after
    )


def _invoices(text: object) -> Iterator[tuple[date, Decimal]]:
    """Those of which the database gave a day and an amount."""
    try:
        pairs = json.loads(text, parse_float=Decimal, parse_int=Decimal)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return
    for day, owed in pairs:
        try:
            # A DATETIME comes with the time of the day behind it.
            yield date.fromisoformat(day[:10]), Decimal(owed)
        except (TypeError, ValueError):
            continue


def _cut_in(month: date, day: int) -> date:
    return month.replace(day=min(day, _end_of_month(month).day))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _last_day(cut: date, rule: DueRule) -> date:
    if rule.days_after is None:
        return _end_of_month(cut)
    return cut + timedelta(days=rule.days_after)


def _day_of_month(corte: object) -> int | None:
    if isinstance(corte, bytes):
        corte = corte.decode("ascii", "replace")
    if isinstance(corte, str):
        corte = corte.strip()
        corte = int(corte) if re.fullmatch(r"[0-9]{1,2}", corte) else None
    if isinstance(corte, bool) or not isinstance(corte, int | float | Decimal):
        return None
    return int(corte) if isfinite(corte) and corte in _DAYS else None
