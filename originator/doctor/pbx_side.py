"""Asks the PBX over AMI, one question after the other; what fails does not hide the rest."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping

from campaign import channel_variables as names
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.settings import AmiSettings, SettingsError, pbx_settings
from dialplan.packaged import packaged
from dialplan.steps import Line
from originator.ami import AmiError, AmiLink
from originator.doctor.contexts import destinations, same
from originator.doctor.events import NEEDED, events
from originator.doctor.finding import NO_CAMPAIGN, Finding, Words, not_checked, ok, refused
from originator.doctor.manager import manager
from originator.doctor.probing import fastagi, fixed_prompts, prompt_hash, prompts
from originator.doctor.prompt_side import look_at_prompts
from originator.doctor.site_globals import fastagi_address
from originator.doctor.trunks import trunk
from originator.pbx import Pbx

_EVENT_SECONDS = 2.0
"""From the probe's end until its events must be here."""


async def look_at_pbx(
    environment: Mapping[str, str], campaign: Campaign | None
) -> AsyncIterator[Finding]:
    """``campaign``: None: what depends on one is not checked."""
    try:
        settings, secret = pbx_settings(environment)
        link = AmiLink(settings)
        await link.connect()
    except (SettingsError, AmiError) as error:
        yield refused("ami", error)
        for check in ("ami rights", "ami events", "dialplan", "trunk", "fastagi", "prompt"):
            yield not_checked(
                check, Words("the PBX cannot be asked", "no se puede consultar la PBX")
            )
        return
    try:
        yield ok(
            "ami",
            f"{settings.username} is logged in at {link.name}",
            f"{settings.username} inició sesión en {link.name}",
        )
        async for finding in _look(Pbx(link, secret), settings, campaign):
            yield finding
    finally:
        link.close()


async def _look(
    pbx: Pbx, settings: AmiSettings, campaign: Campaign | None
) -> AsyncIterator[Finding]:
    try:
        for finding in manager(settings.username, await pbx.offered()):
            yield finding
    except AmiError as error:
        yield refused("ami rights", error)
    for context, wanted in sorted(packaged().items()):
        yield await _one(f"dialplan {context}", _context(pbx, context, wanted))
    yield await _one(f"dialplan {names.CONTEXT_DESTINATIONS}", _destinations(pbx))
    yield await _one(f"global {names.FASTAGI}", _fastagi_address(pbx))
    if campaign is None:
        for check in ("trunk", "fastagi", "prompt", "ami events"):
            yield not_checked(check, NO_CAMPAIGN)
        return
    for each in campaign.trunks:
        yield await _one(f"trunk {each.label}", _trunk(pbx, each.label))
    try:
        async for finding in _probe(pbx, settings, campaign):
            yield finding
    except OverdueError as error:
        yield refused("fastagi", error)


async def _one(check: str, finding: Awaitable[Finding]) -> Finding:
    try:
        return await finding
    except AmiError as error:
        return refused(check, error)


async def _context(pbx: Pbx, context: str, wanted: set[Line]) -> Finding:
    return same(context, wanted, await pbx.loaded(context))


async def _destinations(pbx: Pbx) -> Finding:
    return destinations(await pbx.loaded(names.CONTEXT_DESTINATIONS))


async def _fastagi_address(pbx: Pbx) -> Finding:
    return fastagi_address(await pbx.variable(names.FASTAGI))


async def _trunk(pbx: Pbx, label: str) -> Finding:
    return trunk(label, await pbx.trunk_state(label), qualified=await pbx.is_qualified(label))


async def _probe(pbx: Pbx, settings: AmiSettings, campaign: Campaign) -> AsyncIterator[Finding]:
    """FastAGI, the prompts and the events: one call into our own dialplan tells of all three."""
    wanted = campaign.flow_terms.sounds
    probe = await pbx.probe(campaign.flow_terms)
    yield fastagi(probe.health)
    for finding in prompts(wanted, probe.missing, probe.health):
        yield finding
    for finding in fixed_prompts(campaign.flow_terms, probe.missing, probe.health):
        yield finding
    if probe.health is not None:
        yield prompt_hash(campaign.flow_terms.hashed, probe.prompt_hash)
    yield events(settings.username, await _heard(pbx.link))
    if probe.health is not None:
        await pbx.sweep([probe.probe_id])
    sounds = await pbx.variable("ASTDATADIR")
    for finding in look_at_prompts(settings.host, sounds, wanted):
        yield finding


async def _heard(link: AmiLink) -> Mapping[str, str]:
    deadline = asyncio.get_running_loop().time() + _EVENT_SECONDS
    while not link.heard.keys() >= NEEDED and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.05)
    return link.heard
