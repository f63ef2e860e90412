"""Every behaviour of the carrier, all in one run: what our rows say of it, and what the carrier."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from lab import Lab
from lab.audio import contains_prompt
from lab.behaviours import ENDINGS, behaviour_of
from lab.calls import CarrierCall
from lab.demo import ZONE
from lab.verify import HEARD_TOLERANCE_SECONDS, find_mismatches
from tests.e2e.scene import PROMPT, Row, Scene

DECIDING = {"84", "85", "86", "87", "88"}
"""What comes of their keys: test_keys.py, test_transfer.py."""
CALLED = ("00", "25", "49", *(e for e in ENDINGS if e >= "50" and e not in DECIDING))
ANSWERING = [ending for ending in CALLED if behaviour_of(ending).answers]
PRESSING = {"84", "85", "86", "87", "88", "90", "91", "92"}
HANGING_UP = {"50", "51"}
SAYING_GOODBYE = {"84", "85", "86"}
"""Their keys end the message: wrong person, no more calls, a promise."""
TO_THE_END = [ending for ending in ANSWERING if ending not in HANGING_UP | SAYING_GOODBYE]
CALLER_ID = "6017420000"
DELIVERED_AFTER = 3.4
"""Between the 3 s after which 50 hangs up and the 3.7 s of the prompt."""

CAUSES = {
    "60": (17, "SIP 486 Busy Here"),
    "61": (19, "SIP 180 Ringing"),
    "62": (21, "SIP 603 Decline"),
    "63": (19, "SIP 480 Temporarily Unavailable"),
    "70": (1, "SIP 404 Not Found"),
    "71": (22, "SIP 410 Gone"),
    "72": (28, "SIP 484 Address Incomplete"),
    "80": (34, "SIP 503 Service Unavailable"),
    "81": (38, "SIP 500 Server Internal Error"),
    "82": (19, "SIP 100 Trying"),
    "96": (19, "SIP 480 Temporarily Unavailable"),
}
NOT_HIS_DOING = ("70", "71", "72", "80", "81", "82")
SPENT = {ending: 0 if ending in NOT_HIS_DOING else 1 for ending in CALLED}


class Records:
    """What both sides hold after the run."""

    def __init__(self, scene: Scene, numbers: list[str], summary: Row) -> None:
        """Read once: the records stay as they are while the tests of this file run."""
        self.scene = scene
        self.summary = summary
        self._numbers = dict(zip(CALLED, numbers, strict=True))
        self._calls = scene.calls()
        self._attempts = scene.rows("SELECT * FROM overdue_attempt")

    def call(self, ending: str) -> CarrierCall:
        """The carrier's only call."""
        (call,) = [call for call in self._calls if call.number == self._numbers[ending]]
        return call

    def attempt(self, ending: str) -> Row:
        """Our only attempt."""
        wanted = "57" + self._numbers[ending]
        (attempt,) = [row for row in self._attempts if row["number"] == wanted]
        return attempt

    def customer(self, ending: str) -> Row:
        """The company's row."""
        number = self._numbers[ending]
        (row,) = self.scene.rows("SELECT * FROM afiliados WHERE telefono = %s", number)
        return row

    def mismatches(self) -> list[str]:
        """As `Scene.mismatches`, by this campaign's time, from the records as they are now."""
        return find_mismatches(self.scene.calls(), self.scene.attempts(), DELIVERED_AFTER)


@pytest.fixture(scope="module")
def records(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    """One run that calls one customer of each behaviour, all at once."""
    scene = Scene(lab, tmp_path_factory.mktemp("behaviours"))
    scene.clear()
    numbers = scene.customers(*CALLED)
    summary = scene.run(
        caller_id=CALLER_ID,
        trunk={"max_calls": len(CALLED)},
        timing={"delivered_after_seconds": DELIVERED_AFTER},
    )
    yield Records(scene, numbers, summary)
    scene.leave()


def test_the_run_called_everybody_once(records: Records) -> None:
    assert records.summary["calls"] == len(CALLED)
    assert records.summary["stop_reason"] == "done"
    assert len(records.scene.calls()) == len(CALLED)


@pytest.mark.parametrize("ending", CALLED)
def test_outcome_fits_the_behaviour(records: Records, ending: str) -> None:
    behaviour, attempt, call = behaviour_of(ending), records.attempt(ending), records.call(ending)
    assert (attempt["state"], attempt["outcome"]) == ("ended", behaviour.outcome)
    assert call.sip_code == behaviour.sip_code
    assert (attempt["answered_at"] is not None) == behaviour.answers
    assert call.caller_id == CALLER_ID


@pytest.mark.parametrize("ending", CAUSES)
def test_cause_and_sip_answer_are_kept_as_they_came(records: Records, ending: str) -> None:
    attempt = records.attempt(ending)
    assert (attempt["q850"], attempt["tech_cause"]) == CAUSES[ending]
    assert attempt["heard_seconds"] is None


@pytest.mark.parametrize("ending", ANSWERING)
def test_heard_as_long_as_the_carrier_listened(records: Records, ending: str) -> None:
    attempt, call = records.attempt(ending), records.call(ending)
    assert call.answered_seconds is not None
    over = float(attempt["heard_seconds"]) - call.answered_seconds
    assert over <= HEARD_TOLERANCE_SECONDS
    # After a key something else than the message may have been played.
    assert over >= -HEARD_TOLERANCE_SECONDS or ending in PRESSING
    assert attempt["tech_cause"] == ("SIP 200 OK" if ending in HANGING_UP else "")
    assert attempt["played_by"] == "agi"
    assert attempt["heard_to_end"] == (ending in TO_THE_END)
    assert call.ended_by == ("carrier" if ending in HANGING_UP else "caller")


@pytest.mark.parametrize("ending", [ending for ending in ANSWERING if ending != "51"])
def test_the_carrier_heard_the_prompt(records: Records, ending: str) -> None:
    call, prompt = records.call(ending), f"{PROMPT}.ulaw"
    recording = records.scene.lab.carrier.recording(call)
    assert recording is not None
    assert call.answered_seconds is not None
    match = contains_prompt(recording, records.scene.lab.state / "sounds" / prompt)
    assert match.score > 0.9
    # The prompt ends with a pause, which nobody can tell from a call that is over.
    assert match.coverage_seconds > call.answered_seconds - 1 or ending in PRESSING


@pytest.mark.parametrize(("ending", "key"), [("90", "1"), ("91", "9"), ("92", "2")])
def test_key_is_recorded_with_its_second(records: Records, ending: str, key: str) -> None:
    pressed, _, second = records.attempt(ending)["keys_pressed"].partition("@")
    assert pressed == key
    assert float(second) == pytest.approx(3.1, abs=0.4)


def test_only_pressed_keys_are_recorded(records: Records) -> None:
    pressed = {ending for ending in CALLED if records.attempt(ending)["keys_pressed"]}
    assert pressed == PRESSING & set(CALLED)


@pytest.mark.parametrize("ending", CALLED)
def test_the_companys_columns(records: Records, ending: str) -> None:
    customer, delivered = records.customer(ending), ending in TO_THE_END
    assert customer["outbound_call_attempts"] == SPENT[ending]
    assert customer["outbound_call_is_sent"] == delivered
    completed_at = customer["outbound_call_completed_at"]
    assert (completed_at is not None) == delivered
    if delivered:
        local_end = records.call(ending).end_at.astimezone(ZONE).replace(tzinfo=None)
        assert abs(completed_at - local_end) < timedelta(seconds=2)


def test_the_pbx_keeps_no_entry_of_a_call_that_is_recorded(records: Records) -> None:
    assert records.scene.journal() == {}


def test_both_records_agree(records: Records) -> None:
    assert records.mismatches() == []


@pytest.mark.parametrize(
    ("ending", "column", "value", "found"),
    [
        ("60", "outcome", "delivered", "is recorded as delivered, but the carrier saw busy"),
        ("00", "heard_seconds", 2.5, "is recorded as heard for 2.50 s, but at the carrier"),
        ("25", "answered_at", None, "is recorded as not answered, but at the carrier it was"),
        ("50", "heard_seconds", None, "how much was heard is not recorded"),
        ("62", "number", "573009999999", "(declined) never reached the carrier"),
    ],
)
def test_a_changed_attempt_is_found(
    records: Records, ending: str, column: str, value: object, found: str
) -> None:
    attempt = records.attempt(ending)
    change = f"UPDATE overdue_attempt SET {column} = %s WHERE id = %s"  # noqa: S608
    records.scene.rows(change, value, attempt["id"])
    try:
        mismatches = records.mismatches()
    finally:
        records.scene.rows(change, attempt[column], attempt["id"])
    assert any(found in mismatch for mismatch in mismatches)
    assert records.mismatches() == []


def test_a_lost_attempt_is_found(records: Records) -> None:
    attempt = records.attempt("49")
    move = "UPDATE overdue_attempt SET dialing_at = %s WHERE id = %s"
    records.scene.rows(move, None, attempt["id"])
    try:
        (mismatch,) = records.mismatches()
    finally:
        records.scene.rows(move, attempt["dialing_at"], attempt["id"])
    assert "reached the carrier without an attempt" in mismatch


def test_a_line_missing_in_the_carriers_record_is_found(records: Records) -> None:
    number = records.call("98").number
    with altered(records.scene.lab.carrier.record) as lines:
        lines[:] = [line for line in lines if not line.startswith(number)]
        write(records, lines)
        (mismatch,) = records.mismatches()
    assert mismatch.startswith(f"The attempt at {number} ")
    assert mismatch.endswith("(delivered) never reached the carrier.")


def test_a_second_call_in_the_carriers_record_is_found(records: Records) -> None:
    number = records.call("99").number
    with altered(records.scene.lab.carrier.record) as lines:
        write(records, [*lines, next(line for line in lines if line.startswith(number))])
        (mismatch,) = records.mismatches()
    assert mismatch.endswith("reached the carrier 2 times.")


def test_a_call_to_a_stranger_is_found(records: Records) -> None:
    number = records.call("99").number
    with altered(records.scene.lab.carrier.record) as lines:
        line = next(line for line in lines if line.startswith(number))
        write(records, [*lines, line.replace(number, "3119999999")])
        (mismatch,) = records.mismatches()
    assert mismatch.startswith("A call to 3119999999 ")


@contextmanager
def altered(record: Path) -> Iterator[list[str]]:
    """The lines of the carrier's record, which is put back afterwards."""
    before = record.read_text()
    try:
        yield before.splitlines(keepends=True)
    finally:
        record.write_text(before)


def write(records: Records, lines: list[str]) -> None:
    records.scene.lab.carrier.record.write_text("".join(lines))
