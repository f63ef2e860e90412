"""What the PBX has loaded is what the files say: a reload accepts much without a word."""

import asyncio
import re

from campaign.settings import AmiSettings
from dialplan.steps import Step, shown, written
from lab import Lab
from lab.lab import REPOSITORY
from originator.ami import AmiLink

TEXT = (REPOSITORY / "dialplan" / "overdue.conf").read_text()


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
            Step(e["context"], e["extension"], int(e["priority"]), e["application"], e["appdata"])
            for e in shown
            if e["application"]
        }

    return asyncio.run(ask())


def test_every_step_is_loaded_as_written(lab: Lab) -> None:
    files = ("overdue.conf", "samples/extensions_from_voip.conf")
    wanted = set().union(*(written((REPOSITORY / "dialplan" / file).read_text()) for file in files))
    contexts = {context for context, *_ in wanted}
    assert len(wanted) > 40
    assert loaded(lab, contexts) == wanted


def test_every_application_exists(lab: Lab) -> None:
    for application in sorted({step[3] for step in written(TEXT)}):
        shown = lab.pbx.cli(f"core show application {application}")
        assert "Info about Application '" in shown, application


def test_the_command_line_shows_the_same(lab: Lab) -> None:
    contexts = re.findall(r"^\[([\w-]+)\]", TEXT, re.MULTILINE)
    printed = "".join(lab.pbx.cli(f"dialplan show {context}") for context in contexts)
    assert shown(printed) == written(TEXT)
