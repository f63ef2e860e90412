"""What a person sees while a run works: a live line on a terminal, a log line otherwise."""

import logging
from collections import Counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from campaign.mask import mask_number
from campaign.outcome import Outcome

log = logging.getLogger(__name__)

SHOWN = 3
"""Outcomes on the live line: it has to fit 80 columns."""


class Watcher(Protocol):
    """Is told of every state change of every attempt."""

    def dialing(self, attempt_id: str, number: str) -> None:
        """The Originate is on its way."""

    def answered(self, attempt_id: str, number: str) -> None:
        """The customer picked up."""

    def ended(
        self, attempt_id: str, number: str, outcome: Outcome, heard_seconds: float | None
    ) -> None:
        """The attempt is final."""

    def notice(self, text: str) -> None:
        """Something about the run itself."""


class LogWatcher:
    """One line per state change."""

    def dialing(self, attempt_id: str, number: str) -> None:
        """The Originate is on its way."""
        log.info("action=dialing attempt=%s number=%s", attempt_id, mask_number(number))

    def answered(self, attempt_id: str, number: str) -> None:
        """The customer picked up."""
        log.info("action=answered attempt=%s number=%s", attempt_id, mask_number(number))

    def ended(
        self, attempt_id: str, number: str, outcome: Outcome, heard_seconds: float | None
    ) -> None:
        """The attempt is final."""
        log.info(
            "action=ended attempt=%s number=%s outcome=%s heard=%s",
            attempt_id,
            mask_number(number),
            outcome,
            "-" if heard_seconds is None else f"{heard_seconds:.2f}",
        )

    def notice(self, text: str) -> None:
        """Something about the run itself."""
        log.warning("action=notice %s", text)


class TerminalWatcher:
    """A live line with counts; use as a context manager around the run."""

    def __init__(self, console: Console) -> None:
        """``console`` must be a terminal."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=10, pulse_style="cyan"),
            TextColumn("{task.fields[counts]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task("calling", total=None, counts="")
        self._up = 0
        self._outcomes: Counter[Outcome] = Counter()

    def __enter__(self) -> "TerminalWatcher":
        """Start the live line."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def dialing(self, attempt_id: str, number: str) -> None:  # noqa: ARG002 (the protocol)
        """One more call is up."""
        self._up += 1
        self._show()

    def answered(self, attempt_id: str, number: str) -> None:
        """The counts stay as they are."""

    def ended(
        self,
        attempt_id: str,  # noqa: ARG002 (the protocol)
        number: str,  # noqa: ARG002 (the protocol)
        outcome: Outcome,
        heard_seconds: float | None,  # noqa: ARG002 (the protocol)
    ) -> None:
        """One call less, one outcome more."""
        self._up -= 1
        self._outcomes[outcome] += 1
        self._show()

    def notice(self, text: str) -> None:
        """Print above the live line."""
        self._progress.console.print(text)

    def _show(self) -> None:
        shown = self._outcomes.most_common(SHOWN)
        words = [f"{self._up} up", *(f"{name} {count}" for name, count in shown)]
        if others := self._outcomes.total() - sum(count for _, count in shown):
            words.append(f"others {others}")
        self._progress.update(self._task, counts="  ".join(words))
