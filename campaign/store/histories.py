"""Earlier calls as the rules need them: for a page of customers, or for the one of a claim."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from campaign.cycle import Cycle, cycle_at
from campaign.do_not_call import ALL
from campaign.file import Campaign
from campaign.history import BadMark, History, RecordedAttempt, SpentAttempts
from campaign.outcome import Outcome, OutcomeClass
from campaign.retry import look_back
from campaign.store.database import Row, Transaction
from campaign.store.times import aware, from_database, to_database

_MARKS = ("bad", "do_not_call", "wrong", "promise", "reset")
"""What the statement `marks` tells."""
EVER = datetime(2000, 1, 1)  # noqa: DTZ001 (as our columns are)
"""Before all attempts."""


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

    Reads the attempts of some days and of the cycle, and of older ones only how many there were,
    where they are limited at all: its cost does not grow with the months.
    """
    if not persons or not numbers:
        return History(cycle_of(transaction, campaign, now))
    whose = {"persons": list(persons), "numbers": list(numbers)}
    marks = transaction.rows(
        "marks",
        **whose,
        source=campaign.source.customers,
        now=to_database(now),
        every=not campaign.do_not_call,
        purposes=[ALL, *campaign.do_not_call],
    )
    of = {mark: [row for row in marks if row["mark"] == mark] for mark in _MARKS}
    last_reset = from_database(of["reset"][0]["at"])
    cycle = cycle_at(now, campaign.time_zone, last_reset)
    recent_since, cycle_since = to_database(now - look_back(campaign)), to_database(cycle.since)
    counted = campaign.retry.attempts_in_all is not None
    since = recent_since if counted else min(recent_since, cycle_since)
    # Whoever is known by his number has it among the numbers of each of his attempts.
    statement = "history_of_numbers" if set(persons) <= set(numbers) else "history"
    attempts = _with_numbers(
        row
        for row in transaction.rows(statement, **whose, since=since)
        if row["id"] != except_attempt
    )
    spent = (
        _counted(transaction.rows("spent_attempts", **whose, cycle=cycle_since, since=EVER))
        if counted
        else _spent(attempts, cycle_since)
    )
    return History(
        cycle,
        _recent(attempts, recent_since),
        spent,
        {row["number"]: BadMark(Outcome(row["outcome"]), aware(row["at"])) for row in of["bad"]},
        frozenset(row["number"] for row in of["do_not_call"]),
        {(row["whose"], row["number"]): aware(row["at"]) for row in of["wrong"]},
        {row["whose"]: aware(row["at"]) for row in of["promise"]},
    )


def cycle_of(transaction: Transaction, campaign: Campaign, now: datetime) -> Cycle:
    """The cycle of the campaign's customers at ``now``."""
    (row,) = transaction.rows("last_reset", source=campaign.source.customers)
    return cycle_at(now, campaign.time_zone, from_database(row["started_at"]))


def _with_numbers(rows: Iterable[Row]) -> list[tuple[Row, frozenset[str]]]:
    """One attempt from its rows, of which each has another number of its customer."""
    numbers: dict[str, set[str]] = defaultdict(set)
    attempts: dict[str, Row] = {}
    for row in rows:
        numbers[row["id"]].add(row["number"])
        attempts[row["id"]] = row
    return [(row, frozenset(numbers[attempt_id])) for attempt_id, row in attempts.items()]


def _recent(
    attempts: Iterable[tuple[Row, frozenset[str]]], since: datetime
) -> list[RecordedAttempt]:
    return [
        RecordedAttempt(
            row["person"],
            numbers,
            Outcome(row["outcome"]) if row["outcome"] else None,
            aware(row["ended_at"] or row["claimed_at"]),
        )
        for row, numbers in attempts
        if row["claimed_at"] >= since
    ]


def _spent(attempts: Iterable[tuple[Row, frozenset[str]]], since: datetime) -> list[SpentAttempts]:
    return [
        SpentAttempts(row["person"], numbers, 1, 1)
        for row, numbers in attempts
        if row["claimed_at"] >= since and row["outcome_class"] == OutcomeClass.PERSON
    ]


def _counted(rows: Iterable[Row]) -> list[SpentAttempts]:
    return [
        SpentAttempts(
            row["person"],
            frozenset(row["numbers"].split(",")),
            int(row["in_cycle"]),
            row["in_all"],
        )
        for row in rows
    ]
