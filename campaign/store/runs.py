"""Runs: their beginning, heartbeat and end."""

import json
import os
import socket
from datetime import datetime

from campaign.file import Campaign
from campaign.source import Source
from campaign.store.database import Database
from campaign.store.times import from_database, to_database


class Runs:
    """The rows of overdue_run."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def start(self, run_id: str, campaign: Campaign, source: Source | None, now: datetime) -> None:
        """Write the run with the terms of its campaign; ``source``: None for a test call."""
        with self._database.transaction() as transaction:
            for trunk in campaign.trunks:
                transaction.run("insert_trunk", trunk=trunk.label)
            transaction.run(
                "insert_run",
                id=run_id,
                campaign=campaign.name,
                source_json=source.to_json() if source else None,
                delivered_after_seconds=campaign.timing.delivered_after_seconds,
                breaker_failures=campaign.breaker.failures,
                breaker_pause_seconds=campaign.breaker.pause_seconds,
                time_zone=campaign.time_zone.key,
                due_json=json.dumps(vars(campaign.due)),
                flow_json=campaign.flow_terms.to_json(),
                host=socket.gethostname()[:255],
                pid=os.getpid(),
                now=to_database(now),
            )

    def beat(self, run_id: str) -> None:
        """Say that the run is alive; the database's clock tells when."""
        with self._database.transaction() as transaction:
            transaction.run("beat", id=run_id)

    def end(self, run_id: str, reason: str, now: datetime) -> None:
        """Close the run with the reason why it stopped."""
        with self._database.transaction() as transaction:
            transaction.run("end_run", id=run_id, reason=reason[:64], now=to_database(now))

    def database_time(self) -> datetime:
        """The database's clock, aware."""
        with self._database.transaction() as transaction:
            now = from_database(transaction.rows("database_time")[0]["now"])
        assert now is not None  # noqa: S101 (a function of the server, never NULL)
        return now
