"""The flows as the server goes through them; a client plays Asterisk and presses keys."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from campaign.flow_sections import Keys
from campaign.journal import Course
from campaign.met import Values
from fastagi_server import spoken
from tests.fake_asterisk import Call, attempt
from tests.running_fastagi import PROMPT, THANKS, Running

GREETING = "es_MX/saludo_titular"
NEUTRAL = "es_MX/mensaje_neutral"
SOUNDS = {PROMPT: 10.0, THANKS: 2.5, GREETING: 4.0, NEUTRAL: 3.0}


def played(call: Call) -> list[str]:
    """The sounds, in order; one that goes on after a key stands there again."""
    return [c.split('"')[1] for c in call.commands if c.startswith("STREAM FILE")]


def events(fastagi: Running) -> list[tuple[str, str, float]]:
    return [(e.kind, e.detail, e.at_seconds) for e in fastagi.store.heard[attempt(1)].events]


@pytest.fixture
def confirm(fastagi: Running) -> Running:
    """The same server, for a run with the flow confirm."""
    fastagi.store.terms = replace(fastagi.store.terms, flow="confirm")
    return fastagi


def test_the_message_again_as_often_as_the_key_is_pressed(fastagi: Running) -> None:
    keys = (("1", 3.0), ("1", 5.0))
    call = fastagi.call("answered", prompts=SOUNDS, keys=keys).run()
    assert call.variables == {"OVERDUE_LEG": "10.00;1;1@3.00 1@8.00;agi"}
    assert events(fastagi) == [
        ("path", "message", 0.0),
        ("key", "1", 3.0),
        ("part", f"{PROMPT}=3.00", 3.0),
        ("key", "1", 8.0),
        ("part", f"{PROMPT}=5.00", 8.0),
        ("part", f"{PROMPT}=10.00", 18.0),
    ]


def test_what_was_heard_before_a_repetition_still_counts(fastagi: Running) -> None:
    fastagi.store.terms = replace(fastagi.store.terms, answer_seconds=4)
    call = fastagi.call("answered", prompts=SOUNDS, keys=(("1", 9.0),), hangs_up_in="silence").run()
    assert call.variables["OVERDUE_LEG"] == "10.00;1;1@9.00;agi"


def test_a_key_that_is_switched_off_changes_nothing(fastagi: Running) -> None:
    fastagi.store.terms = replace(fastagi.store.terms, keys=Keys(repeat=None))
    call = fastagi.call("answered", prompts=SOUNDS, keys=(("1", 3.0),)).run()
    assert call.variables == {"OVERDUE_LEG": "10.00;1;1@3.00;agi"}
    assert played(call) == [PROMPT, PROMPT]


def test_a_key_is_waited_for_after_the_message(fastagi: Running) -> None:
    fastagi.store.terms = replace(fastagi.store.terms, answer_seconds=4)
    call = fastagi.call("answered", prompts=SOUNDS, waits=["1"]).run()
    assert played(call) == [PROMPT, PROMPT]
    assert call.variables["OVERDUE_LEG"].startswith("10.00;1;1@")


def test_without_answer_seconds_the_call_is_let_go_at_the_end(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts=SOUNDS, waits=["1"]).run()
    assert not [c for c in call.commands if c.startswith("WAIT")]


@pytest.mark.parametrize("when", ["during", "after"])
def test_the_holder_confirms_and_hears_the_message(confirm: Running, when: str) -> None:
    call = confirm.call("answered", prompts=SOUNDS)
    if when == "during":
        call.keys_of = {GREETING: (("1", 2.0),)}
    else:
        call.waits = ["1"]
    call.run()
    assert played(call) == [GREETING, PROMPT]
    assert call.variables["OVERDUE_COURSE"] == ""
    assert confirm.store.heard[attempt(1)].course is Course.ANNOUNCEMENT
    assert call.variables["OVERDUE_LEG"].startswith("10.00;1;1@")


@pytest.mark.parametrize("waits", [[], ["5"], ["0", "7"]], ids=["silent", "wrong key", "more"])
def test_whoever_does_not_confirm_hears_the_neutral_text_alone(
    confirm: Running, waits: list[str]
) -> None:
    call = confirm.call("answered", prompts=SOUNDS, waits=waits).run()
    assert played(call) == [GREETING, NEUTRAL]
    heard = confirm.store.heard[attempt(1)]
    assert (heard.course, heard.leg.heard_seconds, heard.leg.finished) == (
        Course.UNCONFIRMED, 0.0, False,
    )  # fmt: skip


def test_no_neutral_text_where_the_campaign_has_none(confirm: Running) -> None:
    confirm.store.terms = replace(confirm.store.terms, neutral_prompt=None)
    assert played(confirm.call("answered", prompts=SOUNDS).run()) == [GREETING]


def test_a_key_of_the_greeting_is_the_confirmation_and_no_repetition(confirm: Running) -> None:
    call = confirm.call("answered", prompts=SOUNDS, keys_of={GREETING: (("1", 0.1),)}).run()
    assert played(call).count(PROMPT) == 1


@pytest.mark.parametrize(
    ("sound", "course", "heard"),
    [
        (GREETING, Course.UNCONFIRMED, 0.0),
        ("silence", Course.UNCONFIRMED, 0.0),
        (NEUTRAL, Course.UNCONFIRMED, 0.0),
        (PROMPT, Course.ANNOUNCEMENT, 1.0),
    ],
)
def test_a_hangup_at_every_step_leaves_what_was_heard(
    confirm: Running, sound: str, course: Course, heard: float
) -> None:
    call = confirm.call("answered", prompts=SOUNDS, hangs_up_at=1.0, hangs_up_in=sound)
    if sound == PROMPT:
        call.keys_of = {GREETING: (("1", 2.0),)}
    call.run()
    left = confirm.store.heard[attempt(1)]
    assert (left.course, left.leg.heard_seconds, left.leg.finished) == (course, heard, False)
    assert call.variables["OVERDUE_LEG"] == str(left.leg)


def test_who_has_paid_is_not_asked_who_he_is(confirm: Running) -> None:
    confirm.store.paid = {attempt(1)}
    call = confirm.call("answered", prompts=SOUNDS).run()
    assert played(call) == [THANKS]
    assert call.variables == {"OVERDUE_COURSE": "paid", "OVERDUE_LEG": "2.50;1;;agi"}


@pytest.fixture
def personal(fastagi: Running) -> Running:
    """The same server, for a run with a personal message."""
    parts = ("es_MX/your_balance", "{amount}", "es_MX/cut_on", "{cut_date}", "{invoices}")
    fastagi.store.terms = replace(fastagi.store.terms, personal=parts)
    fastagi.store.values = Values(Decimal("123400.90"), date(2026, 12, 15), 2)
    return fastagi


def spoken_parts() -> list[str]:
    return [
        "es_MX/your_balance",
        *spoken.amount(Decimal("123400.90"), "es_MX"),
        "es_MX/cut_on",
        *spoken.day(date(2026, 12, 15), "es_MX"),
        *spoken.invoices(2, "es_MX"),
    ]


def test_a_personal_message_is_played_part_by_part(personal: Running) -> None:
    parts = spoken_parts()
    call = personal.call("answered", prompts={**SOUNDS, **dict.fromkeys(parts, 0.5)}).run()
    assert played(call) == parts
    assert call.variables["OVERDUE_LEG"] == f"{len(parts) / 2:.2f};1;;agi"


def test_a_repetition_begins_with_the_first_part(personal: Running) -> None:
    parts = spoken_parts()
    call = personal.call("answered", prompts=dict.fromkeys(parts, 0.5))
    call.keys_of = {parts[2]: (("1", 0.25),)}
    call.run()
    assert played(call) == [*parts[:3], *parts]
    assert call.variables["OVERDUE_LEG"].startswith(f"{len(parts) / 2:.2f};1;1@1.25;")


@pytest.mark.parametrize(
    "values", [None, Values(Decimal(0), date(2026, 12, 15), 2)], ids=["unknown", "unspeakable"]
)
def test_values_that_cannot_be_said_leave_the_plain_prompt(
    personal: Running, values: Values | None
) -> None:
    personal.store.values = values
    assert played(personal.call("answered", prompts=SOUNDS).run()) == [PROMPT]


def test_a_machine_of_the_policy_neutral_hears_that_text_alone(fastagi: Running) -> None:
    verdict = "MACHINE|MAXWORDS-3-3|6040|neutral"
    call = fastagi.call("answered", prompts=SOUNDS, keys=(("1", 1.0),), verdict=verdict).run()
    assert set(played(call)) == {NEUTRAL}
    heard = fastagi.store.heard[attempt(1)]
    assert (heard.course, heard.leg.heard_seconds, heard.leg.finished) == (
        Course.MACHINE, 0.0, False,
    )  # fmt: skip
    assert events(fastagi)[0] == ("machine", "MACHINE MAXWORDS-3-3", 6.04)
    assert ("path", "neutral", 6.04) in events(fastagi)


@pytest.mark.parametrize(
    ("policy", "neutral"), [("hang_up", NEUTRAL), ("neutral", None)], ids=["hang up", "no text"]
)
def test_a_machine_hears_nothing(fastagi: Running, policy: str, neutral: str | None) -> None:
    fastagi.store.terms = replace(fastagi.store.terms, neutral_prompt=neutral)
    verdict = f"MACHINE|INITIALSILENCE-2500-2500|2510|{policy}"
    call = fastagi.call("answered", prompts=SOUNDS, verdict=verdict).run()
    assert played(call) == []
    assert call.variables["OVERDUE_LEG"] == "0.00;0;;agi"
    assert fastagi.store.heard[attempt(1)].course is Course.MACHINE


@pytest.mark.parametrize(
    "verdict",
    [
        "HUMAN|HUMAN-800-800|1150|play",
        "NOTSURE|TOOLONG-5000|5000|play",
        "NOAPP||3|play",
        "||3|play",
    ],
)
def test_who_is_no_machine_goes_through_the_flow(fastagi: Running, verdict: str) -> None:
    call = fastagi.call("answered", prompts=SOUNDS, verdict=verdict).run()
    assert played(call) == [PROMPT]
    assert call.variables == {"OVERDUE_LEG": "10.00;1;;agi"}
    assert [kind for kind, _, _ in events(fastagi)][:2] == ["machine", "path"]


def test_a_machine_of_somebody_who_has_paid_is_a_machine(fastagi: Running) -> None:
    fastagi.store.paid = {attempt(1)}
    verdict = "MACHINE|MAXWORDS-3-3|1500|hang_up"
    call = fastagi.call("answered", prompts=SOUNDS, verdict=verdict).run()
    assert "OVERDUE_COURSE" not in call.variables
    assert fastagi.store.heard[attempt(1)].course is Course.MACHINE


@pytest.mark.parametrize(
    "verdict",
    ["MACHINE", "MACHINE|a b|1|play", "machine||1|play", "HUMAN||x|play", "HUMAN||1|shout"],
)
def test_a_verdict_that_the_dialplan_does_not_give_is_refused(
    fastagi: Running, verdict: str
) -> None:
    """The session ends without its last word, and the customer hears the dialplan's flow."""
    call = fastagi.call("answered", prompts=SOUNDS, verdict=verdict).run()
    assert call.variables == {}
    assert played(call) == []
