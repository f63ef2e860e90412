"""Whether the carrier's recordings hold what the dialer says that the customers heard."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lab.audio import RATE, Samples, find, read, speech_seconds
from lab.calls import CarrierCall
from lab.lab import Lab
from lab.verify import AttemptRow, attempt_of

_REPEAT = "1"
_SAME_SPEECH = 0.8
_MISSING_SECONDS = 1.0
"""How much of what was heard may not be found: pauses at its ends, a packet at its beginning."""
_SHORT_SECONDS = 0.5
"""Of speech: too little to be told from another."""


def listening_mismatches(
    lab: Lab, prompt: str, calls: Sequence[CarrierCall], attempts: Sequence[AttemptRow]
) -> list[str]:
    """Answered calls whose recording does not hold what was played, a sentence each.

    Without a key that is the prompt, for as long as the carrier says that the call lasted; after
    one it is what the attempt says, part by part and nothing else.
    """
    sounds = lab.state / "sounds"
    found: list[str] = []
    for call in calls:
        recording, seconds = lab.carrier.recording(call), call.answered_seconds
        if recording is None or seconds is None or seconds < 1:
            continue
        attempt = attempt_of(call, attempts)
        if attempt is not None and attempt.keys:
            parts = _said(sounds, attempt.played)
            found += (f"{_of(call)} {why}" for why in not_heard_in_order(read(recording), parts))
        else:
            found += (f"{_of(call)} {why}" for why in _cut_off(sounds, prompt, recording, seconds))
    return found


def not_heard_in_order(heard: Samples, parts: Sequence[Samples]) -> Iterator[str]:
    """What is missing of these parts, each looked for where the one before it was over, and
    whether anything else was said."""
    wanted, spoken = sum(map(speech_seconds, parts)), speech_seconds(heard)
    if abs(spoken - wanted) > 0.4 + 0.15 * len(parts):
        yield f"holds {spoken:.1f} s of speech, but {wanted:.1f} s were played."
    rest = heard
    for place, said in enumerate(parts, 1):
        if speech_seconds(said) < _SHORT_SECONDS:
            continue
        match = find(rest, said)
        if match.score < _SAME_SPEECH:
            yield f"does not hold part {place} of {len(parts)} (correlation {match.score:.2f})."
        rest = rest[max(0, int((match.offset_seconds - 0.3) * RATE) + len(said)) :]


def _cut_off(sounds: Path, prompt: str, recording: Path, seconds: float) -> Iterator[str]:
    match = find(read(recording), read(sounds / f"{prompt}.ulaw"))
    if match.score < _SAME_SPEECH or match.coverage_seconds < seconds - _MISSING_SECONDS:
        yield (
            f"lasts {seconds:.1f} s, but holds only {match.coverage_seconds:.1f} s of the prompt"
            f" (correlation {match.score:.2f})."
        )


def _said(sounds: Path, played: Sequence[tuple[str, str]]) -> list[Samples]:
    """The samples of each part: a sound goes on where it was, unless its key begins it again."""
    goes_on: dict[str, float] = {}
    repeats = False
    parts = []
    for kind, detail in played:
        if kind == "key":
            repeats = detail == _REPEAT
            continue
        sound, _, text = detail.partition("=")
        whole, begin = read(sounds / f"{sound}.ulaw"), goes_on.get(sound, 0.0)
        end = begin + float(text)
        parts.append(whole[int(begin * RATE) : int(end * RATE)])
        goes_on[sound] = 0.0 if repeats or end * RATE >= len(whole) else end
        repeats = False
    return parts


def _of(call: CarrierCall) -> str:
    return f"The recording of {call.number}"
