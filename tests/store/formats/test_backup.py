"""A file of a backup says all of a memory, the same way every time, under a name for any disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.model.errors import FileFormatError
from mem0_tui.model.memory import Memory
from mem0_tui.store.formats.backup import (
    BackupOrigin,
    Filed,
    is_own_path,
    manifest_bytes,
    memory_bytes,
    path_of,
    read_manifest,
    read_memory,
)
from tests.support.arbitrary import MEMORY
from tests.support.memories import memory

ODD_IDS = (
    *("A", "a", "con", "nul", "com1", "..", ".", "a/b", "a\\b", "a:b", "a*?", " a", "a ", "a."),
    *("é", "e\u0301", "x" * 200, "-rf", "~", "\ud800", "\n", "mem_0123", "ID", "id", "\u212a"),
)


@given(MEMORY, st.booleans())
def test_any_memory_comes_back_as_it_was(one: Memory, masked: bool) -> None:
    path = path_of("memories", one.id)
    data = memory_bytes(Filed(one, masked))
    back = read_memory(data, path)
    assert back.memory == replace(one, raw=back.memory.raw)
    assert back.masked is masked
    assert memory_bytes(back) == data


def test_what_other_programs_keep_beside_a_memory_is_kept() -> None:
    one = replace(memory(1), raw={"id": "x", "memory": "y", "hash": "z", "structured": {"b": 1}})
    data = memory_bytes(Filed(one))
    assert read_memory(data, path_of("memories", one.id)).memory.raw == {"structured": {"b": 1}}


def test_a_file_is_read_by_people() -> None:
    one = memory(
        1, "Round once,\nat the end: “ö”\u202e.\r\n\x1b[2J", type="decision", branch="main"
    )
    lines = memory_bytes(Filed(one)).decode().splitlines()
    assert lines == [
        "{",
        '  "created_at": "2026-01-01T01:00:00+00:00",',
        '  "id": "00000001-0000-4000-8000-000000000001",',
        '  "metadata": {',
        '    "branch": "main",',
        '    "type": "decision"',
        "  },",
        '  "scope": {',
        '    "app_id": "shop-api",',
        '    "user_id": "kim"',
        "  },",
        '  "text": [',
        '    "Round once,",',
        '    "at the end: “ö”\\u202e.\\r",',
        '    "\\u001b[2J"',
        "  ],",
        '  "updated_at": "2026-01-01T01:00:00+00:00"',
        "}",
    ]


def test_no_two_ids_share_a_file_on_any_disk() -> None:
    paths = [path_of("memories", each) for each in ODD_IDS]
    assert len({path.lower() for path in paths}) == len(ODD_IDS)
    for path in paths:
        assert is_own_path(path)
        name = path.rpartition("/")[2]
        assert name.isascii()
        assert len(name) < 120
        assert name.partition(".")[0] not in ("con", "nul", "com1")
    plain = "0b0e7f5c-1d5e-4c8c-9b7f-0c1d2e3f4a5b"
    assert path_of("memories", plain).endswith(f"/{plain}.json")


@given(st.text(st.characters(), min_size=1, max_size=12))
def test_any_id_has_a_name_of_ours(id_: str) -> None:
    one = Memory(id_, "said")
    path = path_of("codex-memories", id_)
    assert is_own_path(path)
    assert read_memory(memory_bytes(Filed(one)), path).memory.id == id_


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "not valid JSON"),
        (b"[]", "JSON object"),
        (b'{"id": "a", "text": "a"}', "a list of lines"),
        (b'{"id": "a", "text": [1]}', "a list of lines"),
        (b'{"text": ["a"]}', "a string"),
        (b'{"id": "b", "text": ["a"]}', "not named as"),
        (b'{"id": "a", "text": ["a"], "created_at": "soon"}', "date and time"),
        (b"\xff", "not UTF-8"),
        (b"<<<<<<< HEAD\n{", "not valid JSON"),
        (b"[" * 100_000, "too deeply"),
    ],
)
def test_what_is_no_file_of_a_backup_is_named(data: bytes, what: str) -> None:
    path = path_of("memories", "a")
    with pytest.raises(FileFormatError, match=what) as found:
        read_memory(data, path)
    assert path in found.value.message


def test_a_manifest_names_what_the_folders_hold() -> None:
    holds = {
        "memories": BackupOrigin("local", "~/memories.db"),
        "codex-memories": BackupOrigin("codex", "~"),
    }
    assert read_manifest(manifest_bytes(holds)) == holds
    assert manifest_bytes(dict(reversed(holds.items()))) == manifest_bytes(holds)
    newer = json.loads(manifest_bytes(holds)) | {"version": 2}
    with pytest.raises(FileFormatError, match="version 2"):
        read_manifest(json.dumps(newer).encode())


_PRINTS = """
import sys
from dataclasses import replace
from mem0_tui.store.formats.backup import Filed, memory_bytes
from mem0_tui.store.formats.jsonl import memory_line
from tests.support.memories import memory
data = {"z": {"y": 1.0, "x": [1e300]}, "ä": None, "a": "b"}
one = memory(1, "İ ß 文 \\U0001f9d1\\u200d\\U0001f4bb", **data)
one = replace(one, raw={"z": 1, "b": {"d": 1, "c": 2}})
sys.stdout.buffer.write(memory_bytes(Filed(one)) + memory_line(one).encode())
"""


def test_the_bytes_depend_on_nothing_but_the_memory() -> None:
    said = set()
    for seed, locale in (("1", "C"), ("2", "tr_TR.UTF-8")):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": "Asia/Tokyo"}
        done = subprocess.run(
            [sys.executable, "-c", _PRINTS], env=environ, capture_output=True, check=True
        )
        said.add(done.stdout)
    assert len(said) == 1
