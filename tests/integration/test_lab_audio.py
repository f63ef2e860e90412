"""The proof that a recording contains a prompt, on sound made by espeak-ng and ffmpeg."""

import math
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import yaml

from lab.audio import RATE, contains_prompt, read
from originator.sounds import build
from originator.sounds.command import packaged_prompts
from originator.sounds.prompt_set import read_set

OTHER_WORDS = """\
Buenas tardes, le llama la biblioteca municipal. El libro que usted pidió ya se encuentra
disponible en la sala principal. Puede recogerlo de lunes a viernes, con su documento.
"""


@pytest.fixture(scope="module")
def prompts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The .ulaw file of the message, and of other words by the same voice."""
    source = tmp_path_factory.mktemp("source")
    of = read_set(packaged_prompts() / "es_MX")
    texts = {key: of.texts[key] for key in ("morosos_natalia", "gracias_pago", "llamada_entrante")}
    (source / "es_MX").mkdir()
    (source / "es_MX" / "set.yaml").write_text(
        yaml.safe_dump({"voice": of.voice, "prompts": {**texts, "other": OTHER_WORDS}}),
        encoding="utf-8",
    )
    built = build(source, tmp_path_factory.mktemp("built"))
    return {prompt.prompt.prompt_id: prompt.files[1] for prompt in built}


@pytest.fixture(scope="module")
def message(prompts: dict[str, Path]) -> Path:
    return prompts["morosos_natalia"]


def record(sound: Path, to: Path, filters: str) -> Path:
    """What a far end records of a raw mu-law ``sound``: filtered, mu-law again, then WAV."""
    raw = ("-f", "mulaw", "-ar", "8000")
    ffmpeg = ("ffmpeg", "-nostdin", "-loglevel", "error")
    line = to.with_suffix(".line")
    coded = (*raw, "-i", str(sound), "-af", filters, "-c:a", "pcm_mulaw", *raw, str(line))
    subprocess.run([*ffmpeg, *coded], check=True)
    subprocess.run([*ffmpeg, *raw, "-i", str(line), "-c:a", "pcm_s16le", str(to)], check=True)
    return to


def seconds(path: Path) -> float:
    return len(read(path)) / RATE


def test_mu_law_is_decoded_as_ffmpeg_does(tmp_path: Path) -> None:
    octets = tmp_path / "all.ulaw"
    octets.write_bytes(bytes(range(256)))
    decoded = read(record(octets, tmp_path / "all.wav", "anull"))
    assert np.array_equal(decoded, read(octets))


@pytest.mark.parametrize(
    ("filters", "offset", "start", "end"),
    [
        ("volume=-8dB,adelay=730", 0.73, 0, math.inf),
        ("adelay=510,apad=pad_dur=4", 0.51, 0, math.inf),
        ("atrim=0:3.1,adelay=510", 0.51, 0, 3.1),
        ("atrim=0:3.1,volume=-12dB,adelay=510,apad=pad_dur=12", 0.51, 0, 3.1),
        ("atrim=0.23,asetpts=PTS-STARTPTS", -0.23, 0.23, math.inf),
        ("atrim=5:9,asetpts=PTS-STARTPTS", -5, 5, 9),
        # A packet of 20 ms is lost after 4 s.
        ("aselect='lt(t,4)+gte(t,4.02)',asetpts=N/SR/TB,asetnsamples=160", 0, 0, math.inf),
    ],
)
def test_the_message_is_found_with_its_place_and_length(
    message: Path, tmp_path: Path, filters: str, offset: float, start: float, end: float
) -> None:
    match = contains_prompt(
        record(message, tmp_path / "a.wav", f"asetnsamples=160,{filters}"), message
    )
    assert match.score > 0.9
    assert match.offset_seconds == pytest.approx(offset, abs=0.02)
    # The text's last pause, 0.33 s, is not counted.
    assert match.coverage_seconds == pytest.approx(min(end, seconds(message)) - start, abs=0.4)


def test_noise_on_the_line_does_not_hide_the_message(message: Path, tmp_path: Path) -> None:
    noise = "aeval='val(0)+0.02*(random(0)-0.5)'"
    match = contains_prompt(record(message, tmp_path / "a.wav", noise), message)
    assert match.score > 0.9
    assert match.coverage_seconds > 0.9 * seconds(message)


def test_a_hole_in_the_message_is_not_counted(message: Path, tmp_path: Path) -> None:
    hole = "volume=0:enable='between(t,5,9)'"
    match = contains_prompt(
        record(message, tmp_path / "a.wav", f"asetnsamples=160,{hole}"), message
    )
    assert match.coverage_seconds == pytest.approx(seconds(message) - 4, abs=0.6)


def test_what_follows_lost_sound_is_found(message: Path, tmp_path: Path) -> None:
    lost = "aselect='lt(t,4)+gte(t,4.4)',asetpts=N/SR/TB,asetnsamples=160"
    match = contains_prompt(record(message, tmp_path / "a.wav", lost), message)
    assert match.coverage_seconds > seconds(message) - 1.5


@pytest.mark.parametrize("other", ["other", "llamada_entrante"])
def test_other_words_of_the_same_voice_are_not_the_message(
    prompts: dict[str, Path], message: Path, tmp_path: Path, other: str
) -> None:
    match = contains_prompt(record(prompts[other], tmp_path / "a.wav", "adelay=300"), message)
    assert match.score < 0.5
    assert match.coverage_seconds < 1


@pytest.mark.parametrize("source", ["anullsrc=r=8000:cl=mono", "anoisesrc=r=8000:a=0.3:seed=1"])
def test_silence_and_noise_are_not_the_message(message: Path, tmp_path: Path, source: str) -> None:
    recording = tmp_path / "a.wav"
    command = ("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source)
    subprocess.run([*command, "-t", "15", "-c:a", "pcm_s16le", str(recording)], check=True)
    match = contains_prompt(recording, message)
    assert match.score < 0.2
    assert match.coverage_seconds == 0


def test_an_empty_recording_is_no_error(message: Path, tmp_path: Path) -> None:
    (tmp_path / "a.ulaw").write_bytes(b"")
    assert contains_prompt(tmp_path / "a.ulaw", message).coverage_seconds == 0


def test_another_form_is_refused(message: Path, tmp_path: Path) -> None:
    command = ("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "anullsrc=r=16000")
    subprocess.run([*command, "-t", "1", str(tmp_path / "a.wav")], check=True)
    with pytest.raises(ValueError, match="16000"):
        contains_prompt(tmp_path / "a.wav", message)


def test_twenty_seconds_take_well_under_one(message: Path, tmp_path: Path) -> None:
    recording = record(message, tmp_path / "a.wav", "apad=whole_dur=20")
    started = time.process_time()
    contains_prompt(recording, message)
    assert time.process_time() - started < 0.9
