from collections import Counter

from lab.behaviours import ENDINGS
from lab.chaos.plan import Action, Part, Point, draw

MANY = [draw(7, run) for run in range(300)]
FAULTS = [fault for plan in MANY for fault in plan.faults]


def test_the_same_seed_and_run_give_the_same_plan() -> None:
    assert draw(7, 3) == draw(7, 3)
    assert draw(7, 3) != draw(7, 4)
    assert draw(7, 3) != draw(8, 3)


def test_a_run_has_30_to_60_customers_each_with_a_number_of_his_own() -> None:
    for plan in MANY:
        assert 30 <= len(plan.numbers) <= 60
        assert len(set(plan.numbers)) == len(plan.numbers)
        assert {number[-2:] for number in plan.numbers} <= set(ENDINGS)


def test_a_fault_comes_at_a_time_or_at_a_point() -> None:
    for fault in FAULTS:
        assert (fault.at is None) != (fault.point is None)
        assert 0 < fault.seconds <= 5


def test_every_kind_of_fault_is_drawn() -> None:
    kinds = Counter((fault.action, fault.part) for fault in FAULTS)
    killed = {part for action, part in kinds if action is Action.KILL}
    assert killed == set(Part) - {Part.AMI_LINK, Part.SQL_LINK}
    for action in (Action.DELAY, Action.RESET, Action.HALF_OPEN, Action.CUT):
        assert {part for each, part in kinds if each is action} == {Part.AMI_LINK, Part.SQL_LINK}
    assert {plan.originators for plan in MANY} == {
        (Part.ORIGINATOR,), (Part.ORIGINATOR, Part.SECOND_ORIGINATOR),
    }  # fmt: skip
    for plan in MANY:
        hit = {fault.part for fault in plan.faults}
        assert Part.SECOND_ORIGINATOR not in hit or len(plan.originators) == 2
    assert {fault.point for fault in FAULTS} == {None, *Point}
    assert {fault.passes for fault in FAULTS if fault.point} == {True, False}
