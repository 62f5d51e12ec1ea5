"""An import says in its plan what it could not take over, and whose the memories become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

ROWS: list[object] = [
    {"memory": "by seconds", "created_at": 1767323045, "user_id": "kim"},
    {"memory": "by milliseconds", "created_at": "1767323045000", "user_id": "kim"},
    {"memory": "by nobody", "created_at": "soon"},
    {"memory": "gone", "state": "deleted", "user_id": "kim"},
    None,
]


@pytest.mark.parametrize("way", ["--dry-run", "--plan-out", "apply"])
def test_the_plan_names_what_is_not_taken_over(store: Program, tmp_path: Path, way: str) -> None:
    plan = tmp_path / "plan.json"
    extra = {"--dry-run": ["--dry-run"], "--plan-out": ["--plan-out", str(plan)]}.get(way, [])
    result = store("import", "-", *extra, sent=json.dumps(ROWS))
    assert result.code == 1, "a row was not understood"
    if way == "--plan-out":
        result = store("apply", str(plan), "--yes")
    told = result.out + result.err
    assert "row 3 (soon): created_at is not a readable date: dated as of the" in told
    assert "row 4 (gone): left out: it is deleted there" in told
    assert "row 5: left out: null is not a memory" in told
    assert "1 memory names no owner: put down to user:" in told
    assert "--user ID" in told
    if way != "--dry-run":
        found = {m["text"]: m for m in store.json("list", "--all")["memories"]}
        assert found.keys() == {"by seconds", "by milliseconds", "by nobody"}
        assert found["by seconds"]["created_at"] == "2026-01-02T03:04:05Z"
        assert found["by milliseconds"]["created_at"] == "2026-01-02T03:04:05Z"


def test_a_single_memory_is_not_put_down_to_the_login_name_unsaid(store: Program) -> None:
    result = store("import", "-", sent='{"memory": "mine?"}')
    assert result.code == 0
    assert "names no owner: put down to user:" in result.err
    assert "no date of creation" in result.err


def test_an_owner_can_be_named(store: Program) -> None:
    text = json.dumps([{"memory": "a"}, {"memory": "b", "user_id": "kim"}])
    result = store("import", "-", "--user", "lee", "--app", "shop-api", sent=text)
    assert "put down to user:lee app:shop-api" in result.err
    found = {m["text"]: (m["user_id"], m["app_id"]) for m in store.json("list")["memories"]}
    assert found == {"a": ("lee", "shop-api"), "b": ("kim", None)}


def test_the_document_has_every_remark(store: Program) -> None:
    result = store("import", "-", "--json", sent=json.dumps(ROWS))
    remarks = result.document["remarks"]
    assert [r["row"] for r in remarks if r["left_out"]] == [4, 5]
    assert result.document["format"] == "a JSON list of memories"
    assert any("names no owner" in note for note in result.document["plan"]["notes"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_file_is_read_in_its_encoding_or_the_encoding_is_named(
    store: Program, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "file.json"
    path.write_bytes('[{"memory": "café"}]'.encode(encoding))
    result = store("import", str(path))
    if encoding == "latin-1":
        assert result.code == 2
        assert "not UTF-8 text" in result.err
        assert "check the file's name" not in result.err
    else:
        assert store.json("list")["memories"][0]["text"] == "café"


def test_two_exports_of_one_store_are_equal_to_the_byte(demo: Program, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert demo("export", str(tmp_path / f"{name}.jsonl")).code == 0
        assert demo("export", str(tmp_path / f"{name}.md")).code == 0
    for suffix in ("jsonl", "md"):
        one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_an_export_with_a_time_stamp_is_still_read(store: Program) -> None:
    store.add("one")
    first, rest = store("export").out.split("\n", 1)
    header = {**json.loads(first), "at": "2026-11-01T12:00:00+00:00"}
    store("rm", "--query", "one", "--yes")
    assert store("import", "-", sent=json.dumps(header) + "\n" + rest).code == 0
    assert store.json("list")["total"] == 1


def test_a_part_of_an_export_is_taken_only_when_asked(store: Program) -> None:
    store.add("one")
    store.add("two")
    lines = store("export").out.split("\n")
    store("rm", "--query", "one OR two", "--yes")
    cut = "\n".join(lines[:2])
    refused = store("import", "-", sent=cut)
    assert refused.code == 2
    assert "so 1 are missing" in refused.err
    assert "--partial" in refused.err
    taken = store("import", "-", "--partial", sent=cut)
    assert "1 of 2 memories" in taken.err
