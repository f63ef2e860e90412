"""docs/state-machine.md says what the code does, no more and no less."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaign.attempt import EDGES, FINAL, State
from campaign.cycle import cycle_at
from campaign.file import Campaign
from campaign.history import PersonHistory, RecordedAttempt
from campaign.outcome import Outcome, OutcomeClass
from campaign.retry import verdict

PAGE = (Path(__file__).parents[2] / "docs" / "state-machine.md").read_text("utf-8")
CAMPAIGN = Campaign(name="pruebas")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CAMPAIGN.time_zone)


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def drawn() -> list[tuple[str, str]]:
    """The arrows of the drawing."""
    drawing = re.search(r"```mermaid\nstateDiagram-v2\n(.*?)```", PAGE, re.DOTALL)
    assert drawing is not None
    arrows = [re.fullmatch(r"(\S+) --> (\S+)", line.strip()) for line in drawing[1].splitlines()]
    assert all(arrows), "a line of the drawing is no arrow"
    return [(arrow[1], arrow[2]) for arrow in arrows if arrow]


def coded() -> set[tuple[str, str]]:
    """The edges of the code."""
    return {(source.value, target.value) for source in State for target in EDGES[source]}


def test_the_drawing_has_every_edge_of_the_code_and_no_other() -> None:
    inner = [edge for edge in drawn() if "[*]" not in edge]
    assert sorted(inner) == sorted(coded())


def test_the_drawing_begins_with_the_claim_and_ends_with_the_final_states() -> None:
    assert [target for source, target in drawn() if source == "[*]"] == [State.CLAIMED]
    assert {source for source, target in drawn() if target == "[*]"} == set(FINAL)


def test_the_table_of_edges_has_every_edge_once() -> None:
    told = [(row[0], row[1]) for row in rows("Edges")]
    assert sorted(told) == sorted(coded() | {("(nothing)", State.CLAIMED.value)})


def test_the_table_of_edges_tells_who_writes_each_and_on_what_evidence() -> None:
    for row in rows("Edges"):
        assert len(row) == 4
        assert row[2]
        assert row[3]


def test_the_table_of_outcomes_has_every_outcome_once() -> None:
    assert sorted(row[0] for row in rows("Outcomes")) == sorted(Outcome)


@pytest.mark.parametrize("row", rows("Outcomes"), ids=lambda row: row[0])
def test_an_outcome_is_told_as_the_code_treats_it(row: list[str]) -> None:
    outcome = Outcome(row[0])
    spends = "yes" if outcome.spends_attempt else "no"
    assert row[1:4] == [outcome.outcome_class.value, spends, again(outcome)]


def again(outcome: Outcome) -> str:
    """When the rules let the number be dialled after one call with this outcome, in words."""
    if outcome.outcome_class is OutcomeClass.NUMBER:
        return "never"
    past = RecordedAttempt("1023456", frozenset(), outcome, NOON)
    history = PersonHistory([past], 0, 0, cycle_at(NOON, CAMPAIGN.time_zone, None))
    block = verdict(history, CAMPAIGN, NOON)
    assert block is not None
    assert block.not_before is not None
    if block.not_before.astimezone(CAMPAIGN.time_zone).date() > NOON.date():
        return "next day"
    if block.not_before == NOON + timedelta(seconds=CAMPAIGN.breaker.pause_seconds):
        return "after `breaker.pause_seconds`"
    after = CAMPAIGN.retry.after
    assert {after.busy, after.no_answer} == {60}
    assert block.not_before == NOON + timedelta(minutes=60)
    return f"after `after.{outcome}`"
