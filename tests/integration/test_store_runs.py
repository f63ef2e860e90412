"""A run's lease is kept by the database's clock, whatever its own host takes for now."""

from datetime import timedelta

from originator.lease import LEASE, run_over
from originator.run_state import run_state
from tests.integration.conftest import NOW, RUN, Company

SOON = timedelta(seconds=30)


def test_the_lease_of_a_run_with_another_clock(company: Company) -> None:
    """The runs of these tests began at a fixed moment, days away from the database's time."""
    company.claimed(company.customer())
    (attempt,) = company.attempts.open()
    assert timedelta(0) <= attempt.run_silent < SOON
    assert not run_over(attempt)

    company.sql("UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 2 MINUTE")
    (attempt,) = company.attempts.open()
    assert 2 * LEASE <= attempt.run_silent < 2 * LEASE + SOON
    assert run_over(attempt)
    run = company.store.reports.run(RUN)
    assert run is not None
    assert run_state(run).state == "died"

    company.store.runs.beat(RUN)
    (attempt,) = company.attempts.open()
    assert not run_over(attempt)


def test_the_end_of_a_run_with_its_reason(company: Company) -> None:
    company.store.runs.end(RUN, "clock_jumped: by +7200.0 s", NOW)
    run = company.store.reports.run(RUN)
    assert run is not None
    assert run["ended_at"] == NOW.replace(tzinfo=None)
    assert run_state(run).english.endswith("(by +7200.0 s)")
