"""What the database says after a run, read with SQL of its own: shares no code with the dialer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pymysql

_ATTEMPTS = "SELECT * FROM overdue_attempt ORDER BY id"
_NOTES = "SELECT noted_at, note FROM overdue_attempt_note WHERE attempt_id = %s ORDER BY id"
_CUSTOMERS = """
SELECT telefono, outbound_call_is_sent AS sent, outbound_call_attempts AS attempts FROM afiliados
"""


@dataclass(frozen=True)
class Attempt:
    """One row; times are aware."""

    attempt_id: str
    number: str
    """As dialled: the digits that reach the carrier."""
    state: str
    outcome: str | None
    claimed_at: datetime
    dialing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    """When the call ended, by the clock of whoever told of it."""
    heard_seconds: float | None
    closed_at: datetime | None
    """When that was written, by the database's clock."""

    @property
    def final(self) -> bool:
        """Whether it is over."""
        return self.state in ("ended", "released")

    @property
    def final_at(self) -> datetime | None:
        """When it became final; of one that was released only its own clock tells."""
        return self.closed_at or (self.ended_at if self.state == "released" else None)


@dataclass(frozen=True)
class Customer:
    """What the company's table says of one."""

    number: str
    sent: bool
    attempts: int


class Rows:
    """All of one run, by one connection."""

    def __init__(self, connection: "pymysql.Connection[pymysql.cursors.Cursor]") -> None:
        """The connection is the administrator's."""
        self._connection = connection

    def attempts(self) -> list[Attempt]:
        """Every attempt, in the order of the claims."""
        return [_attempt(row) for row in self._all(_ATTEMPTS)]

    def customers(self) -> list[Customer]:
        """Every customer of the company."""
        return [
            Customer(row["telefono"], bool(row["sent"]), int(row["attempts"] or 0))
            for row in self._all(_CUSTOMERS)
        ]

    def story(self, attempt_id: str) -> list[str]:
        """The row and the notes of one attempt, a line each."""
        rows = self._all("SELECT * FROM overdue_attempt WHERE id = %s", attempt_id)
        told = ["row: " + ", ".join(f"{k}={v}" for k, v in row.items()) for row in rows]
        notes = self._all(_NOTES, attempt_id)
        return told + [f"note: {note['noted_at']} {note['note']}" for note in notes]

    def _all(self, sql: str, *values: object) -> list[Mapping[str, Any]]:
        cursor = self._connection.cursor(pymysql.cursors.DictCursor)
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _attempt(row: Mapping[str, Any]) -> Attempt:
    heard = row["heard_seconds"]
    claimed_at = _aware(row["claimed_at"])
    assert claimed_at is not None  # noqa: S101 (NOT NULL in the table)
    return Attempt(
        attempt_id=row["id"],
        number=row["number"].removeprefix("57"),
        state=row["state"],
        outcome=row["outcome"],
        claimed_at=claimed_at,
        dialing_at=_aware(row["dialing_at"]),
        answered_at=_aware(row["answered_at"]),
        ended_at=_aware(row["ended_at"]),
        heard_seconds=None if heard is None else float(heard),
        closed_at=_aware(row["closed_at"]),
    )


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
