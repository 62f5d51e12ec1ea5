"""Bodies as they arrive: only a JSON object of bounded size gets in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.server.app import create_app
from mem0_tui.server.auth import Access
from mem0_tui.server.requests.body import MAX_BODY, flag, json_object, whole_number
from mem0_tui.server.responses.answers import answer
from mem0_tui.server.rest.routing import Routes

pytestmark = pytest.mark.anyio


async def echo(request: Request) -> Response:
    return answer(await json_object(request))


async def broken(_request: Request) -> Response:
    raise RuntimeError("a secret of the inside")


async def send(content: Any, path: str = "/echo/") -> httpx.Response:
    routes = Routes()
    routes.add("POST", "/echo/", echo)
    routes.add("POST", "/broken/", broken)
    transport = httpx.ASGITransport(create_app(routes, Access(None)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.post(path, content=content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": 1} x',
    ],
)
async def test_what_is_no_json_object_is_refused_with_a_reason(content: bytes) -> None:
    response = await send(content)
    assert response.status_code == 400
    assert response.json()["detail"] == response.json()["error"]


async def test_strings_that_utf_8_cannot_hold_are_repaired() -> None:
    response = await send(b'{"a\\ud800": ["\\udfff", "\\ud83d\\ude00"]}')
    assert response.json() == {"a\ufffd": ["\ufffd", "\U0001f600"]}


async def test_a_body_over_the_limit_is_413_whether_announced_or_not() -> None:
    big = json.dumps({"a": "x" * MAX_BODY}).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(big), 1 << 20):
            yield big[at : at + (1 << 20)]

    for content in (big, pieces()):
        response = await send(content)
        assert response.status_code == 413
        assert "larger" in response.json()["detail"]


async def test_a_fault_of_ours_is_500_without_its_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await send(b"{}", "/broken/")
    assert response.status_code == 500
    assert "inside" not in response.text
    assert "RuntimeError" in caplog.text


async def test_unknown_paths_and_methods_are_json_too() -> None:
    assert (await send(b"{}", "/else/")).json() == {"error": "Not found.", "detail": "Not found."}
    assert (await send(b"{}", "/%ff/")).status_code == 400


@pytest.mark.parametrize("value", [None, True, "", "1.5", 2.5, "x", [], "1" * 30, 0, 201, "²"])
def test_only_whole_numbers_within_bounds_are_taken(value: object) -> None:
    with pytest.raises(InvalidRequestError, match="page_size must be"):
        whole_number(value, "page_size", least=1, most=200)


def test_numbers_and_flags_come_as_json_or_as_text() -> None:
    assert [whole_number(each, "n", least=1) for each in (7, "7", 7.0)] == [7, 7, 7]
    assert [flag(each, "f", default=False) for each in (True, "true", None)] == [True, True, False]
    with pytest.raises(InvalidRequestError):
        flag("perhaps", "f", default=False)
