"""The claim: customer, person and numbers are one attempt's, unless something is against it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaign.attempt import State
from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.history import History
from campaign.permission import Permission
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.source import Source
from campaign.store import customers
from campaign.store.database import Transaction
from campaign.store.histories import read_history
from campaign.store.times import to_database


@dataclass(frozen=True)
class Claim:
    """A row to be inserted."""

    attempt_id: str
    run_id: str
    customer_id: str
    number: str
    """The one that is dialled."""
    numbers: tuple[str, ...]
    """All of the customer's, the dialled one among them."""
    person: str
    trunk: str
    prompt: str
    prompt_hash: str | None
    """What exactly it says; None: nobody knows, there is no hash beside it on the PBX."""
    pbx: str
    pbx_boot: str
    permission: Permission


Check = Callable[[CustomerRow | None, History], Refusal | None]
"""Given the customer as he stands now and his history: why he may not be called, or None."""

TEST_SOURCE = "test"
"""The source of a test call, whose customer is the number itself."""


def insert_claim(
    transaction: Transaction,
    claim: Claim,
    campaign: Campaign,
    source: Source | None,
    check: Check,
    now: datetime,
    *,
    deadline: datetime | None = None,
) -> Refusal | None:
    """Insert the attempt unless something is against it; returns why, or None.

    The inserts come first: a second claim for the same customer, person or one of his numbers
    waits for this one's end, and what ``check`` then reads is what is committed. DuplicateOpenError
    where such a call is open. A number on the do-not-call list is refused before any check.
    ``source``: None for a test call. ``deadline``: of an attempt whose Originate comes next.
    """
    transaction.run(
        "claim",
        id=claim.attempt_id,
        run_id=claim.run_id,
        source=source.customers if source else TEST_SOURCE,
        customer_id=claim.customer_id,
        number=claim.number,
        person=claim.person,
        state=(State.CLAIMED if deadline is None else State.DIALING).value,
        trunk=claim.trunk,
        prompt=claim.prompt,
        prompt_hash=claim.prompt_hash,
        pbx=claim.pbx,
        pbx_boot=claim.pbx_boot,
        law=claim.permission.law,
        law_version=claim.permission.law_version,
        verdict=claim.permission.verdict,
        now=to_database(now),
        dialing_at=None if deadline is None else to_database(now),
        deadline=None if deadline is None else to_database(deadline),
    )
    # In one order for everybody: two who share several numbers do not block each other.
    for number in sorted(claim.numbers):
        transaction.run("claim_number", id=claim.attempt_id, number=number, now=to_database(now))
    history = read_history(
        transaction, {claim.person}, claim.numbers, campaign, now, except_attempt=claim.attempt_id
    )
    row = customers.read_again(transaction, source, claim.customer_id) if source else None
    if claim.number in history.do_not_call:
        return Refusal(claim.customer_id, Reason.DO_NOT_CALL)
    return check(row, history)
