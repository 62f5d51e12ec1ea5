"""How numbers read; a list says how old its memories are as the screen does."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest

from mem0_tui.cli.rendering.output import Output
from mem0_tui.cli.rendering.plan import report_lines
from mem0_tui.cli.rendering.wording import count_of
from mem0_tui.curator.applying.report import ItemReport, Outcome, Report
from mem0_tui.curator.planning.plan import PlanItem
from mem0_tui.model.change import Delete
from mem0_tui.model.clock import SystemClock
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import NetworkError
from mem0_tui.presenting.age import age
from tests.cli.conftest import Program


@pytest.mark.parametrize("days", [-3, 14, 21, 28])
def test_a_list_shows_the_ages_of_the_screen(store: Program, days: int) -> None:
    moment = SystemClock().now() - timedelta(days=days, hours=1)
    row = {"memory": "note", "created_at": moment.isoformat(), "metadata": {"pinned": True}}
    store("import", "-", sent=json.dumps([row]))
    listed = store("list").out
    assert f" {age(moment, SystemClock().now())} " in listed
    assert "⚑" in listed


def test_a_list_that_was_cut_says_of_what_it_shows_what_they_have_in_common(
    store: Program,
) -> None:
    store.add("of another", "--user", "lee")
    for number in range(3):
        store.add(f"number {number}", "--user", "kim")
    cut = store("list", "--limit", "2").err
    assert "2 of 4 memories" in cut
    assert "these 2 are user:kim" in cut
    assert "all" not in cut.replace("--all", "")
    assert "this one is user:kim" in store("list", "--limit", "1").err
    whole = store("list", "user:kim").err
    assert "3 memories" in whole
    assert "· user:kim" in whole
    assert "user:" not in store("list").err


def test_numbers() -> None:
    assert count_of(50, None) == "50 memories (the total is not known)"
    assert plural(1, "memory") == "1 memory"
    assert plural(1284, "memory") == "1,284 memories"
    assert plural(2, "day") == "2 days"
    assert count_of(3, 1284) == "3 of 1,284 memories"
    assert count_of(3, 3) == "3 memories"


def test_what_was_not_tried_is_not_called_cancelled() -> None:
    output = Output(io.StringIO(), io.StringIO(), width=80)
    item = PlanItem(Delete("0" * 8))
    cut_off = ItemReport(item, Outcome.CANCELLED, error=NetworkError("nobody answers"))
    (line,) = report_lines(output, Report("c0ffee00", (cut_off,) * 282))
    assert line == "· not tried: 282 changes (No answer)"
    line, why = report_lines(output, Report("c0ffee00", (cut_off,)))
    assert (line, why.strip()) == ("· not tried delete 00000000", "nobody answers")
