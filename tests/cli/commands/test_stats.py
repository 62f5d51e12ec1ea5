"""``stats``: the picture, the numbers, and what is kept of audits."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Program


@pytest.mark.parametrize("width", [60, 80, 140, 220])
def test_the_picture_fits_and_needs_neither_colour_nor_more_than_ascii(
    demo: Program, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    lines = demo("stats").out.splitlines()
    assert max(map(len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    drawn = "\n".join(lines)
    for part in ("Made per day", "Growth by source", "Kinds", "Age", "Use by Codex", "Queues"):
        assert part in drawn, part
    legend = ("less .. :: ++ ** ## more", "less . : + * # more")
    assert any(each in drawn for each in legend)
    days = [line[4:] for line in lines[3:12] if line.startswith(("Mon ", "Wed ", "Fri "))]
    assert len(days) == 3
    assert all(set(day[: 53 if width < 110 else 106]) <= set(".:+*# ") for day in days)
    assert "not measured yet" in drawn
    assert "what Codex did is not recorded here" in drawn


def test_the_numbers_are_those_of_the_picture_and_of_the_list(demo: Program) -> None:
    document = demo.json("stats")
    total = demo.json("list", "--limit", "1")["total"]
    assert document["total"] == total
    assert sum(row["count"] for row in document["age"]) == total
    assert sum(row["count"] for row in document["by_kind"]) == total
    assert {row["kind"]: row["count"] for row in document["kinds"]}["decision"] == next(
        row["count"] for row in document["by_kind"] if row["name"] == "decision"
    )
    busiest = max(document["calendar"]["days"], key=lambda day: day["count"])
    assert busiest["query"] == f"created:{busiest['day']}"
    producer = document["growth"]["producers"][0]
    month = max(producer["months"], key=lambda month: month["count"])
    for cell in (busiest, producer, month, document["by_kind"][0], document["age"][2]):
        assert demo.json("list", *cell["query"].split())["total"] == cell["count"], cell
    picture = demo("stats").out
    assert f"most: {busiest['count']}, " in picture
    assert f"most in a month: {month['count']}" in picture
    assert document["use"] is None
    assert document["queues"] == []


def test_a_query_narrows_all_of_it_and_may_match_nothing(demo: Program) -> None:
    document = demo.json("stats", "type:decision", "app:shop-api")
    assert [row["name"] for row in document["by_kind"]] == ["decision"]
    assert document["by_kind"][0]["query"] == "type:decision app:shop-api kind:decision"
    assert document["by_kind"][0]["count"] == document["total"]
    assert "No memory matches type:nothing." in demo("stats", "type:nothing").out


def test_an_audit_keeps_counts_and_nothing_else_once_a_day(demo: Program) -> None:
    counts = demo.json("audit")["queues"]
    queues = {row["queue"]: row for row in demo.json("stats")["queues"]}
    assert queues["secrets"]["latest"] == counts["secrets"]["count"] > 0
    assert queues["noise"]["scans"] == [
        {"day": queues["inbox"]["scans"][0]["day"], "count": counts["noise"]["count"]}
    ]
    assert "unused" not in queues, "it could not be measured"
    gone = counts["secrets"]["ids"][0]
    assert demo("rm", gone, "--yes").code == 0
    demo("audit")
    again = {row["queue"]: row for row in demo.json("stats")["queues"]}
    assert len(again["secrets"]["scans"]) == 1, "of a day the last one stays"
    assert again["secrets"]["latest"] == counts["secrets"]["count"] - 1
    drawn = demo("stats").out
    assert "not measured" not in drawn
    assert f"Secrets      {again['secrets']['latest']:>3} " in drawn


def test_what_is_kept_is_for_nobody_else_and_holds_no_memory(store: Program) -> None:
    id_ = store.add("the key is sk-proj-" + "a1B2c3D4e5F6g7H8" * 3)
    store("audit")
    (journal,) = Path(os.environ["XDG_STATE_HOME"]).rglob("journal.db")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    connection = sqlite3.connect(journal)
    ((total, counts),) = connection.execute("SELECT total, counts FROM audits").fetchall()
    connection.close()
    assert total == 1
    assert json.loads(counts) | {"secrets": 1, "inbox": 1, "repeats": 0} == json.loads(counts)
    assert id_ not in counts


def test_a_secret_in_a_name_is_masked_and_no_name_gives_orders(store: Program) -> None:
    secret = "sk-proj-" + "a1B2c3D4e5F6g7H8" * 3
    store.add("one", "--meta", f"source={secret}", "--type", secret)
    store.add("two", "--meta", "source=[b]red[/b]\x1b[31m", "--type", "\x1b]0;x\x07")
    drawn, document = store("stats"), store("stats", "--json")
    for printed in (drawn.out + drawn.err, document.out + document.err):
        assert secret not in printed
        assert "\x1b" not in printed
    assert "[b]red[/b]" in drawn.out
