"""``originator dnc``: the do-not-call list."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import TextIO

import click

from campaign.clock import SystemClock
from campaign.do_not_call import COLUMNS, Entry, ListError, RefusedRow, entry, read
from campaign.mask import mask_number
from campaign.phone import BadNumber, parse
from campaign.store.do_not_call import DoNotCall
from originator.exit_codes import ExitCode
from originator.wiring import store_alone

CHUNK = 5000
"""Rows of one transaction: whoever is stopped in the middle imports the file again."""
PROGRESS = 100_000


@click.group()
def dnc() -> None:
    """Numbers that are never called, whoever's they are (do-not-call)."""


PURPOSE = click.option("--purpose", help="For what they are not called; `all`: for everything.")
SOURCE = click.option("--source", help="Who said so, as RNE or customer.")


@dnc.command()
@click.argument("number")
@click.option("--purpose", required=True, help="For what it is not called; `all`: for everything.")
@click.option("--source", required=True, help="Who said so, as RNE or customer.")
def add(number: str, purpose: str, source: str) -> None:
    """Put one NUMBER on the list; it counts from the next claim on, in runs that go on too."""
    made = entry(number, purpose, source, SystemClock().now())
    if isinstance(made, str):
        raise click.UsageError(made)
    new = store_alone().do_not_call.add([made])
    click.echo(f"{mask_number(made.number)} {'is on the list now' if new else 'was on the list'}")


@dnc.command()
@click.argument("number")
@PURPOSE
@SOURCE
def remove(number: str, purpose: str | None, source: str | None) -> None:
    """Take a NUMBER off the list; `dnc list NUMBER` still shows that it was on it."""
    digits = _digits(number)
    removed = store_alone().do_not_call.remove(digits, purpose, source, SystemClock().now())
    click.echo(f"{removed} entries of {mask_number(digits)} were removed")
    if not removed:
        sys.exit(ExitCode.FAILED)


@dnc.command("list")
@click.argument("number", required=False)
def list_entries(number: str | None) -> None:
    """Say what the list says of a NUMBER; without one, how many it holds."""
    listed = store_alone().do_not_call
    if number is None:
        for purpose, source, numbers in listed.counts():
            click.echo(f"{numbers:>9}  {purpose}  {source}")
        return
    digits = _digits(number)
    for kept in listed.history(digits):
        until = f", removed {kept.removed_at:%Y-%m-%d %H:%M} UTC" if kept.removed_at else ""
        click.echo(
            f"{mask_number(digits)} {kept.purpose}, by {kept.source},"
            f" added {kept.added_at:%Y-%m-%d %H:%M} UTC{until}"
        )


@dnc.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PURPOSE
@SOURCE
def import_file(file: Path, purpose: str | None, source: str | None) -> None:
    """Put the numbers of a CSV FILE on the list: number, purpose, source, added_at.

    A first line may name the columns. A column that is missing, or empty, has the value of the
    option. What is on the list already is passed over, so that a file can be imported again.
    """
    listed = store_alone().do_not_call
    counts = Counter(new=0, known=0, refused=0)
    try:
        # surrogateescape: a row that is not UTF-8 is refused by itself.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            for chunk in _chunks(read(lines, purpose, source, SystemClock().now())):
                before = counts.total()
                counts += _take(listed, chunk)
                if before // PROGRESS < counts.total() // PROGRESS:
                    click.echo(f"{counts.total()} rows", err=True)
    except OSError as error:
        raise ListError(f"{file} cannot be read: {error.strerror}") from error
    finally:
        click.echo(f"{counts['new']} new, {counts['known']} known, {counts['refused']} refused")
    if counts["refused"]:
        sys.exit(ExitCode.FAILED)


@dnc.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
def export(file: TextIO) -> None:
    """Write the list as CSV, to a FILE or to the standard output; `import` reads it back."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for page in store_alone().do_not_call.pages():
        for kept in page:
            added_at = kept.added_at.astimezone(UTC).isoformat(timespec="milliseconds")
            writer.writerow((kept.number, kept.purpose, kept.source, added_at))


def _digits(number: str) -> str:
    found = parse(number, kinds=("mobile", "fixed"))
    if isinstance(found, BadNumber):
        raise click.BadParameter(found.reason.english, param_hint="NUMBER")
    return found.digits


def _take(listed: DoNotCall, chunk: Sequence[Entry | RefusedRow]) -> Counter[str]:
    """Put the entries of a chunk on the list, and name the rows that are none."""
    entries = [row for row in chunk if isinstance(row, Entry)]
    for row in chunk:
        if isinstance(row, RefusedRow):
            click.echo(f"line {row.line}: {row.reason}", err=True)
    new = listed.add(entries) if entries else 0
    return Counter(new=new, known=len(entries) - new, refused=len(chunk) - len(entries))


def _chunks(rows: Iterator[Entry | RefusedRow]) -> Iterator[list[Entry | RefusedRow]]:
    chunk: list[Entry | RefusedRow] = []
    try:
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except ListError:
        yield chunk  # what came before the line that stops it
        raise
    yield chunk
