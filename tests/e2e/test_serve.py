"""``mem0-tui serve`` as a process: ready when it says so, safe by default, losing nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from mem0_tui.store.store import open_store
from tests.support.serving import KEY, Serving, serve_command, serving

pytestmark = pytest.mark.slow

_HEADERS = {"Authorization": f"Token {KEY}"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where a store may be made."""
    return tmp_path / "data" / "memories.db"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server for the tests that do not mind each other."""
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as running:
        yield running


def add(client: httpx.Client, text: str, **options: Any) -> httpx.Response:
    """Send one add."""
    messages = [{"role": "user", "content": text}]
    return client.post(
        "/v3/memories/add/", json={"messages": messages, "user_id": "kim", **options}
    )


def texts(url: str) -> list[str]:
    """All texts of the user, through the listing's own pages."""
    found: list[str] = []
    following: str | None = f"{url}/v3/memories/?page_size=200"
    while following:
        answer = httpx.post(
            following, headers=_HEADERS, json={"filters": {"user_id": "kim"}}, timeout=60
        )
        body = answer.raise_for_status().json()
        found += [row["memory"] for row in body["results"]]
        following = body["next"]
    return found


def test_each_request_is_told_of_where_asked_for(store: Path) -> None:
    with serving(store, ("--port", "0", "--api-key", KEY, "--verbose")) as server:
        call = {"name": "list_entities", "arguments": {}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        accept = {"Accept": "application/json, text/event-stream", "User-Agent": "probe/1 (x)"}
        with httpx.Client(base_url=server.url, headers=_HEADERS, timeout=60) as client:
            assert add(client, "a text that is no one else's business").is_success
            assert client.post("/mcp", json=message, headers=accept).is_success
            assert client.get("/%1b[31m").status_code == 404
        assert httpx.get(f"{server.url}/v1/ping/", timeout=60).status_code == 401
    said = "".join(server.lines)
    assert "200  POST /v3/memories/add/  " in said
    assert "200  POST /mcp tools/call list_entities  " in said
    assert "probe/1\n" in said
    assert "401  GET /v1/ping/  " in said
    assert "\x1b" not in said
    assert KEY not in said
    assert "business" not in said


def refused(store: Path, *options: str, **environment: str) -> tuple[int, str]:
    """The exit code and stderr of a ``serve`` that does not start."""
    result = subprocess.run(
        serve_command(store, *options),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.returncode, result.stderr


def test_it_is_ready_when_it_says_so_and_stops_with_success(store: Path) -> None:
    with serving(store) as server:
        assert server.url.startswith("http://127.0.0.1:")
        body = httpx.get(f"{server.url}/v1/ping/", headers=_HEADERS, timeout=60).json()
        assert {"status": "ok"}.items() <= body.items()
        assert all(body[name] for name in ("org_id", "project_id", "user_email"))
        assert server.stop() == 0
    assert not [line for line in server.lines if KEY in line]
    assert server.lines[-1] == "stopped\n"


def test_nothing_is_ever_redirected(server: Serving) -> None:
    with httpx.Client(base_url=server.url, headers=_HEADERS, timeout=60) as client:
        for path in ("/v1/ping/", "/v1/ping", "/v1/entities", "/v1/entities/"):
            assert client.get(path).status_code == 200
        for path in ("/", "/v1/", "/docs", "//v1/ping/", "/v1/ping//"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.json()["detail"]


def test_too_much_and_nonsense_are_answered_and_the_server_goes_on(server: Serving) -> None:
    with httpx.Client(base_url=server.url, headers=_HEADERS, timeout=60) as client:
        assert add(client, "x" * 11 * 1024 * 1024).status_code == 413
        assert client.post("/v3/memories/add/", content=b"{").status_code == 400
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 300) as connection:
            connection.sendall(b"\x16\x03\x01\x02\x00nonsense\r\n\r\n")
            assert b" 400 " in connection.recv(4096)
        assert client.get("/v1/ping/").status_code == 200


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps open files")
@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced"])
def test_nothing_is_acknowledged_once_the_store_is_gone(store: Path, replaced: bool) -> None:
    with (
        serving(store) as server,
        httpx.Client(base_url=server.url, headers=_HEADERS, timeout=60) as client,
    ):
        assert add(client, "kept").status_code == 200
        for path in list(store.parent.glob("memories.db*")):
            path.unlink()
        if replaced:
            open_store(store).close()
        call = {"name": "add_memory", "arguments": {"text": "lost", "user_id": "kim"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        accept = {"Accept": "application/json, text/event-stream"}
        listing = {"filters": {"user_id": "kim"}}
        for answer in (
            add(client, "lost"),
            add(client, "lost", infer=False),
            client.post("/v3/memories/", json=listing),
            client.post("/v3/memories/search/", json={"query": "kept", **listing}),
        ):
            assert answer.status_code == 500
            assert "memories.db was re" in answer.json()["detail"]
        answer = client.post("/mcp", json=message, headers=accept)
        assert '"isError":true' in answer.text
        assert "memories.db was re" in answer.text
    assert store.exists() == replaced


def test_two_hundred_adds_at_once_lose_nothing(server: Serving) -> None:
    wanted = [f"parallel fact {number}" for number in range(200)]
    limits = httpx.Limits(max_connections=64)
    with (
        httpx.Client(base_url=server.url, headers=_HEADERS, limits=limits, timeout=60) as client,
        ThreadPoolExecutor(64) as threads,
    ):
        answers = list(threads.map(lambda text: add(client, text, infer=False), wanted))
    assert [answer.status_code for answer in answers] == [200] * 200
    ids = {answer.json()["results"][0]["id"] for answer in answers}
    assert len(ids) == 200
    assert sorted(texts(server.url)) == sorted(wanted)


def test_a_hundred_connections_opened_in_one_go_are_all_served(server: Serving) -> None:
    port = int(server.url.rpartition(":")[2])
    request = (
        f"GET /v1/ping/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Authorization: Bearer {KEY}\r\nConnection: close\r\n\r\n"
    ).encode()
    connections = [socket.create_connection(("127.0.0.1", port), 300) for _ in range(100)]
    try:
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            with connection.makefile("rb") as stream:
                assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
    finally:
        for connection in connections:
            connection.close()


def test_one_connection_serves_many_requests(server: Serving) -> None:
    connection = HTTPConnection(server.url.removeprefix("http://"), timeout=300)
    try:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", "/v1/ping/", headers=_HEADERS)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            assert connection.sock is first, "the server closed the connection"
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_load_keeps_everything_that_was_acknowledged(
    store: Path, number: signal.Signals
) -> None:
    acknowledged: list[str] = []
    enough = threading.Event()

    def keep_adding(worker: int, url: str) -> None:
        with httpx.Client(base_url=url, headers=_HEADERS, timeout=60) as client:
            for at in range(10_000):
                text = f"worker {worker} fact {at}"
                try:
                    answer = add(client, text)
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    return
                acknowledged.append(text)
                if len(acknowledged) > 150:
                    enough.set()

    with serving(store) as server, ThreadPoolExecutor(8) as threads:
        for worker in range(8):
            threads.submit(keep_adding, worker, server.url)
        assert enough.wait(300)
        assert server.stop(number) == 0
    with serving(store) as again:
        kept = texts(again.url)
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))


def test_a_request_that_is_half_sent_when_the_stop_comes_is_answered(store: Path) -> None:
    body = b'{"messages":[{"role":"user","content":"the last word"}],"user_id":"kim"}'
    with serving(store) as server:
        port = int(server.url.rpartition(":")[2])
        head = (
            f"POST /v3/memories/add/ HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Token {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", port), 300) as connection:
            connection.sendall(head + body[:20])
            # Another request on another connection: by then the first one has been begun.
            httpx.get(f"{server.url}/v1/ping/", headers=_HEADERS, timeout=60).raise_for_status()
            server.process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
            connection.sendall(body[20:])
            with connection.makefile("rb") as stream:
                assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
        assert server.stop() == 0
    with serving(store) as again:
        assert texts(again.url) == ["the last word"]


def test_a_port_in_use_is_said_in_one_line_with_exit_code_4(store: Path, tmp_path: Path) -> None:
    with serving(store) as server:
        port = server.url.rpartition(":")[2]
        code, said = refused(tmp_path / "other.db", "--port", port, "--no-auth")
    assert code == 4
    assert f"port {port} on 127.0.0.1 is in use" in said
    assert "--port" in said
    assert not (tmp_path / "other.db").exists(), "nothing is opened for nothing"


def test_a_host_that_does_not_exist_is_exit_code_4(store: Path) -> None:
    code, said = refused(store, "--host", "no-such-host.invalid", "--api-key", KEY)
    assert code == 4
    assert "no-such-host.invalid" in said


def test_other_machines_are_never_let_in_without_a_key(store: Path) -> None:
    code, said = refused(store, "--host", "0.0.0.0", "--no-auth")
    assert code == 3
    assert "other machines" in said


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but somebody's notes\n" * 100)
    code, said = refused(file, "--port", "0", "--no-auth")
    assert code == 4
    assert "notes.txt" in said
    assert file.read_text().startswith("not a database")


def test_without_options_a_key_is_made_kept_private_and_asked_for(store: Path) -> None:
    with serving(store, ("--port", "0")) as server:
        kept = store.parent / "serve.key"
        key = kept.read_text().strip()
        assert len(key) > 40
        assert not [line for line in server.lines if key in line]
        assert [line for line in server.lines if "serve.key" in line]
        if os.name == "posix":
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
            assert stat.S_IMODE(store.stat().st_mode) == 0o600
        assert httpx.get(f"{server.url}/v1/ping/", timeout=60).status_code == 401
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{server.url}/v1/ping/", headers=headers, timeout=60).status_code == 200
    with serving(store, ("--port", "0")) as again:
        assert httpx.get(f"{again.url}/v1/ping/", headers=headers, timeout=60).status_code == 200


@pytest.mark.parametrize("variable", ["MEM0_TUI_SERVE_KEY", "MEM0_API_KEY"])
def test_the_key_may_come_from_the_environment(
    store: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "m0-from-the-environment")
    with serving(store, ("--port", "0")) as server:
        assert not (store.parent / "serve.key").exists()
        for key, code in (("m0-from-the-environment", 200), ("m0-other", 401)):
            headers = {"Authorization": f"Token {key}"}
            assert (
                httpx.get(f"{server.url}/v1/ping/", headers=headers, timeout=60).status_code == code
            )


def test_no_auth_lets_this_machine_in_but_no_web_page(store: Path) -> None:
    with serving(store, ("--port", "0", "--no-auth")) as server:
        assert httpx.get(f"{server.url}/v1/ping/", timeout=60).status_code == 200
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
            assert httpx.get(f"{server.url}/v1/ping/", headers=headers, timeout=60).status_code in (
                403,
                421,
            )
        assert any("no key" in line for line in server.lines)


def test_who_deleted_what_can_be_told_and_taken_back(store: Path) -> None:
    with (
        serving(store) as server,
        httpx.Client(base_url=server.url, headers=_HEADERS, timeout=60) as client,
    ):
        memory_id = add(client, "from a client", infer=False).json()["results"][0]["id"]
        client.delete(f"/v1/memories/{memory_id}/", headers={"X-Mem0-Source": "CLI"})
        opened = open_store(store)
        try:
            [deleted] = asyncio.run(opened.trash())
            assert (deleted.memory.id, deleted.by) == (memory_id, "api CLI")
            asyncio.run(opened.restore_deleted([memory_id]))
        finally:
            opened.close()
        answer = client.get(f"/v1/memories/{memory_id}/")
        assert answer.json()["memory"] == "from a client", "another process's writes are seen"
