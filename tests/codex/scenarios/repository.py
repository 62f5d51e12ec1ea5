"""Marketplaces in the working folder and in the checkout around it: Codex shows what they offer,
and installs nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import write_marketplace, write_plugin

_MARKED = 'project_root_markers = ["mark"]\n'
"""What marks a project's root for its settings, and not for its marketplace."""


def _offers(folder: Path, url: str) -> None:
    write_plugin(folder / "plugins/mem0", url=url)
    write_marketplace(folder, "./plugins/mem0")


def _beside(offering: str, within: str = ".", config: str = "") -> Callable[[Home], None]:
    """Marketplaces in the folders *offering* of a checkout, Codex in the folder *within* it."""

    def build(home: Home) -> None:
        (home.cwd / ".git").mkdir()
        (home.cwd / ".git/HEAD").write_text("ref: refs/heads/main\n")
        (home.cwd / "pkg/deep").mkdir(parents=True)
        (home.cwd / "pkg/mark").write_text("")
        for folder in offering.split():
            _offers(home.cwd / folder, home.url)
        home.write_config(config)
        home.cwd /= within

    return build


def _no_repository(home: Home) -> None:
    """A marketplace in the working folder, which is no repository."""
    _offers(home.cwd, home.url)
    home.write_config("")


def _empty_git(within: str) -> Callable[[Home], None]:
    """A ``.git`` without a HEAD makes no checkout."""

    def build(home: Home) -> None:
        (home.cwd / ".git").mkdir()
        (home.cwd / "pkg").mkdir()
        _no_repository(home)
        home.cwd /= within

    return build


SCENARIOS = [
    Scenario("p_repository", _beside(".")),
    Scenario("p_repository_above", _beside(".", "pkg/deep")),
    Scenario("p_repository_both", _beside(". pkg", "pkg")),
    Scenario("p_repository_between", _beside("pkg", "pkg/deep")),
    Scenario("p_repository_marked", _beside(".", "pkg/deep", _MARKED)),
    Scenario("p_repository_marked_between", _beside("pkg", "pkg/deep", _MARKED)),
    Scenario("p_no_repository", _no_repository),
    Scenario("p_empty_git", _empty_git(".")),
    Scenario("p_empty_git_above", _empty_git("pkg")),
]
