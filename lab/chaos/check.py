"""Compares the carrier's record of a run with the database: shares no code with the dialer.

What a fault excuses is written here and nowhere else: a call of which the PBX was killed may be
`lost`, one during which FastAGI was hit may have been heard in part.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lab.behaviours import behaviour_of, expected_outcome
from lab.calls import CarrierCall
from lab.chaos.rows import Attempt, Customer

Span = tuple[datetime, datetime]

_CLOCK_SLACK = timedelta(seconds=1)
"""The times of both records are of one machine; a row's is taken before its commit."""
_JOURNAL_SECONDS = timedelta(seconds=3)
"""A killed PBX may lose what it wrote just before: AstDB commits about once a second."""
_ON_ITS_WAY = timedelta(seconds=0.5)
_BOOT_SECONDS = timedelta(seconds=10)
HEARD_TOLERANCE_SECONDS = 0.6
"""Programs that share two cores with everything else are late."""
_RING_TOLERANCE_SECONDS = 0.5
_GAVE_UP = 487
HEARING_TOLERANCE_SECONDS = 0.7
"""Pauses at the ends and lost packets are not found in a recording."""
_ANSWERED = frozenset({"delivered", "hung_up_early"})
_NO_MORE_TODAY = _ANSWERED | {"lost", "declined", "unknown", "trunk_refused"}
_NEVER_AGAIN = frozenset({"does_not_exist", "changed", "bad_format"})
_SPENDS = _ANSWERED | {"busy", "no_answer", "declined"}


@dataclass(frozen=True)
class Terms:
    """What the campaign says, in seconds."""

    ring_seconds: float
    delivered_after_seconds: float
    prompt_seconds: float


@dataclass(frozen=True)
class Breach:
    """One thing that must not be."""

    kind: str
    """duplicate, missing, wrong outcome, not heard, not final, late, company, calls per second or
    calls at once."""
    sentence: str
    number: str | None = None
    """Whose history explains it."""


@dataclass(frozen=True)
class Troubles:
    """What excuses something."""

    pbx_kills: Sequence[datetime]
    fastagi: Sequence[Span]
    """While the FastAGI server was hit or on its way back."""
    any: Sequence[Span]
    """While anything was."""

    def pbx_killed(self, since: datetime, until: datetime) -> bool:
        """Whether the PBX was killed in that time; an INVITE on its way arrives after it."""
        return any(since - _ON_ITS_WAY <= kill <= until for kill in self.pbx_kills)


def find_breaches(
    calls: Iterable[CarrierCall],
    attempts: Sequence[Attempt],
    customers: Sequence[Customer],
    troubles: Troubles,
    terms: Terms,
    by_ear: Mapping[str, float],
) -> list[Breach]:
    """All that does not fit; empty: every promise about calls and outcomes was kept.

    ``by_ear``: by recording, how many seconds of the message it holds.
    """
    calls_of: dict[str, list[CarrierCall]] = defaultdict(list)
    for call in sorted(calls, key=lambda call: call.invite_at):
        calls_of[call.number].append(call)
    attempts_of: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        attempts_of[attempt.number].append(attempt)
    found = [
        Breach("not final", f"The attempt {a.attempt_id} is still {a.state}.", a.number)
        for a in attempts
        if not a.final
    ]
    for number in sorted(calls_of.keys() | attempts_of.keys()):
        judge = _Number(calls_of[number], attempts_of[number], troubles, terms, by_ear)
        found += [Breach(kind, sentence, number) for kind, sentence in judge.breaches()]
    for customer in customers:
        found += [
            Breach(kind, sentence, customer.number)
            for kind, sentence in _judge_customer(customer, attempts_of[customer.number])
        ]
    return found


@dataclass(frozen=True)
class _Number:
    """Everything about one number: each customer of a run has his own."""

    calls: Sequence[CarrierCall]
    attempts: Sequence[Attempt]
    troubles: Troubles
    terms: Terms
    by_ear: Mapping[str, float]

    def breaches(self) -> Iterator[tuple[str, str]]:
        calls_of: dict[str, list[CarrierCall]] = {a.attempt_id: [] for a in self.attempts}
        answered: CarrierCall | None = None
        for call in self.calls:
            name = f"The call to {call.number} at {call.invite_at:%H:%M:%S.%f}"
            if answered is not None:
                yield "duplicate", f"{name} came after one that was answered the same day."
            if call.answer_at is not None:
                answered = call
            attempt = self._attempt_of(call)
            if attempt is None:
                yield "duplicate", f"{name} belongs to no attempt."
            else:
                calls_of[attempt.attempt_id].append(call)
        for attempt in self.attempts:
            yield from self._judge(attempt, calls_of[attempt.attempt_id])
        yield from self._judge_order()

    def _attempt_of(self, call: CarrierCall) -> Attempt | None:
        candidates = [
            a
            for a in self.attempts
            if a.dialing_at is not None
            and a.dialing_at - _CLOCK_SLACK <= call.invite_at
            and (a.ended_at is None or call.invite_at <= a.ended_at)
        ]
        return max(
            candidates,
            key=lambda a: (a.dialing_at or a.claimed_at) <= call.invite_at,
            default=None,
        )

    def _judge(self, attempt: Attempt, calls: Sequence[CarrierCall]) -> Iterator[tuple[str, str]]:
        name = f"The attempt {attempt.attempt_id} ({attempt.outcome or attempt.state})"
        if len(calls) > 1:
            yield "duplicate", f"{name} reached the carrier {len(calls)} times."
        if attempt.state == "released" or attempt.outcome == "not_placed":
            if calls:
                yield "wrong outcome", f"{name} reached the carrier."
        elif attempt.final and not calls:
            if not self._excused_without_call(attempt):
                yield "missing", f"{name} never reached the carrier."
        elif attempt.final:
            yield from self._judge_outcome(name, attempt, calls[0])
            yield from self._judge_by_ear(name, attempt, calls[0])

    def _excused_without_call(self, attempt: Attempt) -> bool:
        """Lost with the PBX; or dialled when the PBX did not know its trunk yet."""
        ended = attempt.ended_at or attempt.claimed_at
        if attempt.outcome == "lost":
            return self.troubles.pbx_killed(attempt.claimed_at - _BOOT_SECONDS, ended)
        dialing = attempt.dialing_at or attempt.claimed_at
        booting = self.troubles.pbx_killed(dialing - _BOOT_SECONDS, dialing)
        return attempt.outcome == "trunk_down" and booting

    def _judge_outcome(
        self, name: str, attempt: Attempt, call: CarrierCall
    ) -> Iterator[tuple[str, str]]:
        allowed = {_expected(call, self.terms)}
        if self.troubles.pbx_killed(call.invite_at, call.end_at + _JOURNAL_SECONDS):
            allowed.add("lost")
        rung = min(call.end_at, call.invite_at + timedelta(seconds=self.terms.ring_seconds))
        if call.sip_code == _GAVE_UP and self.troubles.pbx_killed(call.invite_at, rung):
            # What rang when the PBX died was no customer's doing.
            allowed = {"lost"}
        hit = _overlaps(self.troubles.fastagi, call.invite_at, call.end_at)
        if call.answer_at is not None and hit:
            # The message began anew in the middle: how much of it counts is judged by ear.
            allowed |= _ANSWERED
        if attempt.outcome not in allowed:
            yield (
                "wrong outcome",
                f"{name} should be {' or '.join(sorted(allowed))}: the carrier saw SIP"
                f" {call.sip_code} (the number {behaviour_of(call.number).description}).",
            )
        seconds, heard = call.answered_seconds, attempt.heard_seconds
        if attempt.outcome in _ANSWERED and seconds is not None:
            if heard is None:
                yield "wrong outcome", f"{name} does not say how much was heard."
            elif heard > seconds + HEARD_TOLERANCE_SECONDS and not hit:
                # With a server that sleeps, the PBX gets its channel back, and looks at the clock,
                # only when the server's guardian ends it.
                yield "wrong outcome", f"{name}: {heard:.2f} s heard of a call of {seconds:.2f} s."
            elif heard < min(
                seconds, self.terms.prompt_seconds
            ) - HEARD_TOLERANCE_SECONDS and not _overlaps(
                self.troubles.any, call.invite_at, call.end_at
            ):
                yield "wrong outcome", f"{name}: only {heard:.2f} s heard of {seconds:.2f} s."

    def _judge_by_ear(
        self, name: str, attempt: Attempt, call: CarrierCall
    ) -> Iterator[tuple[str, str]]:
        """What the customer really heard: the PBX may think that it played."""
        if call.answer_at is None or call.recording not in self.by_ear:
            return
        heard = self.by_ear[call.recording]
        least = self.terms.delivered_after_seconds - HEARING_TOLERANCE_SECONDS
        if attempt.outcome == "delivered" and heard < least:
            yield "wrong outcome", f"{name}: the recording holds {heard:.1f} s of the message."
        whole = self.terms.prompt_seconds - HEARING_TOLERANCE_SECONDS
        cut_off = call.ended_by == "carrier" or self.troubles.pbx_killed(
            call.invite_at, call.end_at
        )
        if not cut_off and heard < whole:
            yield "not heard", f"{name}: only {heard:.1f} s of the message are in the recording."

    def _judge_order(self) -> Iterator[tuple[str, str]]:
        stop: Attempt | None = None
        for attempt in self.attempts:
            if attempt.dialing_at is None or attempt.outcome == "not_placed":
                continue
            if stop is not None:
                yield (
                    "duplicate",
                    f"The attempt {attempt.attempt_id} was dialled after {stop.attempt_id}"
                    f" ({stop.outcome}).",
                )
            if attempt.outcome in _NO_MORE_TODAY | _NEVER_AGAIN:
                stop = attempt


def _judge_customer(customer: Customer, attempts: Sequence[Attempt]) -> Iterator[tuple[str, str]]:
    tried = [attempt for attempt in attempts if attempt.state != "released"]
    if not tried:
        yield "missing", f"The customer {customer.number} is due and was never called."
    spent = sum(attempt.outcome in _SPENDS for attempt in tried)
    if customer.attempts != spent:
        yield (
            "company",
            f"The company's table counts {customer.attempts} attempts of {customer.number},"
            f" and {spent} were spent.",
        )
    delivered = any(attempt.outcome == "delivered" for attempt in tried)
    if customer.sent != delivered:
        yield (
            "company",
            f"The company's table says sent = {customer.sent:d} of {customer.number}, and the"
            f" message was {'' if delivered else 'not '}delivered.",
        )


def _expected(call: CarrierCall, terms: Terms) -> str:
    if behaviour_of(call.number).answers and call.answer_at is None:
        # Rings longer than we let it; one that would have answered in time was let down.
        rang = (call.end_at - call.invite_at).total_seconds()
        return "no_answer" if rang >= terms.ring_seconds - _RING_TOLERANCE_SECONDS else "answered"
    return expected_outcome(
        call.number, call.ended_by, call.answered_seconds, terms.delivered_after_seconds
    )


def _overlaps(spans: Iterable[Span], since: datetime, until: datetime) -> bool:
    return any(begin <= until and since <= end for begin, end in spans)
