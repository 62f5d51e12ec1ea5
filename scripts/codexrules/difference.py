"""What two tables of rules do not have in common, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from mem0_tui.codex.rules import Measured


def differences(kept: Measured, found: Measured) -> Iterator[str]:
    """What *found* has more, less and otherwise than *kept*."""
    old, new = kept.document("config"), found.document("config")
    for way in sorted({*old, *new}):
        if way not in new:
            yield f"{way}: no longer known"
        elif way not in old:
            yield f"{way}: new: {dict(new[way])}"
        elif old[way] != new[way]:
            yield f"{way}: was {dict(old[way])}, is {dict(new[way])}"
    for name in sorted({*kept.features, *found.features}):
        before, after = kept.features.get(name), found.features.get(name)
        if before != after:
            yield f"feature {name}: was {before or 'unknown'}, is {after or 'unknown'}"
