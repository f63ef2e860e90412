"""What must be right before the first call; each failure is one sentence that says what to mend."""

from campaign import channel_variables as names
from campaign.clock import Clock
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.source import Source
from campaign.store import Store, StoreError, customers
from campaign.store.migrate import require_current
from originator.doctor.clocks import clocks
from originator.doctor.contexts import missing
from originator.doctor.finding import Finding, Verdict
from originator.doctor.probing import fastagi, prompts
from originator.doctor.trunks import trunk
from originator.gate import off_by
from originator.pbx import TRUNK_TROUBLE, Pbx, Probe

CONTEXTS = (
    names.CONTEXT_ANSWERED,
    names.CONTEXT_MESSAGE,
    names.CONTEXT_FALLBACK,
    names.CONTEXT_TRANSFER,
    names.CONTEXT_TALK,
    names.CONTEXT_HANGUP,
    names.CONTEXT_SWEEP,
    names.CONTEXT_PROBE,
    names.CONTEXT_DESTINATIONS,
)


class PreflightError(OverdueError):
    """Something is not ready, so that no call was made."""


def check_database(store: Store, source: Source | None, clock: Clock) -> None:
    """Our tables are current, the company's can be read, and the clocks agree."""
    require_current(store.database)
    if source is not None:
        try:
            customers.probe(store.database, source)
        except StoreError as error:
            raise PreflightError(
                f"the company's tables cannot be used as the campaign's `source` says: {error}"
            ) from error
    asked_at = clock.now()
    require(clocks(off_by(asked_at, store.runs.database_time(), clock.now())))


async def check_pbx(pbx: Pbx, campaign: Campaign) -> Probe:
    """Contexts, trunk, journal, FastAGI and prompts; returns the probe, whose entry stays."""
    for context in CONTEXTS:
        if not await pbx.has_context(context):
            require(missing(context))
    await _check_trunks(pbx, campaign)
    probe = await pbx.probe(campaign.flow_terms)
    require(fastagi(probe.health))
    for finding in prompts(probe.missing, probe.missing, probe.health):
        require(finding)
    return probe


def require(finding: Finding) -> None:
    """Raise PreflightError where something is wrong."""
    if finding.verdict is Verdict.WRONG:
        raise PreflightError(finding.sentence)


async def _check_trunks(pbx: Pbx, campaign: Campaign) -> None:
    """Every trunk is configured, and one of them reaches its carrier."""
    states = {trunk.label: await pbx.trunk_state(trunk.label) for trunk in campaign.trunks}
    troubled = {label: state for label, state in states.items() if state in TRUNK_TROUBLE}
    if "INVALID" in troubled.values() or len(troubled) == len(states):
        # The first that is not configured, else the first of those that all fail.
        label = min(troubled, key=lambda each: troubled[each] != "INVALID")
        require(trunk(label, troubled[label], qualified=True))
