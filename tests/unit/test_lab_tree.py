from pathlib import Path

import pytest

from lab.tree import mirror


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "sources.list",
            "deb http://ftp.example.org/debian bookworm main\n",
            "http://ftp.example.org/debian",
        ),
        (
            "sources.list",
            "# deb http://old.example.org/debian bookworm main\n"
            "deb [signed-by=/k.gpg] https://new.example.org/debian/ bookworm main\n",
            "https://new.example.org/debian",
        ),
        (
            "sources.list.d/debian.sources",
            "Types: deb\nURIs: http://mirror.example.org/debian\nSuites: bookworm\n",
            "http://mirror.example.org/debian",
        ),
        (
            "sources.list.d/other.list",
            "deb https://packages.example.org/apt stable main\n"
            "deb http://security.example.org/debian-security bookworm-security main\n",
            "http://deb.debian.org/debian",
        ),
    ],
)
def test_mirror_is_that_of_apt(tmp_path: Path, name: str, text: str, expected: str) -> None:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / name).write_text(text)
    assert mirror(tmp_path) == expected


def test_mirror_without_sources(tmp_path: Path) -> None:
    assert mirror(tmp_path) == "http://deb.debian.org/debian"
