"""The main job from end to end: look, find, delete, take back."""

from __future__ import annotations

import os
from pathlib import Path

from tests.cli.conftest import Program


def test_look_find_delete_and_take_back(demo: Program) -> None:
    before = demo.json("list", "--all", "--expired")
    assert before["complete"]
    assert before["total"] == len(before["memories"]) == 400

    found = demo.json("search", "rounding", "of", "money", "--keyword")
    assert found["hits"]
    target = found["hits"][0]["memory"]
    shown = demo("show", target["id"][:8])
    assert shown.code == 0
    assert target["id"] in shown.out

    removed = demo("rm", target["id"][:8], "--yes", "--include-pinned")
    assert removed.code == 0
    assert "deleted 1 memory" in removed.out
    assert "mem0-tui --demo undo" in removed.err
    assert demo("show", target["id"]).code == 4
    assert target["id"][:8] in demo("trash").out

    assert demo("undo").code == 0
    after = demo.json("list", "--all", "--expired")
    assert after["memories"] == before["memories"]


def test_search_by_meaning_finds_what_shares_no_word(store: Program) -> None:
    wanted = store.add("The nightly backup of PostgreSQL goes to the S3 bucket in Frankfurt.")
    for text in ("Tests run with pytest -x.", "We indent with four blanks.", "The logo is blue."):
        store.add(text)
    found = store.json("search", "where", "are", "database", "dumps", "kept")
    assert found["mode"] == "hybrid"
    assert found["hits"][0]["memory"]["id"] == wanted
    assert "%" not in store("search", "where are database dumps kept").out


def test_search_says_when_it_goes_by_words_only(store: Program) -> None:
    store.add("Tests run with pytest -x.")
    result = store("search", "pytest", "--keyword")
    assert "pytest -x" in result.out
    assert "by words only" in result.err


def test_an_undo_can_be_undone(store: Program) -> None:
    store.add("one")
    store.add("two")
    doomed = store.json("list", "two")["memories"][0]["id"]
    assert store("rm", doomed, "--yes").code == 0
    assert store("undo").code == 0
    assert store("redo").code == 3, "it deletes, so it asks"
    assert store("redo", "--yes").code == 0
    assert store.json("list")["total"] == 1
    assert [t["summary"] for t in store.json("journal")["transactions"]] == [
        "delete 1 memory", "put back 1 memory", "delete 1 memory", "add 1 memory", "add 1 memory",
    ]  # fmt: skip


def test_a_transaction_can_be_named(store: Program) -> None:
    store.add("one")
    report = store.json("add", "two")["report"]
    store.add("three")
    assert store("undo", report["transaction"], "--yes").code == 0
    assert {m["text"] for m in store.json("list")["memories"]} == {"one", "three"}


def test_the_demo_never_touches_what_is_the_users(demo: Program, isolated_home: Path) -> None:
    demo("add", "only in the demo")
    demo("rm", "--query", "type:session_state", "--yes")
    demo("undo")
    base = isolated_home.parent
    written = {path.relative_to(base).parts[0] for path in base.rglob("*") if path.is_file()}
    assert written == {"cache"}


def test_the_demo_store_is_made_on_first_use_and_can_be_made_anew(program: Program) -> None:
    program.options = ("--demo",)
    first = program("list", "--limit", "1")
    assert first.code == 0
    assert "Making the demo store" in first.err
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "mem0-tui" / "demo"
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
    program("rm", "--query", "type:decision", "--yes")
    program.options = ()
    assert program("demo", "reset").code == 0
    program.options = ("--demo",)
    assert program.json("list", "type:decision")["total"] > 20
    assert program.json("journal")["transactions"] == []
    assert [path.name for path in folder.parent.iterdir()] == ["demo"]


def test_without_a_command_the_overview_is_shown(demo: Program) -> None:
    result = demo()
    assert result.code == 0
    for word in ("decision", "untyped", "kim", "shop-api", "mem0-tui --demo undo"):
        assert word in result.out


def test_an_empty_store_says_how_to_begin(store: Program) -> None:
    assert "No memories yet" in store().out
    assert "mem0-tui add" in store("list").err
