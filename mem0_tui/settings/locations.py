"""Where mem0-tui keeps its files: one folder each for settings, data, state and cache.

An XDG variable that holds an absolute path counts on every platform; without one, each platform's
own custom does.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

APP = "mem0-tui"


class Locations(NamedTuple):
    """The app's own folders; none of them need exist."""

    config: Path
    data: Path
    state: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """The settings file."""
        return self.config / "config.toml"

    @property
    def store(self) -> Path:
        """The embedded store that is used unless another is named."""
        return self.data / "memories.db"

    @property
    def journal(self) -> Path:
        """The journal of everything applied."""
        return self.state / "journal.db"

    @property
    def snapshots(self) -> Path:
        """The folder of what was written down before scope deletes."""
        return self.state / "snapshots"

    @property
    def demo(self) -> Path:
        """The folder of the demo store, its journal and its snapshots."""
        return self.cache / "demo"


def locations(environ: Mapping[str, str], platform: str = sys.platform) -> Locations:
    """The folders for a process with the variables *environ* on *platform*."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        local = _absolute(environ, "LOCALAPPDATA") or home / "AppData" / "Local"
        roaming = _absolute(environ, "APPDATA") or home / "AppData" / "Roaming"
        customs = {
            "CONFIG": roaming / APP,
            "DATA": local / APP,
            "STATE": local / APP / "State",
            "CACHE": local / APP / "Cache",
        }
    elif platform == "darwin":
        support = home / "Library" / "Application Support" / APP
        customs = {
            "CONFIG": support,
            "DATA": support,
            "STATE": support / "State",
            "CACHE": home / "Library" / "Caches" / APP,
        }
    else:
        customs = {
            "CONFIG": home / ".config" / APP,
            "DATA": home / ".local" / "share" / APP,
            "STATE": home / ".local" / "state" / APP,
            "CACHE": home / ".cache" / APP,
        }
    folders: dict[str, Path] = {}
    for name, custom in customs.items():
        named = _absolute(environ, f"XDG_{name}_HOME")
        folders[name.lower()] = named / APP if named else custom
    return Locations(**folders)


def _absolute(environ: Mapping[str, str], variable: str) -> Path | None:
    """The path in *variable*; None when it is unset or relative, which XDG says to ignore."""
    path = Path(environ.get(variable, ""))
    return path if path.is_absolute() else None


def tilde(path: Path | str, environ: Mapping[str, str]) -> str:
    """*path* as a person would write it, with ``~`` for the home folder."""
    home = environ.get("HOME") or environ.get("USERPROFILE")
    text = str(path)
    if home and Path(text).is_relative_to(home) and Path(home) != Path(Path(home).anchor):
        return str(Path("~") / Path(text).relative_to(home))
    return text
