"""The settings file as read: its values, and the line that each of them is on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from mem0_tui.model.errors import SettingsError

_HEADER = r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$"
_KEY = r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_."'-]+)?)\s*="""
_PART = r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)"""


class SettingsDocument(NamedTuple):
    """What one settings file says."""

    path: Path
    values: Mapping[str, Any] = MappingProxyType({})
    """The file's top level, tables included."""
    lines: Mapping[tuple[str, ...], int] = MappingProxyType({})
    """1-based line of each key, by the path of names that leads to it."""

    def line(self, *keys: str) -> int | None:
        """The line that *keys* are set on, where it can be told."""
        return self.lines.get(keys)


def read_document(path: Path) -> SettingsDocument:
    """The settings file at *path*; an empty one where there is none.

    Raises:
        SettingsError: it cannot be read, or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return SettingsDocument(path)
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text", hint="save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}", hint="check its permissions"
        ) from None
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}", hint="correct that line"
        ) from None
    return SettingsDocument(path, values, dict(_lines(text)))


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(_HEADER, line)
        if header:
            table = _names(header.group(1))
            yield table, number
            continue
        key = re.match(_KEY, line)
        if key:
            yield (*table, *_names(key.group(1))), number


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in re.findall(_PART, dotted))
