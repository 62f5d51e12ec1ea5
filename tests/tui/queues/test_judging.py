"""Working through the queues by keys, on the embedded store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from mem0_tui.backends.library.local import LocalLibrary
from mem0_tui.detect.suspicion import Queue
from mem0_tui.model.change import Edit
from mem0_tui.model.verdict import Judgement
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.confirm import Confirm
from mem0_tui.tui.modals.merge_view import MergeView
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.widgets.reason_line import ReasonLine
from mem0_tui.tui.widgets.section_bar import SectionBar
from tests.tui.harness import Bench, browse, find, notices, press, settle, text_of, until
from tests.tui.queues.conftest import with_queues
from tests.tui.remote import served

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SIZE = (100, 30)


def tabs(app: Mem0App) -> str:
    return browse(app).query_one(SectionBar).render_line(0).text.strip()


def rows(app: Mem0App) -> list[str]:
    """The rows of the list as they are drawn."""
    memories = browse(app).memories
    drawn = [memories.draw_line(index, memories.size.width) for index in range(len(memories.rows))]
    return [strip.text.rstrip() for strip in drawn]


def line(app: Mem0App) -> str:
    return browse(app).query_one(ReasonLine).render_line(0).text.strip()


async def open_queue(pilot: Pilot[Any], queue: Queue) -> None:
    """Go to the tab of *queue*."""
    app = pilot.app
    assert isinstance(app, Mem0App)
    await until(pilot, lambda: browse(app).session.queues.scanned)
    names = [section.queue for section in browse(app).session.tabs.sections]
    browse(app).controllers.find.choose_tab(names.index(queue))
    await settle(pilot)


async def verdicts(desk: Bench) -> Sequence[tuple[str, Judgement]]:
    found = await (await desk.curator.verdicts()).all()
    return sorted((each.queue, each.judgement) for each in found)


async def test_tabs_count_what_is_to_be_decided_once_it_was_found(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Repeats" in tabs(app))
        assert tabs(app) == "Inbox 12  Repeats 3  Conflicts 2  Noise 3 +1? [All]"
        await press(pilot, "left_square_bracket")
        assert "[Noise 3 +1?]" in tabs(app)
        assert text_of(app).splitlines()[0].split()[2:5] == ["4", "of", "12"]


async def test_groups_stand_together_with_the_reason_and_what_becomes_of_each(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        shown = [" ".join(row.split()[:-1]) for row in rows(app)]
        assert shown == [
            "▾ use tabs the same text",
            "└ use tabs → delete",
            "└ use tabs → delete",
            "▾ sign commits the same text",
            "└ sign commits → delete",
        ]
        assert line(app).startswith("finding: the same text · p stages 2 deletes")
        assert line(app).endswith("2 of 2 groups left")
        assert "Repeats (finding): the same text" in text_of(app)


async def test_each_verdict_key_goes_on_and_undo_takes_it_back(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "K")
        assert line(app).endswith("3 of 4 left")
        await press(pilot, "c")
        assert line(app).endswith("2 of 4 left")
        await press(pilot, "z", "enter")
        assert line(app).endswith("1 of 4 left")
        assert "[Noise 1?]" in tabs(app)
        assert await verdicts(desk) == [
            ("noise", Judgement.DONE),
            ("noise", Judgement.KEEP),
            ("noise", Judgement.SNOOZE),
        ]
        assert "Inbox 10" in tabs(app), "what is only put off is still to be reviewed"
        await press(pilot, "u", "u")
        await until(pilot, lambda: line(app).endswith("3 of 4 left"))
        assert await verdicts(desk) == [("noise", Judgement.KEEP)]
        here = browse(app).memories.current
        assert here is not None
        assert here.text == "noise: turn 2", "the cursor is on what came back"


async def test_verdicts_hold_in_the_next_session_until_the_text_changes(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "K", "c", "c")
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        assert [row.split()[0:3] for row in rows(app)] == [["only", "this", "once"]]
        found = await desk.store_library.memories(await desk.store_library.keys())
        turn = next(m for m in found.values() if m.text == "noise: turn 1")
        await desk.backend.update(turn.id, Edit(text="noise: another turn"))
        await until(pilot, lambda: "another turn" in text_of(app))
        assert line(app).endswith("2 of 2 left")


async def test_one_proposal_and_then_the_whole_queue_are_staged_applied_and_undone(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        await press(pilot, "p")
        assert [row[1] for row in rows(app)] == [" ", "D", "D", " ", " "]
        assert browse(app).memories.cursor == 3, "on the next group"
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "A")
        assert isinstance(app.screen, Confirm)
        shown = text_of(app)
        assert "3 findings: 3 deletes." in shown
        assert "1 only worth a look: not touched." in shown
        await press(pilot, "y")
        assert line(app).endswith("1 of 4 left")
        assert len(browse(app).session.triage.staging) == 5
        await press(pilot, "a")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "y")
        await until(pilot, lambda: "[Noise 1?]" in tabs(app) and "Repeats 1" in tabs(app))
        assert await desk.store_library.total() == 7
        await press(pilot, "u", "y")
        await until(pilot, lambda: "[Noise 3 +1?]" in tabs(app) and "Repeats 3" in tabs(app))
        assert await desk.store_library.total() == 12


async def test_enter_alone_stages_nothing_of_a_whole_queue(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "A", "enter")
        assert not browse(app).session.triage.staging


async def test_an_empty_queue_says_that_nothing_is_left(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.CONFLICTS)
        await press(pilot, "c")
        assert "Nothing left in Conflicts." in text_of(app)
        assert line(app) == "nothing left here"
        assert "[Conflicts]" in tabs(app) or "[Conflicts 0]" in tabs(app)
        await press(pilot, "right_square_bracket")
        assert "Conflicts" not in tabs(app)


async def test_the_words_that_differ_are_pointed_out(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.CONFLICTS)
        memories = browse(app).memories
        found = memories.part("match")
        for index, port in enumerate(("8080", "9090")):
            strip = memories.draw_line(index, memories.size.width)
            marked = [s.text for s in strip if s.style and s.style.underline and s.style.bold]
            assert marked == [port]
        assert found.underline


async def test_a_query_narrows_a_queue_and_what_is_accepted_in_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await find(pilot, "turn 1")
        assert len(rows(app)) == 1
        assert "[Noise 1]" in tabs(app)
        await press(pilot, "2", "A", "y")
        assert len(browse(app).session.triage.staging) == 1


async def test_verdict_keys_act_on_the_marks(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "space", "space", "c")
        assert "[Noise 1 +1?]" in tabs(app)
        assert "«done» for 2 items" in notices(app)
        assert not browse(app).session.triage.marked


async def test_the_footer_shows_the_verdict_keys_in_a_queue_only(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Repeats" in tabs(app))
        assert "K keep" not in text_of(app).splitlines()[-1]
        for queue, merged in ((Queue.REPEATS, True), (Queue.CONFLICTS, True), (Queue.NOISE, False)):
            await open_queue(pilot, queue)
            footer = text_of(app).splitlines()[-1]
            assert footer.startswith("K keep z snooze c done p accept A all")
            assert ("M merge" in footer) == merged
            assert "a apply" in footer
            assert footer.rstrip().endswith("? help")


async def test_a_verdict_in_all_reviews_a_memory_and_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Inbox 12" in tabs(app))
        await press(pilot, "c", "p", "A")
        assert "Inbox 11" in tabs(app)
        said = notices(app)
        assert "«done» for 1 item · u takes it back" in said
        assert "nothing is proposed here" in said
        assert await verdicts(desk) == [("inbox", Judgement.DONE)]


async def test_verdicts_are_given_where_a_server_is_only_read(desk: Bench, tmp_path: Path) -> None:
    async with served(desk, tmp_path) as remote:
        place = with_queues(remote)
        app = place.app(read_only=True)
        async with app.run_test(size=SIZE) as pilot:
            await open_queue(pilot, Queue.NOISE)
            assert "[Noise 3 +1?]" in tabs(app)
            await press(pilot, "K")
            assert "[Noise 2 +1?]" in tabs(app)
            assert await verdicts(place) == [("noise", Judgement.KEEP)]
            await press(pilot, "p", "a")
            assert isinstance(app.screen, PlanView)
            await press(pilot, "y")
            assert await desk.store_library.total() == 12, "nothing was sent"


async def test_a_queue_that_was_open_is_opened_again_without_reading_its_keys(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    keys_of = LocalLibrary.keys_of

    async def counted(library: LocalLibrary, ids: Sequence[str]) -> Mapping[str, int]:
        asked.append(len(ids))
        return await keys_of(library, ids)

    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        monkeypatch.setattr(LocalLibrary, "keys_of", counted)
        await press(pilot, "right_square_bracket", "left_square_bracket")
        assert "[Noise 3 +1?]" in tabs(app)
        assert len(rows(app)) == 4
        assert not asked


async def test_the_words_that_differ_are_marked_in_the_detail_pane_too(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(140, 40)) as pilot:
        await open_queue(pilot, Queue.CONFLICTS)
        await press(pilot, "j")
        await until(pilot, lambda: "against the newest" in text_of(app))
        assert "the gateway listens on port [-8080-]{+9090+}" in text_of(app)
        await press(pilot, "k")
        await until(pilot, lambda: "against the one before" in text_of(app))
        await open_queue(pilot, Queue.REPEATS)
        await press(pilot, "j")
        await until(pilot, lambda: "against" not in text_of(app))


async def test_one_key_merges_the_group_of_a_row(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        await press(pilot, "j", "M")
        assert isinstance(app.screen, MergeView)
        assert "Merge 3 memories into one: a group of Repeats" in text_of(app)
        await press(pilot, "ctrl+s")
        assert "merge of 3 memories staged" in notices(app)
        assert list(browse(app).session.triage.letters().values()) == ["M"] * 3
        assert "sign commits" in rows(app)[browse(app).memories.cursor], "on to the next group"
        await press(pilot, "a", "y")
        assert await desk.store_library.total() == 10
        await press(pilot, "u", "y")
        assert await desk.store_library.total() == 12


async def test_marks_come_before_the_group_and_a_row_alone_has_none(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.REPEATS)
        await press(pilot, "space", "space", "M")
        assert "Merge 2 memories into one" in text_of(app)
        assert "a group of" not in text_of(app)
        await press(pilot, "escape", "U")
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "M")
        assert not isinstance(app.screen, MergeView)
        assert "mark two memories or more" in notices(app)


async def test_what_was_judged_before_a_plan_is_taken_back_after_it(desk: Bench) -> None:
    """The latest comes first: the plan, then what was said before it; and again in order."""
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_queue(pilot, Queue.NOISE)
        await press(pilot, "K", "p", "a", "y")
        assert await desk.store_library.total() == 11
        assert await verdicts(desk) == [("noise", Judgement.KEEP)]
        await press(pilot, "u")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "y")
        assert await desk.store_library.total() == 12
        assert await verdicts(desk) == [("noise", Judgement.KEEP)]
        await press(pilot, "u")
        assert "taken back: «keep» for 1 item" in notices(app)
        assert await verdicts(desk) == []
        await press(pilot, "ctrl+r")
        assert await verdicts(desk) == [("noise", Judgement.KEEP)]
        await press(pilot, "ctrl+r")
        assert isinstance(app.screen, PlanView)
        await press(pilot, "y")
        assert await desk.store_library.total() == 11
