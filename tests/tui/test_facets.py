"""`f`: one pop-up with everything to narrow by, found by typing; and entities that hold nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Input, OptionList

from mem0_tui.backends.library.entities import EntityList
from mem0_tui.backends.library.library import Overview
from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.entity import Entity, EntityKind, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.facet_picker import FacetPicker
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import SIZE, Bench, browse, find, notices, press, settle, text_of

pytestmark = pytest.mark.anyio


def offered(app: Mem0App) -> Iterable[str]:
    options = app.screen.query_one("#facet-values", OptionList)
    return [" ".join(str(option.prompt).split()) for option in options.options]


@pytest.mark.parametrize("size", [(60, 20), (220, 60)])
async def test_letters_narrow_the_pop_up_and_do_nothing_else(
    desk: Bench, size: tuple[int, int]
) -> None:
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "f", *"decxd")
        assert app.screen.query_one("#facet-find", Input).value == "decxd"
        assert not offered(app)
        await press(pilot, "backspace", "backspace")
        (first, *_) = offered(app)
        assert first.startswith("kind decision ")
        await press(pilot, "enter")
        assert browse(app).session.view.types == {"decision"}
        assert not len(browse(app).session.triage.staging)
        counts = await desk.store_library.kind_counts()
        assert f"decision {counts['decision']}" in text_of(app) or size == (60, 20)
        assert first == f"kind decision {counts['decision']}"


async def test_the_pop_up_has_all_types_and_entities_with_their_counts(desk: Bench) -> None:
    await desk.store.add_many([Draft("x", metadata={"author": "ana", "branch": "tax-2027"})])
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f")
        rows = list(offered(app))
        counts = await desk.store_library.kind_counts()
        assert sum(row.startswith("kind ") for row in rows) == len(counts)
        for kind in EntityKind:
            shown = await desk.store_library.entity_counts(kind)
            for id_, count in shown.items():
                assert f"{kind.value} {id_} {count:,}" in rows or len(id_) > 20
        assert any(row.startswith("user kim ") for row in rows)
        await press(pilot, *"author")
        assert list(offered(app)) == ["author ana 1"]
        await press(pilot, "enter")
        assert browse(app).query_one("#search-input", Input).value == "author:ana" or (
            browse(app).query_one("#search-input", Input).value == 'author:"ana"'
        )
        assert len(browse(app).memories.rows) == 1
        await press(pilot, "f", "escape")
        assert not isinstance(app.screen, FacetPicker)


class WithEmpty(LocalLibrary):
    """A store in which many runs hold nothing any more."""

    async def entities(self) -> EntityList:
        empty = (Entity(EntityKind.RUN, f"run-{number}", 0) for number in range(2_000))
        return EntityList.of([*await super().entities(), *empty])

    async def overview(self, *args: Any, **named: Any) -> Overview:
        there = await super().overview(*args, **named)
        return replace(there, entities=await self.entities())


async def test_empty_entities_are_counted_and_hidden_until_they_are_wanted(desk: Bench) -> None:
    app = desk.app(library=WithEmpty(desk.store))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "2,000 empty · z shows" in text_of(app)
        await press(pilot, "1")
        tree = app.screen.query_one(ScopeList)
        await press(pilot, "z")
        assert "2,000 empty · z shows" not in text_of(app)
        assert any(row.entity and row.entity.id == "run-7" for row in tree._rows) or any(
            row.kind is EntityKind.RUN and (row.members or 0) > 2_000 for row in tree._rows
        )
        await press(pilot, "z")
        assert "2,000 empty · z shows" in text_of(app)


async def test_a_minus_hides_and_choosing_it_again_shows(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "f", *"-decision", "enter")
        assert browse(app).session.view.hidden_types == {"decision"}
        await press(pilot, "f", *"kind:decision", "enter")
        assert not browse(app).session.view.hidden_types
        await press(pilot, "f", *"-app:infra", "enter")
        assert not browse(app).session.view.scope
        rows = browse(app).memories.rows.loaded().values()
        assert rows
        assert all(memory.scope.app_id != "infra" for memory in rows)


async def test_blanks_around_a_name_can_be_seen_wherever_it_is_chosen(desk: Bench) -> None:
    kim = Scope(user_id="kim", app_id="infra")
    await desk.store.add_many([Draft("x", kim, {"type": "odd"}), Draft("y", kim, {"type": "odd "})])
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:odd*")
        assert '"odd " 1' in text_of(app)
        await press(pilot, "f", *"odd")
        assert [line for line in offered(app) if line.startswith("kind")] == [
            "kind odd 1",
            'kind "odd " 1',
        ]


async def test_empty_entities_are_removed_by_one_plan(desk: Bench) -> None:
    runs = [Scope(user_id="kim", run_id=f"left-{number}") for number in range(40)]
    added = await desk.store.add_many([Draft("x", scope) for scope in runs])
    await desk.store.delete([memory.id for memory in added])
    total = await desk.store.count(include_expired=True)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "1", "G", "k", "D")
        assert "40 entities that hold no memory" in text_of(app)
        assert "cannot be undone here" in text_of(app)
        assert "entities without memories  run 40" in text_of(app)
        await press(pilot, "y")
        assert "40 done" in text_of(app) or "40 done" in notices(app)
        assert not (await desk.store_library.entities()).empty
        assert await desk.store.count(include_expired=True) == total
        await press(pilot, "escape")
        assert "empty · z" not in text_of(app)
        await press(pilot, "2", "u")
        assert "40 entities deleted by" in notices(app)


LANE = Scope(agent_id="shop-b1c397fde9", app_id="shop", run_id="session-1")
PLUGIN = {"source": "codex_plugin", "author": "ana", "git_sha": "c0ffee", "branch": "tax"}


async def fill_lane(desk: Bench) -> None:
    await desk.store.add_many(
        [
            Draft("A shared fact", LANE, {**PLUGIN, "dirs": ["src", "src/tax"]}),
            Draft("Another one", LANE, {**PLUGIN, "dirs": ["src"]}),
            Draft("Of both", Scope(user_id="kim", agent_id=LANE.agent_id, app_id="shop")),
            Draft("Kim's own", Scope(user_id="kim", app_id="shop"), {"branch": "tax"}),
        ]
    )


@pytest.mark.parametrize("query", ["", "branch:tax", "app:shop shared:yes", "user:kim"])
async def test_each_count_is_what_the_list_shows_once_it_is_chosen(desk: Bench, query: str) -> None:
    await fill_lane(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, query)
        await press(pilot, "f")
        assert isinstance(app.screen, FacetPicker)
        wanted = [
            facet
            for facet in app.screen._facets
            if facet.field in ("user", "agent", "app", "branch", "folder", "author", "shared")
        ]
        await press(pilot, "escape")
        assert len({facet.field for facet in wanted}) > 3
        for facet in [*wanted[:6], *wanted[-4:]]:
            browse(app).controllers.find._narrow_by(facet)
            await settle(pilot)
            assert len(browse(app).memories.rows) == facet.count, facet
            browse(app).controllers.find.show(
                replace(browse(app).session.view, scope=frozenset()), top=True
            )
            await find(pilot, query)


async def test_entities_that_are_chosen_are_counted_as_alternatives_of_their_kind(
    desk: Bench,
) -> None:
    await fill_lane(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        before = await desk.store_library.entity_counts(EntityKind.APP)
        await press(pilot, "f", *"app:shop-api", "enter", "f", *"app:shop")
        rows = [row.removeprefix("● ") for row in offered(app)]
        assert f"app shop-api {before['shop-api']}" in rows
        assert "app shop 4" in rows


async def test_the_detail_pane_says_where_a_shared_memory_comes_from(desk: Bench) -> None:
    await fill_lane(desk)
    app = desk.app()
    async with app.run_test(size=(160, 50)) as pilot:
        await settle(pilot)
        await find(pilot, "folder:src/tax")
        await press(pilot, "3")
        shown = " ".join(text_of(app).split())
        for words in (
            "agent shop-b1c397fde9 · shared by all users of the app",
            "run session-1 · the session in Codex",
            "author ana",
            "branch tax",
            "commit c0ffee",
            "folders src, src/tax",
        ):
            assert words in shown, words
