"""The routes behind the gate: the page, its files, and the socket of each tab."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from aiohttp import WSMsgType, web

from mem0_tui.web.admission import Admission
from mem0_tui.web.gate import gate, plain, security_headers
from mem0_tui.web.tab import STATIC, TabProcess

MOST_TABS: Final = 8
"""Apps that run at the same time."""
_TOO_MANY = f"""\
{MOST_TABS} tabs are open already, and each is an app of its own. Close one, then reload this page.
"""
_FAREWELL: Final = 2.0
"""Seconds that a browser has to answer the end of a connection."""
_PAGE: Final = files("mem0_tui.web") / "page"


@dataclass(frozen=True, slots=True)
class TabProgram:
    """What is started for each tab."""

    module: str
    words: Sequence[str]
    """The command line of the app; it is handed on in the environment."""
    write: bool
    """Whether the app may change memories."""


class BrowserTabs:
    """All tabs that are open, each with a process of its own."""

    def __init__(self, program: TabProgram, admission: Admission) -> None:
        self._program, self._admission = program, admission
        self._open: dict[TabProcess, web.WebSocketResponse] = {}
        self._taken = 0

    def application(self) -> web.Application:
        """The whole server, with nothing bound yet."""
        made = web.Application(middlewares=[gate(self._admission)])
        folder = self._admission.folder
        made.add_routes(
            [
                web.get(f"{folder}/", self.page),
                web.get(f"{folder}/ws", self.socket),
                web.static(f"{folder}/page", Path(str(_PAGE))),
                web.static(f"{folder}/textual", STATIC),
            ]
        )
        headers = security_headers(self._admission.origin)

        async def add_headers(_request: web.Request, answer: web.StreamResponse) -> None:
            answer.headers.update(headers)

        made.on_response_prepare.append(add_headers)
        return made

    async def page(self, _request: web.Request) -> web.Response:
        """The page that holds the terminal."""
        if self._taken >= MOST_TABS:
            return plain(503, _TOO_MANY)
        admission = self._admission
        address = f"ws://{admission.host}{admission.folder}/ws"
        text = (_PAGE / "index.html").read_text(encoding="utf-8")
        text = text.replace("{{websocket}}", html.escape(address))
        return web.Response(text=text, content_type="text/html")

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Start an app, and pass on what it draws and what is typed until either side ends."""
        if self._taken >= MOST_TABS:
            return plain(503, _TOO_MANY)
        self._taken += 1
        try:
            return await self._connected(request)
        finally:
            self._taken -= 1

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=_FAREWELL, heartbeat=15, compress=False)
        await socket.prepare(request)
        tab = TabProcess(
            self._program.module,
            self._program.words,
            write=self._program.write,
            write_bytes=_unless_closed(socket.send_bytes),
            write_str=_unless_closed(socket.send_str),
            close=socket.close,
        )
        self._open[tab] = socket
        try:
            await tab.start(_number(request, "width", 80), _number(request, "height", 24))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _obey(message.data, tab, socket)
        finally:
            await tab.stop()
            del self._open[tab]
            await socket.close()
        return socket

    async def close(self) -> None:
        """End every app, all at the same time."""
        await asyncio.gather(*(self._end(*each) for each in list(self._open.items())))

    async def _end(self, tab: TabProcess, socket: web.WebSocketResponse) -> None:
        await tab.stop()
        await socket.close()


def _unless_closed(send: Any) -> Any:
    """*send* to a browser that may have gone away meanwhile."""

    async def sent(data: Any) -> None:
        with contextlib.suppress(ConnectionError):
            await send(data)

    return sent


async def _obey(text: str, tab: TabProcess, socket: web.WebSocketResponse) -> None:
    """Do what the page's script (textual-serve 1.1.3) asks for, and ignore anything else."""
    try:
        asked = json.loads(text)
    except ValueError:
        return
    match asked:
        case ["stdin", str(typed)]:
            if data := typed.encode("utf-8", "ignore"):  # Textual 8.2 hangs on an empty one
                await tab.send_bytes(data)
        case ["resize", {"width": int(width), "height": int(height)}]:
            await tab.set_terminal_size(width, height)
        case ["ping", str(data)]:
            await socket.send_json(["pong", data])
        case ["blur"]:
            await tab.blur()
        case ["focus"]:
            await tab.focus()


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default
