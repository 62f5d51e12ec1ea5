"""``scopes`` says who finds which memories of a repository; the moves it names set it right."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Program


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of acme/shop that has moved from GitHub to GitLab."""
    monkeypatch.setenv("USER", "kim")
    root = tmp_path / "shop"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "config").write_text(
        '[remote "origin"]\n\turl = git@gitlab.com:acme/shop.git\n'
    )
    return root


def test_the_moves_that_it_names_leave_nothing_out_of_place(program: Program, shop: Path) -> None:
    program.add("Ports are in ports.toml", "--app", "acme-shop", "--user", "kim")
    program.add("Deploys go by tag", "--app", "acme_shop", "--user", "kim")
    program.add("The gate is green", "--app", "acme-shop", "--agent", "acme-shop-b1c397fde9")
    program.add("Another project", "--app", "acme-site", "--user", "kim")
    said = program.json("scopes", "--repo", str(shop))
    assert said["repository"]["shared"] == "acme-shop-11946c2bd3"
    assert said["total"] == 4
    assert {each["why"]: each["count"] for each in said["out_of_place"]} == {
        "another spelling of the app": 1, "the shared lane of another remote": 1,
    }  # fmt: skip
    shown = program("scopes", "--repo", str(shop)).out
    for each in said["out_of_place"]:
        assert each["move"] in shown
        words = shlex.split(each["move"])[1:]
        assert program(*words, "--yes").code in (0, 1)
    after = program.json("scopes", "--repo", str(shop))
    assert after["out_of_place"] == []
    counts = {(each["source"], each["part"]): each["count"] for each in after["lanes"]}
    assert counts["plugin 0.3", "shared"] == 1
    assert "lies out of place" in program("scopes", "--repo", str(shop)).err


def test_a_folder_that_is_not_there_is_not_understood(program: Program, tmp_path: Path) -> None:
    assert program("scopes", "--repo", str(tmp_path / "away")).code == 2
