"""Whom a run goes through: the company's customers, or the one number of a test call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.file import Campaign
from campaign.history import History
from campaign.reason import Reason
from campaign.selection import Refusal, due, judge, still_callable
from campaign.source import Source
from campaign.store import Store, customers


class Selection(Protocol):
    """Gives the verdict on everybody, and again on one inside his claim."""

    @property
    def source(self) -> Source | None:
        """The company's tables; None: they are not touched."""

    def verdicts(self, now: datetime) -> Iterator[list[Candidate | Refusal]]:
        """Everybody with the verdict on him, by pages, in a stable order."""

    def again(self, customer_id: str, now: datetime) -> Candidate | Refusal:
        """The verdict on one of them, read again, when the number that was called is no good."""

    def check(
        self,
        candidate: Candidate,
        row: CustomerRow | None,
        history: History,
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
            yield self._judged(page, now)

    def again(self, customer_id: str, now: datetime) -> Candidate | Refusal:
        """The verdict on one customer, as he stands now."""
        row = customers.one(self.store.database, self.campaign.source, customer_id)
        if row is None:
            return Refusal(customer_id, Reason.OUTSIDE_CAMPAIGN)
        (verdict,) = self._judged([row], now)
        return verdict

    def _judged(self, rows: Sequence[CustomerRow], now: datetime) -> list[Candidate | Refusal]:
        verdicts = [due(row, self.campaign, now) for row in rows]
        debtors = [verdict for verdict in verdicts if isinstance(verdict, Debtor)]
        history = self.store.attempts.history(
            {debtor.person for debtor in debtors},
            {number.digits for debtor in debtors for number in debtor.numbers},
            self.campaign,
            now,
        )
        return [
            judge(verdict, history, self.campaign, now) if isinstance(verdict, Debtor) else verdict
            for verdict in verdicts
        ]

    def check(
        self,
        candidate: Candidate,
        row: CustomerRow | None,
        history: History,
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

    def again(self, customer_id: str, now: datetime) -> Candidate | Refusal:  # noqa: ARG002
        """There is no other number."""
        return Refusal(customer_id, Reason.NUMBER_DEAD)

    def check(
        self,
        candidate: Candidate,  # noqa: ARG002
        row: CustomerRow | None,  # noqa: ARG002
        history: History,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Refusal | None:
        """Nothing: the operator's word is enough."""
        return None
