"""All the evidence there can be, and the one verdict on each."""

from dataclasses import replace
from itertools import product

import pytest

from campaign.journal import PLACED, CallEnd, parse_end
from campaign.token import token
from originator import settle
from originator.settle import Evidence, Verdict

SECRET = "secreto-de-prueba"
CALL = "01J00000000000000000000001"
ENDED = f"ended|17|1772463600000|||||{token(SECRET, CALL)}|SIP 486 Busy Here"
FORGED = "ended|17|1772463600000||||||SIP 486 Busy Here"
GARBAGE = "ended|x"


def decide(evidence: Evidence) -> tuple[Verdict | CallEnd, str]:
    return settle.decide(CALL, evidence, SECRET)


def wanted(
    *, live: bool, journal: str | None, proved: bool, same_boot: bool, grace_over: bool
) -> object:
    """The rule as the design tells it, strictest word first."""
    if live:
        return Verdict.WAIT
    if journal == ENDED:
        return parse_end(ENDED, CALL, SECRET)
    if journal in (GARBAGE, FORGED):
        return Verdict.LOST
    if not same_boot:
        return Verdict.LOST
    if not grace_over:
        return Verdict.WAIT
    free = journal is None and proved
    return Verdict.NOT_PLACED if free else Verdict.LOST


@pytest.mark.parametrize("journal", [None, PLACED, ENDED, FORGED, GARBAGE])
def test_every_combination_of_evidence(journal: str | None) -> None:
    for live, proved, same_boot, grace_over in product((False, True), repeat=4):
        verdict, reason = decide(Evidence(live, journal, proved, same_boot, grace_over))
        assert verdict == wanted(
            live=live, journal=journal, proved=proved, same_boot=same_boot, grace_over=grace_over
        )
        assert reason


def test_only_one_combination_frees_the_customer() -> None:
    free = [
        evidence
        for journal in (None, PLACED, ENDED, FORGED, GARBAGE)
        for values in product((False, True), repeat=4)
        if decide(evidence := Evidence(values[0], journal, *values[1:]))[0] is Verdict.NOT_PLACED
    ]
    assert free == [
        Evidence(live=False, journal=None, journal_proved=True, same_boot=True, grace_over=True)
    ]


@pytest.mark.parametrize(
    "text", ["", " placed", "PLACED", "ended", "ended|17|1||||", FORGED, "x" * 5000]
)
def test_an_entry_that_is_not_ours_counts_as_a_call(text: str) -> None:
    verdict, reason = decide(
        Evidence(live=False, journal=text, journal_proved=True, same_boot=True, grace_over=True)
    )
    assert verdict is Verdict.LOST
    assert "cannot be believed" in reason
    assert len(reason) < 200


@pytest.mark.parametrize("trunk_down", [False, True])
def test_an_originate_that_made_no_channel_needs_no_time_to_be_judged(trunk_down: bool) -> None:
    evidence = Evidence(
        live=False, journal=None, journal_proved=True, same_boot=True, grace_over=False,
        never_up=True, trunk_down=trunk_down,
    )  # fmt: skip
    verdict, _ = decide(evidence)
    assert verdict is (Verdict.TRUNK_DOWN if trunk_down else Verdict.NOT_PLACED)
    for weaker in ({"journal": PLACED}, {"journal_proved": False}, {"live": True}):
        assert decide(replace(evidence, **weaker))[0] is Verdict.WAIT
    assert decide(replace(evidence, same_boot=False))[0] is Verdict.LOST
