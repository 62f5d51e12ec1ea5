"""The backends by name; each is imported when it is opened, so that none slows down the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.model.errors import SettingsError

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.backends.http.client import Credential, HttpClient
    from mem0_tui.backends.paging.waits import Waits
    from mem0_tui.model.clock import Clock

PLATFORM_URL = "https://api.mem0.ai"
_SHORTEST = 10.0
_TIMES = 3
"""One request may take three times as long as a server may be silent; seconds, 10 at least."""


@dataclass(frozen=True, slots=True)
class BackendOptions:
    """What it takes to open any backend; each takes what it needs."""

    url: str | None = None
    """Base URL of a remote backend."""
    command: tuple[str, ...] = ()
    """The words that start an MCP server, instead of a URL."""
    api_key: str | None = field(default=None, repr=False)
    store_path: Path | None = None
    """File of the embedded store."""
    timeout: float = 30.0
    """Seconds to wait for a server's answer."""
    allow_plain_http: bool = False
    """Send the key unencrypted to another machine."""
    actor: str | None = None
    """Who is recorded as the author of changes in the embedded store."""
    codex_home: Path | None = None
    """Codex's own folder, whose memories the backend ``codex`` shows."""
    state: Path | None = None
    """Where copies of files are kept that the backend ``codex`` changes."""
    clock: Clock | None = None
    waits: Waits | None = None
    """Where requests are noted as long as they are not answered."""


def open_backend(name: str, options: BackendOptions) -> Backend:
    """The backend *name*, ready for use; a remote one has not been contacted yet.

    Raises:
        SettingsError: there is no such backend, or *options* lack what it needs.
        StoreError: the embedded store cannot be opened.
        RefusedError: the key would travel unencrypted.
    """
    factory = _FACTORIES.get(name)
    if factory is None:
        known = ", ".join(_FACTORIES)
        raise SettingsError(f"there is no backend {name!r}", hint=f"one of {known}")
    return factory(options)


async def detect(url: str, options: BackendOptions) -> str | None:
    """Which backend speaks to the server at *url*: ``platform``, ``selfhosted``, or None.

    Only open endpoints are asked, so no key is sent.

    Raises:
        NetworkError: nobody answers there.
    """
    from mem0_tui.backends.detect import kind_of

    http = _client(url, options, None)
    try:
        return await kind_of(http)
    finally:
        await http.aclose()


def _local(options: BackendOptions) -> Backend:
    if options.store_path is None:
        raise SettingsError("the embedded store has no path", hint="pass --store PATH")
    from mem0_tui.backends.local import LocalBackend
    from mem0_tui.store.embedding.embedder import load_embedder
    from mem0_tui.store.store import open_store

    store = open_store(options.store_path, options.clock, options.actor)
    return LocalBackend(store, embedder_factory=load_embedder)


def _platform(options: BackendOptions) -> Backend:
    from mem0_tui.backends.http.client import Credential
    from mem0_tui.backends.platform.backend import PlatformBackend

    key = options.api_key
    url = options.url or PLATFORM_URL
    if key is None and url.rstrip("/") == PLATFORM_URL:
        raise SettingsError(
            "Mem0 Platform needs a key",
            hint="set MEM0_API_KEY, or name a file that holds it with api_key_file",
        )
    http = _client(url, options, Credential.token(key) if key else None)
    return PlatformBackend(http, clock=options.clock)


def _selfhosted(options: BackendOptions) -> Backend:
    if options.url is None:
        raise SettingsError(
            "a self-hosted server needs its URL", hint="pass --url http://HOST:PORT"
        )
    from mem0_tui.backends.selfhosted.backend import SelfHostedBackend, credential

    key = options.api_key
    http = _client(options.url, options, credential(key) if key else None)
    return SelfHostedBackend(http, clock=options.clock)


def _mcp(options: BackendOptions) -> Backend:
    if options.url is None and not options.command:
        raise SettingsError(
            "an MCP server needs its URL or a command",
            hint="pass --url http://HOST:PORT/mcp, or --command COMMAND",
        )
    from mem0_tui.backends.http.client import Credential
    from mem0_tui.backends.mcp.backend import McpBackend
    from mem0_tui.backends.mcp.session import McpSession
    from mem0_tui.backends.mcp.transport import CommandTransport, HttpTransport, Transport

    key = options.api_key
    target: Transport
    if options.url is None:
        target = CommandTransport(options.command, key)
    else:
        # Also looks whether the key may travel there.
        http = _client(options.url, options, Credential.bearer(key) if key else None)
        address = http.address if http.address.base else replace(http.address, base="/mcp")
        target = HttpTransport(address, key, options.timeout)
    link = McpSession(target, timeout=options.timeout, clock=options.clock, waits=options.waits)
    return McpBackend(link, clock=options.clock)


def _codex(options: BackendOptions) -> Backend:
    if options.codex_home is None or options.state is None:
        raise SettingsError("Codex's memories need the folder of Codex", hint="set CODEX_HOME")
    from mem0_tui.backends.codexmemories.backend import CodexBackend
    from mem0_tui.store.embedding.embedder import load_embedder

    return CodexBackend(
        options.codex_home, options.state, clock=options.clock, embedder_factory=load_embedder
    )


def _client(url: str, options: BackendOptions, credential: Credential | None) -> HttpClient:
    from mem0_tui.backends.http.client import HttpClient, Policy

    return HttpClient(
        url,
        credential,
        policy=Policy(read=options.timeout, total=max(_SHORTEST, _TIMES * options.timeout)),
        allow_plain_http=options.allow_plain_http,
        clock=options.clock,
        waits=options.waits,
    )


_FACTORIES: dict[str, Callable[[BackendOptions], Backend]] = {
    "local": _local,
    "platform": _platform,
    "selfhosted": _selfhosted,
    "mcp": _mcp,
    "codex": _codex,
}
