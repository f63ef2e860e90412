"""What the PBX has loaded is what the files say: a reload accepts much without a word."""

import asyncio
import re
from pathlib import Path

from campaign.settings import AmiSettings
from lab import Lab
from lab.lab import REPOSITORY
from originator.ami import AmiLink

Step = tuple[str, str, int, str, str]
"""Context, extension, priority, application, its data."""


def steps_of(file: Path) -> set[Step]:
    """The steps that a dialplan file writes out."""
    steps = set()
    context = extension = ""
    priority = 0
    for line in file.read_text().splitlines():
        text = re.split(r"(?<!\\);", line)[0].replace("\\;", ";").strip()
        if found := re.fullmatch(r"\[([^\]]+)\]", text):
            context = found[1]
        elif found := re.fullmatch(r"(exten|same) => (?:(\w+),)?(?:1|n)(?:\(\w+\))?,(.+)", text):
            priority = 1 if found[1] == "exten" else priority + 1
            extension = found[2] if found[1] == "exten" else extension
            application, _, data = found[3].partition("(")
            steps.add((context, extension, priority, application, data.removesuffix(")")))
    return steps


def loaded(lab: Lab, contexts: set[str]) -> set[Step]:
    """The steps that the PBX shows over AMI."""

    async def ask() -> set[Step]:
        environment = lab.env()
        link = AmiLink(
            AmiSettings(
                host=environment["ASTERISK_HOST"],
                port=int(environment["ASTERISK_PORT"]),
                username=environment["ASTERISK_USERNAME"],
                password=environment["ASTERISK_PASSWORD"],
            )
        )
        await link.connect()
        shown = [e for c in contexts for e in await link.listed("ShowDialPlan", Context=c)]
        link.close()
        return {
            (e["context"], e["extension"], int(e["priority"]), e["application"], e["appdata"])
            for e in shown
            if e["application"]
        }

    return asyncio.run(ask())


def test_every_step_is_loaded_as_written(lab: Lab) -> None:
    files = ("overdue.conf", "samples/extensions_from_voip.conf")
    written = set().union(*(steps_of(REPOSITORY / "dialplan" / file) for file in files))
    contexts = {context for context, *_ in written}
    assert len(written) > 40
    assert loaded(lab, contexts) == written


def test_every_application_exists(lab: Lab) -> None:
    for application in sorted({step[3] for step in steps_of(REPOSITORY / "dialplan/overdue.conf")}):
        shown = lab.pbx.cli(f"core show application {application}")
        assert "Info about Application '" in shown, application
