"""Takes the picture of the app in a browser: ``python screenshots/browser.py``.

It needs Chromium with its driver. The keys are the same each time, the memories those of the demo,
which are as old as the demo is: the picture is not the same to the byte, and no test compares it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from tests.support.chromium import TerminalPage, chromium  # noqa: E402
from tests.support.web_serving import web_serving  # noqa: E402

SIZE = (1280, 860)
ENTER = "\ue007"


def main() -> None:
    """Find memories, stage one to be deleted, and take the picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        web_serving(Path(folder), "--demo", "web", "--write") as server,
        chromium(Path(folder) / "browser", SIZE) as driver,
    ):
        page = TerminalPage(driver)
        page.open(server.address)
        page.shows("decision")
        page.press("/")
        page.press("type:decision deploy")
        page.press(ENTER)
        page.shows(" of 400")
        page.press("d")
        page.shows("1 staged")
        driver.save_screenshot(str(FOLDER / "browser.png"))
    sys.stdout.write("browser.png\n")


if __name__ == "__main__":
    main()
