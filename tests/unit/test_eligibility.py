from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from campaign.eligibility import CustomerRow, Debtor, Skip, decide, reasons_against
from campaign.phone import Number
from campaign.reason import Reason
from campaign.sections import DueRule, Numbers

MOBILES = Numbers(kinds=("mobile",))

TODAY = date(2026, 11, 14)
ROW = CustomerRow(
    customer_id="7",
    phones=("300 111 2222",),
    cut_day=15,
    flag=1,
    sent=0,
    debt=Decimal("80000.50"),
)


def judge(**changes: Any) -> Debtor | Skip:
    return decide(replace(ROW, **changes), TODAY, DueRule(), MOBILES)


def test_customer_who_owes_and_is_due_is_a_candidate() -> None:
    assert judge() == Debtor(
        customer_id="7",
        numbers=(Number("573001112222"),),
        person="573001112222",
        debt=Decimal("80000.50"),
        cut=date(2026, 11, 15),
    )


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"flag": 0}, Reason.NOT_FLAGGED, ""),
        ({"flag": None}, Reason.NOT_FLAGGED, ""),
        ({"flag": 2}, Reason.NOT_FLAGGED, ""),
        ({"flag": "yes"}, Reason.NOT_FLAGGED, ""),
        ({"flag": b"\x00"}, Reason.NOT_FLAGGED, ""),
        ({"sent": 1}, Reason.ALREADY_SENT, ""),
        ({"sent": None}, Reason.ALREADY_SENT, ""),
        ({"sent": ""}, Reason.ALREADY_SENT, ""),
        ({"debt": None}, Reason.NOTHING_OWED, ""),
        ({"debt": Decimal(0)}, Reason.NOTHING_OWED, ""),
        ({"debt": Decimal("-5")}, Reason.NOTHING_OWED, ""),
        ({"cut_day": None}, Reason.BAD_CUT_DAY, "None"),
        ({"cut_day": 32}, Reason.BAD_CUT_DAY, "32"),
        ({"cut_day": "a\r\nb" * 99}, Reason.BAD_CUT_DAY, "a\\r\\nb" * 5 + "…"),
        ({"cut_day": 16}, Reason.NOT_DUE, "2026-11-15"),
        ({"phones": (None,)}, Reason.BAD_NUMBER, "number_empty"),
        ({"phones": ("3000000000",)}, Reason.BAD_NUMBER, "number_placeholder"),
        ({"phones": ("601 234 5678",)}, Reason.BAD_NUMBER, "number_wrong_kind"),
        ({"phones": ("x" * 10_000,)}, Reason.BAD_NUMBER, "number_invalid"),
    ],
)
def test_every_other_customer_is_skipped_with_the_reason(
    changes: dict[str, Any], reason: Reason, detail: str
) -> None:
    skip = judge(**changes)
    assert isinstance(skip, Skip)
    assert (skip.customer_id, skip.reason, skip.detail) == ("7", reason, detail)


def test_waiting_helps_only_who_is_not_due_yet() -> None:
    for changes, day in (({"cut_day": 16}, date(2026, 11, 15)), ({"sent": 1}, None)):
        skip = judge(**changes)
        assert isinstance(skip, Skip)
        assert skip.due_from == day


def test_first_reason_that_holds_is_the_answer() -> None:
    wrong: dict[str, Any] = {"phones": (None,), "debt": None, "cut_day": 0, "sent": 1, "flag": 0}
    expected = [
        Reason.BAD_NUMBER,
        Reason.NOTHING_OWED,
        Reason.BAD_CUT_DAY,
        Reason.ALREADY_SENT,
        Reason.NOT_FLAGGED,
    ]
    for count, reason in enumerate(expected, start=1):
        verdict = judge(**dict(list(wrong.items())[:count]))
        assert isinstance(verdict, Skip)
        assert verdict.reason is reason
        against = [
            skip.reason
            for skip in reasons_against(replace(ROW, **wrong), TODAY, DueRule(), MOBILES)
        ]
        assert against == expected[::-1]


@pytest.mark.parametrize("flag", [1, True, b"\x01", b"1", "1", " 1 ", Decimal(1)])
@pytest.mark.parametrize("sent", [0, False, b"\x00", b"0", "0", Decimal(0)])
def test_flags_are_read_from_any_type_of_column(flag: object, sent: object) -> None:
    assert isinstance(judge(flag=flag, sent=sent), Debtor)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (1023456789, "1023456789"),
        ("1.023.456.789", "1023456789"),
        (" 1023456789\r\n", "1023456789"),
        (b"CC 1023456789", "CC1023456789"),
        ("ab-12", "AB12"),
        ("１２", "12"),
        ("9" * 10_000, "9" * 64),
        ("", "573001112222"),
        (" -- ", "573001112222"),
        (None, "573001112222"),
    ],
)
def test_person_is_the_identity_where_there_is_one_else_the_number(
    person: object, expected: str
) -> None:
    verdict = judge(person=person)
    assert isinstance(verdict, Debtor)
    assert verdict.person == expected


@pytest.mark.parametrize(
    ("allowed", "wanted"),
    [
        (Numbers(), ["573001112222", "576012345678"]),
        (Numbers(kinds=("fixed",)), ["576012345678"]),
        (Numbers(prefixes=("60",)), ["576012345678"]),
        (Numbers(prefixes=("310",)), Reason.NUMBER_WRONG_PREFIX),
        (Numbers(kinds=("fixed",), prefixes=("3",)), Reason.NUMBER_WRONG_PREFIX),
    ],
)
def test_the_campaign_says_which_numbers_may_be_dialled(
    allowed: Numbers, wanted: list[str] | Reason
) -> None:
    row = replace(ROW, phones=("300 111 2222", "(601) 234 5678"))
    verdict = decide(row, TODAY, DueRule(), allowed)
    if isinstance(wanted, Reason):
        assert isinstance(verdict, Skip)
        assert (verdict.reason, verdict.detail) == (Reason.BAD_NUMBER, wanted)
    else:
        assert isinstance(verdict, Debtor)
        assert [number.digits for number in verdict.numbers] == wanted
