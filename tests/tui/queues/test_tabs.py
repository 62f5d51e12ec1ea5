"""More tabs than there is room for: the chosen one is whole, and the others are a click away."""

from __future__ import annotations

from datetime import date

import pytest

from mem0_tui.cli.rendering.audit import audit_document
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Edit
from mem0_tui.presenting.suspicion import TITLES
from mem0_tui.review.tabs import Tabs
from mem0_tui.tui.widgets.section_bar import SectionBar
from tests.tui.harness import SIZE, Bench, browse, press, settle, text_of
from tests.tui.queues.test_judging import open_queue, tabs

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_tabs_that_have_no_room_are_pointed_at(desk: Bench) -> None:
    searches = {name * 12: "type:decision" for name in "abcd"}
    app = desk.app(searches=searches)
    async with app.run_test(size=(80, 24)) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        assert tabs(app).startswith("Inbox 12 [Repeats 3] Conflicts 2  Noise 3 +1?  All")
        assert tabs(app).endswith("▶")
        assert "dddd" not in tabs(app)
        bar = browse(app).query_one(SectionBar)
        await pilot.click(SectionBar, offset=(len(bar.render_line(0).text.rstrip()) - 1, 0))
        await settle(pilot)
        assert "[bbbbbbbbbbbb]" in tabs(app)
        assert tabs(app).startswith("◀")
        await press(pilot, "left_square_bracket", "left_square_bracket")
        assert "[All]" in text_of(app)


async def test_the_tabs_give_the_numbers_of_an_audit(desk: Bench) -> None:
    """Of a group only what may go counts, and what has expired is still to be reviewed."""
    keys = await desk.store_library.keys()
    expired = next(iter((await desk.store_library.memories(list(keys))).values()))
    await desk.backend.update(expired.id, Edit(expires_on=date(2026, 1, 1)))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.INBOX)
        make = desk.parts.queues
        assert make is not None
        findings = await make(None).scan()  # type: ignore[arg-type]
        info = await desk.backend.info()
        counted = audit_document(findings, info)["queues"]
        for queue in (Queue.INBOX, Queue.REPEATS, Queue.CONFLICTS, Queue.NOISE):
            found, looks = counted[queue]["count"], counted[queue].get("look", {}).get("count", 0)
            said = f"{TITLES[queue]} {found}" + (f" +{looks}?" if looks else "")
            assert said in tabs(app)
        assert text_of(app).splitlines()[0].split()[2:5] == ["12", "of", "12"]


def test_queues_stand_between_the_inbox_and_all_and_keep_their_names() -> None:
    shown = Tabs(None, {"old": "age>90d"})
    shown.show_queues([Queue.INBOX, Queue.NOISE])
    assert [section.name for section in shown.sections] == ["Inbox", "Noise", "All", "old"]
    shown.choose(1)
    shown.show_queues([Queue.INBOX, Queue.REPEATS])
    names = [section.name for section in shown.sections]
    assert names == ["Inbox", "Repeats", "Noise", "All", "old"], "where the user is, stays"
    assert shown.chosen.name == "Noise"
    shown.choose(-1)
    assert [section.name for section in shown.sections] == ["Inbox", "Repeats", "All", "old"]
