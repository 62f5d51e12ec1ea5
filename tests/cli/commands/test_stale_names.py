"""``review stale`` and ``audit`` compare memories with git."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.evidence.staleness.made import Commit, git, lines, make

REMOTE = "https://github.com/acme/shop.git"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of acme/shop in which a file goes long after today."""
    folder = make(
        tmp_path_factory.mktemp("stale") / "shop",
        [
            Commit("2025-01-01", put={"src/app.py": lines(9), "src/gone.py": lines(9, "x")}),
            Commit("2096-01-01", drop=["src/gone.py"], move={"src/app.py": "src/main_app.py"}),
        ],
    )
    git(folder, "remote", "add", "origin", REMOTE)
    return folder


def test_the_folder_one_works_in_is_compared_with(
    program: Program, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = program.add("The entry point is src/app.py", "--app", "acme-shop")
    gone = program.add("Retries are in src/gone.py", "--app", "acme-shop")
    program.add("Retries are in src/gone.py", "--app", "acme-site")
    monkeypatch.chdir(shop / "src")
    said = program.json("review", "stale")
    assert {each["id"]: each["label"] for each in said["suspicions"]} == {
        moved: "moved", gone: "gone",
    }  # fmt: skip
    commit = git(shop, "rev-parse", "HEAD")[:8]
    shown = program("review", "stale").out
    assert f"names src/gone.py, which is gone ({commit}, 2096-01-01)" in shown
    assert "expire" in shown
    assert "stale" not in said.get("partly", {})
    audit = program.json("audit", "--fail-on", "stale", code=5)
    assert audit["queues"]["stale"]["kinds"] == {"gone": 1, "moved": 1}


def test_a_repository_is_named(program: Program, shop: Path, tmp_path: Path) -> None:
    gone = program.add("Retries are in src/gone.py", "--app", "shop-api")
    nothing = program.json("audit", "--repo", str(shop))
    assert nothing["queues"]["stale"]["ids"] == []
    why = "not compared with git: no repository of these memories is known"
    assert nothing["partly"] == {"stale": why}
    assert why in program("audit", "--repo", str(shop)).out
    assert why in program("review").out
    assert why in program("review", "stale").err
    named = program.json("audit", "--repo", f"shop-api={shop}")
    assert named["queues"]["stale"]["ids"] == [gone]
    wrong = program("review", "stale", "--repo", str(tmp_path))
    assert wrong.code == 2
    assert "cannot be compared with: no git repository holds that folder" in wrong.err


def test_the_repositories_that_codex_knows_are_compared_with(
    program: Program, shop: Path, isolated_home: Path
) -> None:
    gone = program.add("Retries are in src/gone.py", "--app", "acme-shop")
    folder = isolated_home / ".codex"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'[projects."/nowhere"]\ntrust_level = "trusted"\n'
        f'[projects."{shop}"]\ntrust_level = "untrusted"\n'
    )
    assert program.json("audit")["queues"]["stale"]["ids"] == [gone]


def test_the_plan_expires_it(program: Program, shop: Path) -> None:
    gone = program.add("Retries are in src/gone.py", "--app", "acme-shop")
    done = program("review", "stale", "--repo", str(shop), "--apply", typed="y\n")
    assert done.code == 0, done.err
    memory = program.json("show", gone)["memory"]
    assert memory["expires_on"] < program.json("show", gone)["memory"]["created_at"][:10]


def test_the_session_of_a_memory_leads_to_its_repository(
    program: Program, shop: Path, isolated_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = "019ad0e2-0000-7000-8000-000000000001"
    folder = isolated_home / ".codex" / "sessions" / "2025" / "02" / "01"
    folder.mkdir(parents=True)
    began = {"id": thread, "cwd": str(shop / "src"), "timestamp": "2025-02-01T10:00:00.000Z"}
    line = {"timestamp": began["timestamp"], "type": "session_meta", "payload": began}
    (folder / f"rollout-2025-02-01T10-00-00-{thread}.jsonl").write_text(json.dumps(line) + "\n")
    gone = program.add("Retries are in src/gone.py", "--app", "api", "--run", thread)
    program.add("Retries are in src/gone.py", "--app", "api")
    monkeypatch.chdir(shop)
    assert program.json("audit")["queues"]["stale"]["ids"] == [gone]
