import pytest

from campaign.reason import Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_text_of_its_own_in_both_languages(reason: Reason) -> None:
    others = [other for other in Reason if other is not reason]
    assert reason.english
    assert reason.spanish
    assert reason.english not in [other.english for other in others]
    assert reason.spanish not in [other.spanish for other in others]
