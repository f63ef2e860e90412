"""Listens to what the carrier recorded."""

from collections.abc import Iterable

from lab.audio import contains_prompt
from lab.calls import CarrierCall
from lab.chaos.campaign import PROMPT
from lab.lab import Lab


def heard_by_ear(lab: Lab, calls: Iterable[CarrierCall]) -> dict[str, float]:
    """By recording, how many seconds of the campaign's message it holds."""
    prompt = lab.state / "sounds" / f"{PROMPT}.ulaw"
    heard = {}
    for call in calls:
        recording = lab.carrier.recording(call)
        if recording is not None and recording.exists():
            heard[call.recording] = contains_prompt(recording, prompt).coverage_seconds
    return heard
