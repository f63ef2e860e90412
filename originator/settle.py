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
    """Long enough since the Originate that a call would have left a trace."""


class Verdict(StrEnum):
    """What to do with the attempt."""

    WAIT = "wait"
    NOT_PLACED = "not_placed"
    LOST = "lost"


def decide(attempt_id: str, evidence: Evidence, secret: str) -> tuple[Verdict | CallEnd, str]:
    """The verdict, or the end that the journal tells, with the reason in words.

    ``secret``: of the tokens; an end without the attempt's token is nobody's word.
    ``lost`` counts as a call today (fail closed); ``not_placed`` frees the customer and therefore
    needs all of the proof.
    """
    if evidence.live:
        return Verdict.WAIT, "its channel is up"
    if evidence.journal is not None and evidence.journal != PLACED:
        try:
            return parse_end(
                evidence.journal, attempt_id, secret
            ), "the PBX's journal tells the end"
        except JournalError as error:
            return Verdict.LOST, f"the PBX's journal cannot be believed: {error}"
    if not evidence.grace_over:
        return Verdict.WAIT, "too early to tell"
    if evidence.journal == PLACED:
        return Verdict.LOST, "placed, and its channel is gone without an end in the journal"
    if not evidence.same_boot:
        return Verdict.LOST, "the PBX restarted since it was dialled"
    if not evidence.journal_proved:
        return Verdict.LOST, "no trace, and the PBX's journal could not be proved to work"
    return Verdict.NOT_PLACED, "the PBX's journal has no entry: it was never placed"
