"""A key acts on what the person sees, and nothing that was marked, staged or typed is lost."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.modals.prompt import Prompt
from mem0_tui.tui.modals.which_memories import WhichMemories
from tests.tui.harness import SIZE, Bench, browse, find, notices, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def letters(app: Mem0App) -> dict[str, str]:
    """The gutter letters by memory id."""
    return dict(browse(app).session.triage.letters())


def marks(app: Mem0App) -> set[str]:
    return set(browse(app).session.triage.marked)


def question(app: Mem0App) -> str:
    """What the modal asks."""
    return str(app.screen.query_one(".question", Static).content)


async def search(pilot: Pilot[Any], query: str) -> None:
    """Search as somebody does who types."""
    await press(pilot, "slash")
    pilot.app.screen.query_one("#search-input", Input).value = query
    await press(pilot, "enter")


async def retype_all(pilot: Pilot[Any], query: str) -> set[str]:
    """Stage another type for everything that matches *query*; the ids."""
    await search(pilot, query)
    await press(pilot, "asterisk")
    marked = marks(pilot.app)  # type: ignore[arg-type]
    await press(pilot, "t")
    pilot.app.screen.query_one(Input).value = "note"
    await press(pilot, "enter")
    return marked


async def test_a_later_delete_is_about_the_row_that_is_seen(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        retyped = await retype_all(pilot, "type:session_summary")
        assert len(retyped) > 1
        assert not marks(app)
        assert f"{len(retyped)} type changes staged" in notices(app)
        await press(pilot, "escape")
        await search(pilot, "type:decision -pinned:yes")
        await press(pilot, "down")
        row = browse(app).memories.current
        assert row is not None
        await press(pilot, "d")
        assert letters(app) == {**dict.fromkeys(retyped, "T"), row.id: "D"}


@pytest.mark.parametrize("key", ["d", "t", "x", "P", "E", "backspace"])
@pytest.mark.parametrize("answer", ["m", "r", "escape", "enter"])
async def test_a_key_asks_which_are_meant_where_no_mark_is_in_the_list(
    desk: Bench, monkeypatch: pytest.MonkeyPatch, key: str, answer: str
) -> None:
    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    monkeypatch.setattr(
        "mem0_tui.tui.editor.edit_buffer",
        lambda buffer, _: buffer.replace(" ===", " === ").rstrip() + " edited\n",
    )
    app = desk.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await find(pilot, "type:session_summary -pinned:yes")
        await press(pilot, "space", "space")
        marked = marks(app)
        if key == "backspace":
            await press(pilot, "P", "u")
            await press(pilot, "ctrl+r", "u")
            with browse(app).session.triage.steps.step("a test's"):
                browse(app).session.triage.staging.toggle_delete(
                    *browse(app).session.triage.marked.values()
                )
        await find(pilot, "type:decision -pinned:yes")
        row = browse(app).memories.current
        assert row is not None
        await press(pilot, key)
        assert isinstance(app.screen, WhichMemories)
        assert "2 memories marked. None of them is in this list." in text_of(app)
        await press(pilot, answer)
        if answer in ("escape", "enter"):
            assert len(app.screen_stack) == 1
            assert marks(app) == marked
            return
        if isinstance(app.screen, Prompt):
            app.screen.query_one(Input).value = "30d" if key == "x" else "note"
            await press(pilot, "enter")
        if key == "backspace":
            assert letters(app) == ({} if answer == "m" else dict.fromkeys(marked, "D"))
            return
        meant = marked if answer == "m" else {row.id}
        if key == "E":
            assert len(letters(app)) == 1
            assert set(letters(app)) <= meant
        else:
            assert letters(app) == dict.fromkeys(meant, key.upper())
        assert marks(app) == (set() if answer == "m" else marked)


async def test_marks_that_are_partly_hidden_are_counted_where_they_are_acted_on(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "type:session_summary -pinned:yes")
        await press(pilot, "space", "space")
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "space")
        assert "3 marked (2 hidden)" in text_of(app)
        await press(pilot, "x")
        assert "the 3 marked memories (2 not shown)" in question(app)
        await press(pilot, "escape", "d")
        assert "3 deletes staged (2 of them not shown) · u takes it back" in notices(app)


async def test_one_staged_kind_in_place_of_another_is_said_and_taken_back(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        retyped = await retype_all(pilot, "type:session_summary -pinned:yes")
        await press(pilot, "asterisk", "d")
        count = len(retyped)
        assert f"{count} deletes staged in place of {count} type changes" in notices(app)
        assert letters(app) == dict.fromkeys(retyped, "D")
        await press(pilot, "u")
        assert letters(app) == dict.fromkeys(retyped, "T")
        assert marks(app) == retyped
        await press(pilot, "ctrl+r")
        assert letters(app) == dict.fromkeys(retyped, "D")
        assert not marks(app)


async def test_escape_takes_no_mark_away_and_u_gives_back_what_the_unmark_key_took(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "space", "space", "space")
        marked = marks(app)
        await search(pilot, "type:decision")
        await press(pilot, "escape", "escape", "escape")
        assert marks(app) == marked
        await press(pilot, "U")
        assert not marks(app)
        assert "3 marks taken away · u gives them back" in notices(app)
        await press(pilot, "u")
        assert marks(app) == marked


async def test_u_is_about_what_was_applied_once_nothing_is_marked_or_staged_any_more(
    desk: Bench,
) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes type:decision")
        await press(pilot, "space", "space", "d", "a", "y")
        assert not browse(app).session.triage.staging
        await press(pilot, "space", "u")
        assert len(app.screen_stack) == 1
        assert not marks(app)
        await press(pilot, "u")
        assert isinstance(app.screen, PlanView)


async def test_an_expiry_is_filled_in_and_an_empty_box_does_not_clear_it(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes type:decision")
        row = browse(app).memories.current
        assert row is not None
        await press(pilot, "x", *"2027-01-31", "enter", "x")
        assert app.screen.query_one(Input).value == "2027-01-31"
        await press(pilot, "backspace", "enter")
        assert isinstance(app.screen, Prompt)
        assert "write never to clear it" in text_of(app)
        await press(pilot, "escape")
        assert browse(app).session.triage.words(row) == ("expires → 2027-01-31",)
        await press(pilot, "space", "space", "x")
        assert app.screen.query_one(Input).value == ""
        assert "Now: 2027-01-31 (1), never (1)." in question(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Prompt)
        await press(pilot, *"never", "enter")
        assert not browse(app).session.triage.staging


def editor_script(folder: Path, *rounds: str) -> str:
    """An ``$EDITOR`` that does one thing after the other: Python, with ``text`` to change."""
    steps = folder / "steps"
    steps.mkdir()
    for number, each in enumerate(rounds):
        (steps / str(number)).write_text(each)
    script = folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"log = pathlib.Path({str(folder)!r}, 'seen')\n"
        "text = path.read_text()\n"
        "with log.open('a') as seen: seen.write(text + '\\x00')\n"
        f"steps = sorted(pathlib.Path({str(steps)!r}).iterdir())\n"
        "code = steps[0].read_text()\n"
        "steps[0].unlink()\n"
        "exec(code)\n"
        "path.write_text(text)\n"
    )
    return f"{sys.executable} {script}"


async def test_a_text_that_cannot_be_read_back_is_opened_again_with_the_reason(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    folder = tmp_path / "editor"
    folder.mkdir()
    empty_the_first = (
        "first, second = text.split('=== mem0:')[1:]\n"
        "text = text.replace(first.partition('\\n')[2], '\\n')"
        ".replace(second.partition('\\n')[2], 'typed with care\\n')"
    )
    fill_it_again = (
        "head = [line for line in text.split('\\n') if line.startswith('===')][0]\n"
        "text = text.replace(head, head + '\\nonce more')"
    )
    monkeypatch.setenv("VISUAL", editor_script(folder, empty_the_first, fill_it_again))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "-pinned:yes type:decision")
        await press(pilot, "space", "space")
        first, second = list(browse(app).session.triage.marked.values())
        await press(pilot, "E")
        rounds = (folder / "seen").read_text().split("\x00")
        assert f"# ! {first.id} has no text left\n" in rounds[1]
        assert "typed with care" in rounds[1]
        assert browse(app).session.triage.draft_of(first).text == "once more"
        assert browse(app).session.triage.draft_of(second).text == "typed with care"


@pytest.mark.parametrize("last", ["", "text = ''", "sys.exit(3)"])
async def test_what_was_typed_is_kept_in_a_file_where_the_user_gives_up(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    folder = tmp_path / "editor"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    break_it = "text = text.rstrip() + ' typed with care\\n\\n=== mem0:nobody === x\\ny\\n'"
    monkeypatch.setenv("VISUAL", editor_script(folder, break_it, last))
    app = desk.app()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        await press(pilot, "space", "space", "E")
        marked = marks(app)
        (kept,) = folder.glob("mem0-tui-*/memories.txt")
        assert "typed with care" in kept.read_text()
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.parent.stat().st_mode & 0o777 == 0o700
        assert f"what you typed is kept in {kept}" in notices(app)
        assert not browse(app).session.triage.staging
        assert marks(app) == marked != set()
