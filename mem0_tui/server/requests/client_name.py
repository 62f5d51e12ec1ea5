"""Who made a request, for the history: what the client calls itself, else ``api``."""

from __future__ import annotations

import re

from starlette.requests import Request

_TOO_GENERAL = ("python-httpx", "python-requests", "python-urllib", "mozilla", "curl")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")


def recalls_for_codex(request: Request) -> bool:
    """Whether what is answered goes into Codex's context: to Mem0's plugin (0.3) or Codex itself.

    mem0-tui's own hooks leave out by themselves what Codex is not to be given.
    """
    headers = request.headers
    agent = headers.get("user-agent", "").casefold()
    return (
        headers.get("x-application", "").casefold() == "codex"
        or headers.get("x-mem0-source", "").casefold() == "mem0_plugin"
        or is_codex(agent)
    )


def masks(request: Request) -> bool:
    """Whether mem0-tui's own hooks want the secrets in an answer masked."""
    return request.headers.get("x-mem0-tui-mask", "") == "1"


def is_codex(name: str) -> bool:
    """Whether a client of that name is Codex, as in ``codex-mcp-client``."""
    return name.casefold().startswith("codex")


def caller(request: Request) -> str:
    """A short name such as ``api CLI`` or ``api mem0-python``; ``api`` if the client gives none."""
    headers = request.headers
    for header in ("x-mem0-source", "x-mem0-client", "user-agent"):
        # A stack of clients is separated by commas or blanks, the outermost one last.
        for written in headers.get(header, "").replace(",", " ").split()[:1]:
            name = _NAME.match(written.partition("/")[0])
            if name and not name.group().casefold().startswith(_TOO_GENERAL):
                return f"api {name.group()}"
    return "api"
