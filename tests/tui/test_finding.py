"""Finding: what is like a memory, and where the search box begins after it was cleared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.state import FindMode
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, browse, find, press, settle, text_of, until

pytestmark = pytest.mark.anyio

TWINS = (
    'The "office" parrot gets his sunflower seeds at noon,\nnever in the evening.',
    "Feed the parrot of the office sunflower seeds at noon, not in the evening.",
)


async def add_twins(desk: Bench) -> None:
    for text in TWINS:
        await desk.backend.add(Draft(text, Scope(user_id="kim", app_id="infra"), {"type": "x"}))


def shown(app: Mem0App) -> list[str]:
    rows = browse(app).memories.rows
    loaded: dict[int, Memory] = dict(rows.loaded())
    return [loaded[key].text for key in rows.keys if key in loaded]


async def test_what_is_like_a_memory_is_found_and_deleted_by_keys(desk: Bench) -> None:
    await add_twins(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:x")
        await press(pilot, "l")
        await until(pilot, lambda: len(shown(app)) > 1 and "▰" in text_of(app))
        first, second = shown(app)[:2]
        assert {first, second} == set(TWINS)
        assert "meaning ⇥ words" in text_of(app)
        await press(pilot, "g", "j", "d", "a", "y")
        keys = await desk.store_library.keys()
        left = (await desk.store_library.memories(keys)).values()
        assert [memory.text in (first, second) for memory in left].count(True) == 1


async def test_what_is_alike_leaves_the_tab_for_everything(desk: Bench) -> None:
    await add_twins(desk)
    app = desk.app(searches={"X": "type:x"})
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "right_square_bracket", "l")
        await until(pilot, lambda: "▰" in text_of(app))
        assert "[All]" in text_of(app)
        assert set(TWINS) <= set(shown(app))
        await press(pilot, "escape")
        assert len(shown(app)) > 50


async def test_words_come_first_again_once_a_search_by_meaning_is_cleared(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        box = app.screen.query_one(SearchBox)
        await press(pilot, "slash", "tab", "j", "w", "t")
        assert browse(app).state.mode is FindMode.MEANING
        await press(pilot, "escape", "slash", "j", "w", "t")
        assert browse(app).state.mode is FindMode.WORDS
        assert "words ⇥ meaning" in text_of(app)
        await press(pilot, "tab", "enter")
        assert browse(app).state.searches
        await press(pilot, "escape")
        assert box.mode is FindMode.WORDS
        assert not box.input.value
        await press(pilot, "slash", "tab", "escape", "slash")
        assert box.mode is FindMode.WORDS


async def test_an_empty_inbox_says_what_it_is_for(desk: Bench) -> None:
    app = desk.app(last_visit=desk.clock.now() + timedelta(hours=1))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "left_square_bracket")
        assert "Nothing in Inbox." in text_of(app)
        assert "new since your last visit" in text_of(app)
        await find(pilot, "nowhere at all")
        assert "Nothing matches." in text_of(app)
