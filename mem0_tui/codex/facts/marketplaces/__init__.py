"""Where plugins come from: registered, personal and repository marketplaces, by Codex's rules."""

from __future__ import annotations

import os

from mem0_tui.codex.facts.config import Config
from mem0_tui.codex.facts.marketplaces.document import fault_of
from mem0_tui.codex.facts.marketplaces.entries import MarketplaceEntry, read_entries, refusal
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.json_doc import JsonDocument, load_json
from mem0_tui.codex.files.spot import Problem, Spot, table, text
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record

__all__ = ["MarketplaceEntry", "Marketplace", "read_marketplaces", "refusal"]

_PLACES = (
    os.path.join(".agents", "plugins", "marketplace.json"),
    os.path.join(".agents", "plugins", "api_marketplace.json"),
    os.path.join(".claude-plugin", "marketplace.json"),
    os.path.join(".cursor-plugin", "marketplace.json"),
)
"""Where Codex 0.171.0 looks below a marketplace's folder; the first file counts."""
_UNREAD_PLACES = (os.path.join(".codex-plugin", "marketplace.json"), "marketplace.json")


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
    entries: tuple[MarketplaceEntry, ...]

    @property
    def there(self) -> bool:
        return os.path.isdir(self.root)

    @property
    def title(self) -> str:
        """The name by which people know it, or what it is where it has none."""
        return repr(self.name or self.key) if self.name or self.key else f"in {self.root}"

    def serves(self, name: str) -> bool:
        """Whether plugins of the marketplace *name* come from here: its own name counts, and the
        one it is registered by only where it cannot be read."""
        return name == (self.key if self.name is None else self.name)

    def entry(self, plugin: str) -> MarketplaceEntry | None:
        """The entry for *plugin* that Codex would take: the first that it does not drop."""
        found = [entry for entry in self.entries if entry.name == plugin]
        return next((entry for entry in found if entry.problem is None), next(iter(found), None))


def read_marketplaces(config: Config, homes: Homes, rules: Measured) -> list[Marketplace]:
    """Every marketplace that Codex knows in this working folder, in the order in which it asks."""
    found: list[Marketplace] = []
    source = config.data if config.rejected is None else config.seen
    for key, value in table(source.get("marketplaces")).items():
        kind, place = text(table(value).get("source_type")), text(table(value).get("source"))
        if kind is None or place is None:
            continue
        clones = os.path.join(homes.codex_home, ".tmp", "marketplaces", key)
        root = os.path.join(homes.codex_home, place) if kind == "local" else clones
        spot = config.spot("marketplaces", key)
        found.append(_read("registered", key, os.path.normpath(root), kind, place, spot, rules))
    # Codex 0.171.0 looks in the working folder itself, a repository or not, before the checkout.
    beside = homes.cwd if _path(homes.cwd) else config.checkout
    for kind, folder in (("personal", homes.home), ("repository", beside)):
        if folder is None or any(folder == marketplace.root for marketplace in found):
            continue
        if (path := _path(folder)) is not None:
            mine = _read(kind, "", folder, "local", folder, Spot(path), rules)
            found.insert(0 if kind == "personal" else len(found), mine)
    return found


def _path(root: str) -> str | None:
    """The file that describes the marketplace in *root*."""
    candidates = (os.path.join(root, place) for place in _PLACES)
    return next((path for path in candidates if os.path.isfile(path)), None)


def _read(
    kind: str, key: str, root: str, source_type: str, source: str, spot: Spot, rules: Measured
) -> Marketplace:
    path = _path(root)
    document = load_json(path or os.path.join(root, _PLACES[0]))
    misplaced = None
    if path is None:
        candidates = (os.path.join(root, place) for place in _UNREAD_PLACES)
        misplaced = next((p for p in candidates if os.path.isfile(p)), None)
    problem = document.problem or (fault_of(document, rules) if path else None)
    entries: tuple[MarketplaceEntry, ...] = ()
    name = None
    if path is not None and problem is None:
        name = text(document.table.get("name"))
        entries = read_entries(document, root, rules)
    return Marketplace(
        kind, key or name or "", root, source_type, source, spot, document if path else None,
        problem if path else None, misplaced, name, entries,
    )  # fmt: skip
