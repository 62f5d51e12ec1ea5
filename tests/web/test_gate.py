"""What a request has to pass: no page of another site, no other name, no second use."""

from __future__ import annotations

import asyncio
import re
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from mem0_tui.web.admission import Admission
from tests.support.web_serving import Pass, enter, get


def text_of(answer: Any) -> str:
    text: str = answer.text
    return text


def entered(admission: Admission) -> Pass:
    return enter(admission.host, admission.address)


def test_the_address_works_once_and_says_so(admission: Admission) -> None:
    path = admission.address.removeprefix(admission.origin)
    first = get(admission.host, path)
    assert first.status == 200
    cookie = first.getheader("Set-Cookie") or ""
    assert {"HttpOnly", "SameSite=Strict", f"Path={admission.folder}/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert f'rel="icon" href="{admission.folder}/page/icon.svg"' in text_of(first)
    second = get(admission.host, path)
    assert second.status == 410
    assert "it works once" in text_of(second)
    assert second.getheader("Set-Cookie") is None
    assert (second.getheader("Content-Type") or "").startswith("text/plain")


def test_without_the_cookie_there_is_nothing(admission: Admission) -> None:
    inside = ("/", "/ws", "/page/page.js", "/textual/js/textual.js", "/download/x")
    paths = [admission.folder + path for path in inside]
    for path in ["/", "/?token=", "/?token=wrong", "/download/x", "/favicon.ico", *paths]:
        answer = get(admission.host, path)
        assert answer.status == 403, path
        assert "Open the address that it printed" in text_of(answer)
    path = admission.address.removeprefix(admission.origin)
    assert get(admission.host, f"{path}&token=x").status == 403
    assert get(admission.host, path).status == 200, "none of these has used it up"


def test_looking_at_the_address_does_not_use_it_up(admission: Admission) -> None:
    path = admission.address.removeprefix(admission.origin)
    connection = HTTPConnection(*admission.host.split(":"))  # type: ignore[arg-type]
    connection.request("HEAD", path)
    assert connection.getresponse().status == 405
    connection.close()
    assert get(admission.host, path, Sec_Purpose="prefetch;prerender").status == 503
    assert get(admission.host, path).status == 200


@pytest.mark.parametrize(
    "host",
    ["attacker.example", "localhost", "127.0.0.1", "127.0.0.1:1", "[::1]", "127.0.0.1.nip.io", ""],
)
def test_another_host_is_refused(admission: Admission, host: str) -> None:
    path = admission.address.removeprefix(admission.origin)
    port = admission.host.partition(":")[2]
    names = [host] if host.endswith(":1") or host in ("127.0.0.1", "") else [host, f"{host}:{port}"]
    for name in names:
        answer = get(admission.host, path, Host=name)
        assert answer.status == 421
        assert admission.origin in text_of(answer)
    assert get(admission.host, path).status == 200, "the token was not used up"


@pytest.mark.parametrize(
    "origin",
    [
        "https://attacker.example",
        "null",
        "http://127.0.0.1",
        "http://localhost:{port}",
        "https://{host}",
    ],
)
def test_another_origin_is_refused(admission: Admission, origin: str) -> None:
    known = entered(admission)
    named = origin.format(host=known.host, port=known.host.partition(":")[2])
    for path in (known.folder, "/"):
        assert get(known.host, path, Cookie=known.cookie, Origin=named).status == 403
    assert get(known.host, known.folder, **known.headers).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_page_asks_for_is_refused(admission: Admission, site: str) -> None:
    known = entered(admission)
    answer = get(known.host, known.folder, Cookie=known.cookie, Sec_Fetch_Site=site)
    assert answer.status == 403


@pytest.mark.anyio
async def test_a_socket_needs_cookie_origin_and_host(admission: Admission) -> None:
    known = await asyncio.to_thread(entered, admission)
    wrong = [
        ({"Origin": known.headers["Origin"]}, 403),
        ({"Cookie": known.cookie}, 403),
        ({**known.headers, "Origin": "https://attacker.example"}, 403),
        ({**known.headers, "Origin": "null"}, 403),
        ({**known.headers, "Host": "attacker.example"}, 421),
        ({**known.headers, "Cookie": known.cookie + "x"}, 403),
    ]
    async with aiohttp.ClientSession() as session:
        for headers, status in wrong:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(known.socket, headers=headers)
            assert refused.value.status == status


def test_every_answer_has_strict_headers(admission: Admission) -> None:
    known = entered(admission)
    for path in ("/", known.folder, f"{known.folder}page/page.js", f"{known.folder}none"):
        answer = get(known.host, path, **known.headers)
        policy = answer.getheader("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert f"connect-src 'self' ws://{known.host};" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("X-Content-Type-Options") == "nosniff"
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Server") == "mem0-tui", "no versions"


def test_the_page_loads_nothing_from_elsewhere(admission: Admission) -> None:
    known = entered(admission)
    page = text_of(get(known.host, known.folder, **known.headers))
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    style = text_of(get(known.host, f"{known.folder}page/page.css", **known.headers))
    loaded += [f"page/{name}" for name in re.findall(r'url\("([^"]+)"\)', style)]
    assert len(loaded) == 7
    for name in loaded:
        assert ":" not in name
        path = Path(known.folder, name).as_posix().replace("page/../", "")
        connection = HTTPConnection(*known.host.split(":"))  # type: ignore[arg-type]
        connection.request("GET", path, headers=known.headers)
        answer = connection.getresponse()
        assert answer.status == 200, name
        assert answer.read()
        connection.close()
    assert re.findall(r"wss?://[^/\"]+", page) == [f"ws://{known.host}"]
    assert "<script>" not in page, "the policy would not run it"


def test_there_are_no_downloads_and_no_listings_of_folders(admission: Admission) -> None:
    known = entered(admission)
    for path in ("download/x", "page/", "textual/", "textual/js/", "textual/../index.html"):
        assert get(known.host, known.folder + path, **known.headers).status in (403, 404), path
