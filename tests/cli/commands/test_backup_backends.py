"""Backups of servers and of Codex's own memories, and backups put back there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.codexmemories import sample
from tests.backends.codexmemories.test_backend import files
from tests.cli.conftest import Program
from tests.support.backups import every_object, git
from tests.support.serving import KEY, serving

CENTS = "Prices are integers of cents."
CODEX = ("--backend", "codex", "--write")
SECRET = "sk-proj-" + "Ab3dE6gH9" * 5


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    codex_home = tmp_path / "codex"
    sample.write(codex_home)
    monkeypatch.setenv("CODEX_HOME", str(codex_home))
    return codex_home


@pytest.fixture
def remote(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """The program on a served store of its own; the other store is ``here.db``."""
    monkeypatch.setenv("MEM0_API_KEY", KEY)
    with serving(tmp_path / "served.db") as server:
        program.options = ("--url", server.url, "--write")
        yield program


def test_codexs_own_memories_are_kept_in_a_folder_of_their_own(
    store: Program, home: Path, tmp_path: Path
) -> None:
    place = tmp_path / "backup"
    before = files(home)
    store.add("one of Mem0's")
    said = store.json("backup", str(place), "--codex-memories")
    assert (said["added"], said["memories"]) == (14, 14)
    assert files(home) == before
    kept = git(place, "ls-files").split()
    assert len([path for path in kept if path.startswith("codex-memories/")]) == 13
    assert CENTS in git(place, "grep", "-h", "cents", "--", "codex-memories")
    assert not store.json("backup", str(place), "--codex-memories")["committed"]
    assert not store.json("backup", str(place))["committed"], "without the option they stay"
    options, store.options = store.options, CODEX
    [found] = store.json("list", "cents")["memories"]
    assert store("rm", found["id"], "--yes").code == 0
    assert store.json("backup", str(place), "--restore", "HEAD", "--dry-run")["same"] == 12
    assert store.json("backup", str(place))["deleted"] == 1
    store.options = options
    assert not store.json("backup", str(place), "--codex-memories")["committed"]
    refused = store("backup", str(place), "--restore", "HEAD", "--codex-memories")
    assert refused.code == 2
    assert "--backend codex" in refused.err


def test_a_server_is_backed_up_and_put_back_with_what_it_declares(
    remote: Program, tmp_path: Path
) -> None:
    place = str(tmp_path / "backup")
    kept = remote.add("kept", "--user", "kim", "--type", "decision")
    gone = remote.add("gone", "--user", "kim", "--type", "decision")
    remote.add(f"the key is {SECRET}", "--user", "kim")
    assert remote.json("backup", place)["added"] == 3
    assert not remote.json("backup", place)["committed"]
    assert SECRET.encode() not in every_object(Path(place))
    assert remote("rm", gone, "--yes").code == 0
    remote("edit", kept, "--text", "edited")
    shown = remote("backup", place, "--restore", "HEAD", "--dry-run")
    assert "it comes back under a new id" in shown.out
    assert remote("backup", place, "--restore", "HEAD", "--yes").code == 0
    listed = remote.json("list", "--all")["memories"]
    assert {m["text"] for m in listed} >= {"gone", "kept"}
    assert len(listed) == 3
    again = remote.json("backup", place, "--restore", "HEAD")
    assert again["plan"]["items"] == [], "what came back under another id is known"


def test_a_backup_of_other_memories_is_refused(remote: Program, tmp_path: Path) -> None:
    place = str(tmp_path / "backup")
    remote.add("on the server", "--user", "kim")
    remote.json("backup", place)
    remote.options = ("--store", str(tmp_path / "here.db"))
    remote.add("here")
    refused = remote("backup", place)
    assert refused.code == 3
    assert "name another folder" in refused.err
    assert remote("backup", place, "--merge").code == 3
    assert remote("backup", place, "--restore", "HEAD").code == 0, "a server's memories here"
    assert {m["text"] for m in remote.json("list")["memories"]} == {"on the server", "here"}
