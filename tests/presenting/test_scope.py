"""What deleting a whole entity would remove reads the same on both front ends."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.base import BackendInfo
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.scope import printed_preview
from mem0_tui.curator.applying.scopes import ScopePreview, preview
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.model.change import DeleteScope
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.scope import preview_lines, what_goes
from mem0_tui.presenting.spans import texts
from mem0_tui.tui.modals.scope_delete import ScopeDelete
from mem0_tui.tui.widgets.plan_lines import PlanLines
from tests.tui.harness import bench, settle, text_of

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
KIM = EntityRef(EntityKind.USER, "kim")
LONG = "Deploys are on Tuesdays. " * 20


def of_kim(app: str | None, text: str, type_: str | None) -> Memory:
    return Memory(text, text, Scope(user_id="kim", app_id=app), {"type": type_})


def made(final: str = "") -> ScopePreview:
    memories = (
        of_kim("shop", "[PINNED] Use RS256.", "decision"),
        of_kim("shop", LONG, "decision"),
        of_kim("infra", " ", "trap "),
        *(of_kim(f"app{n}", f"note {n}", None) for n in range(6)),
    )
    change = DeleteScope(KIM, tuple(memory.id for memory in memories))
    item = PlanItem(change, memories, ("expired ones go unseen",), ("the dates",), final)
    plan = Plan("f00d", NOW, BackendInfo("local", "/m.db"), (item,), notes=("read by page",))
    return preview(Scope.of(KIM), memories, plan)


WORDS = [
    '9 memories: untyped 6 · decision 2 · "trap " 1',
    "! read by page",
    "! 1 pinned memory among them",
    "! expired ones go unseen",
    "! 2 of them also belong to app:shop",
    "! 1 of them also belongs to app:infra",
    "! 1 of them also belongs to app:app0",
    "! 1 of them also belongs to app:app1",
    "! 1 of them also belongs to app:app2",
    "! and some to 3 other entities",
    "Undo cannot give back exactly: the dates",
    "",
    "the newest",
    "⚑ Use RS256.",
    LONG[:199].rstrip() + "…",
    "(blank)",
    "note 0",
    "note 1",
]


def test_what_is_said() -> None:
    assert texts(preview_lines(made())) == WORDS
    final = texts(preview_lines(made("there is no journal")))
    assert "! cannot be undone here: there is no journal" in final
    assert not any("exactly" in each for each in final)
    assert what_goes(made()) == "all memories of user:kim"


@pytest.mark.parametrize("width", [60, 100])
def test_the_command_line_prints_it_within_its_width(width: int) -> None:
    output = Output(io.StringIO(), io.StringIO(), width=width)
    first, *lines, end = printed_preview(output, made())
    assert first.startswith("user:kim has 9 memories: untyped 6")
    assert end == ""
    assert all(len(line) <= width for line in (first, *lines))
    for line, words in zip(lines, WORDS[1:], strict=True):
        assert words.startswith(line.strip().removesuffix("…").rstrip())


@pytest.mark.anyio
async def test_the_screen_shows_it(tmp_path: Path) -> None:
    with bench(tmp_path, count=5) as desk:
        app = desk.app()
        async with app.run_test(size=(140, 60)) as pilot:
            await settle(pilot)
            app.push_screen(ScopeDelete(made(), read_only=""))
            await settle(pilot)
            assert "Delete all memories of user:kim" in text_of(app)
            view = app.screen.query_one(PlanLines)
            shown = "".join(view.render_line(y).text for y in range(view.size.height))
            for words in WORDS[:-1]:  # the last one is to be scrolled to
                assert "".join(words.split()) in "".join(shown.split())
