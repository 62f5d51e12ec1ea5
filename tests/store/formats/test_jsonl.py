"""Exports as JSON lines and Markdown: nothing is lost, and a part is never taken for the whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.errors import FileFormatError, StoreAccessError
from mem0_tui.model.memory import Memory
from mem0_tui.store.formats.json_fields import parse_json
from mem0_tui.store.formats.jsonl import (
    ExportHeader,
    export_lines,
    looks_like_export,
    read_header,
    read_memories,
    write_private,
)
from mem0_tui.store.formats.markdown import looks_like_markdown, markdown_lines, read_markdown
from tests.support.arbitrary import MEMORY
from tests.support.memories import memory

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HEADER = ExportHeader("local", "/a/store", NOW, query="type:decision", count=2)
PROPERTY = settings(max_examples=60, deadline=None)


@PROPERTY
@given(st.lists(MEMORY, max_size=4))
def test_json_lines_keep_everything(
    tmp_path_factory: pytest.TempPathFactory, memories: list[Memory]
) -> None:
    path = tmp_path_factory.mktemp("export") / "all.jsonl"
    write_private(path, export_lines(HEADER, memories))
    with path.open(encoding="utf-8") as file:
        assert read_header(next(file)) == HEADER
        read = list(read_memories(file))
    assert read == memories
    assert [found.raw for found in read] == [found.raw for found in memories]


@PROPERTY
@given(st.lists(MEMORY, min_size=1, max_size=4))
def test_markdown_keeps_everything(memories: list[Memory]) -> None:
    text = "".join(markdown_lines(memories))
    text = text.encode("utf-8").decode("utf-8")
    assert looks_like_markdown(text)
    read = list(read_markdown(text))
    assert read == memories
    assert [found.raw for found in read] == [found.raw for found in memories]
    assert list(read_markdown(text.replace("\n", "\r\n"))) == memories


def lines_of(*memories: Memory) -> list[str]:
    return list(export_lines(HEADER, memories))


def test_a_cut_off_export_is_refused() -> None:
    lines = lines_of(memory(1), memory(2))
    with pytest.raises(FileFormatError, match="cut off after 2"):
        list(read_memories(lines[1:-1]))
    with pytest.raises(FileFormatError, match="line 4: 1 memories came"):
        list(read_memories([lines[1], "\n", lines[-1]]))
    with pytest.raises(FileFormatError, match=r"line 3, column \d+: not valid JSON"):
        list(read_memories([lines[1], lines[2][:40]]))
    with pytest.raises(FileFormatError, match="line 5: there is more after"):
        list(read_memories([*lines[1:], lines[1]]))


def test_what_does_not_fit_is_named_with_its_place() -> None:
    with pytest.raises(FileFormatError, match=r"line 2\.metadata: expected an object"):
        list(read_memories(['{"id":"a","text":"b","metadata":[]}']))
    with pytest.raises(FileFormatError, match=r"line 2\.scope\.user_id: expected a string"):
        list(read_memories(['{"id":"a","text":"b","scope":{"user_id":7}}']))
    with pytest.raises(FileFormatError, match="version 9"):
        read_header('{"format":"mem0-tui export","version":9}')
    with pytest.raises(FileFormatError, match="not the header"):
        read_header("{}")
    assert looks_like_export(lines_of()[0])
    assert not looks_like_export("---\nid: 1\n---\n")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "all.jsonl"
    write_private(path, ["old\n"])

    def failing() -> Iterator[str]:
        yield "new\n"
        raise RuntimeError("the backend went away")

    with pytest.raises(RuntimeError):
        write_private(path, failing())
    assert path.read_text(encoding="utf-8") == "old\n"
    assert [file.name for file in path.parent.iterdir()] == ["all.jsonl"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


PLUGIN_FILE = """\
---
id: mem001
created_at: 2026-01-15T10:00:00Z
type: decision
confidence: 0.9
branch: main
files: src/a.py, src/b.py
categories: architecture_decisions
---
Use hexagonal architecture.

---
Note: this rule is part of the text
---

It goes on after it.

---
id: mem002
created_at:
type:
confidence:
branch:
files:
categories:
---
Second memory.

---
id: mem003
type: x
---

"""


def test_the_plugins_own_files_are_read_without_cutting_texts() -> None:
    first, second = read_markdown(PLUGIN_FILE)
    assert looks_like_markdown(PLUGIN_FILE)
    assert first.id == "mem001"
    assert first.created_at == datetime(2026, 1, 15, 10, tzinfo=UTC)
    assert first.metadata == {
        "type": "decision",
        "confidence": 0.9,
        "branch": "main",
        "files": ["src/a.py", "src/b.py"],
    }
    assert first.categories == ("architecture_decisions",)
    assert first.text.startswith("Use hexagonal")
    assert first.text.endswith("It goes on after it.")
    assert "\n---\nNote: this rule" in first.text
    assert (second.id, second.text, second.metadata) == ("mem002", "Second memory.", {})


def test_edits_made_in_the_markdown_are_taken() -> None:
    text = "".join(markdown_lines([memory(1, "old\n---\ntext", type="decision", branch="main")]))
    edited = text.replace("old\n\\---", "new\n\\---").replace("type: decision", "type: convention")
    edited = edited.replace("branch: main", "branch:")
    (found,) = read_markdown(edited)
    assert found.text == "new\n---\ntext"
    assert found.metadata == {"type": "convention"}
    assert found.id == memory(1).id


def test_other_text_is_no_markdown_export() -> None:
    assert not looks_like_markdown("# Title\n\ntext")
    assert not looks_like_markdown("---\njust a rule\n---\n")
    assert list(read_markdown("just text\n---\n")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": "b', "line 11, column 7: not valid JSON (Unterminated string)"),
        ('{"a":\n}', "line 11, line 2, column 1: not valid JSON (Expecting value)"),
    ],
)
def test_one_place_is_named_where_a_line_is_no_json(text: str, told: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        parse_json(text, "line 11")
    assert caught.value.message == told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among the files")
def test_no_file_takes_the_place_of_a_device_or_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(StoreAccessError, match="is a device or a pipe"):
        write_private(path, ["new\n"])
    assert path.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]
