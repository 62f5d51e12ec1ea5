"""The whole triage by keys, on the embedded store and on the Platform over real HTTP alike."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, TextArea

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.prompt import Prompt
from mem0_tui.tui.modals.scope_delete import ScopeDelete
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import SIZE, Bench, browse, find, press, settle, text_of
from tests.tui.remote import served

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture(params=["local", "platform"])
async def place(
    request: pytest.FixtureRequest, desk: Bench, tmp_path: Path
) -> AsyncIterator[Bench]:
    if request.param == "local":
        yield desk
    else:
        async with served(desk, tmp_path) as made:
            yield made


async def stored(place: Bench) -> dict[str, Memory]:
    """What the store behind it all really holds, by text."""
    keys = await place.store_library.keys(include_expired=True)
    return {m.text: m for m in (await place.store_library.memories(keys)).values()}


async def apply(pilot: Pilot[Any]) -> None:
    await press(pilot, "a")
    assert isinstance(pilot.app.screen, PlanView)
    await press(pilot, "y")


async def test_delete_retype_expire_and_pin_in_one_plan_then_undo_and_redo(place: Bench) -> None:
    before = await stored(place)
    chosen = [
        m
        for m in before.values()
        if not m.pinned and not m.immutable and m.expires_on is None and m.text.isascii()
    ][:4]
    gone, retyped, dated, held = chosen
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{gone.id}")
        await press(pilot, "d")
        await find(pilot, f"id:{retyped.id}")
        await press(pilot, "t")
        app.screen.query_one(Input).value = "convention" if retyped.type != "convention" else "x"
        await press(pilot, "enter")
        await find(pilot, f"id:{dated.id}")
        await press(pilot, "x")
        app.screen.query_one(Input).value = "2027-01-31"
        await press(pilot, "enter")
        await find(pilot, f"id:{held.id}")
        await press(pilot, "P")
        assert "4 staged" in text_of(app)
        assert await stored(place) == before
        await apply(pilot)
        after = await stored(place)
        assert gone.text not in after
        assert after[retyped.text].type in ("convention", "x")
        assert after[dated.text].expires_on == date(2027, 1, 31)
        assert after[held.text].pinned
        assert "staged" not in text_of(app).splitlines()[0]

        await press(pilot, "u")
        await press(pilot, "y")
        back = await stored(place)
        assert gone.text in back
        assert back[retyped.text].type == retyped.type
        assert back[dated.text].expires_on is None
        assert not back[held.text].pinned

        await press(pilot, "ctrl+r")
        await press(pilot, "y")
        again = await stored(place)
        assert gone.text not in again
        assert again[held.text].pinned


async def test_edit_and_add_in_the_pane(place: Bench) -> None:
    memory = next(m for m in (await stored(place)).values() if m.text.isascii() and not m.immutable)
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{memory.id}")
        await press(pilot, "e")
        assert isinstance(app.screen, EditMemory)
        app.screen.query_one("#edit-text", TextArea).text = "edited by hand"
        app.screen.query_one("#edit-metadata", TextArea).text = '{"branch": "main"}'
        await press(pilot, "ctrl+s")
        await press(pilot, "n")
        app.screen.query_one("#edit-text", TextArea).text = "written by hand"
        app.screen.query_one("#edit-type", Input).value = "decision"
        await press(pilot, "ctrl+s")
        assert "2 staged" in text_of(app)
        await apply(pilot)
        after = await stored(place)
        assert after["edited by hand"].metadata["branch"] == "main"
        assert after["edited by hand"].type == memory.type
        assert after["written by hand"].type == "decision"
        assert after["written by hand"].scope.user_id == "kim"
        assert after["written by hand"].scope.app_id == "shop-api"


async def test_the_users_editor_edits_all_marked(
    place: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited: list[str] = []

    def editor(buffer: str, _environ: object) -> str:
        edited.append(buffer)
        return "\n".join(
            f"{line} (checked)"
            if line and not line.startswith(("===", "Edit", "A memory"))
            else line
            for line in buffer.split("\n")
        )

    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    monkeypatch.setattr("mem0_tui.tui.editor.edit_buffer", editor)
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "space", "space", "E")
        assert edited[0].count("=== mem0:") >= 2
        assert "2 staged" in text_of(app)
        await apply(pilot)
        assert sum(text.endswith("(checked)") for text in await stored(place)) == 2


async def test_noise_is_deleted_by_query_and_only_what_matches(place: Bench) -> None:
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = await stored(place)
        noise = {m.id for m in before.values() if m.type == "session_summary" and not m.pinned}
        assert noise
        await find(pilot, "type:session_summary")
        await press(pilot, "asterisk", "d")
        await apply(pilot)
        assert "Nothing matches" in text_of(app)
        after = await stored(place)
        assert {m.id for m in before.values()} - {m.id for m in after.values()} == noise


async def choose_scope(pilot: Pilot[Any], wanted: Callable[[ScopeList], bool]) -> None:
    await press(pilot, "1")
    tree = pilot.app.screen.query_one(ScopeList)
    for _ in range(60):
        if wanted(tree):
            return
        row = tree.cursor
        await press(pilot, "j")
        if tree.cursor == row:
            break
    raise AssertionError("the scope is not in the tree")


async def test_a_run_is_wiped_once_its_name_is_typed_and_comes_back(place: Bench) -> None:
    before = await stored(place)
    run = next(m.scope.run_id for m in before.values() if m.scope.run_id)
    of_run = {m.text for m in before.values() if m.scope.run_id == run}
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await choose_scope(pilot, lambda tree: tree.current is not None and tree.current.id == run)
        await press(pilot, "D")
        await press(pilot, "n")
        assert isinstance(app.screen, ScopeDelete)
        button = app.screen.query_one("#delete", Button)
        assert button.disabled
        app.screen.query_one(Input).value = f"run:{run}"[:-1]
        await pilot.pause()
        assert button.disabled
        await press(pilot, "enter")
        app.screen.query_one(Input).value = f"run:{run}"
        await pilot.pause()
        await press(pilot, "enter")
        assert app.focused is button, "Enter in the field deletes nothing, it goes on"
        assert set(await stored(place)) == set(before)
        await press(pilot, "enter")
        after = await stored(place)
        assert set(before) - set(after) == of_run
        await press(pilot, "u")
        await press(pilot, "y")
        assert set(await stored(place)) == set(before)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_all_that_goes_with_a_scope_can_be_read_on_a_small_screen(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await choose_scope(
            pilot, lambda tree: tree.current is not None and tree.current.id == "kim"
        )
        await press(pilot, "D", "n")
        assert "of them also belong to app:shop-api" in text_of(app)
        assert "the newest" not in text_of(app)
        seen = ""
        for _ in range(4):
            await press(pilot, "pagedown")
            seen += text_of(app)
        assert "the newest" in seen
        assert "Esc cancel" in text_of(app)


async def test_one_that_is_shared_is_said_of_as_one(desk: Bench) -> None:
    for scope in (Scope(user_id="zoe", app_id="solo"), Scope(user_id="zoe")):
        await desk.backend.add(Draft(f"written for {scope}", scope))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await choose_scope(
            pilot, lambda tree: tree.current is not None and tree.current.id == "zoe"
        )
        await press(pilot, "D", "n")
        assert "! 1 of them also belongs to app:solo" in text_of(app)


async def test_what_was_deleted_comes_back_from_the_trash(place: Bench) -> None:
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = await stored(place)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "space", "space", "d")
        await apply(pilot)
        assert len(await stored(place)) == len(before) - 2
        await press(pilot, "T")
        await press(pilot, "asterisk", "r")
        await press(pilot, "y")
        assert set(await stored(place)) == set(before)


async def test_what_another_process_writes_appears(place: Bench) -> None:
    app = place.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await place.store.add_many([Draft("written meanwhile", Scope(user_id="kim"))])
        await press(pilot, "f5")
        assert "written meanwhile" in text_of(app)
        assert browse(app).memories.cursor == 1


async def test_read_only_lets_nothing_through(place: Bench) -> None:
    before = await stored(place)
    app = place.app(read_only=True)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "READ-ONLY" in text_of(app)
        await press(pilot, "d", "a", "y", "enter")
        assert isinstance(app.screen, PlanView)
        assert "read-only" in text_of(app)
        assert await stored(place) == before
        await press(pilot, "escape", "W")
        if place.parts.remote:
            await press(pilot, "enter")
            assert browse(app).read_only
            await press(pilot, "W", "y")
        assert not browse(app).read_only
        await apply(pilot)
        assert len(await stored(place)) == len(before) - 1


async def test_a_prompt_refuses_a_day_that_is_none(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "x")
        app.screen.query_one(Input).value = "someday"
        await press(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        assert "YYYY-MM-DD" in text_of(app)
        await press(pilot, "escape")
        assert not browse(app).session.triage.staging
