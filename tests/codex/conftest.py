"""The real Codex, installed once from npm into a cache folder; skipped where that cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.installing import only_one

CURRENT = "0.171.0"


def _cache() -> Path:
    if named := os.environ.get("MEM0_TUI_CODEX_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "mem0-tui-tests" / "codex"


@pytest.fixture(scope="session")
def codex_program() -> Callable[[str], str]:
    """Gives the path of ``codex`` of a version, installing it where need be."""
    node, npm = shutil.which("node"), shutil.which("npm")
    cache = _cache()

    def install(version: str) -> str:
        program = cache / version / "node_modules" / ".bin" / "codex"
        if not program.exists():
            if node is None or npm is None:
                pytest.skip("there is no Node.js with npm to install Codex with")
            with only_one(cache / f"{version}.lock"):
                _install(npm, cache / version, version, program)
        if node is None:
            pytest.skip("there is no Node.js to run Codex with")
        return str(program)

    return install


def _install(npm: str, folder: Path, version: str, program: Path) -> None:
    if program.exists():
        return
    package = f"@openai/codex@{version}"
    done = subprocess.run(
        (npm, "install", "--silent", "--prefix", str(folder), package),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"npm could not install {package}: {done.stderr.strip()[-200:]}")


@pytest.fixture(scope="session")
def codex(codex_program: Callable[[str], str]) -> str:
    """The path of the current Codex."""
    return codex_program(CURRENT)
