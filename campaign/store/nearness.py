"""Whom earlier calls may stand against: told by one walk, in place of a look-up for each.

The walk goes through two indexes in their order and through the marks, and keeps a byte for each of
a fixed number of slots, whatever number of persons there is. Two who share a slot are both taken
for the nearer one, which costs a look-up and changes no verdict.
"""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from campaign.do_not_call import ALL
from campaign.eligibility import Debtor
from campaign.file import Campaign
from campaign.history import History
from campaign.retry import look_back
from campaign.store.database import Database
from campaign.store.histories import EVER, cycle_of, read_history
from campaign.store.statements import statements
from campaign.store.times import to_database

SLOTS = 1 << 24
SPENT = 240
"""A budget that is spent, in the unit in which nearness is counted; more is no nearer."""
FAR = SPENT // 6
"""What is not nearer is not told: a person of up to four numbers of which none is told has not
spent a budget."""

PAGES_LOOKED_UP = 10
WALK_SECONDS = 300.0
"""So long a walk is good: the claim asks once more, and a run that calls nearly everybody on a page
takes longer for `PAGES_LOOKED_UP`, and never walks."""


class Histories:
    """What bears on customers who are judged page after page."""

    def __init__(self, database: Database, campaign: Campaign, now: datetime) -> None:
        """``now``: for which they are judged."""
        self._database = database
        self._campaign = campaign
        self._now = now
        self._nearness: Nearness | None = None
        self._since = monotonic()
        self._pages = 0

    def of(self, debtors: Sequence[Debtor]) -> History:
        """As `read_history`, for verdicts alone: nothing of those whom nothing can be against."""
        nearness = self._walked()
        asked = debtors if nearness is None else [one for one in debtors if nearness.is_near(one)]
        with self._database.transaction() as transaction:
            return read_history(
                transaction,
                {debtor.person for debtor in asked},
                {number.digits for debtor in asked for number in debtor.numbers},
                self._campaign,
                self._now,
            )

    def _walked(self) -> "Nearness | None":
        if monotonic() - self._since > WALK_SECONDS:
            self._nearness, self._since, self._pages = None, monotonic(), 0
        self._pages += 1
        if self._nearness is None and self._pages > PAGES_LOOKED_UP:
            self._nearness = walk(self._database, self._campaign, self._now)
            self._since = monotonic()
        return self._nearness


class Nearness:
    """How near persons and numbers are to a rule that is against a call."""

    def __init__(self) -> None:
        """Nobody is near."""
        self._slots = bytearray(SLOTS)
        self._everybody = False

    def tell(self, whose: str, share: int) -> None:
        """``share``: of a budget, in 1/SPENT."""
        # The server groups persons as its collation does: É stands for E, and who knows for whom.
        if not whose.isascii():
            self._everybody = True
        slot = hash(whose) % SLOTS
        self._slots[slot] = max(self._slots[slot], share)

    def is_near(self, debtor: Debtor) -> bool:
        """Whether something may be against a call to him; False: surely nothing recorded is."""
        if self._everybody or not debtor.person.isascii():
            return True
        numbers = [number.digits for number in debtor.numbers]
        told = [self._slots[hash(whose) % SLOTS] for whose in (debtor.person, *numbers)]
        return sum(share or FAR for share in told) >= SPENT


def walk(database: Database, campaign: Campaign, now: datetime) -> Nearness:
    """Go once through what is recorded of everybody."""
    with database.transaction() as transaction:
        cycle = to_database(cycle_of(transaction, campaign, now).since)
    recent = to_database(now - look_back(campaign))
    in_all = campaign.retry.attempts_in_all
    attempts = {
        "since": min(recent, cycle) if in_all is None else EVER,
        "recent": recent,
        "cycle": cycle,
        "per_cycle": campaign.retry.attempts_per_cycle,
        "in_all": in_all or 0,
        "spent": SPENT,
        "far": FAR,
    }
    marks = {
        "spent": SPENT,
        "source": campaign.source.customers,
        "now": to_database(now),
        "every": not campaign.do_not_call,
        "purposes": [ALL, *campaign.do_not_call],
    }
    nearness = Nearness()
    for name, values in (("near_by_attempts", attempts), ("near_by_marks", marks)):
        for rows in database.stream(statements("queries.sql")[name], values):
            for row in rows:
                nearness.tell(row["whose"], row["share"])
    return nearness
