"""The only SQL of the product; `campaign.store.open_store` is the way in."""

from dataclasses import dataclass

from campaign.settings import DatabaseSettings
from campaign.store.attempts import Attempts
from campaign.store.bad_numbers import BadNumbers
from campaign.store.calls import Calls, RecordedEnd
from campaign.store.cycles import Cycles
from campaign.store.database import Database, DuplicateOpenError, StoreError
from campaign.store.do_not_call import DoNotCall
from campaign.store.inbound import Inbound
from campaign.store.promises import Promises
from campaign.store.purge import Purge
from campaign.store.reports import Reports
from campaign.store.runs import Runs
from campaign.store.talks import Talks
from campaign.store.trunks import MovedError, Trunks
from campaign.store.wishes import Wishes


@dataclass(frozen=True)
class Store:
    """One database, by purpose."""

    database: Database
    runs: Runs
    attempts: Attempts
    calls: Calls
    inbound: Inbound
    reports: Reports
    trunks: Trunks
    do_not_call: DoNotCall
    bad_numbers: BadNumbers
    wishes: Wishes
    promises: Promises
    talks: Talks
    cycles: Cycles
    purge: Purge


def open_store(settings: DatabaseSettings, *, connections: int, lock_wait_seconds: int) -> Store:
    """A store on a pool of so many connections; connects when first used."""
    database = Database(settings, connections=connections, lock_wait_seconds=lock_wait_seconds)
    return Store(
        database,
        Runs(database),
        Attempts(database),
        Calls(database),
        Inbound(database),
        Reports(database),
        Trunks(database),
        DoNotCall(database),
        BadNumbers(database),
        Wishes(database),
        Promises(database),
        Talks(database),
        Cycles(database),
        Purge(database),
    )


__all__ = ["DuplicateOpenError", "MovedError", "RecordedEnd", "Store", "StoreError", "open_store"]
