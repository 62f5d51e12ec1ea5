"""The rules of a managed machine: requirements.toml, which overrules everybody's settings.

Measured with Codex 0.171.0 on /etc/codex/requirements.toml. What a machine's administrator sends by
other ways (a profile of macOS, a login of a company) lies in no file and is not seen here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mem0_tui.codex.facts import hook_rules as hookrules
from mem0_tui.codex.facts.config_faults import ConfigFault, FaultKind
from mem0_tui.codex.files.spot import KeyPath, Spot, table, text
from mem0_tui.codex.files.text_file import FileState
from mem0_tui.codex.files.toml_doc import TomlDocument, load_toml
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record

_POLICIES = ("untrusted", "on-failure", "on-request", "granular", "never")
_ALIASES = {"codex_hooks": "hooks"}
_HOOK_FOLDERS = ("managed_dir", "windows_managed_dir")
_FEATURES = ("features", "feature_requirements")
"""Two names of one table: Codex refuses the file where both are there."""


class Requirements(Record):
    """What requirements.toml demands; nothing where there is none or it is refused."""

    document: TomlDocument
    fault: ConfigFault | None = None
    """Why Codex refuses it, and with it its whole configuration."""

    @property
    def data(self) -> Mapping[str, object]:
        return {} if self.fault else self.document.table

    def feature(self, name: str) -> bool | None:
        """What the feature *name* is pinned to, None where it is free."""
        for key, value in self._features.items():
            if _ALIASES.get(key, key) == name and isinstance(value, bool):
                return value
        return None

    def feature_spot(self, name: str) -> Spot:
        """Where the feature *name* is pinned."""
        table_name = next((n for n in _FEATURES if n in self.data), _FEATURES[0])
        keys = (k for k in self._features if _ALIASES.get(k, k) == name)
        return self.document.spot(table_name, next(keys, name))

    @property
    def _features(self) -> Mapping[str, object]:
        return next((table(self.data[name]) for name in _FEATURES if name in self.data), {})

    @property
    def managed_hooks_only(self) -> bool:
        """Whether Codex runs no hook but the administrator's."""
        return self.data.get("allow_managed_hooks_only") is True

    @property
    def hooks(self) -> Mapping[str, object]:
        """The administrator's own hooks, by event."""
        hooks = table(self.data.get("hooks"))
        return {name: value for name, value in hooks.items() if name not in _HOOK_FOLDERS}

    @property
    def hooks_name(self) -> str:
        """How Codex names the source of those hooks: their folder, or the file."""
        return text(table(self.data.get("hooks")).get("managed_dir")) or self.document.path

    def approval_policy(self, configured: object) -> object:
        """The policy that holds where *configured*, None for the default, was written."""
        allowed = self.data.get("allowed_approval_policies")
        if not isinstance(allowed, list) or (configured or "on-request") in allowed:
            return configured
        return allowed[0] if allowed else configured

    def bars(self, name: str, server: Mapping[str, object], plugin: str | None) -> Spot | None:
        """Where it is said that the server *name* may not start, None where it may.

        A server of config.toml needs an entry with its name and its URL or command, to the letter,
        as soon as there is a list. A plugin's is barred by an empty list, or by a list of that
        plugin's, or of any plugin's, in which it is not.
        """
        listed = self.data.get("mcp_servers")
        if plugin is None:
            barred = isinstance(listed, dict) and not _same(table(listed.get(name)), server)
            return self.document.spot("mcp_servers", name) if barred else None
        if listed == {}:
            return self.document.spot("mcp_servers")
        lists = {id_: table(table(p).get("mcp_servers")) for id_, p in self._plugins.items()}
        if not any(lists.values()) or _same(table(lists.get(plugin, {}).get(name)), server):
            return None
        return self.document.spot("plugins", plugin, "mcp_servers", name)

    @property
    def _plugins(self) -> Mapping[str, object]:
        return table(self.data.get("plugins"))


def read_requirements(path: str, rules: Measured) -> Requirements:
    """Read *path*; a link to nothing counts as no file."""
    document = load_toml(path)
    if (problem := document.problem) is not None:
        kind = FaultKind.SYNTAX if document.file.state is FileState.OK else FaultKind.UNREADABLE
        fault = ConfigFault(kind, problem.message, problem.spot, column=problem.column)
        return Requirements(document, fault)
    for key, message in _faults(document.table, rules):
        return Requirements(
            document, ConfigFault(FaultKind.TYPE, message, document.spot(*key), key)
        )
    return Requirements(document)


def _same(entry: Mapping[str, object], server: Mapping[str, object]) -> bool:
    """Whether *entry* describes *server*; a command counts before a URL."""
    identity = table(entry.get("identity"))
    kind = "command" if "command" in identity else "url"
    return kind in identity and identity[kind] == server.get(kind)


def _faults(data: Mapping[str, object], rules: Measured) -> Iterator[tuple[KeyPath, str]]:
    if all(name in data for name in _FEATURES):
        yield ("feature_requirements",), "cannot be combined with features"
    for name in _FEATURES:
        yield from _switches(name, data.get(name, {}))
    if not isinstance(data.get("allow_managed_hooks_only", False), bool):
        yield ("allow_managed_hooks_only",), "must be true or false"
    yield from _servers(("mcp_servers",), data.get("mcp_servers", {}))
    plugins = data.get("plugins", {})
    if not isinstance(plugins, dict):
        yield ("plugins",), "must be a table"
    for plugin, value in table(plugins).items():
        servers = table(value).get("mcp_servers", {})
        yield from _servers(("plugins", plugin, "mcp_servers"), servers)
    policies = data.get("allowed_approval_policies", [])
    if not isinstance(policies, list) or any(word not in _POLICIES for word in policies):
        yield ("allowed_approval_policies",), f"must be a list of {', '.join(_POLICIES)}"
    hooks = table(data.get("hooks"))
    events = {name: value for name, value in hooks.items() if name not in _HOOK_FOLDERS}
    yield from hookrules.inline_faults(events, rules)


def _switches(name: str, features: object) -> Iterator[tuple[KeyPath, str]]:
    if not isinstance(features, dict):
        yield (name,), "must be a table"
    for feature, value in table(features).items():
        if not isinstance(value, bool):
            yield (name, feature), "must be true or false"


def _servers(at: KeyPath, servers: object) -> Iterator[tuple[KeyPath, str]]:
    if not isinstance(servers, dict):
        yield at, "must be a table"
    for name, entry in table(servers).items():
        identity = table(table(entry).get("identity"))
        if not any(isinstance(identity.get(kind), str) for kind in ("url", "command")):
            yield (*at, name), "needs an identity with a url or a command"
