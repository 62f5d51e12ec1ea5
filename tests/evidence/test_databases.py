"""What Mem0's plugin and Codex keep in databases of their own counts, too, and is left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mem0_tui.evidence.event import FoundKind
from mem0_tui.evidence.sessions import read_sessions
from mem0_tui.evidence.use import read_uses
from mem0_tui.model.memory import Memory
from tests.evidence.conftest import AFTER, BEFORE, Machine

OLD = "CREATE TABLE retrievals (session_id, repo_id, memory_id, injected_at)"
NEW = OLD.replace("injected_at", "injected_at, rank, score, memory_text, context_chars")
HEADING = "Mem0 found these relevant memories from earlier work in this repository:"


def plugin(machine: Machine, folder: Path, table: str, *rows: tuple[object, ...]) -> Machine:
    """A database of the plugin in WAL mode, its log not folded in, as while Codex runs."""
    folder.mkdir()
    path = folder / "evidence.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute(table)
        marks = ", ".join("?" * (8 if table == NEW else 4))
        connection.executemany(f"INSERT INTO retrievals VALUES ({marks})", rows)
        connection.commit()
        log = path.with_name("evidence.sqlite3-wal")
        copied = path.read_bytes(), log.read_bytes()
    path.write_bytes(copied[0])
    log.write_bytes(copied[1])
    return replace(machine, places=replace(machine.places, plugin_folders=(str(folder),)))


def first_turn(machine: Machine) -> tuple[str, str]:
    thread = next(iter(machine.truth["written"]))
    (turn, *_) = machine.index.read(
        lambda c: c.execute(
            "SELECT n.turn FROM turns n JOIN threads t ON t.id = n.thread WHERE t.thread = ?"
            " ORDER BY n.at",
            (thread,),
        ).fetchone()
    )
    return thread, str(turn)


@pytest.mark.parametrize("table", [OLD, NEW])
def test_what_the_plugin_gave_is_known_by_id_and_turn(
    table: str, current: Machine, tmp_path: Path
) -> None:
    current.scan()
    thread, turn = first_turn(current)
    never = current.truth["ids"]["never"]
    row: tuple[object, ...] = (thread, "r", never, "2026-11-30T14:58:35.500000+00:00")
    rest = (2, 0.5, "x", 10) if table == NEW else ()
    machine = plugin(current, tmp_path / "plugin", table, (*row, *rest))
    machine.scan()
    use = machine.use("never")
    assert (use.given, use.best_rank) == (1, 2 if rest else None)
    assert use.last_place is not None
    assert (use.last_place.session, use.last_place.turn) == (thread, turn)
    assert machine.scan().read == 0
    files = sorted(path.name for path in (tmp_path / "plugin").iterdir())
    assert files == ["evidence.sqlite3", "evidence.sqlite3-wal"], "nothing is left beside it"


def test_a_plugin_database_that_is_damaged_leaves_use_unknown(
    current: Machine, tmp_path: Path
) -> None:
    folder = tmp_path / "plugin"
    folder.mkdir()
    (folder / "evidence.sqlite3").write_bytes(b"no database at all")
    machine = replace(current, places=replace(current.places, plugin_folders=(str(folder),)))
    assert machine.scan().problems
    now = AFTER + timedelta(days=3650)
    assert machine.use("never", created=now).given == 0
    assert "evidence.sqlite3" in machine.use("never", created=AFTER - timedelta(hours=1)).reason


def test_a_block_of_the_plugin_counts_by_text_unless_its_database_knows(
    current: Machine, tmp_path: Path
) -> None:
    """The block in a rollout names no ids."""
    text = "Kim prefers   short answers"
    memory = Memory("7" * 8 + "-0000-4000-8000-000000000000", text, created_at=AFTER)
    file = current.sessions[0]
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(
        at for at, line in enumerate(lines) if '"mem0-memory' in line or "<mem0-memory" in line
    )
    start, end = lines[at].index("<mem0-memory"), lines[at].index("</mem0-memory>")
    block = f"{HEADING}\\n1. Kim prefers short answers [learnt on branch x]\\n2. cut of…"
    lines.insert(at, lines[at][:start] + block + lines[at][end + len("</mem0-memory>") :])
    file.write_text("".join(lines), encoding="utf-8")
    current.scan()
    use = read_uses(current.index, [memory]).of(memory)
    assert (use.given, use.likely, use.best_rank) == (1, 1, 1)
    other = Memory("6" * 8 + memory.id[8:], "cut of", created_at=AFTER)
    assert read_uses(current.index, [other]).of(other).given == 0
    thread, _ = first_turn(current)
    row = (thread, "r", memory.id, "2026-11-30T14:58:35.500000+00:00")
    known = plugin(current, tmp_path / "plugin", OLD, row)
    known.scan()
    use = read_uses(known.index, [memory]).of(memory)
    assert (use.given, use.likely) == (1, 0), "once, and by its id"


def codex_list(machine: Machine, *rows: tuple[object, ...]) -> None:
    """Codex's own list of its threads."""
    path = Path(machine.places.codex_home) / "state_5.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE threads (id, created_at, updated_at, cwd, git_branch, git_sha,"
            " memory_mode)"
        )
        connection.executemany("INSERT INTO threads VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.commit()


def test_codex_own_list_tells_branch_and_memory_mode(current: Machine) -> None:
    thread = next(iter(current.truth["written"]))
    codex_list(current, (thread, 1, 2, "/elsewhere", "main", "abc", "polluted"))
    current.scan()
    (session,) = read_sessions(current.index, begins=thread)[0]
    assert (session.branch, session.commit, session.memory_mode) == ("main", "abc", "polluted")
    assert session.folder == "/home/kim/work", "the session itself says where it was"


def test_a_session_of_which_the_file_is_missing_leaves_use_unknown(current: Machine) -> None:
    ends = int((AFTER + timedelta(hours=1)).timestamp())
    codex_list(current, ("01a22cf7-ffff-7000-8000-000000000000", ends - 9, ends, "/w", "", "", ""))
    current.scan()
    use = current.use("never")
    assert use.given is None
    assert use.reason == "the file of session 01a22cf7-ffff-7000-8000-000000000000 is missing"
    assert current.use("never", created=AFTER + timedelta(hours=2)).never
    assert current.use("currency").given == 2, "what was seen counts all the same"
    (session,) = read_sessions(current.index, begins="01a22cf7-ffff")[0]
    assert (session.state, session.keys(*FoundKind)) == ("missing", [])
    assert BEFORE < AFTER
