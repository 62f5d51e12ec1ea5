"""A copy of Codex's home for a live check, so that looking changes nothing.

Starting ``codex app-server`` (0.171.0) writes databases and folders into its home, upgrades the
plugins of git marketplaces, and thereby drops the user's trust in their hooks. In the copy git
marketplaces are local ones, which Codex leaves alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator

from mem0_tui.codex.facts.hook_trust import baseline_path
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import table

_LEFT_OUT = shutil.ignore_patterns(
    *("sessions", "archived_sessions", "log", "logs", "memories", "shell_snapshots", "worktrees"),
    *("*.sqlite*", "*.jsonl", "*.log", ".git", "mem0-tui-*"),
    *("auth.json", ".credentials.json"),
)
"""What Codex needs for no answer, and logins: a copy of one could be renewed there and then be
worth nothing here."""


@contextlib.contextmanager
def home_copy(install: Install) -> Iterator[str]:
    """The path of a copy of *install*'s home, which only its owner can read; removed at the end."""
    home = install.homes.codex_home
    folder = os.path.realpath(tempfile.mkdtemp(prefix="mem0-tui-codex-"))
    try:
        copy = os.path.join(folder, "home")
        if os.path.isdir(home):
            _copy(home, copy)
        os.makedirs(copy, mode=0o700, exist_ok=True)
        _point_config(home, copy)
        _name_baselines(home, copy, (plugin.id for plugin in install.plugins))
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(home: str, copy: str) -> None:
    """Copy what can be read; links stay links, but for the files at the top."""
    with contextlib.suppress(shutil.Error):
        shutil.copytree(home, copy, symlinks=True, ignore=_ignored, copy_function=_copy_file)
    for name in os.listdir(copy) if os.path.isdir(copy) else ():
        place = os.path.join(copy, name)
        if os.path.islink(place) and os.path.isfile(os.path.join(home, name)):
            os.unlink(place)
            _copy_file(os.path.join(home, name), place)


def _ignored(folder: str, names: list[str]) -> set[str]:
    return set(_LEFT_OUT(folder, names))


def _copy_file(source: str, target: str) -> None:
    """One regular file; a FIFO would never end, so it becomes one again."""
    if os.path.isfile(source):
        shutil.copy2(source, target)
    elif hasattr(os, "mkfifo"):
        os.mkfifo(target)


def _point_config(home: str, copy: str) -> None:
    """Let trust in the home's own hooks count in the copy, and make git marketplaces local."""
    path = os.path.join(copy, "config.toml")
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return
    for name in ("hooks.json", "config.toml"):
        text = text.replace(f"{os.path.join(home, name)}:", f"{os.path.join(copy, name)}:")
    text = _without_git(text, os.path.join(copy, ".tmp", "marketplaces"))
    os.chmod(path, 0o600)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def _without_git(text: str, clones: str) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError):
        return text  # Codex then reads nothing of it either
    git = [
        (name, entry)
        for name, entry in table(document.get("marketplaces")).items()
        if table(entry).get("source_type") == "git"
    ]
    for name, entry in git:
        assert isinstance(entry, dict)
        entry.update(source_type="local", source=os.path.join(clones, name))
        for key in ("ref", "sparse_paths"):
            entry.pop(key, None)
    return tomlkit.dumps(document) if git else text


def _name_baselines(home: str, copy: str, plugins: Iterable[str]) -> None:
    """Codex names the files of ``.hook-trust`` after the path of its configuration."""
    for plugin in plugins:
        name = os.path.basename(baseline_path(home, plugin))
        with contextlib.suppress(OSError):
            os.rename(os.path.join(copy, ".hook-trust", name), baseline_path(copy, plugin))
