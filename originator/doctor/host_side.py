"""Asks this host's systemd for the campaign's timer."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from originator.doctor.finding import NO_CAMPAIGN, Finding, Words, not_checked
from originator.doctor.timers import PROPERTIES, service, timer

_RUNNING = Path("/run/systemd/system")
"""sd_booted(3)."""
_SECONDS = 10


def look_at_host(campaign_file: Path | None) -> Iterator[Finding]:
    """The playbook names the units after the campaign's file."""
    if campaign_file is None:
        yield not_checked("timer", NO_CAMPAIGN)
        return
    if not _RUNNING.is_dir():
        yield not_checked(
            "timer", Words("this host has no systemd", "este servidor no tiene systemd")
        )
        return
    unit = f"overdue-run@{campaign_file.stem}"
    yield timer(f"{unit}.timer", _shown(f"{unit}.timer", PROPERTIES))
    yield from service(f"{unit}.service", _shown(f"{unit}.service", ("Result",)).get("Result", ""))


def _shown(unit: str, properties: tuple[str, ...]) -> dict[str, str]:
    command = ("systemctl", "show", unit, f"--property={','.join(properties)}")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
