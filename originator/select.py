"""Whom a run goes through: the company's customers, or the one number of a test call."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from campaign.due import Due
from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.file import Campaign
from campaign.history import History
from campaign.order import portions
from campaign.reason import Reason
from campaign.selection import Refusal, due, due_group, judge, still_callable
from campaign.source import Source
from campaign.store import Store, customers
from campaign.store.census import Group, census
from campaign.store.nearness import Histories
from campaign.store.ranking import ranking


@dataclass(frozen=True)
class Page:
    """The verdict on some customers."""

    verdicts: list[Candidate | Refusal]
    groups: Counter[Refusal] = field(default_factory=Counter)
    """How many share a verdict for which their rows need not be read."""

    @property
    def reasons(self) -> Counter[Reason]:
        """How many are not called, and why."""
        found = Counter(one.reason for one in self.verdicts if isinstance(one, Refusal))
        for refusal, count in self.groups.items():
            found[refusal.reason] += count
        return found

    @property
    def candidates(self) -> list[Candidate]:
        """Who is to be called, in order."""
        return [verdict for verdict in self.verdicts if isinstance(verdict, Candidate)]

    @property
    def next_moment(self) -> datetime | None:
        """When the first of those who are not called may be called."""
        refusals = [one for one in self.verdicts if isinstance(one, Refusal)]
        moments = [one.not_before for one in (*refusals, *self.groups) if one.not_before]
        return min(moments, default=None)


class Selection(Protocol):
    """Gives the verdict on everybody, and again on one inside his claim."""

    @property
    def source(self) -> Source | None:
        """The company's tables; None: they are not touched."""

    def verdicts(self, now: datetime) -> Iterator[Page]:
        """Everybody with the verdict on him, by pages, in the order of the calls."""

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
    """The customers of the campaign's tables."""

    store: Store
    campaign: Campaign

    @property
    def source(self) -> Source | None:
        """The company's tables."""
        return self.campaign.source

    def verdicts(self, now: datetime) -> Iterator[Page]:
        """The verdict on every customer of the company, in the order of campaign/order.py.

        First come those who are judged by what they share with many; the rows of all others are
        read, a portion of days at a time.
        """
        refused: Counter[Refusal] = Counter()
        days: dict[date, list[Group]] = defaultdict(list)
        today = now.astimezone(self.campaign.time_zone).date()
        for group in census(self.store.database, self.campaign.source):
            verdict = self._shared(group, now)
            if isinstance(verdict, Refusal):
                refused[verdict] += group.customers
            else:
                days[verdict.day if verdict else today].append(group)
        yield Page([], refused)
        histories = Histories(self.store.database, self.campaign, now)
        sizes = {day: sum(group.customers for group in groups) for day, groups in days.items()}
        asked = ([days[day] for day in portion] for portion in portions(sizes, today))
        for rows in ranking(self.store.database, self.campaign, asked, today):
            yield Page(self._judged(rows, now, histories))

    def _shared(self, group: Group, now: datetime) -> Due | Refusal | None:
        if not group.meets_conditions:
            return Refusal("", Reason.OUTSIDE_CAMPAIGN)
        fields = (group.flag.value, group.sent.value, group.cut_day.value)
        return due_group(*fields, self.campaign, now)

    def again(self, customer_id: str, now: datetime) -> Candidate | Refusal:
        """The verdict on one customer, as he stands now."""
        row = customers.one(self.store.database, self.campaign.source, customer_id)
        if row is None:
            return Refusal(customer_id, Reason.OUTSIDE_CAMPAIGN)
        histories = Histories(self.store.database, self.campaign, now)
        (verdict,) = self._judged([row], now, histories)
        return verdict

    def _judged(
        self, rows: Sequence[CustomerRow], now: datetime, histories: Histories
    ) -> list[Candidate | Refusal]:
        """The one place where a page of customers meets what is recorded of them."""
        verdicts = [due(row, self.campaign, now) for row in rows]
        history = histories.of([verdict for verdict in verdicts if isinstance(verdict, Debtor)])
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
    """One number that an operator asked for.

    Only a call that is still up and the do-not-call list are against it, which the claim asks.
    """

    candidate: Candidate
    source: Source | None = None

    def verdicts(self, now: datetime) -> Iterator[Page]:  # noqa: ARG002
        """The one number."""
        yield Page([self.candidate])

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
