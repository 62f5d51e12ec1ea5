"""Takes a picture of every step in a browser, from opening to taking back:
``python screenshots/browser.py``.

It needs Chromium with its driver. The keys are the same each time, the memories those of the demo,
which are as old as the demo is: the pictures are not the same to the byte, and no test compares
them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "browser"
sys.path.insert(0, str(FOLDER.parent.parent))

from tests.support.chromium import TerminalPage, chromium  # noqa: E402
from tests.support.web_serving import web_serving  # noqa: E402

SIZE = (1120, 700)
ENTER = "\ue007"
SETTLED = 1.0
"""Seconds after which the browser has painted what its socket has brought."""


def main() -> None:
    """Open, find, stage, plan, apply, take back."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        web_serving(Path(folder), "--demo", "web", "--write") as server,
        chromium(Path(folder) / "browser", SIZE) as driver,
    ):
        page = TerminalPage(driver)

        def take(name: str, shown: str) -> None:
            page.shows(shown)
            time.sleep(SETTLED)
            driver.save_screenshot(str(FOLDER / f"{name}.png"))
            sys.stdout.write(f"browser/{name}.png\n")

        page.open(server.address)
        take("1-open", "Noise 4")
        page.press("/", "type:decision deploy", ENTER)
        take("2-find", "4 of 400")
        page.press("d")
        take("3-stage", "1 staged")
        page.press("a")
        take("4-plan", "Plan for")
        page.answer("y", "Plan for")
        take("5-apply", "3 of 399")
        page.press("u")
        page.shows("Undo for")
        page.answer("y", "Undo for")
        take("6-undo", "4 of 400")


if __name__ == "__main__":
    main()
