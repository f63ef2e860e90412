"""``originator sounds build`` with the real espeak-ng and ffmpeg."""

import hashlib
import json
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from campaign.errors import OverdueError
from originator.sounds import Built, build, find_prompts, sounds_group
from originator.sounds.command import packaged_prompts
from originator.sounds.prompt_set import ESPEAK, read_set

ENDINGS = {".gsm", ".ulaw", ".alaw", ".sln16"}


def make_audio(path: Path, *source: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", *source, str(path)], check=True)
    return path


def tone(path: Path, volume_db: float, frequency: int = 1000, seconds: float = 1) -> Path:
    source = f"sine=frequency={frequency}:duration={seconds}:sample_rate=44100"
    # ffmpeg's sine has a peak of 1/8, -18 dBFS.
    return make_audio(path, "-f", "lavfi", "-i", source, "-af", f"volume={volume_db + 18}dB")


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source"


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "to"


def write_set(source: Path, prompts: dict[str, str], **settings: str) -> None:
    (source / "es_MX").mkdir(parents=True, exist_ok=True)
    content = {"voice": "es-419", "version": "1", **settings, "prompts": prompts}
    (source / "es_MX" / "set.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


def loudness_lufs(prompt: Built, again: bool = False) -> float:
    """What ffmpeg's own R128 scanner says of the 8 kHz mu-law file, alone or again and again."""
    loop = "aloop=loop=-1:size=32000,atrim=end=4," if again else ""
    raw = ("-f", "mulaw", "-ar", "8000", "-i", str(prompt.files[1]))
    done = subprocess.run(
        ["ffmpeg", "-nostdin", *raw, "-af", f"{loop}loudnorm=print_format=json", "-f", "null", "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(json.loads(done.stderr[done.stderr.rindex("{") :])["input_i"])


def test_a_packaged_message_is_built_in_every_format(source: Path, to: Path) -> None:
    texts = read_set(packaged_prompts() / "es_MX").texts
    write_set(source, {"morosos_natalia": texts["morosos_natalia"]})
    (built,) = build(source, to)
    assert built.prompt.name == "es_MX/morosos_natalia"
    assert {file.suffix for file in built.files} == ENDINGS
    assert 12 <= built.level.seconds <= 16
    sizes = {file.suffix: file.stat().st_size for file in built.files}
    assert sizes[".sln16"] / 32000 == pytest.approx(built.level.seconds)
    assert sizes[".ulaw"] / 8000 == pytest.approx(built.level.seconds, abs=0.01)
    assert sizes[".alaw"] == sizes[".ulaw"]
    assert sizes[".gsm"] / 33 * 0.02 == pytest.approx(built.level.seconds, abs=0.05)


def test_a_message_and_a_single_word_are_equally_loud(source: Path, to: Path) -> None:
    texts = read_set(packaged_prompts() / "es_MX").texts
    write_set(source, {name: texts[name] for name in ("morosos_natalia", "number/2")})
    message, word = build(source, to)
    assert word.level.seconds < 1
    assert loudness_lufs(message) == pytest.approx(-23, abs=0.5)
    assert loudness_lufs(word, again=True) == pytest.approx(-23, abs=0.5)
    assert max(message.level.peak_dbfs, word.level.peak_dbfs) < -2.9


def test_the_silence_before_and_after_is_cut_off(source: Path, to: Path) -> None:
    voice = "sine=frequency=1000:duration=1:sample_rate=44100"
    noise = "anoisesrc=amplitude=0.0005:duration=3:sample_rate=44100"
    mix = ("-filter_complex", "[0]adelay=700[a];[a][1]amix=inputs=2:normalize=0:duration=longest")
    inputs = ("-f", "lavfi", "-i", voice, "-f", "lavfi", "-i", noise)
    make_audio(source / "es_MX" / "a.wav", *inputs, *mix)
    (built,) = build(source, to)
    assert built.level.seconds == pytest.approx(1.02, abs=0.02)


def test_the_pbx_may_read_the_files_whatever_the_umask(source: Path, to: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    script = "import os,sys; os.umask(0o077); from originator.sounds import sounds_group as g; g()"
    command = [sys.executable, "-c", script, "build", "--source", str(source), "--to", str(to)]
    subprocess.run(command, check=True, capture_output=True)
    assert stat.S_IMODE((to / "es_MX").stat().st_mode) == 0o755
    assert {stat.S_IMODE(file.stat().st_mode) for file in (to / "es_MX").iterdir()} == {0o644}


def test_an_unchanged_prompt_is_not_made_again(source: Path, to: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    (first,) = build(source, to)
    (second,) = build(source, to)
    assert (first.changed, second.changed) == (True, False)
    assert second.level == first.level


def test_a_changed_source_and_a_damaged_file_are_made_again(source: Path, to: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    build(source, to)
    before = contents(to)
    (to / "es_MX" / "a.ulaw").write_bytes(b"half")
    assert build(source, to)[0].changed
    assert contents(to) == before
    (source / "es_MX" / "a.wav").unlink()
    tone(source / "es_MX" / "a.wav", -10, seconds=2)
    assert build(source, to)[0].level.seconds == pytest.approx(2, abs=0.01)


def test_a_recording_wins_over_the_text(source: Path, to: Path) -> None:
    write_set(source, {"a": "Hola."})
    (prompt,) = find_prompts(source, skip=to)
    assert (prompt.recording, prompt.voice) == (None, "es-419")
    recording = tone(source / "es_MX" / "a.mp3", -10, seconds=3)
    (built,) = build(source, to)
    assert (built.prompt.recording, built.prompt.voice) == (recording, "recording")
    assert built.prompt.text == "Hola."
    assert built.level.seconds == pytest.approx(3, abs=0.1)


def test_another_text_voice_or_program_is_another_prompt(source: Path, to: Path) -> None:
    write_set(source, {"a": "Hola.", "b": "Hasta pronto."})
    build(source, to)
    write_set(source, {"a": "Hola, buen día.", "b": "Hasta pronto."})
    assert [built.changed for built in build(source, to)] == [True, False]
    write_set(source, {"a": "Hola, buen día."}, voice="es")
    (voice,) = build(source, to)
    write_set(source, {"a": "Hola, buen día."}, tts_command=f"{ESPEAK} -s 120")
    (slower,) = build(source, to)
    assert (voice.changed, slower.changed) == (True, True)
    assert slower.level.seconds > voice.level.seconds
    assert slower.hash != voice.hash


def test_the_program_that_speaks_is_started_without_a_shell(source: Path, to: Path) -> None:
    spoken = tone(source / "one.wav", -10)
    command = f"cp {spoken} {{wav_file}} --suffix ';{{text_file}}{{voice}}'"
    write_set(source, {"a": "Hola."}, tts_command=f"{command} '{{text_file}}'")
    with pytest.raises(OverdueError, match=r"cp cannot use es_MX/a: "):
        build(source, to)
    script = source / "speak"
    script.write_text('#!/bin/sh\ncp "$1" "$2" && printf %s "$3;$(cat "$4")" >&2 && exit "$5"\n')
    script.chmod(0o755)
    words = f"{script} {spoken} {{wav_file}} '$(id) {{voice}}' {{text_file}}"
    write_set(source, {"a": "¡Hola!"}, voice="v; w", tts_command=f"{words} 1")
    with pytest.raises(OverdueError, match=r"speak cannot use es_MX/a: \$\(id\) v; w;¡Hola!"):
        build(source, to)
    write_set(source, {"a": "¡Hola!"}, tts_command=f"{words} 0")
    (built,) = build(source, to)
    assert built.level.seconds == pytest.approx(1, abs=0.05)


def test_the_manifest_says_what_each_prompt_says(source: Path, to: Path) -> None:
    write_set(source, {"a": "Hola."}, version="mayo")
    tone(source / "es_MX" / "b.wav", -10)
    hashes = {built.prompt.prompt_id: built.hash for built in build(source, to)}
    manifest = (to / "es_MX" / "manifest.json").read_bytes()
    content = json.loads(manifest)
    assert content["language"] == "es_MX"
    spoken, recorded = content["prompts"]["a"], content["prompts"]["b"]
    assert [spoken[key] for key in ("text", "voice", "version")] == ["Hola.", "es-419", "mayo"]
    assert (recorded["text"], recorded["voice"]) == (None, "recording")
    for name in ("a", "b"):
        heard = hashlib.sha256((to / "es_MX" / f"{name}.sln16").read_bytes()).hexdigest()
        assert (to / "es_MX" / f"{name}.sha256").read_text() == heard
        assert content["prompts"][name]["hash"] == hashes[name] == heard
    said = (to / "es_MX" / "manifest.sha256").read_text()
    assert said == hashlib.sha256(manifest).hexdigest()


def test_a_second_source_adds_to_the_set(source: Path, to: Path, tmp_path: Path) -> None:
    write_set(source, {"a": "Hola.", "b": "Hasta pronto."})
    build(source, to)
    own = tmp_path / "own"
    tone(own / "es_MX" / "a.wav", -10)
    build(own, to)
    prompts = json.loads((to / "es_MX" / "manifest.json").read_text())["prompts"]
    assert [prompts[name]["voice"] for name in ("a", "b")] == ["recording", "es-419"]


def test_what_a_failed_build_had_made_is_not_made_again(source: Path, to: Path) -> None:
    write_set(source, {"a": "Hola."})
    (source / "es_MX" / "z.wav").write_bytes(b"this is no sound")
    with pytest.raises(OverdueError, match="ffmpeg cannot use"):
        build(source, to)
    (source / "es_MX" / "z.wav").unlink()
    assert [built.changed for built in build(source, to)] == [False]


@pytest.mark.parametrize("volume_db", [-35, -3, 0])
def test_quiet_and_loud_recordings_come_to_the_same_loudness(
    source: Path, to: Path, volume_db: float
) -> None:
    tone(source / "es_MX" / "a.wav", volume_db)
    (built,) = build(source, to)
    assert loudness_lufs(built, again=True) == pytest.approx(-23, abs=0.5)
    assert built.level.clipped_share == 0


def test_only_the_telephone_band_is_left(source: Path, to: Path) -> None:
    hum = "sine=frequency=50:sample_rate=48000:duration=2"
    voice = "sine=frequency=1000:sample_rate=48000:duration=2"
    mix = ("-filter_complex", "amix=inputs=2:normalize=0")
    make_audio(
        source / "es_MX" / "a.wav", "-f", "lavfi", "-i", hum, "-f", "lavfi", "-i", voice, *mix
    )
    (built,) = build(source, to)
    # Both tones are equally loud in the source; of a lone tone the mean is 3 dB under the peak.
    assert built.level.peak_dbfs - built.level.mean_dbfs == pytest.approx(3, abs=0.5)


def test_silence_is_refused_and_the_good_files_stay(source: Path, to: Path) -> None:
    path = tone(source / "es_MX" / "a.wav", -10)
    build(source, to)
    before = contents(to)
    path.unlink()
    make_audio(path, "-f", "lavfi", "-i", "anullsrc=duration=2")
    with pytest.raises(OverdueError, match=r"es_MX/a .*is silent .*louder"):
        build(source, to)
    assert contents(to) == before
    assert list((to / "es_MX").glob(".*")) == []


def test_hum_outside_the_telephone_band_is_silence_on_a_telephone(source: Path, to: Path) -> None:
    hum = "sine=frequency=30:duration=2:sample_rate=44100"
    make_audio(
        source / "es_MX" / "a.wav", "-f", "lavfi", "-i", hum, "-af", "afade=duration=1,volume=6dB"
    )
    with pytest.raises(OverdueError, match="is silent"):
        build(source, to)


def test_a_clipped_recording_is_refused(source: Path, to: Path) -> None:
    tone(source / "es_MX" / "a.wav", +12)
    with pytest.raises(OverdueError, match=r"is clipped .*less loud"):
        build(source, to)
    assert contents(to) == {}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("es_MX/set.yaml", b"prompts: {a: '  '}", "Write a text for a "),
        ("es_MX/set.yaml", b"prompts: {a: 12}", "in quotes"),
        ("es_MX/set.yaml", b"voice: es", "as `prompts:`"),
        ("es_MX/set.yaml", b"", "as `prompts:`"),
        ("es_MX/set.yaml", b"prompts: [", "it is not YAML"),
        ("es_MX/set.yaml", b"prompts: {a: se\xf1or}", "as UTF-8"),
        ("es_MX/set.yaml", b"prompts: {../a: Hola}", r"Rename the prompt \.\./a"),
        ("es_MX/set.yaml", b"prompts: {a: Hola}\nvoz: es", "Remove voz from"),
        ("es_MX/set.yaml", b"prompts: {a: Hola}\ntts_command: flite", "Write tts_command"),
        ("es_MX/set.yaml", b'prompts: {a: Hola}\ntts_command: "\'"', "Write tts_command"),
        ("es_MX/a.wav", b"this is no sound", "ffmpeg cannot use .*a.wav"),
        ("es_MX/a b.wav", b"", "Rename"),
        ("es_MX/a.ogg", b"", "no prompt under"),
    ],
)
def test_a_source_that_cannot_be_used_is_named(
    source: Path, to: Path, name: str, content: bytes, message: str
) -> None:
    (source / name).parent.mkdir(parents=True)
    (source / name).write_bytes(content)
    with pytest.raises(OverdueError, match=message):
        build(source, to)
    assert contents(to) == {}


@pytest.mark.parametrize("program", ["espeak-ng", "ffmpeg"])
def test_a_missing_program_is_named_with_its_package(
    source: Path, to: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program == "espeak-ng":
        write_set(source, {"a": "Hola."})
    else:
        tone(source / "es_MX" / "a.wav", -10)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OverdueError, match=f"apt-get install {program}"):
        build(source, to)


def test_a_directory_that_cannot_be_written_is_named(source: Path, tmp_path: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OverdueError, match=r"Cannot build the prompts in .*file"):
        build(source, tmp_path / "file")


def test_built_files_inside_the_source_are_no_sources(source: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    tone(source / "built" / "es_MX" / "b.wav", -10)
    assert [prompt.name for prompt in find_prompts(source, source / "built")] == ["es_MX/a"]


def test_the_command_prints_one_line_a_prompt(source: Path, to: Path) -> None:
    tone(source / "es_MX" / "a.wav", -10)
    result = CliRunner().invoke(sounds_group, ["build", "--source", str(source), "--to", str(to)])
    heading, line = result.output.splitlines()
    assert heading.split()[:4] == ["prompt", "seconds", "peak", "mean"]
    assert re.fullmatch(r"es_MX/a +1\.0 +-\d\d\.\d +-23\.\d  gsm ulaw alaw sln16", line)
