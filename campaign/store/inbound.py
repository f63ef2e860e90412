"""The rows of overdue_inbound_call: customers who ring back."""

from datetime import datetime

from ulid import ULID

from campaign.heard import Heard
from campaign.inbound import RECOGNISED_FOR, Recognised
from campaign.journal import CallEnd, Course
from campaign.store.database import Database, Row, Transaction
from campaign.store.events import insert_events
from campaign.store.meeting import met
from campaign.store.run_terms import KnownRuns
from campaign.store.talks import add_talk
from campaign.store.times import to_database
from campaign.store.wishes import bar, keep_promise, mark_wrong


class Inbound:
    """Touches no attempt and none of the company's columns."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database
        self._runs = KnownRuns()

    def recognise(self, number: str, at: datetime) -> Recognised | None:
        """Whom a number names, and what he is to hear; None: nobody who was called lately."""
        with self._database.transaction() as transaction:
            since = to_database(at - RECOGNISED_FOR)
            rows = transaction.rows("latest_call_to", number=number, since=since)
            if not rows:
                return None
            terms = self._runs.terms(transaction, rows[0]["run_id"])
            if terms.flow is None:
                return None
            call_id = str(ULID.from_datetime(at))
            transaction.run(
                "insert_inbound",
                id=call_id,
                attempt_id=rows[0]["id"],
                source=rows[0]["source"],
                customer_id=rows[0]["customer_id"],
                number=number,
                at=to_database(at),
            )
            told = met(transaction, terms, rows[0]["customer_id"], at)
        return Recognised(call_id, rows[0]["id"], told)

    def record(self, call_id: str, heard: Heard) -> bool:
        """What he heard and did; False: there is no such call."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("inbound_call", id=call_id)
            if not rows:
                return False
            transaction.run(
                "record_inbound",
                id=call_id,
                course=heard.course.value,
                heard=round(heard.leg.heard_seconds, 2),
                to_end=heard.leg.finished,
                keys=heard.leg.keys[:255],
            )
            insert_events(transaction, "insert_inbound_event", call_id, heard.events)
        return True

    def record_back(self, call_id: str, end: CallEnd) -> bool:
        """The end of a call back as the PBX reported it, with what he decided; may come twice.

        False: there is no such call.
        """
        with self._database.transaction() as transaction:
            rows = transaction.rows("inbound_call", id=call_id)
            if not rows:
                return False
            leg = end.leg
            transaction.run(
                "end_inbound",
                id=call_id,
                course=end.course.value,
                heard=round(leg.heard_seconds, 2) if leg else None,
                to_end=leg.finished if leg else None,
                keys=leg.keys[:255] if leg else None,
            )
            if end.talk is not None:
                add_talk(transaction, call_id, end, end.talk, "add_inbound_event")
            self._keep_wish(transaction, rows[0], end)
        return True

    def _keep_wish(self, transaction: Transaction, call: Row, end: CallEnd) -> None:
        """Stored while he was on the line, unless the database was away."""
        match end.course:
            case Course.DO_NOT_CALL:
                bar(transaction, call, end.ended_at)
            case Course.WRONG_PERSON:
                mark_wrong(transaction, call, end.ended_at)
            case Course.PROMISED if end.promised:
                keep_promise(transaction, self._runs, call["id"], end.promised, end.ended_at)
