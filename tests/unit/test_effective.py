import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import campaign.file
from campaign.effective import effective
from campaign.file import load, load_with_keys
from originator.cli import cli

EXAMPLES = sorted(Path(campaign.file.__file__).parent.glob("example*.yaml"))


def values(tmp_path: Path, text: str) -> dict[str, tuple[object, bool]]:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    found, keys = load_with_keys(file)
    return {each.key: (each.value, each.from_file) for each in effective(found, keys)}


def test_every_key_of_the_example_is_told_and_all_stand_in_it() -> None:
    found, keys = load_with_keys(EXAMPLES[0])
    told = effective(found, keys)
    defaults = [each.key for each in told if not each.from_file]
    assert len(defaults) == 14
    assert all("hours." in each for each in defaults)


def test_what_is_not_in_the_file_is_its_default(tmp_path: Path) -> None:
    told = values(tmp_path, "campaign: c\ntiming: {ring_seconds: 20}\nlaw: co-ley-2300")
    assert told["timing.ring_seconds"] == (20, True)
    assert told["timing.call_seconds"] == (90, False)
    assert told["law"] == ("co-ley-2300", True)
    assert told["time_zone"] == ("America/Bogota", False)
    assert told["trunks.1.name"] == ("voip_issabel", False)


def test_each_trunk_is_told(tmp_path: Path) -> None:
    told = values(tmp_path, "campaign: c\ntrunks: [{name: a}, {calls_per_second: 0.5}]")
    assert told["trunks.1.name"] == ("a", True)
    assert told["trunks.2.name"] == ("voip_issabel", False)
    assert told["trunks.2.calls_per_second"] == (0.5, True)


def test_a_day_without_hours_of_its_own_has_the_laws(tmp_path: Path) -> None:
    told = values(tmp_path, "campaign: c\nhours: {monday: 08:00-12:00, friday: closed}")
    assert told["hours.monday"] == ("08:00-12:00", True)
    assert told["hours.tuesday"] == ("07:00-19:00", False)
    assert told["hours.friday"] == ("closed", True)
    assert told["hours.sunday"] == ("closed", False)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_the_told_values_make_the_same_campaign_again(file: Path, tmp_path: Path) -> None:
    found, keys = load_with_keys(file)
    again: dict[str, Any] = {}
    for each in effective(found, keys):
        *path, name = each.key.split(".")
        section = again
        for step in path:
            section = section.setdefault(step, {})
        section[name] = yaml.safe_load(each.text) if isinstance(each.value, list) else each.value
    again["trunks"] = list(again["trunks"].values())
    copy = tmp_path / "again.yaml"
    copy.write_text(yaml.safe_dump(again))
    spelled_out = load(copy)
    assert effective(spelled_out, ()) == effective(found, ())


def check(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["check", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_command_tells_values_meaning_and_warnings(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("campaign: c\nlaw: none")
    text = check(str(file))
    assert "│ law " in text
    assert "warning: law: none" in text
    told = json.loads(check(str(file), "--json"))
    assert told["values"]["law"] == {"value": "none", "from": "file"}
    assert told["values"]["contact"] == {"value": "answered", "from": "default"}
    assert set(told) == {"file", "values", "meaning", "warnings"}
    assert told["warnings"]


def test_lists_and_brackets_are_shown_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text('campaign: c\nsource: {phones: [a, b], where: {tipo: "[bold]"}}')
    text = check(str(file))
    assert "[a, b]" in text
    assert "{tipo: [bold]}" in text


def test_a_wrong_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("campaign: c\ncontact: tried")
    done = CliRunner().invoke(cli, ["check", str(file)])
    assert str(done.exception).endswith(
        "c.yaml line 2: contact is “tried”, allowed is answered or attempted"
    )
