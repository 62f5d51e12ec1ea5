"""What modals say, and what notices keep clear of."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events
from textual.widgets import Button, Input
from textual.widgets._toast import Toast

from mem0_tui.backends.http.request_log import RequestLog, RequestLogEntry
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.service import Curator
from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.model.memory import Draft
from mem0_tui.tui.commands import WORDS
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.render import shorten
from mem0_tui.tui.widgets.key_footer import KeyFooter
from mem0_tui.tui.widgets.scope_list import ScopeList
from tests.tui.harness import SIZE, Bench, browse, notices, press, reached, settle, text_of

pytestmark = pytest.mark.anyio
SIZES = [(60, 20), (140, 40)]


async def test_an_answer_that_was_expected_is_no_failure(desk: Bench) -> None:
    log = RequestLog()
    for status, expected in ((200, False), (404, True), (404, False)):
        log.add(
            RequestLogEntry("GET", "/v1/memories/a/", status, 20.0, 1, DEMO_NOW, None, expected)
        )
    app = desk.app(requests=lambda: log.entries)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "at")
        assert "3 requests, 1 failed" in text_of(app)
        assert "as expected" in text_of(app)


async def test_a_request_that_nobody_waits_for_any_more_is_no_failure(desk: Bench) -> None:
    log = RequestLog()
    log.add(RequestLogEntry("GET", "/v1/memories/a/", 200, 20.0, 1, DEMO_NOW))
    log.add(RequestLogEntry("GET", "/v1/memories/b/", None, 9.0, 1, DEMO_NOW, withdrawn=True))
    app = desk.app(requests=lambda: log.entries)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "at")
        assert "2 requests, 0 failed, 1 given up" in text_of(app)
        assert "✗ ---" not in text_of(app)


async def test_the_log_says_that_it_keeps_only_so_many(desk: Bench) -> None:
    log = RequestLog(10)
    for _ in range(12):
        log.add(RequestLogEntry("GET", "/v1/ping/", 200, 20.0, 1, DEMO_NOW))
    app = desk.app(requests=lambda: log.entries)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "at")
        assert "the last 10 of 12 requests" in text_of(app)


async def test_a_wrong_name_of_a_scope_is_said(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "1")
        tree = app.screen.query_one(ScopeList)
        while tree.current is None or tree.current.id != "infra":
            await press(pilot, "j")
        await press(pilot, "D", "n")
        box, button = app.screen.query_one(Input), app.screen.query_one("#delete", Button)
        box.value = "app:in"
        await settle(pilot)
        assert "not its name" not in text_of(app), "it may become it yet"
        await press(pilot, "enter")
        assert "That is not its name. Type app:infra or infra" in text_of(app)
        box.value = "App:Infra"
        await settle(pilot)
        assert "not its name" in text_of(app)
        assert button.disabled
        box.value = "infra"
        await settle(pilot)
        assert "not its name" not in text_of(app)
        assert not button.disabled


async def test_help_holds_every_command(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(120, 250)) as pilot:
        await settle(pilot)
        await press(pilot, "question_mark")
        shown = text_of(app).split()
        assert not [word for word in WORDS if f":{word}" not in shown]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "keys", [(), ("colon",), ("T",), ("a",), ("comma",), ("q",), ("question_mark",)]
)
async def test_notices_cover_nothing_that_is_needed(
    desk: Bench, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = desk.app()
    async with app.run_test(size=size, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "d", *keys)
        for number in range(4):
            app.notify("word " * 40, title=f"Trouble {number}", severity="error", markup=False)
        await settle(pilot)
        toasts = [toast for toast in app.screen.query(Toast) if toast.region.area]
        assert toasts
        kinds = "KeyFooter, StatusLine, SectionBar, TypeBar, SearchBox, CommandLine, .frame"
        rack = app.screen.query_one("ToastRack").region
        shown = [toast.region.intersection(rack) for toast in toasts]
        for kept in app.screen.query(kinds):
            assert not any(each.overlaps(kept.region) for each in shown), kept


async def test_notices_of_what_was_staged_go_when_it_is_applied(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "asterisk", "d", "a", "y")
        assert not [note for note in app._notifications if "marked" in note.message]


async def test_the_footer_uses_the_width(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(220, 60)) as pilot:
        await settle(pilot)
        foot = text_of(app).splitlines()[-1]
        assert len(" ".join(foot.split())) > 180
        assert foot.endswith("? help")


async def test_the_footer_leaves_moving_out_where_keys_of_the_modal_have_no_room(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        footer = text_of(app).splitlines()[-1]
        assert "up" not in footer.split()
        await press(pilot, "d", "d", "a")
        footer = text_of(app).splitlines()[-1]
        assert "E $EDITOR" in footer
        assert "up" not in footer.split()
        await press(pilot, "escape", "1")
        assert "i ids" in text_of(app).splitlines()[-1]


async def test_the_footer_shows_the_keys_of_the_modal(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a")
        foot = text_of(app).splitlines()[-1]
        assert "y apply" in foot
        assert "␣ mark" not in foot
        assert app.screen.query_one(KeyFooter).region.bottom == 40


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("评审评审", 5, "评审…"),
        ("a" * 10_000, 4, "aaa…"),
        ("two\nlines", 20, "two ⏎ lines"),
        ("x", 0, ""),
    ],
)
def test_a_text_that_is_cut_says_so(text: str, cells: int, shown: str) -> None:
    assert shorten(text, cells) == shown


async def test_the_palette_cuts_no_word_silently(desk: Bench) -> None:
    long = "zebrafish " + " ".join(f"word{number}" for number in range(60))
    await desk.store.add_many([Draft(long), Draft(f"{long} again")])
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "ctrl+p")
        app.screen.query_one(Input).value = "zebrafish"
        await settle(pilot)
        hits = [row for row in text_of(app).splitlines() if row.startswith("  zebrafish word0")]
        assert hits
        assert all("…" in row for row in hits)


async def test_the_cursors_row_of_the_ansi_theme_has_the_terminals_own_colours(
    desk: Bench,
) -> None:
    app = desk.app(theme="ansi-dark")
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        rows = browse(app).memories
        drawn = list(rows.render_line(0))
        assert drawn
        for segment in drawn:
            assert segment.style is not None
            assert segment.style.reverse
            assert segment.style.bgcolor is None or segment.style.bgcolor.is_default


@pytest.mark.parametrize(("size", "rows"), [((80, 24), 5), ((140, 40), 6)])
async def test_the_edit_pane_gives_a_short_text_few_rows_and_metadata_the_rest(
    desk: Bench, size: tuple[int, int], rows: int
) -> None:
    rest = {f"key{number}": number for number in range(6)}
    await desk.store.add_many([Draft("first line\nsecond line", metadata=rest)])
    app = desk.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, "e")
        assert app.screen.query_one("#edit-text").region.height <= 4
        for number in range(rows):
            assert f'"key{number}": {number}' in text_of(app)


async def test_the_edit_pane_gives_a_long_text_half_of_the_room_at_most(desk: Bench) -> None:
    await desk.store.add_many([Draft("\n".join(f"line {number}" for number in range(90)))])
    app = desk.app()
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "e")
        assert app.screen.query_one("#edit-text").region.height >= 4
        assert app.screen.query_one("#edit-metadata").region.height >= 3
        assert "metadata (JSON)" in text_of(app)


async def test_a_plan_that_takes_long_to_make_is_said_to_be_under_way(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, plan_undo = asyncio.Event(), Curator.plan_undo

    async def slowly(curator: Curator) -> Plan:
        await made.wait()
        return await plan_undo(curator)

    monkeypatch.setattr(Curator, "plan_undo", slowly)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d", "a", "y")
        await pilot.press("u")
        await reached(pilot, lambda: "preparing" in text_of(app).splitlines()[0])
        assert "preparing" in text_of(app).splitlines()[0]
        made.set()
        await settle(pilot)
        assert isinstance(app.screen, PlanView)
        await press(pilot, "escape")
        assert "preparing" not in text_of(app)


async def test_escape_cancels_what_is_being_prepared_and_what_was_typed_for_it(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, plan = asyncio.Event(), Curator.plan

    async def slowly(curator: Curator, *changes: Any, **named: Any) -> Plan:
        await made.wait()
        return await plan(curator, *changes, **named)

    monkeypatch.setattr(Curator, "plan", slowly)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        await pilot.press("a")
        await reached(pilot, lambda: "(Esc cancels)" in text_of(app).splitlines()[0])
        for key in ("y", "escape"):
            app.post_message(events.Key(key, None))
        await settle(pilot)
        assert "cancelled" in notices(app)
        assert "copied" not in notices(app), "what y does to a memory was not meant"
        assert "preparing" not in text_of(app)
        assert len(browse(app).session.triage.staging) == 1, "nothing is lost"
        made.set()
        await press(pilot, "a")
        assert isinstance(app.screen, PlanView)
