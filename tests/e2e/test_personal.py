"""A message of recorded parts and spoken values, heard at the carrier part by part."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest

from fastagi_server import spoken
from lab import Lab
from lab.audio import read
from lab.bench.silence import longest_silence
from tests.e2e.scene import PROMPT, Scene

JOINT_SECONDS = 0.15
"""From here on a pause within a message can be heard as one."""
AMOUNTS = (
    1, 21, 100, 101, 1000, 21_000, 100_000, 123_400, 1_000_000, 2_500_001,
    *(units * 10**power for units in range(1, 10) for power in range(9)),
    *(111_111_111 * units for units in range(1, 10)),
)  # fmt: skip


def messages(language: str) -> Iterator[list[str]]:
    """The parts of messages in which every part of the set meets many others."""
    for place in range(366):
        amount = spoken.amount(Decimal(AMOUNTS[place % len(AMOUNTS)]), language)
        day = spoken.day(date(2028, 1, 1) + timedelta(days=place), language)
        invoices = spoken.invoices(place % 102 + 1, language)
        yield [f"{language}/your_balance", *amount, f"{language}/cut_on", *day]
        yield [f"{language}/invoices_open", *invoices]


@pytest.mark.parametrize("language", ["es_MX", "en"])
def test_no_two_parts_leave_a_gap_that_can_be_heard(lab: Lab, language: str) -> None:
    joints = {joint for parts in messages(language) for joint in pairwise(parts)}
    heard = {part: read(lab.state / "sounds" / f"{part}.ulaw") for part in {*sum(joints, ())}}
    gaps = {
        joint: longest_silence(np.concatenate([heard[joint[0]], heard[joint[1]]]))
        for joint in joints
    }
    assert len(gaps) > 300
    assert {joint: gap for joint, gap in gaps.items() if gap >= JOINT_SECONDS} == {}


def test_the_amount_of_the_moment_is_heard(scene: Scene) -> None:
    (number,) = scene.customers("93")  # rings for 4 s
    run = scene.start_run(personal=[PROMPT, "{amount}"])
    scene.wait_for_calls_up(1)
    scene.rows("UPDATE factura SET saldo = 123400")
    assert run.exit_code() == 0
    parts = [PROMPT, *spoken.amount(Decimal(123400), "es_MX")]
    rows = scene.rows("SELECT detail FROM overdue_event WHERE kind = 'part' ORDER BY place")
    assert [row["detail"].partition("=")[0] for row in rows] == parts
    (call,) = scene.calls()
    assert scene.heard_it_all(call)
    assert [part for part in parts[1:] if scene.heard(call, part).score < 0.8] == []
    assert scene.outcomes() == {number: "delivered"}
