from campaign.store import StoreError
from originator.one_sentence import one_sentence


def test_an_expected_error_is_found_however_deep() -> None:
    away = StoreError("the database is away")
    assert one_sentence(ExceptionGroup("run", [ExceptionGroup("pass", [away])])) is away


def test_the_first_of_several_speaks() -> None:
    first = StoreError("the database is away")
    assert one_sentence(ExceptionGroup("run", [first, StoreError("still away")])) is first


def test_a_mistake_of_ours_beside_it_is_not_hidden() -> None:
    mixed = [StoreError("the database is away"), ExceptionGroup("pass", [KeyError("attempt")])]
    assert one_sentence(ExceptionGroup("run", mixed)) is None
