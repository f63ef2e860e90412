"""Why a run stopped: codes that last, words in both languages, an exit code."""

from datetime import datetime

import pytest

from campaign.store.database import Row
from originator.exit_codes import ExitCode
from originator.lease import LEASE
from originator.run_state import run_state
from originator.stop_reason import StopReason, in_words
from originator.summary import Summary

BEAT = datetime.fromisoformat("2026-11-23T15:00:00")


def row(**changes: object) -> Row:
    return {
        "heartbeat_at": BEAT, "ended_at": None, "stop_reason": None, "silent_us": 0, **changes
    }  # fmt: skip


@pytest.mark.parametrize("reason", StopReason)
def test_every_reason_has_words_in_both_languages(reason: StopReason) -> None:
    assert reason.english
    assert reason.spanish
    assert reason.english != reason.spanish
    assert reason.exit_code in (ExitCode.DONE, ExitCode.STOPPED, ExitCode.OURS)


def test_a_detail_is_kept_with_the_reason() -> None:
    summary = Summary("RUN", StopReason.AMI_REFUSED, "check ASTERISK_USERNAME")
    assert summary.stopped == "ami_refused: check ASTERISK_USERNAME"
    assert in_words(summary.stopped) == (
        "the PBX refused the AMI link (check ASTERISK_USERNAME)",
        "la PBX rechazó el enlace AMI (check ASTERISK_USERNAME)",
    )
    assert Summary("RUN").stopped == "done"
    assert in_words("done") == (StopReason.DONE.english, StopReason.DONE.spanish)


def test_a_reason_of_another_release_is_shown_as_it_is() -> None:
    assert in_words("solar_storm: big") == ("solar_storm: big", "solar_storm: big")


def test_a_run_that_ended_tells_why() -> None:
    state = run_state(row(ended_at=BEAT, stop_reason="outside_hours"))
    assert state.state == "ended"
    assert state.english == StopReason.OUTSIDE_HOURS.english
    assert state.spanish == StopReason.OUTSIDE_HOURS.spanish


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (0, "running", "still going on"),
        (LEASE.total_seconds(), "running", "still going on"),
        (LEASE.total_seconds() + 1, "died", "no sign of life since 2026-11-23 15:00:00 UTC"),
        (-7200, "running", "still going on"),
    ],
)
def test_a_run_that_did_not_end_goes_on_or_died(seconds: float, state: str, words: str) -> None:
    stands = run_state(row(silent_us=int(seconds * 1e6)))
    assert stands.state == state
    assert words in stands.english
