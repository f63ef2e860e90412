"""What a company installs has all that the programs read beside themselves."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGES = ("campaign", "originator", "fastagi_server", "dialplan", "sounds")
NOT_SHIPPED = ("lab", "tests", "script", "docs", "ansible")
ENDINGS = (".py", ".sql", ".conf", ".txt", ".yaml")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(build(tmp_path_factory.mktemp("wheel"))) as archive:
        yield archive


def build(directory: Path) -> Path:
    """Build the wheel of this tree; nothing is left beside the sources."""
    done = subprocess.run(
        [str(REPOSITORY / "script" / "build-wheel"), str(directory)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = directory.glob("overdue_dialer-*.whl")
    return file


def test_the_same_sources_give_the_same_wheel(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    assert wheel.filename is not None
    assert build(tmp_path).read_bytes() == Path(wheel.filename).read_bytes()


def test_one_that_was_built_of_these_sources_stays(wheel: zipfile.ZipFile) -> None:
    assert wheel.filename is not None
    file = Path(wheel.filename)
    before = file.stat().st_ino
    build(file.parent)
    assert file.stat().st_ino == before


def test_one_that_was_built_of_other_sources_goes(tmp_path: Path) -> None:
    (tmp_path / "overdue_dialer-0.0.1-py3-none-any.whl").touch()
    (tmp_path / "sources").write_text("what those were\n")
    assert build(tmp_path).stat().st_size > 0


def test_every_file_of_the_packages_is_in_it(wheel: zipfile.ZipFile) -> None:
    wanted = {
        str(file.relative_to(REPOSITORY))
        for package in PACKAGES
        for file in (REPOSITORY / package).rglob("*")
        if file.suffix in ENDINGS
    }
    for file in (
        "campaign/store/queries.sql",
        "campaign/store/migrations/0001_attempts.sql",
        "campaign/example.yaml",
        "dialplan/overdue.conf",
        "dialplan/samples/manager.conf",
        "sounds/es_MX/set.yaml",
    ):
        assert file in wanted
    assert wanted - set(wheel.namelist()) == set()


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    folders = {name.split("/")[0] for name in wheel.namelist()}
    assert folders.isdisjoint(NOT_SHIPPED)
    assert {f for f in folders if not f.endswith(".dist-info")} == set(PACKAGES)


def test_the_files_are_the_ones_of_the_sources(wheel: zipfile.ZipFile) -> None:
    for name in wheel.namelist():
        if not name.split("/")[0].endswith(".dist-info"):
            assert wheel.read(name) == (REPOSITORY / name).read_bytes(), name


def test_the_commands_are_there(wheel: zipfile.ZipFile) -> None:
    (name,) = [n for n in wheel.namelist() if n.endswith("entry_points.txt")]
    entries = ConfigParser()
    entries.read_string(wheel.read(name).decode())
    assert set(entries["console_scripts"]) == {"originator", "fastagi-server"}


def test_it_works_without_the_sources(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    script = (
        "import campaign, pathlib\n"
        "from importlib import resources\n"
        "from campaign.file import load\n"
        "from campaign.store.migrate import available\n"
        "from campaign.store.statements import statements\n"
        "here = pathlib.Path(campaign.__file__).parent\n"
        "print(here, available()[1], load(here / 'example.yaml').name,\n"
        "      len(statements('queries.sql')) > 10,\n"
        "      resources.files('dialplan').joinpath('overdue.conf').is_file())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.split() == [
        str(tmp_path / "campaign"), "0001_attempts.sql", "cortes", "True", "True",
    ]  # fmt: skip
