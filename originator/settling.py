"""Settle what runs that are over left open, without calling anybody."""

import asyncio
from dataclasses import dataclass

from campaign import channel_variables as names
from campaign.clock import Clock
from campaign.file import Campaign
from campaign.settings import AmiSettings
from campaign.store import Store
from originator.ami import AmiLink
from originator.pbx import Pbx
from originator.preflight import PreflightError, check_database
from originator.settler import Decision, Settler
from originator.sweeping import sweep


@dataclass(frozen=True)
class Settling:
    """What came of it."""

    decisions: list[Decision]
    """One for each attempt that was open."""
    fastagi: str
    """``ok``, ``unreachable``, or what the FastAGI server lacks."""
    journal: dict[str, str]
    """What the PBX's journal holds afterwards: attempt to entry."""
    aside: dict[str, str]
    """Entries that mean nothing to the database: key to reason and text."""

    @property
    def left_open(self) -> list[Decision]:
        """Those that have to wait."""
        return [decision for decision in self.decisions if decision.result is None]


async def settle_open(
    campaign: Campaign, store: Store, ami: AmiSettings, secret: str, clock: Clock
) -> Settling:
    """Settle from evidence; OverdueError when the database or the PBX cannot be asked.

    FastAGI may be away: what the database has taken then stays in the PBX's journal.
    """
    await asyncio.to_thread(check_database, store, None, clock)
    link = AmiLink(ami)
    await link.connect()
    try:
        pbx = Pbx(link, secret)
        probe = await pbx.probe(campaign.flow_terms)
        if probe.health is None:
            raise PreflightError(
                "the PBX could not run [overdue-probe] or write its journal (AstDB), so that a"
                " missing entry proves nothing: look into Asterisk's log, and check the disk"
            )
        decisions = await Settler(store, pbx, probe, clock).settle_all()
        if probe.health == "ok":
            families = (names.JOURNAL_FAMILY, names.BACK_FAMILY)
            await sweep(pbx, families, forget=[probe.probe_id])
        return Settling(
            decisions,
            probe.health,
            await pbx.journal(),
            await pbx.journal(names.ASIDE_FAMILY),
        )
    finally:
        link.close()
