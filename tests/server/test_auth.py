"""Who is let in: the key in both schemes, our own Host names, no foreign Origin."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mem0_tui.server.auth import Access, Gate, is_loopback

pytestmark = pytest.mark.anyio

KEY = "m0-the-right-key"


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    await Response("inside")(scope, receive, send)


async def ask(access: Access, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.ASGITransport(Gate(inside, access))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8765") as client:
        return await client.get("/v1/ping/", headers=headers)


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
async def test_both_schemes_are_understood(scheme: str) -> None:
    answer = await ask(Access(KEY), {"Authorization": f"{scheme} {KEY}"})
    assert answer.text == "inside"


@pytest.mark.parametrize(
    "header",
    [None, "", "Token", "Token ", f"Basic {KEY}", KEY, f"Token {KEY}x", "Token " + KEY[:-1]],
)
async def test_without_the_key_there_is_401_with_text_that_clients_show(
    header: str | None,
) -> None:
    answer = await ask(Access(KEY), {} if header is None else {"Authorization": header})
    body: dict[str, Any] = answer.json()
    assert answer.status_code == 401
    assert body["detail"] == body["error"]
    assert answer.headers["content-type"] == "application/json"
    assert KEY not in json.dumps(body)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "[::1]:1", "LOCALHOST", "box:80"])
async def test_our_own_names_are_known(host: str) -> None:
    access = Access(None, hosts=frozenset({"box"}))
    assert (await ask(access, {"Host": host})).text == "inside"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.7",
        "a@127.0.0.1",
        "127.0.0.1/x",
        "[::",
        "",
    ],
)
async def test_a_rebound_name_is_refused_before_the_key_is_looked_at(host: str) -> None:
    answer = await ask(Access(KEY), {"Host": host, "Authorization": f"Token {KEY}"})
    assert answer.status_code == 421


async def test_a_server_open_to_the_network_answers_to_addresses_but_not_to_names() -> None:
    access = Access(KEY, bound_to="0.0.0.0")
    headers = {"Authorization": f"Token {KEY}"}
    assert (await ask(access, {**headers, "Host": "192.168.1.7:8765"})).text == "inside"
    assert (await ask(access, {**headers, "Host": "evil.example"})).status_code == 421


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1:8765"])
async def test_pages_of_this_machine_may_ask(origin: str) -> None:
    assert (await ask(Access(None), {"Origin": origin})).text == "inside"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", "file://", "http://[", "http://localhost.evil.io"],
)
async def test_pages_of_other_sites_may_not(origin: str) -> None:
    assert (await ask(Access(None), {"Origin": origin})).status_code == 403


def test_the_key_does_not_show_in_a_repr() -> None:
    assert KEY not in repr(Access(KEY))


def test_loopback_is_this_machine_only() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "localhost"]))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.168.0.1", "localhost.example", ""]))
