from dataclasses import replace
from datetime import UTC, datetime

from campaign.breaker import Health
from campaign.outcome import Outcome
from originator.trunk_watch import notices, why_troubled

PAUSED = Health(5, Outcome.CONGESTION, 1, datetime(2026, 11, 20, 15, 1, tzinfo=UTC))
AGAIN = Health(6, Outcome.TRUNK_SILENT, 2, datetime(2026, 11, 20, 15, 3, tzinfo=UTC))
BOTH = ["PJSIP/a", "PJSIP/b"]


def test_a_pause_says_why_until_when_and_where_calls_go() -> None:
    assert notices({}, {"PJSIP/a": PAUSED}, BOTH) == [
        "the trunk PJSIP/a is paused: 5 failures in a row, the last one congestion;"
        " one call is tried from 15:01:00 UTC",
        "calls go over PJSIP/b",
    ]


def test_all_paused_says_that_nobody_is_called() -> None:
    told = notices({"PJSIP/a": PAUSED}, {"PJSIP/a": PAUSED, "PJSIP/b": AGAIN}, BOTH)
    assert [text.partition(" is paused")[0] for text in told] == [
        "the trunk PJSIP/b",
        "no calls: all trunks are paused",
    ]


def test_nothing_is_told_twice_but_each_new_pause_is() -> None:
    assert notices({"PJSIP/a": PAUSED}, {"PJSIP/a": PAUSED}, BOTH) == []
    assert "15:03:00" in notices({"PJSIP/a": PAUSED}, {"PJSIP/a": AGAIN}, BOTH)[0]


def test_a_trunk_that_is_back_is_told() -> None:
    assert notices({"PJSIP/a": PAUSED}, {}, BOTH) == [
        "the trunk PJSIP/a works again",
        "calls go over PJSIP/a",
    ]


def test_the_words_of_status_tell_a_probe_and_a_trunk_that_is_still_in_service() -> None:
    probing = replace(PAUSED, probe="01ARZ3NDEKTSV4RRFFQ69G0001")
    assert why_troubled("PJSIP/a", probing).endswith("01ARZ3NDEKTSV4RRFFQ69G0001 tries it")
    one = Health(1, Outcome.NETWORK_FAILURE)
    assert why_troubled("PJSIP/a", one) == (
        "PJSIP/a is in service after 1 failures in a row, the last one network_failure"
    )


def test_a_trunk_of_another_campaign_is_not_this_runs_business() -> None:
    assert notices({}, {"SIP/otra": PAUSED}, BOTH) == []
