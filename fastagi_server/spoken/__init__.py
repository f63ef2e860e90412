"""Values as a customer hears them: lists of the sounds of a prompt set, to be played in a row."""

from datetime import date
from decimal import ROUND_DOWN, Decimal

from fastagi_server.spoken import en, es_mx

_GRAMMARS = {"es_MX": es_mx, "en": en}

LARGEST = 999_999_999
"""Pesos; a set has no word for a thousand millions."""
MOST_INVOICES = 100
"""More are spoken as "more than a hundred": no set needs feminine hundreds for them."""


def amount(value: Decimal, language: str) -> list[str]:
    """An amount in whole pesos, its cents dropped: nobody hears of more than he owes.

    Raises ValueError where nothing can be said: under one peso, or over LARGEST.
    """
    pesos = int(value.to_integral_value(ROUND_DOWN))
    if not 1 <= pesos <= LARGEST:
        raise ValueError(f"an amount of {pesos} pesos cannot be spoken")
    return _sounds(language, _GRAMMARS[language].amount(pesos))


def day(value: date, language: str) -> list[str]:
    """A day of the year, without the year."""
    return _sounds(language, _GRAMMARS[language].day(value))


def invoices(count: int, language: str) -> list[str]:
    """How many invoices; ValueError for none."""
    if count < 1:
        raise ValueError("no invoices cannot be spoken")
    grammar = _GRAMMARS[language]
    if count > MOST_INVOICES:
        return _sounds(language, ["value/more_than", *grammar.invoices(MOST_INVOICES)])
    return _sounds(language, grammar.invoices(count))


def _sounds(language: str, parts: list[str]) -> list[str]:
    return [f"{language}/{part}" for part in parts]
