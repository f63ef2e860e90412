"""The rows of overdue_event."""

from collections.abc import Iterable

from campaign.event import Event
from campaign.store.database import Transaction


def insert_events(transaction: Transaction, attempt_id: str, events: Iterable[Event]) -> None:
    """Write them in their order, in one statement."""
    rows = [
        {
            "attempt_id": attempt_id,
            "place": place,
            "kind": event.kind.value,
            "detail": event.detail,
            "at_seconds": round(event.at_seconds, 2),
        }
        for place, event in enumerate(events, start=1)
    ]
    if rows:
        transaction.run_many("insert_event", rows)
