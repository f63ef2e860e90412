"""The numbers that the network does not know any more."""

from campaign.history import BadMark
from campaign.outcome import Outcome
from campaign.store.database import Database
from campaign.store.times import aware


class BadNumbers:
    """The rows of overdue_bad_number; the end of a call makes them (`Calls`)."""

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

    def take_back(self, number: str) -> bool:
        """Let a number be dialled again; False: it was not marked."""
        with self._database.transaction() as transaction:
            return transaction.run("mark_good", number=number) == 1
