"""``originator sounds build`` with the real espeak-ng and ffmpeg."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from campaign.errors import OverdueError
from originator.sounds import build, find_prompts, sounds_group
from originator.sounds.command import packaged_prompts

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


def test_the_packaged_message_is_built_in_every_format(to: Path) -> None:
    built = next(b for b in build(packaged_prompts(), to) if "morosos" in b.prompt.name)
    assert built.prompt.name == "es_MX/morosos_natalia"
    assert {file.suffix for file in built.files} == ENDINGS
    assert 12 <= built.level.seconds <= 16
    assert -4 < built.level.peak_dbfs < -2
    sizes = {file.suffix: file.stat().st_size for file in built.files}
    assert sizes[".sln16"] / 32000 == pytest.approx(built.level.seconds)
    assert sizes[".ulaw"] / 8000 == pytest.approx(built.level.seconds, abs=0.01)
    assert sizes[".alaw"] == sizes[".ulaw"]
    assert sizes[".gsm"] / 33 * 0.02 == pytest.approx(built.level.seconds, abs=0.05)


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
    (source / "es_MX").mkdir(parents=True)
    (source / "es_MX" / "a.txt").write_text("Hola.", encoding="utf-8")
    assert find_prompts(source, skip=to)[0].is_text
    recording = tone(source / "es_MX" / "a.mp3", -10, seconds=3)
    (built,) = build(source, to)
    assert built.prompt.source == recording
    assert built.level.seconds == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("volume_db", [-35, -3, 0])
def test_quiet_and_loud_recordings_come_to_the_same_peak(
    source: Path, to: Path, volume_db: float
) -> None:
    tone(source / "es_MX" / "a.wav", volume_db)
    (built,) = build(source, to)
    assert built.level.peak_dbfs == pytest.approx(-3, abs=1)
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
        ("es_MX/a.txt", b"  \n", "it is empty"),
        ("es_MX/a.txt", b"se\xf1or", "as UTF-8"),
        ("es_MX/a.wav", b"this is no sound", "ffmpeg cannot use .*a.wav"),
        ("es_MX/a b.txt", b"Hola.", "Rename"),
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


@pytest.mark.parametrize(("ending", "program"), [("txt", "espeak-ng"), ("wav", "ffmpeg")])
def test_a_missing_program_is_named_with_its_package(
    source: Path, to: Path, ending: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "es_MX").mkdir(parents=True)
    (source / "es_MX" / f"a.{ending}").write_text("Hola.", encoding="utf-8")
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
    assert re.fullmatch(r"es_MX/a +1\.0 +-3\.\d +-6\.\d  gsm ulaw alaw sln16", line)
