"""What a running Codex says of its own install: hooks, skills, plugins and MCP servers.

Only what changes nothing is asked: ``plugin/list`` would replace the plugin's cache, and a thread
would be a session. Starting the MCP servers is what listing their tools takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.live.app_server import AppServer, UnknownMethodError, shortened
from mem0_tui.model.errors import ResponseError

Progress = Callable[[str], None]
"""Told what is being asked, in a few words."""


@dataclass(frozen=True, slots=True)
class SeenHook:
    """One handler as Codex lists it."""

    key: str
    enabled: bool
    trust: str
    """``trusted``, ``modified``, ``untrusted`` or ``managed``."""

    @property
    def runs(self) -> bool:
        """Whether Codex runs it."""
        return self.enabled and self.trust in ("trusted", "managed")


@dataclass(frozen=True, slots=True)
class SeenServer:
    """One MCP server as Codex started it."""

    name: str
    plugin: str | None
    tools: tuple[str, ...]
    trouble: str
    """Why it did not start, in Codex's words; empty where it did."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Codex's answers; None for what it did not answer."""

    user_agent: str
    refused: str | None = None
    """Why Codex does not load its configuration, in its words."""
    hooks: Mapping[str, SeenHook] | None = None
    skills: int | None = None
    """Mem0's skills that load."""
    plugins: Mapping[str, bool] | None = None
    """Installed plugins of Mem0 that a marketplace still offers: id to whether enabled."""
    marketplace_errors: tuple[str, ...] = ()
    servers: Mapping[str, SeenServer] | None = None
    unanswered: Mapping[str, str] = field(default_factory=dict)
    """Method to why it was not answered."""


def observe(install: Install, progress: Progress, *, timeout: float) -> Observed:
    """Start ``codex app-server`` for *install*, ask, and end it.

    Raises:
        NotFoundError: there is no Codex.
        NetworkError: it does not start, or stops answering.
    """
    progress("starting codex app-server")
    with AppServer(install, timeout=timeout) as server:
        asking = _Asking(server, progress)
        here = {"cwds": [install.homes.cwd]}
        plugins = asking.ask("plugin/installed", "plugins", {})
        skills = asking.first("skills/list", "skills", here)
        if asking.refused is not None:
            return Observed(server.user_agent, asking.refused)
        hooks = asking.first("hooks/list", "hooks", here)
        servers = asking.ask(
            "mcpServerStatus/list", "MCP servers", {"detail": "toolsAndAuthOnly", "limit": 100}
        )
        return Observed(
            user_agent=server.user_agent,
            hooks=None if hooks is None else dict(_hooks(hooks)),
            skills=None if skills is None else _mem0_skills(skills),
            plugins=None if plugins is None else dict(_plugins(plugins)),
            marketplace_errors=() if plugins is None else tuple(_load_errors(plugins)),
            servers=None if servers is None else dict(_servers(servers)),
            unanswered=dict(asking.unanswered),
        )


class _Asking:
    """Asks one thing after the other; a refusal of one does not end the others."""

    def __init__(self, server: AppServer, progress: Progress) -> None:
        self._server, self._progress = server, progress
        self.unanswered: dict[str, str] = {}
        self._errors: list[str] = []

    def ask(
        self, method: str, about: str, params: Mapping[str, object]
    ) -> Mapping[str, Any] | None:
        self._progress(f"asking Codex about {about}")
        try:
            return self._server.ask(method, params)
        except UnknownMethodError:
            self.unanswered[method] = "this Codex does not know it"
        except ResponseError as error:
            self.unanswered[method] = error.message
        return None

    @property
    def refused(self) -> str | None:
        """Why Codex does not load its configuration; ``hooks/list`` alone would not say so."""
        mark = "failed to reload config: "
        found = [words for words in self.unanswered.values() if mark in words]
        found += [*self._server.config_warnings, *self._errors]
        return found[0].replace(mark, "") if found else None

    def first(
        self, method: str, about: str, params: Mapping[str, object]
    ) -> Mapping[str, Any] | None:
        """The answer for the one working folder that was asked about."""
        result = self.ask(method, about, params)
        rows = [] if result is None else list(_tables(result.get("data")))
        for row in rows[:1]:
            self._errors += (e for e in _texts(row.get("errors")) if "config.toml" in e)
        return rows[0] if rows else None


def _hooks(answer: Mapping[str, Any]) -> Iterator[tuple[str, SeenHook]]:
    for hook in _tables(answer.get("hooks")):
        if key := text(hook.get("key")):
            trust = text(hook.get("trustStatus")) or "unknown"
            yield key, SeenHook(key, hook.get("enabled") is not False, trust)


def _mem0_skills(answer: Mapping[str, Any]) -> int:
    owners = (text(skill.get("pluginId")) or "" for skill in _tables(answer.get("skills")))
    return sum("mem0" in owner for owner in owners)


def _plugins(answer: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for marketplace in _tables(answer.get("marketplaces")):
        for plugin in _tables(marketplace.get("plugins")):
            name = text(plugin.get("id")) or ""
            if plugin.get("installed") is True and "mem0" in name:
                yield name, plugin.get("enabled") is True


def _load_errors(answer: Mapping[str, Any]) -> Iterator[str]:
    for error in _tables(answer.get("marketplaceLoadErrors")):
        words = (text(value) for value in error.values())
        yield shortened(": ".join(word for word in words if word))


def _servers(answer: Mapping[str, Any]) -> Iterator[tuple[str, SeenServer]]:
    for server in _tables(answer.get("data")):
        if name := text(server.get("name")):
            tools = tuple(table(server.get("tools")))
            trouble = text(server.get("toolsError")) or ""
            yield name, SeenServer(name, text(server.get("pluginId")), tools, trouble)


def _tables(value: object) -> Iterator[Mapping[str, Any]]:
    return (
        (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
    )


def _texts(value: object) -> Iterator[str]:
    items = value if isinstance(value, list) else []
    for item in items:
        message = text(item) or text(table(item).get("message"))
        if message:
            yield shortened(message)
