"""Python and the dialplan share names: `campaign.channel_variables` has all of them, both ways."""

import re
from importlib import resources
from pathlib import Path

import fastagi_server.handlers
from campaign import channel_variables as names
from fastagi_server.moments import MOMENTS

FILES = {
    file.name: file.read_text("utf-8")
    for file in resources.files("dialplan").iterdir()
    if file.name.endswith(".conf")
}
CODE = "\n".join(
    line for text in FILES.values() for line in text.splitlines() if not line.startswith(";")
)
LOCAL_VARIABLES = {
    "OVERDUE_HEARD",
    "OVERDUE_TECH",
    "OVERDUE_WHY",
    "OVERDUE_END",
    "OVERDUE_FILE",
    "OVERDUE_FOUND",
    "OVERDUE_HASH",
    "OVERDUE_KEY",
    "OVERDUE_OFFSET",
    "OVERDUE_POLICY",
    "OVERDUE_STATUS",
}
"""Steps of a computation within one extension: Python neither sets nor reads them."""

SHARED = {key: value for key, value in vars(names).items() if key.isupper()}


def shared(prefix: str) -> set[str]:
    return {value for key, value in SHARED.items() if key.startswith(prefix)}


def variables() -> set[str]:
    return set(re.findall(r"\bOVERDUE_[A-Z_]+\b", CODE))


def test_the_files_are_those_of_the_call_and_of_the_site() -> None:
    assert set(FILES) == {"overdue.conf", "overdue_destinations.conf", "overdue_globals.conf"}


def test_every_variable_of_the_dialplan_is_a_constant_or_local() -> None:
    ours = {value for value in SHARED.values() if value.startswith("OVERDUE_")}
    assert not ours & LOCAL_VARIABLES
    assert variables() == ours | LOCAL_VARIABLES


def test_every_context_is_a_constant_and_every_constant_a_context() -> None:
    files = FILES["overdue.conf"] + FILES["overdue_destinations.conf"]
    headings = re.findall(r"^\[(.+?)\]", files, re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert set(headings) == shared("CONTEXT_")


def test_every_jump_leads_to_a_context_of_ours() -> None:
    jumps = set(re.findall(r"\boverdue-[a-z-]+(?=,)", CODE))
    assert jumps
    assert jumps <= shared("CONTEXT_")


def test_the_journal_has_the_families_of_the_constants() -> None:
    families = set(re.findall(r"\bDB\w*\(([^/)]+)", CODE))
    assert families == {
        names.JOURNAL_FAMILY,
        names.PROBE_FAMILY,
        names.BACK_FAMILY,
        names.INBOUND_FAMILY,
    }


def test_the_globals_of_a_site_are_constants() -> None:
    text = FILES["overdue_globals.conf"]
    assert re.findall(r"^(\w+)\s*=", text, re.MULTILINE) == [names.FASTAGI]


def test_each_moment_is_a_handler_a_url_and_a_constant() -> None:
    moments = shared("AGI_")
    urls = re.findall(r"agi://\$\{OVERDUE_FASTAGI\}/(\w+)", CODE)
    folder = Path(fastagi_server.handlers.__file__).parent
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert set(urls) == moments
    assert modules == moments
    assert set(MOMENTS) == moments
    assert len(urls) == CODE.count("agi://")
    for moment, served in MOMENTS.items():
        assert served.handle.__module__ == f"fastagi_server.handlers.{moment}"


def test_nobody_else_spells_a_shared_name() -> None:
    """A literal beside the constant would not follow it."""
    repository = Path(names.__file__).parents[1]
    values = "|".join(value for value in SHARED.values() if value.lower().startswith("overdue"))
    spelled = re.compile(rf"""["']({values})["']""")
    found = [
        f"{file.relative_to(repository)}: {match[1]}"
        for package in ("campaign", "originator", "fastagi_server")
        for file in (repository / package).rglob("*.py")
        if file != Path(names.__file__)
        for match in spelled.finditer(file.read_text("utf-8"))
    ]
    assert found == []
