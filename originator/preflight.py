"""What must be right before the first call; each failure is one sentence that says what to mend."""

from campaign import channel_variables as names
from campaign.clock import Clock
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.source import Source
from campaign.store import Store, StoreError, customers
from campaign.store.migrate import require_current
from originator.gate import CLOCK_TOLERANCE, off_by
from originator.pbx import TRUNK_TROUBLE, Pbx, Probe

CONTEXTS = (
    names.CONTEXT_ANSWERED,
    names.CONTEXT_MESSAGE,
    names.CONTEXT_FALLBACK,
    names.CONTEXT_HANGUP,
    names.CONTEXT_SWEEP,
    names.CONTEXT_PROBE,
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
    difference = abs(off_by(asked_at, store.runs.database_time(), clock.now()))
    if difference > CLOCK_TOLERANCE:
        raise PreflightError(
            f"this host's clock and the database's differ by {difference.total_seconds():.1f} s"
            f" (2 s allowed): synchronise both with NTP"
        )


async def check_pbx(pbx: Pbx, campaign: Campaign) -> Probe:
    """Contexts, trunk, journal, FastAGI and prompts; returns the probe, whose entry stays."""
    for context in CONTEXTS:
        if not await pbx.has_context(context):
            raise PreflightError(
                f"the PBX has no context [{context}]: include dialplan/overdue.conf"
                " and run `dialplan reload`"
            )
    if not await pbx.has_context(names.CONTEXT_DESTINATIONS):
        raise PreflightError(
            f"the PBX has no context [{names.CONTEXT_DESTINATIONS}], which says whom this site may"
            " call: include dialplan/overdue_destinations.conf and run `dialplan reload`"
        )
    await _check_trunks(pbx, campaign)
    probe = await pbx.probe(campaign.flow_terms.sounds)
    if probe.health is None:
        raise PreflightError(
            "the PBX could not run [overdue-probe] or write its journal (AstDB): look into"
            " Asterisk's log, and check the disk and the AMI user's right `originate`"
        )
    if probe.health == "unreachable":
        raise PreflightError(
            "the PBX gets no answer from FastAGI: start `fastagi-server serve`, and compare its"
            f" address with the global {names.FASTAGI}"
        )
    if probe.health == "secret":
        raise PreflightError(
            "the FastAGI server does not accept the originator's token: give both programs the same"
            " OVERDUE_SECRET, and the PBX the dialplan/overdue.conf of this release"
        )
    if probe.health != "ok":
        raise PreflightError(
            f"the FastAGI server is not well ({probe.health}): check its database variables MYSQL_*"
        )
    if probe.missing:
        raise PreflightError(
            f"the prompt {probe.missing[0]} is not among the PBX's sounds: build it with"
            " `originator sounds build` and copy it there"
        )
    return probe


async def _check_trunks(pbx: Pbx, campaign: Campaign) -> None:
    """Every trunk is configured, and one of them reaches its carrier."""
    states = {trunk.label: await pbx.trunk_state(trunk.label) for trunk in campaign.trunks}
    troubled = {label: state for label, state in states.items() if state in TRUNK_TROUBLE}
    if "INVALID" in troubled.values() or len(troubled) == len(states):
        # The first that is not configured, else the first of those that all fail.
        label = min(troubled, key=lambda each: troubled[each] != "INVALID")
        raise PreflightError(f"the trunk {label} {TRUNK_TROUBLE[troubled[label]]}")
