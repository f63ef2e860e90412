"""Pages of rows that wait outside of memory until they are wanted."""

import pickle
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, TypeVar

Item = TypeVar("Item")


@contextmanager
def spooled(pages: Generator[list[Item]]) -> Iterator[Iterator[list[Item]]]:
    """Take all pages at once, however slowly they are wanted, and give each back as it has come.

    They lie in a file without a name, which nobody else can open and which ends with this process.
    A thread takes them, until the block ends; what it raises comes behind the pages before it.
    """
    with tempfile.TemporaryFile(prefix="overdue-") as file:
        spool = _Spool(file)
        thread = threading.Thread(target=spool.take, args=(pages,), name="spool", daemon=True)
        thread.start()
        try:
            yield spool.pages()
        finally:
            spool.wanted = False
            thread.join()


class _Spool:
    """A file that one thread writes at its end and another reads from its beginning."""

    def __init__(self, file: BinaryIO) -> None:
        self.wanted = True
        self._file = file
        self._changed = threading.Condition()
        self._written = self._read = 0
        """Bytes."""
        self._over = False
        self._error: BaseException | None = None

    def take(self, pages: Generator[list[Item]]) -> None:
        """Write all pages."""
        try:
            with closing(pages):
                for page in pages:
                    if not self.wanted:
                        break
                    self._write(pickle.dumps(page, pickle.HIGHEST_PROTOCOL))
        except BaseException as error:  # noqa: BLE001 (the other thread raises it)
            self._error = error
        finally:
            with self._changed:
                self._over = True
                self._changed.notify()

    def pages(self) -> Iterator[Any]:
        """Each page, waited for."""
        while (page := self._next()) is not None:
            yield page
        if self._error is not None:
            raise self._error

    def _next(self) -> Any:
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._read < self._written)
            if self._read == self._written:
                return None
            self._file.seek(self._read)
            page = pickle.load(self._file)  # noqa: S301 (our own file)
            self._read = self._file.tell()
        return page

    def _write(self, page: bytes) -> None:
        with self._changed:
            self._file.seek(self._written)
            self._file.write(page)
            self._written += len(page)
            self._changed.notify()
