"""Merging marked memories side by side: what stays, whose values, and the text."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import TextArea

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.merge_view import MergeView
from tests.tui.harness import SIZE, Bench, browse, find, notices, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SHOP = Scope(user_id="kim", app_id="merging")


async def fill(desk: Bench, *metadata: dict[str, object]) -> list[Memory]:
    texts = ("Use RS256 for tokens", "Use RS256 for all tokens", "We use RS256")
    return [
        await desk.backend.add(Draft(text, SHOP, values))
        for text, values in zip(texts, metadata, strict=False)
    ]


async def open_view(pilot: Pilot[Any]) -> MergeView:
    await settle(pilot)
    await find(pilot, "app:merging")
    await press(pilot, "g", "v", "G", "v", "M")
    view = pilot.app.screen
    assert isinstance(view, MergeView)
    return view


async def there(desk: Bench) -> dict[str, Memory]:
    found = await desk.backend.list(limit=1000, include_expired=True)
    return {each.id: each for each in found.items if each.scope == SHOP}


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_parts_are_chosen_the_text_is_edited_and_undo_gives_all_back(
    desk: Bench, size: tuple[int, int]
) -> None:
    one, two, three = await fill(
        desk, {"type": "decision", "confidence": 0.9}, {"type": "convention"}, {"branch": "main"}
    )
    before = await there(desk)
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        view = await open_view(pilot)
        assert view.query_one(TextArea).text == one.text
        places = [memory.id for memory in view._choice.memories]
        assert places[0] == one.id
        await press(pilot, "down", *["right"] * places.index(two.id), "space")
        assert view.query_one(TextArea).text == two.text
        await press(pilot, "down", "space")
        assert "type: decision → convention" in text_of(app)
        view.query_one(TextArea).text = "Use RS256 for every token"
        await settle(pilot)
        assert "{+" in text_of(app)
        await press(pilot, "ctrl+s")
        assert browse(app).session.triage.letter(two.id) == "M"
        await press(pilot, "a")
        assert "merge 3 memories into 1" in text_of(app)
        await press(pilot, "y")
        (after,) = (await there(desk)).values()
        assert (after.id, after.text) == (one.id, "Use RS256 for every token")
        assert after.metadata == {"type": "convention", "confidence": 0.9}
        assert after.created_at == one.created_at
        await press(pilot, "u", "y")
        now = await there(desk)
        assert {id_: each.content_hash for id_, each in now.items()} == {
            id_: each.content_hash for id_, each in before.items()
        }
    assert three.id in now


async def test_another_memory_may_stay_and_its_values_come_along(desk: Bench) -> None:
    one, two = await fill(desk, {"type": "decision", "confidence": 0.9}, {"type": "convention"})
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        view = await open_view(pilot)
        await press(pilot, "right", "space")
        assert view.query_one(TextArea).text == two.text
        assert "the one that stays is not changed" in text_of(app)
        await press(pilot, "ctrl+s", "a", "y")
        assert list(await there(desk)) == [two.id]
        assert (await there(desk))[two.id] == two
        assert one.id not in await there(desk)


async def test_a_pinned_memory_goes_only_when_it_is_said_again(desk: Bench) -> None:
    await fill(desk, {"pinned": True}, {"type": "convention"})
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_view(pilot)
        await press(pilot, "right", "space")
        assert "1 pinned memory goes" in text_of(app)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, Confirm)
        await press(pilot, "escape", "ctrl+s", "y")
        assert len(browse(app).session.triage.staging) == 1


async def test_a_text_that_was_written_is_not_lost_by_a_key(desk: Bench) -> None:
    await fill(desk, {}, {})
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        view = await open_view(pilot)
        view.query_one(TextArea).text = "written by hand"
        await settle(pilot)
        await press(pilot, "down", "down", "right", "space")
        assert view.query_one(TextArea).text == "written by hand"
        await press(pilot, "escape")
        assert browse(app).app.screen_stack[-2] is view
        await press(pilot, "n")
        assert app.screen is view
        view.query_one(TextArea).text = " "
        await press(pilot, "ctrl+s")
        assert app.screen is view
        assert "a memory needs text" in text_of(app)


async def test_one_memory_alone_is_not_merged(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "M")
        assert app.screen is browse(app)
        assert "mark two memories or more" in notices(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_words_that_differ_are_in_sight_however_narrow_it_is(
    desk: Bench, size: tuple[int, int]
) -> None:
    same = "The gateway in front of the shop listens on port"
    for port in ("8080", "9090"):
        await desk.backend.add(Draft(f"{same} {port}", SHOP))
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await open_view(pilot)
        row = next(each for each in text_of(app).splitlines() if "text " in each)
        assert "8080" in row
        assert "9090" in row
        ids = next(each for each in text_of(app).splitlines() if "stays" in each)
        assert ids.count("…") == 2, "what is cut says so"
