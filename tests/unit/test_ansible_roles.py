"""Each variable of a role is documented, checked and named after its role; check.yml sees all."""

import re
from pathlib import Path

import pytest
import yaml

ANSIBLE = Path(__file__).parents[2] / "ansible"
ROLES = sorted(path.parents[1].name for path in ANSIBLE.glob("roles/*/defaults/main.yml"))


def read(path: Path) -> object:
    return yaml.safe_load(path.read_text("utf-8"))


def defaults_of(role: str) -> dict[str, object]:
    found = read(ANSIBLE / "roles" / role / "defaults" / "main.yml")
    assert isinstance(found, dict)
    return found


def test_there_are_roles() -> None:
    assert {"asterisk", "pbx", "application", "database", "services"} <= set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_has_the_prefix_of_its_role(role: str) -> None:
    assert [name for name in defaults_of(role) if not name.startswith(f"{role}_")] == []


@pytest.mark.parametrize("role", ROLES)
def test_the_argument_spec_has_every_variable_and_no_other(role: str) -> None:
    specs = read(ANSIBLE / "roles" / role / "meta" / "argument_specs.yml")
    assert isinstance(specs, dict)
    options = specs["argument_specs"]["main"]["options"]
    assert set(options) == set(defaults_of(role))
    assert [name for name, option in options.items() if not option.get("description")] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_stands_below_a_comment(role: str) -> None:
    """Variables that belong together share one; an empty line ends what it is about."""
    text = (ANSIBLE / "roles" / role / "defaults" / "main.yml").read_text("utf-8")
    paragraphs = text.removeprefix("---\n").split("\n\n")
    assert [part for part in paragraphs if not part.lstrip("\n").startswith("# ")] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_secret_is_one_in_the_argument_spec(role: str) -> None:
    specs = read(ANSIBLE / "roles" / role / "meta" / "argument_specs.yml")
    assert isinstance(specs, dict)
    options = specs["argument_specs"]["main"]["options"]
    secrets = {name for name in options if re.search(r"(password|secret)$", name)}
    assert {name for name, option in options.items() if option.get("no_log")} == secrets


def tasks() -> list[tuple[str, str]]:
    return [(str(f.relative_to(ANSIBLE)), f.read_text()) for f in ANSIBLE.rglob("*.yml")]


def test_no_error_is_ignored_and_no_password_has_a_default() -> None:
    assert [name for name, text in tasks() if "ignore_errors" in text] == []
    for role in ROLES:
        for name, value in defaults_of(role).items():
            if re.search(r"(password|secret)$", name):
                assert "lookup('ansible.builtin.env'" in str(value), name


def test_check_hears_every_change() -> None:
    topics = set()
    for _, text in tasks():
        topics |= set(re.findall(r"notify: (.+)", text))
    topics |= set(re.findall(r"application_on_change: (.+)", dict(tasks())[
        "roles/application/vars/main.yml"
    ]))  # fmt: skip
    topics -= {'"{{ application_on_change }}"'}
    heard = set(re.findall(r"^        - (.+)", (ANSIBLE / "check.yml").read_text(), re.MULTILINE))
    assert topics <= heard


def test_asterisk_is_never_restarted() -> None:
    for name, text in tasks():
        assert not re.search(r"core (restart|stop)|name: asterisk\n\s+state: restarted", text), name


def test_no_secret_is_in_the_environment_of_a_task() -> None:
    """It would be in the command line of ssh, which anybody on both machines can read."""
    for name, text in tasks():
        for lines in re.findall(r"^( *)environment:\n((?:\1 +.+\n)+)", text, re.MULTILINE):
            assert not re.search(r"password|secret", lines[1], re.IGNORECASE), name
