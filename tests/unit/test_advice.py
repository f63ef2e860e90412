from typing import Any

import pytest

from campaign.advice import advice
from campaign.file import Campaign
from campaign.flow_sections import Keys, Machine, Transfer
from campaign.law import LAWS, Hours
from campaign.sections import After, Limits, Retry, Timing, Trunk, Week

NONE = LAWS["none"]
ALWAYS = Week(*[Hours(480, 1020)] * 7)


def given(**keys: Any) -> list[str]:
    return list(advice(Campaign(name="c", **keys), {"caller_id"}))


def test_the_defaults_need_no_advice() -> None:
    assert given() == []


def test_a_caller_id_that_nobody_chose_is_named() -> None:
    (only,) = advice(Campaign(name="c"), set())
    assert only == "caller_id is not in the file: customers see 3241000752"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"law": NONE}, "calls go out day and night"),
        ({"law": NONE, "hours": ALWAYS}, "nobody is spared on Sundays"),
        ({"trunks": (Trunk(), Trunk(name="b", calls_per_second=0))}, "trunks.2.calls_per_second"),
        ({"limits": Limits(max_calls=9)}, "the 10 lines of PJSIP/voip_issabel are never all used"),
        ({"limits": Limits(minutes_per_day=7201)}, "the lines carry 7200 at most in a day"),
        ({"contact": "attempted"}, "retry.attempts_per_day 3 has no effect beyond that"),
        ({"retry": Retry(attempts_per_day=13)}, "13 calls 60 minutes apart do not fit"),
        ({"retry": Retry(3, 2)}, "attempts_per_cycle is less than attempts_per_day"),
        ({"retry": Retry(after=After(busy=59))}, "retry.after.busy 59 has no effect"),
        ({"paid_prompt": "es_MX/morosos_natalia"}, "whoever has paid meanwhile hears of the debt"),
        ({"greeting": "es_MX/morosos_natalia"}, "strangers hear of the debt"),
        ({"neutral_prompt": "es_MX/morosos_natalia"}, "strangers hear of the debt"),
        ({"language": "en"}, "language is en, but es_MX/morosos_natalia is of another folder"),
        ({"keys": Keys(do_not_call=None)}, "a customer cannot say that he wants no more calls"),
        ({"transfer": Transfer(talk_seconds=89)}, "whoever talks has less time"),
        ({"machine": Machine(detect=True)}, "says nothing for so long is taken for a machine"),
        ({"timing": Timing(call_seconds=7)}, "only a message that is heard to its end counts"),
    ],
)
def test_what_is_unwise_is_named(keys: dict[str, Any], words: str) -> None:
    assert any(words in each for each in given(**keys))


@pytest.mark.parametrize(
    "keys",
    [
        {"limits": Limits(max_calls=10)},
        {"limits": Limits(minutes_per_day=7200)},
        {"contact": "attempted", "retry": Retry(attempts_per_day=1)},
        {"retry": Retry(attempts_per_day=12)},
        {"retry": Retry(3, 3)},
        {"retry": Retry(after=After(busy=60, no_answer="next_day"))},
        {"timing": Timing(call_seconds=8)},
    ],
)
def test_what_is_just_right_is_not(keys: dict[str, Any]) -> None:
    assert given(**keys) == []


def test_hours_for_every_day_leave_no_night_without_a_law() -> None:
    assert not any("day and night" in each for each in given(law=NONE, hours=ALWAYS))


@pytest.mark.parametrize(
    "machine",
    [
        Machine(detect=False),
        Machine(detect=True, policy="play"),
        Machine(detect=True, initial_silence_ms=5000, total_ms=5000),
    ],
)
def test_machines_need_no_advice_where_silent_people_are_none(machine: Machine) -> None:
    assert given(machine=machine) == []
