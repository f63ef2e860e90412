"""Exit codes of the command line; they are part of its interface and never change their meaning."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a script can tell from how a command ended."""

    DONE = 0
    FAILED = 1
    """Something to mend: the sentence on stderr says what. No call was made, or none was lost.
    `doctor` found something wrong."""
    USAGE = 2
    """The command line itself is wrong."""
    OUTSIDE_HOURS = 3
    """The law's hours do not allow a call now; the next opening is printed."""
    STOPPED = 4
    """The run ended early: its time or the window was over, or a signal came; or `settle` left
    something open that has to wait."""
    OURS = 5
    """The run stopped itself because of a mistake on our side, which would fail every call."""
    INTERRUPTED = 130
    """A second signal: ended at once; the next run settles what was left open."""
