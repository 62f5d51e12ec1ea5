"""The MCP servers that could be Mem0's, and which of them Codex takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.host import host_of, is_loopback, is_mem0s
from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.files.spot import LayerOrigin, Spot, table, text
from mem0_tui.model.record import Record

NAME = "mem0"
"""The one server name that Mem0's hooks match (``mcp__mem0__…``)."""

TOOLS = (
    "add_memory",
    "search_memories",
    "get_memories",
    "get_memory",
    "update_memory",
    "delete_memory",
    "delete_all_memories",
    "delete_entities",
    "list_entities",
)
KEY_HEADERS = frozenset({"authorization", "x-api-key"})
"""Names of headers, in lower case, that carry a key."""
_PLACEHOLDER = re.compile(r"\$\{?\w+\}?")


class McpServer(Record):
    """One MCP server as configured."""

    name: str
    data: Mapping[str, object]
    spot: Spot
    origin: LayerOrigin | None
    """The layer of config.toml that names it, None for a plugin's server."""
    plugin: str | None = None
    policy: Mapping[str, object] | None = None
    """What config.toml says about a plugin's server: enabled, tools, approval."""
    barred: Spot | None = None
    """Where the machine's rules say that it may not start."""

    @property
    def enabled(self) -> bool:
        return self._setting("enabled") is not False

    @property
    def starts(self) -> bool:
        """Whether Codex starts it: it is enabled, and the machine's rules allow it."""
        return self.enabled and self.barred is None

    @property
    def url(self) -> str | None:
        return text(self.data.get("url"))

    @property
    def command(self) -> str | None:
        return text(self.data.get("command"))

    @property
    def command_line(self) -> str | None:
        """The command and its arguments, as a shell would take them."""
        if self.command is None:
            return None
        import shlex

        return shlex.join([self.command, *_texts(self.data.get("args"))])

    @property
    def host(self) -> str:
        """The host of the URL in lower case, without a port."""
        return host_of(self.url or "")

    @property
    def hosted(self) -> bool:
        """Whether it is Mem0's own service, which always wants a key."""
        return is_mem0s(self.host)

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def key_variable(self) -> str | None:
        """The environment variable that Codex sends as the bearer token."""
        return text(self.data.get("bearer_token_env_var"))

    @property
    def header_variables(self) -> dict[str, str]:
        """Header to environment variable."""
        headers = table(self.data.get("env_http_headers"))
        return {name: value for name, value in headers.items() if isinstance(value, str)}

    @property
    def literal_authorization(self) -> str | None:
        """An Authorization header written into the file."""
        headers = table(self.data.get("http_headers"))
        found = (value for name, value in headers.items() if name.lower() == "authorization")
        return text(next(found, None))

    @property
    def placeholder(self) -> str | None:
        """A ``${VARIABLE}`` in a header, which Codex sends as it stands."""
        found = _PLACEHOLDER.search(self.literal_authorization or "")
        if self.key_variable or self.helper or "authorization" in map(str.lower, self.key_headers):
            return None
        return found.group() if found else None

    @property
    def authenticates(self) -> bool:
        """Whether any credential is configured, whatever it is worth."""
        headers = {name.lower() for name in self.header_variables}
        return bool(
            self.key_variable is not None
            or self.literal_authorization
            or self.helper
            or headers & KEY_HEADERS
        )

    @property
    def helper(self) -> str | None:
        """The program that prints the headers, run before each connection."""
        return text(self.data.get("http_headers_helper"))

    @property
    def key_headers(self) -> dict[str, str]:
        """Headers that carry a key from the environment: header to variable.

        The bearer token goes before them; a header whose variable is not set is left out.
        """
        if self.key_variable is not None:
            return {}
        headers = self.header_variables
        return {name: value for name, value in headers.items() if name.lower() in KEY_HEADERS}

    @property
    def variables(self) -> list[str]:
        """Environment variables that hold the server's key.

        Without the bearer token's variable Codex does not start the server.
        """
        if self.key_variable is not None:
            return [self.key_variable]
        return list(dict.fromkeys(self.key_headers.values()))

    def _setting(self, name: str) -> object:
        if self.policy is not None and name in self.policy:
            return self.policy[name]
        return self.data.get(name)

    @property
    def tools_offered(self) -> tuple[frozenset[str] | None, frozenset[str]]:
        """The allow-list of tools, None where all are allowed, and the deny-list."""
        allowed, denied = self._setting("enabled_tools"), self._setting("disabled_tools")
        return (
            frozenset(map(str, allowed)) if isinstance(allowed, list) else None,
            frozenset(map(str, denied)) if isinstance(denied, list) else frozenset(),
        )

    @property
    def approved(self) -> frozenset[str]:
        """The tools that run without a question, whatever the server says of them."""
        if self._setting("default_tools_approval_mode") == "approve":
            return frozenset(TOOLS)
        tools = table(self._setting("tools"))
        return frozenset(
            name for name, tool in tools.items() if table(tool).get("approval_mode") == "approve"
        )

    @property
    def is_mem0(self) -> bool:
        """Whether it is, or poses as, a server of Mem0's tools."""
        if "mem0" in self.name.lower() or self.hosted:
            return True
        words = [self.command or "", *_texts(self.data.get("args"))]
        return any("mem0" in word for word in words)


def tool_namespace(name: str, started: Iterable[str] = ()) -> str:
    """What the names of a server's tools begin with: ``mem0-mcp`` becomes ``mcp__mem0_mcp``.

    Every character that is no letter and no digit becomes ``_``. Of the servers that Codex has
    *started*, those that would have one and the same get a digest of their names each: the first
    12 digits of the SHA-1 of the name, NUL, the name, NUL (Codex 0.171.0).
    """
    found = _sanitised(name)
    if not any(_sanitised(other) == found for other in started if other != name):
        return found
    import hashlib

    digest = hashlib.sha1(f"{name}\0{name}\0".encode(), usedforsecurity=False)
    return f"{found}_{digest.hexdigest()[:12]}"


def _sanitised(name: str) -> str:
    return "mcp__" + re.sub(r"[^A-Za-z0-9]", "_", name)


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


class Servers(Record):
    """All servers of interest, and the one that Codex starts as ``mem0``."""

    configured: tuple[McpServer, ...]
    """From config.toml, those that concern Mem0."""
    provided: tuple[McpServer, ...]
    """From enabled plugins, those that concern Mem0."""

    @property
    def winner(self) -> McpServer | None:
        """The server named ``mem0``: config.toml's, even a disabled one, before any plugin's."""
        both = (*self.configured, *self.provided)
        return next((server for server in both if server.name == NAME), None)

    @property
    def shadowed(self) -> tuple[McpServer, ...]:
        """Plugin servers that never start because the winner has their name."""
        winner = self.winner
        return tuple(s for s in self.provided if s.name == NAME and s is not winner)

    @property
    def others(self) -> tuple[McpServer, ...]:
        """Servers of Mem0's tools under another name."""
        both = (*self.configured, *self.provided)
        return tuple(server for server in both if server.name != NAME)


def read_servers(config: Config, plugins: Iterable[Plugin]) -> Servers:
    """Collect Mem0's servers from config.toml and from the plugins that load."""
    source = config.data if config.rejected is None else config.seen
    configured = tuple(
        server
        for name, value in table(source.get("mcp_servers")).items()
        if (server := _from_config(config, name, table(value))).is_mem0
    )
    provided: list[McpServer] = []
    for plugin in plugins:
        if not plugin.loads or plugin.manifest is None:
            continue
        policies = table(table(table(source.get("plugins")).get(plugin.id)).get("mcp_servers"))
        for name, given in plugin.manifest.servers.items():
            policy = table(policies.get(name))
            barred = config.requirements.bars(name, given.data, plugin.id)
            server = McpServer(name, given.data, given.spot, None, plugin.id, policy, barred)
            if server.is_mem0 or plugin.is_mem0:
                provided.append(server)
    return Servers(configured, tuple(provided))


def _from_config(config: Config, name: str, data: Mapping[str, object]) -> McpServer:
    key = ("mcp_servers", name)
    barred = config.requirements.bars(name, data, None)
    return McpServer(name, data, config.spot(*key), config.origin(*key), barred=barred)
