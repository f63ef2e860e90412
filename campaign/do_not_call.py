"""The do-not-call list as it is written: one entry, and the rows of a CSV file."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign import phone
from campaign.errors import OverdueError

ALL = "all"
"""The purpose of an entry that counts for every campaign, whatever purposes this one names."""
COLUMNS = ("number", "purpose", "source", "added_at")

_PURPOSE = re.compile(r"[A-Za-z0-9_-]{1,32}")
_SOURCE_LENGTH = 64
_MOST_DIGITS = len("00573001234567")
"""What holds more of them may hold a second number, of which nobody would know."""


class ListError(OverdueError):
    """The file cannot be read any further; names the line."""


@dataclass(frozen=True)
class Entry:
    """A number that is not to be called for a purpose, and who said so."""

    number: str
    """E.164 without the plus."""
    purpose: str
    source: str
    added_at: datetime


@dataclass(frozen=True)
class RefusedRow:
    """A row that is no entry; never shows the number."""

    line: int
    reason: str


def entry(number: str, purpose: str, source: str, added_at: datetime) -> Entry | str:
    """Check one entry; the text says in a few words what is wrong with it."""
    found = phone.parse(number, kinds=("mobile", "fixed"))
    if isinstance(found, phone.BadNumber):
        return found.reason.english
    if sum(character.isdecimal() for character in number) > _MOST_DIGITS:
        return "more than one number"
    if not _PURPOSE.fullmatch(purpose):
        return "a purpose has 1 to 32 letters, digits, _ or -"
    # surrogateescape leaves what is not UTF-8 as characters that cannot be printed.
    if not 0 < len(source) <= _SOURCE_LENGTH or not source.isprintable():
        return f"a source has 1 to {_SOURCE_LENGTH} printable characters, in UTF-8"
    return Entry(found.digits, purpose, source, added_at)


def read(
    lines: Iterable[str], purpose: str | None, source: str | None, now: datetime
) -> Iterator[Entry | RefusedRow]:
    """The entries of a CSV text, and its rows that are none; raises ListError.

    A first line with the word ``number`` names the columns; without one they are those of
    ``COLUMNS`` in that order. A row without a purpose, a source or a time of its own has these.
    """
    rows = _rows(lines)
    first = next(rows, None)
    if first is None:
        return
    names = [name.strip().lower() for name in first[1]]
    if "number" in names:
        _require(names, purpose, source)
    else:
        names = list(COLUMNS[: len(names)])
        _require(names, purpose, source)
        yield _read_row(names, *first, purpose, source, now)
    for line, cells in rows:
        yield _read_row(names, line, cells, purpose, source, now)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows with something in them, each with the number of its line."""
    texts = iter(lines)
    first = next(texts, "")
    delimiter = ";" if ";" in first and "," not in first else ","

    def all_lines() -> Iterator[str]:
        yield first
        yield from texts

    reader = csv.reader(all_lines(), delimiter=delimiter, strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ListError(
                f"line {before + 1}: not CSV ({error}); the lines before it are taken, mend this"
                " one and import the file again"
            ) from error
        if cells is None:
            return
        if reader.line_num != before + 1:
            raise ListError(
                f"line {before + 1}: a quotation mark that is not closed in its line; the lines"
                " before it are taken, mend this one and import the file again"
            )
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _require(names: Sequence[str], purpose: str | None, source: str | None) -> None:
    for name, given in (("purpose", purpose), ("source", source)):
        if name not in names and given is None:
            raise ListError(f"the file has no column {name}: give --{name}, for all of its rows")


def _read_row(
    names: Sequence[str],
    line: int,
    cells: Sequence[str],
    purpose: str | None,
    source: str | None,
    now: datetime,
) -> Entry | RefusedRow:
    row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()}
    added_at = now
    if text := row.get("added_at"):
        try:
            added_at = datetime.fromisoformat(text)
        except ValueError:
            return RefusedRow(line, "added_at is no time, as 2026-11-23T08:00:00Z")
        if added_at.tzinfo is None:
            return RefusedRow(line, "added_at has no zone, as the Z of 2026-11-23T08:00:00Z")
    found = entry(
        row.get("number", ""),
        row.get("purpose", purpose or ""),
        row.get("source", source or ""),
        added_at,
    )
    return RefusedRow(line, found) if isinstance(found, str) else found
