"""The plan's items in the user's own editor."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from mem0_tui.model.change import Add
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.plan_view import PlanView
from tests.tui.harness import SIZE, Bench, browse, find, press, settle, text_of

pytestmark = pytest.mark.anyio


async def test_a_text_that_cannot_be_read_back_is_opened_again_from_the_plan_too(
    desk: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(_EDITOR, encoding="utf-8")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        memory = browse(app).memories.current
        assert memory is not None
        await press(pilot, "P", "a", "E")
        assert isinstance(app.screen, PlanView)
        given = texts_of(tmp_path)
        assert len(given) == 2, "it was opened again"
        assert "not a whole === line" in given[1].splitlines()[0]
        assert "typed in the editor" in given[1]
        assert "typed in the editor" in text_of(app)
        await press(pilot, "y")
        after = await desk.backend.get(memory.id)
        assert after.text == "typed in the editor"
        assert after.pinned, "what was staged for it before stays"


async def test_a_new_memory_of_the_plan_can_be_edited_in_the_editor(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []

    def editor(buffer: str, _environ: object) -> str:
        texts.append(buffer)
        return buffer.replace("a draft", "a better draft")

    monkeypatch.setattr(Mem0App, "suspend", lambda _self: nullcontext())
    monkeypatch.setattr("mem0_tui.tui.editor.edit_buffer", editor)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        browse(app).session.triage.add(Draft("a draft", Scope(user_id="kim")))
        await press(pilot, "a", "E")
        assert "a draft" in texts[0]
        assert "a better draft" in text_of(app)
        (change,) = browse(app).session.triage.staging.changes
        assert isinstance(change, Add)
        assert change.draft.text == "a better draft"


async def test_an_undo_offers_no_key_that_edits(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "type:decision -pinned:yes")
        await press(pilot, "d", "a", "y", "u")
        assert "Undo for" in text_of(app)
        for words in ("edit item", "$EDITOR", "J K move"):
            assert words not in text_of(app)


def texts_of(folder: Path) -> list[str]:
    """What the editor was given, time after time."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("given-*"))]


_EDITOR = """
import pathlib, sys
path = pathlib.Path(sys.argv[1])
text = path.read_text(encoding="utf-8")
times = len(list(pathlib.Path(__file__).parent.glob("given-*")))
(pathlib.Path(__file__).parent / f"given-{times}").write_text(text, encoding="utf-8")
if times == 0:  # a damaged head, and a text
    head = next(line for line in text.splitlines() if line.startswith("=== mem0:"))
    path.write_text(f"{head}\\ntyped in the editor\\n=={head}\\n", encoding="utf-8")
else:
    lines = [line for line in text.splitlines() if not line.startswith("=====")]
    path.write_text("\\n".join(lines), encoding="utf-8")
"""
