"""What calls have told of the trunks, as overdue_trunk holds it for all originators."""

import logging

from campaign.breaker import Health, weigh
from campaign.outcome import Outcome
from campaign.sections import Breaker
from campaign.store.database import Row, Transaction
from campaign.store.times import from_database, to_database

log = logging.getLogger(__name__)


def health_of(row: Row) -> Health:
    """The health in a row of overdue_trunk; its times are the database's."""
    return Health(
        failures=row["failures"],
        failure=Outcome(row["failure"]) if row["failure"] else None,
        pauses=row["pauses"],
        paused_until=from_database(row["paused_until"]),
        probe=row["probe"],
        probe_until=from_database(row["probe_until"]),
    )


def write_health(transaction: Transaction, trunk: str, health: Health) -> None:
    """Write it; the row's lock must be held."""
    transaction.run(
        "write_health",
        trunk=trunk,
        failures=health.failures,
        failure=health.failure,
        pauses=health.pauses,
        paused_until=to_database(health.paused_until) if health.paused_until else None,
        probe=health.probe,
        probe_until=to_database(health.probe_until) if health.probe_until else None,
    )


def tell(transaction: Transaction, attempt_id: str, outcome: Outcome | None) -> None:
    """Take what an attempt tells of its trunk, in the transaction that writes the attempt.

    ``outcome``: None when the customer has answered. Most calls tell nothing new, and do not wait
    for the row, which those who dial hold. Attempts are locked before trunks, here as nowhere else
    for an attempt that was sent: where a suspended process does the opposite, one of the two is
    refused and comes again.
    """
    rows = transaction.rows("trunk_of_attempt", id=attempt_id)
    if not rows:
        return
    run = rows[0]
    rules = Breaker(run["breaker_failures"], run["breaker_pause_seconds"])
    if _changed(run, attempt_id, outcome, rules) is None:
        return
    (row,) = transaction.rows("lock_trunk", trunk=run["trunk"])
    if health := _changed(row, attempt_id, outcome, rules):
        write_health(transaction, run["trunk"], health)
        if health.paused_until:
            log.warning("action=trunk_paused trunk=%s outcome=%s", run["trunk"], health.failure)


def _changed(row: Row, attempt_id: str, outcome: Outcome | None, rules: Breaker) -> Health | None:
    """The new health, where it is another one."""
    now = from_database(row["now"])
    assert now is not None  # noqa: S101 (a function of the server, never NULL)
    before = health_of(row)
    after = weigh(before, attempt_id, outcome, rules, now)
    return None if after == before else after
