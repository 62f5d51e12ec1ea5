"""Codex's own memories on the command line: looked at, pruned and taken back, whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mem0_tui.backends.codexmemories import snapshots
from mem0_tui.model.errors import RefusedError
from mem0_tui.settings.locations import locations
from tests.backends.codexmemories import sample
from tests.backends.codexmemories.test_backend import files
from tests.cli.conftest import Program

CENTS = "Prices are integers of cents."
BACKEND = ("--backend", "codex")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    codex_home = tmp_path / "codex"
    sample.write(codex_home)
    monkeypatch.setenv("CODEX_HOME", str(codex_home))
    return codex_home


def test_they_are_listed_found_and_looked_through(program: Program, home: Path) -> None:
    before = files(home)
    listed = program.json(*BACKEND, "list")
    assert len(listed["memories"]) == 13
    assert listed["backend"]["target"] == str(home / "memories")
    [found] = program.json(*BACKEND, "list", "cents")["memories"]
    assert (found["text"], found["app_id"]) == (CENTS, "/home/kim/shop")
    hits = program.json(*BACKEND, "search", "how are prices kept")["hits"]
    assert hits[0]["memory"]["text"] == CENTS
    assert program.json(*BACKEND, "audit")["queues"]["repeats"]["count"] == 1
    assert files(home) == before


def test_without_write_nothing_is_changed(program: Program, home: Path) -> None:
    before = files(home)
    result = program(*BACKEND, "rm", "--query", "cents", "--yes")
    assert result.code == 3
    assert "--write" in result.err
    assert files(home) == before


def test_a_delete_and_an_edit_are_taken_back_to_the_byte(program: Program, home: Path) -> None:
    before = files(home)
    write = (*BACKEND, "--write")
    assert program(*write, "rm", "--query", "type:reusable_knowledge", "--yes").code == 0
    assert CENTS not in (home / "memories/MEMORY.md").read_text()
    [linker] = program.json(*BACKEND, "list", "linker")["memories"]
    assert program(*write, "edit", linker["id"], "--text", "Use mold.", "--yes").code == 0
    assert "- Use mold.\n" in (home / "memories/MEMORY.md").read_text()
    assert program(*write, "undo", "--yes").code == 0
    assert program(*write, "undo", "--yes").code == 0
    assert files(home) == before


def test_what_would_come_back_is_refused(program: Program, home: Path) -> None:
    sample.database(home)
    before = files(home)
    result = program(*BACKEND, "--write", "rm", "--query", "type:rollout_summary", "--yes")
    assert result.code == 3
    assert "anew" in result.out + result.err
    assert files(home) == before


_KILLED = """
import os, signal, sys
left = int(sys.argv[1])
real = os.replace
def replace(*given, **more):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given, **more)
os.replace = replace
from mem0_tui.cli.main import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_kill_leaves_old_or_new_and_undo_gives_all_back(
    program: Program, home: Path, step: int
) -> None:
    before = files(home)
    whole = sample.REGISTRY.replace(f"- {CENTS}\n", "")
    words = (*BACKEND, "--write", "rm", "--query", "cents", "--yes")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(step), *words], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    text = (home / "memories/MEMORY.md").read_text()
    assert text in (sample.REGISTRY, whole)
    names = files(home).keys() - before.keys()
    assert all(name.startswith("extensions/ad_hoc/notes/") for name in names)
    [journalled] = program.json(*BACKEND, "journal")["transactions"]
    assert program(*BACKEND, "--write", "resume", journalled["id"]).code == 0
    assert (home / "memories/MEMORY.md").read_text() == whole
    assert program(*BACKEND, "--write", "undo", "--yes").code == 0
    assert files(home) == before


SECRET = "Korrekt-Pferd-9931-Batterie"


def holders(folder: Path) -> list[str]:
    """The files below *folder* that hold the secret."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.name for path in found if SECRET.encode() in path.read_bytes())


@pytest.fixture
def spilled(program: Program, home: Path) -> str:
    """A password in Codex's file, once edited already; the id of the memory."""
    path = home / "memories/MEMORY.md"
    path.write_text(path.read_text().replace(CENTS, f"The database password is {SECRET}."))
    [memory] = program.json(*BACKEND, "list", "password")["memories"]
    text = f"The database password is {SECRET}, still."
    edit = ("edit", memory["id"], "--text", text, "--yes")
    assert program(*BACKEND, "--write", *edit).code == 0
    return str(memory["id"])


def test_a_purge_leaves_the_text_neither_with_codex_nor_in_a_copy(
    program: Program, home: Path, spilled: str, tmp_path: Path
) -> None:
    root = locations(os.environ).state / "codex-snapshots"
    snapshots.take(home, root, "reset", datetime(2026, 11, 30, 12, tzinfo=UTC))
    result = program(*BACKEND, "--write", "purge", spilled, "--forever")
    assert result.code == 0, result.out
    assert holders(tmp_path) == []
    assert "The linker ran twice" in (home / "memories/MEMORY.md").read_text()


def test_a_redaction_leaves_the_secret_nowhere_and_what_was_deleted_can_come_back(
    program: Program, home: Path, spilled: str, tmp_path: Path
) -> None:
    write = (*BACKEND, "--write")
    assert program(*write, "rm", "--query", "linker", "--yes").code == 0
    after = ("edit", spilled, "--redact", "--without-undo", "--yes")
    assert program(*write, *after).code == 0
    assert holders(tmp_path) == []
    before = (home / "memories/MEMORY.md").read_text()
    [deleted] = program.json(*BACKEND, "trash")["trash"]
    assert program(*write, "restore", deleted["memory"]["id"]).code == 0
    now = (home / "memories/MEMORY.md").read_text()
    assert now == before.replace(
        "## Failures and how to do differently\n\n",
        "## Failures and how to do differently\n\n- The linker ran twice; set `LD=mold`.\n",
    )


RESET = ("codex-memories", "reset", "--confirm", "reset")


def taken_away(home: Path) -> dict[str, bytes]:
    """Do what Codex does at a reset, after a snapshot; what was there but for its repository."""
    shutil.rmtree(home / "memories/.git")
    before = files(home)
    root = locations(os.environ).state / "codex-snapshots"
    snapshots.take(home, root, "reset", datetime(2026, 11, 30, 12, tzinfo=UTC))
    for path in sorted((home / "memories").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return before


@pytest.mark.parametrize(
    "words", [RESET, ("codex-memories", "undo", "--yes")], ids=["reset", "undo"]
)
def test_nothing_is_reset_or_put_back_while_codex_is_writing(
    program: Program, home: Path, words: tuple[str, ...]
) -> None:
    sample.database(home, running=4_000_000_000)
    before = files(home)
    result = program("--write", *words)
    assert result.code == 3
    assert "Codex is writing its memories now" in result.err
    assert files(home) == before


def test_a_reset_is_shown_first_and_wants_the_word(program: Program, home: Path) -> None:
    before = files(home)
    shown = program("codex-memories", "reset", "--dry-run")
    assert shown.code == 0
    assert "6 files" in shown.err
    assert "with 13 memories" in shown.err
    assert program(*RESET).code == 3, "without --write"
    assert program("--write", "codex-memories", "reset", typed="yes\n").code == 3
    assert program("--write", "codex-memories", "reset").code == 3, "nobody to ask"
    assert files(home) == before
    assert program.json("codex-memories", "snapshots")["snapshots"] == []


@pytest.mark.skipif(os.name == "nt", reason="there are no named pipes on Windows")
def test_a_snapshot_that_cannot_be_made_leaves_no_copy(home: Path, tmp_path: Path) -> None:
    os.mkfifo(home / "memories/zzz")
    before = files(home)
    root = tmp_path / "snapshots"
    with pytest.raises(RefusedError, match="a device or a pipe"):
        snapshots.take(home, root, "reset", datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert os.listdir(root) == []
    assert files(home) == before


def test_where_there_is_no_codex_nothing_is_reset_and_no_snapshot_is_left(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = files(home)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("--write", *RESET).code == 4
    assert files(home) == before
    assert program.json("codex-memories", "snapshots")["snapshots"] == []


def test_an_undo_puts_back_every_byte_and_keeps_what_came_since(
    program: Program, home: Path
) -> None:
    (home / "memories/skills").mkdir()
    (home / "memories/skills/run.sh").write_bytes(b"#!/bin/sh\r\n\xff")
    (home / "memories/skills/run.sh").chmod(0o755)
    (home / "memories/empty").mkdir()
    (home / "memories/link").symlink_to("MEMORY.md")
    before = taken_away(home)
    kept = list((locations(os.environ).state / "codex-snapshots").rglob("*"))
    modes = {path.stat().st_mode & 0o077 for path in kept if not path.is_symlink()}
    assert modes == {0} or os.name == "nt"
    (home / "memories/MEMORY.md").write_text("# New\n\n- Learnt since.\n")
    (home / "memories/later.md").write_text("And this.\n")
    since = files(home)
    undo = ("--write", "codex-memories", "undo")
    assert program(*undo, typed="n\n").code == 3
    assert files(home) == since
    saved = program.json(*undo, "--yes")["saved"]
    assert files(home) == before
    assert (home / "memories/skills/run.sh").stat().st_mode & 0o777 == 0o755
    assert (home / "memories/empty").is_dir()
    assert os.readlink(home / "memories/link") == "MEMORY.md"
    assert program(*undo, "--yes").code == 4, "that reset was taken back"
    assert program(*undo, saved, "--yes").code == 0
    assert files(home) == since


@pytest.mark.parametrize("damage", ["other bytes", "cut short", "gone", "no list"])
def test_a_damaged_snapshot_is_not_put_back_and_no_older_one_instead(
    damage: str, program: Program, home: Path
) -> None:
    root = locations(os.environ).state / "codex-snapshots"
    snapshots.take(home, root, "reset", datetime(2026, 11, 29, 12, tzinfo=UTC))
    taken_away(home)
    copy = max(root.iterdir()) / "files/memories/MEMORY.md"
    data = copy.read_bytes()
    if damage == "no list":
        (copy.parents[2] / "snapshot.json").write_text("{")
    elif damage == "gone":
        copy.unlink()
    else:
        copy.write_bytes(data[:-40] if damage == "cut short" else data.swapcase())
    (home / "memories").mkdir(exist_ok=True)
    (home / "memories/since.md").write_text("- Learnt since.\n")
    since, kept = files(home), sorted(root.iterdir())
    for more in (["--yes"], ["--dry-run"]):
        result = program("--write", "codex-memories", "undo", *more)
        assert result.code == 4
        assert "incomplete" in result.err if damage == "gone" else "damaged" in result.err
    assert files(home) == since
    assert sorted(root.iterdir()) == kept, "no snapshot of what is there now, either"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_an_undo_that_was_killed_can_be_run_again(program: Program, home: Path) -> None:
    before = taken_away(home)
    words = ("--write", "codex-memories", "undo", "--yes")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, "3", *words], capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert files(home) != before
    assert program(*words).code == 0
    assert files(home) == before
