"""What the carrier says: spoken at ``up``, as no recording of it is kept in the repository."""

import subprocess
from pathlib import Path

from lab.errors import LabError

_MACHINE = (
    "Hola, en este momento no puedo contestar. "
    "Por favor deje su mensaje después del tono y le devuelvo la llamada."
)
_UNAVAILABLE = "El número que usted marcó no se encuentra disponible. Intente más tarde."
_MACHINE_SECONDS = 4
_PERSON = "¿Aló?"
_TELEPHONE = ("-ar", "8000", "-ac", "1", "-f", "mulaw")


def speak_carrier_sounds(directory: Path) -> None:
    """Write the sounds, of which ``machine.ulaw`` lasts 4 s; keeps those that are there."""
    directory.mkdir(parents=True, exist_ok=True)
    exactly = ("-af", "apad", "-t", str(_MACHINE_SECONDS))
    _speak(_MACHINE, directory / "machine.ulaw", *exactly)
    _speak(_PERSON, directory / "alo.ulaw")
    _speak(_UNAVAILABLE, directory / "unavailable.ulaw")
    encode_tone(1000, 0.5, directory / "beep.ulaw")
    encode_tone(440, 3, directory / "agent.ulaw")


def encode_tone(hertz: int, seconds: float, target: Path) -> None:
    """Write a tone, unless it is there."""
    target.parent.mkdir(exist_ok=True)
    _encode(["-f", "lavfi", "-i", f"sine=frequency={hertz}:duration={seconds}"], target)


def _speak(text: str, target: Path, *filters: str) -> None:
    if target.exists():
        return
    speech = target.with_suffix(".wav")
    _run(["espeak-ng", "-v", "es-419", "-w", str(speech), text])
    _encode(["-i", str(speech), *filters], target)
    speech.unlink()


def _encode(source: list[str], target: Path) -> None:
    if target.exists():
        return
    partial = target.with_suffix(".partial")
    _run(["ffmpeg", "-v", "error", "-nostdin", "-y", *source, *_TELEPHONE, str(partial)])
    partial.rename(target)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{command[0]} could not make the carrier's sounds: {done.stderr.strip()}")
