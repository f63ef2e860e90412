"""The demo's own judgement of what the customers heard: a wrong recording is found."""

import time
import wave
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from selenium.webdriver.common.by import By

from lab import Lab
from lab.audio import RATE, Samples, read
from lab.calls import CarrierCall
from lab.demo import PROMPT, demonstrate, listening_rows
from lab.listening import listening_mismatches
from lab.listening_page import ListeningRow, write_page
from lab.verify import AttemptRow
from tests.browser import chromium, play
from tests.e2e.scene import PROMPT_SECONDS, Scene

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_recordings_left(lab: Lab) -> Iterator[None]:
    lab.carrier.reset()
    yield
    lab.carrier.reset()


def said(lab: Lab, prompt: str = PROMPT) -> Samples:
    return read(lab.state / "sounds" / f"{prompt}.ulaw")


def write(recording: Path, heard: Samples) -> None:
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(heard.astype("<i2").tobytes())


def listened(lab: Lab, heard: Samples, seconds: float | None = None) -> list[str]:
    """The judgement on one call with this recording that lasted as long, or ``seconds``."""
    name = "3001000000-planted.wav"
    write(lab.carrier.recordings / name, heard)
    lasted = timedelta(seconds=seconds or len(heard) / RATE)
    call = CarrierCall(
        "3001000000", "3241000752", START, START, START + lasted, "caller", 200, name
    )
    return listening_mismatches(lab, PROMPT, [call], [])


def test_the_prompt_whole_or_cut_off_is_right(lab: Lab) -> None:
    assert listened(lab, said(lab)) == []
    assert listened(lab, said(lab)[: 3 * RATE]) == []


def test_another_prompt_is_found(lab: Lab) -> None:
    (sentence,) = listened(lab, said(lab, "es_MX/prueba"))
    assert sentence.startswith("The recording of 3001000000 lasts 3.3 s, but holds only ")


def test_silence_is_found(lab: Lab) -> None:
    (sentence,) = listened(lab, np.zeros(5 * RATE))
    assert sentence.endswith("holds only 0.0 s of the prompt (correlation 0.00).")


def test_a_prompt_that_stopped_in_the_middle_is_found(lab: Lab) -> None:
    cut = said(lab).copy()
    cut[3 * RATE :] = 0
    (sentence,) = listened(lab, cut)
    assert " s of the prompt (correlation " in sentence


def repeated(lab: Lab, heard: Samples) -> list[str]:
    """The judgement on a call whose customer is said to have pressed 1 after three seconds."""
    name = "3001000090-planted.wav"
    write(lab.carrier.recordings / name, heard)
    end = START + timedelta(seconds=len(heard) / RATE)
    call = CarrierCall("3001000090", "3241000752", START, START, end, "caller", 200, name)
    whole = len(said(lab)) / RATE
    played = (("key", "1"), ("part", f"{PROMPT}=3.00"), ("part", f"{PROMPT}={whole:.2f}"))
    attempt = AttemptRow(
        "3001000090", "delivered", True, whole, START, end, keys="1@3.00", played=played
    )
    return listening_mismatches(lab, PROMPT, [call], [attempt])


def test_after_a_key_the_parts_that_were_played_are_looked_for_in_their_order(lab: Lab) -> None:
    whole, beginning = said(lab), said(lab)[: 3 * RATE]
    assert repeated(lab, np.concatenate([beginning, whole])) == []
    lacking = repeated(lab, np.concatenate([beginning, said(lab, "es_MX/prueba")]))
    assert any("does not hold part 2 of 2" in sentence for sentence in lacking)
    (twice,) = repeated(lab, np.concatenate([beginning, whole, beginning]))
    assert " s of speech, but " in twice


@pytest.mark.slow
def test_in_the_whole_demo_both_records_agree(lab: Lab) -> None:
    result = demonstrate(lab, 40, time.monotonic(), None)
    assert result.mismatches == []
    assert (result.selected, result.calls) == (28, 28)
    assert (lab.state / "calls.html").read_text().count("<audio") > 10


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


@pytest.mark.slow
def test_what_customers_heard_on_real_calls_is_played_by_a_browser(scene: Scene) -> None:
    listens, busy = scene.customers("00", "60")
    scene.run()
    page = scene.lab.state / "calls.html"
    write_page(page, listening_rows(scene.lab, scene.calls(), scene.attempts()))
    with chromium(scene.directory / "profile") as browser:
        browser.get(page.as_uri())
        rows = {
            number: row
            for row in browser.find_elements(By.CSS_SELECTOR, "tbody tr")
            for number in (listens, busy)
            if number in row.text
        }
        assert "delivered mensaje entregado" in rows[listens].text
        assert "busy ocupado" in rows[busy].text
        assert rows[busy].find_elements(By.TAG_NAME, "audio") == []
        (player,) = rows[listens].find_elements(By.TAG_NAME, "audio")
        assert play(browser, player) == pytest.approx(PROMPT_SECONDS, abs=0.7)
