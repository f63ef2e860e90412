"""CPU time of a process with all of its children, from /proc (proc_pid_stat(5))."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """User and system time so far of a process, of its children and of theirs, in seconds.

    Those of its children that have ended count too, once it has waited for them. The grain is
    10 ms. A process that has ended, but was not waited for, can still be asked; raises
    FileNotFoundError afterwards.
    """
    children = (_PROC / f"{pid}/task").glob("*/children")
    pids = [int(child) for file in children for child in file.read_text().split()]
    return own_seconds((_PROC / f"{pid}/stat").read_text()) + sum(map(cpu_seconds, pids))


def own_seconds(stat: str) -> float:
    """What a line of /proc/<pid>/stat holds: utime, stime, cutime and cstime together."""
    # The second field is the program's name in brackets and may hold anything.
    fields = stat.rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS
