"""One number for one question: header, tabs, type bar and ``*`` count the same memories."""

from __future__ import annotations

import asyncio
import re
from array import array
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.review.counts import agreeing, in_view, of_hits, total_of, written
from mem0_tui.review.tabs import Section
from mem0_tui.review.view import BrowseState
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.widgets.scope_list import ScopeList
from mem0_tui.tui.widgets.section_bar import SectionBar
from mem0_tui.tui.widgets.status_line import Piece, fitting
from tests.tui.harness import SIZE, Bench, bench, browse, find, press, reached, settle, text_of


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def numbers(app: Mem0App) -> dict[str, str]:
    """What the screen says: the header's count, and «All» and the tab that is shown."""
    lines = text_of(app).splitlines()
    found = {
        "header": re.search(r"(\S+) of \S+", lines[0]),
        "all": re.search(r"│ [● ]All ([\d,]+\+?)? ?│", "\n".join(lines[1:6])),
        "inbox": re.search(r"\[Inbox ([\d,]+\+?)\]", "\n".join(lines[1:4])),
    }
    return {name: match.group(1) or "" for name, match in found.items() if match}


@pytest.mark.anyio
@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["", "type:decision", "VAT", "walrus", "age>30d", "nothing at all"]
)
@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("inbox", [False, True])
async def test_header_type_bar_tab_and_mark_all_agree(
    desk: Bench, query: str, expired: bool, inbox: bool
) -> None:
    scope = Scope(user_id="kim")
    await desk.store.add_many([Draft("the walrus sings", scope), Draft("a walrsu", scope)])
    app = desk.app(last_visit=desk.clock.now().replace(year=2026, month=1))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        if expired:
            await press(pilot, "X")
        if inbox:
            await press(pilot, "left_square_bracket")
        await find(pilot, query)
        await press(pilot, "asterisk")
        marked = len(browse(app).session.triage.marked)
        said = numbers(app)
        assert said.pop("header") == f"{marked:,}"
        if marked:
            assert said["all"] == f"{marked:,}"
        said.pop("all", None)
        if inbox:
            assert said == {"inbox": f"{marked:,}"}


@pytest.mark.anyio
@pytest.mark.slow
async def test_a_search_by_meaning_counts_its_hits(desk: Bench) -> None:
    app = desk.app(last_visit=desk.clock.now().replace(year=2026, month=1))
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "slash", "tab")
        await find(pilot, "tests that were slow")
        hits = len(browse(app).memories.rows)
        assert numbers(app) == {"header": f"{hits:,}", "all": f"{hits:,}"}
        assert "Inbox [All]" in text_of(app), "how many of the hits are new is not known"
        await press(pilot, "enter", "f", *"decision", "enter")
        assert browse(app).session.view.types == {"decision"}
        assert numbers(app) == {"header": f"{len(browse(app).memories.rows):,}", "all": ""}


class SlowLibrary(LocalLibrary):
    """Gives the first rows at once and all of them, or their counts, when it is told to."""

    def __init__(self, desk: Bench) -> None:
        super().__init__(desk.store)
        self.go_on = asyncio.Event()
        self.counting = asyncio.Event()
        self.counting.set()

    def keys(self, *args: Any, limit: int | None = None, **more: Any) -> asyncio.Future[array[int]]:
        first = super().keys(*args, limit=limit, **more)
        if limit is not None or self.go_on.is_set():
            return first
        self.kept = asyncio.get_running_loop().create_task(self._later(first))
        return self.kept

    async def _later(self, keys: asyncio.Future[array[int]]) -> array[int]:
        await self.go_on.wait()
        return await keys

    async def kind_counts(self, *args: Any, **more: Any) -> Any:
        await self.counting.wait()
        return await super().kind_counts(*args, **more)

    async def overview(self, *args: Any, **more: Any) -> Any:
        await self.counting.wait()
        return await super().overview(*args, **more)


@pytest.mark.anyio
@pytest.mark.slow
async def test_while_rows_are_read_their_number_is_what_was_counted_or_not_known(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, count=400) as desk:
        library = SlowLibrary(desk)
        library.counting.clear()
        app = desk.app(library=library)
        async with app.run_test(size=SIZE) as pilot:
            await reached(pilot, lambda: len(browse(app).memories.rows) > 0)
            assert not browse(app).memories.rows.whole
            assert "… of" in text_of(app).splitlines()[0]
            library.counting.set()
            count = f"{await desk.store.count()}"
            await reached(pilot, lambda: numbers(app) == {"header": count, "all": count})
            assert not browse(app).memories.rows.whole
            await browse(app).controllers.stage.mark_all()
            assert not browse(app).session.triage.marked
            library.go_on.set()
            await settle(pilot)
            assert browse(app).memories.rows.whole
            assert numbers(app) == {"header": count, "all": count}


@pytest.mark.anyio
@pytest.mark.slow
async def test_what_was_counted_before_the_first_rows_were_read_is_counted_again(
    tmp_path: Path,
) -> None:
    class Earlier(SlowLibrary):
        """Counts, and gives the rows only after somebody else has written."""

        def order(self, *args: Any, **more: Any) -> asyncio.Future[Any]:
            return asyncio.get_running_loop().create_task(self._after_a_write(*args, **more))

        async def _after_a_write(self, *args: Any, **more: Any) -> Any:
            await super().overview()
            await self._store.add_many([Draft("one more", Scope(user_id="newcomer"))])
            return await super().order(*args, **more)

    with bench(tmp_path, count=400) as desk:
        app = desk.app(library=Earlier(desk))
        async with app.run_test(size=SIZE) as pilot:
            await reached(pilot, lambda: "newcomer" in text_of(app))
            assert not browse(app).memories.rows.whole
            count = f"{await desk.store.count()}"
            assert numbers(app) == {"header": count, "all": count}
            browse(app).parts.library.go_on.set()  # type: ignore[attr-defined]


@pytest.mark.anyio
@pytest.mark.slow
async def test_many_runs_come_after_everything_else(tmp_path: Path) -> None:
    with bench(tmp_path, count=400) as desk:
        await desk.store.add_many(
            [
                Draft(f"of run {number}", Scope("kim", run_id=f"run {number}"))
                for number in range(1100)
            ]
        )
        library = SlowLibrary(desk)
        app = desk.app(library=library)
        async with app.run_test(size=SIZE) as pilot:
            tree = browse(app).query_one(ScopeList)
            await reached(pilot, lambda: len(tree._rows) > 2)
            first = [row for row in tree._rows if row.kind is not EntityKind.RUN]
            assert [row.members for row in tree._rows if row not in first] == [None]
            assert {row.kind for row in first if row.entity} >= {EntityKind.USER, EntityKind.APP}
            library.go_on.set()
            await settle(pilot)
            runs = len((await library.entities()).ids(EntityKind.RUN))
            assert runs >= 1100
            assert [row.members for row in tree._rows if row not in first] == [runs]
            assert [row for row in first if row not in tree._rows] == []


@pytest.mark.anyio
@pytest.mark.slow
async def test_counts_of_earlier_rows_are_left_out(desk: Bench) -> None:
    library = SlowLibrary(desk)
    library.go_on.set()
    app = desk.app(library=library)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        library.counting.clear()
        await find_without_waiting(app, "type:decision")
        await reached(pilot, lambda: numbers(app).get("all") == "")
        shown = len(browse(app).memories.rows)
        assert numbers(app) == {"header": f"{shown}", "all": ""}
        library.counting.set()
        await settle(pilot)
        assert numbers(app) == {"header": f"{shown}", "all": f"{shown}"}


async def find_without_waiting(app: Mem0App, query: str) -> None:
    """Type *query* without waiting for what comes of it."""
    from mem0_tui.tui.widgets.search_box import SearchBox

    app.screen.query_one(SearchBox).set_text(query)


@pytest.mark.anyio
@pytest.mark.slow
async def test_a_listing_that_is_cut_short_says_at_least(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(desk.parts.library), "partial", True)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "59+ of 60 (incomplete)" in text_of(app)
        assert numbers(app)["all"] == "59+"


names = st.sampled_from(["a", "b", "c", None])
type_sets = st.frozensets(names)


@given(st.dictionaries(names, st.one_of(st.none(), st.integers(0, 9))), type_sets, type_sets)
def test_the_bars_numbers_sum_up_to_what_is_shown_or_are_left_out(
    types: dict[str | None, int | None],
    chosen: frozenset[str | None],
    hidden: frozenset[str | None],
) -> None:
    state = BrowseState(types=chosen, hidden_types=hidden)
    shown = in_view(types, state)
    assert agreeing(types, state, shown) == types
    if types and shown is not None:
        assert total_of(agreeing(types, state, shown + 1).values()) is None


@given(st.lists(names), type_sets, type_sets)
def test_hits_are_counted_where_their_type_is_shown(
    hits: list[str | None], chosen: frozenset[str | None], hidden: frozenset[str | None]
) -> None:
    state = BrowseState(types=chosen - hidden, hidden_types=hidden)
    hits = [h for h in hits if (not state.types or h in state.types) and h not in hidden]
    types = of_hits(hits, ["a", "b", "c", None], state)
    assert in_view(types, state) == len(hits)
    if state.types or state.hidden_types:
        assert all(types[name] is None for name in hidden)


texts = st.text(alphabet="abc1, é漢", min_size=1, max_size=20)
pieces = st.lists(
    st.builds(
        Piece,
        st.lists(texts, min_size=1, max_size=3).map(tuple),
        rank=st.integers(0, 9),
        at_end=st.booleans(),
    ),
    max_size=8,
)


@given(pieces, st.integers(0, 120))
@settings(max_examples=200)
def test_a_piece_of_the_header_is_shown_whole_or_not_at_all(
    pieces: list[Piece], width: int
) -> None:
    shown = fitting(pieces, width)
    assert sum(piece.cells for piece in shown) <= width
    forms = {form for piece in pieces for form in piece.forms}
    assert all(piece.forms[0] in forms for piece in shown)
    if sum(piece.cells for piece in pieces) <= width:
        assert shown == pieces
    left_out = len(pieces) - len(shown)
    if left_out and shown:
        ranks = sorted(piece.rank for piece in pieces)
        assert max(piece.rank for piece in shown) <= ranks[len(shown)]


def test_numbers_are_written_alike() -> None:
    assert [written(n, at_least=more) for n in (None, 0, 1134) for more in (False, True)] == [
        "", "", "0", "0+", "1,134", "1,134+",
    ]  # fmt: skip


@pytest.mark.anyio
@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 80, 100, 140, 220])
async def test_marks_and_count_never_run_into_each_other(desk: Bench, width: int) -> None:
    app = desk.app(target="https://memories.example.org/some/where", title="self-hosted")
    async with app.run_test(size=(width, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk")
        await find(pilot, "type:decision -pinned:yes")
        screen = browse(app)
        count, hidden = len(screen.session.triage.marked), len(screen.session.hidden_marks)
        screen.session.loader.words = "HTTP 429, trying again · reading 7,171 of 10,134"
        screen.controllers.show.header()
        await settle(pilot)
        header = text_of(app).splitlines()[0]
        assert cell_len(header) == width
        assert f" {count} marked " in header or f" {count} marked ({hidden} hidden) " in header
        said = re.findall(r"\S+ of \S+", header)
        whole = {f"{len(screen.memories.rows)} of 60", "7,171 of 10,134"}
        assert set(said) <= whole


@given(st.lists(texts, min_size=1, max_size=9), st.data(), st.integers(10, 80))
def test_a_tab_is_shown_whole_and_the_chosen_one_is_among_them(
    tabs: list[str], data: st.DataObject, width: int
) -> None:
    chosen = data.draw(st.integers(0, len(tabs) - 1))
    bar = SectionBar()
    bar._sections, bar._chosen = [Section(name) for name in tabs], chosen
    first, last = bar._in_sight(width)
    assert first <= chosen < last
    cells = sum(cell_len(bar._tab(index)) for index in range(first, last))
    assert cells <= width or last - first == 1
