"""config.toml as Codex reads it: its layers, what they add up to, and what is wrong with them.

A single fault that Codex does not forgive leaves it with no configuration at all; `Config.data` is
then empty, while `Config.seen` still tells what the files say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from mem0_tui.codex import configrules, hookrules
from mem0_tui.codex.paths import Homes, between, find_up, real, same_path
from mem0_tui.codex.rules import Measured
from mem0_tui.codex.source import KeyPath, Origin, Spot, table, text
from mem0_tui.codex.textfile import FileState
from mem0_tui.codex.tomldoc import TomlDocument, load_toml
from mem0_tui.model.record import Record


class Trust(StrEnum):
    """Whether the user lets a project's ``.codex`` folder configure Codex."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"
    UNDECIDED = "undecided"


class Kind(StrEnum):
    """What is wrong with a place in config.toml."""

    SYNTAX = "syntax"
    UNREADABLE = "unreadable"
    TYPE = "type"
    REFERENCE = "reference"
    """It names something that is not there."""
    FORBIDDEN = "forbidden"
    PROFILE = "profile"
    REFUSED = "refused"
    """Codex itself refuses it, for a reason that the rules do not know."""
    UNKNOWN = "unknown"
    MISSPELT = "misspelt"
    DANGLING = "dangling"


FATAL = frozenset(
    {
        *(Kind.SYNTAX, Kind.UNREADABLE, Kind.TYPE, Kind.REFERENCE),
        *(Kind.FORBIDDEN, Kind.PROFILE, Kind.REFUSED),
    }
)


class ConfigFault(Record):
    """One thing that Codex refuses or ignores."""

    kind: Kind
    message: str
    spot: Spot
    key: KeyPath = ()
    column: int | None = None
    meant: str | None = None
    """The spelling that was probably meant."""

    @property
    def fatal(self) -> bool:
        return self.kind in FATAL


class Layer(Record):
    """One config.toml."""

    name: str
    """``system``, ``user`` or ``project``."""
    folder: str
    document: TomlDocument
    trust: Trust = Trust.TRUSTED
    trust_spot: Spot | None = None
    faults: tuple[ConfigFault, ...] = ()

    @property
    def active(self) -> bool:
        return self.trust is Trust.TRUSTED

    @property
    def data(self) -> Mapping[str, object]:
        return self.document.table

    @property
    def hooks_file(self) -> str:
        return os.path.join(self.folder, "hooks.json")


class Config(Record):
    """All layers, lowest first, and what they add up to."""

    layers: tuple[Layer, ...]
    data: Mapping[str, object]
    seen: Mapping[str, object]
    origins: Mapping[KeyPath, Origin] = MappingProxyType({})
    project_root: str | None = None
    references: tuple[ConfigFault, ...] = ()
    """What the layers together name and none of them has."""
    unsettled: tuple[KeyPath, ...] = ()
    """Settings whose values only Codex itself can judge."""
    judged: bool = False
    """Whether Codex itself was asked, so that this is its verdict."""

    @property
    def user(self) -> Layer:
        return next(layer for layer in self.layers if layer.name == "user")

    @property
    def faults(self) -> tuple[ConfigFault, ...]:
        """The faults of the layers that count."""
        active = [layer for layer in self.layers if layer.active]
        return (*(fault for layer in active for fault in layer.faults), *self.references)

    @property
    def rejected(self) -> ConfigFault | None:
        """The fault because of which Codex reads nothing of its configuration."""
        return next((fault for fault in self.faults if fault.fatal), None)

    def get(self, *key: str) -> object:
        """The merged value at *key*, None where there is none."""
        value: object = self.data
        for part in key:
            value = table(value).get(part)
        return value

    def origin(self, *key: str | int) -> Origin | None:
        """Where the merged value at *key*, or the nearest table around it, was written."""
        for length in range(len(key), 0, -1):
            if found := self.origins.get(key[:length]):
                return found
        return None

    def spot(self, *key: str | int) -> Spot:
        """Like :meth:`origin`, with the user's file as a last resort."""
        found = self.origin(*key)
        if found is None:
            return self.user.document.spot(*key)
        layer = next(layer for layer in self.layers if layer.document.path == found.spot.path)
        return layer.document.spot(*key)

    def folder_of(self, *key: str | int) -> str:
        """The folder of the file that the value at *key* comes from."""
        return os.path.dirname(self.spot(*key).path)

    def feature(self, name: str) -> bool | None:
        """The switch ``features.NAME`` as written, None where it is not."""
        value = self.get("features", name)
        return value if isinstance(value, bool) else None


def read_config(homes: Homes, rules: Measured) -> Config:
    """Read every layer that Codex would, and those it would read if the project were trusted."""
    layers = [
        _layer("system", os.path.dirname(homes.system_config), homes.system_config, rules),
        _layer("user", homes.codex_home, homes.config, rules),
    ]
    below = _merged(layers)
    root, projects = _project_layers(homes, below, rules)
    layers += projects
    seen = _merged([layer for layer in layers if layer.active])
    origins: dict[KeyPath, Origin] = {}
    for layer in layers:
        if layer.active:
            _note_origins(origins, (), layer.data, layer)
    config = Config(tuple(layers), seen, seen, origins, root)
    if config.rejected is None:
        config = config.replace(
            references=tuple(_references(config, rules)),
            unsettled=tuple(configrules.unsettled(seen, rules)),
        )
    return config if config.rejected is None else config.replace(data={})


def _references(config: Config, rules: Measured) -> Iterator[ConfigFault]:
    for key, message in configrules.reference_faults(config.seen, config.folder_of, rules):
        yield ConfigFault(Kind.REFERENCE, message, config.spot(*key), key)


def _layer(
    name: str,
    folder: str,
    path: str,
    rules: Measured,
    trust: Trust = Trust.TRUSTED,
    trust_spot: Spot | None = None,
) -> Layer:
    document = load_toml(path)
    faults = tuple(_faults(name, document, rules))
    if document.problem is not None and document.file.state is FileState.OK:
        document.data = _skeleton(document)
    return Layer(name, folder, document, trust, trust_spot, faults)


def _faults(name: str, document: TomlDocument, rules: Measured) -> Iterator[ConfigFault]:
    problem = document.problem
    if document.file.state is FileState.DANGLING and name == "user":
        yield ConfigFault(Kind.DANGLING, document.file.said, Spot(document.path))
    if problem is not None:
        kind = Kind.SYNTAX if document.file.state is FileState.OK else Kind.UNREADABLE
        yield ConfigFault(kind, problem.message, problem.spot, column=problem.column)
        return
    data = document.table
    for key, message in configrules.type_faults(data, rules):
        kind = Kind.FORBIDDEN if _is_forbidden(key, message) else Kind.TYPE
        yield ConfigFault(kind, message, document.spot(*key), key)
    for key, message in hookrules.inline_faults(data.get("hooks")):
        yield ConfigFault(Kind.TYPE, message, document.spot(*key), key)
    profile = data.get("profile")
    if profile is not None:
        message = "is no longer accepted; start Codex with --profile NAME instead"
        yield ConfigFault(Kind.PROFILE, message, document.spot("profile"), ("profile",))
    for message in _number_faults(data):
        yield ConfigFault(Kind.SYNTAX, message, Spot(document.path))
    yield from _misspelt(document, rules)


def _is_forbidden(key: KeyPath, message: str) -> bool:
    return key[0] == "mcp_servers" and "must be" not in message


def _number_faults(data: object) -> Iterator[str]:
    pending: list[tuple[object, int]] = [(data, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > _MAX_DEPTH:
            yield "nested too deeply"
            return
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
            yield "a number is too large"
        elif isinstance(value, dict):
            pending.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            pending.extend((item, depth + 1) for item in value)


_MAX_DEPTH = 80


def _misspelt(document: TomlDocument, rules: Measured) -> Iterator[ConfigFault]:
    data = document.table
    top, server_keys = rules.names("config", ""), rules.names("config", "mcp_servers.*")
    for name, value in data.items():
        if name in top:
            continue
        meant = configrules.MISSPELT_TABLES.get(name) if isinstance(value, dict) else None
        kind = Kind.MISSPELT if meant else Kind.UNKNOWN
        yield ConfigFault(
            kind, "is not a setting of Codex", document.spot(name), (name,), meant=meant
        )
    for server, value in table(data.get("mcp_servers")).items():
        for name in table(value):
            if name not in server_keys:
                key: KeyPath = ("mcp_servers", server, name)
                meant = configrules.MISSPELT_SERVER_KEYS.get(name)
                kind = Kind.MISSPELT if meant else Kind.UNKNOWN
                said = "is not a setting of an MCP server"
                yield ConfigFault(kind, said, document.spot(*key), key, meant=meant)
    for name in table(data.get("features")):
        if meant := _close_feature(name):
            key = ("features", name)
            said = "is not a feature of Codex"
            yield ConfigFault(Kind.MISSPELT, said, document.spot(*key), key, meant=meant)


def _close_feature(name: str) -> str | None:
    if name in ("hooks", "codex_hooks", "plugins", "plugin_hooks", "apps"):
        return None
    squeezed = "".join(sorted(set(name.lower().replace("_", "").replace("-", ""))))
    known = {"hoks": "hooks", "cdehkosx": "codex_hooks", "gilnpsu": "plugins", "hok": "hooks"}
    return known.get(squeezed) or known.get("".join(dict.fromkeys(name.lower())))


def _project_layers(
    homes: Homes, below: Mapping[str, object], rules: Measured
) -> tuple[str | None, list[Layer]]:
    markers = below.get("project_root_markers")
    names = tuple(m for m in markers if isinstance(m, str)) if isinstance(markers, list) else ()
    root = find_up(homes.cwd, names or (".git",)) if names or markers is None else None
    layers: list[Layer] = []
    for folder in between(root or homes.cwd, homes.cwd):
        place = os.path.join(folder, ".codex")
        if not os.path.isdir(place) or same_path(place, homes.codex_home):
            continue
        trust, key = _trust(below, (folder, root or folder, _main_repository(root)))
        spot = None if key is None else Spot(homes.config)
        path = os.path.join(place, "config.toml")
        layers.append(_layer("project", place, path, rules, trust, spot))
    return root, layers


def _trust(
    below: Mapping[str, object], folders: tuple[str | None, ...]
) -> tuple[Trust, str | None]:
    projects = table(below.get("projects"))
    for folder in folders:
        for name in (folder, real(folder)) if folder else ():
            level = text(table(projects.get(name)).get("trust_level"))
            if level in ("trusted", "untrusted"):
                return Trust(level), name
    return Trust.UNDECIDED, None


def _main_repository(root: str | None) -> str | None:
    """The main checkout of which *root* is a linked work tree, if it is one."""
    from mem0_tui.codex.textfile import read

    if root is None:
        return None
    file = read(os.path.join(root, ".git"), 1 << 14)
    if not file.text.startswith("gitdir:"):
        return None
    folder = os.path.normpath(os.path.join(root, file.text[7:].strip()))
    marker = os.sep + os.path.join(".git", "worktrees") + os.sep
    return folder.split(marker)[0] if marker in folder else None


def _merged(layers: list[Layer]) -> dict[str, object]:
    merged: dict[str, object] = {}
    for layer in layers:
        merged = _overlay(merged, layer.data)
    return merged


def _overlay(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[name] = _overlay(table(old), table(value)) if both else value
    return merged


def _note_origins(
    origins: dict[KeyPath, Origin], at: KeyPath, data: Mapping[str, object], layer: Layer
) -> None:
    for name, value in data.items():
        key = (*at, name)
        origins[key] = Origin(layer.name, Spot(layer.document.path))
        if isinstance(value, dict) and len(key) < 8:
            _note_origins(origins, key, value, layer)


def _skeleton(document: TomlDocument) -> dict[str, object]:
    """The tables that a text which does not parse seems to hold, their values left empty."""
    found: dict[str, object] = {}
    for key in document.lines:
        at = found
        for part in key:
            inner = at.setdefault(str(part), {})
            if not isinstance(inner, dict):
                break
            at = inner
    return found
