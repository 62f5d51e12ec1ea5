"""Streamable HTTP as Codex speaks it, byte by byte: no session, JSON answers, the same gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mem0_tui.server.requests.body import MAX_BODY
from tests.support.mcp_serving import KEY, Served, served

CODEX = {
    "User-Agent": "codex-mcp-client/0.169.0",
    "Accept": "text/event-stream, application/json",
    "MCP-Protocol-Version": "2025-06-18",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("mcp") / "memories.db") as running:
        yield running


@pytest.fixture
def http(server: Served) -> Iterator[httpx.Client]:
    headers = {**CODEX, "Authorization": f"Bearer {KEY}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        yield client


def rpc(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


def test_codex_is_answered_step_by_step(http: httpx.Client) -> None:
    client = {"name": "codex-mcp-client", "title": "Codex", "version": "0.169.0"}
    hello = rpc("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client)
    version = http.headers.pop("MCP-Protocol-Version")
    begun = http.post("/mcp", json=hello)
    assert begun.json()["result"]["protocolVersion"] == "2025-06-18"
    assert begun.json()["result"]["serverInfo"]["name"] == "mem0-tui"
    assert "mcp-session-id" not in begun.headers
    http.headers["MCP-Protocol-Version"] = version
    ready = http.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert ready.status_code == 202
    assert http.get("/mcp").status_code == 405
    listed = http.post("/mcp", json=rpc("tools/list", _meta={"progressToken": 0}))
    assert listed.headers["content-type"] == "application/json"
    assert len(listed.json()["result"]["tools"]) == 11
    meta = {"threadId": "t", "progressToken": 1}
    call = rpc("tools/call", _meta=meta, name="add_memory", arguments={"text": "x"})
    result = http.post("/mcp", json=call).json()["result"]
    assert result["isError"] is False
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert http.delete("/mcp").status_code == 405


def test_a_client_goes_on_after_the_server_was_started_anew(tmp_path: Path) -> None:
    headers = {**CODEX, "Authorization": f"Bearer {KEY}"}
    for text in ("before", "after"):
        with served(tmp_path / "memories.db") as running:
            call = rpc("tools/call", name="add_memory", arguments={"text": text})
            answer = httpx.post(f"{running.url}/mcp", json=call, headers=headers, timeout=60)
            assert answer.json()["result"]["isError"] is False


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Token", f"Basic {KEY}", KEY])
@pytest.mark.parametrize("path", ["/mcp", "/mcp/", "/mcp/x"])
def test_without_the_key_nothing_is_told(http: httpx.Client, header: str | None, path: str) -> None:
    http.headers.pop("Authorization")
    headers = {} if header is None else {"Authorization": header}
    answer = http.post(path, json=rpc("tools/list"), headers=headers)
    assert answer.status_code == 401
    assert "tools" not in answer.text.casefold()
    assert http.head(path, headers=headers).status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "bearer"])
def test_both_schemes_open_the_door(http: httpx.Client, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {KEY}"}
    assert http.post("/mcp", json=rpc("tools/list"), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:8765"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:3000"}, 200),
    ],
)
def test_other_sites_are_turned_away(
    http: httpx.Client, headers: dict[str, str], status: int
) -> None:
    assert http.post("/mcp", json=rpc("tools/list"), headers=headers).status_code == status


def test_a_body_that_is_too_large_is_refused_and_the_next_one_is_not(http: httpx.Client) -> None:
    call = rpc("tools/call", name="add_memory", arguments={"text": "x" * MAX_BODY})
    assert http.post("/mcp", json=call).status_code == 413
    assert http.post("/mcp", json=rpc("tools/list")).status_code == 200


@pytest.mark.parametrize("path", ["/mcp/other", "/mcpx", "/mcp/mcp"])
def test_there_is_nothing_beside_the_endpoint(http: httpx.Client, path: str) -> None:
    assert http.post(path, json=rpc("tools/list")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b'{"jsonrpc": "2.0"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 3}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "no/such", "params": {}}',
        b'{"jsonrpc": "2.0", "id": null, "method": "tools/list"}',
        b"[" * 5000,
        b'{"a":' * 5000,
    ],
)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28", "1999-01-01"])
def test_nonsense_is_refused_without_a_failure(
    http: httpx.Client, body: bytes, version: str
) -> None:
    headers = {"Content-Type": "application/json", "MCP-Protocol-Version": version}
    answer = http.post("/mcp", content=body, headers=headers)
    assert answer.status_code < 500
    assert b"Traceback" not in answer.content
