"""When systemd runs the campaign next, and how its last time ended."""

from collections.abc import Iterable, Mapping

from originator.doctor.finding import Finding, Words, not_checked, ok, warning, wrong

PROPERTIES = ("LoadState", "ActiveState", "SubState", "NextElapseUSecRealtime")
"""Of the timer."""


def timer(unit: str, shown: Mapping[str, str]) -> Finding:
    """``shown``: PROPERTIES of the timer ``unit``, as `systemctl show` gives them."""
    if shown.get("LoadState") != "loaded":
        return not_checked(
            "timer",
            Words(
                f"there is no {unit}: somebody else starts the campaign (cron, by hand)",
                f"no hay {unit}: otro inicia la campaña (cron, a mano)",
            ),
        )
    if shown.get("SubState") == "running":
        # systemd sets the next time when the run is over.
        return ok(
            "timer", f"{unit} started a run that goes on", f"{unit} inició una corrida que sigue"
        )
    following = shown.get("NextElapseUSecRealtime", "")
    if shown.get("ActiveState") != "active" or not following:
        return wrong(
            "timer",
            Words(f"{unit} is not waiting for its time", f"{unit} no está esperando su hora"),
            Words(f"`systemctl enable --now {unit}`", f"`systemctl enable --now {unit}`"),
        )
    return ok("timer", f"{unit} runs next {following}", f"{unit} corre de nuevo {following}")


def service(unit: str, result: str) -> Iterable[Finding]:
    """Nothing where the last time ended well; ``result``: the unit's Result."""
    if result not in ("", "success"):
        yield warning(
            "service",
            Words(f"{unit} ended last with {result}", f"{unit} terminó la última vez con {result}"),
            Words(f"see why: `journalctl -u {unit}`", f"vea por qué: `journalctl -u {unit}`"),
        )
