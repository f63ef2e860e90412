"""How the campaign's last run ended."""

from campaign.store.database import Row
from originator.doctor.finding import Finding, Words, ok, warning
from originator.exit_codes import ExitCode
from originator.run_state import run_state
from originator.stop_reason import StopReason

_NOTHING_WRONG = {
    StopReason.SIGNAL,
    StopReason.OUTSIDE_HOURS,
    StopReason.RUN_TIME_OVER,
    StopReason.CALLS_PER_DAY_REACHED,
    StopReason.MINUTES_PER_DAY_REACHED,
}
"""Ends that a site plans for."""


def last_run(campaign: str, run: Row | None) -> Finding:
    """``run``: as `Reports` gives it; None: there was none. What is past is never wrong."""
    if run is None:
        return ok(
            "last run",
            f"the campaign {campaign} has not run yet",
            f"la campaña {campaign} aún no se ha ejecutado",
        )
    stands = run_state(run)
    began = f"{run['started_at']:%Y-%m-%d %H:%M} UTC"
    seen = Words(f"run of {began}: {stands.english}", f"corrida de {began}: {stands.spanish}")
    if stands.state == "died":
        return warning(
            "last run",
            seen,
            Words("`originator settle CAMPAIGN.yaml`", "`originator settle CAMPAIGN.yaml`"),
        )
    if stands.state == "ended" and not _planned(run["stop_reason"]):
        return warning(
            "last run", seen, Words("see `originator report`", "vea `originator report`")
        )
    return ok("last run", seen.english, seen.spanish)


def _planned(stored: str) -> bool:
    try:
        reason = StopReason(stored.partition(": ")[0])
    except ValueError:  # of another release
        return True
    return reason in _NOTHING_WRONG or reason.exit_code is ExitCode.DONE
