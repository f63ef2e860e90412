"""What a value of the campaign file may be: a check returns the value or says what is allowed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from campaign.law import ALL_DAY, CLOSED, LAWS, Hours, Law

Check = Callable[[Any], Any]


class RefusedError(ValueError):
    """A value that is not allowed."""

    def __init__(self, allowed: str, key: str = "") -> None:
        """``allowed`` names what would be right; ``key`` is where, once it is known: keys and,
        in a list, places from 0, with dots between them."""
        super().__init__(f"{key}: allowed is {allowed}" if key else f"allowed is {allowed}")
        self.allowed = allowed
        self.key = key


@dataclass(frozen=True)
class Text:
    """Text that matches a pattern from end to end; it may reach an AMI action or an SQL text."""

    pattern: str
    allowed: str

    def __call__(self, value: object) -> str:
        """Return ``value``; raises RefusedError."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value):
            return value
        raise RefusedError(self.allowed)


IDENTIFIER = Text(
    r"[\w$-]{1,64}",
    "the name of a table or column: up to 64 letters, digits, _, $ or -",
)


@dataclass(frozen=True)
class Optional:
    """The same, or null."""

    check: Check

    def __call__(self, value: object) -> Any:
        """Return ``value``; raises RefusedError."""
        return None if value is None else self.check(value)


@dataclass(frozen=True)
class ListOf:
    """A list of different values, each with the same check; kept as a tuple."""

    check: Check
    least: int = 0
    most: int = 1000

    def __call__(self, value: object) -> tuple[Any, ...]:
        """Return the values; raises RefusedError."""
        if not isinstance(value, list | tuple) or not self.least <= len(value) <= self.most:
            raise RefusedError(f"a list of {self.least} to {self.most}")
        checked = []
        for place, each in enumerate(value):
            try:
                checked.append(self.check(each))
            except RefusedError as error:
                raise RefusedError(error.allowed, str(place)) from None
            if checked[-1] in checked[:-1]:
                raise RefusedError("each only once", str(place))
        return tuple(checked)


@dataclass(frozen=True)
class Sections:
    """A list of sections, at least one."""

    kind: "type[Checked]"
    most: int

    def __call__(self, value: object) -> tuple[Any, ...]:
        """Return the sections; raises RefusedError."""
        if (
            isinstance(value, tuple)
            and 1 <= len(value) <= self.most
            and all(isinstance(each, self.kind) for each in value)
        ):
            return value
        raise RefusedError(f"a list of 1 to {self.most} with the keys of {self.kind.__name__}")


def takes_text(check: Check) -> bool:
    """Whether a value must reach ``check`` as it is written: 0010 and 2026-12-24 are text then."""
    if isinstance(check, Optional | ListOf):
        return takes_text(check.check)
    return isinstance(check, Text) or check in (day, day_hours)


def day(value: object) -> date:
    """A day of the calendar."""
    if type(value) is date:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise RefusedError("a day of the calendar, as 2026-12-24")


def day_hours(value: object) -> Hours:
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


def whole(low: int, high: int) -> Check:
    """A whole number in a range, both ends included."""

    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise RefusedError(f"a whole number from {low} to {high}")

    return check


def number(low: float, high: float) -> Check:
    """A number, fractions included, in a range, both ends included."""

    def check(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return float(value)
        raise RefusedError(f"a number from {low:g} to {high:g}")

    return check


def pause(value: object) -> float | str:
    """Minutes up to a day, or the word for the rest of the day."""
    if value == "next_day":
        return "next_day"
    try:
        return float(number(0, 24 * 60)(value))
    except RefusedError:
        raise RefusedError("minutes from 0 to 1440, or next_day") from None


def one_of(*options: str) -> Check:
    """One of some words."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in options:
            return value
        raise RefusedError(" or ".join(options))

    return check


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


def section(kind: "type[Checked]") -> Check:
    """A section of its own."""

    def check(value: object) -> object:
        if isinstance(value, kind):
            return value
        raise RefusedError(f"the keys of {kind.__name__.lower()}")

    return check


def key(check: Check, written: str = "", **default: Any) -> Any:
    """A field of a section: its check and, as ``default`` or ``default_factory``, its default.

    ``written`` is its key in the file where that is not the field's own name.
    """
    return field(metadata={"check": check, "written": written}, **default)


def written_key(each: "Field[Any]") -> str:
    """The key in the file for a field made with ``key``."""
    return each.metadata["written"] or each.name


class Checked:
    """A dataclass whose fields are made with ``key``: no object with a wrong value ever exists."""

    def __post_init__(self) -> None:
        """Check every field; raises RefusedError that names the field."""
        for each in fields(self):  # type: ignore[arg-type]
            try:
                value = each.metadata["check"](getattr(self, each.name))
            except RefusedError as error:
                where = f".{error.key}" if error.key else ""
                raise RefusedError(error.allowed, f"{written_key(each)}{where}") from None
            object.__setattr__(self, each.name, value)
