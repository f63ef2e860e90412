"""From what stands in telephone fields to numbers that may be dialled, or why there is none.

Forms, and why each is accepted: docs/decisions/numbers.md. Which ranges exist is left to
``phonenumbers``; its own parser is not used on raw text, as it reads 0057 300… as Russian
(Colombia dials abroad with a carrier's digit: 005 7 300…).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import accumulate
from math import isfinite
from typing import Literal

from campaign.phone_kind import Kind, kind_of
from campaign.reason import Reason

DialFormat = Literal["national", "e164"]

_COUNTRY_CODE = 57

_SEPARATOR = re.compile(r"[^0-9+ \t\u00a0.()\-\u2010-\u2015\u2212]+")
"""All that ends a number: whatever is not a digit and not used to group digits."""
_PLAIN = re.compile(r"[36][0-9]{9}")
_NATIONAL = re.compile(r"(?:57|0057|03|0)?([36][0-9]{9})")
_INTERNATIONAL = re.compile(r"57([36][0-9]{9})")
_PLACEHOLDER = re.compile(r"[0-9]{3}0{7}|([0-9])\1{9}")
_FOREIGN = re.compile(r"\+[^0-9]*(?!57)[0-9]")
_LONGEST = len("00573001234567")
_OTHER_NUMBER = 7
"""From so many digits on, what stands beside a number is another one; fewer make it doubtful."""
MOST_NUMBERS = 10
"""Numbers of one customer that are looked at; a field with more of them is a text."""
_PRECEDENCE = (
    Reason.NUMBER_PLACEHOLDER,
    Reason.NUMBER_WRONG_PREFIX,
    Reason.NUMBER_WRONG_KIND,
    Reason.NUMBER_FOREIGN,
    Reason.NUMBER_INVALID,
    Reason.NUMBER_EMPTY,
)


@dataclass(frozen=True)
class Number:
    """A number that passed the check; ``digits`` is E.164 without the plus."""

    digits: str

    def __post_init__(self) -> None:
        """Nothing but ASCII digits ever goes by this type."""
        if not re.fullmatch(r"57[0-9]{10}", self.digits):
            raise ValueError("a number is 57 and ten digits")

    @property
    def national(self) -> str:
        """The ten digits that are dialled inside Colombia."""
        return self.digits[2:]

    def dialled(self, dial_format: DialFormat) -> str:
        """What the trunk is sent."""
        return self.national if dial_format == "national" else self.digits


@dataclass(frozen=True)
class BadNumber:
    """Why a field holds no number that may be dialled."""

    reason: Reason


Judge = Callable[[str], Number | BadNumber]
"""Judges ten digits that have the form of a national number."""


def parse(raw: object, kinds: tuple[Kind, ...] = ("mobile",)) -> Number | BadNumber:
    """The first number in one field; as `parse_all`."""
    found = parse_all((raw,), kinds)
    return found if isinstance(found, BadNumber) else found[0]


def parse_all(
    fields: Iterable[object],
    kinds: tuple[Kind, ...] = ("mobile",),
    prefixes: tuple[str, ...] = (),
) -> tuple[Number, ...] | BadNumber:
    """The valid numbers of one of ``kinds`` in the fields, in their order, each once.

    ``prefixes``: the national number begins with one of them; none: with anything.

    A field is whatever the database gave: text, bytes, a number or None; it may hold several
    numbers. Time is linear in its length.
    """
    judge = partial(_judge, kinds=kinds, prefixes=prefixes)
    numbers: dict[Number, None] = {}
    reasons: set[Reason] = set()
    for verdict in (verdict for raw in fields for verdict in _field(raw, judge)):
        if isinstance(verdict, BadNumber):
            reasons.add(verdict.reason)
            continue
        numbers[verdict] = None
        if len(numbers) == MOST_NUMBERS:
            break
    if numbers:
        return tuple(numbers)
    return BadNumber(next((r for r in _PRECEDENCE if r in reasons), Reason.NUMBER_EMPTY))


def _field(raw: object, judge: Judge) -> Iterator[Number | BadNumber]:
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):  # most fields are: the same answer, sooner
        yield judge(raw)
        return
    text = _text(raw)
    if not text.strip().strip("0"):
        yield BadNumber(Reason.NUMBER_EMPTY)
        return
    yield BadNumber(Reason.NUMBER_INVALID)
    for part in _SEPARATOR.sub("/", text).replace("+", "/+").split("/"):
        yield from _part(part, judge)
        if _FOREIGN.match(part):
            yield BadNumber(Reason.NUMBER_FOREIGN)


def _text(raw: object) -> str:
    """The field as text in which every decimal digit of any script is an ASCII one."""
    if isinstance(raw, bytes):
        raw = raw.decode("utf-8", "replace")
    if isinstance(raw, str):
        return raw if raw.isascii() else "".join(map(_plain, raw))
    if isinstance(raw, int | float | Decimal):
        # A column of numbers: the bound keeps 1E+999999 from being written out.
        whole = isfinite(raw) and 0 <= raw < 10**15 and raw == int(raw)
        return str(int(raw)) if whole else "?"
    return "" if raw is None else "?"


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character == "\N{FULLWIDTH PLUS SIGN}":
        return "+"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _part(part: str, judge: Judge) -> Iterator[Number | BadNumber]:
    """Judge one stretch of digits and soft separators, from left to right."""
    groups = re.findall(r"[0-9]+", part)
    ends = [0, *accumulate(map(len, groups))]
    start = 0
    while start < len(groups):
        form = _INTERNATIONAL if start == 0 and part.startswith("+") else _NATIONAL
        after = start + 1
        for stop, candidate in _candidates(groups, ends, start, form):
            verdict = judge(candidate)
            yield verdict
            if isinstance(verdict, Number):
                after = stop
                break
        start = after


def _candidates(
    groups: list[str], ends: list[int], start: int, form: re.Pattern[str]
) -> Iterator[tuple[int, str]]:
    """National numbers that begin with one group, each with the group after its last one."""
    if not _is_another_number(ends[start]):
        return
    joined = ""
    for stop, group in enumerate(groups[start : start + _LONGEST], start + 1):
        joined += group
        if len(joined) > _LONGEST:
            return
        match = form.fullmatch(joined)
        if match and _is_another_number(ends[-1] - ends[stop]):
            yield stop, match[1]


def _is_another_number(digits: int) -> bool:
    return digits == 0 or digits >= _OTHER_NUMBER


def _judge(national: str, kinds: tuple[Kind, ...], prefixes: tuple[str, ...]) -> Number | BadNumber:
    if _PLACEHOLDER.fullmatch(national):
        return BadNumber(Reason.NUMBER_PLACEHOLDER)
    kind = kind_of(national)
    if kind is None:
        return BadNumber(Reason.NUMBER_INVALID)
    if kind not in kinds:
        return BadNumber(Reason.NUMBER_WRONG_KIND)
    if prefixes and not national.startswith(prefixes):
        return BadNumber(Reason.NUMBER_WRONG_PREFIX)
    return Number(f"{_COUNTRY_CODE}{national}")
