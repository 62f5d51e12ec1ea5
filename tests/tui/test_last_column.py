"""The last column of the list: the value that the rows are in the order of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import Sort
from mem0_tui.presenting.memory import BLANK
from mem0_tui.review.row_window import sorted_by
from mem0_tui.tui.render import row_text
from tests.tui.harness import SIZE, Bench, find, press, settle, text_of

pytestmark = pytest.mark.anyio


def last_column(screen: str, text: str) -> str:
    (found,) = re.findall(rf"│ +x +{text}.*?(\S+) +│", screen)
    return str(found)


async def test_it_follows_the_order(desk: Bench) -> None:
    scope = Scope(user_id="kim", app_id="infra")
    await desk.backend.add(Draft("a parrot " * 140, scope, {"type": "x", "confidence": 0.75}))
    await desk.backend.add(Draft("one parrot", scope, {"type": "x"}))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:x")
        assert last_column(text_of(app), "one parrot") == "now"
        await press(pilot, "down", "s", "s", "s", "s")
        assert "sort: length" in text_of(app)
        assert last_column(text_of(app), "a parrot") == "1k"
        assert last_column(text_of(app), "one parrot") == "10"
        await press(pilot, "s")
        assert last_column(text_of(app), "a parrot") == "0.75"
        assert last_column(text_of(app), "one parrot") == "–"


def test_a_memory_is_as_old_as_its_last_change_in_that_order() -> None:
    day = timedelta(days=1)
    memory = Memory(
        "1", "text", Scope(), created_at=DEMO_NOW - 9 * day, updated_at=DEMO_NOW - 2 * day
    )
    assert sorted_by(memory, Sort.UPDATED, DEMO_NOW) == "2d"
    assert sorted_by(memory, Sort.NEWEST, DEMO_NOW) == "9d"
    never = Memory("2", "text", Scope(), created_at=DEMO_NOW - 9 * day)
    assert sorted_by(never, Sort.UPDATED, DEMO_NOW) == "9d"


@pytest.mark.parametrize(
    ("length", "said"), [(0, "0"), (999, "999"), (1000, "1k"), (102_400, "102k"), (3_000_000, "3M")]
)
def test_lengths_take_at_most_four_cells(length: int, said: str) -> None:
    assert sorted_by(Memory("1", "x" * length, Scope()), Sort.LENGTH, DEMO_NOW) == said


def test_a_memory_without_a_visible_character_has_a_row_that_says_so() -> None:
    for text in ("", " \n\t"):
        assert row_text(60, text, "decision", "infra").headline.strip() == BLANK
