"""Every exit code, and the two lines that go with a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program

REFUSING_PORT = "http://127.0.0.1:9"


def test_0_done(store: Program) -> None:
    assert store("list").code == 0
    assert store("--version").out.startswith("mem0-tui 0.")
    assert "Exit codes" in store("--help").out
    assert "mem0-tui list [options]" in store("list", "--help").out


def test_1_done_with_warnings(store: Program, tmp_path: Path) -> None:
    store.add("kept")
    path = tmp_path / "export.jsonl"
    store("export", str(path))
    memory = store.json("list")["memories"][0]["id"]
    store("edit", memory, "--text", "changed meanwhile")
    assert store("import", str(path)).code == 1


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("lst",), "there is no command 'lst'", "did you mean mem0-tui list?"),
        (("delete", "x"), "no command 'delete'", "did you mean mem0-tui rm?"),
        (("pin", "x"), "no command 'pin'", "did you mean mem0-tui edit --pin?"),
        (("list", "--limit", "0"), "--limit: '0' is not a valid whole number from 1 up", "--help"),
        (("list", "--limt", "3"), "--limt", "did you mean --limit?"),
        (("list", "--user", "kim"), "--user", "user:VALUE"),
        (("list", "-words"), "-words", "after --"),
        (("list", "--limit", "none"), "none", "see mem0-tui list --help"),
        (("list", "typ:decision"), "there is no field 'typ'", "column 1"),
        (("list", "age:old"), "age", "column"),
        (("search", "type:decision"), "needs words", "mem0-tui list"),
        (("show", "x"), "too short", "at least"),
        (("add", "  "), "no text", "stdin"),
        (("rm",), "rm needs ids, --query, --scope or --empty", "--help"),
        (("rm", "abcd", "--query", "x"), "only one of ids and --query", "--help"),
        (("edit", "--pin"), "edit needs ids or --query", "--help"),
        (("move", "abcd", "--query", "x", "--app", "a"), "only one of ids and --query", "--help"),
        (("purge", "abcd", "--trash"), "only one of ids and --trash", "--help"),
        (("rm", "--query", ""), "matches everything", "--scope"),
        (("rm", "--scope", "kim"), "is not a scope", "user:ID"),
        (("apply", "nowhere.json"), "nowhere.json", "file"),
        (("undo",), "Nothing to do: there is nothing to undo", ""),
        (("redo",), "Nothing to do: there is nothing to redo", ""),
        (("config", "get", "bakend"), "bakend", "did you mean backend?"),
        (("--backend", "oracle", "list"), "oracle", "local, platform"),
    ],
)
def test_2_not_understood(store: Program, words: tuple[str, ...], message: str, hint: str) -> None:
    result = store(*words)
    assert result.code == 2, result.err
    assert result.out == ""
    assert message in result.err
    assert hint in result.err
    assert len(result.err.strip().splitlines()) <= 2
    assert "Traceback" not in result.err


def test_only_what_searches_speaks_of_searching(store: Program) -> None:
    assert "put them after --" in store("list", "-z").err
    assert "search for" not in store("add", "-z", "a text").err


def test_3_refused(store: Program) -> None:
    memory = store.add("precious")
    assert store("rm", memory).code == 3
    assert store("rm", memory, typed="n\n").code == 3
    assert store("rm", memory, typed="\n").code == 3
    assert store("--read-only", "rm", memory, "--yes").code == 3
    assert store("--read-only", "add", "more").code == 3
    assert store("rm", "--scope", "user:*", "--yes").code == 3
    assert store.json("list")["total"] == 1


def test_4_backend_or_network_failure(program: Program, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, " * 100)
    result = program("--store", str(broken), "list")
    assert result.code == 4
    assert "→" in result.err
    remote = program("--backend", "selfhosted", "--url", REFUSING_PORT, "list")
    assert remote.code == 4
    assert "Traceback" not in remote.err


@pytest.mark.parametrize(
    "words",
    [("list",), ("search", "x"), ("show", "0123abcd"), ("entities",), ("history", "0123abcd")]
    + [("export", "out.jsonl"), ("stats",), ("rm", "0123abcd"), ("edit", "0123abcd"), ()],
    ids=" ".join,
)
def test_a_mistyped_store_is_not_made(
    program: Program, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "mistyped" / "memories.db"
    result = program("--store", str(path), *words)
    assert result.code == 2
    assert "there is no store at" in result.err
    assert not path.parent.exists()


def test_a_store_is_made_by_what_puts_memories_into_it(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "new" / "memories.db"
    assert program("--store", str(path), "add", "kept").code == 0
    assert "kept" in program("--store", str(path), "list").out


def test_a_memory_that_is_not_there_is_no_answer_of_the_backend(store: Program) -> None:
    assert store("show", "0123abcd").code == 4


def test_debug_shows_the_traceback(store: Program) -> None:
    assert "Traceback" in store("show", "0123abcd", "--debug").err


def test_a_remote_backend_is_read_only_until_it_is_said(program: Program) -> None:
    remote = ("--backend", "selfhosted", "--url", REFUSING_PORT)
    refused = program(*remote, "add", "text")
    assert refused.code == 3
    assert "--write" in refused.err
    assert program(*remote, "--write", "add", "text").code == 4, "now it is tried"


def test_errors_hold_no_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM0_API_KEY", "m0-secretsecretsecretsecret")
    remote = ("--backend", "platform", "--url", REFUSING_PORT)
    for words in (("list",), ("config",), ("list", "--debug"), ("config", "--json")):
        result = program(*remote, *words)
        assert "secretsecret" not in result.out + result.err
