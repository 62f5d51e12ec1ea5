"""``mem0-tui web`` as a process: a process for each tab, and none that stays behind."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from mem0_tui.web import app
from tests.support.web_serving import (
    PATIENCE,
    Drawn,
    Pass,
    WebServing,
    children,
    enter,
    is_running,
    told_to,
    web_serving,
)
from tests.tui.test_dying import counted, fill
from tests.web.conftest import serving_tabs

if sys.platform != "linux":
    pytest.skip("looks at processes in /proc", allow_module_level=True)

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SECRET = "sk-proj-" + "a1B2c3D4e5F6" * 4


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "memories.db"
    fill(path)
    return path


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[WebServing]:
    """A server that does not allow changes."""
    words = ("--store", str(store), "web")
    with web_serving(store.parent, *words, MEM0_API_KEY=SECRET) as server:
        yield server


@pytest.fixture(scope="module")
def known(server: WebServing) -> Pass:
    return server.enter()


_DATA = (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)


class Tab:
    """An open tab, as the page's script knows it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.drawn = socket, Drawn()

    async def shows(self, text: str) -> None:
        """Wait until *text* stands on the screen."""
        try:
            async with asyncio.timeout(PATIENCE):
                while text not in self.drawn.text:
                    await self._draw()
        except TimeoutError:
            raise AssertionError(f"{text!r} never came:\n{self.drawn.text}") from None

    async def hides(self, text: str) -> None:
        """Wait until *text* stands nowhere on the screen."""
        async with asyncio.timeout(PATIENCE):
            while text in self.drawn.text:
                await self._draw()

    async def _draw(self) -> None:
        """Take in what comes next; text tells the page's script something, and draws nothing."""
        message = await self.socket.receive()
        assert message.type in _DATA, self.drawn.text
        if message.type is aiohttp.WSMsgType.BINARY:
            self.drawn.feed(message.data)

    async def types(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    async def ends(self) -> None:
        """Wait for the end of the connection."""
        async with asyncio.timeout(PATIENCE):
            while (await self.socket.receive()).type in _DATA:
                pass


@asynccontextmanager
async def tab(known: Pass, first: str = "decision") -> AsyncIterator[Tab]:
    """A tab that has drawn its first memory."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(known.socket, headers=known.headers, max_msg_size=0) as socket,
    ):
        opened = Tab(socket)
        await opened.shows(first)
        await socket.send_json(["focus"])
        yield opened


async def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_two_tabs_are_two_processes_and_each_ends_with_its_tab(
    server: WebServing, known: Pass
) -> None:
    async with tab(known) as one, tab(known) as other:
        await one.shows("READ-ONLY")
        await other.shows("READ-ONLY")
        both = children(server.process.pid)
        assert len(both) == 2
        await one.types("d")
        await one.shows("1 staged")
        assert "staged" not in other.drawn.text
        await one.socket.close()
        await until(lambda: len(children(server.process.pid)) == 1)
    await until(lambda: not children(server.process.pid))
    assert not any(map(is_running, both))


async def test_nothing_can_be_changed_no_key_lifts_that_and_no_secret_is_in_a_command_line(
    known: Pass, store: Path, server: WebServing
) -> None:
    before = counted(store)
    async with tab(known) as one:
        await one.shows("READ-ONLY")
        (child,) = children(server.process.pid)
        words = told_to(child, "cmdline")
        assert words[1:-1] == ["-P", "-m", "mem0_tui.cli.tab"]
        environ = told_to(child, "environ")
        assert f"MEM0_API_KEY={SECRET}" in environ
        assert "MEM0_TUI_WEB=read-only" in environ
        assert any(f"--store={store}" in each and "--read-only" in each for each in environ)
        await one.types("W")
        await one.shows("read-only: mem0-tui web --write")
        await one.types(":write\r")
        await one.types("da")
        await one.shows("Plan for")
        await one.shows("read-only: mem0-tui web --write allows changes   x drop")
        await one.types("y")
        await one.types("\x1b")
        await one.hides("Plan for")
        await one.types("!")
        await one.shows("nothing can be purged")
        assert "READ-ONLY" in one.drawn.text
        await one.types("\x1a")
        await one.shows("no shell behind")
    assert counted(store) == before


async def test_nonsense_from_the_page_changes_nothing_and_leaving_ends_the_connection(
    server: WebServing, known: Pass
) -> None:
    async with tab(known) as one:
        for text in ("", "[", "{}", '["resize", {"width": "x"}]', '["stdin"]', '["\\ud800"]'):
            await one.socket.send_str(text)
        await one.socket.send_json(["stdin", "\ud800"])
        await one.types("d")
        await one.shows("1 staged")
        await one.types("uq")
        await one.ends()
    await until(lambda: not children(server.process.pid))


async def test_the_token_is_in_nothing_that_it_says(server: WebServing, known: Pass) -> None:
    said = server.said.read_text(encoding="utf-8")
    assert "read-only; --write allows changes" in said
    assert server.address.partition("token=")[2] not in said
    assert known.cookie.partition("=")[2] not in said


def test_under_nohup_it_outlives_its_terminal(tmp_path: Path) -> None:
    words = ("--store", str(tmp_path / "memories.db"), "web")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what is started inherits that
    try:
        with web_serving(tmp_path, *words) as deaf:
            deaf.process.send_signal(signal.SIGHUP)
            assert deaf.get("/").status == 403
            assert deaf.stop(signal.SIGTERM) == 0
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_no_process_stays_behind(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "memories.db"
    fill(path)
    with web_serving(tmp_path, "--store", str(path), "web", "--write") as server:
        known = await asyncio.to_thread(server.enter)
        async with tab(known):
            running = children(server.process.pid)
            running += [each for child in running for each in children(child)]
            assert running
            code = await asyncio.to_thread(server.stop, number)
            assert code == (0 if number != signal.SIGKILL else -9)
            await until(lambda: not any(map(is_running, running)))


async def test_what_is_typed_is_kept_when_the_tab_is_closed(
    server: WebServing, known: Pass, store: Path
) -> None:
    async with tab(known) as one:
        await one.types("n")
        await one.shows("Esc")
        await one.types("half a thought")
        await one.shows("half a thought")
    await until(lambda: not children(server.process.pid))
    kept = [each for each in store.parent.rglob("typed/*") if each.is_file()]
    assert ["half a thought" in each.read_text(encoding="utf-8") for each in kept] == [True]


async def test_the_number_of_tabs_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stand_in.py").write_text(
        "import os, sys\n"
        "os.write(1, b'__GANGLION__\\nD\\0\\0\\0\\2up')\n"
        "while (data := os.read(0, 4096)) and b'quit' not in data: pass\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(app, "MOST_TABS", 1)
    with serving_tabs("stand_in") as admission:
        known = await asyncio.to_thread(enter, admission.host, admission.address)
        async with tab(known, "up") as _, aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(known.socket, headers=known.headers)
            assert refused.value.status == 503
            page = f"http://{known.host}{known.folder}"
            async with session.get(page, headers=known.headers) as answer:
                assert answer.status == 503
                assert "Close one" in await answer.text()
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while True:
                async with session.get(page, headers=known.headers) as answer:
                    if answer.status == 200:
                        break
                await asyncio.sleep(0.02)
