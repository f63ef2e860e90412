"""A real browser, Debian's Chromium, without a window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait


@contextmanager
def chromium(profile: Path) -> Iterator[Chrome]:
    """A browser that ends with the block; ``profile``: an empty directory."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless",
        "--no-sandbox",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--autoplay-policy=no-user-gesture-required",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    browser = Chrome(options, ChromeService("/usr/bin/chromedriver"))
    try:
        yield browser
    finally:
        browser.quit()


def play(browser: Chrome, player: WebElement, seconds: float = 60) -> float:
    """Play a recording to its end; returns how long it is by the browser."""
    browser.execute_script("arguments[0].play()", player)
    WebDriverWait(browser, seconds).until(lambda _: player.get_property("ended"))
    return float(str(player.get_property("duration")))
