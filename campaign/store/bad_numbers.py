"""Numbers that are not dialled: the network does not know them, or they are not the customer's."""

from dataclasses import dataclass
from datetime import datetime

from campaign.history import BadMark
from campaign.outcome import Outcome
from campaign.store.database import Database
from campaign.store.times import aware


@dataclass(frozen=True)
class WrongNumber:
    """Who answered there said that he is not this customer."""

    customer_id: str
    number: str
    told_at: datetime


class BadNumbers:
    """The rows of overdue_bad_number and overdue_wrong_number; calls make them (`Calls`)."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def all(self) -> dict[str, BadMark]:
        """By number, in the order in which they were found."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("bad_numbers")
        return {
            row["number"]: BadMark(Outcome(row["outcome"]), aware(row["found_at"])) for row in rows
        }

    def wrong(self, source: str) -> list[WrongNumber]:
        """Those of the customers of a table, in the order in which it was said."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("wrong_numbers", source=source)
        return [
            WrongNumber(row["customer_id"], row["number"], aware(row["told_at"])) for row in rows
        ]

    def take_back(self, number: str) -> bool:
        """Let a number be dialled again, for whoever has it; False: it was not marked."""
        with self._database.transaction() as transaction:
            marks = transaction.run("mark_good", number=number)
            marks += transaction.run("mark_right", number=number)
        return marks > 0
