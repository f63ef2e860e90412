"""The quick answer to which kind of line a number names, beside the library's own."""

from phonenumbers import PhoneNumber, PhoneNumberType, is_valid_number, number_type

from campaign.phone_kind import kind_of

KINDS = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "fixed"}


def library(national: str) -> str | None:
    number = PhoneNumber(country_code=57, national_number=int(national))
    return KINDS[number_type(number)] if is_valid_number(number) else None


def test_every_range_is_what_the_library_says() -> None:
    # Its ranges differ in up to the seventh digit: 333301[0-5], 601055[0-4].
    near = [f"{head}{tail:02}" for head in ("33330", "60105", "60104") for tail in range(100)]
    heads = [f"{first}{rest:04}" for first in "36" for rest in range(10_000)]
    numbers = [head + "0123456789"[: 10 - len(head)] for head in near + heads]
    numbers += [head + "9" * (10 - len(head)) for head in near + heads]
    assert {n: kind_of(n) for n in numbers} == {n: library(n) for n in numbers}


def test_both_kinds_and_none_are_among_them() -> None:
    assert [kind_of(n) for n in ("3001234567", "6012345678", "3991234567")] == [
        "mobile",
        "fixed",
        None,
    ]
