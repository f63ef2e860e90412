"""The demo's own judgement of what the customers heard: a wrong recording is found."""

import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from lab import Lab
from lab.audio import RATE, Samples, read
from lab.calls import CarrierCall
from lab.demo import PROMPT, listening_mismatches, listening_rows
from lab.listening_page import ListeningRow
from lab.verify import AttemptRow

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_recordings_left(lab: Lab) -> Iterator[None]:
    lab.carrier.reset()
    yield
    lab.carrier.reset()


def said(lab: Lab, prompt: str = PROMPT) -> Samples:
    return read(lab.state / "sounds" / f"{prompt}.ulaw")


def listened(lab: Lab, heard: Samples, seconds: float | None = None) -> list[str]:
    """The judgement on one call with this recording that lasted as long, or ``seconds``."""
    name = "3001000000-planted.wav"
    with wave.open(str(lab.carrier.recordings / name), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(heard.astype("<i2").tobytes())
    lasted = timedelta(seconds=seconds or len(heard) / RATE)
    call = CarrierCall(
        "3001000000", "3241000752", START, START, START + lasted, "caller", 200, name
    )
    return listening_mismatches(lab, [call])


def test_the_prompt_whole_or_cut_off_is_right(lab: Lab) -> None:
    assert listened(lab, said(lab)) == []
    assert listened(lab, said(lab)[: 3 * RATE]) == []


def test_another_prompt_is_found(lab: Lab) -> None:
    (sentence,) = listened(lab, said(lab, "es_MX/prueba"))
    assert sentence.startswith("The recording of 3001000000 lasts 3.4 s, but holds only ")


def test_silence_is_found(lab: Lab) -> None:
    (sentence,) = listened(lab, np.zeros(5 * RATE))
    assert sentence.endswith("holds only 0.0 s of the prompt (correlation 0.00).")


def test_a_prompt_that_stopped_in_the_middle_is_found(lab: Lab) -> None:
    cut = said(lab).copy()
    cut[3 * RATE :] = 0
    (sentence,) = listened(lab, cut)
    assert " s of the prompt (correlation " in sentence


def test_the_page_has_a_row_for_each_call_with_its_attempt(lab: Lab) -> None:
    end = START + timedelta(seconds=4)
    heard = CarrierCall(
        "3001000090", "3241000752", START, START, end, "caller", 200, "3001000090-1.wav"
    )
    busy = CarrierCall("3001000060", "3241000752", end, None, end, "carrier", 486, "")
    attempts = [
        AttemptRow("3001000060", "busy", False, None, end, end),
        AttemptRow("3001000090", "hung_up_early", True, 3.9, START, end, keys="1@3.02"),
    ]
    first, second = listening_rows(lab, [busy, heard], attempts)
    assert first == ListeningRow(
        at="10:00:00",
        number="3001000090",
        behaviour="presses 1 after 3 s",
        outcome="hung_up_early",
        spanish="colgó antes de oírlo",
        heard_seconds=3.9,
        keys="1@3.02",
        recording="carrier/recordings/3001000090-1.wav",
    )
    assert (second.outcome, second.recording, second.heard_seconds) == ("busy", None, None)
    (unknown,) = listening_rows(lab, [busy], [])
    assert unknown.outcome == "no attempt"
