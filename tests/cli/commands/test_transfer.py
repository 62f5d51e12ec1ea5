"""Export and import lose nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program


def contents(program: Program) -> list[dict[str, object]]:
    found = program.json("list", "--all", "--expired", "--show-secrets")
    memories: list[dict[str, object]] = found["memories"]
    for memory in memories:
        del memory["use"]  # what Codex did with it, which nobody asks of the demo
    return memories


@pytest.mark.parametrize("name", ["all.jsonl", "all.md"])
def test_all_memories_come_back_in_another_store(demo: Program, tmp_path: Path, name: str) -> None:
    before = contents(demo)
    path = tmp_path / name
    assert demo("export", str(path), "--with-secrets").code == 0
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    demo.options = ("--store", str(tmp_path / "other.db"))
    result = demo("import", str(path))
    assert result.code == 0, result.err
    assert "imported 400 memories" in result.out
    assert contents(demo) == before
    assert "import 400 memories" in demo("journal").out
    again = demo("import", str(path))
    assert "already there" in again.err
    assert demo("undo", "--yes").code == 0
    assert contents(demo) == []
    planned = ("import", str(path), "--plan-out", str(tmp_path / "plan.json"))
    assert demo(*planned).code == 3, "one of them holds a password"
    assert demo(*planned, "--with-secrets").code == 0
    assert "imported 400 memories" in demo("apply", str(tmp_path / "plan.json"), "--yes").out


def test_a_query_chooses_what_is_exported(store: Program, tmp_path: Path) -> None:
    store.add("one", "--type", "decision")
    store.add("two")
    path = tmp_path / "some.jsonl"
    assert store.json("export", str(path), "type:decision")["count"] == 1


def test_an_export_goes_through_a_pipe(store: Program, tmp_path: Path) -> None:
    store.add("one\n---\ntwo")
    exported = store("export").out
    before = contents(store)
    store.options = ("--store", str(tmp_path / "other.db"))
    assert store("import", "-", sent=exported).code == 0
    assert contents(store) == before


def test_what_is_there_under_another_id_is_left_out(store: Program, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    store.add("the same")
    store("export", str(path))
    store.options = ("--store", str(tmp_path / "other.db"))
    store.add("the same")
    assert store.json("import", str(path))["skipped"]["already there"] == 1
    assert len(contents(store)) == 1


def test_two_equal_memories_in_one_file_both_come(store: Program, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    store.add("the same")
    store.add("the same")
    store("export", str(path))
    store.options = ("--store", str(tmp_path / "other.db"))
    assert store("import", str(path)).code == 0
    assert len(contents(store)) == 2


def test_an_id_in_use_for_another_text_is_left_alone_unless_told(
    store: Program, tmp_path: Path
) -> None:
    path = tmp_path / "all.jsonl"
    store.add("as exported")
    store("export", str(path))
    (id_,) = [memory["id"] for memory in store.json("list")["memories"]]
    store("edit", id_, "--text", "edited since")
    assert store("import", str(path)).code == 1
    assert [memory["text"] for memory in store.json("list")["memories"]] == ["edited since"]
    assert store("import", str(path), "--overwrite").code == 0
    assert [memory["text"] for memory in store.json("list")["memories"]] == ["as exported"]


@pytest.mark.parametrize("damage", ["cut off", "not an export", "missing", "not text"])
def test_a_damaged_file_is_refused_whole(store: Program, tmp_path: Path, damage: str) -> None:
    store.add("one")
    store.add("two")
    path = tmp_path / "all.jsonl"
    store("export", str(path))
    store.options = ("--store", str(tmp_path / "other.db"))
    match damage:
        case "cut off":
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[:-1]), encoding="utf-8")
        case "not an export":
            path.write_text("hello\n", encoding="utf-8")
        case "not text":
            path.write_bytes(b"\xff\xfe\x00")
        case _:
            path.unlink()
    result = store("import", str(path))
    assert result.code == 2, result.err
    assert contents(store) == []


MEM0: list[dict[str, object]] = [
    {
        "id": "a1111111-1111-4111-8111-111111111111",
        "memory": "Deploy with argocd",
        "user_id": "kim",
        "session_id": "r1",
        "metadata": {"type": "decision"},
        "categories": ["ops"],
        "created_at": "2026-01-02T03:04:05Z",
        "expiration_date": "2099-01-01",
    },
    {"text": "no id, no entity"},
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(MEM0),
        json.dumps({"count": 2, "next": None, "results": MEM0}, indent=2),
        "".join(json.dumps(entry) + "\n" for entry in MEM0),
    ],
    ids=["list", "answer", "lines"],
)
def test_json_that_mem0_wrote_is_read(store: Program, text: str) -> None:
    result = store("import", "-", sent=text)
    assert result.code == 0, result.err
    first, second = sorted(store.json("list")["memories"], key=lambda m: str(m["text"]))
    assert first["id"] == MEM0[0]["id"]
    assert (first["user_id"], first["run_id"], first["type"]) == ("kim", "r1", "decision")
    assert first["created_at"].startswith("2026-01-02T03:04:05")
    assert (first["categories"], first["expires_on"]) == (["ops"], "2099-01-01")
    assert second["text"] == "no id, no entity"
    assert second["user_id"], "it belongs to whom the settings name"
    assert "already there" in store("import", "-", sent=text).err
    store("rm", "a1111111", "--yes")
    store("undo", "--yes")
    assert store.json("list", "type:decision")["memories"][0]["metadata"] == {"type": "decision"}


def test_what_list_prints_can_be_read_again(store: Program) -> None:
    store.add("one")
    printed = store("list", "--json").out
    before = contents(store)
    store("rm", "--query", "one", "--yes")
    assert store("import", "-", sent=printed).code == 0
    assert contents(store) == before


@pytest.mark.parametrize("text", ["[1]", '[{"memory": "  "}]', '{"memory": "a"}\n{"memory"', "{}"])
def test_other_json_is_refused_whole(store: Program, text: str) -> None:
    assert store("import", "-", sent=text).code == 2
    assert contents(store) == []


def test_what_can_be_read_of_a_damaged_store_is_saved(store: Program, tmp_path: Path) -> None:
    text = "".join(f'{{"memory": "note {n} {"x" * 300}", "user_id": "kim"}}\n' for n in range(200))
    store("import", "-", sent=text)
    path = Path(store.options[1])
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 8192 * 4096)
        file.write(b"\xa5" * 20_000)
    saved = tmp_path / "saved.jsonl"
    assert store("export", "type:decision", "--salvage").code == 2
    result = store("export", str(saved), "--salvage")
    assert result.code in (0, 1), result.err
    assert store("export", str(saved), "--salvage").code == 2, "it is there already"
    store.options = ("--store", str(tmp_path / "new.db"))
    assert store("import", str(saved)).code == 0
    assert store.json("stats")["total"] > 100


def test_an_export_never_takes_the_place_of_the_store(store: Program, tmp_path: Path) -> None:
    store.add("one")
    journal = Path(os.environ["XDG_STATE_HOME"]) / "mem0-tui" / "journal.db"
    own = [tmp_path / "memories.db", journal]
    link = tmp_path / "link.jsonl"
    if os.name == "posix":
        link.symlink_to(own[0])
        own.append(link)
    for path in own:
        result = store("export", str(path), "--force")
        assert result.code == 2
        assert "belongs to the store" in result.err
    assert store("export", str(tmp_path), "--force").code == 2
    assert store("export", str(tmp_path / "misspelt" / "all.jsonl")).code == 2
    assert not (tmp_path / "misspelt").exists()
    assert len(contents(store)) == 1


def test_line_breaks_of_unicode_in_a_text_break_no_line(store: Program, tmp_path: Path) -> None:
    store.add("one\u2028two\x85three\x0bfour")
    before = contents(store)
    path = tmp_path / "all.jsonl"
    store("export", str(path))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    resaved = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(resaved, encoding="utf-8", newline="\n")
    store.options = ("--store", str(tmp_path / "other.db"))
    assert store("import", str(path)).code == 0
    assert contents(store) == before


def test_nothing_is_overwritten_by_accident(store: Program, tmp_path: Path) -> None:
    store.add("one")
    path = tmp_path / "notes.md"
    path.write_text("mine", encoding="utf-8")
    assert store("export", str(path)).code == 2
    assert store("rm", "--query", "one", "--plan-out", str(path)).code == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert store("export", str(path), "--force").code == 0
    confused = store("export", "type:decision")
    assert confused.code == 2
    assert "query, not a file" in confused.err
