"""What opens is laid out once: scroll bars and the first memory are there with the first rows."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from mem0_tui.tui.controllers import detail
from mem0_tui.tui.painting.line_count import CountedLines
from tests.tui.harness import SIZE, Bench, browse, reached, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Lines(App[None]):
    CSS = "CountedLines { overflow-x: hidden; }"

    def compose(self) -> ComposeResult:
        yield CountedLines()


async def test_a_scroll_bar_comes_and_goes_with_the_lines_that_need_it() -> None:
    app = Lines()
    async with app.run_test(size=(40, 10)) as pilot:
        view = app.query_one(CountedLines)
        for count, wanted in ((10, False), (11, True), (5000, True), (3, False)):
            view.has_lines(count)
            assert view.show_vertical_scrollbar == wanted
            await pilot.pause()
            assert view.show_vertical_scrollbar == wanted
            assert view.virtual_size.height == count
            assert view.scrollable_content_region.width == 40 - view.scrollbar_size_vertical
            view.scroll_end(animate=False, immediate=True)
            assert view.scroll_offset.y == max(0, count - 10)


async def test_the_first_memory_is_shown_without_a_pause(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detail, "_DETAIL_DELAY", 3600)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await reached(pilot, lambda: browse(app).memories.current is not None)
        memory = browse(app).memories.current
        assert memory is not None
        await reached(pilot, lambda: memory.id[:14] in text_of(app))
