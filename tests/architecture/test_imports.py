"""What is slow to import is imported by the command that needs it, and by no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "aiohttp",
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
    "textual_serve",
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


def loaded_after(statement: str) -> set[str]:
    """The modules that a fresh interpreter holds after *statement*."""
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return set(done.stdout.split("\n"))


_FIRST_PICTURE = (
    "import mem0_tui.cli.main, mem0_tui.cli.program, mem0_tui.cli.composition.run_screen\n"
    "import mem0_tui.store.preview, mem0_tui.tui.startup.opened_terminal\n"
    "import mem0_tui.tui.startup.splash\n"
)
_MAIN_SCREEN = (
    "import mem0_tui.cli.composition.screen_parts, mem0_tui.backends.library.local\n"
    "import mem0_tui.tui.painting.kept_picture, mem0_tui.tui.app, mem0_tui.tui.screens.browse\n"
    "import mem0_tui.tui.controllers.controllers\n"
)


def test_the_first_picture_needs_nothing_of_what_comes_behind_it() -> None:
    loaded = loaded_after(_FIRST_PICTURE)
    behind = ("backends", "codex", "curator", "detect", "review", "server", "store.store", "wire")
    assert not {name for name in loaded if name.startswith(tuple(f"mem0_tui.{b}" for b in behind))}
    assert not loaded & {*HEAVY, "textual", "asyncio", "rich.console", "json", "tomllib"}
    assert len({name for name in loaded if name.startswith("mem0_tui")}) <= 46


def test_the_main_screen_needs_nothing_of_what_changes_memories_or_looks_at_codex() -> None:
    loaded = loaded_after(_FIRST_PICTURE + _MAIN_SCREEN)
    behind = ("codex", "curator.service", "curator.applying", "evidence", "server", "store.journal")
    assert not {name for name in loaded if name.startswith(tuple(f"mem0_tui.{b}" for b in behind))}
    assert not loaded & {*HEAVY, "textual.widgets._footer", "hashlib"} - {"textual"}
    # Each costs a quarter of a millisecond at every start, whatever is in it.
    assert len({name for name in loaded if name.startswith("mem0_tui")}) <= 235


def test_the_main_screen_needs_nothing_of_the_scan_behind_the_queues() -> None:
    loaded = loaded_after(
        "import mem0_tui.tui.screens.browse, mem0_tui.tui.controllers.controllers"
    )
    behind = ("repeats", "instructions", "noise", "stale", "registry", "review_queues", "source")
    assert not {
        name for name in loaded if name.startswith(tuple(f"mem0_tui.detect.{b}" for b in behind))
    }
    assert not loaded & HEAVY - {"textual"}


def test_a_quiet_doctor_loads_only_the_scan(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    git.mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "config").write_text('[remote "origin"]\n\turl = https://example.org/acme/shop.git\n')
    (tmp_path / ".codex").mkdir()
    server = '[mcp_servers.mem0]\nurl = "http://127.0.0.1:1/"\n'
    (tmp_path / ".codex/config.toml").write_text(server)
    run = (
        f"import os; os.chdir({str(tmp_path)!r}); os.environ['HOME'] = {str(tmp_path)!r}\n"
        "os.environ.pop('CODEX_HOME', None)\n"
        "from mem0_tui.cli.main import main; main(['doctor', '--quiet'])"
    )
    unused = {"argparse", "asyncio", "dataclasses", "hashlib", "inspect", "shutil", "urllib.parse"}
    ours = {"mem0_tui.codex.capture.activity", "mem0_tui.codex.files.toml_lines"}
    assert not loaded_after(run) & {*unused, *ours}
