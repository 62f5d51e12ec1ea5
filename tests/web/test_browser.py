"""The app in a real browser: open, find, stage, plan, apply, undo; and what it does not do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.support.chromium import BROWSER, DRIVER, TerminalPage, chromium
from tests.support.web_serving import children, web_serving
from tests.tui.test_dying import counted, fill

if sys.platform != "linux" or BROWSER is None or DRIVER is None:
    pytest.skip("there is no Chromium with its driver", allow_module_level=True)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ESCAPE = "\ue00c"
ENTER = "\ue007"
ASKS = """
    const leaving = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented;
"""
"""Whether the browser would ask before it closes the tab."""
CONNECT = """
    const [address, done] = arguments, socket = new WebSocket(address);
    socket.onopen = () => done("yes");
    socket.onerror = () => done("no");
"""
FRAME = """
    const [address, done] = arguments, frame = document.createElement("iframe");
    frame.onload = done;
    frame.src = address;
    document.body.append(frame);
"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>elsewhere</title><p>elsewhere")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def another_site() -> Iterator[str]:
    """The address of another server of the same machine: no other site can come as near, since
    browsers send it the same cookies."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_work_of_a_session_in_a_browser(tmp_path: Path) -> None:
    store = tmp_path / "memories.db"
    fill(store)
    before, _ = counted(store)
    with (
        another_site() as elsewhere,
        web_serving(tmp_path, "--store", str(store), "web", "--write") as server,
        chromium(tmp_path / "browser") as driver,
    ):
        page = TerminalPage(driver)
        page.open(server.address)
        page.shows("decision")
        page.shows("d delete")  # the list has the focus, without a click
        page.press("/")
        page.press("vat rates are read")
        page.press(ENTER)
        page.shows(" 1 of ")
        page.press("d")
        page.shows("1 staged")
        page.until(lambda: driver.execute_script(ASKS))
        page.press("a")
        page.shows("1 memory will be gone")
        page.answer("y", "Plan for")
        page.until(lambda: counted(store)[0] == before - 1)
        page.until(lambda: not driver.execute_script(ASKS))
        page.press("u")
        page.shows("Undo for")
        page.answer("y", "Undo for")
        page.until(lambda: counted(store)[0] == before)
        page.press_ctrl("z")
        page.shows("no shell behind a browser")
        assert page.frames < 1_000, "it draws what has changed, and not again and again"
        assert all(url.startswith(f"http://{server.host}/") for url in page.loaded), page.loaded
        assert page.complaints() == []

        inside = driver.current_url
        assert "token" not in inside
        driver.switch_to.new_window("tab")
        other = TerminalPage(driver)
        other.open(inside)
        other.shows("decision")
        assert len(children(server.process.pid)) == 2
        driver.get(f"{inside}download/x")
        assert "404" in other.body
        driver.get(server.address)
        assert "it works once" in other.body
        page.until(lambda: len(children(server.process.pid)) == 1)

        driver.get(elsewhere)
        assert driver.execute_async_script(CONNECT, f"{inside.replace('http', 'ws', 1)}ws") == "no"
        driver.execute_async_script(FRAME, inside)
        assert len(children(server.process.pid)) == 1, "another page has started no app"

        driver.switch_to.window(driver.window_handles[0])
        page.press("q")
        page.until(lambda: "This session has ended." in page.body)
        page.until(lambda: not children(server.process.pid))
