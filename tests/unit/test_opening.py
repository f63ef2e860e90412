"""When calls may start, in words; and waiting for it."""

import json
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.file import Campaign
from campaign.law import LAWS
from originator.commands import next_window as command
from originator.opening import opening, sentence, wait_for_opening

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""10:00 in Bogotá."""
LAW = Campaign(name="pruebas", law=LAWS["co-ley-2300"])
NO_LAW = Campaign(name="pruebas", law=LAWS["none"])
DAY = timedelta(days=1)


class Hand:
    """A clock that the test sets, or that goes on by a step at each look."""

    def __init__(self, moment: datetime, step: timedelta = timedelta(0)) -> None:
        self.moment = moment
        self._step = step

    def now(self) -> datetime:
        self.moment += self._step
        return self.moment


@pytest.mark.parametrize(
    ("campaign", "now", "said"),
    [
        (
            LAW, MONDAY,
            "calls may start now, the last one before Monday 2026-11-23 18:58 (America/Bogota)",
        ),
        (NO_LAW, MONDAY, "calls may start now, and at any time of the next seven days"),
        (
            LAW, MONDAY - DAY,
            "no call may start now (Sunday); the next window opens Monday 2026-11-23 07:00"
            " (America/Bogota)",
        ),
    ],
)  # fmt: skip
def test_the_window_in_words(campaign: Campaign, now: datetime, said: str) -> None:
    assert sentence(campaign, opening(campaign, now)) == said


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (MONDAY, {"open": True, "until": "2026-11-23T18:58:00-05:00"}),
        (
            datetime(2026, 12, 8, 15, 0, tzinfo=UTC),
            {
                "open": False,
                "reason": "holiday",
                "why": "public holiday",
                "por_que": "día festivo",
                "opens_at": "2026-12-09T07:00:00-05:00",
                "until": "2026-12-09T18:58:00-05:00",
            },
        ),
    ],
)
def test_next_window_for_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime, told: dict[str, object]
) -> None:
    file = tmp_path / "campaign.yaml"
    file.write_text("campaign: pruebas\n")
    monkeypatch.setattr(command, "SystemClock", lambda: Hand(now))
    done = CliRunner().invoke(command.next_window, [str(file), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.output) == told


def test_waiting_ends_when_the_window_opens() -> None:
    """At each look of this clock an hour has passed, so that a wait is over at once."""
    clock = Hand(MONDAY - timedelta(hours=3, microseconds=1), timedelta(hours=1))
    assert wait_for_opening(LAW, clock)
    assert clock.moment >= MONDAY - timedelta(hours=3)


def test_an_open_window_is_not_waited_for() -> None:
    assert wait_for_opening(LAW, Hand(MONDAY))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_and_is_handled_as_before_afterwards(number: signal.Signals) -> None:
    handled_before = signal.getsignal(number)

    class Interrupted(Hand):
        def now(self) -> datetime:
            signal.raise_signal(number)
            return self.moment

    assert not wait_for_opening(LAW, Interrupted(MONDAY - DAY))
    assert signal.getsignal(number) is handled_before
    assert number not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    assert number not in signal.sigpending()
