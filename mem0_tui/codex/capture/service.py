"""Which Mem0 service plugin 0.3 talks to, and with which key: its hooks, and its MCP server apart.

Both take the URL from MEM0_API_URL. A key that only the hooks are given, the server does not see:
Codex passes it seven variables, and its data folder is another one (mem0 plugin 0.3.4, Codex
0.171).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.capture.folders import SERVER_FOLDER, key_file
from mem0_tui.codex.facts.host import host_of, is_loopback, is_mem0s
from mem0_tui.codex.facts.keys import ENVIRONMENT, VARIABLE, HeldKey
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.json_doc import load_json
from mem0_tui.codex.files.spot import Spot, table, text
from mem0_tui.codex.files.text_file import read
from mem0_tui.model.record import Record

HOSTED = "https://api.mem0.ai"
URL_VARIABLE = "MEM0_API_URL"
_OPTIONS = (
    "PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_API_KEY",
    "CLAUDE_PLUGIN_OPTION_MEM0_API_KEY",
)
_KEY_VARIABLES = (VARIABLE, *_OPTIONS)


class CaptureService(Record):
    """Where the plugin's requests go, and what they carry."""

    url: str
    """Without a slash at its end."""
    named: bool
    """Whether MEM0_API_URL names it, rather than it being Mem0's own."""
    hooks_key: HeldKey | None
    """The key that the hooks find; None where they send nothing."""
    server_key: HeldKey | None
    """The key that the MCP server finds; None where every search fails."""
    cached_only: bool = False
    """Whether the hooks' key is a copy that the next session's start deletes."""

    @property
    def host(self) -> str:
        """The host in lower case, empty where the URL has none."""
        return host_of(self.url)

    @property
    def hosted(self) -> bool:
        """Whether it is Mem0's own service."""
        return is_mem0s(self.host)

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def fault(self) -> str | None:
        """Why no request can be made of the URL."""
        from urllib.parse import urlsplit

        if not self.url:
            return "is set, but empty"
        if not self.url.lower().startswith(("http://", "https://")) or not self.host:
            return "holds no http URL"
        if any(each.isspace() for each in self.url.strip()):
            return "holds a blank"
        if self.host == "mcp.mem0.ai" or urlsplit(self.url).path.rstrip("/").endswith("/mcp"):
            return "names an MCP server; the plugin speaks Mem0's REST API"
        return None

    @property
    def plain(self) -> bool:
        """Whether the key goes over the network unencrypted."""
        return self.url.lower().startswith("http://") and not self.loopback


def read_service(
    root: str, folder: str, homes: Homes, environ: Mapping[str, str]
) -> CaptureService:
    """What the plugin in *root*, whose hooks keep their data in *folder*, would use."""
    url = environ.get(URL_VARIABLE, HOSTED).rstrip("/")
    shared = _of_settings(root, homes)
    given = _of_environment(environ, _KEY_VARIABLES)
    cached = None if given else _of_file(folder)
    server = _of_environment(environ, (VARIABLE,))
    server = server or _of_file(os.path.join(homes.mem0, SERVER_FOLDER)) or shared
    return CaptureService(
        url=url,
        named=URL_VARIABLE in environ,
        hooks_key=given or cached or shared,
        server_key=server,
        cached_only=cached is not None and shared is None,
    )


def _of_environment(environ: Mapping[str, str], names: tuple[str, ...]) -> HeldKey | None:
    """The first that is set; blanks alone hide the later ones and count for nothing."""
    name = next((name for name in names if environ.get(name)), None)
    value = environ[name].strip() if name else ""
    return HeldKey(name or VARIABLE, ENVIRONMENT, None, value) if value else None


def _of_file(folder: str) -> HeldKey | None:
    value = key_file(folder)
    path = os.path.join(folder, "api-key")
    return HeldKey(VARIABLE, path, Spot(path), value) if value else None


def _of_settings(root: str, homes: Homes) -> HeldKey | None:
    """``~/.mem0/config.json``, where this core of the plugin reads it; not all of them do."""
    if "config.json" not in read(os.path.join(root, "core", "memory_core.py")).text:
        return None
    document = load_json(os.path.join(homes.mem0, "config.json"))
    value = (text(table(document.table.get("platform")).get("api_key")) or "").strip()
    if not value:
        return None
    return HeldKey(VARIABLE, document.path, document.spot("platform", "api_key"), value)
