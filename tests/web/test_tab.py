"""The process of a tab, and what is used of textual-serve for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from textual_serve.app_service import AppService

from mem0_tui.web import tab
from mem0_tui.web.mode import in_browser, is_locked
from mem0_tui.web.tab import TabProcess

pytestmark = pytest.mark.anyio


class Browser:
    """What a tab sends to its page."""

    def __init__(self) -> None:
        self.drawn = b""
        self.sent: list[str] = []
        self.closed = asyncio.Event()

    async def write_bytes(self, data: bytes) -> None:
        self.drawn += data

    async def write_str(self, text: str) -> None:
        self.sent.append(text)

    async def close(self) -> None:
        self.closed.set()


def made(browser: Browser, module: str = "none", *words: str, write: bool = False) -> TabProcess:
    return TabProcess(
        module,
        words,
        write=write,
        write_bytes=browser.write_bytes,
        write_str=browser.write_str,
        close=browser.close,
    )


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Writes a module ``stand_in`` that a tab can start."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return (tmp_path / "stand_in.py").write_text


def test_the_parts_of_textual_serve_that_are_no_promise_of_it() -> None:
    assert version("textual-serve") == "1.1.3", "read app_service.py of the new one, then pin it"
    assert {"_open_app_process", "_build_environment"} <= set(vars(AppService))
    service = vars(made(Browser()))
    assert {"_process", "_stdin"} <= set(service)
    names = ("js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf")
    assert all((tab.STATIC / name).is_file() for name in names)
    script = (tab.STATIC / "js/textual.js").read_text(encoding="utf-8")
    for name in ("sessionWebsocketUrl", "fontSize", "-first-byte", "-closed", ".textual-terminal"):
        assert name in script, "the page is made for it"


async def test_the_environment_says_whether_it_may_write_and_holds_the_command_line() -> None:
    for write in (False, True):
        given = made(Browser(), "none", "--url=https://mem0.example/key", write=write)
        environment = given.environment({"MEM0_TUI_WEB": "write", "MEM0_TUI_ASCII": "1"})
        assert is_locked(environment) is not write
        assert in_browser(environment)
        assert json.loads(environment["MEM0_TUI_WEB_WORDS"]) == ["--url=https://mem0.example/key"]
        assert environment["MEM0_TUI_ASCII"] == "1", "a wish of the user's own stays"
    assert given.environment({})["MEM0_TUI_ASCII"] == "0"


async def test_what_it_does_not_know_is_locked() -> None:
    assert is_locked({"MEM0_TUI_WEB": "perhaps"})
    assert not is_locked({})


async def test_a_process_that_does_not_hear_is_killed(
    module: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    module(
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('__GANGLION__', flush=True)\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setattr(tab, "PATIENCE", 0.3)
    browser = Browser()
    process = made(browser, "stand_in")
    await process.start(80, 24)
    await process.stop()
    assert process._process is not None
    assert process._process.returncode in (-9, 1), "as POSIX and Windows tell of it"


async def test_a_process_that_fails_says_why_and_ends_the_connection(
    module: Callable[[str], object], capfd: pytest.CaptureFixture[str]
) -> None:
    module(
        "import sys\n"
        "sys.stderr.write('the key sk-proj-" + "a1B2c3D4e5F6" * 4 + " is \\x1b[31mwrong\\n')\n"
        "sys.exit(4)\n"
    )
    browser = Browser()
    process = made(browser, "stand_in")
    await process.start(80, 24)
    await asyncio.wait_for(browser.closed.wait(), 600)
    await process.stop()
    shown = browser.drawn.decode()
    assert "wrong\r\n" in shown
    assert "a1B2c3D4e5F6" not in shown
    assert "\x1b[31m" not in shown
    assert capfd.readouterr() == ("", "")


async def test_a_process_that_ended_before_it_was_listened_to_ends_the_connection(
    module: Callable[[str], object],
) -> None:
    """As on a busy machine."""
    module("raise SystemExit('it is wrong')\n")
    browser = Browser()
    process = made(browser, "stand_in")
    started = await process._open_app_process()
    assert started.stdout is not None
    assert await started.stdout.read() == b""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(process.run())
    assert browser.closed.is_set()
    assert b"it is wrong" in browser.drawn


async def test_files_are_not_delivered_and_only_the_web_is_opened() -> None:
    browser = Browser()
    process = made(browser)
    start = {"type": "deliver_file_start", "key": "k", "path": "/x", "open_method": "download"}
    asked = [
        {**start, "mime_type": "", "encoding": ""},
        {"type": "open_url", "url": "javascript:alert(1)", "new_tab": True},
        {"type": "open_url", "url": "file:///etc/passwd", "new_tab": True},
        {"type": "something new"},
        {"type": "unsaved", "value": "yes"},
        {"type": "open_url", "url": "https://mem0.ai", "new_tab": True},
    ]
    for each in asked:
        await process.on_meta(json.dumps(each).encode())
    await process.on_packed(b"t")
    assert [json.loads(text)[1]["url"] for text in browser.sent] == ["https://mem0.ai"]
    await process.on_meta(b'{"type": "unsaved", "value": true}')
    assert json.loads(browser.sent[-1]) == ["unsaved", True]


async def test_the_screen_has_a_size_that_can_be_drawn(
    module: Callable[[str], object], tmp_path: Path
) -> None:
    module(
        "import os, pathlib\n"
        f"pathlib.Path({str(tmp_path / 'size')!r}).write_text("
        "os.environ['COLUMNS'] + ' ' + os.environ['ROWS'])\n"
    )
    browser = Browser()
    process = made(browser, "stand_in")
    await process.start(10**9, -5)
    await asyncio.wait_for(browser.closed.wait(), 600)
    await process.stop()
    assert (tmp_path / "size").read_text() == "500 1"


async def test_nothing_is_imported_from_the_folder_that_it_was_started_in(
    module: Callable[[str], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module("raise SystemExit('the right one')\n")
    folder = tmp_path / "a folder of somebody else"
    folder.mkdir()
    (folder / "stand_in.py").write_text("raise SystemExit('the wrong one')\n")
    monkeypatch.chdir(folder)
    browser = Browser()
    process = made(browser, "stand_in")
    await process.start(80, 24)
    await asyncio.wait_for(browser.closed.wait(), 600)
    await process.stop()
    assert b"the right one" in browser.drawn
