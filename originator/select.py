"""Whom a run goes through: the company's customers, or the one number of a test call."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from campaign.due import Due, cut_status
from campaign.eligibility import Candidate, CustomerRow, group_reason
from campaign.file import Campaign
from campaign.order import portions
from campaign.reason import Reason
from campaign.selection import RecordedAttempt, Refusal, due, may_repeat, still_callable
from campaign.source import Source
from campaign.store import Store, customers
from campaign.store.census import Group, census


@dataclass(frozen=True)
class Page:
    """The verdict on some customers."""

    verdicts: list[Candidate | Refusal]
    counted: Counter[Reason] = field(default_factory=Counter)
    """Customers whose rows need not be read, by the reason that all of them share."""

    @property
    def customers(self) -> int:
        """How many this page speaks of."""
        return len(self.verdicts) + self.counted.total()


class Selection(Protocol):
    """Gives the verdict on everybody, and again on one inside his claim."""

    @property
    def source(self) -> Source | None:
        """The company's tables; None: they are not touched."""

    def verdicts(self, now: datetime) -> Iterator[Page]:
        """Everybody with the verdict on him, by pages, in the order of the calls."""

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
    """The customers of the campaign's tables."""

    store: Store
    campaign: Campaign

    @property
    def source(self) -> Source | None:
        """The company's tables."""
        return self.campaign.source

    def verdicts(self, now: datetime) -> Iterator[Page]:
        """The verdict on every customer of the company, in the order of campaign/order.py.

        First come those who are judged by the fields that they share with many; the rows of all
        others are read, a portion of days at a time.
        """
        today = now.astimezone(self.campaign.time_zone).date()
        counted: Counter[Reason] = Counter()
        days: dict[date, list[Group]] = defaultdict(list)
        for group in census(self.store.database, self.campaign.source):
            reason = _reason(group, today)
            if reason is not None:
                counted[reason] += group.customers
            else:
                days[_day(group, today)].append(group)
        yield Page([], counted)
        sizes = {day: sum(group.customers for group in groups) for day, groups in days.items()}
        for portion in portions(sizes, today):
            places = [days[day] for day in portion]
            for rows in customers.ranking(self.store.database, self.campaign.source, places):
                yield Page(self._judged(rows, now))

    def _judged(self, rows: Sequence[CustomerRow], now: datetime) -> list[Candidate | Refusal]:
        """The one place where a page of customers meets what is recorded of them."""
        judged = [due(row, self.campaign, now) for row in rows]
        candidates = [verdict for verdict in judged if isinstance(verdict, Candidate)]
        history = self.store.attempts.history(
            {candidate.person for candidate in candidates},
            {candidate.number.digits for candidate in candidates},
            now,
        )
        return [
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

    def verdicts(self, now: datetime) -> Iterator[Page]:  # noqa: ARG002
        """The one number."""
        yield Page([self.candidate])

    def check(
        self,
        candidate: Candidate,  # noqa: ARG002
        row: CustomerRow | None,  # noqa: ARG002
        history: Sequence[RecordedAttempt],  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Refusal | None:
        """Nothing: the operator's word is enough."""
        return None


def _reason(group: Group, today: date) -> Reason | None:
    if not group.meets_conditions:
        return Reason.OUTSIDE_CAMPAIGN
    return group_reason(group.flag, group.sent, group.cut_day, today)


def _day(group: Group, today: date) -> date:
    status = cut_status(group.cut_day, today)
    return status.cut if isinstance(status, Due) else today
