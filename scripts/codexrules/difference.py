"""What two tables of rules do not have in common, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.rules import Measured


def differences(kept: Measured, found: Measured) -> Iterator[str]:
    """What *found* has more, less and otherwise than *kept*, in every document and feature."""
    for document in sorted({*kept.documents, *found.documents}):
        yield from _rules(kept, found, document)
    for name in sorted({*kept.features, *found.features}):
        before, after = kept.features.get(name), found.features.get(name)
        if before != after:
            yield f"feature {name}: was {before or 'unknown'}, is {after or 'unknown'}"


def _rules(kept: Measured, found: Measured, document: str) -> Iterator[str]:
    old, new = kept.document(document), found.document(document)
    mark = "" if document == "config" else f"{document}: "
    for way in sorted({*old, *new}):
        if way not in new:
            yield f"{mark}{way}: no longer known"
        elif way not in old:
            yield f"{mark}{way}: new: {dict(new[way])}"
        elif old[way] != new[way]:
            yield f"{mark}{way}: was {dict(old[way])}, is {dict(new[way])}"
