"""How a key of ``[tui.keymap]`` is written, by the measured rules: ``ctrl-x``, ``leader page-up``.

Measured with Codex 0.150.0, 0.169.0 and 0.171.0: case and the space around do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def binding_fault(written: str, keys: Mapping[str, Any]) -> str | None:
    """Why Codex refuses *written* as a key, None where it takes it.

    *keys*: the rule's ``keys``, see `mem0_tui.codex.rules`.
    """
    strokes = written.lower().split()
    if not strokes:
        return "must name a key"
    most = keys["strokes"]
    if len(strokes) > most:
        return f"must be of {most} keys or fewer" if most > 1 else "must be one key"
    if len(strokes) > 1 and strokes[0] in keys["first"]:
        strokes = strokes[1:]
    return next((fault for stroke in strokes if (fault := _stroke_fault(stroke, keys))), None)


def _stroke_fault(stroke: str, keys: Mapping[str, Any]) -> str | None:
    if "--" in stroke:
        return None  # Codex takes some of these, such as super---page-up
    used: list[int] = []
    key = stroke
    while "-" in key[1:]:
        name, _, rest = key.partition("-")
        group = next((n for n, names in enumerate(keys["modifiers"]) if name in names), None)
        if group is None:
            break
        if group in used:
            return f"has a modifier twice: {stroke}"
        used.append(group)
        key = rest
    return None if _is_key(key, keys) else f"names no key that Codex knows: {stroke}"


def _is_key(key: str, keys: Mapping[str, Any]) -> bool:
    if len(key) == 1:
        return "!" <= key <= "~" and key not in keys["plain"]
    if key in keys["names"]:
        return True
    number = key[1:]
    return (
        key[:1] == "f"
        and number.isascii()
        and number.isdigit()
        and (1 <= int(number) <= keys["function"])
    )
