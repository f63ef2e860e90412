"""What came of transfers: talks, and wishes to be called back."""

from dataclasses import dataclass
from datetime import datetime

from ulid import ULID

from campaign.event import EventKind
from campaign.journal import CallEnd, Talk
from campaign.store.database import Database, Transaction
from campaign.store.times import aware


@dataclass(frozen=True)
class CallBack:
    """Somebody wanted to talk to a person, and nobody was there."""

    customer_id: str
    number: str
    at: datetime
    why: str


class Talks:
    """Reads the events of transfers."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def call_backs(self, source: str, since: datetime) -> list[CallBack]:
        """The wishes of the customers of a table since a moment, oldest first."""
        first = str(ULID.from_datetime(since))[:10] + "0" * 16  # the time, and nothing of chance
        with self._database.transaction() as transaction:
            rows = transaction.rows("call_backs", source=source, since=first)
        return [
            CallBack(row["customer_id"], row["number"], aware(row["answered_at"]), row["detail"])
            for row in rows
        ]


def add_talk(
    transaction: Transaction,
    call_id: str,
    end: CallEnd,
    talk: Talk,
    statement: str = "add_event",
) -> None:
    """Write the talk, or the wish, among the events of the call, by the statement of that name."""
    if talk.since is None:
        kind, at, detail = EventKind.CALL_BACK, end.ended_at, talk.ended_by
    else:
        kind, at = EventKind.TRANSFER, talk.since
        detail = f"talked {end.talk_seconds:.2f} s, ended by {talk.ended_by}"
    seconds = (at - end.answered_at).total_seconds() if end.answered_at else 0.0
    transaction.run(
        statement,
        id=call_id,
        kind=kind.value,
        detail=detail,
        at_seconds=round(max(seconds, 0.0), 2),
    )
