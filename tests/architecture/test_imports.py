"""What is slow to import is imported by the command that needs it, and by no other."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "httpx",
    "httpx2",
    "mcp",
    "mcp_types",
    "numpy",
    "onnxruntime",
    "pydantic",
    "rapidfuzz",
    "starlette",
    "textual",
    "tomlkit",
    "uvicorn",
}


def imported_by(*words: str) -> set[str]:
    """The top-level modules that a run of ``mem0-tui`` with these words has loaded."""
    code = (
        "import sys\n"
        "from mem0_tui.cli.main import main\n"
        f"main({list(words)!r})\n"
        "print('\\n'.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stdout.split("\n"))


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("doctor", "--quiet"),
        ("config",),
        ("list",),
        ("stats",),
        ("trash",),
    ],
    ids=" ".join,
)
def test_a_light_command_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    assert not imported_by(*words) & HEAVY


@pytest.mark.parametrize("words", [("--version",), ("--help",)], ids=" ".join)
def test_the_version_does_not_even_load_the_store(words: tuple[str, ...]) -> None:
    assert not imported_by(*words) & {"sqlite3", "asyncio", "rich"}
