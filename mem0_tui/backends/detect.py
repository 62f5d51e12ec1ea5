"""Telling which of Mem0's two REST APIs answers at a URL, by asking only what needs no key."""

from __future__ import annotations

from typing import Any

from mem0_tui.backends.http.client import HttpClient
from mem0_tui.model.errors import AuthError, BackendError, NetworkError

_SELFHOSTED_TITLE = "Mem0 REST APIs"


async def kind_of(http: HttpClient) -> str | None:
    """``platform``, ``selfhosted``, or None where neither answers.

    Raises:
        NetworkError: nobody answers there.
    """
    setup = await _answer(http, "/auth/setup-status")
    if isinstance(setup, dict) and "needsSetup" in setup:
        return "selfhosted"
    ping = await _answer(http, "/v1/ping/")
    if isinstance(ping, AuthError) or (isinstance(ping, dict) and "status" in ping):
        return "platform"
    document = await _answer(http, "/openapi.json")
    info = document.get("info") if isinstance(document, dict) else None
    if isinstance(info, dict) and info.get("title") == _SELFHOSTED_TITLE:
        return "selfhosted"
    return None


async def _answer(http: HttpClient, path: str) -> Any:
    """The JSON at *path*, or the error that came instead."""
    try:
        return await http.request("GET", path, repeatable=False)
    except NetworkError:
        raise
    except BackendError as error:
        return error
