import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.mask import mask_name, mask_number, safe


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
    ("name", "masked"),
    [
        ("Natalia Gómez", "N*** G***"),
        ("", ""),
        ("a b c d e f", "a*** b*** c*** d***"),
        ("\x1b[2J evil", "\\x1b*** e***"),
        ("N" * 10_000, "N***"),
    ],
)
def test_name_keeps_its_initials(name: str, masked: str) -> None:
    assert mask_name(name) == masked


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
