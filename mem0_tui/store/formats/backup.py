"""The files of a backup: one for each memory, which says the same in the same bytes every time, and
a manifest.

A file is JSON with sorted keys, a line for each field, each key of the metadata and each line of
the text, so that a diff shows what a person would want to see.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.store.formats.codec import memory_from, memory_json
from mem0_tui.store.formats.json_fields import Fields, parse_json
from mem0_tui.store.rows import KNOWN

FORMAT: Final = "mem0-tui backup"
VERSION: Final = 1
MANIFEST: Final = "mem0-tui.json"
MEMORIES, CODEX = "memories", "codex-memories"
"""The folders of a backend's memories and of Codex's own."""
SUFFIX = ".json"

_PLAIN_NAME = re.compile(r"[0-9a-z][0-9a-z_-]{0,79}")
_RESERVED = re.compile(r"con|prn|aux|nul|(?:com|lpt)\d")
"""What Windows takes for a device, whatever its suffix."""
_OWN_PATH = re.compile(rf"(?:{MEMORIES}|{CODEX})/[0-9a-f]{{2}}/[0-9a-z][0-9a-z_~-]*\{SUFFIX}")
_OWN_FOLDER = re.compile(rf"(?:{MEMORIES}|{CODEX})(?:/[0-9a-f]{{2}})?")
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""What a diff would not show, or a terminal obey: it is written as an escape of JSON."""
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(", ", ": ")).encode


@dataclass(frozen=True, slots=True)
class Filed:
    """A memory as a file of a backup holds it."""

    memory: Memory
    masked: bool = False
    """Whether masks stand in it for secrets."""


@dataclass(frozen=True, slots=True)
class BackupOrigin:
    """Whose memories a folder of a backup holds."""

    backend: str
    target: str


def path_of(folder: str, memory_id: str) -> str:
    """The file of the memory *memory_id* in *folder*: the same on every machine, and different from
    that of any other memory on every file system."""
    digest = hashlib.sha256(memory_id.encode("utf-8", "surrogatepass")).hexdigest()
    name = memory_id
    if not _PLAIN_NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        start = re.sub(r"[^0-9a-z]+", "-", memory_id.lower())[:24].strip("-")
        name = f"{start or 'x'}~{digest[:32]}"
    return f"{folder}/{digest[:2]}/{name}{SUFFIX}"


def is_own_path(path: str) -> bool:
    """Whether a file of this program's could be at *path* of a repository."""
    return path == MANIFEST or _OWN_PATH.fullmatch(path) is not None


def is_own_folder(path: str) -> bool:
    """Whether a folder of this program's could be at *path* of a repository."""
    return _OWN_FOLDER.fullmatch(path) is not None


def memory_bytes(filed: Filed) -> bytes:
    """The content of the file of a memory."""
    memory = filed.memory
    raw = {key: value for key, value in memory.raw.items() if key not in KNOWN}
    record: dict[str, Any] = memory_json(replace(memory, raw=raw))
    if filed.masked:
        record["masked"] = True
    record["text"] = memory.text.split("\n")
    return _document(record)


def read_memory(data: bytes, path: str) -> Filed:
    """The memory that *data*, the content of the file *path* of a backup, holds.

    Raises:
        FileFormatError: it is no such file; names it.
    """
    fields = _fields(data, path)
    text = fields.value.get("text")
    if not isinstance(text, list) or not all(isinstance(line, str) for line in text):
        raise fields.wrong("text", "a list of lines")
    whole = Fields({**fields.value, "text": "\n".join(text)}, path)
    memory = memory_from(whole)
    folder = path.partition("/")[0]
    if path_of(folder, memory.id) != path:
        raise FileFormatError(f"{path} is not named as the file of its memory is")
    return Filed(memory, fields.flag("masked"))


def manifest_bytes(holds: Mapping[str, BackupOrigin]) -> bytes:
    """The manifest of a backup whose folders hold the memories of these origins."""
    record = {
        "format": FORMAT,
        "holds": {
            folder: {"backend": origin.backend, "target": origin.target}
            for folder, origin in holds.items()
        },
        "version": VERSION,
    }
    return _document(record)


def read_manifest(data: bytes) -> dict[str, BackupOrigin]:
    """The origins by folder that a manifest names.

    Raises:
        FileFormatError: it is none, or one of another version.
    """
    fields = _fields(data, MANIFEST)
    if fields.value.get("format") != FORMAT:
        raise FileFormatError(f"{MANIFEST} is no manifest of a backup")
    version = fields.whole("version")
    if version != VERSION:
        raise FileFormatError(
            f"the backup is of version {version}, this reads version {VERSION}",
            hint="update mem0-tui",
        )
    holds = fields.inner("holds")
    found = {folder: holds.inner(folder) for folder in (MEMORIES, CODEX) if folder in holds.value}
    return {
        folder: BackupOrigin(each.text("backend"), each.text("target"))
        for folder, each in found.items()
    }


def _fields(data: bytes, path: str) -> Fields:
    try:
        return parse_json(data.decode("utf-8"), path)
    except UnicodeDecodeError:
        raise FileFormatError(f"{path} is not UTF-8 text") from None


def _document(record: Mapping[str, Any]) -> bytes:
    text = "{\n" + ",\n".join(_entries(record)) + "\n}\n"
    return _HIDDEN.sub(_escaped, text).encode()


def _entries(record: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(record):
        value = record[key]
        name = _encode(key)
        if isinstance(value, Mapping):
            inner = (f"    {_encode(each)}: {_encode(value[each])}" for each in sorted(value))
            yield f"  {name}: {{\n" + ",\n".join(inner) + "\n  }"
        elif key == "text":
            yield f"  {name}: [\n" + ",\n".join(f"    {_encode(line)}" for line in value) + "\n  ]"
        else:
            yield f"  {name}: {_encode(value)}"


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
