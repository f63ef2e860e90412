"""Pages of rows that wait outside of memory until they are wanted."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def spooled(pages: Iterable[list[Item]]) -> Iterator[Iterator[list[Item]]]:
    """Take all pages at once and give them back one by one.

    They lie in a file without a name, which nobody else can open and which ends with this process.
    """
    with tempfile.TemporaryFile(prefix="overdue-") as file:
        count = 0
        for page in pages:
            pickle.dump(page, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        file.seek(0)
        yield (pickle.load(file) for _ in range(count))  # noqa: S301 (our own file)
