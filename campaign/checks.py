"""How the campaign file is checked: a check returns the value or says what is allowed."""

import re
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from typing import Any

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


@dataclass(frozen=True)
class OrNull:
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
class AsWritten:
    """The same, on the text of the file: 2026-12-24 does not become a date before its check."""

    check: Check

    def __call__(self, value: object) -> Any:
        """Return what the check makes of it; raises RefusedError."""
        return self.check(value)


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
    """Whether a value must reach ``check`` as the file writes it: 0010 is text then."""
    if isinstance(check, OrNull | ListOf):
        return takes_text(check.check)
    return isinstance(check, Text | AsWritten)


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


def yes_or_no(value: object) -> bool:
    """A switch."""
    if isinstance(value, bool):
        return value
    raise RefusedError("true or false")


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
