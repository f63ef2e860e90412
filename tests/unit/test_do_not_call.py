from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.do_not_call import Entry, ListError, RefusedRow, entry, read

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def rows(
    text: str, purpose: str | None = None, source: str | None = None
) -> list[Entry | RefusedRow]:
    return list(read(StringIO(text), purpose, source, NOW))


def test_columns_are_named_by_the_first_line_in_any_order() -> None:
    text = "source,number,purpose\nRNE,300 123 4567,commercial\n"
    assert rows(text) == [Entry("573001234567", "commercial", "RNE", NOW)]


def test_without_names_the_columns_stand_in_their_order() -> None:
    text = "3001234567,all,customer,2026-01-02T08:00:00-05:00\n"
    asked = datetime(2026, 1, 2, 13, tzinfo=UTC)
    assert rows(text) == [Entry("573001234567", "all", "customer", asked)]


def test_a_plain_list_of_numbers_takes_purpose_and_source_from_the_options() -> None:
    assert rows("3001234567\n\n+57 601 234 5678\n", "commercial", "RNE") == [
        Entry("573001234567", "commercial", "RNE", NOW),
        Entry("576012345678", "commercial", "RNE", NOW),
    ]


def test_a_row_of_its_own_words_keeps_them() -> None:
    text = "number;purpose;source\n3001234567;;\n3001234568;all;customer\n"
    assert rows(text, "collection", "office") == [
        Entry("573001234567", "collection", "office", NOW),
        Entry("573001234568", "all", "customer", NOW),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("300123456,all,RNE", "not a Colombian number"),
        (",all,RNE", "no number"),
        ("3000000000,all,RNE", "a made-up number"),
        ("3001234567 / 3001234568,all,RNE", "more than one number"),
        ("3001234567,no es,RNE", "a purpose has 1 to 32 letters, digits, _ or -"),
        ("3001234567,all", "a source has 1 to 64 printable characters, in UTF-8"),
        (f"3001234567,all,{'x' * 65}", "a source has 1 to 64 printable characters, in UTF-8"),
        ("3001234567,all,\udcf1", "a source has 1 to 64 printable characters, in UTF-8"),
        ("3001234567,all,RNE,ayer", "added_at is no time, as 2026-11-23T08:00:00Z"),
        (
            "3001234567,all,RNE,2026-11-23T08:00:00",
            "added_at has no zone, as the Z of 2026-11-23T08:00:00Z",
        ),
    ],
)
def test_a_row_that_is_no_entry_is_refused_with_its_line(row: str, reason: str) -> None:
    text = f"number,purpose,source,added_at\n\n{row}\n3001234569,all,RNE\n"
    refused, taken = rows(text)
    assert refused == RefusedRow(3, reason)
    assert isinstance(taken, Entry)
    assert "3001234567" not in reason


@pytest.mark.parametrize("missing", ["purpose", "source"])
def test_a_column_that_is_in_neither_place_stops_before_the_first_row(missing: str) -> None:
    columns = [name for name in ("number", "purpose", "source") if name != missing]
    with pytest.raises(ListError, match=f"no column {missing}: give --{missing}"):
        rows(",".join(columns) + "\n" + "x,y\n")


@pytest.mark.parametrize(
    "broken", ['3001234567,all,"RNE\n3001234568,all,RNE\n', '3001234567,all,"R"NE\n']
)
def test_a_quotation_mark_that_swallows_rows_stops_the_reading(broken: str) -> None:
    found = read(StringIO(f"number,purpose,source\n3001234560,all,RNE\n{broken}"), None, None, NOW)
    assert isinstance(next(found), Entry)
    with pytest.raises(ListError, match=r"^line 3: "):
        list(found)


def test_an_empty_file_holds_nothing() -> None:
    assert rows("") == []
    assert rows("number,purpose,source\n") == []


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ListError):
        assert len(rows(text, "all", "RNE")) <= text.count("\n") + text.count("\r") + 1


@given(number=st.text(max_size=20), purpose=st.text(max_size=40), source=st.text(max_size=80))
def test_an_entry_holds_only_what_our_columns_hold(number: str, purpose: str, source: str) -> None:
    made = entry(number, purpose, source, NOW)
    if isinstance(made, Entry):
        assert len(made.number) == 12
        assert len(made.purpose.encode("ascii")) <= 32
        assert 0 < len(made.source) <= 64
        made.source.encode("utf-8")
