"""What is known of earlier calls: read once for many customers, asked for one person at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Generic, TypeVar

from campaign.cycle import Cycle
from campaign.outcome import Outcome


@dataclass(frozen=True)
class RecordedAttempt:
    """An earlier attempt, new enough to bear on today."""

    person: str
    numbers: frozenset[str]
    """All numbers of its customer, not only the one that was dialled."""
    outcome: Outcome | None
    """None while it is open."""
    at: datetime
    """Its end, or its claim while it is open."""


@dataclass(frozen=True)
class SpentAttempts:
    """How many attempts the same customer, with the same numbers, has spent."""

    person: str
    numbers: frozenset[str]
    in_cycle: int
    in_all: int
    """As far back as the campaign limits them; at least those of the cycle."""


@dataclass(frozen=True)
class BadMark:
    """What the network said of a number that is not to be dialled until it is taken back."""

    outcome: Outcome
    found_at: datetime


@dataclass(frozen=True)
class PersonHistory:
    """What bears on the next call to one person."""

    recent: Sequence[RecordedAttempt]
    spent_in_cycle: int
    spent_in_all: int
    cycle: Cycle
    promised_until: datetime | None = None
    """When the time that he asked for with a promise to pay is over, or was; None: no promise."""


class History:
    """Earlier calls to some customers.

    An attempt concerns a person when it was for the same person, or for a customer with whom he
    shares a number: whoever shares a number is one person to the rules.
    """

    def __init__(
        self,
        cycle: Cycle,
        recent: Sequence[RecordedAttempt] = (),
        spent: Sequence[SpentAttempts] = (),
        bad_numbers: Mapping[str, BadMark] | None = None,
        do_not_call: Collection[str] = (),
        wrong_numbers: Mapping[tuple[str, str], datetime] | None = None,
        promises: Mapping[str, datetime] | None = None,
    ) -> None:
        """May hold attempts of anybody.

        ``do_not_call``: numbers on the list; ``wrong_numbers``: by customer and number, when it was
        said that it is not his; ``promises``: by person, when the time that he asked for is over.
        """
        self.bad_numbers = bad_numbers or {}
        self.do_not_call = do_not_call
        self.wrong_numbers = wrong_numbers or {}
        self._promises = promises or {}
        self._cycle = cycle
        self._recent = _Index(recent)
        self._spent = _Index(spent)

    def of(self, person: str, numbers: Collection[str]) -> PersonHistory:
        """What concerns a person with these numbers."""
        spent = self._spent.of(person, numbers)
        return PersonHistory(
            recent=self._recent.of(person, numbers),
            spent_in_cycle=sum(each.in_cycle for each in spent),
            spent_in_all=sum(each.in_all for each in spent),
            cycle=self._cycle,
            promised_until=self._promises.get(person),
        )


T = TypeVar("T", RecordedAttempt, SpentAttempts)


class _Index(Generic[T]):
    """Records by person and by number, each found once."""

    def __init__(self, records: Sequence[T]) -> None:
        self._records: Sequence[T] = records
        self._persons: dict[str, list[int]] = defaultdict(list)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        for place, record in enumerate(records):
            self._persons[record.person].append(place)
            for number in record.numbers:
                self._numbers[number].append(place)

    def of(self, person: str, numbers: Collection[str]) -> list[T]:
        if not self._records:
            return []
        places = chain(
            self._persons.get(person, ()), *(self._numbers.get(number, ()) for number in numbers)
        )
        return [self._records[place] for place in sorted(set(places))]
