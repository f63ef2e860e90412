"""Reports without the token of their attempt change nothing; a client plays Asterisk."""

import pytest

from campaign.token import token
from tests.fake_asterisk import SECRET, Call, attempt, busy
from tests.running_fastagi import PROMPT, Running

FORGERIES = {
    "none": "",
    "another secret": token("another-secret-than-ours", attempt(1)),
    "of another attempt": token(SECRET, attempt(2)),
    "cut": token(SECRET, attempt(1))[:-1],
    "longer": token(SECRET, attempt(1)) + "0",
    "upper case": token(SECRET, attempt(1)).upper(),
    "not ASCII": "ñ\x00😀",
}


def assert_nothing_changed(fastagi: Running, call: Call) -> None:
    fastagi.recorder.close()
    store = fastagi.store
    assert (store.answered, store.heard, store.ended) == ({}, {}, {})
    assert call.variables == {}
    assert not any(c.startswith(("DATABASE DEL", "STREAM")) for c in call.commands)


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_an_answer_without_its_token_plays_and_changes_nothing(
    fastagi: Running, forged: str, caplog: pytest.LogCaptureFixture
) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 5})
    genuine = token(SECRET, attempt(1))
    header = call.header().replace(genuine, forged)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call, "header", lambda: header)
        call.run()
    assert_nothing_changed(fastagi, call)
    assert f"moment=answered attempt={attempt(1)} committed=no reason=forged" in caplog.text
    assert genuine not in caplog.text


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("moment", ["ended", "sweep"])
def test_an_end_without_its_token_changes_and_deletes_nothing(
    fastagi: Running, moment: str, forged: str, caplog: pytest.LogCaptureFixture
) -> None:
    entry = busy(1).replace(token(SECRET, attempt(1)), forged.replace("\x00", ""))
    journal = {("overdue", attempt(1)): entry}
    call = fastagi.call(moment, args=(entry,), astdb=dict(journal)).run()
    assert_nothing_changed(fastagi, call)
    assert call.astdb == journal
    assert f"moment={moment} attempt={attempt(1)} committed=no reason=forged" in caplog.text


def test_a_sweep_goes_on_past_a_forged_entry(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {("overdue", attempt(1)): busy(1, secret="another-secret-than-ours")}
    journal = forged | {("overdue", attempt(n)): busy(n) for n in (0, 2)}
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == forged
    assert set(fastagi.store.ended) == {attempt(0), attempt(2)}
    assert "moment=sweep recorded=2 forged=1" in caplog.text
