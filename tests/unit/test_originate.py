"""Nothing but plain digits, ids and paths of ours ever reaches an Originate."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from campaign.file import Campaign
from campaign.flow_sections import Keys, Machine
from campaign.sections import Trunk
from originator.originate import (
    UnsafeValueError,
    channel,
    local_call,
    originate,
    sound_portions,
    sound_variable,
)

CALL = "01J00000000000000000000001"
CAMPAIGN = Campaign(name="pruebas")
TRUNK = CAMPAIGN.trunks[0]
TOKEN = "0123456789abcdef0123456789abcdef"
HOSTILE = [
    "3001234567\r\nAction: Command",
    "3001234567\n",
    "3001234567,OVERDUE_PROMPT=x",
    "3001234567)",
    "${SHELL(id)}",
    "3001234567@evil",
    "3001234567&PJSIP/900",
    "300 123 4567",
    "+573001234567",
    "٣٠٠١٢٣٤٥٦٧",
    "3001234567\x00",
    "12",
    "1" * 16,
    "",
    "😀",
]


def block(headers: dict[str, str | list[str]]) -> list[str]:
    """The lines that go on the wire, one for each value."""
    return [
        f"{name}: {value}"
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def unsafe(**values: object) -> Campaign:
    """A campaign with values that its own checks would refuse."""
    campaign = replace(CAMPAIGN, flow="confirm")
    for name, value in values.items():
        object.__setattr__(campaign, name, value)
    return campaign


def test_a_call_as_it_goes_on_the_wire() -> None:
    assert block(originate(CALL, TRUNK, "3001234567", CAMPAIGN, TOKEN, call_seconds=90)) == [
        f"ActionID: {CALL}",
        f"ChannelId: {CALL}",
        "Channel: PJSIP/3001234567@voip_issabel",
        "Context: overdue-answered",
        "Exten: 3001234567",
        "Priority: 1",
        "Timeout: 30000",
        "CallerID: 3241000752",
        "Async: true",
        f"Variable: DB(overdue/{CALL})=placed",
        'Variable: CHANNEL(hangup_handler_push)="overdue-hangup,s,1"',
        "Variable: OVERDUE_FLOW=announce",
        "Variable: OVERDUE_PROMPT=es_MX/morosos_natalia",
        "Variable: OVERDUE_PAID_PROMPT=es_MX/gracias_pago",
        "Variable: OVERDUE_KEY_DNC=9",
        "Variable: OVERDUE_LANGUAGE=es_MX",
        "Variable: OVERDUE_CALL_SECONDS=90",
        f"Variable: OVERDUE_TOKEN={TOKEN}",
    ]


def sent(campaign: Campaign) -> set[str]:
    """The names of the settings that go on the wire."""
    lines = block(originate(CALL, TRUNK, "3001234567", campaign, TOKEN, call_seconds=90))
    found = (re.match(r"Variable: OVERDUE_([A-Z_]+)=", line) for line in lines)
    return {match[1] for match in found if match}


ALWAYS = {"FLOW", "PROMPT", "CALL_SECONDS", "TOKEN"}


def test_what_a_campaign_does_not_have_is_not_sent() -> None:
    keys = Keys(confirm=None, do_not_call=None)
    assert sent(replace(CAMPAIGN, paid_prompt=None, neutral_prompt=None, keys=keys)) == ALWAYS


def test_what_the_flow_can_come_to_is_sent() -> None:
    default = {*ALWAYS, "PAID_PROMPT", "KEY_DNC", "LANGUAGE"}
    assert sent(CAMPAIGN) == default
    confirms = replace(CAMPAIGN, flow="confirm")
    assert sent(confirms) == {*default, "GREETING", "KEY_CONFIRM", "NEUTRAL"}
    listens = replace(CAMPAIGN, machine=Machine(detect=True))
    assert sent(listens) == {*default, "NEUTRAL", "AMD", "MACHINE", "UNSURE"}


def test_the_numbers_of_a_detection_are_one_variable() -> None:
    listening = replace(CAMPAIGN, machine=Machine(detect=True, policy="neutral"))
    lines = block(originate(CALL, TRUNK, "3001234567", listening, TOKEN, call_seconds=90))
    assert 'Variable: OVERDUE_AMD="2500,1500,800,5000,100,50,3,256,5000"' in lines
    assert "Variable: OVERDUE_MACHINE=neutral" in lines


def test_a_call_never_asks_for_early_media_or_an_application() -> None:
    headers = originate(CALL, TRUNK, "3001234567", CAMPAIGN, TOKEN, call_seconds=90)
    assert not {"EarlyMedia", "Application", "Data"} & set(headers)
    assert headers["Async"] == "true"


@pytest.mark.parametrize(
    ("technology", "wanted"),
    [("PJSIP", "PJSIP/3001234567@troncal-1.a_b"), ("SIP", "SIP/troncal-1.a_b/3001234567")],
)
def test_the_channel_of_each_technology(technology: str, wanted: str) -> None:
    assert channel(technology, "troncal-1.a_b", "3001234567") == wanted
    trunk = Trunk(technology=technology, name="troncal-1.a_b")
    headers = originate(CALL, trunk, "3001234567", CAMPAIGN, TOKEN, call_seconds=90)
    assert headers["Channel"] == wanted


@given(st.text() | st.from_regex(r"[0-9]{3,15}[\s\S]?", fullmatch=True) | st.sampled_from(HOSTILE))
def test_a_number_is_exact_digits_or_refused(dialled: str) -> None:
    if re.fullmatch(r"[0-9]{3,15}", dialled):
        lines = block(originate(CALL, TRUNK, dialled, CAMPAIGN, TOKEN, call_seconds=90))
        assert f"Channel: PJSIP/{dialled}@voip_issabel" in lines
    else:
        with pytest.raises(UnsafeValueError):
            originate(CALL, TRUNK, dialled, CAMPAIGN, TOKEN, call_seconds=90)


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40) | st.just(TOKEN),
)
def test_whatever_the_values_no_line_is_ended_or_added(
    attempt_id: str, dialled: str, prompt: str, caller_id: str, trunk: str, token: str
) -> None:
    changed = replace(TRUNK)
    object.__setattr__(changed, "name", trunk)
    campaign = unsafe(caller_id=caller_id, prompt=prompt)
    try:
        lines = block(originate(attempt_id, changed, dialled, campaign, token, call_seconds=90))
    except UnsafeValueError:
        return
    assert len(lines) == 21
    assert all(re.fullmatch(r"[\x20-\x7e]*", line) for line in lines)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "where",
    [
        "attempt_id",
        "caller_id",
        "flow",
        "greeting",
        "language",
        "neutral_prompt",
        "paid_prompt",
        "prompt",
        "token",
        "trunk",
    ],
)
def test_every_other_value_is_checked_too(where: str, value: str) -> None:
    if where == "caller_id" and value == "+573001234567":
        value = "++573001234567"
    if where not in ("attempt_id", "caller_id", "token"):
        # Digits alone would be a name, and nothing is no prompt.
        value = f"{value}," if value.isalnum() or not value else value
    trunk = replace(TRUNK)
    if where == "trunk":
        object.__setattr__(trunk, "name", value)
    campaign = unsafe(**({where: value} if hasattr(CAMPAIGN, where) else {}))
    with pytest.raises(UnsafeValueError, match="refused before the wire") as refused:
        originate(
            value if where == "attempt_id" else CALL,
            trunk,
            "3001234567",
            campaign,
            value if where == "token" else TOKEN,
            call_seconds=90,
        )
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("value", ["12", "*", "9,", "9\r\n", "٩", "a"])
def test_a_key_is_one_digit(value: str) -> None:
    keys = replace(CAMPAIGN.keys)
    object.__setattr__(keys, "do_not_call", value)
    with pytest.raises(UnsafeValueError, match="key"):
        originate(CALL, TRUNK, "3001234567", unsafe(keys=keys), TOKEN, call_seconds=90)


@pytest.mark.parametrize("value", ["../etc/passwd", "/abs", "a//b", "a/", "a b", "a,b", "a&b"])
def test_a_prompt_is_a_path_below_the_sounds(value: str) -> None:
    with pytest.raises(UnsafeValueError, match="prompt"):
        originate(CALL, TRUNK, "3001234567", unsafe(prompt=value), TOKEN, call_seconds=90)


@given(st.binary(min_size=16, max_size=16))
def test_every_id_is_accepted_and_none_is_the_beginning_of_another(raw: bytes) -> None:
    call = str(ULID.from_bytes(raw))
    assert len(call) == 26
    assert (
        originate(call, TRUNK, "3001234567", CAMPAIGN, TOKEN, call_seconds=90)["ChannelId"] == call
    )


@given(st.text(max_size=30))
def test_a_local_call_takes_ids_of_the_same_form_only(action_id: str) -> None:
    with pytest.raises(UnsafeValueError):
        local_call(action_id, "overdue-probe", [])


def test_a_local_call_runs_in_our_context() -> None:
    assert block(local_call(CALL, "overdue-probe", ["A=1", "B=2"])) == [
        f"ActionID: {CALL}",
        f"ChannelId: {CALL}",
        "Channel: Local/hold@overdue-probe/n",
        "Context: overdue-probe",
        "Exten: s",
        "Priority: 1",
        "Timeout: 5000",
        "Async: true",
        "Variable: A=1",
        "Variable: B=2",
    ]


def test_sounds_come_in_portions_that_one_line_holds() -> None:
    assert sound_portions([]) == [[]]
    assert sound_portions(["a", "b"]) == [["a", "b"]]
    longest = [f"{n:0128}" for n in range(40)]
    portions = sound_portions(longest)
    assert [sound for each in portions for sound in each] == longest
    assert len(portions) == 7
    assert all(len(f"Variable: {sound_variable(each)}") < 1000 for each in portions)
