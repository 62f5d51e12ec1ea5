"""Which server a hook talks to: the one that Codex itself uses as ``mem0``.

config.toml's entry wins over a plugin's, as it does in Codex. A key never travels unencrypted to
another machine.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.document import loads
from mem0_tui.hooks.places import codex_home, data_folder

LOCAL = "http://127.0.0.1:8765"
"""Where ``mem0-tui serve`` listens unless told otherwise."""
HOSTED = "https://api.mem0.ai"
_HOSTED_MCP = "https://mcp.mem0.ai"
_NAME = "mem0"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class NoServerError(Exception):
    """There is no server that a hook could talk to; the text says why."""


class MemoryServer:
    """A Mem0 REST server."""

    __slots__ = ("base", "host", "key", "path", "port", "tls")

    def __init__(self, base: str, key: str) -> None:
        self.base = base
        self.key = key
        """The key to show, empty where none is known."""
        scheme, _, rest = base.partition("://")
        place, slash, path = rest.partition("/")
        self.tls = scheme.lower() == "https"
        self.path = (slash + path).rstrip("/")
        host, colon, port = place.rpartition(":")
        if not colon or place.endswith("]"):
            host, port = place, ""
        self.host = host
        self.port = int(port) if port else 443 if self.tls else 80

    @property
    def loopback(self) -> bool:
        """Whether it is on this machine."""
        return self.host.lower() in _LOOPBACK


def find_server(environ: dict[str, str]) -> MemoryServer:
    """The server that Codex's ``mem0`` entry names, else the local one.

    Raises:
        NoServerError: it is switched off, no URL, or would get the key unencrypted.
    """
    entry = _configured(environ)
    if entry is None:
        entry = _provided(environ)
    return server_of({} if entry is None else entry, environ)


def server_of(entry: dict[str, object], environ: dict[str, str]) -> MemoryServer:
    """The REST server behind the MCP server that *entry* of Codex's settings names.

    Raises:
        NoServerError: it is switched off, no URL, or would get the key unencrypted.
    """
    if entry.get("enabled") is False:
        raise NoServerError("the server mem0 is disabled in config.toml")
    try:
        server = MemoryServer(_base(entry, environ), "")
    except ValueError:
        raise NoServerError("the URL of the server mem0 is not valid") from None
    server.key = _key(entry, environ, server)
    if server.key and not server.tls and not server.loopback:
        raise NoServerError("the key would go over the network unencrypted")
    return server


def _configured(environ: dict[str, str]) -> dict[str, object] | None:
    """The entry ``mem0`` of config.toml."""
    try:
        with open(os.path.join(codex_home(environ), "config.toml"), "rb") as file:
            data = file.read(1 << 20)
    except OSError:
        return None
    if b"mcp_servers.mem0" not in data and b'mcp_servers."mem0"' not in data:
        return None
    import tomllib

    try:
        servers = tomllib.loads(data.decode("utf-8-sig")).get("mcp_servers")
    except ValueError:
        return None
    entry = servers.get(_NAME) if isinstance(servers, dict) else None
    return entry if isinstance(entry, dict) else None


def _provided(environ: dict[str, str]) -> dict[str, object] | None:
    """The entry ``mem0`` of the plugin that the hook belongs to."""
    root = environ.get("PLUGIN_ROOT") or environ.get("CLAUDE_PLUGIN_ROOT")
    if not root:
        return None
    try:
        with open(os.path.join(root, ".codex-mcp.json"), "rb") as file:
            given = loads(file.read())
    except (OSError, ValueError):
        return None
    servers = given.get("mcpServers") if isinstance(given, dict) else None
    entry = servers.get(_NAME) if isinstance(servers, dict) else None
    return entry if isinstance(entry, dict) else None


def _base(entry: dict[str, object], environ: dict[str, str]) -> str:
    url = entry.get("url")
    if not isinstance(url, str):
        return LOCAL
    base = url.strip().rstrip("/").removesuffix("/mcp").rstrip("/")
    if base.lower() == _HOSTED_MCP:
        return environ.get("MEM0_BASE_URL", "").strip().rstrip("/") or HOSTED
    if not base.lower().startswith(("http://", "https://")):
        raise ValueError(base)
    return base


def _key(entry: dict[str, object], environ: dict[str, str], server: MemoryServer) -> str:
    variable = entry.get("bearer_token_env_var")
    key = environ.get(variable, "").strip() if isinstance(variable, str) else ""
    if key or not server.loopback:
        return key
    store = environ.get("MEM0_TUI_STORE", "")
    folder = os.path.dirname(os.path.expanduser(store)) if store else data_folder(environ)
    try:
        with open(os.path.join(folder, "serve.key"), encoding="ascii") as file:
            return file.read(1024).strip()
    except (OSError, ValueError):
        return ""
