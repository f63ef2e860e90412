"""How many calls a run has up: on the trunk in use, and in all."""

import asyncio

from campaign.file import Campaign
from campaign.sections import Limits, Trunk
from originator.lines import Lines

FIRST, SECOND = Trunk(name="first", max_calls=2), Trunk(name="second", max_calls=2)


def lines(in_all: int = 100) -> Lines:
    limits = Limits(max_calls=in_all)
    return Lines(Campaign(name="pruebas", trunks=(FIRST, SECOND), limits=limits))


async def taken(lines: Lines) -> int:
    """How many can be taken without waiting."""
    for count in range(10):
        waiting = asyncio.ensure_future(lines.take())
        for _ in range(3):
            await asyncio.sleep(0)
        if not waiting.done():
            waiting.cancel()
            return count
    raise AssertionError("no limit")


async def call(lines: Lines, trunk: Trunk) -> None:
    await lines.take()
    lines.hold(trunk.label)


def test_no_more_than_the_trunk_in_use_has() -> None:
    assert asyncio.run(taken(lines())) == 2


def test_the_limit_over_all_trunks_is_the_runs_too() -> None:
    assert asyncio.run(taken(lines(in_all=1))) == 1


def test_calls_on_a_paused_trunk_leave_the_standby_its_lines() -> None:
    async def story() -> int:
        held = lines()
        await held.take()
        await call(held, FIRST)
        held.hold(SECOND.label)
        return await taken(held)

    assert asyncio.run(story()) == 1


def test_a_line_that_becomes_free_is_taken_by_who_waits() -> None:
    async def story() -> None:
        held = lines()
        await call(held, FIRST)
        await call(held, FIRST)
        waiting = asyncio.ensure_future(held.take())
        await asyncio.sleep(0)
        assert not waiting.done()
        held.free(FIRST.label)
        await asyncio.wait_for(waiting, 5)
        assert held.held[FIRST.label] == 1

    asyncio.run(story())


def test_a_call_that_was_not_made_leaves_its_line_to_the_next() -> None:
    async def story() -> int:
        held = lines()
        await call(held, FIRST)
        held.take_from(FIRST.label)
        assert held.held.total() == 0
        held.give_back()
        return await taken(held)

    assert asyncio.run(story()) == 2
