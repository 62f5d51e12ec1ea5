"""Edits of JSON files that keep what they do not mean to change: order, indent, line ends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.text_file import read_bytes
from mem0_tui.codex.report import FileEdit

Change = Callable[[object], object]
_BOM = b"\xef\xbb\xbf"


def edit_json(path: str, change: Change) -> list[FileEdit]:
    """*path* with *change* applied to what it holds; nothing where it does not parse."""
    target = os.path.realpath(path)
    before, _ = read_bytes(target)
    try:
        text = before.removeprefix(_BOM).decode("utf-8")
        data = change(json.loads(text))
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return []
    return [FileEdit(target, before, rewritten(before, data))]


def rewritten(before: bytes, data: object) -> bytes:
    """*data* as JSON in the style of the text *before*: its indent, its line ends."""
    text = before.removeprefix(_BOM).decode("utf-8")
    written = json.dumps(data, indent=_indent(text), ensure_ascii=False)
    if text.endswith("\n"):
        written += "\n"
    if "\r\n" in text:
        written = written.replace("\n", "\r\n")
    return written.encode("utf-8")


def without_bom(path: str) -> list[FileEdit]:
    """*path* without the byte order mark that Codex does not accept in JSON."""
    target = os.path.realpath(path)
    before, _ = read_bytes(target)
    return [FileEdit(target, before, before.removeprefix(_BOM))]


def without_comments(path: str) -> list[FileEdit]:
    """*path* without comments and trailing commas, where it is JSON then."""
    target = os.path.realpath(path)
    before, _ = read_bytes(target)
    try:
        text = before.removeprefix(_BOM).decode("utf-8")
        plain = re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', _kept, text, flags=re.DOTALL)
        plain = re.sub(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])', _kept, plain)
        json.loads(plain)
    except (ValueError, RecursionError):
        return []
    return [FileEdit(target, before, plain.encode("utf-8"))]


def _kept(found: re.Match[str]) -> str:
    return found.group(1) or ""


def _indent(text: str) -> int | str | None:
    found = re.search(r"\n([ \t]+)\S", text)
    if found is None:
        return None if "\n" not in text.strip() else 2
    return found.group(1) if "\t" in found.group(1) else len(found.group(1))


def set_value(key: KeyPath, value: object) -> Change:
    """Set the value at *key*."""

    def change(data: object) -> object:
        at = data
        for part in key[:-1]:
            at = at[part]  # type: ignore[index]  # a wrong shape is a KeyError or TypeError
        at[key[-1]] = value  # type: ignore[index]
        return data

    return change


def drop_keys(keys: list[str]) -> Change:
    """Remove top-level *keys*."""

    def change(data: object) -> object:
        return {name: value for name, value in dict(data).items() if name not in keys}  # type: ignore[call-overload]

    return change


def drop_handlers(places: list[tuple[str, int, int]]) -> Change:
    """Remove hook handlers by (event, group, index); emptied groups and events go with them."""

    def change(data: object) -> object:
        hooks = data["hooks"]  # type: ignore[index]
        for event, group, index in sorted(places, reverse=True):
            handlers = hooks[event][group]["hooks"]
            del handlers[index]
            if not handlers:
                del hooks[event][group]
            if not hooks[event]:
                del hooks[event]
        return data

    return change
