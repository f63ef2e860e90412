import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from lab import Lab, LabError, cli


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "state", tmp_path / "root")


@pytest.fixture
def run(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    monkeypatch.setattr(cli, "Lab", lambda: lab)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.main, arguments)
        return result.exit_code, result.output

    return run


def test_up_without_root(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LabError, match="needs root"):
        lab.up()
    assert not lab.state.exists()


def test_up_without_its_programs(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabError, match=r"needs .*mmdebstrap.*: apt-get install .*espeak-ng ffmpeg"):
        lab.up()
    assert not lab.state.exists()


def test_refusal_is_one_sentence_on_the_command_line(run: Callable[..., tuple[int, str]]) -> None:
    assert run("asterisk", "pbx", "core", "show", "version") == (
        1,
        "Error: Asterisk (pbx) does not run: python -m lab up starts it.\n",
    )


def test_status_of_a_lab_that_never_ran(run: Callable[..., tuple[int, str]], lab: Lab) -> None:
    code, output = run("status")
    assert code == 1
    assert output.count("does not run") == len(lab.status())
    assert not lab.state.exists()


def test_down_without_a_lab_does_nothing(run: Callable[..., tuple[int, str]], lab: Lab) -> None:
    assert run("down") == (0, "")
    assert not lab.state.exists()


def test_env_names_what_the_programs_read(run: Callable[..., tuple[int, str]], lab: Lab) -> None:
    code, output = run("env")
    assert code == 0
    assert output.splitlines()[0] == "export ASTERISK_HOST=127.0.0.1"
    assert f"export MYSQL_SOCKET={lab.database.socket}" in output
    assert run("env") == (0, output)
    assert (lab.state / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_lab_of_before_keeps_its_passwords_and_gets_the_missing_secret(lab: Lab) -> None:
    """Its database was made with them."""
    before = {"ami": "a", "mysql": "m"}
    lab.state.mkdir(parents=True)
    (lab.state / "secrets.json").write_text(json.dumps(before))
    env = lab.env()
    assert (env["ASTERISK_PASSWORD"], env["MYSQL_PASSWORD"]) == ("a", "m")
    assert len(env["OVERDUE_SECRET"]) == 32
    assert lab.env() == env
