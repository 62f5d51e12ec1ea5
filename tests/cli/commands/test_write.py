"""Adding memories, and editing one or many."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mem0_tui.cli.commands.write import read_metadata
from mem0_tui.model.errors import UsageError
from tests.cli.conftest import Program


def memory(program: Program, memory_id: str) -> dict[str, object]:
    found: dict[str, object] = program.json("show", memory_id)["memory"]
    return found


def test_a_memory_is_added_word_for_word(store: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM0_USER_ID", "kim")
    text = "Ünïcode stays\n\n---\nas it is  "
    added = memory(
        store,
        store.add(
            text,
            *("--type", "decision", "--app", "shop-api", "--meta", "branch=main"),
            *("--meta", "confidence=0.9", "--expires", "2999-12-31", "--pin"),
        ),
    )
    assert added["text"] == text
    assert (added["user_id"], added["app_id"]) == ("kim", "shop-api")
    assert added["expires_on"] == "2999-12-31"
    assert added["metadata"] == {
        "branch": "main",
        "confidence": 0.9,
        "type": "decision",
        "pinned": True,
    }


def test_text_comes_from_stdin_too(store: Program) -> None:
    assert store("add", "-", sent="from a pipe\nsecond line\n").code == 0
    assert store.json("list")["memories"][0]["text"] == "from a pipe\nsecond line"
    assert store("add", "-", sent="no text: \udcff").code == 2


def test_what_is_odd_about_a_new_memory_is_said(store: Program) -> None:
    past = store("add", "long gone", "--expires", "2020-01-01")
    assert past.code == 0
    assert "its expiry is past: list and search will not show it" in past.err
    assert "its text holds hidden characters" in store("add", "pass\u200bword rules").err
    assert store("add", "a plain one", "--expires", "2999-01-01").err.count("!") == 0


def test_what_utf_8_cannot_hold_is_refused(store: Program) -> None:
    result = store("add", "half \ud800 pair")
    assert result.code == 2
    assert "the text is not valid in this locale's encoding" in result.err
    assert store.json("list")["memories"] == []


def test_a_blank_option_leaves_an_entity_out(store: Program) -> None:
    added = memory(store, store.add("nobody's", "--user", ""))
    assert added["user_id"] is None


def test_parts_are_edited_and_the_rest_stays(store: Program) -> None:
    one = store.add("We use HS256 keys", "--type", "decision", "--meta", "branch=main", "--pin")
    result = store("edit", one[:8], "--text", "We use RS256 keys", "--type", "convention")
    assert result.code == 0
    assert "edited 1 memory" in result.out
    after = memory(store, one)
    assert after["text"] == "We use RS256 keys"
    assert after["metadata"] == {"branch": "main", "type": "convention", "pinned": True}
    assert store("edit", one, "--unset", "branch", "--unpin", "--expires", "30d").code == 0
    assert memory(store, one)["metadata"] == {"type": "convention"}
    assert memory(store, one)["expires_on"] is not None
    assert store("edit", one, "--no-expires", "--type", "").code == 0
    after = memory(store, one)
    assert (after["type"], after["expires_on"]) == (None, None)
    for _ in range(3):
        assert store("undo").code == 0
    assert memory(store, one)["text"] == "We use HS256 keys"


def test_many_are_edited_at_once(store: Program) -> None:
    ids = [store.add(f"note {n}", "--type", "note", "--meta", "x=1") for n in range(3)]
    kept = store.add("note that is pinned", "--type", "note", "--pin")
    words = ("edit", "--query", "type:note", "--type", "convention", "--expires", "90d")
    unasked = store(*words)
    assert unasked.code == 3
    assert "--yes" in unasked.err
    result = store(*words, typed="y\n")
    assert result.code == 0, result.err
    assert "edited 3 memories" in result.out
    assert "1 with pinned memories left out" in result.err
    assert {memory(store, one)["type"] for one in ids} == {"convention"}
    assert memory(store, kept)["type"] == "note"
    assert store("edit", *ids[:2], "--unset", "x", "--pin", "--yes").code == 0
    assert [memory(store, one)["pinned"] for one in ids] == [True, True, False]
    assert store("edit", *ids, "--unset", "x", "-y").code == 0, "those that have it"
    assert store("undo", "--yes").code == 0
    assert "x" in memory(store, ids[2])["metadata"]  # type: ignore[operator]
    for wrong in ((*ids, "--text", "same"), (), (ids[0], "--query", "x")):
        assert store("edit", *wrong).code == 2


def test_metadata_that_only_looks_like_json_is_pointed_out(store: Program) -> None:
    result = store("add", "text", "--meta", "files=[a")
    assert result.code == 0
    assert "is not JSON" in result.err


def test_a_dry_run_shows_what_an_edit_changes(store: Program) -> None:
    one = store.add("We use HS256 keys", "--type", "decision")
    result = store("edit", one, "--text", "We use RS256 keys", "--type", "convention", "-n")
    assert "We use [-HS256-]{+RS256+} keys" in result.out
    assert "type: decision → convention" in result.out
    assert memory(store, one)["text"] == "We use HS256 keys"


def test_the_plugins_pin_is_taken_off_too(store: Program) -> None:
    one = store.add("[PINNED] use RS256")
    assert memory(store, one)["pinned"] is True
    assert store("edit", one, "--unpin").code == 0
    assert memory(store, one)["text"] == "use RS256"
    assert memory(store, one)["pinned"] is False


def test_the_editor_gets_the_text_and_gives_it_back(
    store: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = store.add("first\n\u202esecond")
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text(encoding='utf-8')\n"
        "assert chr(0x202e) not in text\n"
        "path.write_text(text.replace('first', 'changed'), encoding='utf-8')\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"')
    assert store("edit", one, "--editor").code == 0
    assert memory(store, one)["text"] == "changed\n\u202esecond"
    assert store("edit", one, "--editor").code == 2, "nothing changed this time"
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" -c "raise SystemExit(3)"')
    assert "ended with 3" in store("edit", one, "--editor").err


@pytest.mark.parametrize(
    ("ends", "code", "complaint"),
    [
        ("sys.exit(3)", 2, "ended with 3"),
        ("path.write_bytes(b'typed \\xff')", 2, "not valid UTF-8"),
        ("other = __import__('subprocess').run(CHANGE, check=True)", 3, "has changed since"),
    ],
)
def test_what_was_typed_in_the_editor_is_kept_where_it_is_not_stored(
    store: Program,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ends: str,
    code: int,
    complaint: str,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one = store.add("first")
    change = [sys.executable, "-m", "mem0_tui", *store.options, "edit", one, "--text", "theirs"]
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        f"CHANGE = {change!r}\n"
        "path = pathlib.Path(sys.argv[1])\n"
        f"path.write_text('typed here')\n{ends}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("VISUAL", f'"{sys.executable}" "{script}"')
    said = store("edit", one, "--editor")
    assert said.code == code
    assert complaint in said.err + said.out
    (kept,) = tmp_path.glob("mem0-tui-*/*.txt")
    assert kept.read_bytes().startswith(b"typed")
    assert kept.stat().st_mode & 0o077 == 0
    assert f"kept in {kept}" in said.err.replace("\n", " ")


def test_another_wrong_option_is_told_before_the_editor_opens(
    store: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = store.add("first")
    opened = tmp_path / "opened"
    monkeypatch.setenv("VISUAL", f"touch {opened}")
    assert store("edit", one, "--editor", "--unset", "nonesuch").code == 2
    assert store("edit", one, "--editor", "--expires", "nonesuch").code == 2
    assert not opened.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "nothing would change"),
        (("--text", " "), "blank"),
        (("--unset", "nonesuch"), "no metadata key"),
        (("--meta", "novalue"), "not KEY=VALUE"),
        (("--expires", "soon"), "not a date"),
        (("--text", "a", "--editor"), "not allowed with"),
        (("--pin", "--unpin"), "not allowed with"),
    ],
)
def test_an_edit_that_makes_no_sense(store: Program, words: tuple[str, ...], message: str) -> None:
    result = store("edit", store.add("text"), *words)
    assert result.code == 2
    assert message in result.err


def test_metadata_values_are_json_where_they_can_be() -> None:
    pairs = ["n=1", "f=0.5", "t=true", 'l=["a"]', "s=main", "v=1.2.3", 'q="x"', "e=", "nan=NaN"]
    pairs += ["inf=1e999", f"big={'9' * 5000}"]
    assert read_metadata(pairs) == {
        "n": 1,
        "f": 0.5,
        "t": True,
        "l": ["a"],
        "s": "main",
        "v": "1.2.3",
        "q": '"x"',
        "e": "",
        "nan": "NaN",
        "inf": "1e999",
        "big": "9" * 5000,
    }
    with pytest.raises(UsageError):
        read_metadata(["=x"])


@pytest.mark.parametrize("id_", ["*", "kim*", " ", " kim", "kim\n"])
def test_no_memory_is_added_to_an_entity_that_could_not_be_named(store: Program, id_: str) -> None:
    assert store("add", "one", "--user", id_).code == 3
    assert store("add", "one", "--user", "", "--app", "a/b").code == 0
    (memory,) = store.json("list")["memories"]
    assert (memory["user_id"], memory["app_id"]) == (None, "a/b")


def test_categories_are_set_changed_and_taken_away(store: Program) -> None:
    names = ("--category", "workflows", "--category", "Größe, 90%", "--category", "workflows")
    memory_id = store.add("Releases go out on Thursdays", *names)
    assert memory(store, memory_id)["categories"] == ["workflows", "Größe, 90%"]
    other = store.add("Nothing is filed")
    assert [each["id"] for each in store.json("list", "category:workflows")["memories"]] == [
        memory_id
    ]
    shown = store("edit", memory_id, "--category", "results", "--dry-run")
    assert "categories: workflows, Größe, 90% → results" in shown.out
    planned = store.json("edit", memory_id, "--category", "results", "--dry-run")
    assert planned["plan"]["items"][0]["edit"] == {"categories": ["results"]}
    assert store("edit", memory_id, "--category", "results", "-y").code == 0
    assert memory(store, memory_id)["categories"] == ["results"]
    assert store("edit", "--query", "go", "--no-category", "-y").code == 0
    assert memory(store, memory_id)["categories"] == []
    assert store("undo", "-y").code == 0
    assert memory(store, memory_id)["categories"] == ["results"]
    assert store("undo", "-y").code == 0
    assert memory(store, memory_id)["categories"] == ["workflows", "Größe, 90%"]
    assert memory(store, other)["categories"] == []
    assert store("edit", memory_id, "--category", "workflows", "--category", " ").code == 2
    assert store("edit", memory_id, "--category", "x", "--no-category").code == 2
    nothing = store("edit", other, "--no-category")
    assert (nothing.code, "nothing would change" in nothing.err) == (2, True)


def test_a_plan_file_holds_categories(store: Program, tmp_path: Path) -> None:
    memory_id = store.add("Releases go out on Thursdays", "--category", "workflows")
    file = tmp_path / "plan.json"
    edit = ("edit", memory_id, "--category", "results", "--plan-out", str(file))
    assert store(*edit).code == 0, store(*edit).err
    assert memory(store, memory_id)["categories"] == ["workflows"]
    assert store("edit", memory_id, "--category", "somebody", "-y").code == 0
    refused = store("apply", str(file), "-y")
    assert (refused.code, "has changed since" in refused.out + refused.err) == (3, True)
    assert store("edit", memory_id, "--category", "workflows", "-y").code == 0


def test_categories_go_out_to_a_file_and_come_in_again(store: Program, tmp_path: Path) -> None:
    memory_id = store.add("Releases go out on Thursdays", "--category", "workflows")
    for name in ("memories.jsonl", "memories.md"):
        file = tmp_path / name
        assert store("export", str(file)).code == 0
        assert store("edit", memory_id, "--category", "results", "-y").code == 0
        left_out = store("import", str(file))
        assert (left_out.code, memory(store, memory_id)["categories"]) == (1, ["results"])
        result = store("import", str(file), "--overwrite")
        assert result.code == 0, result.err
        assert memory(store, memory_id)["categories"] == ["workflows"]
    foreign = tmp_path / "foreign.json"
    foreign.write_text('[{"memory": "We tag by CI", "categories": ["workflows", "ci"]}]')
    assert store("import", str(foreign)).code == 0
    [found] = store.json("list", "tag")["memories"]
    assert found["categories"] == ["workflows", "ci"]


def test_history_says_of_each_change_what_it_changed(store: Program) -> None:
    memory_id = store.add("Releases go out on Thursdays", "--category", "workflows")
    for change in (("--category", "results"), ("--meta", "team=web"), ("--text", "On Fridays")):
        assert store("edit", memory_id, *change, "-y").code == 0
    shown = store("history", memory_id).out
    assert shown.count("UPDATE") == 3
    assert "categories: workflows → results" in shown
    assert shown.count("the text stayed the same") == 1
