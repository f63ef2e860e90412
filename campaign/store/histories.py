"""Earlier calls as the rules need them: for a page of customers, or for the one of a claim."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from campaign.cycle import Cycle, cycle_at
from campaign.do_not_call import ALL
from campaign.file import Campaign
from campaign.history import BadMark, History, RecordedAttempt, SpentAttempts
from campaign.outcome import Outcome
from campaign.retry import LOOK_BACK
from campaign.store.database import Row, Transaction
from campaign.store.times import aware, from_database, to_database

_MARKS = ("bad", "do_not_call", "wrong", "promise")
"""What the statement `marks` tells."""
_EVER = datetime(2000, 1, 1)  # noqa: DTZ001 (as our columns are)


def read_history(
    transaction: Transaction,
    persons: Collection[str],
    numbers: Collection[str],
    campaign: Campaign,
    now: datetime,
    *,
    except_attempt: str = "",
) -> History:
    """What bears on calls to these persons and numbers now; ``except_attempt``: not this one.

    Reads the attempts of some days, and of older ones only how many there were: its cost does not
    grow with the months.
    """
    cycle = _cycle(transaction, campaign, now)
    if not persons or not numbers:
        return History(cycle)
    whose = {"persons": list(persons), "numbers": list(numbers)}
    since = to_database(now - LOOK_BACK)
    recent = transaction.rows("history", **whose, since=since)
    cycle_since = to_database(cycle.since)
    counted_since = _EVER if campaign.retry.attempts_in_all else cycle_since
    spent = transaction.rows("spent_attempts", **whose, cycle=cycle_since, since=counted_since)
    marks = transaction.rows(
        "marks",
        **whose,
        source=campaign.source.customers,
        now=to_database(now),
        every=not campaign.do_not_call,
        purposes=[ALL, *campaign.do_not_call],
    )
    of = {mark: [row for row in marks if row["mark"] == mark] for mark in _MARKS}
    return History(
        cycle,
        _attempts(row for row in recent if row["id"] != except_attempt),
        [_spent(row) for row in spent],
        {row["number"]: BadMark(Outcome(row["outcome"]), aware(row["at"])) for row in of["bad"]},
        frozenset(row["number"] for row in of["do_not_call"]),
        {(row["whose"], row["number"]): aware(row["at"]) for row in of["wrong"]},
        {row["whose"]: aware(row["at"]) for row in of["promise"]},
    )


def _cycle(transaction: Transaction, campaign: Campaign, now: datetime) -> Cycle:
    (row,) = transaction.rows("last_reset", source=campaign.source.customers)
    return cycle_at(now, campaign.time_zone, from_database(row["started_at"]))


def _attempts(rows: Iterable[Row]) -> list[RecordedAttempt]:
    """One attempt from its rows, of which each has another number."""
    numbers: dict[str, set[str]] = defaultdict(set)
    attempts: dict[str, Row] = {}
    for row in rows:
        numbers[row["id"]].add(row["number"])
        attempts[row["id"]] = row
    return [
        RecordedAttempt(
            row["person"],
            frozenset(numbers[attempt_id]),
            Outcome(row["outcome"]) if row["outcome"] else None,
            aware(row["ended_at"] or row["claimed_at"]),
        )
        for attempt_id, row in attempts.items()
    ]


def _spent(row: Row) -> SpentAttempts:
    numbers = frozenset(row["numbers"].split(","))
    return SpentAttempts(row["person"], numbers, int(row["in_cycle"]), row["in_all"])
