"""The end of a program that a second signal does not let finish."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import click

from originator.exit_codes import ExitCode

_T = TypeVar("_T")


def to_the_end(work: Coroutine[Any, Any, _T]) -> _T | None:
    """Run ``work`` in an event loop; None: it was cancelled, and `leave_at_once` comes next."""
    runner = asyncio.Runner()
    try:
        result = runner.run(work)
    except asyncio.CancelledError:
        # Closing the runner would wait for threads that wait for the database.
        return None
    except BaseException:
        runner.close()
        raise
    runner.close()
    return result


def leave_at_once() -> NoReturn:
    """Exit without waiting for any thread."""
    click.echo("originator: ended at once; the next run settles what is open", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED)
