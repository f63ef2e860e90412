import logging
from io import StringIO

import pytest
from rich.console import Console

from campaign.outcome import Outcome
from originator.progress import LogWatcher, TerminalWatcher, Watcher

NUMBER = "573001234567"


def one_call(watcher: Watcher) -> None:
    watcher.dialing("A", NUMBER)
    watcher.answered("A", NUMBER)
    watcher.ended("A", NUMBER, Outcome.DELIVERED, 21.5)
    watcher.dialing("B", NUMBER)
    watcher.ended("B", NUMBER, Outcome.BUSY, None)
    watcher.notice("the AMI link is lost")


def test_the_log_has_one_line_for_each_change_with_a_masked_number(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    one_call(LogWatcher())
    assert caplog.messages == [
        "action=dialing attempt=A number=57300***4567",
        "action=answered attempt=A number=57300***4567",
        "action=ended attempt=A number=57300***4567 outcome=delivered heard=21.50",
        "action=dialing attempt=B number=57300***4567",
        "action=ended attempt=B number=57300***4567 outcome=busy heard=-",
        "action=notice the AMI link is lost",
    ]


def test_the_terminal_counts_calls_and_outcomes_and_shows_no_number() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=120, color_system=None)
    with TerminalWatcher(console) as watcher:
        one_call(watcher)
        watcher.dialing("C", NUMBER)
    text = out.getvalue()
    assert "1 up  delivered 1  busy 1" in text
    assert "the AMI link is lost" in text
    assert NUMBER not in text
