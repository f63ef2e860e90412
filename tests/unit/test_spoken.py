"""What a customer hears of a value, against sentences written by hand."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastagi_server import spoken
from originator.sounds.prompt_set import read_set

SOUNDS = Path(__file__).parents[2] / "sounds"
TEXTS = {
    f"{language}/{prompt_id}": text
    for language in ("es_MX", "en")
    for prompt_id, text in read_set(SOUNDS / language).texts.items()
}


def words(sounds: list[str]) -> str:
    return " ".join(TEXTS[sound].rstrip(",.") for sound in sounds)


@pytest.mark.parametrize(
    ("pesos", "spanish", "english"),
    [
        ("1", "un peso", "one peso"),
        ("2", "dos pesos", "two pesos"),
        ("11", "once pesos", "eleven pesos"),
        ("16", "dieciséis pesos", "sixteen pesos"),
        ("20", "veinte pesos", "twenty pesos"),
        ("21", "veintiún pesos", "twenty one pesos"),
        ("22", "veintidós pesos", "twenty two pesos"),
        ("30", "treinta pesos", "thirty pesos"),
        ("31", "treinta y un pesos", "thirty one pesos"),
        ("99", "noventa y nueve pesos", "ninety nine pesos"),
        ("100", "cien pesos", "one hundred pesos"),
        ("101", "ciento un pesos", "one hundred one pesos"),
        ("111", "ciento once pesos", "one hundred eleven pesos"),
        ("200", "doscientos pesos", "two hundred pesos"),
        ("500", "quinientos pesos", "five hundred pesos"),
        ("721", "setecientos veintiún pesos", "seven hundred twenty one pesos"),
        ("999", "novecientos noventa y nueve pesos", "nine hundred ninety nine pesos"),
        ("1000", "mil pesos", "one thousand pesos"),
        ("1001", "mil un pesos", "one thousand one pesos"),
        ("1100", "mil cien pesos", "one thousand one hundred pesos"),
        ("2000", "dos mil pesos", "two thousand pesos"),
        ("21000", "veintiún mil pesos", "twenty one thousand pesos"),
        ("31000", "treinta y un mil pesos", "thirty one thousand pesos"),
        ("100000", "cien mil pesos", "one hundred thousand pesos"),
        ("101000", "ciento un mil pesos", "one hundred one thousand pesos"),
        (
            "123400",
            "ciento veintitrés mil cuatrocientos pesos",
            "one hundred twenty three thousand four hundred pesos",
        ),
        ("1000000", "un millón de pesos", "one million pesos"),
        ("1000001", "un millón un pesos", "one million one pesos"),
        ("1001000", "un millón mil pesos", "one million one thousand pesos"),
        ("2000000", "dos millones de pesos", "two million pesos"),
        (
            "2500001",
            "dos millones quinientos mil un pesos",
            "two million five hundred thousand one pesos",
        ),
        ("21000000", "veintiún millones de pesos", "twenty one million pesos"),
        ("100000000", "cien millones de pesos", "one hundred million pesos"),
        (
            "999999999",
            "novecientos noventa y nueve millones novecientos noventa y nueve mil"
            " novecientos noventa y nueve pesos",
            "nine hundred ninety nine million nine hundred ninety nine thousand"
            " nine hundred ninety nine pesos",
        ),
    ],
)
def test_an_amount_is_spoken_in_pesos(pesos: str, spanish: str, english: str) -> None:
    assert words(spoken.amount(Decimal(pesos), "es_MX")) == spanish
    assert words(spoken.amount(Decimal(pesos), "en")) == english


@pytest.mark.parametrize("pesos", ["21000.00", "21000.01", "21000.50", "21000.99"])
def test_cents_are_dropped(pesos: str) -> None:
    assert words(spoken.amount(Decimal(pesos), "es_MX")) == "veintiún mil pesos"


@pytest.mark.parametrize("pesos", ["0", "0.99", "-5", "1000000000"])
def test_an_amount_without_words_is_refused(pesos: str) -> None:
    with pytest.raises(ValueError, match="cannot be spoken"):
        spoken.amount(Decimal(pesos), "es_MX")


@pytest.mark.parametrize(
    ("day", "spanish", "english"),
    [
        (date(2026, 1, 1), "el primero de enero", "January first"),
        (date(2026, 2, 2), "el dos de febrero", "February second"),
        (date(2026, 12, 15), "el quince de diciembre", "December fifteenth"),
        (date(2026, 5, 20), "el veinte de mayo", "May twentieth"),
        (date(2026, 8, 21), "el veintiuno de agosto", "August twenty first"),
        (date(2026, 9, 30), "el treinta de septiembre", "September thirtieth"),
        (date(2026, 10, 31), "el treinta y uno de octubre", "October thirty first"),
    ],
)
def test_a_day_is_spoken_as_people_say_it(day: date, spanish: str, english: str) -> None:
    assert words(spoken.day(day, "es_MX")) == spanish
    assert words(spoken.day(day, "en")) == english


@pytest.mark.parametrize(
    ("count", "spanish", "english"),
    [
        (1, "una factura", "one invoice"),
        (2, "dos facturas", "two invoices"),
        (11, "once facturas", "eleven invoices"),
        (21, "veintiuna facturas", "twenty one invoices"),
        (31, "treinta y una facturas", "thirty one invoices"),
        (100, "cien facturas", "one hundred invoices"),
        (101, "más de cien facturas", "more than one hundred invoices"),
    ],
)
def test_invoices_are_feminine(count: int, spanish: str, english: str) -> None:
    assert words(spoken.invoices(count, "es_MX")) == spanish
    assert words(spoken.invoices(count, "en")) == english


def test_no_invoice_is_not_spoken() -> None:
    with pytest.raises(ValueError, match="cannot be spoken"):
        spoken.invoices(0, "es_MX")


@pytest.mark.parametrize("language", ["es_MX", "en"])
@given(cents=st.integers(100, 99_999_999_99))
def test_the_set_has_a_sound_for_every_part_of_an_amount(language: str, cents: int) -> None:
    assert set(spoken.amount(Decimal(cents) / 100, language)) <= TEXTS.keys()


@pytest.mark.parametrize("language", ["es_MX", "en"])
def test_the_set_has_a_sound_for_every_day_and_count(language: str) -> None:
    days = [date(2028, 1, 1) + timedelta(n) for n in range(366)]
    parts = [part for day in days for part in spoken.day(day, language)]
    parts += [part for count in range(1, 200) for part in spoken.invoices(count, language)]
    assert set(parts) <= TEXTS.keys()


@pytest.mark.parametrize("language", ["es_MX", "en"])
def test_no_part_is_recorded_for_nothing(language: str) -> None:
    """A company that records its own voice reads no word that is never played."""
    thousands = [*range(1, 1000), 1000, *range(1000, 1_000_000, 1000), 1_000_000, 2_000_000]
    used = {part for each in thousands for part in spoken.amount(Decimal(each), language)}
    for number in range(366):
        used.update(spoken.day(date(2028, 1, 1) + timedelta(number), language))
        used.update(spoken.invoices(number + 1, language))
    parts = {
        name
        for name in TEXTS
        if name.startswith(tuple(f"{language}/{kind}/" for kind in ("number", "value", "date")))
    }
    assert parts == used
