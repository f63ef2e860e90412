"""What the originator asks a PBX, over one AMI link, with the least rights."""

import asyncio
from collections.abc import Collection

from ulid import ULID

from campaign import channel_variables as names
from campaign.token import token
from originator.ami import ActionError, AmiLink
from originator.originate import digits, local_call, sound_variable, token_variable

PROBE_SECONDS = 8.0
"""FastAGI's connect limit is 2 s (res/res_agi.c), the Local channel and the database take less."""
TRUNK_TROUBLE = {
    "INVALID": "is not configured on the PBX: add it to pjsip.conf or sip.conf",
    "UNAVAILABLE": "does not reach its carrier: check its address and the network",
}
"""Device states of a trunk that carries no call: Asterisk makes no channel for it."""


class Pbx:
    """One PBX behind an AMI link."""

    def __init__(self, link: AmiLink, secret: str) -> None:
        """``secret``: of the tokens. The link must be connected when a method is called."""
        self.link = link
        self.secret = secret

    def token(self, call_id: str) -> str:
        """What a report of the call must carry."""
        return token(self.secret, call_id)

    async def boot(self) -> str:
        """The PBX's boot identity, to compare for equality only: uptime breaks with the clock."""
        status = await self.link.action("CoreStatus")
        return f"{status['corestartupdate']} {status['corestartuptime']}"

    async def has_context(self, context: str) -> bool:
        """Whether a dialplan context is loaded."""
        try:
            await self.link.listed("ShowDialPlan", Context=context)
        except ActionError:
            return False
        return True

    async def trunk_state(self, label: str) -> str:
        """The device state of a trunk: NOT_INUSE, INUSE, UNAVAILABLE, INVALID, UNKNOWN …

        ``label``: technology/name.
        """
        variable = f"DEVICE_STATE({label})"
        return (await self.link.action("Getvar", Variable=variable))["value"]

    async def live_calls(self) -> set[str]:
        """The Uniqueids of all channels that are up."""
        return {channel["uniqueid"] for channel in await self.link.listed("CoreShowChannels")}

    async def journal_entry(
        self, attempt_id: str, family: str = names.JOURNAL_FAMILY
    ) -> str | None:
        """The journal's entry of an attempt; None: there is none."""
        try:
            answer = await self.link.listed("DBGet", Family=family, Key=attempt_id)
        except ActionError as error:
            if "not found" in str(error):
                return None
            raise
        return answer[0]["val"] if answer else None

    async def journal(self, family: str = names.JOURNAL_FAMILY) -> dict[str, str]:
        """All entries of a family, by key."""
        try:
            entries = await self.link.listed("DBGetTree", Family=family)
        except ActionError as error:
            if "not found" in str(error):
                return {}
            raise
        return {entry["key"].removeprefix(f"/{family}/"): entry["val"] for entry in entries}

    async def allows(self, dialled: str) -> bool:
        """Whether the site's destinations hold a number, as it is dialled."""
        pattern = f"DIALPLAN_EXISTS({names.CONTEXT_ANSWERED},{digits(dialled)},1)"
        return (await self.link.action("Getvar", Variable=pattern))["value"] == "1"

    async def probe(self, sounds: Collection[str]) -> "Probe":
        """Let the PBX try its journal, FastAGI and these sounds; see [overdue-probe]."""
        probe_id = str(ULID())
        variables = [sound_variable(sounds), token_variable(self.token(probe_id))]
        await self.link.action("Originate", **local_call(probe_id, names.CONTEXT_PROBE, variables))
        deadline = asyncio.get_running_loop().time() + PROBE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            entry = await self.journal_entry(probe_id, names.PROBE_FAMILY)
            if entry is not None:
                health, _, found = entry.partition("|")
                there = zip(sounds, found.ljust(len(sounds), "0"), strict=False)
                return Probe(probe_id, health, [name for name, yes in there if yes != "1"])
            await asyncio.sleep(0.1)
        return Probe(probe_id, None, [])

    async def probe_readable(self, probe: "Probe") -> bool:
        """Whether what the probe wrote is still there: the journal works."""
        return await self.journal_entry(probe.probe_id, names.PROBE_FAMILY) is not None

    async def sweep(self, forget: Collection[str] = ()) -> None:
        """Let FastAGI take what the journal still holds; ``forget``: probe entries to delete."""
        variables = [f"DB_DELETE({names.PROBE_FAMILY}/{probe_id})=1" for probe_id in forget]
        await self.link.action(
            "Originate", **local_call(str(ULID()), names.CONTEXT_SWEEP, variables)
        )


class Probe:
    """What a probe found."""

    def __init__(self, probe_id: str, health: str | None, missing: list[str]) -> None:
        """``health``: the word of FastAGI's health request; None: the PBX wrote nothing.

        ``missing``: the sounds that are not among the PBX's sounds.
        """
        self.probe_id = probe_id
        self.health = health
        self.missing = missing
