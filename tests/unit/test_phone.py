import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.phone import BadNumber, Number, parse, parse_all
from campaign.reason import Reason

MOBILE = "573001112222"


@pytest.mark.parametrize(
    "raw",
    [
        "3001112222",
        "+573001112222",
        "573001112222",
        "00573001112222",
        "033001112222",
        "03001112222",
        "+57 300 111 2222",
        "0057-300-111-2222",
        "57 (300) 111.22.22",
        "(+57) 300 1112222",
        "+(57) 300‑111–2222",
        " 300\u00a0111\t2222 ",
        "3 0 0 1 1 1 2 2 2 2",
        "３００１１１２２２２",
        "＋５７ ３００ １１１ ２２２２",
        "٣٠٠١١١٢٢٢٢",
        "300 111 2222 / 310 999 8888",
        "3001112222 3109998888",
        "3001112222-3109998888",
        "3001112222\n3109998888",
        "+573001112222+573109998888",
        "3000000000 / 3001112222",
        "+573000000000 3001112222",
        "+12025550143 / 3001112222",
        "(1) +57 300 111 2222",
        "234 56 78 - 3001112222",
        "6012345678 / 3001112222",
        "3001112222 Natalia Gómez",
        "3001112222Natalia",
        "cel. 3001112222",
        "\u202a3001112222\u202c",
        "3001112222\r\nAction: Hangup",
        "${3001112222}",
        "3001112222' OR '1'='1",
        "3001112222 " + "x" * 10_000,
        b"3001112222",
        3001112222,
        573001112222,
        3001112222.0,
        Decimal("3001112222"),
        Decimal("3.001112222E+9"),
    ],
)
def test_messy_field_gives_the_first_valid_number(raw: object) -> None:
    assert parse(raw) == Number(MOBILE)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (None, Reason.NUMBER_EMPTY),
        ("", Reason.NUMBER_EMPTY),
        (" \t\r\n", Reason.NUMBER_EMPTY),
        ("0", Reason.NUMBER_EMPTY),
        ("0000000000", Reason.NUMBER_EMPTY),
        (0, Reason.NUMBER_EMPTY),
        (b"", Reason.NUMBER_EMPTY),
        ("3000000000", Reason.NUMBER_PLACEHOLDER),
        ("+57 310 0000000", Reason.NUMBER_PLACEHOLDER),
        ("3333333333", Reason.NUMBER_PLACEHOLDER),
        ("6012345678", Reason.NUMBER_WRONG_KIND),
        ("+1 202 555 0143", Reason.NUMBER_FOREIGN),
        ("+1 300 111 2222", Reason.NUMBER_FOREIGN),
        ("+34 3001112222", Reason.NUMBER_FOREIGN),
        ("2345678 +1 300 111 2222", Reason.NUMBER_FOREIGN),
        ("1 300 111 2222", Reason.NUMBER_INVALID),
        ("300 111 2222 5", Reason.NUMBER_INVALID),
        ("300111222", Reason.NUMBER_INVALID),
        ("30011122223", Reason.NUMBER_INVALID),
        ("3401112222", Reason.NUMBER_INVALID),
        ("2345678", Reason.NUMBER_INVALID),
        ("no tiene", Reason.NUMBER_INVALID),
        ("300👍1112222", Reason.NUMBER_INVALID),
        ("++++", Reason.NUMBER_INVALID),
        (-3001112222, Reason.NUMBER_INVALID),
        (3001112222.5, Reason.NUMBER_INVALID),
        (float("nan"), Reason.NUMBER_INVALID),
        (Decimal("NaN"), Reason.NUMBER_INVALID),
        (Decimal("1E+999999"), Reason.NUMBER_INVALID),
        (True, Reason.NUMBER_INVALID),
        (["3001112222"], Reason.NUMBER_INVALID),
        (b"\xff\xfe", Reason.NUMBER_INVALID),
    ],
)
def test_field_without_a_callable_number_says_why(raw: object, reason: Reason) -> None:
    assert parse(raw) == BadNumber(reason)


def test_fixed_lines_are_called_only_where_allowed() -> None:
    assert parse("(601) 234 5678", kinds=("fixed",)) == Number("576012345678")
    assert parse("3001112222", kinds=("fixed",)) == BadNumber(Reason.NUMBER_WRONG_KIND)
    assert parse("(601) 234 5678", kinds=("mobile", "fixed")) == Number("576012345678")


def test_trunk_is_sent_national_or_international_digits() -> None:
    number = Number(MOBILE)
    assert number.dialled("national") == number.national == "3001112222"
    assert number.dialled("e164") == "573001112222"


@pytest.mark.parametrize(
    "digits",
    ["", "3001112222", "+573001112222", "573001112222\n", "57３００１１１２２２２", "57300111222a"],
)
def test_number_is_never_anything_but_its_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="57 and ten digits"):
        Number(digits)


_PIECES = st.sampled_from(
    ["3001112222", "310 999 8888", "57", "+", "00", "0", "3", " ", "-", "/", "(", "x", "\r\n", "１"]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=12).map("".join)))
def test_any_text_gives_a_checked_number_found_in_it_or_a_reason(raw: str) -> None:
    verdict = parse(raw)
    if isinstance(verdict, BadNumber):
        assert verdict.reason.startswith("number_")
        return
    folded = "".join(c for c in raw.replace("１", "1") if c.isdecimal())
    plain = "".join(str(int(c)) for c in folded)
    assert verdict.national in plain
    assert verdict.national.startswith("3")


@given(
    subscriber=st.integers(1, 9_999_999).map(lambda n: f"300{n:07d}"),
    prefix=st.sampled_from(["", "57", "+57", "0057", "03", "+57 ", "(57) ", "0057-"]),
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=10, max_size=10),
)
def test_every_written_form_of_a_number_is_the_same_number(
    subscriber: str, prefix: str, gaps: list[str]
) -> None:
    written = prefix + "".join(d + g for d, g in zip(subscriber, gaps, strict=True))
    assert parse(written) == Number(f"57{subscriber}")


@pytest.mark.parametrize("piece", ["3 4 ", "9", "+", "+57", "(", "3004567 ", "57 ", "/", "1"])
def test_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(length: int) -> float:
        raw = piece * (length // len(piece))
        started = time.process_time()
        parse(raw)
        return time.process_time() - started

    seconds(10_000)
    # Four times the text: linear is 4, quadratic would be 16; 5 ms absorb the timer's grain.
    assert (
        min(seconds(40_000) for _ in range(3)) < 9 * min(seconds(10_000) for _ in range(3)) + 0.005
    )


@pytest.mark.parametrize(
    ("prefixes", "found"),
    [
        ((), "573001112222"),
        (("300",), "573001112222"),
        (("310", "320"), "573101112222"),
        (("31", "6"), "573101112222"),
        (("601",), "576012345678"),
        (("3001112223",), Reason.NUMBER_WRONG_PREFIX),
    ],
)
def test_only_numbers_with_a_wanted_prefix_are_taken(
    prefixes: tuple[str, ...], found: str | Reason
) -> None:
    field = "300 111 2222 / 310 111 2222 / 601 234 5678"
    verdict = parse_all((field,), ("mobile", "fixed"), prefixes)
    if isinstance(found, Reason):
        assert verdict == BadNumber(found)
    else:
        assert isinstance(verdict, tuple)
        assert verdict[0] == Number(found)


def test_a_prefix_lets_no_other_kind_in() -> None:
    assert parse_all(("601 234 5678",), ("mobile",), ("6",)) == BadNumber(Reason.NUMBER_WRONG_KIND)
