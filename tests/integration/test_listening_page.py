"""The demo's page in a real browser: what it shows, and that a recording can be listened to."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from lab.listening_page import ListeningRow, write_page
from tests.browser import chromium, play

pytestmark = pytest.mark.slow
SECONDS = 2
HOSTILE = '<script>document.title = "taken"</script>&"\''


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with chromium(tmp_path / "profile") as browser:
        yield browser


def row(recording: str | None, behaviour: str = "answers") -> ListeningRow:
    return ListeningRow(
        "10:00:00", "3001000090", behaviour, "delivered", "mensaje entregado", 3.9, "1@3.02",
        recording,
    )  # fmt: skip


def test_each_call_has_a_row_and_what_was_heard_can_be_played(
    browser: Chrome, tmp_path: Path
) -> None:
    with wave.open(str(tmp_path / "heard.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * SECONDS))
    page = tmp_path / "calls.html"
    write_page(page, [row("heard.wav"), row(None, HOSTILE)])

    browser.get(page.as_uri())

    rows = browser.find_elements(By.CSS_SELECTOR, "tbody tr")
    assert [len(each.find_elements(By.TAG_NAME, "audio")) for each in rows] == [1, 0]
    assert "delivered mensaje entregado 3.9 s 1@3.02" in rows[0].text
    assert HOSTILE in rows[1].text
    assert browser.title.startswith("What the customers heard")
    player = rows[0].find_element(By.TAG_NAME, "audio")
    assert play(browser, player) == pytest.approx(SECONDS, abs=0.05)
