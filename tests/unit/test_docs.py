"""The documentation names only what exists: files, commands, options, variables, outcomes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from campaign import channel_variables, settings
from campaign.cause import outcome_of
from campaign.journal import CallEnd
from fastagi_server.cli import main as fastagi_server
from lab.cli import main as lab
from lab.demo import main as demo
from originator.cli import cli as originator

ROOT = Path(__file__).parents[2]
FOLDERS = [entry for entry in ROOT.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
PAGES = sorted([*ROOT.glob("*.md"), *(page for each in FOLDERS for page in each.rglob("*.md"))])
GUIDES = ("README.md", "README.es.md", "docs/operations.md", "docs/operations.es.md")
PAIRS = [
    ("README.md", "README.es.md"),
    ("docs/operations.md", "docs/operations.es.md"),
    ("docs/deploy.md", "docs/deploy.es.md"),
    ("docs/campaign-file.md", "docs/campaign-file.es.md"),
]
PROGRAMS: dict[str, click.Command] = {
    "originator": originator,
    "fastagi-server": fastagi_server,
    "script/demo": demo,
    "python -m lab": lab,
}
_VARIABLE = r"(?:MYSQL|ASTERISK)_[A-Z]+|OVERDUE_SECRET"
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language and its lines without indent."""

    language: str
    lines: list[str]


def text_of(page: str | Path) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(page: str | Path) -> list[Block]:
    return [
        Block(found[2], [line.removeprefix(found[1]) for line in found[3].splitlines()])
        for found in _FENCE.finditer(text_of(page))
    ]


def prose(page: str | Path) -> str:
    return _FENCE.sub("", text_of(page))


def without_comment(line: str) -> str:
    return re.sub(r"(^|\s+)# .*", "", line).rstrip()


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


# Links


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken


def anchors(page: Path) -> set[str]:
    """The headings of a page as links spell them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_that_a_file_of_ours_names_exists() -> None:
    kinds = ("*.py", "*.conf", "*.sql", "*.yaml", "*.md")
    named = {
        (name(file), page)
        for folder in ("campaign", "originator", "fastagi_server", "dialplan", "lab", "tests")
        for kind in kinds
        for file in (ROOT / folder).rglob(kind)
        for page in re.findall(r"\bdocs/[\w./-]*\.md", text_of(file))
    }
    assert named
    assert not [(file, page) for file, page in named if not (ROOT / page).is_file()]


def test_the_index_of_decisions_has_every_page() -> None:
    folder = ROOT / "docs/decisions"
    listed = re.findall(r"^\| \[[^]]+\]\(([^)]+)\)", text_of(folder / "README.md"), re.MULTILINE)
    assert sorted(listed) == sorted(p.name for p in folder.glob("*.md") if p.name != "README.md")


# Commands


class Use(NamedTuple):
    """A command line of ours, as a page shows it."""

    page: str
    program: str
    arguments: tuple[str, ...]


def uses() -> Iterator[Use]:
    """Every command line of ours in the command blocks and the inline code of all pages."""
    for page in PAGES:
        lines = [
            without_comment(line)
            for block in blocks(page)
            if block.language in ("sh", "ini", "cron")
            for line in block.lines
        ]
        lines += re.findall(r"`([^`\n]+)`", prose(page))
        for line in lines:
            yield from uses_in(name(page), line)


def uses_in(page: str, line: str) -> Iterator[Use]:
    for program in PROGRAMS:
        # At the start, or behind a path, an assignment, `$(` or another command.
        called = r"(?:^|(?<=[/=;( ]))" + re.escape(program) + r"(?=[ );]|$)"
        for found in re.finditer(called, line):
            arguments = re.split(r"[;)>&|]", line[found.end() :])[0]
            yield Use(page, program, tuple(arguments.split()))


def wrong_with(use: Use) -> str | None:
    """What the program would not understand; None: nothing."""
    command = PROGRAMS[use.program]
    before = ""
    for argument in use.arguments:
        if argument.startswith("-"):
            if argument not in options(command) | {"--help", "--version"}:
                return f"{command.name} has no option {argument}"
        elif isinstance(command, click.Group) and before not in options(command, flags=False):
            if argument not in command.commands:
                return f"{command.name} has no command {argument}"
            command = command.commands[argument]
        before = argument
    return None


def options(command: click.Command, *, flags: bool = True) -> set[str]:
    """The options of a command, with or without those that take no value."""
    return {
        option
        for param in command.params
        if isinstance(param, click.Option) and (flags or not param.is_flag)
        for option in param.opts
    }


def test_every_command_and_option_of_the_guides_exists() -> None:
    found = list(uses())
    assert {use.page for use in found} >= set(GUIDES)
    assert {use.program for use in found} == set(PROGRAMS)
    assert not [(use, wrong) for use in found if (wrong := wrong_with(use))]


@pytest.mark.parametrize(
    "line",
    [
        "originator runn cortes.yaml",
        "originator run --fast cortes.yaml",
        "/opt/x/bin/originator db migrat",
        'eval "$(python -m lab environment)"',
        "ExecStart=/opt/x/bin/fastagi-server start",
        "set -a; . file; originator --log-file x.log rum cortes.yaml",
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    assert any(wrong_with(use) for use in uses_in("page", line))


def test_every_command_is_told_in_both_readmes() -> None:
    for page in ("README.md", "README.es.md"):
        told = {use.arguments[0] for use in uses() if use.page == page and use.arguments}
        assert told >= set(originator.commands) | set(fastagi_server.commands)


# Variables


def test_the_readmes_name_every_environment_variable_and_no_other() -> None:
    known = set(re.findall(rf'"({_VARIABLE})"', text_of(str(settings.__file__))))
    assert known
    for page in ("README.md", "README.es.md"):
        assert set(re.findall(rf"`({_VARIABLE})`", text_of(page))) == known


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_variable_named_in_a_page_exists(page: Path) -> None:
    known = set(re.findall(rf'"({_VARIABLE})"', text_of(str(settings.__file__))))
    known |= {value for value in vars(channel_variables).values() if isinstance(value, str)}
    known |= {
        str(param.envvar)
        for command in originator.commands.values()
        for param in command.params
        if param.envvar
    }
    named = re.findall(r"\b(?:(?:MYSQL|ASTERISK)_[A-Z]+|OVERDUE_[A-Z_]+)\b", text_of(page))
    assert set(named) <= known


# Two languages


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_both_languages_have_the_same_headings_and_commands(english: str, spanish: str) -> None:
    assert levels(english) == levels(spanish)
    assert command_blocks(english) == command_blocks(spanish)


def levels(page: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def command_blocks(page: str) -> list[Block]:
    """All blocks but drawings and output, without the comments, which are translated."""
    return [
        Block(block.language, [without_comment(line) for line in block.lines])
        for block in blocks(page)
        if block.language != "text"
    ]


# Causes


def causes() -> list[list[str]]:
    lines = re.findall(
        r"^\| (?:\d{3}|none) \|.*$", text_of("docs/decisions/causes.md"), re.MULTILINE
    )
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("row", causes(), ids=lambda row: "-".join(row[:2]))
def test_a_cause_is_told_as_the_code_treats_it(row: list[str]) -> None:
    sip, q850, outcome = row[:3]
    tech = "" if sip == "none" else f"SIP {sip} Words"
    end = CallEnd(int(q850), tech, datetime.now(UTC), answered_at=None, leg=None)
    assert outcome_of(end, delivered_after_seconds=8) == outcome


def test_every_code_and_cause_of_the_table_in_the_code_is_told() -> None:
    source = text_of("campaign/cause.py")
    sip, q850 = re.findall(r"^_(?:SIP|Q850) = \{(.*?)^\}", source, re.MULTILINE | re.DOTALL)
    told = causes()
    assert set(re.findall(r"^ +(\d+):", sip, re.MULTILINE)) <= {row[0] for row in told}
    assert set(re.findall(r"^ +(\d+):", q850, re.MULTILINE)) <= {row[1] for row in told}
