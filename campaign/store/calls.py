"""What the call itself reports: answered, heard, ended. Every write can be repeated safely."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from campaign.attempt import FINAL, State, sources
from campaign.cause import outcome_of, outcome_of_answered, was_delivered
from campaign.event import Event
from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.met import Met
from campaign.outcome import Outcome, OutcomeClass
from campaign.store.campaign_day import use_seconds
from campaign.store.database import Database, Row, StoreError, Transaction
from campaign.store.events import insert_events
from campaign.store.health import tell
from campaign.store.identifiers import company_statement
from campaign.store.meeting import met
from campaign.store.run_terms import KnownRuns, RunTerms
from campaign.store.talks import add_talk
from campaign.store.times import aware, from_database, to_database
from campaign.store.wishes import bar, mark_wrong

_MOST_HEARD = Decimal("999999.99")
"""What the column holds; more is told by a clock that jumped during the call."""
_CLOCK_TOLERANCE = timedelta(seconds=2)


Agree = Callable[[Met], Met | None]
"""Given what the leg needs to know: the same, or None where the call could wait no longer."""


class Finality(StrEnum):
    """Whether an attempt may still change."""

    OPEN = "open"
    FINAL = "final"
    UNKNOWN = "unknown_attempt"


class RecordedEnd(StrEnum):
    """What became of a reported end."""

    RECORDED = "recorded"
    ALREADY_FINAL = "already_final"
    CONTRADICTION = "contradiction"
    """The attempt was final with another outcome: that one stays, this one is kept as a note."""
    UNKNOWN_ATTEMPT = "unknown_attempt"


class Calls:
    """The store as the FastAGI server and the settling of a run use it."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database
        self._runs = KnownRuns()

    def ping(self) -> None:
        """Raise StoreError when the database does not answer."""
        with self._database.transaction() as transaction:
            transaction.rows("database_time")

    def finality(self, attempt_id: str) -> Finality:
        """Whether the attempt is final, open or not one of this database."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("attempts_by_id", ids=[attempt_id])
        if not rows:
            return Finality.UNKNOWN
        return Finality.FINAL if rows[0]["state"] in FINAL else Finality.OPEN

    def meet(self, attempt_id: str, at: datetime, agree: Agree) -> bool:
        """The customer picked up; False when the attempt was not dialing.

        ``agree`` is told what the leg needs to know, and says whether it was told in time.
        """
        with self._database.transaction() as transaction:
            rows = transaction.rows("answering", id=attempt_id)
            if not rows:
                return False
            # Before the write, which may wait for a lock: the customer is on the line.
            terms = self._runs.terms(transaction, rows[0]["run_id"])
            claimed_at = aware(rows[0]["claimed_at"])
            agreed = agree(met(transaction, terms, rows[0]["customer_id"], claimed_at))
            changed = transaction.run(
                "mark_answered",
                id=attempt_id,
                at=to_database(at),
                course=agreed.course.value if agreed else "",
                sources=sources(State.ANSWERED),
            )
            if changed == 1 and rows[0]["failures"]:
                tell(transaction, attempt_id, None)
        return changed == 1

    def record_heard(self, attempt_id: str, heard: Heard) -> bool:
        """What an answered leg leaves behind; False when the attempt is final or unknown."""
        with self._database.transaction() as transaction:
            changed = transaction.run(
                "record_heard",
                id=attempt_id,
                course=heard.course.value,
                **_leg_columns(heard.leg),
            )
            if changed == 1:
                insert_events(transaction, "insert_event", attempt_id, heard.events)
        return changed == 1

    def record_end(
        self, attempt_id: str, end: CallEnd, events: Sequence[Event] = ()
    ) -> RecordedEnd:
        """The end of a call as it was reported, and the company's columns with it.

        ``events``: of the answered leg, where the server that speaks with him ends the call.
        """
        with self._database.transaction() as transaction:
            rows = transaction.rows("lock_attempt", id=attempt_id)
            if not rows:
                return RecordedEnd.UNKNOWN_ATTEMPT
            row = rows[0]
            terms = self._runs.terms(transaction, row["run_id"])
            leg = end.leg or _leg_of(row)
            whole = replace(end, leg=leg, course=end.course or Course(row["course"]))
            outcome = outcome_of(whole, terms.delivered_after_seconds)
            if row["state"] in FINAL:
                if row["outcome"] == outcome:
                    return RecordedEnd.ALREADY_FINAL
                note = (
                    f"reported again as {outcome}, Q.850 {end.q850}, {end.tech or 'no SIP answer'}"
                )
                _note(transaction, attempt_id, end.ended_at, note)
                return RecordedEnd.CONTRADICTION
            columns = _leg_columns(leg) if leg else _without_leg(whole)
            ended_at = _within_the_call(row, end.ended_at)
            insert_events(transaction, "insert_event", attempt_id, events)
            if end.talk is not None:
                add_talk(transaction, attempt_id, end, end.talk)
            if abs(ended_at - end.ended_at) > _CLOCK_TOLERANCE:
                told = f"by the PBX's clock it ended at {end.ended_at:%Y-%m-%d %H:%M:%S} UTC"
                _note(transaction, attempt_id, ended_at, told)
            _end(
                transaction, row, terms, outcome,
                ended_at=ended_at,
                answered_at=end.answered_at and _within_the_call(row, end.answered_at),
                course=whole.course,
                talk_seconds=end.talk_seconds,
                q850=end.q850, tech=end.tech[:64], **columns,
            )  # fmt: skip
        return RecordedEnd.RECORDED

    def record_without_call(
        self, attempt_id: str, outcome: Outcome, at: datetime, reason: str
    ) -> bool:
        """Settle an attempt of which no end will come: lost or not_placed; False: it was final.

        What the answered session had committed decides: the end would only have added its cause.
        """
        with self._database.transaction() as transaction:
            rows = transaction.rows("lock_attempt", id=attempt_id)
            if not rows or rows[0]["state"] in FINAL:
                return False
            row = rows[0]
            terms = self._runs.terms(transaction, row["run_id"])
            leg, course = _leg_of(row), Course(row["course"])
            if leg or course:
                outcome = outcome_of_answered(
                    course,
                    leg.heard_seconds if leg else 0.0,
                    terms.delivered_after_seconds,
                    finished=leg is not None and leg.finished,
                )
            elif row["answered_at"] is not None and outcome is Outcome.NOT_PLACED:
                outcome = Outcome.LOST  # somebody has answered it
            _note(transaction, attempt_id, at, reason)
            _end(
                transaction, row, terms, outcome,
                ended_at=at, answered_at=None, course=course, talk_seconds=None,
                q850=None, tech=None,
                heard=row["heard_seconds"], to_end=row["heard_to_end"],
                keys=row["keys_pressed"], by=row["played_by"],
            )  # fmt: skip
        return True


def _end(
    transaction: Transaction,
    row: Row,
    terms: RunTerms,
    outcome: Outcome,
    *,
    ended_at: datetime,
    answered_at: datetime | None,
    course: Course,
    heard: Decimal | None,
    to_end: bool | None,
    **columns: object,
) -> None:
    """Write the end and all that follows from it; nothing should come after it but the commit."""
    # The server's word is the nearer one, but its clock may have been set.
    first = from_database(row["answered_at"])
    since = min(_within_the_call(row, first), ended_at) if first else answered_at
    written = transaction.run(
        "end_attempt",
        id=row["id"],
        outcome=outcome.value,
        outcome_class=outcome.outcome_class.value,
        ended_at=to_database(ended_at),
        answered_at=to_database(since) if since else None,
        course=course.value,
        heard=heard,
        to_end=to_end,
        sources=sources(State.ENDED),
        **columns,
    )
    if written != 1:
        raise StoreError(f"attempt {row['id']} could not become ended: it is {row['state']}")
    transaction.run("free_numbers", id=row["id"])
    # The server stored it while he was on the line, unless the database was away.
    if course is Course.DO_NOT_CALL:
        bar(transaction, row, ended_at)
    if course is Course.WRONG_PERSON:
        mark_wrong(transaction, row, ended_at)
    if outcome.outcome_class is OutcomeClass.NUMBER:
        transaction.run(
            "mark_bad",
            number=row["number"],
            outcome=outcome.value,
            id=row["id"],
            now=to_database(ended_at),
        )
    if terms.source and outcome.spends_attempt:
        transaction.run_sql(
            company_statement("write_outcome", terms.source),
            {
                "spent": 1,
                "delivered": was_delivered(
                    outcome,
                    float(heard or 0),
                    terms.delivered_after_seconds,
                    finished=bool(to_end),
                ),
                # The company's column holds local time, as the system before this one wrote it.
                "completed_at": ended_at.astimezone(terms.time_zone).replace(
                    tzinfo=None, microsecond=0
                ),
                "customer_id": row["customer_id"],
            },
        )
    if row["answered_at"] is None:
        tell(transaction, row["id"], outcome)  # else the answer has told it
    if since:
        # Last before the commit, until which every other end of the day waits for this row.
        seconds = max((ended_at - since).total_seconds(), 0.0)
        day = ended_at.astimezone(terms.time_zone).date()
        use_seconds(transaction, terms.campaign, day, seconds)


def _within_the_call(row: Row, told: datetime) -> datetime:
    """A time of the PBX's clock, which may be wrong: not before the call, not after this report.

    By it the next call to the person is spaced.
    """
    began, reported = from_database(row["dialing_at"]), from_database(row["now"])
    return max(min(told, reported or told), began or told)


def _note(transaction: Transaction, attempt_id: str, at: datetime, note: str) -> None:
    transaction.run("insert_note", id=attempt_id, now=to_database(at), note=note[:255])


def _leg_columns(leg: Leg) -> dict[str, Any]:
    return {
        "heard": Decimal(f"{leg.heard_seconds:.2f}"),
        "to_end": leg.finished,
        "keys": leg.keys[:255],
        "by": leg.by,
    }


def _without_leg(end: CallEnd) -> dict[str, Any]:
    heard = min(Decimal(f"{end.heard_seconds:.2f}"), _MOST_HEARD) if end.answered_at else None
    return {
        "heard": heard,
        "to_end": False if heard is not None else None,
        "keys": None,
        "by": None,
    }


def _leg_of(row: Row) -> Leg | None:
    if row["heard_seconds"] is None:
        return None
    return Leg(
        heard_seconds=float(row["heard_seconds"]),
        finished=bool(row["heard_to_end"]),
        keys=row["keys_pressed"] or "",
        by=row["played_by"] or "agi",
    )
