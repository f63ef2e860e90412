"""What the server does with ends of calls and the journal; a client plays Asterisk."""

import logging
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from ulid import ULID

from campaign.journal import parse_end
from lab.waiting import wait_until
from tests.fake_asterisk import SECRET, attempt, busy
from tests.running_fastagi import Running


def test_an_end_is_recorded_and_then_leaves_the_journal(fastagi: Running) -> None:
    call = fastagi.call("ended", args=(busy(1),), astdb={("overdue", attempt(1)): busy(1)}).run()
    assert fastagi.store.ended == {attempt(1): parse_end(busy(1), attempt(1), SECRET)}
    assert call.astdb == {}


def test_an_end_whose_cause_holds_commas_stays_whole(fastagi: Running) -> None:
    entry = busy(1, tech="SIP 603 Decline, thanks")
    fastagi.call("ended", args=tuple(entry.split(","))).run()
    assert fastagi.store.ended[attempt(1)].tech == "SIP 603 Decline, thanks"


@pytest.mark.parametrize("fault", ["down", "hangs", "unknown", "bug"])
def test_an_end_that_was_not_committed_stays_in_the_journal(fastagi: Running, fault: str) -> None:
    fastagi.store.down = fault == "down"
    fastagi.store.fault = KeyError("bug") if fault == "bug" else None
    fastagi.store.unknown = {attempt(1)} if fault == "unknown" else set()
    if fault == "hangs":
        fastagi.store.free.clear()
    began = time.monotonic()

    call = fastagi.call("ended", args=(busy(1),), astdb={("overdue", attempt(1)): busy(1)}).run()

    assert call.astdb == {("overdue", attempt(1)): busy(1)}
    assert time.monotonic() - began < 1.0, "BYE and CANCEL wait for this"


@pytest.mark.parametrize("entry", ["placed", "ended|17", "", 'x"; EXEC System reboot'])
def test_an_end_that_cannot_be_read_stays_in_the_journal(fastagi: Running, entry: str) -> None:
    call = fastagi.call("ended", args=(entry,), astdb={("overdue", attempt(1)): entry}).run()
    assert call.commands == []
    assert not fastagi.store.ended


def test_a_sweep_brings_the_ends_and_sets_aside_what_means_nothing(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    open_call, broken, probe = attempt(2), attempt(3), str(ULID())
    left = {("overdue", open_call): "placed", ("overdue-probe", probe): "ok|1"}
    means_nothing = {("overdue", broken): "broken", ("overdue", "not-an-attempt"): busy(4)}
    journal = left | means_nothing | {("overdue", attempt(n)): busy(n) for n in range(10, 40)}

    call = fastagi.call("sweep", "1700000000.7", astdb=dict(journal)).run()

    assert call.astdb == left | {
        # Without an entry the open attempt would look as if it had never been placed.
        ("overdue", broken): "placed",
        ("overdue-aside", broken): "unreadable: broken",
        ("overdue-aside", "not-an-attempt"): f"no attempt id: {without_token(busy(4))}",
    }
    assert set(fastagi.store.ended) == {attempt(n) for n in range(10, 40)}
    line = [r for r in caplog.records if "moment=sweep recorded=" in r.getMessage()][-1]
    assert "recorded=30" in line.getMessage()
    assert "aside=2" in line.getMessage()


def test_a_sweep_deletes_what_is_left_of_final_attempts(fastagi: Running) -> None:
    fastagi.store.ended = {attempt(n): parse_end(busy(n), attempt(n), SECRET) for n in range(4)}
    journal = {
        ("overdue", attempt(3)): "recorded",
        ("overdue", attempt(0)): "placed",
        ("overdue", attempt(1)): busy(1),
        ("overdue", attempt(2)): "broken",
    }
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == {("overdue-aside", attempt(2)): "unreadable: broken"}


def test_a_sweep_stops_when_the_database_is_down(fastagi: Running) -> None:
    fastagi.store.down = True
    journal = {("overdue", attempt(n)): busy(n) for n in range(50)}
    call = fastagi.call("sweep", astdb=dict(journal)).run()
    assert call.astdb == journal
    assert len(call.commands) == 3, "both lists and one entry"


@pytest.mark.parametrize("entry", ["placed", "recorded", "broken"])
def test_a_sweep_keeps_what_it_cannot_ask_about(fastagi: Running, entry: str) -> None:
    fastagi.store.down = True
    journal = {("overdue", attempt(1)): entry}
    assert fastagi.call("sweep", astdb=dict(journal)).run().astdb == journal


def test_a_sweep_sets_aside_an_attempt_that_the_database_does_not_know(fastagi: Running) -> None:
    fastagi.store.unknown = {attempt(1), attempt(2)}
    journal = {("overdue", attempt(n)): busy(n) for n in range(2)}
    journal[("overdue", attempt(2))] = "placed"
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == {
        ("overdue-aside", attempt(1)): f"unknown attempt: {without_token(busy(1))}",
        ("overdue-aside", attempt(2)): "unknown attempt: placed",
    }
    assert fastagi.call("sweep", astdb=call.astdb).run().astdb == call.astdb


def test_what_is_set_aside_cannot_break_the_line_that_carries_it(fastagi: Running) -> None:
    hostile = 'x"\r\t\\' + "é" * 3000
    call = fastagi.call("sweep", astdb={("overdue", attempt(1)): hostile}).run()
    aside = call.astdb["overdue-aside", attempt(1)]
    assert aside.startswith('unreadable: x"\\r\\t')
    assert len(aside) < 250


def test_a_sweep_forgets_old_probes(fastagi: Running) -> None:
    old = str(ULID.from_datetime(datetime.now(UTC) - timedelta(days=1, minutes=1)))
    young = str(ULID.from_datetime(datetime.now(UTC) - timedelta(hours=23)))
    probes = (old, young, "Z" * 26, "7" + "Z" * 25, "no-probe")
    astdb = {("overdue-probe", probe): "ok|1" for probe in probes}
    assert fastagi.call("sweep", astdb=astdb).run().astdb == {("overdue-probe", young): "ok|1"}


def without_token(entry: str) -> str:
    """As it is shown to people."""
    return re.sub("[0-9a-f]{32}", "...", entry)


@pytest.mark.parametrize("known", [True, False])
def test_a_sweep_leaves_a_forged_end_of_an_attempt_that_is_known(
    fastagi: Running, known: bool
) -> None:
    if not known:
        fastagi.store.unknown = {attempt(1)}
    forged = busy(1, secret="another-secret-than-ours")
    call = fastagi.call("sweep", astdb={("overdue", attempt(1)): forged}).run()
    aside = {("overdue-aside", attempt(1)): f"unknown attempt: {without_token(forged)}"}
    assert call.astdb == ({("overdue", attempt(1)): forged} if known else aside)


def test_a_sweep_of_an_empty_journal(fastagi: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert len(fastagi.call("sweep").run().commands) == 3, "a list of each family"
    assert wait_until(lambda: "moment=sweep recorded=0" in caplog.text, 10)


def test_a_broken_entry_is_told_without_its_token(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    fastagi.call("ended", args=(busy(1).replace("ended|17", "ended|x"),)).run()
    assert "not the end of a call: 'ended|x|1772463600000|||||…|SIP 486 Busy Here'" in caplog.text
