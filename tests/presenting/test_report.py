"""What became of a plan reads the same on the screen and on the command line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.plan import report_lines
from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.change import Add, Delete, DeleteScope, Edit, Merge, Restore, Update
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import NetworkError, StaleError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.presenting.report import differences, item_lines, problems_first, summary
from mem0_tui.presenting.spans import texts
from mem0_tui.tui.modals.report_view import ReportView
from mem0_tui.tui.widgets.plan_lines import PlanLines
from tests.tui.harness import bench, settle, text_of

ONE = Memory("00000001-0000-4000-8000-000000000000", "[PINNED] Use RS256.", Scope(user_id="kim"))
TWO = Memory("00000002-0000-4000-8000-000000000000", "Tests run on Fridays.")
DELETE, UPDATE = PlanItem(Delete(ONE.id), (ONE,)), PlanItem(Update(TWO.id, Edit("x")), (TWO,))
MERGE = PlanItem(Merge(Draft("Both."), (ONE.id, TWO.id)), (ONE, TWO))
KIM = EntityRef(EntityKind.USER, "kim")
SCOPE = PlanItem(DeleteScope(KIM, (ONE.id,)), (ONE,))
REPORT = Report(
    "c0ffee00",
    (
        ItemReport(PlanItem(Add(Draft("New."))), Outcome.DONE, added_id="a" * 8),
        ItemReport(PlanItem(Restore(ONE)), Outcome.DONE, added_id="b" * 8, differences=("id",)),
        ItemReport(MERGE, Outcome.DONE, added_id="c" * 8, undeclared=("the text",)),
        ItemReport(SCOPE, Outcome.DONE, removed=1, remaining=2),
        ItemReport(DELETE, Outcome.REFUSED, StaleError("it has changed since")),
        ItemReport(UPDATE, Outcome.FAILED, NetworkError("nobody answers", hint="is it up?")),
        ItemReport(UPDATE, Outcome.UNKNOWN, NetworkError("the answer was cut off")),
        ItemReport(DELETE, Outcome.CANCELLED),
    ),
)


def printed(report: Report) -> list[str]:
    return report_lines(Output(io.StringIO(), io.StringIO(), width=160), report)


@pytest.mark.parametrize(
    ("outcome", "start"),
    [
        (Outcome.DONE, "✓ done      merge "),
        (Outcome.REFUSED, "! refused   merge "),
        (Outcome.FAILED, "✗ failed    merge "),
        (Outcome.UNKNOWN, "? unknown   merge "),
        (Outcome.CANCELLED, "· not tried merge "),
    ],
)
def test_each_outcome_has_a_sign_and_a_word(outcome: Outcome, start: str) -> None:
    report = Report("c0ffee00", (ItemReport(MERGE, outcome),))
    assert printed(report) == [f"{start}2 memories: Both."]


def test_what_was_done_comes_last_and_a_reason_is_not_repeated() -> None:
    cut_off = ItemReport(DELETE, Outcome.FAILED, NetworkError("nobody answers", hint="is it up?"))
    done = ItemReport(UPDATE, Outcome.DONE)
    lines = [
        texts(each) for each in item_lines(problems_first(Report("0", (done, cut_off, cut_off))))
    ]
    assert lines == [
        [
            f"✗ failed    delete {ONE.id}  ⚑ Use RS256.",
            "            nobody answers",
            "            is it up?",
        ],
        [f"✗ failed    delete {ONE.id}  ⚑ Use RS256."],
        [f"✓ done      edit {TWO.id}  Tests run on Fridays."],
    ]


def test_the_command_line_says_done_in_numbers_and_problems_one_by_one() -> None:
    assert printed(REPORT) == [
        "✓ added aaaaaaaa",
        "✓ put back 1 memory",
        f"? unknown   edit {TWO.id}  Tests run on Fridays.",
        "            the answer was cut off",
        f"✗ failed    edit {TWO.id}  Tests run on Fridays.",
        "            nobody answers",
        f"! refused   delete {ONE.id}  ⚑ Use RS256.",
        "            it has changed since",
        f"· not tried delete {ONE.id}  ⚑ Use RS256.",
        "✓ done      merge 2 memories: Both.",
        "            the new memory is cccccccc",
        "✓ done      delete all 1 memory of user:kim",
        "            2 are there again",
        f"  {ONE.id} is now bbbbbbbb",
        "  As declared, it differs in: id (1)",
        "  ! Read back, it differs in: the text (1)",
    ]


@pytest.mark.anyio
async def test_the_screen_shows_the_words_of_the_command_line(tmp_path: Path) -> None:
    with bench(tmp_path, count=5) as desk:
        app = desk.app()
        async with app.run_test(size=(140, 50)) as pilot:
            await settle(pilot)
            app.push_screen(ReportView(REPORT, "u"))
            await settle(pilot)
            view = app.screen.query_one(PlanLines)
            shown = packed("".join(view.render_line(y).text for y in range(view.size.height)))
            assert summary(REPORT).split(" · ")[0] in text_of(app)
            for line in (*printed(REPORT)[2:12], *texts(differences(REPORT))):
                assert packed(line) in shown


def packed(text: str) -> str:
    """*text* without blanks: lines are wrapped between words."""
    return "".join(text.split())
