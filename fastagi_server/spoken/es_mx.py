"""Spanish: the prompt ids that say a value."""

from datetime import date

_MASCULINE, _FEMININE, _ALONE = "_un", "_una", ""
"""What "uno" becomes before a noun: un peso, veintiún mil, treinta y una facturas."""


def amount(pesos: int) -> list[str]:
    """Such as "dos millones quinientos mil un pesos"; at least one peso."""
    if pesos == 1:
        return ["value/one_peso"]
    millions, below_million = divmod(pesos, 1_000_000)
    # Exact millions are a noun: un millón de pesos.
    noun = "value/pesos" if below_million else "value/of_pesos"
    return [*_millions(millions), *_below_million(below_million), noun]


def day(value: date) -> list[str]:
    """Such as "el primero de enero" and "el quince de diciembre"."""
    month = f"date/month_{value.month}"
    if value.day == 1:
        return ["date/the_first", month]
    return ["date/the", *_below_hundred(value.day, _ALONE), month]


def invoices(count: int) -> list[str]:
    """Such as "una factura" and "veintiuna facturas"; up to a hundred."""
    if count == 1:
        return ["value/one_invoice"]
    return [*_below_thousand(count, _FEMININE), "value/invoices"]


def _millions(count: int) -> list[str]:
    if count < 2:
        return ["number/million"] * count
    return [*_below_thousand(count, _MASCULINE), "number/millions"]


def _below_million(number: int) -> list[str]:
    thousands, below_thousand = divmod(number, 1000)
    spoken = [] if thousands < 2 else _below_thousand(thousands, _MASCULINE)
    if thousands:
        spoken.append("number/thousand")
    return [*spoken, *_below_thousand(below_thousand, _MASCULINE)]


def _below_thousand(number: int, one: str) -> list[str]:
    hundreds, rest = divmod(number, 100)
    if number == 100:
        return ["number/100"]
    spoken = [f"number/{hundreds}00{'_to' if hundreds == 1 else ''}"] if hundreds else []
    return [*spoken, *_below_hundred(rest, one)] if rest else spoken


def _below_hundred(number: int, one: str) -> list[str]:
    tens, rest = divmod(number, 10)
    if number < 30:
        return [f"number/{number}{one if rest == 1 and number != 11 else ''}"]
    if not rest:
        return [f"number/{number}"]
    return [f"number/{tens}0_y", *_below_hundred(rest, one)]
