"""A dialplan as a file writes it and as the CLI shows it: the same steps, whatever the layout."""

import pytest

from dialplan.steps import Step, shown, written

FILE = """\
; a comment
[overdue-hangup]
exten => s,1,Set(A=0\\;1) ; the rest of the line
 same => n,GotoIf($["${A}" = ""]?end)
 same => n(end),Return()
exten => T,1,Hangup(16)
"""
SHOWN = """\
[ Context 'overdue-hangup' created by 'pbx_config' ]
  'T' =>            1. Hangup(16)                                 [overdue.conf:6]
  's' =>            1. Set(A=0;1)                                 [overdue.conf:3]
                    2. GotoIf($["${A}" = ""]?end)                 [overdue.conf:4]
     [end]          3. Return()                                   [overdue.conf:5]

-= 2 extensions (4 priorities) in 1 context. =-
"""


def test_both_are_read_alike() -> None:
    assert written(FILE) == shown(SHOWN)
    assert Step("overdue-hangup", "s", 1, "Set", "A=0;1") in written(FILE)
    assert len(written(FILE)) == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hangup(16)", "Hangup(17)"),
        ("Return()", "NoOp()"),
        ("'T' =>", "'h' =>"),
        ("1. Set", "9. Set"),
    ],
)
def test_a_step_that_differs_is_seen(old: str, new: str) -> None:
    assert written(FILE) != shown(SHOWN.replace(old, new))


def test_a_step_is_shown_as_a_dialplan_writes_it() -> None:
    assert str(Step("c", "s", 2, "Playback", "a&b")) == "[c] s,2 Playback(a&b)"
