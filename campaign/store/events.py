"""The rows of overdue_event and overdue_inbound_event."""

from collections.abc import Iterable

from campaign.event import Event
from campaign.store.database import Transaction


def insert_events(
    transaction: Transaction, statement: str, call_id: str, events: Iterable[Event]
) -> None:
    """Write them in their order, in one statement of that name."""
    rows = [
        {
            "call_id": call_id,
            "place": place,
            "kind": event.kind.value,
            "detail": event.detail,
            "at_seconds": round(event.at_seconds, 2),
        }
        for place, event in enumerate(events, start=1)
    ]
    if rows:
        transaction.run_many(statement, rows)
