"""The real Codex, installed once from npm into a cache folder; skipped where that cannot be."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mem0_tui.codex.live import config_judge
from tests.support.npm import NpmUnavailableError, installed, node

CURRENT = "0.171.0"


def _cache() -> Path:
    if named := os.environ.get("MEM0_TUI_CODEX_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mem0-tui-tests" / "codex"


CACHE = _cache()
"""Read before any test points the home folder elsewhere."""


@pytest.fixture(scope="session")
def codex_program() -> Callable[[str], str]:
    """Gives the path of ``codex`` of a version, installing it where need be."""

    def install(version: str) -> str:
        try:
            modules = installed(CACHE / version, f"@openai/codex@{version}")
            node()
        except NpmUnavailableError as error:
            pytest.skip(f"there is no Codex {version}: {error}")
        return str(modules / ".bin" / "codex")

    return install


@pytest.fixture(scope="session")
def codex(codex_program: Callable[[str], str]) -> str:
    """The path of the current Codex."""
    return codex_program(CURRENT)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Codex that is slow because the machine is busy is no Codex that hangs."""
    monkeypatch.setattr(config_judge, "TIMEOUT", 120.0)
