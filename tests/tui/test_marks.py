"""Marks and staging: they stay with their memories, and never take more than was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mem0_tui.model.change import Delete
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.page import SearchHit
from mem0_tui.store.store import open_store
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.widgets.search_box import SearchBox
from tests.tui.harness import SIZE, Bench, bench, browse, find, press, settle, text_of, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def marked(app: Mem0App) -> list[Memory]:
    return list(browse(app).session.triage.marked.values())


async def test_marks_survive_filtering_and_the_header_says_how_many_are_hidden(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "space", "space", "space")
        kept = [memory.id for memory in marked(app)]
        await find(pilot, "type:convention -id:none")
        hidden = [m for m in marked(app) if m.type != "convention"]
        assert f"3 marked ({len(hidden)} hidden)" in text_of(app)
        await press(pilot, "escape")
        assert "3 marked " in text_of(app)
        assert "hidden)" not in text_of(app).splitlines()[0]
        assert [memory.id for memory in marked(app)] == kept
        await press(pilot, "U")
        assert "marked" not in text_of(app).splitlines()[0]


async def test_a_range_is_marked_from_where_it_began_in_both_directions(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "j", "j", "j", "v", "k", "k", "v")
        rows = browse(app).memories.rows
        assert {m.id for m in marked(app)} == {rows.at(n).id for n in (1, 2, 3)}  # type: ignore[union-attr]
        await press(pilot, "v", "G", "escape")
        assert len(marked(app)) == 3
        await press(pilot, "i")
        assert len(marked(app)) == len(rows) - 3
        await press(pilot, "escape", "escape")
        assert len(marked(app)) == len(rows) - 3
        await press(pilot, "U")
        assert not marked(app)
        await press(pilot, "u")
        assert len(marked(app)) == len(rows) - 3


async def test_the_cursor_stays_on_its_memory_while_another_process_writes(
    desk: Bench, tmp_path: Path
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "j", "j", "space")
        below = browse(app).memories.current
        assert below is not None
        desk.clock.advance(timedelta(minutes=1))
        other = open_store(tmp_path / "memories.db", desk.clock, "codex", durable=False)
        try:
            await other.add_many([Draft(f"from elsewhere {n}", Scope(app_id="x")) for n in "123"])
            gone = browse(app).memories.rows.at(0)
            assert gone is not None
            await other.delete([gone.id])
        finally:
            other.close()
        await until(pilot, lambda: "from elsewhere" in text_of(app))
        assert "from elsewhere" in text_of(app)
        assert gone.text[:30] not in text_of(app)
        assert browse(app).memories.current == below
        assert len(marked(app)) == 1


@pytest.mark.parametrize("marked", [False, True])
async def test_far_down_the_cursor_stays_while_another_process_writes(
    tmp_path: Path, marked: bool
) -> None:
    with bench(tmp_path, count=400) as desk:
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "G", "k", "k", *(["space", "k"] if marked else []))
            memories = browse(app).memories
            below, count = memories.current, len(memories.rows)
            assert below is not None
            assert memories.cursor > 300
            await desk.backend.add(Draft("from elsewhere", Scope(app_id="x")))
            await until(pilot, lambda: len(memories.rows) == count + 1)
            assert memories.current == below
            assert below.text[:20] in text_of(app)


async def test_a_key_right_after_a_jump_means_the_row_that_was_jumped_to(tmp_path: Path) -> None:
    with bench(tmp_path, count=400) as desk:
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "G", "d")
            (change,) = browse(app).session.triage.staging.changes
            last = browse(app).memories.rows.at(len(browse(app).memories.rows) - 1)
            assert isinstance(change, Delete)
            assert last is not None
            assert change.memory_id == last.id


async def test_mark_all_takes_what_matches_and_not_what_is_spelt_alike(desk: Bench) -> None:
    await desk.store.add_many(
        [Draft("the walrus sings", Scope(user_id="kim")), Draft("a walrsu", Scope(user_id="kim"))]
    )
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "walrus")
        assert "a walrsu" in text_of(app)
        assert "spelt alike" in text_of(app)
        await press(pilot, "asterisk")
        assert [memory.text for memory in marked(app)] == ["the walrus sings"]
        await press(pilot, "U", "i")
        assert [memory.text for memory in marked(app)] == ["the walrus sings"]


async def test_mark_all_refuses_what_is_not_all(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        monkeypatch.setattr(type(desk.parts.library), "partial", True)
        await press(pilot, "f5", "asterisk", "i")
        assert not marked(app)
        assert "(incomplete)" in text_of(app)
        monkeypatch.setattr(type(desk.parts.library), "partial", False)
        await find(pilot, "type:decision type:")
        assert app.screen.query_one(SearchBox).has_class("-error")
        await press(pilot, "asterisk")
        assert not marked(app)
        await find(pilot, "")
        await press(pilot, "slash", "tab")
        await find(pilot, "token")
        await press(pilot, "enter", "asterisk", "i")
        assert not marked(app)
        said = " ".join(note.message for note in app._notifications)
        for words in ("incomplete", "not understood", "no sharp edge"):
            assert words in said
        await press(pilot, "space")
        assert len(marked(app)) == 1


async def test_pinned_ones_are_left_out_of_what_a_query_deletes_and_asked_about_by_hand(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision")
        rows = browse(app).memories.rows.loaded().values()
        pinned = [memory for memory in rows if memory.pinned]
        assert pinned
        assert len(rows) > len(pinned)
        await press(pilot, "asterisk", "d")
        assert len(browse(app).session.triage.staging) == len(rows) - len(pinned)
        assert any("left out" in note.message for note in app._notifications)
        await press(pilot, "R")
        await find(pilot, f"id:{pinned[0].id}")
        await press(pilot, "d")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "enter")
        assert not browse(app).session.triage.staging
        await press(pilot, "d", "escape")
        assert not browse(app).session.triage.staging
        await press(pilot, "d", "y")
        assert len(browse(app).session.triage.staging) == 1


async def test_staging_is_taken_back_one_by_one_and_altogether(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes type:decision")
        await press(pilot, "d", "d", "d", "k", "backspace")
        assert "2 staged" in text_of(app)
        await press(pilot, "g", "d")
        assert "1 staged" in text_of(app)
        await press(pilot, "R")
        assert "staged" not in text_of(app).splitlines()[0]


async def test_letters_in_the_gutter_say_what_is_staged(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:task_learning -pinned:yes")
        await press(pilot, "d", "P", "j", "x")
        app.screen.query_one("#prompt-input").value = "30d"  # type: ignore[attr-defined]
        await press(pilot, "enter", "j", "t")
        app.screen.query_one("#prompt-input").value = "decision"  # type: ignore[attr-defined]
        await press(pilot, "enter")
        seen = [browse(app).memories.rows.at(n) for n in range(4)]
        letters = [browse(app).session.triage.letter(each.id) for each in seen if each]
        assert letters == ["D", "P", "X", "T"]
        shown = text_of(app)
        for letter in letters:
            assert f" {letter} learning" in shown


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_a_type_is_chosen_and_a_new_one_is_said_to_be_new(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await find(pilot, "type:task_learning -pinned:yes")
        await press(pilot, "t")
        assert "↓ choose" in text_of(app)
        assert "Esc cancel" in text_of(app)
        await press(pilot, *"dec")
        assert "there is no «dec» yet" in text_of(app)
        await press(pilot, "right")
        assert "there is no" not in text_of(app)
        await press(pilot, "enter")
        memory = browse(app).memories.current
        assert memory is not None
        assert browse(app).session.triage.draft_of(memory).type == "decision"


async def test_a_memory_that_cannot_be_changed_says_so(desk: Bench) -> None:
    first = next(
        iter((await desk.store_library.memories(await desk.store_library.keys())).values())
    )
    await desk.store.delete([first.id])
    await desk.store.restore([replace(first, immutable=True)])
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{first.id}")
        await press(pilot, "e", "E", "P")
        assert not browse(app).session.triage.staging
        assert app.screen is browse(app)
        assert any("immutable" in note.message for note in app._notifications)


async def test_the_best_hit_has_the_cursor(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "j", "j", "slash", "tab")
        await find(pilot, "tests that were slow")
        rows = browse(app).memories.rows
        assert browse(app).memories.cursor == 0
        first = rows.hits[rows.keys[0]]
        assert isinstance(first, SearchHit)
        assert first.score == max(hit.score for hit in rows.hits.values())
        assert "▰" in text_of(app)
        assert "%" not in text_of(app).splitlines()[5]
