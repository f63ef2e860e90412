"""The AMI link on a real Asterisk, over a network that fails."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import wraps
from typing import Any

import pytest
from ulid import ULID

from campaign import channel_variables as names
from campaign.settings import AmiSettings
from lab import Lab
from originator import ami
from originator.ami import (
    ActionError,
    AmiError,
    AmiLink,
    AmiRefusedError,
    Event,
    NotSentError,
)
from originator.originate import local_call
from originator.pbx import Pbx
from tests.e2e.ami_proxy import AmiProxy, ami_proxy


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run a coroutine as a test."""

    @wraps(test)
    def run(**fixtures: object) -> None:
        asyncio.run(test(**fixtures))

    return run


@pytest.fixture
def settings(lab: Lab) -> AmiSettings:
    env = lab.env()
    return AmiSettings(
        env["ASTERISK_HOST"],
        int(env["ASTERISK_PORT"]),
        env["ASTERISK_USERNAME"],
        env["ASTERISK_PASSWORD"],
    )


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits short enough to wait for."""
    monkeypatch.setattr(ami, "PING_EVERY_SECONDS", 0.2)
    monkeypatch.setattr(ami, "ACTION_SECONDS", 1.0)


@asynccontextmanager
async def linked(settings: AmiSettings) -> AsyncIterator[tuple[AmiLink, AmiProxy]]:
    """A link that is up, through a proxy."""
    async with ami_proxy(settings.host, settings.port) as proxy:
        link = AmiLink(replace(settings, host="127.0.0.1", port=proxy.port))
        await link.connect()
        try:
            yield link, proxy
        finally:
            link.close()


async def next_event(link: AmiLink, name: str, seconds: float = 10) -> Event:
    """The next event of that name; others are passed over."""
    async with asyncio.timeout(seconds):
        while (event := await link.events.get()).name != name:
            pass
    return event


async def short_call(link: AmiLink) -> str:
    """Start a call that stays on the PBX; returns its Uniqueid."""
    call = str(ULID())
    await link.action("Originate", **local_call(call, names.CONTEXT_SWEEP, []))
    return call


async def assert_it_ended(link: AmiLink, calls: set[str]) -> None:
    async with asyncio.timeout(20):
        while calls:
            event = await link.events.get()
            if event.name == "Hangup":
                calls.discard(event["uniqueid"])


@on_a_loop
async def test_a_wrong_password_is_refused_for_good(settings: AmiSettings) -> None:
    link = AmiLink(replace(settings, password="wrong"))
    with pytest.raises(AmiRefusedError, match="check ASTERISK_USERNAME, ASTERISK_PASSWORD"):
        await link.connect()
    assert not link.up
    with pytest.raises(NotSentError):
        await link.action("Ping")


@on_a_loop
async def test_a_closed_port_is_one_sentence(settings: AmiSettings) -> None:
    link = AmiLink(replace(settings, port=1))
    with pytest.raises(AmiError, match="cannot be reached") as refused:
        await link.connect()
    assert len(str(refused.value).splitlines()) == 1


@on_a_loop
async def test_a_port_that_never_answers_is_given_up(settings: AmiSettings, hasty: None) -> None:
    async with ami_proxy(settings.host, settings.port) as proxy:
        proxy.hold_answers()
        link = AmiLink(replace(settings, host="127.0.0.1", port=proxy.port))
        with pytest.raises(AmiError, match="does not answer the login"):
            await link.connect()
        assert not link.up


@pytest.mark.parametrize("reset", [False, True])
@on_a_loop
async def test_a_link_that_is_cut_says_so_once(
    settings: AmiSettings, hasty: None, reset: bool
) -> None:
    async with linked(settings) as (link, proxy):
        proxy.cut(reset=reset)
        await next_event(link, "LinkDown")
        assert not link.up
        with pytest.raises(NotSentError):
            await link.action("CoreStatus")
        await link.connect()
        await link.action("CoreStatus")
        assert link.events.empty()


@on_a_loop
async def test_a_link_that_falls_silent_is_noticed_by_the_ping(
    settings: AmiSettings, hasty: None
) -> None:
    async with linked(settings) as (link, proxy):
        proxy.hold_answers()
        began = time.monotonic()
        await next_event(link, "LinkDown")
        assert time.monotonic() - began > 0.9
        assert not link.up
        proxy.pass_answers()
        await link.connect()
        await link.action("CoreStatus")
        assert link.events.empty()


@on_a_loop
async def test_a_quiet_link_that_answers_its_pings_stays_up(
    settings: AmiSettings, hasty: None
) -> None:
    async with linked(settings) as (link, proxy):
        async with asyncio.timeout(10):
            while proxy.sent.count(b"Action: Ping") < 8:
                await asyncio.sleep(0.05)
        assert link.up
        assert link.events.empty()


@pytest.mark.parametrize("reset", [False, True])
@on_a_loop
async def test_an_originate_without_an_answer_is_never_sent_again(
    settings: AmiSettings, monkeypatch: pytest.MonkeyPatch, reset: bool
) -> None:
    monkeypatch.setattr(ami, "ACTION_SECONDS", 1.0)
    async with linked(settings) as (link, proxy):
        proxy.hold_answers()
        with pytest.raises(AmiError):
            await short_call(link)
        proxy.cut(reset=reset)
        await next_event(link, "LinkDown")
        proxy.pass_answers()
        await link.connect()
        await link.action("CoreStatus")
        await link.action("CoreStatus")
        assert proxy.sent.count(b"Action: Originate") == 1


@on_a_loop
async def test_events_come_again_after_a_reconnect(settings: AmiSettings) -> None:
    async with linked(settings) as (link, proxy):
        proxy.cut()
        await next_event(link, "LinkDown")
        await link.connect()
        await assert_it_ended(link, {await short_call(link)})


@on_a_loop
async def test_a_list_that_the_link_did_not_survive_is_an_error(
    settings: AmiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ami, "ACTION_SECONDS", 1.0)
    async with linked(settings) as (link, proxy):
        proxy.hold_answers()
        asking = asyncio.create_task(link.listed("CoreShowChannels"))
        async with asyncio.timeout(10):
            while b"Action: CoreShowChannels" not in proxy.sent:
                await asyncio.sleep(0.01)
        proxy.cut()
        await next_event(link, "LinkDown")
        (outcome,) = await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(outcome, AmiError)


@on_a_loop
async def test_half_a_list_is_an_error_when_the_link_is_lost(settings: AmiSettings) -> None:
    """Not a cancellation, which would end the task that asked without a word."""
    async with linked(settings) as (link, _):
        # This one succeeds and sends no list, so that its end is waited for.
        asking = asyncio.create_task(link.listed("CoreStatus"))
        await asyncio.sleep(0)
        await link.action("CoreSettings")
        link.close()
        (outcome,) = await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(outcome, AmiError)
        assert "was lost" in str(outcome)


@on_a_loop
async def test_an_error_is_an_error_for_actions_and_lists(settings: AmiSettings) -> None:
    async with linked(settings) as (link, _):
        with pytest.raises(ActionError, match="refuses Originate: Channel not specified"):
            await link.action("Originate")
        with pytest.raises(ActionError):
            await link.listed("ShowDialPlan", Context="no-such-context")
        with pytest.raises(ActionError, match="not found"):
            await link.listed("DBGet", Family="overdue", Key="none")
        with pytest.raises(ActionError, match="denies Command"):
            await link.action("Command", Command="core show version")
        assert not await Pbx(link, "not used here").has_context("no-such-context")
        assert await Pbx(link, "not used here").has_context(names.CONTEXT_ANSWERED)
        assert await Pbx(link, "not used here").journal_entry("none") is None


@on_a_loop
async def test_lists_and_events_of_calls_do_not_mix(settings: AmiSettings) -> None:
    async with linked(settings) as (link, _):
        calls = set(await asyncio.gather(*(short_call(link) for _ in range(10))))
        for _ in range(20):
            for channel in await link.listed("CoreShowChannels"):
                assert channel.name == "CoreShowChannel"
        await assert_it_ended(link, set(calls))


@on_a_loop
async def test_many_actions_at_once_get_each_its_own_answer(settings: AmiSettings) -> None:
    async with linked(settings) as (link, _):
        wanted = [f"LEN({'x' * n})" for n in range(1, 61)]
        answers = await asyncio.gather(*(link.action("Getvar", Variable=name) for name in wanted))
        assert [answer["variable"] for answer in answers] == wanted
        assert [answer["value"] for answer in answers] == [str(n) for n in range(1, 61)]
        lists = await asyncio.gather(
            *(link.listed("ShowDialPlan", Context=names.CONTEXT_HANGUP) for _ in range(20))
        )
        contexts = {event["context"] for events in lists for event in events}
        assert contexts == {names.CONTEXT_HANGUP}
        assert len({len(events) for events in lists}) == 1
