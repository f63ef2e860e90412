from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.breaker import (
    LONGEST_PAUSE,
    Health,
    InService,
    Paused,
    ProbeDue,
    gate,
    probing,
    weigh,
)
from campaign.outcome import Evidence, Outcome
from campaign.sections import Breaker

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
RULES = Breaker(failures=3, pause_seconds=60)
MINUTE = timedelta(minutes=1)
FAILURES = [outcome for outcome in Outcome if outcome.evidence is Evidence.FAILS]
PROOFS = [outcome for outcome in Outcome if outcome.evidence is Evidence.WORKS]
SILENT = [outcome for outcome in Outcome if outcome.evidence is Evidence.NOTHING]


def after(health: Health, *outcomes: Outcome | None, now: datetime = NOW) -> Health:
    for place, outcome in enumerate(outcomes):
        health = weigh(health, f"call-{place}", outcome, RULES, now)
    return health


def paused() -> Health:
    return after(Health(), *[Outcome.CONGESTION] * RULES.failures)


def tried() -> Health:
    return probing(paused(), "probe", NOW + 4 * MINUTE)


def test_a_run_of_failures_pauses_the_trunk() -> None:
    almost = after(Health(), Outcome.CONGESTION, Outcome.TRUNK_SILENT)
    assert gate(almost, NOW) == InService()
    health = after(almost, Outcome.TRUNK_REFUSED)
    assert gate(health, NOW) == Paused(NOW + MINUTE)
    assert health.failure is Outcome.TRUNK_REFUSED


@pytest.mark.parametrize("proof", [*PROOFS, None], ids=str)
def test_any_proof_that_the_trunk_works_ends_the_row(proof: Outcome | None) -> None:
    row = [Outcome.CONGESTION, Outcome.CONGESTION]
    assert after(Health(), *row, proof) == Health()
    assert gate(after(Health(), *row, proof, *row), NOW) == InService()


@pytest.mark.parametrize("outcome", SILENT)
def test_what_is_not_the_trunks_doing_neither_counts_nor_ends_the_row(outcome: Outcome) -> None:
    row = [Outcome.CONGESTION, outcome, Outcome.CONGESTION, outcome]
    assert gate(after(Health(), *row), NOW) == InService()
    assert gate(after(Health(), *row, Outcome.CONGESTION), NOW) == Paused(NOW + MINUTE)


def test_calls_that_were_on_their_way_before_the_pause_say_nothing_about_it() -> None:
    assert after(paused(), Outcome.BUSY, None, Outcome.CONGESTION, now=NOW + MINUTE) == paused()


def test_after_the_pause_exactly_one_call_is_let_through() -> None:
    later = NOW + MINUTE
    assert gate(paused(), later) == ProbeDue()
    health = probing(paused(), "probe", later + 3 * MINUTE)
    assert gate(health, later) == Paused(later + 3 * MINUTE)


def test_a_probe_of_which_nothing_is_heard_does_not_block_for_ever() -> None:
    assert gate(tried(), NOW + 4 * MINUTE) == ProbeDue()


def test_a_probe_that_was_replaced_has_no_word_any_more() -> None:
    second = probing(tried(), "second", NOW + 9 * MINUTE)
    assert weigh(second, "probe", Outcome.CONGESTION, RULES, NOW + 5 * MINUTE) == second


@pytest.mark.parametrize("proof", [*PROOFS, None], ids=str)
def test_a_probe_that_succeeds_opens_the_trunk(proof: Outcome | None) -> None:
    assert weigh(tried(), "probe", proof, RULES, NOW + 2 * MINUTE) == Health()


@pytest.mark.parametrize("failure", FAILURES)
def test_a_probe_that_fails_pauses_the_trunk_for_longer(failure: Outcome) -> None:
    later = NOW + 2 * MINUTE
    health = weigh(tried(), "probe", failure, RULES, later)
    assert gate(health, later) == Paused(later + 2 * MINUTE)
    assert gate(health, later + 2 * MINUTE) == ProbeDue()


@pytest.mark.parametrize("outcome", SILENT)
def test_a_probe_that_told_nothing_makes_way_for_another(outcome: Outcome) -> None:
    health = weigh(tried(), "probe", outcome, RULES, NOW + 2 * MINUTE)
    assert gate(health, NOW + 2 * MINUTE) == ProbeDue()


@pytest.mark.parametrize(
    ("seconds", "pauses"), [(60, [1, 2, 4, 8, 10, 10]), (1200, [20, 20]), (1, [1 / 60, 2 / 60])]
)
def test_pauses_grow_and_have_a_bound(seconds: int, pauses: list[float]) -> None:
    rules = Breaker(failures=1, pause_seconds=seconds)
    health, now = Health(), NOW
    for pause in pauses:
        health = weigh(probing(health, "p", now), "p", Outcome.CONGESTION, rules, now)
        assert health.paused_until == now + pause * MINUTE
        now += pause * MINUTE


def test_the_number_of_pauses_never_overflows() -> None:
    health = replace(tried(), pauses=10**6)
    again = weigh(health, "probe", Outcome.CONGESTION, RULES, NOW)
    assert again.paused_until == NOW + LONGEST_PAUSE


@given(st.lists(st.tuples(st.sampled_from([*Outcome]), st.integers(0, 600)), max_size=60))
def test_whatever_comes_probes_are_never_nearer_than_a_pause_unless_they_told_nothing(
    course: list[tuple[Outcome, int]],
) -> None:
    """Each call is the probe when one is due, as `dial` makes it."""
    health, now = Health(), NOW
    failed_probes: list[datetime] = []
    for place, (outcome, seconds) in enumerate(course):
        now += timedelta(seconds=seconds)
        attempt = f"call-{place}"
        match gate(health, now):
            case Paused():
                continue
            case ProbeDue():
                health = probing(health, attempt, now + 3 * MINUTE)
                if outcome.evidence is Evidence.FAILS:
                    failed_probes.append(now)
        health = weigh(health, attempt, outcome, RULES, now)
    assert all(later - earlier >= MINUTE for earlier, later in pairwise(failed_probes))
