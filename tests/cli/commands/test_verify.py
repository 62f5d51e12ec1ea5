"""A byte that was turned over inside a text is not shown, exported or kept as the truth."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Program

TEXTS = [
    f"Decision {number}: We keep Invoice {number * 7919} in PostgreSQL, Naïvely and Überall."
    for number in range(40)
]


@pytest.fixture
def filled(store: Program, tmp_path: Path) -> tuple[Program, Path]:
    """A store of its own with forty memories, in one file."""
    path = tmp_path / "flipped.db"
    store.options = ("--store", str(path))
    messages = json.dumps([{"id": f"m{n}", "memory": text} for n, text in enumerate(TEXTS)])
    source = tmp_path / "made.json"
    source.write_text(messages)
    store.add("the first, which makes the store")
    assert store("import", str(source)).code == 0
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    assert store("verify").code == 0
    return store, path


def stored(path: Path, column: str = "text", table: str = "memories") -> dict[str, bytes]:
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    rows = connection.execute(f"SELECT id, {column} FROM {table}").fetchall()
    connection.close()
    return {id_.decode(): text for id_, text in rows}


@pytest.mark.parametrize("seed", range(30))
def test_a_byte_turned_over_in_a_text_is_named(
    filled: tuple[Program, Path], tmp_path: Path, seed: int
) -> None:
    store, path = filled
    chance = random.Random(seed)
    text = chance.choice(TEXTS)
    before = stored(path)
    wanted = next(id_ for id_, kept in before.items() if kept == text.encode())
    data = bytearray(path.read_bytes())
    places = [at for at in range(len(data)) if data.startswith(text.encode(), at)]
    # The text stands in the memory and in its history.
    start = next(at for at in places if flipped_in_memory(path, data, at, wanted))
    data[start + chance.randrange(len(text.encode()))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    assert stored(path)[wanted] != before[wanted]

    shown = store("show", wanted)
    assert (shown.code, f"memory {wanted} is damaged" in shown.err) == (1, True)
    assert store.json("show", wanted, code=1)["memory"]["damaged"] is True
    exported = store("export", str(tmp_path / "all.jsonl"))
    assert (exported.code, f"memory {wanted} is damaged" in exported.err) == (1, True)
    assert store.json("export", "-", code=1)["damaged"] == [wanted]
    verified = store("verify")
    assert verified.code == 5
    assert f"✗ memory {wanted}: its text does not fit its hash" in verified.out
    document = store.json("verify", code=5)
    assert document["ok"] is False
    # An index of words may be of another text too, unless the byte is part of no word.
    assert {found["id"] for found in document["store"]} | {None} == {wanted, None}
    # All others are as they were, and one damaged text hides none of them.
    others = [id_ for id_ in before if id_ != wanted]
    listed = store.json("list", "--all")["memories"]
    assert len(listed) == len(before)
    assert store("show", others[0]).code == 0
    # What is damaged can be put right, or deleted.
    mend = ("edit", wanted, "--text", text) if seed % 2 else ("rm", wanted)
    assert store(*mend, "--yes").code == 0
    assert store.json("export", "-").get("damaged") is None


def flipped_in_memory(path: Path, data: bytearray, at: int, memory_id: str) -> bool:
    """Whether what stands at the place *at* of the file is the text of the memory itself."""
    trial = path.with_name("trial.db")
    turned = bytearray(data)
    turned[at] ^= 1
    trial.write_bytes(turned)
    return stored(trial)[memory_id] != stored(path)[memory_id]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('UPDATE memories SET metadata = \'{"type":"x"}\' WHERE id = ?', "type"),
        ("UPDATE memories SET metadata = '{\"a\":1}' WHERE id = ?", "last change of it left it"),
        ("UPDATE memories SET metadata = '{\"a' WHERE id = ?", "cannot be read"),
        ("UPDATE memories SET created_at = 'x' WHERE id = ?", "cannot be read"),
        ("UPDATE memories SET user_id = 'eve' WHERE id = ?", "left it: scope"),
        ("UPDATE memories SET folded = 'other' WHERE id = ?", "folded"),
        ("UPDATE memories SET hash = 'other' WHERE id = ?", "does not fit its hash"),
        ("UPDATE history SET new_text = 'other' WHERE memory_id = ?", "left it: text"),
    ],
)
def test_what_else_was_turned_over_is_named_too(
    filled: tuple[Program, Path], change: str, said: str
) -> None:
    store, path = filled
    wanted = next(id_ for id_, kept in stored(path).items() if kept == TEXTS[3].encode())
    with sqlite3.connect(path) as connection:
        connection.execute(change, (wanted,))
    connection.close()
    verified = store("verify")
    assert verified.code == 5
    (line, *_) = [line for line in verified.out.splitlines() if wanted in line]
    assert said in line


def test_a_deleted_memory_is_verified_in_the_trash(filled: tuple[Program, Path]) -> None:
    store, path = filled
    wanted = next(id_ for id_, kept in stored(path).items() if kept == TEXTS[3].encode())
    assert store("rm", wanted, "--yes").code == 0
    assert store("verify").code == 0
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE tombstones SET text = 'other' WHERE id = ?", (wanted,))
    connection.close()
    assert f"memory {wanted}: in the trash it is not as it was deleted: text" in store("verify").out


def test_what_was_changed_on_purpose_is_no_damage(filled: tuple[Program, Path]) -> None:
    store, path = filled
    wanted = next(id_ for id_, kept in stored(path).items() if kept == TEXTS[3].encode())
    for words in (
        ("edit", wanted, "--text", "Another text"),
        ("edit", wanted, "--type", "decision"),
        ("edit", wanted, "--pin"),
        ("rm", wanted, "--include-pinned"),
        ("undo",),
        ("undo",),
        ("redo",),
    ):
        assert store(*words, "--yes").code == 0, words
        result = store("verify")
        assert (result.code, result.out.startswith("✓ ")) == (0, True), (words, result.out)


def test_a_broken_index_and_journal_are_named(filled: tuple[Program, Path]) -> None:
    store, path = filled
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM memories_trigrams_data WHERE id > 10")
    connection.close()
    verified = store("verify")
    assert verified.code == 5
    assert "memories_trigrams" in verified.out


def test_only_the_embedded_store_can_be_verified(store: Program) -> None:
    store.options = ("--url", "http://127.0.0.1:9", "--backend", "selfhosted")
    result = store("verify")
    assert result.code in (3, 4)
