"""A real Chromium that a test drives, and what stands on the terminal in its page."""

from __future__ import annotations

import base64
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService, Keys

from tests.support.web_serving import PATIENCE, Drawn

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DRIVER = shutil.which("chromedriver")


class TerminalPage:
    """A page that holds a terminal. What it shows is drawn a second time from what its socket
    brings, as a canvas cannot be read."""

    def __init__(self, driver: Chrome) -> None:
        self.driver, self.drawn = driver, Drawn()
        self.frames = 0
        """How often the app has drawn."""
        self.loaded: list[str] = []
        """The addresses of everything that was asked for."""

    def open(self, address: str) -> None:
        """Open *address* and wait until an app has drawn there."""
        self.driver.get(address)
        self.until(
            lambda: self.driver.execute_script(
                "return document.body?.classList.contains('-first-byte')"
            )
        )

    def shows(self, text: str) -> None:
        """Wait until *text* stands on the terminal."""
        self.until(lambda: text in self.text)

    def hides(self, text: str) -> None:
        """Wait until *text* stands nowhere on the terminal."""
        self.until(lambda: text not in self.text)

    def press(self, *keys: str) -> None:
        """Press these keys, as a person does: in the page, wherever its focus is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def answer(self, key: str, question: str) -> None:
        """Press *key* until *question* is gone: an answer given before it was seen is none."""

        def gone() -> bool:
            self.press(key)
            end = time.monotonic() + 1
            while question in self.text and time.monotonic() < end:
                time.sleep(0.05)
            return question not in self.text

        self.until(gone)

    def press_ctrl(self, key: str) -> None:
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(key).key_up(
            Keys.CONTROL
        ).perform()

    @property
    def text(self) -> str:
        """What stands on the terminal."""
        for entry in self._log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.webSocketCreated":
                size = parse_qs(urlsplit(message["params"]["url"]).query)
                self.drawn = Drawn(int(size["width"][0]), int(size["height"][0]))
            elif message["method"] == "Network.webSocketFrameReceived":
                frame = message["params"]["response"]
                if frame["opcode"] == 2:
                    self.frames += 1
                    self.drawn.feed(base64.b64decode(frame["payloadData"]))
            elif message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if url.partition(":")[0] in ("http", "https", "ws", "wss"):
                    self.loaded.append(url)
        return self.drawn.text

    @property
    def body(self) -> str:
        """The text of the page around the terminal."""
        text: str = self.driver.execute_script("return document.body?.innerText ?? ''")
        return text

    def complaints(self) -> list[str]:
        """What the browser says that the page does wrong."""
        return [each["message"] for each in self._log("browser") if each["level"] == "SEVERE"]

    def _log(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(kind)  # type: ignore[no-untyped-call]
        return entries

    def until(self, what: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < end, self.text
            time.sleep(0.05)


@contextmanager
def chromium(home: Path, size: tuple[int, int] = (1600, 1100)) -> Iterator[Chrome]:
    """A browser without a window, of *size* pixels, that keeps everything in *home*."""
    options = ChromeOptions()
    assert BROWSER is not None
    options.binary_location = BROWSER
    for argument in (
        "--headless=new",
        f"--user-data-dir={home}",
        "--window-size={},{}".format(*size),
        "--disable-background-networking",
        "--disable-component-update",
        "--force-device-scale-factor=1",
        "--no-first-run",
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()
