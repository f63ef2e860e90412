"""Customers at whom a run looks once more when the calls that are up are over."""

from collections import Counter
from collections.abc import Collection

from campaign.outcome import Evidence, Outcome, OutcomeClass
from originator.flights import Flight

TRIES = 3
"""Calls of a run to one customer that may fail by the trunk's fault."""


class LookAgain:
    """Those whose number was bad, and those whose call failed because their trunk was down."""

    def __init__(self) -> None:
        """Nobody has been called yet."""
        self._now: set[str] = set()
        self._failed: Counter[str] = Counter()
        self._over: dict[str, str] = {}
        """The trunk of each call that failed and was not tried again yet."""

    def at(self, customer_id: str) -> None:
        """He may have to be called at another number, or later."""
        self._now.add(customer_id)

    def outcome(self, flight: Flight, outcome: Outcome) -> None:
        """What came of a call to a customer."""
        customer_id = flight.customer_id
        if outcome.evidence is Evidence.FAILS or outcome is Outcome.NOT_PLACED:
            self._failed[customer_id] += 1
            self._over[customer_id] = flight.trunk
            return
        self._failed.pop(customer_id, None)
        self._over.pop(customer_id, None)
        if outcome.outcome_class is OutcomeClass.NUMBER and flight.has_other_numbers:
            self._now.add(customer_id)

    def take(self, paused: Collection[str]) -> list[str]:
        """Whom to look at now, each once.

        ``paused``: the trunks that were paused while the run went on. A call that failed while
        others of its trunk went well is not the trunk's matter, and is left to the next run.
        """
        again = {
            customer_id
            for customer_id, trunk in self._over.items()
            if trunk in paused and self._failed[customer_id] < TRIES
        }
        for customer_id in again:
            del self._over[customer_id]
        taken, self._now = sorted(again | self._now), set()
        return taken

    def given_up(self, paused: Collection[str]) -> bool:
        """Whether the trunk failed somebody as often as it may."""
        return any(
            trunk in paused and self._failed[customer_id] >= TRIES
            for customer_id, trunk in self._over.items()
        )
