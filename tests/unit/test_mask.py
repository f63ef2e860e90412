import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.mask import mask_long_numbers, mask_number, safe


@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("573001234567", "57300***4567"),
        ("3001234567", "300***4567"),
        ("", "***"),
        ("300123", "***"),
        ("300 123 4567", "***"),
        ("3001234567\n", "***"),
        ("9" * 10_000, "***"),
    ],
)
def test_number_keeps_prefix_and_last_four(digits: str, masked: str) -> None:
    assert mask_number(digits) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ended|3001234567|x", "ended|300***4567|x"),
        ("+573001234567", "+57300***4567"),
        ("604 555 123", "604 555 123"),
        ("1234567", "***"),
        ("", ""),
    ],
)
def test_a_long_number_in_foreign_text_is_masked(text: str, masked: str) -> None:
    assert mask_long_numbers(text) == masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("año 👍", "año 👍"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("a\\nb", "a\\\\nb"),
        ("\x1b[31m\x00", "\\x1b[31m\\x00"),
        ("\u202e\u2028\u200b\ud800", "\\u202e\\u2028\\u200b\\ud800"),
        ("x" * 81, "x" * 80 + "…"),
    ],
)
def test_foreign_text_stays_on_its_line(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(st.text(alphabet=st.characters()))
def test_any_text_is_printable_and_short(text: str) -> None:
    shown = safe(text, limit=20)
    assert shown.isprintable()
    assert len(shown) <= 20 * len("\\U0010ffff") + 1
