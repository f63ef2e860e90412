"""What the bench prints."""

import statistics
from collections.abc import Iterator, Sequence

from rich.table import Table

from lab.bench.measure import PER_SECOND, UP, WAYS, Figures

AIM, LEAST = 0.9, 0.6
"""Calls a second of the whole system beside the bare Playback."""
LIMIT_MS = 60.0
"""Answer to audio, 99th percentile."""


def ratio(figures: Figures) -> float:
    """Median calls a second of the whole system over that of the bare Playback."""
    whole, bare = (statistics.median(_rates(figures, way)) for way in WAYS)
    return whole / bare


def tables(figures: Figures) -> Iterator[Table]:
    """The three tables, both ways side by side."""
    yield _table("Calls per second, pacing off", "", _throughput(figures))
    yield _table("CPU-ms per call", "part", _cpu(figures))
    yield _table(
        f"Answer to first audible packet, ms; {UP} calls up, {PER_SECOND} new ones a second",
        "",
        _delay(figures),
    )


def verdicts(figures: Figures) -> Iterator[str]:
    """Each aim with what was reached, a miss said as a miss."""
    reached = ratio(figures)
    judged = "aim met" if reached >= AIM else "least met, aim MISSED"
    judged = judged if reached >= LEAST else "MISSED"
    yield f"calls per second: {reached:.2f} of bare Playback (aim {AIM}, least {LEAST}): {judged}"
    p99 = figures.delays[next(iter(WAYS))].p99
    judged = "met" if p99 <= LIMIT_MS else "MISSED"
    yield f"answer to audio: 99th percentile {p99:.1f} ms (limit {LIMIT_MS:.0f} ms): {judged}"


def _throughput(figures: Figures) -> Iterator[Sequence[str]]:
    for name, pick in (("least", min), ("median", statistics.median), ("most", max)):
        yield name, *(f"{pick(_rates(figures, way)):.1f}" for way in WAYS)
    yield "by the dialplan alone", *(_fallback(figures, way) for way in WAYS)


def _cpu(figures: Figures) -> Iterator[Sequence[str]]:
    parts = list(next(iter(figures.rounds.values()))[0].cpu_ms)
    for part in parts:
        yield part, *(_mean(figures, way, part) for way in WAYS)


def _fallback(figures: Figures, way: str) -> str:
    made = [one.fallback_percent for one in figures.rounds[way] if one.fallback_percent is not None]
    return f"{statistics.fmean(made):.1f} %" if made else "-"


def _mean(figures: Figures, way: str, part: str) -> str:
    spent = [made.cpu_ms[part] for made in figures.rounds[way] if part in made.cpu_ms]
    return f"{statistics.fmean(spent):.2f}" if spent else "-"


def _delay(figures: Figures) -> Iterator[Sequence[str]]:
    found = [figures.delays[way] for way in WAYS]
    yield "median", *(f"{delays.median:.1f}" for delays in found)
    yield "95th percentile", *(f"{delays.p95:.1f}" for delays in found)
    yield "99th percentile", *(f"{delays.p99:.1f}" for delays in found)
    yield "answers", *(str(delays.calls) for delays in found)
    yield "never audible", *(str(delays.unheard) for delays in found)


def _rates(figures: Figures, way: str) -> list[float]:
    return [made.per_second for made in figures.rounds[way]]


def _table(title: str, first: str, rows: Iterator[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for way in WAYS:
        table.add_column(way, justify="right")
    for row in rows:
        table.add_row(*row)
    return table
