"""The table of the carrier: what the last two digits of a number do, and what must come of it.

The same table, as the carrier plays it, is ``etc/carrier/extensions.conf``. Outcomes are the plain
words of the dialer's report: this file shares no code with the dialer that it judges.
"""

from collections.abc import Iterable
from dataclasses import dataclass

DELIVERED = "delivered"
HUNG_UP_EARLY = "hung_up_early"


@dataclass(frozen=True)
class Behaviour:
    """What one ending of a number does."""

    ending: str
    description: str
    outcome: str
    """What the dialer must report of an unhindered call."""
    sip_code: int
    """The final answer in the carrier's record; 487 where the caller must give up."""

    @property
    def answers(self) -> bool:
        """Whether the call is answered."""
        return self.sip_code == 200


def behaviour_of(number: str) -> Behaviour:
    """The behaviour of a number; endings without a line of their own do not exist (404)."""
    ending = number[-2:]
    return _TABLE.get(ending, Behaviour(ending, "has no behaviour", "does_not_exist", 404))


def expected_outcome(
    number: str, ended_by: str, answered_seconds: float | None, delivered_after_seconds: float
) -> str:
    """The outcome that the dialer must report of one call.

    A carrier that hangs up before ``delivered_after_seconds`` has not heard the message; where the
    caller ends an answered call, the message was played to its end.
    """
    behaviour = behaviour_of(number)
    if behaviour.answers and ended_by == "carrier" and answered_seconds is not None:
        early = answered_seconds < delivered_after_seconds
        return HUNG_UP_EARLY if early else DELIVERED
    return DELIVERED if behaviour.answers else behaviour.outcome


def _table() -> Iterable[Behaviour]:
    for ending in range(50):
        yield Behaviour(f"{ending:02}", "answers after 1 s and listens", DELIVERED, 200)
    yield Behaviour("50", "hangs up 3 s after answering", HUNG_UP_EARLY, 200)
    yield Behaviour("51", "hangs up within 100 ms of answering", HUNG_UP_EARLY, 200)
    yield Behaviour("60", "is busy", "busy", 486)
    yield Behaviour("61", "rings and is never answered", "no_answer", 487)
    yield Behaviour("62", "declines", "declined", 603)
    yield Behaviour("63", "is unavailable", "no_answer", 480)
    yield Behaviour("70", "does not exist", "does_not_exist", 404)
    yield Behaviour("71", "has changed", "changed", 410)
    yield Behaviour("72", "is incomplete", "bad_format", 484)
    yield Behaviour("80", "meets congestion", "congestion", 503)
    yield Behaviour("81", "meets a network failure", "network_failure", 500)
    yield Behaviour("82", "says 100 Trying and then nothing", "trunk_silent", 487)
    yield Behaviour("84", "presses 8 after 3 s", DELIVERED, 200)
    yield Behaviour("85", "presses 9 after 3 s, and 9 after 2 s more", DELIVERED, 200)
    yield Behaviour("86", "presses 3 after 3 s, and 2 after 2 s more", DELIVERED, 200)
    yield Behaviour("87", "presses 2 after 3 s and hums at 880 Hz", DELIVERED, 200)
    yield Behaviour("88", "presses 2 after 3 s, hums and hangs up 12 s later", DELIVERED, 200)
    yield Behaviour("90", "presses 1 after 3 s", DELIVERED, 200)
    yield Behaviour("91", "presses 9 after 3 s", DELIVERED, 200)
    yield Behaviour("92", "presses 2 after 3 s", DELIVERED, 200)
    yield Behaviour("93", "rings 4 s, then answers", DELIVERED, 200)
    yield Behaviour("94", "answers, says aló and listens", DELIVERED, 200)
    yield Behaviour("95", "is an answering machine: 4 s of speech, a beep, silence", DELIVERED, 200)
    yield Behaviour(
        "96", "plays an announcement as early media, then unavailable", "no_answer", 480
    )
    yield Behaviour("97", "rings 12 s, then answers", DELIVERED, 200)
    yield Behaviour("98", "answers and never hangs up", DELIVERED, 200)
    yield Behaviour("99", "answers and sends no audio", DELIVERED, 200)


_TABLE = {behaviour.ending: behaviour for behaviour in _table()}
ENDINGS = tuple(_TABLE)
"""Every ending that has a line of its own."""
