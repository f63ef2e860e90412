"""The token: a constant of the attempt and the secret, and of nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from campaign.token import TOKEN, is_genuine, token

SECRET = "secreto-de-prueba"
CALL = "01J00000000000000000000001"


def test_the_token_is_the_beginning_of_hmac_sha256() -> None:
    """RFC 4231, test case 2: the key and the text are those of the standard."""
    assert token("Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7"


def test_a_token_is_genuine_for_its_attempt_and_secret_alone() -> None:
    genuine = token(SECRET, CALL)
    assert TOKEN.fullmatch(genuine)
    assert is_genuine(SECRET, CALL, genuine)
    assert not is_genuine(SECRET + "x", CALL, genuine)
    assert not is_genuine(SECRET, CALL[:-1] + "2", genuine)


@given(st.text(st.characters(exclude_categories=())))
def test_any_other_text_is_forged(given: str) -> None:
    assert not is_genuine(SECRET, CALL, given)
