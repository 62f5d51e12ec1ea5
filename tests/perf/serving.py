"""Requests per second of ``mem0-tui serve``, against a bare starlette endpoint with equal answers.

Run as ``python -m tests.perf.serving FILE [DATABASE]``, it is that endpoint: it answers every
request with the JSON document in FILE, after storing the request's body in DATABASE, durably.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from mem0_tui.store.embedding.embedder import load_embedder
from tests.perf.measure import heading, rate
from tests.perf.stores import filled, give_vectors, open_filled
from tests.support.serving import KEY, serving

_STORED = 10_000
_CLIENTS = 8
_SECONDS = 2.0
_ROUNDS = 3
_NUMBERS = count()
_ADDED = {
    "messages": [{"role": "user", "content": "The checkout listens on port NUMBER."}],
    "user_id": "robin",
    "app_id": "shop-api",
    "metadata": {"type": "environmental"},
    "infer": False,
}


@dataclass(frozen=True, slots=True)
class _Call:
    name: str
    method: str
    path: str
    body: bytes = b""
    """``NUMBER`` in it becomes a number that is used once."""

    def request(self, host: str) -> bytes:
        body = self.body.replace(b"NUMBER", str(next(_NUMBERS)).encode())
        return (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Token {KEY}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


def run(folder: Path) -> None:
    """Compare a page, one memory, a ping, and an add, whose memories are indexed meanwhile."""
    heading(f"Requests per second with {_CLIENTS} clients, against a bare starlette JSON endpoint")
    path = filled(folder, _STORED)
    store = open_filled(folder, _STORED)
    # With nothing left to embed, the server's own background work does not disturb.
    give_vectors(store, load_embedder().model_id)
    store.close()
    with serving(path) as server:
        host = urlsplit(server.url).netloc
        filters = json.dumps({"filters": {"user_id": "kim"}}).encode()
        page = _Call("list, page of 20", "POST", "/v3/memories/?page=1&page_size=20", filters)
        first = json.loads(asyncio.run(_answer(host, page)))["results"][0]["id"]
        for call in (
            page,
            _Call("one memory", "GET", f"/v1/memories/{first}/"),
            _Call("ping", "GET", "/v1/ping/"),
        ):
            _compare(folder, host, call)
    name = f"served-{next(_NUMBERS)}.db"
    with serving(folder / name) as server:
        added = json.dumps(_ADDED).encode()
        add = _Call("add, against a row as durable", "POST", "/v3/memories/add/", added)
        _compare(folder, urlsplit(server.url).netloc, add, str(folder / f"raw-{name}"))


def _compare(folder: Path, host: str, call: _Call, *database: str) -> None:
    document = folder / "answer.json"
    document.write_bytes(asyncio.run(_answer(host, call)))
    with _bare_endpoint(document, *database) as bare_host:
        ours, bare = 0.0, 0.0
        for _ in range(_ROUNDS):
            ours = max(ours, asyncio.run(_load(host, call)))
            bare = max(bare, asyncio.run(_load(bare_host, call)))
    rate(call.name, ours, bare, "a second", "at least 0.5")


@contextmanager
def _bare_endpoint(document: Path, *database: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.perf.serving", str(document), *database],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def _answer(host: str, call: _Call) -> bytes:
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    try:
        return await _exchange(reader, writer, call.request(host))
    finally:
        writer.close()
        await writer.wait_closed()


async def _load(host: str, call: _Call) -> float:
    """Answers per second to clients that each wait for one answer before they ask again."""
    name, _, port = host.partition(":")
    end = time.perf_counter() + _SECONDS

    async def client() -> int:
        reader, writer = await asyncio.open_connection(name, int(port))
        answered = 0
        try:
            while time.perf_counter() < end:
                await _exchange(reader, writer, call.request(host))
                answered += 1
        finally:
            writer.close()
            await writer.wait_closed()
        return answered

    start = time.perf_counter()
    answered = await asyncio.gather(*(client() for _ in range(_CLIENTS)))
    return sum(answered) / (time.perf_counter() - start)


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status, _, fields = head.partition(b"\r\n")
    if b" 200 " not in status:
        raise RuntimeError(f"the server said {status.decode()}")
    length = next(
        int(field.split(b":")[1])
        for field in fields.lower().split(b"\r\n")
        if field.startswith(b"content-length:")
    )
    return await reader.readexactly(length)


def _serve_bare(document: object, *database: str) -> None:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    connections = [_rows(path) for path in database]
    writer = ThreadPoolExecutor(1)

    async def answer(request: Request) -> JSONResponse:
        body = await request.body()
        for connection in connections:
            await asyncio.get_running_loop().run_in_executor(
                writer, connection.execute, "INSERT INTO rows (body) VALUES (?)", (body,)
            )
        return JSONResponse(document)

    route = Route("/{path:path}", answer, methods=["GET", "POST"])
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(Starlette(routes=[route]), log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def _rows(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB)")
    return connection


if __name__ == "__main__":
    _serve_bare(json.loads(Path(sys.argv[1]).read_bytes()), *sys.argv[2:])
