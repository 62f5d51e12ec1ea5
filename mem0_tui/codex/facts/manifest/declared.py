"""What a manifest declares as paths and as hooks, by the rules of Codex's reader.

Measured with Codex 0.171.0. Its reader is serde: a value is read as the first shape that fits, and
one that fits none is passed over without a word, as if the manifest did not have it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from mem0_tui.codex.facts import hook_rules as hookrules
from mem0_tui.codex.files.spot import KeyPath, table
from mem0_tui.codex.rules import Measured
from mem0_tui.model.record import Record


def inside(root: str, value: object) -> str | None:
    """The path a manifest means by ``./…``; None where Codex ignores the value."""
    if not isinstance(value, str) or not value.startswith("./"):
        return None
    rest = value[2:].replace("\\", "/") if os.name == "nt" else value[2:]
    if rest.startswith("/") or rest.split("/")[0] == ".":
        return None
    parts = [part for part in rest.split("/") if part not in ("", ".")]
    return None if ".." in parts or not parts else os.path.join(root, *parts)


def paths(root: str, value: object) -> tuple[str, ...]:
    """The paths of a text or a list of texts, relative to *root*; what is no path is left out."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in values):
        return ()
    found = [path for item in values if (path := inside(root, item))]
    return tuple(os.path.relpath(path, root).replace(os.sep, "/") for path in found)


class InlineHooks(Record):
    """One table of events that stands in a manifest."""

    at: KeyPath
    """The key under which it stands."""
    events: Mapping[str, object]


def inline_hooks(
    value: object, duplicates: frozenset[str], rules: Measured
) -> tuple[InlineHooks, ...] | None:
    """The tables of events in *value*, a manifest's ``hooks``; None where it holds none.

    An object, or a list of objects, of the shape of a hooks.json; a single fault, and none counts.
    *duplicates*: names that some object of the manifest has twice.
    """
    if value is None or isinstance(value, list) and all(isinstance(item, str) for item in value):
        return None
    if hookrules.file_fault(value, duplicates, rules, strict=True) is None:
        return (_inline(("hooks",), value),)
    if not isinstance(value, list):
        return None
    if any(hookrules.file_fault(item, duplicates, rules, strict=True) for item in value):
        return None
    return tuple(_inline(("hooks", index), item) for index, item in enumerate(value))


def _inline(at: KeyPath, value: object) -> InlineHooks:
    return InlineHooks((*at, "hooks"), table(hookrules.as_object(value).get("hooks")))
