"""Finding: what is like a memory, and where the search box begins after it was cleared."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import SearchHit, SearchMode, SearchResult
from mem0_tui.model.query import Query
from mem0_tui.review.view import FindMode
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.search_box import SearchBox
from mem0_tui.tui.widgets.type_bar import TypeBar
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
        assert re.search(r'/ "(The|Feed) ', text_of(app)), "the beginning is in sight"
        assert "meaning ⇥ words" in text_of(app)
        await press(pilot, "g", "j", "d", "a", "y")
        keys = await desk.store_library.keys()
        left = (await desk.store_library.memories(keys)).values()
        assert [memory.text in (first, second) for memory in left].count(True) == 1


async def test_the_nearest_memories_come_in_the_order_of_their_likeness(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    memories = (await desk.store_library.memories(await desk.store_library.keys())).values()
    likeness = (0.43, 0.47, 0.12, 0.4, 0.41, 0.9)
    hits = tuple(
        SearchHit(memory, 1.0, parts={"semantic": each})
        for memory, each in zip(list(memories)[1:], likeness, strict=False)
    )

    async def search(_query: Query, *, limit: int) -> SearchResult:
        return SearchResult(hits[:limit], SearchMode.HYBRID)

    monkeypatch.setattr(desk.curator, "search", search)
    app = desk.app()
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        await press(pilot, "3")
        await press(pilot, "G")
        shown = re.findall(r"│ ([01]\.\d\d) ", text_of(app))
        assert shown == ["0.90", "0.47", "0.43", "0.41", "0.40"]


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
        assert len(browse(app).memories.rows) > 50


async def test_words_come_first_again_once_a_search_by_meaning_is_cleared(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        box = app.screen.query_one(SearchBox)
        await press(pilot, "slash", "tab", "j", "w", "t")
        assert browse(app).session.view.mode is FindMode.MEANING
        await press(pilot, "escape", "slash", "j", "w", "t")
        assert browse(app).session.view.mode is FindMode.WORDS
        assert "words ⇥ meaning" in text_of(app)
        await press(pilot, "tab", "enter")
        assert browse(app).session.view.searches
        await press(pilot, "escape")
        assert box.mode is FindMode.WORDS
        assert not box.input.value
        await press(pilot, "slash", "tab", "escape", "slash")
        assert box.mode is FindMode.WORDS


async def test_a_type_is_completed_while_what_is_typed_of_it_matches_nothing(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "slash", *"type:tas")
        assert "Nothing matches" in text_of(app)
        await press(pilot, "k")
        await until(pilot, lambda: "type:task_learning" in text_of(app))
        await press(pilot, "right")
        assert app.screen.query_one(SearchBox).input.value == "type:task_learning"
        assert "Nothing matches" not in text_of(app)


async def test_the_tab_is_named_where_there_is_no_room_for_all(desk: Bench) -> None:
    app = desk.app(searches={"Old [b]": "age>90d"})
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "right_square_bracket")
        assert "─ Old [b] ─" in text_of(app).splitlines()[1]
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Old" not in text_of(app).splitlines()[1]
        await press(pilot, "left_square_bracket")
        await pilot.resize_terminal(60, 20)
        await settle(pilot)
        assert "All" not in text_of(app).splitlines()[1]


async def test_the_order_stays_in_sight_and_a_search_by_meaning_has_its_own(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "s", "s")
        assert "sort: updated  words" in text_of(app)
        assert browse(app).memories.cursor == 0
        await press(pilot, "slash", "t", "h", "e", "enter", "j", "j")
        assert "sort: updated  words" in text_of(app)
        second = browse(app).memories.current
        await press(pilot, "s")
        assert browse(app).memories.current == second
        await press(pilot, "slash", "tab", "enter")
        await until(pilot, lambda: "▰" in text_of(app))
        assert "sort:" not in text_of(app)
        before = browse(app).session.view
        await press(pilot, "s")
        assert browse(app).session.view == before
        assert any("sorted by score" in note.message for note in app._notifications)
        await press(pilot, "escape")
        assert "sort: type  words" in text_of(app)


async def test_the_type_bar_keeps_its_place_while_types_come_and_go(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        bar = app.screen.query_one(TypeBar)
        await press(pilot, "F", *["right"] * len(bar.types))
        assert bar.types[bar.cursor - 1] is None
        await find(pilot, "type:decision")
        await press(pilot, "minus")
        assert "-decision" in text_of(app)
        await find(pilot, "type:untyped zzzzzz")
        assert "Nothing matches" in text_of(app)


async def test_an_empty_inbox_says_what_it_is_for(desk: Bench) -> None:
    app = desk.app(last_visit=desk.clock.now() + timedelta(hours=1))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "left_square_bracket")
        assert "Nothing in Inbox." in text_of(app)
        assert "new since your last visit" in text_of(app)
        await find(pilot, "nowhere at all")
        assert "Nothing matches." in text_of(app)


async def test_a_saved_search_that_does_not_parse_is_told_of_once(desk: Bench) -> None:
    app = desk.app(searches={"Auth": "auth type:decision", "Late": "created:yesterdayish"})
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "Left out of the saved searches" in text_of(app)
        assert "«Late»" in text_of(app)
        assert "column 9" in text_of(app)
        assert "Auth" in text_of(app).splitlines()[2]
        await press(pilot, "f5")
        assert len(app._notifications) == 1


async def test_where_nothing_is_recorded_a_query_of_use_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        whole = len(browse(app).memories.rows)
        await find(pilot, "used:0")
        assert "what Codex did is not recorded here, so used:0 finds nothing" in text_of(app)
        await press(pilot, "escape")
        await find(pilot, "used:none")
        assert len(browse(app).memories.rows) == whole, "nothing is recorded of any"


async def test_a_query_that_finds_nothing_says_which_part_is_to_blame(desk: Bench) -> None:
    await add_twins(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        box = app.screen.query_one(SearchBox)
        for query, said in (
            ("type:decison", "no memory has type:decison; did you mean type:decision?"),
            ("type:x -parrot", "-parrot leaves out all 2 matches"),
        ):
            await find(pilot, query)
            await until(pilot, lambda said=said: said in text_of(app))  # type: ignore[misc]
            assert box.has_class("-error")
        await find(pilot, "type:x")
        await until(pilot, lambda: len(shown(app)) == 2)
        assert not box.has_class("-error")
