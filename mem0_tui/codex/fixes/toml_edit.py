"""Edits of config.toml that keep its comments, order, line ends and byte order mark."""

from __future__ import annotations

import os
from collections.abc import Callable, MutableMapping
from typing import Any

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.files.text_file import FileState, TextFile, read_bytes
from mem0_tui.codex.files.toml_doc import parse_toml
from mem0_tui.codex.files.toml_lines import ASSIGN, HEADER, KEY_PART, key_parts
from mem0_tui.codex.report import FileEdit

Change = Callable[[MutableMapping[str, Any]], None]
_BOM = b"\xef\xbb\xbf"


def edit_toml(path: str, *changes: Change) -> list[FileEdit]:
    """*path* with *changes* made, nothing where it does not parse; a link is followed."""
    from tomlkit import parse
    from tomlkit.exceptions import TOMLKitError

    target = os.path.realpath(path)
    before, _ = read_bytes(target)
    bom = before.startswith(_BOM)
    try:
        document = parse(before[3 if bom else 0 :].decode("utf-8"))
        for change in changes:
            change(document)
        after = (_BOM if bom else b"") + document.as_string().encode("utf-8")
    except (TOMLKitError, UnicodeDecodeError, KeyError, RecursionError):
        return []
    return [FileEdit(target, before, after)]


def set_key(key: KeyPath, value: object) -> Change:
    """Set the value at *key*; the tables around it must be there, or be plain."""

    def change(document: MutableMapping[str, Any]) -> None:
        table = document
        for part in key[:-1]:
            table = table.setdefault(str(part), {})
        table[str(key[-1])] = value

    return change


def remove_key(key: KeyPath) -> Change:
    """Remove *key*; KeyError where it is not there."""

    def change(document: MutableMapping[str, Any]) -> None:
        table = document
        for part in key[:-1]:
            table = table[str(part)]
        del table[str(key[-1])]

    return change


def pass_variable(server: KeyPath, name: str) -> Change:
    """Name the variable in `env_vars` of the server, and take it out of its `env`."""

    def change(document: MutableMapping[str, Any]) -> None:
        table = document
        for part in server:
            table = table[str(part)]
        del table["env"][name]
        if not table["env"]:
            del table["env"]
        table["env_vars"] = [*table.get("env_vars", []), name]

    return change


def rename_key(path: str, key: KeyPath, name: str) -> list[FileEdit]:
    """Give the last part of *key* another name wherever it is written, and touch nothing else."""
    target = os.path.realpath(path)
    before, _ = read_bytes(target)
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return []
    lines = text.splitlines(keepends=True)
    depth = len(key)
    changed = [_renamed(line, key, depth, name, table) for line, table in _with_tables(lines)]
    after = "".join(changed)
    return [FileEdit(target, before, after.encode("utf-8"))] if _still_parses(after) else []


def _with_tables(lines: list[str]) -> list[tuple[str, KeyPath]]:
    """Each line with the table that is open on it."""
    found: list[tuple[str, KeyPath]] = []
    table: KeyPath = ()
    for line in lines:
        if header := HEADER.match(line):
            table = key_parts(header.group(2))
            found.append((line, ()))
        else:
            found.append((line, table))
    return found


def _renamed(line: str, key: KeyPath, depth: int, name: str, table: KeyPath) -> str:
    header = HEADER.match(line)
    found = header or ASSIGN.match(line)
    if found is None:
        return line
    group = 2 if header else 1
    written = found.group(group)
    whole = (*table, *key_parts(written))
    at = depth - 1 - len(table)
    if whole[:depth] != key or at < 0:
        return line
    part = list(KEY_PART.finditer(written))[at]
    start = found.start(group)
    return line[: start + part.start()] + name + line[start + part.end() :]


def _still_parses(text: str) -> bool:
    return parse_toml(TextFile("", FileState.OK, text.removeprefix("\ufeff"))).problem is None
