"""Reads the prompts' files where the command runs on the PBX's own host."""

import hashlib
import ipaddress
from collections.abc import Iterable, Iterator
from pathlib import Path

from originator.doctor.finding import Finding, Words, not_checked
from originator.doctor.prompt_files import SoundFile, prompt_files
from originator.sounds.manifest import Manifest

FORMATS = ("ulaw", "alaw", "gsm", "sln16", "wav")
"""Those that [overdue-probe] looks for."""


def look_at_prompts(host: str, data: str, prompts: Iterable[str]) -> Iterator[Finding]:
    """``host``: the PBX; ``data``: its data directory."""
    sounds = Path(data) / "sounds"
    here = _is_this_host(host) and data.startswith("/") and sounds.is_dir()
    for prompt in prompts:
        if here:
            yield prompt_files(prompt, _files(sounds, prompt))
        else:
            yield not_checked(
                f"prompt files {prompt}",
                Words(
                    "the PBX's sounds are not on this host",
                    "los sonidos de la PBX no están en este servidor",
                ),
            )


def _is_this_host(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _files(sounds: Path, name: str) -> dict[str, SoundFile]:
    language, _, prompt_id = name.partition("/")
    entry = Manifest(sounds / language).entries.get(prompt_id)
    prompt = sounds / name
    found = {}
    for ending in FORMATS:
        file = prompt.with_name(f"{prompt.name}.{ending}")
        if file.is_file():
            content = file.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            built = entry.files.get(file.name) if entry else None
            found[ending] = SoundFile(len(content), sha256, sha256 == built if built else None)
    return found
