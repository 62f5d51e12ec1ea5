"""Opening backends by name, recognising servers, and importing nothing before its time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from mem0_tui.backends.capabilities import PLATFORM, SELFHOSTED, capability_matrix
from mem0_tui.backends.registry import BackendOptions, detect, open_backend
from mem0_tui.model.capability import Capability
from mem0_tui.model.errors import NetworkError, RefusedError, SettingsError
from tests.support.faulty import FaultyPlatform
from tests.support.loopback import loopback
from tests.support.selfhosted import SelfHosted

pytestmark = pytest.mark.anyio

KEY = "m0-abcdefghijklmnop1234"


async def test_each_name_opens_its_backend(tmp_path: Path) -> None:
    options = BackendOptions(
        url="http://127.0.0.1:9",
        api_key=KEY,
        store_path=tmp_path / "memories.db",
        codex_home=tmp_path / "codex",
        state=tmp_path / "state",
    )
    for name in capability_matrix():
        backend = open_backend(name, options)
        assert backend.name == name
        assert backend.capabilities == capability_matrix()[name]
        await backend.aclose()


def test_a_key_is_not_in_the_options_repr() -> None:
    assert KEY not in repr(BackendOptions(api_key=KEY))


def test_what_is_missing_is_said() -> None:
    for name in ("local", "platform", "selfhosted", "cloud", ""):
        with pytest.raises(SettingsError) as caught:
            open_backend(name, BackendOptions())
        assert caught.value.hint


def test_a_key_is_not_sent_unencrypted_to_another_machine() -> None:
    options = BackendOptions(url="http://mem0.example.com", api_key=KEY)
    for name in ("platform", "selfhosted"):
        with pytest.raises(RefusedError):
            open_backend(name, options)


def test_notes_explain_every_missing_capability() -> None:
    for capabilities in (PLATFORM, SELFHOSTED):
        assert {c for c in Capability if c not in capabilities} <= set(capabilities.notes)


async def test_servers_are_recognised_without_the_key() -> None:
    platform = FaultyPlatform()
    with loopback(platform.app()) as url:
        assert await detect(url, BackendOptions(api_key=KEY)) == "platform"
    assert all(KEY not in repr(seen.headers) for seen in platform.requests)
    with loopback(SelfHosted().app()) as url:
        assert await detect(url, BackendOptions()) == "selfhosted"


async def test_a_platform_that_asks_for_a_key_is_recognised() -> None:
    async def refuse(_request: object) -> JSONResponse:
        return JSONResponse({"detail": "no key"}, 401)

    with loopback(Starlette(routes=[Route("/v1/ping/", refuse)])) as url:
        assert await detect(url, BackendOptions()) == "platform"


async def test_any_other_site_is_neither() -> None:
    async def page(_request: object) -> HTMLResponse:
        return HTMLResponse("<h1>hello</h1>")

    with loopback(Starlette(routes=[Route("/{path:path}", page)])) as url:
        assert await detect(url, BackendOptions()) is None


async def test_nobody_there_is_said() -> None:
    with pytest.raises(NetworkError):
        await detect("http://127.0.0.1:1", BackendOptions())


def test_the_registry_imports_nothing_heavy() -> None:
    code = (
        "import sys; import mem0_tui.backends.registry, mem0_tui.backends.capabilities as r;"
        "r.capability_matrix();"
        "heavy = {'httpx', 'pydantic', 'numpy', 'starlette', 'uvicorn', 'rapidfuzz'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
