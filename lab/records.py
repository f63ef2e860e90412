"""The dialer's attempts, read with SQL of its own: shares no code with the dialer."""

from collections import defaultdict
from datetime import UTC, datetime

import pymysql

from lab.verify import AttemptRow

_ATTEMPTS = """
SELECT id, number, outcome, state, answered_at, heard_seconds, dialing_at, ended_at, keys_pressed
FROM overdue_attempt WHERE dialing_at IS NOT NULL ORDER BY dialing_at
"""
_PLAYED = """
SELECT attempt_id, kind, detail FROM overdue_event WHERE kind IN ('key', 'part')
ORDER BY attempt_id, place
"""


def attempts(connection: "pymysql.Connection[pymysql.cursors.Cursor]") -> list[AttemptRow]:
    """Every attempt that was dialled; an open one's outcome is its state."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAYED)
        played: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for attempt_id, kind, detail in cursor.fetchall():
            played[attempt_id].append((kind, detail))
        cursor.execute(_ATTEMPTS)
        rows = cursor.fetchall()
    return [
        AttemptRow(
            number=str(number).removeprefix("57"),
            outcome=outcome or state,
            answered=answered_at is not None,
            heard_seconds=None if heard is None else float(heard),
            dialing_at=dialing_at.replace(tzinfo=UTC),
            ended_at=_aware(ended_at),
            keys=keys or "",
            played=tuple(played[attempt_id]),
        )
        for (
            attempt_id,
            number,
            outcome,
            state,
            answered_at,
            heard,
            dialing_at,
            ended_at,
            keys,
        ) in rows
    ]


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
