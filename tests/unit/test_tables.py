from io import StringIO

from rich.console import Console
from rich.table import Table

from campaign.outcome import Outcome
from campaign.reason import Reason
from originator.tables import outcomes_table, reasons_table


def shown(table: Table) -> list[list[str]]:
    """The table's lines as a person reads them, split at its bars."""
    out = StringIO()
    Console(file=out, width=120, color_system=None).print(table)
    lines = [line for line in out.getvalue().splitlines() if "│" in line]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_outcomes_come_by_calls_with_share_class_and_time_heard() -> None:
    table = outcomes_table("x", {"busy": (1, 0.0), "delivered": (3, 64.6)})
    assert shown(table) == [
        ["delivered", Outcome.DELIVERED.spanish, "person", "3", "75", "0:01:05"],
        ["busy", Outcome.BUSY.spanish, "person", "1", "25", ""],
        ["all", "todas", "", "4", "", "0:01:05"],
    ]


def test_a_run_without_calls_is_a_table_all_the_same() -> None:
    assert shown(outcomes_table("x", {})) == [["all", "todas", "", "0", "", "0:00:00"]]


def test_every_outcome_can_be_shown() -> None:
    rows = shown(outcomes_table("x", dict.fromkeys(Outcome, (1, 1.0))))
    assert [row[0] for row in rows] == [*Outcome, "all"]


def test_reasons_come_by_customers_in_both_languages() -> None:
    rows = shown(reasons_table("x", {Reason.NOTHING_OWED: 1, Reason.NOT_DUE: 12}))
    assert rows == [
        ["12", Reason.NOT_DUE.english, Reason.NOT_DUE.spanish],
        ["1", Reason.NOTHING_OWED.english, Reason.NOTHING_OWED.spanish],
    ]
