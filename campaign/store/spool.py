"""Pages of rows that wait outside of memory until they are wanted."""

import pickle
import tempfile
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, TypeVar

Item = TypeVar("Item")


@contextmanager
def spooled(queries: Iterable[Generator[list[Item]]]) -> Iterator[Iterator[list[Item]]]:
    """Take all pages of a query at once, however slowly they are wanted; give each as it has come.

    A query is begun when a quarter of the one before it was read: the server works on it while the
    rest is judged, and not for whom the first pages are enough. They lie in a file without a name,
    which nobody else can open and which ends with this process. A thread takes them; what it raises
    comes behind the pages before it. Who wants no more does not wait for it: it ends with the page
    that it waits for.
    """
    spool = _Spool()
    threading.Thread(target=spool.take, args=(queries,), name="spool", daemon=True).start()
    try:
        yield spool.pages()
    finally:
        spool.let_go()


class _Spool:
    """A file that one thread writes at its end and another reads from its beginning."""

    def __init__(self) -> None:
        # Whoever ends last closes it.
        self._file = tempfile.TemporaryFile(prefix="overdue-")  # noqa: SIM115
        self._changed = threading.Condition()
        self._wanted = True
        self._written = self._read = 0
        """Bytes."""
        self._over = False
        self._error: BaseException | None = None

    def take(self, queries: Iterable[Generator[list[Item]]]) -> None:
        """Write the pages of all queries."""
        try:
            began_at = 0
            for pages in queries:
                with closing(pages):
                    self._wait_until_read((3 * began_at + self._written) // 4)
                    began_at = self._written
                    while self._wanted and (page := next(pages, None)) is not None:
                        self._write(pickle.dumps(page, pickle.HIGHEST_PROTOCOL))
        except BaseException as error:  # noqa: BLE001 (the other thread raises it)
            self._error = error
        finally:
            with self._changed:
                self._over = True
                self._changed.notify()
                if not self._wanted:
                    self._file.close()

    def pages(self) -> Iterator[Any]:
        """Each page, waited for."""
        while (page := self._next()) is not None:
            yield page
        if self._error is not None:
            raise self._error

    def let_go(self) -> None:
        """Nothing more is wanted."""
        with self._changed:
            self._wanted = False
            self._changed.notify()
            if self._over:
                self._file.close()

    def _next(self) -> Any:
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._read < self._written)
            if self._read == self._written:
                return None
            self._file.seek(self._read)
            page = pickle.load(self._file)  # noqa: S301 (our own file)
            self._read = self._file.tell()
            self._changed.notify()
        return page

    def _wait_until_read(self, place: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._read >= place or not self._wanted)

    def _write(self, page: bytes) -> None:
        with self._changed:
            self._file.seek(self._written)
            self._file.write(page)
            self._written += len(page)
            self._changed.notify()
