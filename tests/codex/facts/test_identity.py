"""User and project as Mem0's hooks resolve them, without running git."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.facts.identity import slug_of
from tests.codex.homes import KEY, Home


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://github.com/owner/repo.git", "owner-repo"),
        ("git@github.com:owner/repo.git", "owner-repo"),
        ("git@github.com-work:owner/repo", "owner-repo"),
        ("ssh://git@host/group/sub/repo.git", "sub-repo"),
        ("git://host/repo", "host-repo"),
        ("repo", "repo"),
        ("", ""),
    ],
)
def test_slug(url: str, slug: str) -> None:
    assert slug_of(url) == slug


def repository(home: Home) -> None:
    (home.cwd / ".git").mkdir()
    (home.cwd / ".git/config").write_text(
        '[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:acme/shop-api.git\n'
    )


def test_project_by_remote(tmp_path: Path) -> None:
    home = Home(tmp_path)
    repository(home)
    identity = home.scan().identity
    assert (identity.app, identity.app_from) == ("acme-shop-api", "git remote")
    assert str(identity.app_spot).endswith(".git/config:4")


def test_project_by_map_and_by_variable(tmp_path: Path) -> None:
    home = Home(tmp_path)
    repository(home)
    (home.folder / ".mem0").mkdir()
    (home.folder / ".mem0/project_map.json").write_text(f'{{"{home.cwd}": "mapped"}}')
    assert home.scan().identity.app == "mapped"
    home.environ["MEM0_PROJECT_ID"] = "named"
    assert home.scan().identity.app == "named"


def test_project_by_remote_hash_survives_a_move(tmp_path: Path) -> None:
    home = Home(tmp_path)
    repository(home)
    (home.folder / ".mem0").mkdir()
    path = home.folder / ".mem0/project_map.json"
    path.write_text('{"remote:5c6d7a4a3c4d7f5e": "other"}')
    assert home.scan().identity.app == "acme-shop-api"


def test_work_tree_finds_the_main_repository(tmp_path: Path) -> None:
    home = Home(tmp_path)
    main = home.folder / "main/.git"
    (main / "worktrees/w").mkdir(parents=True)
    (main / "config").write_text('[remote "origin"]\nurl = https://github.com/acme/shop.git\n')
    (main / "worktrees/w/commondir").write_text("../..\n")
    (home.cwd / ".git").write_text(f"gitdir: {main}/worktrees/w\n")
    assert home.scan().identity.app == "acme-shop"


def test_user(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.scan().identity.user == "kim"
    home.environ["MEM0_USER_ID"] = "lee"
    assert home.scan().identity.user == "lee"
    del home.environ["MEM0_USER_ID"], home.environ["USER"]
    assert home.scan().identity.user == "default"


def test_broken_files_of_mem0_are_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    (home.folder / ".mem0").mkdir()
    (home.folder / ".mem0/settings.json").write_text("{")
    (home.folder / ".mem0/project_map.json").write_text("[")
    assert [f.id for f in home.report().findings] == ["project.mem0-file"] * 2


def test_keys_are_found_everywhere_and_shown_nowhere(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    (home.folder / ".claude").mkdir()
    (home.folder / ".claude/settings.json").write_text(
        '{"env": {"MEM0_API_KEY": "m0-claude-key-1"}}'
    )
    (home.folder / ".mem0").mkdir()
    (home.folder / ".mem0/config.json").write_text('{"platform": {"api_key": "m0-mem0-key-22"}}')
    (home.folder / ".profile").write_text("MEM0_API_KEY=m0-profile-key # old\n")
    install = home.scan()
    places = [key.place for key in install.keys.held]
    assert places == ["environment", "~/.profile", "settings.json", "config.json"]
    assert [key.value for key in install.keys.held] == [
        KEY,
        "m0-profile-key",
        "m0-claude-key-1",
        "m0-mem0-key-22",
    ]
    (finding,) = home.report().findings
    assert finding.id == "key.different"
    assert "claude-key" not in str(finding.to_json())
    assert "claude-key" not in repr(install.keys)
