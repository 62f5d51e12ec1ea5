"""Leaves memories with hard signs of a planted order out of what the model is given.

The setting ``hold_back`` switches that off; it and the file of what people judged «keep» are read
only once there is something to leave out.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.memories import RecalledMemory
from mem0_tui.hooks.places import settings_file, state_folder
from mem0_tui.model.holding_back import KEPT_TEXTS, is_held_back

_NO = ("false", "no", "0", "off")


def without_held_back(
    memories: list[RecalledMemory], environ: dict[str, str]
) -> tuple[list[RecalledMemory], list[RecalledMemory]]:
    """Those of *memories* that the model is given, and those that are left out."""
    suspect = [memory for memory in memories if is_held_back(memory.text, "")]
    if not suspect or not _wanted(environ):
        return memories, []
    kept = _read(os.path.join(os.path.dirname(state_folder(environ)), KEPT_TEXTS))
    out = [memory for memory in suspect if is_held_back(memory.text, kept)]
    return [memory for memory in memories if memory not in out], out


def _wanted(environ: dict[str, str]) -> bool:
    """What the setting ``hold_back`` says; a settings file that makes no sense holds back."""
    said: object = environ.get("MEM0_TUI_HOLD_BACK", "").strip()
    if not said:
        said = _in_file(environ)
    return not (said is False or (isinstance(said, str) and said.strip().lower() in _NO))


def _in_file(environ: dict[str, str]) -> object:
    text = _read(settings_file(environ))
    if "hold_back" not in text:
        return None
    import tomllib

    try:
        values = tomllib.loads(text)
    except ValueError:
        return None
    profile = environ.get("MEM0_TUI_PROFILE", "").strip() or values.get("profile")
    profiles = values.get("profiles")
    table = profiles.get(profile) if isinstance(profiles, dict) else None
    own = table.get("hold_back") if isinstance(table, dict) else None
    return values.get("hold_back") if own is None else own


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read(1 << 22)
    except (OSError, ValueError):
        return ""
