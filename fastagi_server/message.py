"""The message of one call: its parts, how far it came, and how much of it was heard."""

from collections.abc import Sequence
from contextlib import suppress

from campaign.flow_terms import FlowTerms
from campaign.journal import Course
from campaign.met import Met, Values
from fastagi_server import spoken

SAMPLES_PER_SECOND = 8000


class Message:
    """Sounds that are played in a row; a key may interrupt them, and they go on where they were."""

    def __init__(self, parts: Sequence[str]) -> None:
        """Nothing of it has been heard."""
        self._parts = parts
        self.rewind()
        self.heard_seconds = 0.0
        """The most that was heard of it without going back."""
        self.is_over = not parts
        """Whether its end was heard."""

    @property
    def next_part(self) -> str | None:
        """The sound that comes next, or goes on; None: none is left."""
        return self._parts[self._place] if self._place < len(self._parts) else None

    def rewind(self) -> None:
        """It begins again."""
        self._place = 0
        self._seconds_before = 0.0
        self.position = 0
        """Where the next part goes on, in samples."""

    def went_to(self, position: int, *, part_is_over: bool) -> None:
        """The part was played to ``position``, in samples."""
        now = self._seconds_before + position / SAMPLES_PER_SECOND
        self.heard_seconds = max(self.heard_seconds, now)
        self.position = position
        if part_is_over:
            self._place, self._seconds_before, self.position = self._place + 1, now, 0
            self.is_over = self.is_over or self.next_part is None


def message_of(met: Met) -> Message:
    """What the customer is to hear: the thanks, the personal message, or the prompt."""
    terms, values = met.terms, met.values
    if met.course is Course.PAID:
        return Message([terms.paid_prompt] if terms.paid_prompt else [])
    if terms.personal and values:
        with suppress(ValueError):  # a value that no set can say
            return Message([s for part in terms.personal for s in _said(part, values, terms)])
    return Message([terms.prompt])


def _said(part: str, values: Values, terms: FlowTerms) -> list[str]:
    match part:
        case "{amount}":
            return spoken.amount(values.amount, terms.language)
        case "{cut_date}":
            return spoken.day(values.cut_date, terms.language)
        case "{invoices}":
            return spoken.invoices(values.invoices or 0, terms.language)
    return [part]
