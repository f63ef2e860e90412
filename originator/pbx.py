"""What the originator asks a PBX, over one AMI link, with the least rights."""

import asyncio
import re
from collections.abc import Collection

from ulid import ULID

from campaign import channel_variables as names
from campaign.flow_terms import FlowTerms
from campaign.token import token
from dialplan.steps import Include, Line, Step
from originator.ami import ActionError, AmiLink, Event
from originator.originate import (
    digits,
    hashed_variable,
    inbound_variable,
    local_call,
    sound_portions,
    sound_variable,
    token_variable,
)

_HASH = re.compile("[0-9a-f]{64}")
PROBE_SECONDS = 8.0
"""FastAGI's connect limit is 2 s (res/res_agi.c), the Local channel and the database take less."""
TRUNK_TROUBLE = frozenset({"INVALID", "UNAVAILABLE"})
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

    async def loaded(self, context: str) -> set[Line] | None:
        """What a context holds, those that it includes not followed; None: it is not loaded."""
        try:
            shown = await self.link.listed("ShowDialPlan", Context=context)
        except ActionError as error:
            if "not find context" in str(error):
                return None
            raise
        return {_line(each) for each in shown if each["context"] == context}

    async def offered(self) -> dict[str, str]:
        """The actions that the AMI user may use: description and rights by name in lower case."""
        return (await self.link.action("ListCommands")).headers

    async def variable(self, expression: str) -> str:
        """A global, or a function's value; empty: there is none."""
        return (await self.link.action("Getvar", Variable=expression))["value"]

    async def trunk_state(self, label: str) -> str:
        """The device state of a trunk: NOT_INUSE, INUSE, UNAVAILABLE, INVALID, UNKNOWN …

        ``label``: technology/name.
        """
        return await self.variable(f"DEVICE_STATE({label})")

    async def is_qualified(self, label: str) -> bool:
        """Whether the PBX asks a trunk's far end now and then; else its state says little."""
        technology, _, name = label.partition("/")
        if technology == "SIP":
            return await self.variable(f"SIPPEER({name},status)") not in ("", "Unmonitored")
        aors = await self.variable(f"PJSIP_ENDPOINT({name},aors)")
        every = [
            await self.variable(f"PJSIP_AOR({aor.strip()},qualify_frequency)")
            for aor in aors.split(",")
            if aor.strip()
        ]
        return any(seconds not in ("", "0") for seconds in every)

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
        return await self.variable(pattern) == "1"

    async def probe(self, terms: FlowTerms) -> "Probe":
        """Let the PBX try its journal, FastAGI and a flow's sounds; see [overdue-probe]."""
        first, *others = sound_portions(terms.sounds + terms.fixed_sounds)
        probe = await self._probe(terms, first)
        for sounds in others:
            if probe.health is not None:
                probe.missing += (await self._probe(terms, sounds)).missing
        return probe

    async def _probe(self, terms: FlowTerms, sounds: Collection[str]) -> "Probe":
        probe_id = str(ULID())
        variables = [
            sound_variable(sounds),
            hashed_variable(terms.hashed),
            token_variable(self.token(probe_id)),
            inbound_variable(self.token(names.AGI_INBOUND)),
        ]
        await self.link.action("Originate", **local_call(probe_id, names.CONTEXT_PROBE, variables))
        deadline = asyncio.get_running_loop().time() + PROBE_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            entry = await self.journal_entry(probe_id, names.PROBE_FAMILY)
            if entry is not None:
                health, found, said = [*entry.split("|"), "", ""][:3]
                there = zip(sounds, found.ljust(len(sounds), "0"), strict=False)
                missing = [name for name, yes in there if yes != "1"]
                return Probe(probe_id, health, missing, said if _HASH.fullmatch(said) else None)
            await asyncio.sleep(0.1)
        return Probe(probe_id, None, [], None)

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

    def __init__(
        self, probe_id: str, health: str | None, missing: list[str], prompt_hash: str | None
    ) -> None:
        """``health``: the word of FastAGI's health request; None: the PBX wrote nothing.

        ``missing``: the sounds that are not among the PBX's sounds; ``prompt_hash``: of the
        message, as it lies beside it; None: it does not.
        """
        self.probe_id = probe_id
        self.health = health
        self.missing = missing
        self.prompt_hash = prompt_hash


def _line(shown: Event) -> Line:
    if included := shown["includecontext"]:
        return Include(shown["context"], included)
    return Step(
        shown["context"],
        shown["extension"],
        int(shown["priority"] or 0),
        shown["application"],
        shown["appdata"],
    )
