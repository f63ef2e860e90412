"""A run's clock goes on evenly whatever happens to the machine's, and tells of it."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.clock import SteadyClock

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Machine:
    """A machine whose wall clock and monotonic time the test moves."""

    def __init__(self) -> None:
        self.wall = START
        self.monotonic = 1000.0

    def now(self) -> datetime:
        return self.wall

    def go_on(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.monotonic += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_goes_on_with_the_machine(machine: Machine) -> None:
    clock = SteadyClock(machine, lambda: machine.monotonic)
    machine.go_on(90)
    assert clock.now() == START + timedelta(seconds=90)
    assert clock.jump() == timedelta(0)


@pytest.mark.parametrize("hours", [2, -2])
def test_setting_the_machines_clock_moves_only_the_machines(machine: Machine, hours: int) -> None:
    clock = SteadyClock(machine, lambda: machine.monotonic)
    machine.go_on(10)
    machine.wall += timedelta(hours=hours)
    machine.go_on(10)
    assert clock.now() == START + timedelta(seconds=20)
    assert clock.jump() == timedelta(hours=hours)


def test_a_suspended_machine_shows_as_a_jump_ahead(machine: Machine) -> None:
    """Monotonic time stands still meanwhile, and so does the run's clock."""
    clock = SteadyClock(machine, lambda: machine.monotonic)
    machine.wall += timedelta(hours=8)
    assert clock.jump() == timedelta(hours=8)
