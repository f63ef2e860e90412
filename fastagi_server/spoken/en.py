"""English: the prompt ids that say a value."""

from datetime import date


def amount(pesos: int) -> list[str]:
    """Such as "one million five hundred pesos"; at least one peso."""
    if pesos == 1:
        return ["value/one_peso"]
    spoken = []
    for size, word in ((1_000_000, "number/million"), (1000, "number/thousand")):
        count, pesos = divmod(pesos, size)
        if count:
            spoken += [*_below_thousand(count), word]
    return [*spoken, *_below_thousand(pesos), "value/pesos"]


def day(value: date) -> list[str]:
    """Such as "December fifteenth", "January thirty first"."""
    month = f"date/month_{value.month}"
    if value.day in (*range(1, 21), 30):
        return [month, f"date/{value.day}"]
    tens, rest = divmod(value.day, 10)
    return [month, f"number/{tens}0", f"date/{rest}"]


def invoices(count: int) -> list[str]:
    """Such as "one invoice", "twenty one invoices"."""
    if count == 1:
        return ["value/one_invoice"]
    return [*_below_thousand(count), "value/invoices"]


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    spoken = [f"number/{hundreds}", "number/hundred"] if hundreds else []
    if rest >= 20:
        spoken.append(f"number/{rest // 10}0")
        rest %= 10
    return [*spoken, f"number/{rest}"] if rest else spoken
