from __future__ import annotations

import json
import unicodedata

import pytest

from mem0_tui.demo.generator import generate
from mem0_tui.demo.hostile import KINDS
from mem0_tui.model.memory import Memory, as_number
from mem0_tui.model.text import has_hidden, one_line, visible


@pytest.fixture(scope="module")
def by_text() -> dict[str, Memory]:
    return {memory.text: memory for memory in generate()}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_in_the_demo_set(kind: str, by_text: dict[str, Memory]) -> None:
    assert KINDS[kind].text in by_text


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_stored_and_shown(kind: str) -> None:
    note = KINDS[kind]
    note.text.encode()
    json.dumps(note.metadata)
    assert not has_hidden(visible(note.text))
    assert all(unicodedata.category(c) != "Cc" for c in one_line(note.text))


def test_the_kinds_hold_what_they_say() -> None:
    texts = {kind: note.text for kind, note in KINDS.items()}
    assert "[@click=app.quit]" in texts["markup action"]
    assert "[/api/v1]" in texts["markup path"]
    assert "\x1b]52;" in texts["escape clipboard"]
    assert {chr(c) for c in (0, 7, 8, 0x7F)} <= set(texts["control c0"])
    assert "\x9b" in texts["control c1"]
    assert "\u202e" in texts["bidi override"]
    assert "\u200b" in texts["zero width"]
    assert len(texts["long line"]) == 100_000
    assert "\n" not in texts["long line"]
    assert max(map(len, texts["long word"].split())) > 5_000


def test_metadata_that_is_no_object_is_kept_as_received_only(by_text: dict[str, Memory]) -> None:
    memory = by_text[KINDS["raw metadata list"].text]
    assert memory.metadata == {}
    assert memory.raw["metadata"] == ["decision", "main"]


def test_odd_types_and_confidences_read_as_none(by_text: dict[str, Memory]) -> None:
    assert by_text[KINDS["metadata type number"].text].type is None
    assert by_text[KINDS["metadata type list"].text].type is None
    assert as_number(by_text[KINDS["metadata confidence"].text].metadata["confidence"]) is None


def test_odd_runs_are_runs(by_text: dict[str, Memory]) -> None:
    assert by_text[KINDS["scope wildcard"].text].scope.run_id == "*"
    assert by_text[KINDS["scope markup"].text].scope.run_id == "[b]run[/b]"
