"""Which manifest of a plugin counts, and what it says of hooks, servers and skills."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.codex import plugin3
from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import hooks, write_json, write_marketplace

MANIFEST = ".codex-plugin/plugin.json"
SCHEMA = "https://agent-plugins.org/schemas/{}/plugin.schema.json"
EVENTS = hooks()["hooks"]


def made(change: Callable[[Path], object]) -> Callable[[Home], None]:
    """The plugin with *change* in its source, installed from there and trusted."""

    def build(home: Home) -> None:
        home.write_clone()
        change(home.source)
        home.add_marketplace()
        home.add_plugin()
        home.trust()

    return build


def _cached(change: Callable[[Path], object]) -> Callable[[Home], None]:
    """The plugin as it is, installed and trusted; then *change* in the cache."""

    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        change(home.cached)

    return build


def says(**fields: object) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        manifest = json.loads((root / MANIFEST).read_text())
        write_json(root / MANIFEST, {**manifest, **fields})

    return change


def _root(**fields: object) -> Callable[[Path], None]:
    return lambda root: write_json(root / "plugin.json", {"name": "mem0", **fields})


def _only_cursor(root: Path) -> None:
    (root / ".claude-plugin/plugin.json").unlink()
    (root / ".codex-plugin").rename(root / ".cursor-plugin")


def _large_hooks(root: Path) -> None:
    path = root / "hooks/codex-hooks.json"
    write_json(path, {**json.loads(path.read_text()), "description": "x" * (2 << 20)})


def _linked(root: Path) -> None:
    (root / MANIFEST).rename(root / "manifest.json")
    (root / MANIFEST).symlink_to("../manifest.json")


def _linked_folder(root: Path) -> None:
    (root / ".codex-plugin").rename(root / "manifests")
    (root / ".codex-plugin").symlink_to("manifests")


def _folder(root: Path) -> None:
    (root / MANIFEST).unlink()
    (root / MANIFEST).mkdir()


def _portable(home: Home) -> None:
    """What plugin add makes of the package that some marketplaces offer as mem0."""
    place = home.clone / "integrations/mem0-agent-plugin"
    plugin3.write_portable(place)
    write_marketplace(home.clone, "./integrations/mem0-agent-plugin")
    home.add_marketplace()
    home.add_plugin(place)


def _replaced(home: Home) -> None:
    """The portable package in the cache, while the marketplace has the right one by now."""
    _portable(home)
    home.pull3()


def _m(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(f"m_{name}", build, areas, findings, "plugin")


def _hooks(name: str, value: Any, areas: str = "", findings: str = "") -> Scenario:
    return _m(f"hooks_{name}", made(says(hooks=value)), areas, findings)


_LOST = "mcp=fail plugin=fail skills=fail hooks=fail"
_NONE = ("hooks=warn", "hooks.none")
_DEFAULT = ("hooks=warn", "hooks.unknown-event")
"""The stand-in's hooks/hooks.json is Claude's, with an event that Codex does not know."""
_FILE = "./hooks/codex-hooks.json"

SCENARIOS = [
    _hooks("inline", {"hooks": EVENTS}),
    _hooks("inline_described", {"description": "Mem0's", "hooks": EVENTS}),
    _hooks("inline_list", [{"hooks": {name: groups}} for name, groups in EVENTS.items()]),
    _hooks("inline_fields", [None, EVENTS]),
    _hooks("paths", [_FILE]),
    _hooks("empty", {}, *_NONE),
    _hooks("empty_inner", {"hooks": {}}, *_NONE),
    _hooks("list_of_empty", [{}], *_NONE),
    _hooks(
        "path_then_inline",
        [_FILE, {"hooks": EVENTS}],
        "hooks=warn",
        "hooks.none hooks.unknown-event",
    ),
    _hooks("inline_then_path", [{"hooks": EVENTS}, _FILE], *_DEFAULT),
    _hooks("flat", EVENTS, *_DEFAULT),
    _hooks("unknown_field", {"hooks": EVENTS, "version": 1}, *_DEFAULT),
    _hooks("broken_inner", {"hooks": {"Stop": {}}}, *_DEFAULT),
    _hooks("one_broken", [{"hooks": EVENTS}, {"hooks": {"Stop": 1}}], *_DEFAULT),
    _hooks("null", None, *_DEFAULT),
    _hooks("no_list", [], *_DEFAULT),
    _hooks("no_dot", "hooks/codex-hooks.json", *_DEFAULT),
    _hooks("up", "./../codex-hooks.json", *_DEFAULT),
    _m(
        "server_inline",
        made(says(mcpServers={"mem0": {"url": "https://mcp.mem0.ai/mcp"}})),
        "mcp=fail",
        "mcp.no-auth",
    ),
    _m(
        "server_wrapped",
        made(says(mcpServers={"mcpServers": {"mem0": {"command": "python3", "args": ["-c", ""]}}})),
    ),
    _m(
        "server_none",
        _cached(says(mcpServers={})),
        "mcp=fail plugin=fail hooks=warn",
        "plugin.no-server",
    ),
    _m(
        "server_unknown_shape",
        _cached(says(mcpServers={"mem0": {"address": "x"}})),
        "mcp=fail plugin=fail hooks=warn",
        "plugin.no-server",
    ),
    _m("root_other", made(_root())),
    _m("root_other_schema", made(_root(**{"$schema": "https://example.org/plugin.json"}))),
    _m("root_broken", made(lambda root: (root / "plugin.json").write_text("{"))),
    _m(
        "root_hides",
        _cached(_root(**{"$schema": SCHEMA.format("1.0.0")})),
        "mcp=fail plugin=fail hooks=fail",
        "plugin.manifest-hidden",
    ),
    _m(
        "root_of_another_version",
        _cached(_root(**{"$schema": SCHEMA.format("1.1.0")})),
        _LOST,
        "plugin.manifest-hidden",
    ),
    _m(
        "root_name",
        _cached(_root(**{"$schema": SCHEMA.format("1.0.0"), "name": "Mem0"})),
        _LOST,
        "plugin.manifest-hidden",
    ),
    _m(
        "root_version_number",
        _cached(_root(**{"$schema": SCHEMA.format("1.0.0"), "version": 1})),
        _LOST,
        "plugin.manifest-hidden",
    ),
    _m(
        "cursor",
        _cached(_only_cursor),
        "plugin=fail mcp=fail hooks=warn",
        "plugin.manifest-fallback",
    ),
    _m("linked", _cached(_linked), _LOST, "plugin.manifest-broken"),
    _m(
        "linked_folder",
        _cached(_linked_folder),
        _LOST,
        "plugin.manifest-broken",
    ),
    _m("folder", _cached(_folder), _LOST, "plugin.manifest-broken"),
    _m(
        "name_twice",
        _cached(lambda root: (root / MANIFEST).write_text('{"name": "mem0", "name": "mem0"}')),
        _LOST,
        "plugin.manifest-broken",
    ),
    _m("keywords_text", _cached(says(keywords="memory")), _LOST, "plugin.manifest-broken"),
    _m("large", made(says(description="x" * (2 << 20)))),
    _m("large_hooks", made(_large_hooks)),
    _m("portable", _portable, "mcp=fail plugin=fail hooks=fail", "plugin.portable"),
    _m("portable_replaced", _replaced, "mcp=fail plugin=fail hooks=fail", "plugin.portable"),
]
