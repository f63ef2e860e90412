"""What `status` and a run's notices say of attempts that are open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaign.attempt import State
from campaign.store.attempts import OpenAttempt
from originator.lease import LEASE, lease_left, run_over
from originator.settler import Decision
from originator.waiting_notice import waiting_notices
from originator.why_open import why_open

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DIALING = OpenAttempt(
    attempt_id="01ARZ3NDEKTSV4RRFFQ69G0001",
    run_id="RUN",
    number="573001234567",
    trunk="PJSIP/voip_issabel",
    state=State.DIALING,
    claimed_at=NOW - timedelta(seconds=21),
    dialing_at=NOW - timedelta(seconds=20),
    deadline_at=NOW + timedelta(seconds=160),
    pbx="127.0.0.1:5038",
    pbx_boot="boot",
    run_silent=timedelta(seconds=5),
    run_ended=False,
)
CLAIMED = replace(DIALING, state=State.CLAIMED, dialing_at=None, deadline_at=None)
DEAD = {"run_silent": LEASE + timedelta(milliseconds=1)}


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (DIALING, "dialing for 20 s; its run is alive, or can be settled from 15:00:55 UTC"),
        (CLAIMED, "claimed 21 s ago, never sent; its run is alive, or"),
        (
            replace(CLAIMED, **DEAD),
            "claimed 21 s ago, never sent; its run died: `settle` or the next",
        ),
        (replace(DIALING, run_ended=True), "dialing for 20 s; its run is over: `settle` or"),
        (
            replace(DIALING, deadline_at=NOW - timedelta(seconds=3)),
            "dialing for 20 s, its deadline passed 3 s ago;",
        ),
        (replace(DIALING, state=State.ANSWERED), "answered for 20 s;"),
    ],
)
def test_why_an_attempt_is_open(attempt: OpenAttempt, words: str) -> None:
    assert why_open(attempt, NOW).startswith(words)


def test_a_run_is_over_when_it_is_closed_or_its_lease_has_run_out() -> None:
    assert not run_over(DIALING)
    assert not run_over(replace(DIALING, run_silent=LEASE))
    assert run_over(replace(DIALING, run_silent=LEASE + timedelta(milliseconds=1)))
    assert run_over(replace(DIALING, run_ended=True))
    assert lease_left(DIALING) == LEASE - timedelta(seconds=5)


def test_a_notice_for_each_run_with_the_earliest_moment() -> None:
    other = replace(DIALING, run_id="OTHER")
    decisions = [
        Decision(DIALING, None, "waits", NOW + timedelta(seconds=55)),
        Decision(DIALING, None, "waits", NOW + timedelta(seconds=30)),
        Decision(other, None, "another PBX"),
        Decision(replace(DIALING, run_id="DONE"), "lost", "settled"),
    ]
    assert waiting_notices(decisions) == [
        "2 attempts of run RUN are open (waits); unless it lives on, settled from 15:00:30 UTC at"
        " the earliest",
        "1 attempt of run OTHER is open (another PBX)",
    ]
