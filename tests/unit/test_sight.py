"""When an Originate may be written, and when not; the link is played, its wire is tested e2e."""

import asyncio
from typing import cast

import pytest

from originator.ami import AmiError, AmiLink, NotSentError
from originator.sight import Sight


class Link:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.name = "pbx"
        self.up = True
        self.written = 0
        self.answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def action(self, _name: str, **_headers: object) -> None:
        self.written += 1
        await self.answer


def seen(link: Link) -> Sight:
    return Sight(cast(AmiLink, link), "boot 1")


def test_no_originate_is_proved_before_the_one_before_it_is_answered() -> None:
    async def story() -> None:
        sight = seen(link := Link())
        await sight.proved()
        first = asyncio.create_task(sight.originate("boot 1", {}))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(sight.proved())
        await asyncio.sleep(0)
        assert not waiting.done()
        link.answer.set_result(None)
        await asyncio.gather(first, waiting)

    asyncio.run(story())


def test_of_two_that_wait_for_the_answer_the_second_waits_for_that_of_the_first_too() -> None:
    async def story() -> None:
        sight = seen(link := Link())

        async def write() -> None:
            await sight.proved()
            await sight.originate("boot 1", {})

        writing = [asyncio.create_task(write()) for _ in range(3)]
        for written in (1, 2, 3):
            for _ in range(5):
                await asyncio.sleep(0)
            assert link.written == written
            answered, link.answer = link.answer, asyncio.get_running_loop().create_future()
            answered.set_result(None)
        await asyncio.gather(*writing)

    asyncio.run(story())


def test_an_answer_that_never_comes_ends_the_waiting_too() -> None:
    async def story() -> None:
        sight = seen(link := Link())
        link.answer.set_exception(AmiError("no answer"))
        with pytest.raises(AmiError):
            await sight.originate("boot 1", {})
        await sight.proved()

    asyncio.run(story())


def test_nothing_is_written_blind_or_to_another_boot() -> None:
    async def story() -> None:
        sight = seen(link := Link())
        link.up = False
        with pytest.raises(NotSentError):
            await sight.originate("boot 1", {})
        link.up = True
        sight.lose()
        assert not sight.clear
        with pytest.raises(NotSentError):
            await sight.originate("boot 1", {})
        sight.catch_up("boot 2")
        with pytest.raises(NotSentError):
            await sight.originate("boot 1", {})
        assert link.written == 0
        link.answer.set_result(None)
        await sight.originate("boot 2", {})
        assert link.written == 1

    asyncio.run(story())
