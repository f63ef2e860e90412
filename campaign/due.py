"""Whether today is near enough to the day on which a customer's service is cut."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite

_DAYS = range(1, 32)


@dataclass(frozen=True)
class Due:
    """Today is the day before the cut, the day of the cut, or later in the month."""

    cut: date


@dataclass(frozen=True)
class NotDue:
    """The cut is further away; ``due_from`` is the day before it."""

    due_from: date


@dataclass(frozen=True)
class BadCutDay:
    """The field holds no day of a month."""


def cut_status(corte: object, today: date) -> Due | NotDue | BadCutDay:
    """Judge a cut day, as the database gave it, on the campaign's ``today``.

    A month shorter than the cut day cuts on its last day. A cut on the 1st is always due: the last
    day of a month is the day before the next one, and every other day is after this one.
    """
    day = _day_of_month(corte)
    if day is None:
        return BadCutDay()
    last = monthrange(today.year, today.month)[1]
    if day == 1 and today.day == last:
        return Due(cut=today + timedelta(days=1))
    cut = today.replace(day=min(day, last))
    due_from = cut - timedelta(days=1)
    return Due(cut) if today >= due_from else NotDue(due_from)


def _day_of_month(corte: object) -> int | None:
    if isinstance(corte, bytes):
        corte = corte.decode("ascii", "replace")
    if isinstance(corte, str):
        corte = corte.strip()
        corte = int(corte) if re.fullmatch(r"[0-9]{1,2}", corte) else None
    if isinstance(corte, bool) or not isinstance(corte, int | float | Decimal):
        return None
    return int(corte) if isfinite(corte) and corte in _DAYS else None
