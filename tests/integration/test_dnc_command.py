"""``originator dnc`` from the words that an operator types to the table."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from campaign.do_not_call import ListError
from campaign.settings import DatabaseSettings
from originator.cli import cli
from tests.integration.conftest import Company

Dnc = Callable[..., Result]


@pytest.fixture
def dnc(
    company: Company,
    database_settings: DatabaseSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> Dnc:
    """Runs one command of the group."""
    for name, value in {
        "MYSQL_SOCKET": database_settings.socket or "",
        "MYSQL_USER": database_settings.user,
        "MYSQL_PASSWORD": database_settings.password,
        "MYSQL_DATABASE": database_settings.database,
    }.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(cli, ["dnc", *map(str, words)])


def test_import_and_export_round_trip(dnc: Dnc, company: Company, tmp_path: Path) -> None:
    file, again = tmp_path / "rne.csv", tmp_path / "again.csv"
    file.write_text(
        "number,purpose,source,added_at\n"
        + "".join(f"300{n:07d},commercial,RNE,2026-01-02T08:00:00-05:00\n" for n in range(1, 6001))
        + "300,all,RNE,\n3001234567,all,,\n"
    )
    done = dnc("import", file, "--source", "oficina")
    assert done.exit_code == 1
    assert done.stderr == "line 6002: not a Colombian number\n"
    assert done.stdout == "6001 new, 0 known, 1 refused\n"
    assert dnc("import", file, "--source", "oficina").stdout == "0 new, 6001 known, 1 refused\n"

    exported = dnc("export").stdout
    assert exported.splitlines()[:2] == [
        "number,purpose,source,added_at",
        "573000000001,commercial,RNE,2026-01-02T13:00:00.000+00:00",
    ]
    company.sql("DELETE FROM overdue_do_not_call")
    again.write_text(exported)
    done = dnc("import", again)
    assert (done.exit_code, done.stdout) == (0, "6001 new, 0 known, 0 refused\n")
    assert dnc("export").stdout == exported
    assert dnc("list").stdout.split() == ["1", "all", "oficina", "6000", "commercial", "RNE"]


def test_an_import_that_stops_has_taken_what_came_before(dnc: Dnc, tmp_path: Path) -> None:
    file = tmp_path / "rota.csv"
    file.write_text('3001234567,all,RNE\n3001234568,all,"RNE\n3001234569,all,RNE\n')
    done = dnc("import", file)
    assert isinstance(done.exception, ListError)
    assert str(done.exception).startswith("line 2: ")
    assert done.stdout == "1 new, 0 known, 0 refused\n"


def test_a_file_that_is_not_utf8_loses_only_the_rows_that_say_so(dnc: Dnc, tmp_path: Path) -> None:
    file = tmp_path / "latin1.csv"
    file.write_bytes("3001234567,all,Oficina de atención\n3001234568,all,RNE\n".encode("latin-1"))
    done = dnc("import", file)
    assert done.stdout == "1 new, 0 known, 1 refused\n"
    assert done.stderr == "line 1: a source has 1 to 64 printable characters, in UTF-8\n"


def test_one_number_is_added_shown_and_removed_masked(dnc: Dnc) -> None:
    add = ("add", "300 123 4567", "--purpose", "all", "--source", "cliente")
    assert dnc(*add).stdout == "57300***4567 is on the list now\n"
    assert dnc(*add).stdout == "57300***4567 was on the list\n"
    assert "57300***4567 all, by cliente, added " in dnc("list", "3001234567").stdout
    assert dnc("remove", "3001234567", "--purpose", "office").exit_code == 1
    assert dnc("remove", "3001234567").stdout == "1 entries of 57300***4567 were removed\n"
    assert ", removed " in dnc("list", "3001234567").stdout
    assert dnc("list").stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "300", "--purpose", "all", "--source", "x"), "not a Colombian number"),
        (("add", "3001234567", "--purpose", "a b", "--source", "x"), "a purpose has 1 to 32"),
        (("remove", "300"), "not a Colombian number"),
    ],
)
def test_what_is_no_entry_is_a_wrong_command_line(
    dnc: Dnc, words: tuple[str, ...], said: str
) -> None:
    done = dnc(*words)
    assert done.exit_code == 2
    assert said in done.stderr
