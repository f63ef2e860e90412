"""For any rows, any history and any clock: each verdict is the one that the plain rules give.

`plain_rules` states them once more, `worlds` draws from their corners.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.file import Campaign
from campaign.history import History
from campaign.reason import Reason
from campaign.selection import Refusal, due, judge, still_callable
from campaign.why import explain
from tests.unit.plain_rules import Customer, World, due_cut, due_invoices, expected
from tests.unit.worlds import BOGOTA, a_customer, a_world, aware, campaign_of, history_of, row_of

EXAMPLES, WORLDS = 40, 40
_seeds = st.integers(0, 2**32)
PHASES = (Phase.reuse, Phase.generate)
"""A smaller number makes no simpler world: what fails is shown as it is."""


def worlds(seed: int, many: int = WORLDS) -> Iterator[tuple[World, list[Customer]]]:
    random = Random(seed)  # noqa: S311 (no secret)
    for _ in range(many):
        world = a_world(random)
        yield world, [a_customer(random, world) for _ in range(3)]


def verdict_on(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime
) -> Candidate | Refusal:
    debtor = due(row, campaign, now)
    return judge(debtor, history, campaign, now) if isinstance(debtor, Debtor) else debtor


def as_expected(verdict: Candidate | Refusal) -> tuple[str, str | None]:
    if isinstance(verdict, Refusal):
        return str(verdict.reason), None
    return "call", verdict.number.national


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(_seeds)
def test_every_verdict_is_the_one_of_the_plain_rules_and_everybody_has_one(seed: int) -> None:
    for world, people in worlds(seed, 3 * WORLDS):
        campaign, history, now = campaign_of(world), history_of(world), aware(world.now)
        told: Counter[str] = Counter()
        for one in people:
            verdict = verdict_on(row_of(one), history, campaign, now)
            assert as_expected(verdict) == expected(world, one), (world, one)
            told[as_expected(verdict)[0]] += 1
            if isinstance(verdict, Candidate):
                assert [each.national for each in verdict.numbers] == list(one.numbers)
                assert (verdict.cut, verdict.debt) == owed(world, one), (world, one)
        assert told.total() == len(people)


def owed(world: World, one: Customer) -> tuple[object, object]:
    """The day and the amount that he is told."""
    if not world.by_due_date:
        assert one.day is not None
        return due_cut(world, one.day), one.debt
    invoices = due_invoices(world, one)
    return min(day for day, _ in invoices), sum(amount for _, amount in invoices)


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(_seeds)
def test_the_moment_that_a_refusal_names_is_the_first_one_that_is_allowed(seed: int) -> None:
    for world, people in worlds(seed):
        campaign, history, now = campaign_of(world), history_of(world), aware(world.now)
        for one in people:
            debtor = due(row_of(one), campaign, now)
            if isinstance(debtor, Refusal):
                if debtor.not_before is not None:
                    then = due(row_of(one), campaign, debtor.not_before)
                    assert isinstance(then, Debtor) or then.reason is not Reason.NOT_DUE
                    just_before = debtor.not_before - timedelta(microseconds=1)
                    assert due(row_of(one), campaign, just_before) == debtor
                continue
            verdict = judge(debtor, history, campaign, now)
            if isinstance(verdict, Candidate) or verdict.not_before is None:
                continue
            moment = verdict.not_before
            assert moment > now
            assert isinstance(judge(debtor, history, campaign, moment), Candidate), (world, one)
            just_before = moment - timedelta(microseconds=1)
            assert isinstance(judge(debtor, history, campaign, just_before), Refusal), (world, one)


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(_seeds)
def test_the_claim_allows_what_the_selection_would_and_nothing_else(seed: int) -> None:
    for world, (selected_as, changed, _) in worlds(seed):
        campaign, now = campaign_of(world), aware(world.now)
        nothing = history_of(World(world.now, cycle_since=world.cycle_since))
        selected = verdict_on(row_of(selected_as), nothing, campaign, now)
        if isinstance(selected, Refusal):
            continue
        history = history_of(world)
        assert still_callable(selected, None, history, campaign, now) is not None
        for row in (row_of(selected_as), row_of(changed)):
            again = verdict_on(row, history, campaign, now)
            refused = still_callable(selected, row, history, campaign, now)
            if isinstance(again, Refusal):
                assert refused is not None
                if row == row_of(selected_as):
                    assert refused.reason is again.reason
            else:
                same = (again.number, again.numbers, again.person)
                is_same = same == (selected.number, selected.numbers, selected.person)
                assert (refused is None) == is_same


@settings(max_examples=EXAMPLES, phases=PHASES)
@given(_seeds)
def test_why_says_what_the_selection_does_and_names_a_lawful_moment(seed: int) -> None:
    for world, (one, *_) in worlds(seed, WORLDS // 2):
        campaign, history, now = campaign_of(world), history_of(world), aware(world.now)
        row = row_of(one)
        verdict = verdict_on(row, history, campaign, now)
        told = explain(row, history, campaign, now, in_campaign=True)
        against = {answer.against for answer in told.answers} - {None}
        if isinstance(verdict, Refusal):
            assert told.reason is verdict.reason
            assert verdict.reason in against
        else:
            hours = told.answers[-1].against
            assert told.reason is hours
            of_numbers = {Reason.NUMBER_DEAD, Reason.DO_NOT_CALL, Reason.WRONG_NUMBER}
            assert against <= {hours, *of_numbers}
        if (moment := told.next_moment) is None:
            assert told.reason is not None
            continue
        assert moment >= now
        local = moment.astimezone(BOGOTA)
        assert local.weekday() < 6
        assert 7 <= local.hour < 19
        assert isinstance(verdict_on(row, history, campaign, moment), Candidate)
