"""The prompts that no campaign names are asked for before the first call, and no others."""

import re
from pathlib import Path

import pytest

import fastagi_server.keys
from campaign.file import Campaign
from campaign.fixed_prompts import A_DAY, OF_KEYS, OF_VALUES
from campaign.flow_sections import Keys
from originator.sounds.prompt_set import read_set

SOUNDS = Path(__file__).parents[2] / "sounds"
NO_KEYS = Keys(None, None, None, None, None, None)


@pytest.mark.parametrize("name", ["transfer", "promise", "wrong_person", "do_not_call"])
def test_a_key_needs_what_its_module_plays(name: str) -> None:
    folder = Path(fastagi_server.keys.__file__).parent
    played = re.findall(r'\.fixed\("(\w+)"\)', (folder / f"{name}.py").read_text("utf-8"))
    assert played
    assert set(OF_KEYS[name]) - {A_DAY} == set(played)


@pytest.mark.parametrize("language", ["es_MX", "en"])
def test_every_set_has_them(language: str) -> None:
    wanted = {*OF_VALUES.values(), *(prompt for each in OF_KEYS.values() for prompt in each)}
    assert wanted <= read_set(SOUNDS / language).texts.keys()


def test_a_key_that_is_off_needs_none() -> None:
    assert Campaign(name="c", keys=NO_KEYS).flow_terms.fixed_sounds == ()


def test_of_the_language_each_once() -> None:
    keys = Keys(None, None, None, promise="3", wrong_person=None, do_not_call="9")
    campaign = Campaign(
        name="c", language="en", keys=keys, personal=("en/cut_on", "{cut_date}", "{amount}")
    )
    assert campaign.flow_terms.fixed_sounds == (
        "en/promise_ask",
        "en/promise_thanks",
        "en/promise_not_possible",
        "en/invalid_key",
        "en/date/month_12",
        "en/dnc_confirm",
        "en/dnc_done",
        "en/value/pesos",
    )
