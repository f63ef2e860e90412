"""What a value of the campaign file may be: a check returns the value or says what is allowed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from campaign.hours import LAWS, Law

Check = Callable[[Any], Any]


class RefusedError(ValueError):
    """A value that is not allowed."""

    def __init__(self, allowed: str, key: str = "") -> None:
        """``allowed`` names what would be right; ``key`` is where, once it is known."""
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


def optional(check: Check) -> Check:
    """The same, or null."""
    return lambda value: None if value is None else check(value)


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
                raise RefusedError(error.allowed, written_key(each)) from None
            object.__setattr__(self, each.name, value)
