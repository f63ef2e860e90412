import pytest

from campaign.outcome import Outcome, OutcomeClass

CLASSES = {
    OutcomeClass.PERSON: (
        "delivered hung_up_early paid_meanwhile not_confirmed machine wrong_person opted_out"
        " promised transferred busy no_answer declined"
    ),
    OutcomeClass.NUMBER: "does_not_exist changed bad_format",
    OutcomeClass.NETWORK: (
        "congestion network_failure trunk_silent trunk_down trunk_refused unknown lost"
    ),
    OutcomeClass.OURS: "codec_mismatch destination_refused not_placed",
}


@pytest.mark.parametrize("outcome_class", OutcomeClass)
def test_class_says_whose_doing_an_outcome_was(outcome_class: OutcomeClass) -> None:
    members = {o.value for o in Outcome if o.outcome_class is outcome_class}
    assert members == set(CLASSES[outcome_class].split())


def test_only_person_spends_an_attempt() -> None:
    spending = {o.value for o in Outcome if o.spends_attempt}
    assert spending == set(CLASSES[OutcomeClass.PERSON].split())
