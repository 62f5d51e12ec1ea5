"""How often the store is read for what a person does: each answer is awaited before the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.strip import Strip

from mem0_tui.model.change import Edit
from mem0_tui.review.row_window import RowWindow
from mem0_tui.tui.controllers import show
from mem0_tui.tui.screens import browse as browse_module
from mem0_tui.tui.widgets.memory_list import MemoryList
from mem0_tui.tui.widgets.status_line import HeaderStatus, StatusLine
from tests.tui.harness import SIZE, Bench, bench, browse, press, settle, text_of

pytestmark = pytest.mark.anyio

LIBRARY = (
    *("keys", "memories", "kind_counts", "entities", "total", "keys_of", "revision"),
    *("order", "changed_since", "overview"),
)
BACKEND = (
    *("get", "get_many", "history", "damaged_texts", "background", "search", "list", "count"),
    "info",
)


def counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The reads of library and backend from now on, by name."""
    reads: Counter[str] = Counter()

    def watch(owner: Any, name: str) -> None:
        read: Callable[..., Any] = getattr(owner, name)

        def counting(*args: Any, **named: Any) -> Any:
            reads[name] += 1
            return read(*args, **named)

        monkeypatch.setattr(owner, name, counting)

    for owner, names in ((bench.parts.library, LIBRARY), (bench.backend, BACKEND)):
        for name in names:
            watch(owner, name)
    return reads


async def test_a_letter_of_a_query_reads_rows_and_counts_and_no_scopes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, count=600) as desk:
        reads = counted(desk, monkeypatch)
        async with desk.app().run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "slash")
            for letter in "th":
                reads.clear()
                await press(pilot, letter)
                del reads["revision"]  # a clock asks for it, whatever is typed
                assert reads.total() <= 5, reads
                assert not reads.keys() & {"entities", "total"}, reads
            await press(pilot, "escape", "slash")
            for letter in "token":  # of which few have the whole, so that others are looked for
                reads.clear()
                await press(pilot, letter)
                del reads["revision"]
                assert reads["background"] <= 1, "what is known of the memory is not read again"
                assert reads.total() <= 6, reads


@pytest.fixture
def no_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked or painted because some time has passed."""
    monkeypatch.setattr(browse_module, "_POLL_SECONDS", 600.0)
    monkeypatch.setattr(show, "_STALE_SECONDS", 600.0)


@pytest.mark.usefixtures("no_clocks")
async def test_one_delete_reads_once_what_it_made_stale_and_the_header_is_painted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[HeaderStatus] = []
    paint = StatusLine.render_line

    def painting(line: StatusLine, y: int) -> Strip:
        painted.append(line.status)
        return paint(line, y)

    with bench(tmp_path, count=600) as desk:
        reads = counted(desk, monkeypatch)
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            await press(pilot, "d", "a")
            monkeypatch.setattr(StatusLine, "render_line", painting)
            reads.clear()
            await press(pilot, "y")
            assert reads.total() <= 5, reads
            assert set(reads.values()) == {1}, "nothing is read twice"
            (header,) = painted
            assert (header.staged, header.total, header.busy) == (0, 599, "")
            assert header.shown == len(browse(app).memories.rows)

            reads.clear()
            browse(app).controllers.poll()
            await settle(pilot)
            assert dict(reads) == {"revision": 1}, "what was done here is no news"


@pytest.mark.usefixtures("no_clocks")
async def test_scopes_and_total_are_read_again_once_something_has_changed(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = counted(desk, monkeypatch)
    async with desk.app().run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a")
        reads.clear()
        await press(pilot, "y")
        assert reads["overview"] == 1
        assert reads["keys"] <= 2


@pytest.mark.usefixtures("no_clocks")
async def test_what_somebody_else_edits_is_read_again_and_the_rest_is_not(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        rows = browse(app).memories.rows
        memory = rows.at(3)
        assert memory is not None
        await desk.backend.update(memory.id, Edit(text="somebody else was here"))
        reads = counted(desk, monkeypatch)
        browse(app).controllers.poll()
        await settle(pilot)
        assert "somebody else was here" in text_of(app)
        assert reads["memories"] == 1


@pytest.mark.usefixtures("no_clocks")
async def test_scrolling_row_by_row_reads_by_pages_and_paints_no_row_for_others_out_of_sight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, count=600) as desk:
        reads = counted(desk, monkeypatch)
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            memories = browse(app).memories
            height = memories.size.height
            await press(pilot, "pagedown")
            assert (memories.cursor, memories.scroll_offset.y) == (height - 1, 0)
            reads.clear()
            await press(pilot, *["down"] * 2 * height)
            assert memories.scroll_offset.y == 2 * height
            assert 1 <= reads["memories"] <= 3, reads

            drawn: list[int] = []
            draw = MemoryList.draw_line

            def drawing(rows: MemoryList, index: int, width: int) -> Strip:
                drawn.append(index)
                return draw(rows, index, width)

            monkeypatch.setattr(MemoryList, "draw_line", drawing)
            top = memories.scroll_offset.y
            browse(app).controllers.load.read_window(top + 3 * height, top + 4 * height)
            await settle(pilot)
            assert memories.rows.at(top + 4 * height - 1) is not None
            assert drawn == []


@pytest.mark.usefixtures("no_clocks")
async def test_rows_in_sight_stay_when_others_are_read_on_the_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RowWindow, "CAPACITY", 200)
    with bench(tmp_path, count=400) as desk:
        app = desk.app()
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            memories = browse(app).memories
            height = memories.size.height
            while memories.cursor < RowWindow.CAPACITY + 3 * height:
                await press(pilot, "pagedown")
            while memories.cursor:
                await press(pilot, "pageup")
                top = memories.scroll_offset.y
                seen = [memories.rows.at(index) for index in range(top, top + height)]
                assert None not in seen, top
