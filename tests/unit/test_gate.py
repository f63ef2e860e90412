"""The last word before each call: the hours, and a clock that can be trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from campaign.clock import SteadyClock
from campaign.file import Campaign
from campaign.law import LAWS
from originator.gate import CLOCK_TOLERANCE, LETTING_GO, Gate, off_by
from originator.stop import Stop
from originator.stop_reason import StopReason

LAST_START = datetime(2026, 11, 23, 23, 58, tzinfo=UTC)
"""18:58 in Bogotá: ring time 30 s and call limit 90 s before the closing hour."""
CLOSING = LAST_START + timedelta(seconds=120)
MORNING = LAST_START.replace(hour=15)
LAW = Campaign(name="pruebas", law=LAWS["co-ley-2300"])
NO_LAW = Campaign(name="pruebas", law=LAWS["none"])
SECOND = timedelta(seconds=1)


class Wall:
    """The machine's clock."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment


def gate(now: datetime, campaign: Campaign = LAW) -> tuple[Gate, Stop, Wall]:
    """A gate at ``now``, by a clock that stands still."""
    wall, stop = Wall(now), Stop(lambda _: None)
    return Gate(campaign, SteadyClock(wall, lambda: 0.0), stop), stop, wall


@pytest.mark.parametrize(
    ("now", "campaign", "reason"),
    [
        (MORNING, LAW, None),
        (LAST_START - SECOND, LAW, None),
        (LAST_START, LAW, StopReason.OUTSIDE_HOURS),
        (LAST_START, NO_LAW, None),
    ],
)
def test_no_call_starts_after_the_last_start(
    now: datetime, campaign: Campaign, reason: StopReason | None
) -> None:
    the_gate, stop, _ = gate(now, campaign)
    the_gate.look()
    assert stop.reason == reason


@pytest.mark.parametrize("before", [0.5, 30, 90])
def test_the_hours_end_on_the_second_although_they_were_just_looked_at(before: float) -> None:
    wall, stop, seconds = Wall(LAST_START), Stop(lambda _: None), [0.0]
    wall.moment -= timedelta(seconds=before)
    the_gate = Gate(LAW, SteadyClock(wall, lambda: seconds[0]), stop)
    for passed in (0.0, before - 0.1):
        seconds[0] = passed
        wall.moment = LAST_START - timedelta(seconds=before - passed)
        the_gate.look()
        assert not stop
    seconds[0], wall.moment = before, LAST_START
    the_gate.look()
    assert stop.reason is StopReason.OUTSIDE_HOURS


@pytest.mark.parametrize("jump", [CLOCK_TOLERANCE + SECOND, -CLOCK_TOLERANCE - SECOND])
def test_a_jump_of_the_machines_clock_stops_the_run(jump: timedelta) -> None:
    the_gate, stop, wall = gate(MORNING)
    wall.moment += jump / 3
    the_gate.look()
    assert not stop
    wall.moment = MORNING + jump
    the_gate.look()
    assert stop.reason is StopReason.CLOCK_JUMPED
    assert stop.detail == f"by {jump.total_seconds():+.1f} s"


@pytest.mark.parametrize("seconds", [2.5, -2.5])
def test_a_database_with_another_clock_stops_the_run(seconds: float) -> None:
    the_gate, stop, _ = gate(MORNING)
    the_gate.compare(MORNING, MORNING + timedelta(seconds=seconds / 2))
    assert not stop
    the_gate.compare(MORNING, MORNING + timedelta(seconds=seconds))
    assert stop.reason is StopReason.CLOCKS_DIFFER


@pytest.mark.parametrize(("told", "off"), [(-3, -3), (0, 0), (5, 0), (9, 0), (10, 1)])
def test_a_slow_answer_makes_no_clock_wrong(told: float, off: float) -> None:
    """Asked at 0 s, heard at 9 s: everything between may be right."""
    moment = MORNING + timedelta(seconds=told)
    assert off_by(MORNING, moment, MORNING + timedelta(seconds=9)) == timedelta(seconds=off)


@pytest.mark.parametrize("before", [0.1, 1, 2, 3, 10, 3600])
def test_every_call_is_over_at_closing(before: float) -> None:
    """Rung to the end, listened to the limit, and then the hangup handler takes its time."""
    start = LAST_START - timedelta(seconds=before)
    the_gate, _, _ = gate(start)
    longest = LAW.timing.ring_seconds + the_gate.call_seconds()
    assert start + timedelta(seconds=longest) + LETTING_GO <= CLOSING
    assert 87 <= the_gate.call_seconds() <= LAW.timing.call_seconds


def test_far_from_closing_a_call_may_last_as_long_as_the_campaign_says() -> None:
    for now, campaign in ((MORNING, LAW), (LAST_START, NO_LAW)):
        the_gate, _, _ = gate(now, campaign)
        assert the_gate.call_seconds() == campaign.timing.call_seconds
