"""Whom a run goes through: the company's customers, or the one number of a test call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaign.eligibility import Candidate, CustomerRow
from campaign.file import Campaign
from campaign.selection import RecordedAttempt, Refusal, due, may_repeat, still_callable
from campaign.source import Source
from campaign.store import Store, customers


class Selection(Protocol):
    """Gives the verdict on everybody, and again on one inside his claim."""

    @property
    def source(self) -> Source | None:
        """The company's tables; None: they are not touched."""

    def verdicts(self, now: datetime) -> Iterator[list[Candidate | Refusal]]:
        """Everybody with the verdict on him, by pages, in a stable order."""

    def check(
        self,
        candidate: Candidate,
        row: CustomerRow | None,
        history: Sequence[RecordedAttempt],
        now: datetime,
    ) -> Refusal | None:
        """Why he may not be called after all, or None."""


@dataclass(frozen=True)
class DueCustomers:
    """The customers of the campaign's tables, in the order of their keys."""

    store: Store
    campaign: Campaign

    @property
    def source(self) -> Source | None:
        """The company's tables."""
        return self.campaign.source

    def verdicts(self, now: datetime) -> Iterator[list[Candidate | Refusal]]:
        """The verdict on every customer, one list for each page."""
        for page in customers.pages(self.store.database, self.campaign.source):
            judged = [due(row, self.campaign, now) for row in page]
            candidates = [verdict for verdict in judged if isinstance(verdict, Candidate)]
            history = self.store.attempts.history(
                {candidate.person for candidate in candidates},
                {candidate.number.digits for candidate in candidates},
                now,
            )
            yield [
                (may_repeat(verdict, history, self.campaign, now) or verdict)
                if isinstance(verdict, Candidate)
                else verdict
                for verdict in judged
            ]

    def check(
        self,
        candidate: Candidate,
        row: CustomerRow | None,
        history: Sequence[RecordedAttempt],
        now: datetime,
    ) -> Refusal | None:
        """The same rules on the row as it stands now."""
        return still_callable(candidate, row, history, self.campaign, now)


@dataclass(frozen=True)
class TestCall:
    """One number that an operator asked for; only a call that is still up is against it."""

    candidate: Candidate
    source: Source | None = None

    def verdicts(self, now: datetime) -> Iterator[list[Candidate | Refusal]]:  # noqa: ARG002
        """The one number."""
        yield [self.candidate]

    def check(
        self,
        candidate: Candidate,  # noqa: ARG002
        row: CustomerRow | None,  # noqa: ARG002
        history: Sequence[RecordedAttempt],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Refusal | None:
        """Nothing: the operator's word is enough."""
        return None
