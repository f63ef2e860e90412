"""The whole examination: file, database, PBX and host, each whatever became of the others."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from campaign.clock import Clock
from campaign.errors import CampaignError
from campaign.file import Campaign, load
from originator.doctor.database_side import look_at_database
from originator.doctor.finding import NO_CAMPAIGN, Finding, Words, not_checked, ok, refused
from originator.doctor.host_side import look_at_host
from originator.doctor.pbx_side import look_at_pbx


def examine(
    campaign_file: Path | None, environment: Mapping[str, str], clock: Clock
) -> Iterator[Finding]:
    """Every finding, as soon as it is there; ``campaign_file``: None: what needs none."""
    finding, campaign = _campaign(campaign_file)
    yield finding
    yield from look_at_database(environment, campaign, clock)
    yield from asyncio.run(_pbx(environment, campaign))
    yield from look_at_host(campaign_file)


def _campaign(file: Path | None) -> tuple[Finding, Campaign | None]:
    if file is None:
        todo = Words("`originator doctor CAMPAIGN.yaml`", "`originator doctor CAMPAIGN.yaml`")
        return not_checked("campaign", NO_CAMPAIGN, todo), None
    try:
        campaign = load(file)
    except CampaignError as error:
        return refused("campaign", error), None
    return ok("campaign", f"{campaign.name}, {file}", f"{campaign.name}, {file}"), campaign


async def _pbx(environment: Mapping[str, str], campaign: Campaign | None) -> list[Finding]:
    return [finding async for finding in look_at_pbx(environment, campaign)]
