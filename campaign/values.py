"""What single values of the campaign file may be: days, hours, zones, laws, names of columns."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from campaign.checks import AsWritten, RefusedError, Text, number
from campaign.law import ALL_DAY, CLOSED, LAWS, Hours, Law

IDENTIFIER = Text(
    r"[\w$-]{1,64}",
    "the name of a table or column: up to 64 letters, digits, _, $ or -",
)


def _day(value: object) -> date:
    """A day of the calendar."""
    if type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RefusedError("a day of the calendar, as 2026-12-24")


def _day_hours(value: object) -> Hours:
    """The hours of a weekday."""
    if isinstance(value, Hours):
        return value
    if value == "closed":
        return CLOSED
    form = r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])"
    if isinstance(value, str) and (found := re.fullmatch(form, value)):
        one, two, three, four = map(int, found.groups())
        hours = Hours(one * 60 + two, three * 60 + four)
        if hours.opens < hours.closes <= ALL_DAY.closes:
            return hours
    raise RefusedError('hours as "08:00-17:00", or closed')


def pause(value: object) -> float | str:
    """Minutes up to a day, or the word for the rest of the day."""
    if value == "next_day":
        return "next_day"
    try:
        return float(number(0, 24 * 60)(value))
    except RefusedError:
        raise RefusedError("minutes from 0 to 1440, or next_day") from None


def zone_name(value: object) -> ZoneInfo:
    """A zone by its name in the tz database."""
    if isinstance(value, ZoneInfo):
        return value
    if isinstance(value, str) and re.fullmatch(
        r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", value
    ):
        try:
            return ZoneInfo(value)
        except (ValueError, KeyError, OSError):
            pass
    raise RefusedError("a time zone by its name, as America/Bogota")


def conditions(value: object) -> Mapping[str, int | str]:
    """Columns of a table and the value that each must hold."""
    if isinstance(value, Mapping):
        return MappingProxyType(
            {IDENTIFIER(name): _condition(name, v) for name, v in value.items()}
        )
    raise RefusedError("columns with the value that each must hold, as {activo: 1}")


def _condition(name: str, value: object) -> int | str:
    if isinstance(value, int) and abs(value) < 2**63:
        return int(value)
    if isinstance(value, str) and len(value) <= 255 and value.isprintable():
        return value
    raise RefusedError(f"a whole number or up to 255 printable characters for {name}")


def law_name(value: object) -> Law:
    """A law by its name."""
    if isinstance(value, Law):
        return value
    if isinstance(value, str) and value in LAWS:
        return LAWS[value]
    raise RefusedError(" or ".join(LAWS))


DAY = AsWritten(_day)
DAY_HOURS = AsWritten(_day_hours)
