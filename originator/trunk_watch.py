"""Tells the operator when a trunk is paused and when it is back."""

import asyncio
import logging

from campaign.breaker import Health
from campaign.file import Campaign
from campaign.store import StoreError
from campaign.store.trunks import Trunks
from originator.progress import Watcher

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class TrunkWatch:
    """Looks at the trunks of a run, whoever's calls trouble them."""

    def __init__(self, campaign: Campaign, trunks: Trunks, watcher: Watcher) -> None:
        """Nothing is asked before `watch`."""
        self._labels = [trunk.label for trunk in campaign.trunks]
        self._trunks = trunks
        self._watcher = watcher
        self._before: dict[str, Health] = {}
        self.paused: set[str] = set()
        """The trunks that were paused at some time since the first look."""

    async def watch(self) -> None:
        """Work until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once; with the database away, nothing is learnt."""
        try:
            found = await asyncio.to_thread(self._trunks.troubled)
        except StoreError as error:
            log.warning("action=watch_trunks %s", error)
            return
        now = {name: health for name, health in found.items() if health.paused_until}
        for text in notices(self._before, now, self._labels):
            self._watcher.notice(text)
        self.paused |= now.keys()
        self._before = now


def notices(before: dict[str, Health], now: dict[str, Health], labels: list[str]) -> list[str]:
    """What has changed; ``before`` and ``now`` hold the paused trunks, ``labels`` all of the run's,
    in its order."""
    told = []
    for label in labels:
        if label in now and _pauses(before.get(label)) != now[label].pauses:
            told.append(f"the trunk {why_troubled(label, now[label])}")
        elif label in before and label not in now:
            told.append(f"the trunk {label} works again")
    if not told:
        return []
    in_service = next((label for label in labels if label not in now), None)
    told.append(f"calls go over {in_service}" if in_service else "no calls: all trunks are paused")
    return told


def why_troubled(label: str, health: Health) -> str:
    """What is the matter with a trunk whose last calls failed, in words."""
    row = f"{health.failures} failures in a row, the last one {health.failure}"
    if health.paused_until is None:
        return f"{label} is in service after {row}"
    if health.probe is not None:
        return f"{label} is paused: {row}; the attempt {health.probe} tries it"
    return f"{label} is paused: {row}; one call is tried from {health.paused_until:%H:%M:%S} UTC"


def _pauses(health: Health | None) -> int:
    return health.pauses if health else 0
