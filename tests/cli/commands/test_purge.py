"""``purge``, ``rm --forever`` and ``trash purge``: asked for plainly, proved, and said in JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.faulty import holding
from tests.support.loopback import loopback
from tests.support.memories import memory, uuid_of

SECRET = "the key is zk-Quorbital77Vexatious"


def holders(folder: Path) -> list[str]:
    """The files below *folder* that hold the secret's word."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and b"quorbital77" in path.read_bytes().lower()
    ]


def test_a_purge_leaves_nothing_and_says_so(store: Program, tmp_path: Path) -> None:
    secret, other = store.add(SECRET), store.add("another memory")
    store("edit", secret, "--text", f"{SECRET}!")
    store("rm", secret, "--yes")
    assert holders(tmp_path)
    shown = store("purge", secret[:8], typed="purge")
    assert shown.code == 0, shown.err
    assert "purged 1 memory" in shown.out
    assert "nothing is left of it" in shown.out
    assert "There is no undo" in shown.err
    assert holders(tmp_path) == []
    assert store.json("trash")["total"] == 0
    assert [memory["id"] for memory in store.json("list")["memories"]] == [other]


def test_it_asks_for_more_than_a_letter(store: Program, tmp_path: Path) -> None:
    secret = store.add(SECRET)
    for typed in ("", "y", "yes", "2"):
        assert store("purge", secret, typed=typed).code == 3
    assert store("purge", secret, "--yes").code == 3
    assert store("purge", secret).code == 3
    assert "Dry run" in store("purge", secret, "--dry-run").err
    assert holders(tmp_path)
    assert store("purge", secret, typed="1").code == 0
    assert holders(tmp_path) == []


def test_json_is_one_document_without_the_text(store: Program) -> None:
    secret = store.add(SECRET)
    answer = store("purge", secret, "--forever", "--json")
    document = answer.document
    assert (answer.code, document["purged"], document["left"]) == (0, [secret], [])
    assert {each["place"]: each["found"] for each in document["checked"]}["store"] == 0
    assert "Quorbital" not in answer.out
    journal = store.json("journal")
    assert [each["memories"] for each in journal["purges"]] == [{secret: "done"}]


def test_what_still_says_it_is_named(store: Program) -> None:
    secret, other = store.add(SECRET), store.add(f"he said {SECRET}")
    document = store("purge", secret, "--forever", "--json").document
    places = [each["place"] for each in document["left"]]
    assert [each for each in places if not each.startswith("transaction ")] == [f"memory {other}"]
    assert store("show", other).code == 0


def test_pinned_memories_take_an_option_of_their_own(store: Program) -> None:
    pinned, plain = store.add(f"{SECRET} a"), store.add(f"{SECRET} b")
    store("edit", pinned, "--pin")
    assert store("purge", pinned, "--forever").code == 3
    by_query = store("purge", "--query", "Quorbital77Vexatious", "--forever", "--json").document
    assert by_query["purged"] == [plain]
    assert by_query["plan"]["notes"] == ["1 pinned memory left out"]
    assert store("purge", pinned, "--forever", "--include-pinned").code == 0


def test_a_query_finds_what_was_deleted_before(store: Program, tmp_path: Path) -> None:
    deleted, living, other = store.add(SECRET), store.add(f"again {SECRET}"), store.add("other")
    store("rm", deleted, "--yes")
    shown = store("purge", "--query", "Quorbital77", "--forever")
    assert "Purge 2 memories (1 of them in the trash)" in shown.err
    assert shown.code == 0
    assert holders(tmp_path) == []
    assert [memory["id"] for memory in store.json("list")["memories"]] == [other]
    assert store("purge", "--query", f"id:{living}", "--forever").err == "Nothing to purge.\n"


def test_rm_forever_is_a_purge(store: Program, tmp_path: Path) -> None:
    secret = store.add(SECRET)
    assert store("rm", secret, "--forever", typed="y").code == 3
    assert store("rm", secret, "--forever", "--yes").code == 0
    assert holders(tmp_path) == []


def test_rm_says_until_when_and_the_trash_can_be_emptied(store: Program, tmp_path: Path) -> None:
    secret = store.add(SECRET)
    assert "In the trash until 20" in store("rm", secret, "--yes").err
    assert store("trash", "purge", typed="y").code == 3
    assert store("trash", "purge", "--forever").code == 0
    assert store.json("trash")["total"] == 0
    assert holders(tmp_path) == []


def test_undo_passes_over_what_was_purged_and_says_so(store: Program) -> None:
    kept, secret = store.add("kept"), store.add(SECRET)
    store("rm", kept, secret, "--yes")
    store("purge", secret, "--forever")
    shown = store("undo", typed="y")
    assert "1 of its 2 changes was purged on" in shown.err
    assert [memory["id"] for memory in store.json("list")["memories"]] == [kept]


def test_one_way_of_saying_what(store: Program) -> None:
    assert store("purge").code == 2
    assert store("purge", "0123abcd", "--trash").code == 2
    assert store("purge", "--query", "", "--forever").code == 2
    assert store("purge", "0123abcd", "--forever").code == 4
    assert store("purge", "--trash", "--forever").err == "Nothing to purge.\n"


def test_what_a_server_takes_along_is_said_and_comes_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = holding(*(memory(number, f"text {number}") for number in range(1, 9)))
    monkeypatch.setenv("MEM0_API_KEY", "m0-any")
    with loopback(server.app()) as url:
        program.options = ("--url", url, "--write")
        server.takes_along = [uuid_of(5)]
        answer = program("purge", uuid_of(3), "--forever", "--json")
        assert answer.code == 1
        taken = answer.document["taken_along"]
        assert taken["ids"] == [uuid_of(5)]

        server.takes_along = [uuid_of(7)]
        shown = program("purge", uuid_of(6), "--forever")
        assert shown.code == 1
        assert f"{uuid_of(7)} is gone too and was not part of the plan" in shown.out
        (way_back,) = [line for line in shown.err.splitlines() if "To put that back: " in line]
        assert f"mem0-tui --url {url} --write undo " in way_back
        # This server gives what comes back other dates than it declares.
        assert program("undo", way_back.split()[-1], "--yes").code == 1
        assert program("undo", taken["transaction"], "--yes").code == 1
        texts = {each.text for each in server.memories.values()}
        assert texts == {f"text {number}" for number in (1, 2, 4, 5, 7, 8)}
