"""The dialplan check, with the real asterisklint."""

from pathlib import Path

import pytest

from lab.dialplan_lint import lint, main

GLOBALS = "[globals]\nOVERDUE_FASTAGI=127.0.0.1:4573\n"

GOOD = """\
; Plays the prompt.
[overdue-answered]
exten => s,1,Set(TIMEOUT(absolute)=90)
 same => n,AGI(agi://${OVERDUE_FASTAGI}/answered)
 same => n,GotoIf($["${OVERDUE_LEG}" = ""]?overdue-fallback,s,1)
 same => n,Hangup(16)

[overdue-hangup]
exten => s,1,Set(DB(overdue/${UNIQUEID})=${HANGUPCAUSE}|${HANGUPCAUSE(${CHANNEL},tech)})
 same => n,Return()
"""

FALLBACK = "[overdue-fallback]\nexten => s,1,Playback(${OVERDUE_PROMPT})\n same => n,Hangup(16)\n"


@pytest.fixture
def dialplan(tmp_path: Path) -> Path:
    (tmp_path / "overdue.conf").write_text(GOOD, encoding="utf-8")
    (tmp_path / "overdue_fallback.conf").write_text(FALLBACK, encoding="utf-8")
    (tmp_path / "overdue_globals.conf").write_text(GLOBALS, encoding="utf-8")
    return tmp_path


def test_a_good_dialplan_in_several_files_passes(dialplan: Path) -> None:
    assert lint(dialplan) == []
    assert main([str(dialplan)]) == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("AGI(agi:", "Agji(agi:", 4, "E_APP_MISSING"),
        ("exten => s,1,Set(T", "exten => s,Set(T", 3, "E_DP_PRIO_INVALID"),
        (" same => n,AGI", " same => AGI", 4, "E_DP_PRIO_INVALID"),
        ("${OVERDUE_LEG}", "${OVERDUE_LEG", 5, "E_APP_PARSE_ERROR"),
        ('= ""]?', '= ""?', 5, "E_APP_PARSE_ERROR"),
        ("[overdue-hangup]", "[overdue-hangup", 8, "E_CONF_BAD_LINE"),
        ("overdue-fallback,s", "overdue-fallbak,s", 5, "E_DP_GOTO_NOCONTEXT"),
        ("TIMEOUT(", "TIMOUT(", 3, "E_FUNC_MISSING"),
        ("HANGUPCAUSE(", "HANGUPCAUS(", 9, "E_FUNC_MISSING"),
    ],
)
def test_a_broken_line_is_refused_with_its_place(
    dialplan: Path, old: str, new: str, line: int, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in GOOD
    (dialplan / "overdue.conf").write_text(GOOD.replace(old, new), encoding="utf-8")
    assert main([str(dialplan)]) == 1
    assert f"overdue.conf:{line} {code}: " in capsys.readouterr().err


def test_a_line_that_asterisklint_cannot_read_is_refused(dialplan: Path) -> None:
    (dialplan / "overdue.conf").write_text(GOOD + "exten = s,3,NoOp()\n", encoding="utf-8")
    assert "asterisklint gave up" in lint(dialplan)[-1]


def test_the_operators_own_ignore_list_does_not_count(
    dialplan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALINT_IGNORE", "E_,W_,H_")
    (dialplan / "overdue.conf").write_text(GOOD.replace("AGI(", "Agji("), encoding="utf-8")
    assert any("E_APP_MISSING" in message for message in lint(dialplan))


def test_a_sample_is_read_in_the_place_of_the_sites_file(dialplan: Path) -> None:
    sample = dialplan / "samples" / "extensions_site.conf"
    sample.parent.mkdir()
    site = (
        "; A site.\n#include overdue/overdue_globals.conf\n#include overdue/overdue_fallback.conf\n"
    )
    site += "\n[from-trunk]\nexten => 100,1,Goto(overdue-fallback,s,1)\n"
    sample.write_text(site, encoding="utf-8")
    assert lint(dialplan) == []
    sample.write_text(site.replace("overdue-fallback,s", "overdue-gone,s"), encoding="utf-8")
    (message,) = lint(dialplan)
    assert "extensions_site.conf:6 E_DP_GOTO_NOCONTEXT" in message


def test_an_empty_directory_is_no_dialplan(tmp_path: Path) -> None:
    assert "no dialplan" in lint(tmp_path)[0]
