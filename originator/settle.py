"""What became of an attempt whose end was not reported: from evidence, never by retrying."""

from dataclasses import dataclass
from enum import StrEnum

from campaign.journal import PLACED, CallEnd, JournalError, parse_end


@dataclass(frozen=True)
class Evidence:
    """What the PBX and our own row say of one attempt."""

    live: bool
    """A channel with its id is up."""
    journal: str | None
    """The journal's entry; None: there is none."""
    journal_proved: bool
    """A probe entry of this run can be read back: an absent entry means something."""
    same_boot: bool
    """The PBX has not restarted since the attempt was claimed."""
    grace_over: bool
    """The attempt's deadline has passed: a call would have ended and left a trace by now."""
    never_up: bool = False
    """The run heard that its Originate failed, and of no channel: the PBX could not begin it."""
    trunk_down: bool = False
    """The PBX says that it cannot reach the trunk, or does not know it."""


class Verdict(StrEnum):
    """What to do with the attempt."""

    WAIT = "wait"
    NOT_PLACED = "not_placed"
    LOST = "lost"
    TRUNK_DOWN = "trunk_down"


def decide(attempt_id: str, evidence: Evidence, secret: str) -> tuple[Verdict | CallEnd, str]:
    """The verdict, or the end that the journal tells, with the reason in words.

    ``secret``: of the tokens; an end without the attempt's token is nobody's word.
    ``lost`` counts as a call today (fail closed); ``not_placed`` frees the customer and therefore
    needs all of the proof. After a restart there is nothing to wait for: no Originate is written to
    another boot than that of the claim (originator/sight.py), and its calls ended with it.
    """
    if evidence.live:
        return Verdict.WAIT, "its channel is up"
    if evidence.journal is not None and evidence.journal != PLACED:
        try:
            end = parse_end(evidence.journal, attempt_id, secret)
        except JournalError as error:
            return Verdict.LOST, f"the PBX's journal cannot be believed: {error}"
        told = f"Q.850 {end.q850}, {end.tech or 'no SIP answer'}"
        return end, f"the PBX's journal tells the end: {told}"
    if not evidence.same_boot:
        return Verdict.LOST, "the PBX restarted since it was dialled"
    if evidence.never_up and evidence.journal is None and evidence.journal_proved:
        # A channel writes its entry before it dials: there is nothing to wait for.
        if evidence.trunk_down:
            return Verdict.TRUNK_DOWN, "the PBX could not begin the call: its trunk is down"
        return Verdict.NOT_PLACED, "the PBX could not begin the call, and its journal has no entry"
    if not evidence.grace_over:
        return Verdict.WAIT, "no channel, no end in the PBX's journal, and too early to tell"
    if evidence.journal == PLACED:
        return Verdict.LOST, "placed, and its channel is gone without an end in the journal"
    if not evidence.journal_proved:
        return Verdict.LOST, "no trace, and the PBX's journal could not be proved to work"
    return Verdict.NOT_PLACED, "the PBX's journal has no entry: it was never placed"
