"""From settings to a finished run: connect, check, work, close."""

import asyncio
import logging
import signal

from ulid import ULID

from campaign.clock import Clock, SteadyClock
from campaign.file import Campaign
from campaign.settings import AmiSettings
from campaign.store import Store, StoreError
from originator.ami import AmiLink
from originator.one_sentence import one_sentence
from originator.pbx import Pbx
from originator.preflight import check_database, check_pbx
from originator.progress import Watcher
from originator.run import Run
from originator.select import Selection
from originator.stop_reason import StopReason
from originator.summary import Summary

log = logging.getLogger(__name__)

END_SECONDS = 1.0
"""How long a second signal waits for the database."""


async def work(
    campaign: Campaign,
    selection: Selection,
    store: Store,
    ami: AmiSettings,
    secret: str,
    clock: SteadyClock,
    watcher: Watcher,
    limit: int | None,
) -> Summary:
    """Make one run; an OverdueError before the first call says what to mend.

    ``secret``: what the tokens of calls are made with.
    A first signal stops new calls, a second one cancels the task: CancelledError.
    """
    await asyncio.to_thread(check_database, store, selection.source, clock)
    link = AmiLink(ami)
    await link.connect()
    try:
        pbx = Pbx(link, secret)
        probe = await check_pbx(pbx, campaign)
        if source := selection.source:
            judge = store.promises.judge_open
            await asyncio.to_thread(judge, source, campaign.due, clock.now())
        run_id = str(ULID())
        await asyncio.to_thread(store.runs.start, run_id, campaign, selection.source, clock.now())
        run = Run(
            run_id=run_id,
            campaign=campaign,
            selection=selection,
            store=store,
            pbx=pbx,
            probe=probe,
            boot=await pbx.boot(),
            clock=clock,
            watcher=watcher,
            limit=limit,
        )
        _stop_on_signals(run)
        try:
            summary = await _go(run)
        except asyncio.CancelledError:
            await _end_at_once(store, run_id, clock)
            raise
        await asyncio.to_thread(store.runs.end, run_id, summary.stopped, clock.now())
        return summary
    finally:
        link.close()


async def _end_at_once(store: Store, run_id: str, clock: Clock) -> None:
    """Close the run, if the database answers at once: others need not wait for its lease."""
    end = asyncio.to_thread(store.runs.end, run_id, StopReason.SECOND_SIGNAL, clock.now())
    try:
        await asyncio.wait_for(asyncio.shield(asyncio.create_task(end)), END_SECONDS)
    except (StoreError, TimeoutError) as error:
        log.warning("action=end_run run=%s error=%r", run_id, error)


async def _go(run: Run) -> Summary:
    """What the run's tasks raise comes in groups; an operator reads one sentence."""
    try:
        return await run.go()
    except ExceptionGroup as group:
        if (expected := one_sentence(group)) is None:
            raise
        raise expected from group


def _stop_on_signals(run: Run) -> None:
    task = asyncio.current_task()
    first = True

    def stop() -> None:
        nonlocal first
        if first:
            first = False
            run.stop.ask(StopReason.SIGNAL)
        elif task is not None:
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
