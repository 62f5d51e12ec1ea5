"""The JSON that pages write straight from rows is the JSON of the memories themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.memory import Memory
from mem0_tui.server.responses.row_json import memory_text
from mem0_tui.server.responses.serializers import memory_json
from mem0_tui.store.rows import CATEGORIES, CREATED, DAMAGED, EXPIRES, METADATA, memory_of, row_of
from tests.store import made


@settings(deadline=None, max_examples=150)
@given(st.text(min_size=1, max_size=4).flatmap(made.memories))
def test_a_row_says_what_its_memory_says(memory: Memory) -> None:
    row = row_of(memory, FrozenClock(made.START))
    written = memory_json(memory_of(row))
    assert json.loads(memory_text(row)) == written
    assert list(json.loads(memory_text(row))) == list(written)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (METADATA, '{"type": '),
        (METADATA, "{},{}"),
        (METADATA, "[]"),
        (CATEGORIES, "null"),
        (CREATED, 1 << 62),
        (EXPIRES, '"'),
    ],
)
def test_a_damaged_row_leaves_the_page_whole(column: int, value: Any) -> None:
    row = list(row_of(Memory("m-1", "First."), FrozenClock(made.START)))
    row[column] = value
    written = json.loads(memory_text(tuple(row)))
    assert written["memory"] == "First."
    assert list(written["metadata"]) == [DAMAGED] or column == METADATA
