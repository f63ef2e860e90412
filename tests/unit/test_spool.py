"""Pages that wait in a file: taken at once, given back in their order, as they come."""

import threading
from collections.abc import Generator

import pytest

from campaign.store.spool import spooled

PAGES = [[number] * 500 for number in range(20)]


def test_all_pages_come_back_in_their_order() -> None:
    with spooled([(page for page in PAGES)]) as kept:
        assert list(kept) == PAGES


def test_no_pages_are_no_pages() -> None:
    with spooled([(page for page in ([],) if page)]) as kept:
        assert list(kept) == []


def test_the_first_page_is_there_before_the_last_has_come() -> None:
    read = threading.Event()

    def pages() -> Generator[list[int]]:
        yield [1]
        assert read.wait(10)
        yield [2]

    with spooled([pages()]) as kept:
        assert next(kept) == [1]
        read.set()
        assert list(kept) == [[2]]


def test_all_pages_are_taken_although_none_is_wanted_yet() -> None:
    taken = threading.Event()

    def pages() -> Generator[list[int]]:
        yield from PAGES
        taken.set()

    with spooled([pages()]) as kept:
        assert taken.wait(10)
        assert list(kept) == PAGES


def test_what_the_source_raises_comes_behind_the_pages_before_it() -> None:
    def pages() -> Generator[list[int]]:
        yield [1]
        raise KeyError("gone")

    with spooled([pages()]) as kept:
        assert next(kept) == [1]
        with pytest.raises(KeyError, match="gone"):
            next(kept)


def test_who_wants_no_more_closes_the_source() -> None:
    closed = threading.Event()

    def pages() -> Generator[list[int]]:
        try:
            while True:
                yield [1]
        finally:
            closed.set()

    with spooled([pages()]) as kept:
        assert next(kept) == [1]
    assert closed.wait(10)


def test_a_query_begins_when_a_quarter_of_the_one_before_it_was_read() -> None:
    begun: list[int] = []
    changed = threading.Condition()

    def query(number: int) -> Generator[list[int]]:
        with changed:
            begun.append(number)
            changed.notify()
        for _ in range(8):
            yield [number]

    with spooled([query(1), query(2), query(3)]) as kept:
        assert next(kept) == [1]
        assert begun == [1]
        assert next(kept) == [1]
        with changed:
            assert changed.wait_for(lambda: begun == [1, 2], 10)
        assert [next(kept) for _ in range(7)] == [[1]] * 6 + [[2]]
        assert begun == [1, 2]
        assert list(kept) == [[2]] * 7 + [[3]] * 8
    assert begun == [1, 2, 3]


def test_a_query_without_a_page_holds_up_nobody() -> None:
    queries = [(page for page in pages) for pages in ([], [[1]], [], [], [[2]])]
    with spooled(queries) as kept:
        assert list(kept) == [[1], [2]]


def test_who_wants_no_more_begins_no_query() -> None:
    begun: list[int] = []

    def query(number: int) -> Generator[list[int]]:
        begun.append(number)
        yield from [[number]] * 8

    with spooled([query(1), query(2)]) as kept:
        assert next(kept) == [1]
        (thread,) = (each for each in threading.enumerate() if each.name == "spool")
    thread.join(10)
    assert begun == [1]


def test_who_wants_no_more_does_not_wait_for_the_next_query() -> None:
    begun, answered, closed = (threading.Event() for _ in range(3))

    def first() -> Generator[list[int]]:
        yield [1]

    def slow() -> Generator[list[int]]:
        try:
            begun.set()
            assert answered.wait(10)
            yield [2]
        finally:
            closed.set()

    with spooled([first(), slow()]) as kept:
        assert next(kept) == [1]
        assert begun.wait(10)
    answered.set()
    assert closed.wait(10)
