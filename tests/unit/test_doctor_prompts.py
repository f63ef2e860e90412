"""The prompts' files as they lie on the PBX's own host."""

from pathlib import Path

import pytest

from originator.doctor.finding import Finding, Verdict
from originator.doctor.prompt_side import look_at_prompts
from originator.sounds.level import Level
from originator.sounds.manifest import Entry, Manifest, hashes

PROMPT = "es_MX/hola"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    directory = tmp_path / "sounds" / "es_MX"
    directory.mkdir(parents=True)
    for ending in ("ulaw", "gsm"):
        (directory / f"hola.{ending}").write_bytes(b"\xff" * 800)
    return directory


def look(directory: Path, host: str = "127.0.0.1") -> Finding:
    (finding,) = look_at_prompts(host, str(directory.parent.parent), [PROMPT])
    return finding


def write_manifest(directory: Path) -> None:
    files = sorted(directory.iterdir())
    manifest = Manifest(directory)
    level = Level(0.1, -3.0, -20.0, 0.0)
    manifest.entries["hola"] = Entry("Hola.", "es", "1", "source", "", hashes(files), level)
    manifest.write()


def test_without_a_manifest_the_hashes_are_told(directory: Path) -> None:
    finding = look(directory)
    assert finding.verdict is Verdict.OK
    assert "gsm " in finding.seen.english
    assert "as built" not in finding.seen.english


def test_with_the_manifest_they_are_compared(directory: Path) -> None:
    write_manifest(directory)
    assert look(directory).seen.english.endswith("as built")
    (directory / "hola.gsm").write_bytes(b"\x00" * 800)
    finding = look(directory)
    assert finding.verdict is Verdict.WRONG
    assert "es_MX/hola.gsm" in finding.sentence


def test_another_hosts_files_are_not_looked_for(directory: Path) -> None:
    assert look(directory, host="192.0.2.7").verdict is Verdict.NOT_CHECKED
    assert look(directory.parent).verdict is Verdict.NOT_CHECKED
