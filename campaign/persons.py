"""Who is one person: the same name of the person, or any number in common (`campaign.history`)."""

from campaign.eligibility import Debtor


class Persons:
    """Those who come up one after another; some 60 bytes each."""

    def __init__(self) -> None:
        """Nobody has come up."""
        self._numbers: set[int] = set()
        self._names: set[str] = set()

    def is_new(self, debtor: Debtor) -> bool:
        """Whether nobody with one of his numbers, or of his name, has come up; now he has."""
        numbers = {int(number.digits) for number in debtor.numbers}
        # Where nothing else names the person, his first number does.
        names = {debtor.person} - {debtor.numbers[0].digits}
        if not self._numbers.isdisjoint(numbers) or not self._names.isdisjoint(names):
            return False
        self._numbers |= numbers
        self._names |= names
        return True
