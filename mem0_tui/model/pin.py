"""How the pin skill of plugin 0.2 marks an existing memory, whose metadata it cannot reach."""

from __future__ import annotations

from typing import Final

PIN_PREFIX: Final = "[PINNED]"


def has_pin_prefix(text: str) -> bool:
    """Whether *text* begins with the prefix, or with blanks and the prefix."""
    return text.lstrip().startswith(PIN_PREFIX)


def without_pin_prefix(text: str) -> str:
    """*text* without the prefix and the blanks around it; as it is where it has none."""
    stripped = text.lstrip()
    if not stripped.startswith(PIN_PREFIX):
        return text
    return stripped.removeprefix(PIN_PREFIX).lstrip()
