"""The prompts of a set that no campaign names: those that a key leads to, and words of values."""

from collections.abc import Iterable, Iterator, Mapping

from campaign.flow_sections import Keys

A_DAY = "date/month_12"
"""One word tells whether a set's spoken days are there."""

OF_KEYS: Mapping[str, tuple[str, ...]] = {
    "transfer": ("transfer_wait", "transfer_nobody"),
    "promise": ("promise_ask", "promise_thanks", "promise_not_possible", "invalid_key", A_DAY),
    "wrong_person": ("wrong_person_done",),
    "do_not_call": ("dnc_confirm", "dnc_done"),
}
"""What is played after a key, by its name in the campaign file."""
OF_VALUES: Mapping[str, str] = {
    "{amount}": "value/pesos",
    "{cut_date}": A_DAY,
    "{invoices}": "value/invoices",
}
"""A word of each value of a personal message."""


def fixed_prompts(keys: Keys, personal: Iterable[str]) -> Iterator[str]:
    """The ids that a flow may play; one may come twice."""
    for name, prompts in OF_KEYS.items():
        if getattr(keys, name):
            yield from prompts
    for part in personal:
        if part in OF_VALUES:
            yield OF_VALUES[part]
