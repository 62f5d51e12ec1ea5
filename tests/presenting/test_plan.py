"""A plan says the same on the screen and on the command line: what is done to what, and what undo
cannot give back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.base import BackendInfo
from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.plan import plan_lines
from mem0_tui.curator.planning.plan import Plan, PlanItem
from mem0_tui.model.change import (
    Add,
    Change,
    Delete,
    DeleteEntity,
    DeleteScope,
    Edit,
    Merge,
    Restore,
    Update,
)
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.presenting.plan import changes, describe, head, members, plan_remarks
from mem0_tui.presenting.spans import texts
from mem0_tui.tui.modals.plan_view import PlanView
from tests.tui.harness import bench, press, settle, text_of

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
KIM = EntityRef(EntityKind.USER, "kim")
OF_KIM = Scope(user_id="kim")


def memory(number: int, text: str = "Use RS256.", **rest: object) -> Memory:
    made = Memory(f"{number:08}-0000-4000-8000-000000000000", text, OF_KIM, {"type": "decision"})
    return replace(made, **rest)  # type: ignore[arg-type]


ONE, PINNED = memory(1), memory(2, "[PINNED] Never use HS256.")
ITEMS = {
    "delete": PlanItem(Delete(ONE.id), (ONE,)),
    "delete-pinned": PlanItem(Delete(PINNED.id), (PINNED,), warnings=("pinned",)),
    "edit": PlanItem(Update(ONE.id, Edit("Use RS512.")), (ONE,), losses=("the date",)),
    "retype": PlanItem(Update(ONE.id, Edit(metadata={"type": "convention"})), (ONE,)),
    "file": PlanItem(Update(ONE.id, Edit(categories=("a", "b"))), (ONE,)),
    "expire": PlanItem(Update(ONE.id, Edit(expires_on=date(2026, 7, 1))), (ONE,)),
    "pin": PlanItem(Update(ONE.id, Edit(metadata={"type": "decision", "pinned": True})), (ONE,)),
    "unpin": PlanItem(Update(PINNED.id, Edit("Never use HS256.")), (PINNED,)),
    "add": PlanItem(Add(Draft("Tests run on Fridays.", OF_KIM))),
    "restore": PlanItem(Restore(ONE), final="the server gives new ids"),
    "merge": PlanItem(Merge(Draft("Both.", OF_KIM), (ONE.id, PINNED.id)), (ONE, PINNED)),
    "scope": PlanItem(DeleteScope(KIM, (ONE.id, PINNED.id)), (ONE, PINNED)),
    "entity": PlanItem(DeleteEntity(KIM, ()), ()),
    "unseen": PlanItem(Delete("c0ffee00")),
}


def plan_of(*items: PlanItem) -> Plan:
    return Plan("f00d", NOW, BackendInfo("local", "/memories.db"), items)


def printed(plan: Plan, width: int = 160) -> list[str]:
    return plan_lines(Output(io.StringIO(), io.StringIO(), width=width), plan, note=False)


@pytest.mark.parametrize(
    ("name", "letter", "verb", "text"),
    [
        ("delete", "D", "delete", "Use RS256."),
        ("delete-pinned", "D", "delete", "⚑ Never use HS256."),
        ("edit", "E", "edit", "Use RS256."),
        ("retype", "T", "retype", "Use RS256."),
        ("file", "E", "edit", "Use RS256."),
        ("expire", "X", "expire", "Use RS256."),
        ("pin", "P", "pin", "Use RS256."),
        ("unpin", "E", "edit", "⚑ Never use HS256."),
        ("add", "A", "add", "Tests run on Fridays."),
        ("restore", "R", "put back", "Use RS256."),
        ("merge", "M", "merge", "Both."),
        ("scope", "S", "delete", "all 2 memories of user:kim"),
        ("entity", "S", "delete", "user:kim, which holds no memory"),
        ("unseen", "D", "delete", ""),
    ],
)
def test_what_is_done_to_what(name: str, letter: str, verb: str, text: str) -> None:
    said = head(ITEMS[name])
    assert (said.letter, said.verb, said.text) == (letter, verb, text)


def test_another_category_than_the_first_is_an_edit() -> None:
    filed = memory(3, categories=("a",))
    item = PlanItem(Update(filed.id, Edit(categories=("a", "b"))), (filed,))
    assert head(item).verb == "edit"
    assert texts(changes(item)) == ["categories: a → a, b"]


@pytest.mark.parametrize("name", ITEMS)
@pytest.mark.parametrize("width", [80, 160])
def test_the_command_line_prints_the_words_of_each_item(name: str, width: int) -> None:
    item = ITEMS[name]
    shown = printed(plan_of(item), width)
    whole = "\n".join(shown)
    for each in (head(item), *members(item)):
        (row,) = (at for at, x in enumerate(shown) if x.startswith(f"  {each.letter} {each.verb}")
                  and each.id in x)  # fmt: skip
        assert each.type in shown[row]
        assert any(line.endswith(each.text) for line in shown[row : row + 2])
    for line in (*changes(item), *plan_remarks(plan_of(item))):
        assert line.text in whole


def test_an_import_is_called_one() -> None:
    plan = replace(plan_of(ITEMS["restore"]), imports=True)
    assert any(line.startswith("  R import ") for line in printed(plan))


def test_what_edits_change_is_told_part_by_part() -> None:
    edit = Edit("two\nlines", {"branch": "main"}, date(2026, 7, 1), ("a",))
    item = PlanItem(Update(ONE.id, edit), (ONE,))
    assert texts(changes(item)) == [
        "text: [-Use RS256.-]{+two",
        "lines+}",
        "branch: – → main",
        "type: decision → –",
        "expires: never → 2026-07-01",
        "categories: – → a",
    ]


def test_what_many_items_have_in_common_is_said_once_with_their_number() -> None:
    other = PlanItem(Delete("c0ffee00"), final="no journal")
    plan = plan_of(ITEMS["delete-pinned"], ITEMS["edit"], other, other)
    assert texts(plan_remarks(plan)) == [
        "! 1 of 4: pinned",
        "! 2 of 4: cannot be undone here: no journal",
        "Undo cannot give back exactly: the date",
    ]


def test_nothing_in_a_memory_is_obeyed_and_a_blank_text_says_so() -> None:
    hostile = memory(4, "\x1b[31mred\n[bold]x")
    blank = memory(5, " \n ")
    for each in (hostile, blank):
        for change in (Delete(each.id), Restore(each), Update(each.id, Edit("\x9b2J"))):
            item = PlanItem(change, (each,))
            said = texts([*describe(item), *changes(item), head(item).line()])
            assert all(line.isprintable() for line in said)
    assert "(blank)" in texts(describe(PlanItem(Delete(blank.id), (blank,))))


@pytest.mark.anyio
async def test_the_screen_shows_the_words_that_the_command_line_prints(tmp_path: Path) -> None:
    plan = plan_of(*ITEMS.values())
    with bench(tmp_path, count=5) as desk:
        app = desk.app()
        async with app.run_test(size=(140, 50)) as pilot:
            await settle(pilot)
            app.push_screen(PlanView(plan, "local", now=NOW, read_only=""))
            await settle(pilot)
            for item in plan.items:
                said, screen = head(item), text_of(app)
                assert f"{said.letter} {said.verb:<8} " in screen
                assert said.text in screen
                for each in describe(item):
                    assert each.text.strip()[:100] in screen, each.text
                await press(pilot, "down")


def test_every_kind_of_change_is_here() -> None:
    assert {type(item.change) for item in ITEMS.values()} == set(Change.__args__)
