"""Where plugins come from: registered, personal and repository marketplaces, by Codex's rules."""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.config import Config
from mem0_tui.codex.jsondoc import JsonDocument, load_json
from mem0_tui.codex.manifest import CLAUDE_MANIFEST, CODEX_MANIFEST
from mem0_tui.codex.paths import Homes
from mem0_tui.codex.source import Problem, Spot, table, text
from mem0_tui.model.record import Record

_PLACES = (
    os.path.join(".agents", "plugins", "marketplace.json"),
    os.path.join(".claude-plugin", "marketplace.json"),
)
_UNREAD_PLACES = (os.path.join(".codex-plugin", "marketplace.json"), "marketplace.json")


class Entry(Record):
    """One plugin that a marketplace offers."""

    name: str
    spot: Spot
    path: str | None
    """The plugin's folder, None where Codex drops the entry or fetches it from elsewhere."""
    problem: str | None
    """Why Codex drops the entry, without a message."""
    remote: bool = False

    @property
    def exists(self) -> bool:
        return self.remote or (self.path is not None and os.path.isdir(self.path))

    @property
    def usable(self) -> bool:
        """Whether Codex could install a plugin from it."""
        if self.problem is not None or not self.exists:
            return False
        return self.path is None or has_manifest(self.path)


class Marketplace(Record):
    """One marketplace."""

    kind: str
    """``registered``, ``personal`` or ``repository``."""
    key: str
    """The name under ``[marketplaces]``, or the manifest's own."""
    root: str
    source_type: str
    """``local`` or ``git``."""
    source: str
    spot: Spot
    document: JsonDocument | None
    problem: Problem | None
    misplaced: str | None
    """A marketplace.json where Codex does not look."""
    name: str | None
    entries: tuple[Entry, ...]

    @property
    def there(self) -> bool:
        return os.path.isdir(self.root)

    def entry(self, plugin: str) -> Entry | None:
        """The entry for *plugin* that Codex would take."""
        return next((entry for entry in self.entries if entry.name == plugin), None)


def read_marketplaces(config: Config, homes: Homes) -> list[Marketplace]:
    """Every marketplace that Codex knows in this working folder."""
    found: list[Marketplace] = []
    source = config.data if config.rejected is None else config.seen
    for key, value in table(source.get("marketplaces")).items():
        kind, place = text(table(value).get("source_type")), text(table(value).get("source"))
        if kind is None or place is None:
            continue
        clones = os.path.join(homes.codex_home, ".tmp", "marketplaces", key)
        root = os.path.join(homes.codex_home, place) if kind == "local" else clones
        spot = config.spot("marketplaces", key)
        found.append(_read("registered", key, os.path.normpath(root), kind, place, spot))
    for kind, folder in (("personal", homes.home), ("repository", config.project_root)):
        if folder is None or any(folder == marketplace.root for marketplace in found):
            continue
        if os.path.isfile(os.path.join(folder, _PLACES[0])):
            spot = Spot(os.path.join(folder, _PLACES[0]))
            found.append(_read(kind, "", folder, "local", folder, spot, _PLACES[:1]))
    return found


def _read(
    kind: str,
    key: str,
    root: str,
    source_type: str,
    source: str,
    spot: Spot,
    places: tuple[str, ...] = _PLACES,
) -> Marketplace:
    path = next((p for place in places if os.path.isfile(p := os.path.join(root, place))), None)
    document = None if path is None else load_json(path)
    misplaced = None
    if document is None:
        candidates = (os.path.join(root, place) for place in _UNREAD_PLACES)
        misplaced = next((p for p in candidates if os.path.isfile(p)), None)
    problem = None if document is None else (document.problem or _fault(document))
    entries: tuple[Entry, ...] = ()
    name = None
    if document is not None and problem is None:
        name = text(document.table.get("name"))
        entries = _entries(document, root)
    return Marketplace(
        kind, key or name or "", root, source_type, source, spot, document, problem, misplaced,
        name, entries,
    )  # fmt: skip


def _fault(document: JsonDocument) -> Problem | None:
    data = document.table
    if not isinstance(document.data, dict):
        return Problem("must be an object", Spot(document.path, 1))
    if not isinstance(data.get("name"), str):
        said = "name must be text" if "name" in data else "missing field name"
        return Problem(said, document.spot("name"))
    if not isinstance(data.get("plugins"), list):
        said = "plugins must be a list" if "plugins" in data else "missing field plugins"
        return Problem(said, document.spot("plugins"))
    return None


def _entries(document: JsonDocument, root: str) -> tuple[Entry, ...]:
    found: list[Entry] = []
    plugins = document.table.get("plugins")
    for index, value in enumerate(plugins if isinstance(plugins, list) else []):
        entry = table(value)
        name = text(entry.get("name"))
        if name is not None:
            spot = document.spot("plugins", index, "source")
            found.append(_entry(name, entry.get("source"), root, spot))
    return tuple(found)


def _entry(name: str, source: object, root: str, spot: Spot) -> Entry:
    if isinstance(source, dict) and source.get("source") not in ("local", None):
        return Entry(name, spot, None, None, remote=True)
    path = text(source.get("path") if isinstance(source, Mapping) else source)
    problem = _path_problem(path)
    if problem is not None or path is None:
        return Entry(name, spot, None, problem)
    return Entry(name, spot, os.path.normpath(os.path.join(root, path)), None)


def _path_problem(path: str | None) -> str | None:
    if path is None:
        return "the entry has no source path"
    if not path.startswith("./"):
        return f"the source path {path!r} must be relative to the marketplace and begin with ./"
    if ".." in path.split("/"):
        return f"the source path {path!r} leads out of the marketplace"
    return "the source path is empty" if not path[2:].strip("/") else None


def has_manifest(folder: str) -> bool:
    """Whether *folder* holds a plugin manifest that Codex reads."""
    return any(os.path.isfile(os.path.join(folder, m)) for m in (CODEX_MANIFEST, CLAUDE_MANIFEST))
