"""As whom the database knows us, and what it lets us do."""

from dataclasses import dataclass, field

from campaign.store.database import Database


@dataclass(frozen=True)
class Identity:
    """The account of the connection."""

    version: str
    """The server's."""
    account: str
    """``user@host`` as the server matched it."""
    grants: tuple[str, ...] = field(repr=False)
    """GRANT statements; with MariaDB one of them holds the password's hash."""


def identity(database: Database) -> Identity:
    """Ask; needs no right. Raises StoreError."""
    with database.transaction() as transaction:
        (row,) = transaction.rows("identity")
        grants = transaction.rows("own_grants")
    lines = (str(line) for grant in grants for line in grant.values())
    return Identity(row["version"], row["account"], tuple(lines))
