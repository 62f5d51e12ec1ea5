"""Where a hook finds and keeps its files, the same folders as everything else of mem0-tui; and what
the settings there switch off.

The settings' own module knows them too, but is too slow to import here; a test holds both to one
answer.
"""

from __future__ import annotations

import os
import sys

APP = "mem0-tui"
_NO = ("false", "no", "0", "off")


def home(environ: dict[str, str]) -> str:
    """The user's home folder."""
    return environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~")


def codex_home(environ: dict[str, str]) -> str:
    """The folder of Codex's settings."""
    return environ.get("CODEX_HOME") or os.path.join(home(environ), ".codex")


def settings_file(environ: dict[str, str], platform: str = sys.platform) -> str:
    """The file of mem0-tui's settings."""
    if platform == "win32":
        roaming = environ.get("APPDATA", "")
        if not os.path.isabs(roaming):
            roaming = os.path.join(home(environ), "AppData", "Roaming")
        custom = os.path.join(roaming, APP)
    elif platform == "darwin":
        custom = os.path.join(home(environ), "Library", "Application Support", APP)
    else:
        custom = os.path.join(home(environ), ".config", APP)
    return os.path.join(_named(environ, "XDG_CONFIG_HOME") or custom, "config.toml")


def data_folder(environ: dict[str, str], platform: str = sys.platform) -> str:
    """The folder of the embedded store and the key of its server."""
    if platform == "win32":
        custom = os.path.join(_local(environ), APP)
    elif platform == "darwin":
        custom = os.path.join(home(environ), "Library", "Application Support", APP)
    else:
        custom = os.path.join(home(environ), ".local", "share", APP)
    return _named(environ, "XDG_DATA_HOME") or custom


def state_folder(environ: dict[str, str], platform: str = sys.platform) -> str:
    """The folder of what hooks remember from event to event, and of their log."""
    if platform == "win32":
        custom = os.path.join(_local(environ), APP, "State")
    elif platform == "darwin":
        custom = os.path.join(home(environ), "Library", "Application Support", APP, "State")
    else:
        custom = os.path.join(home(environ), ".local", "state", APP)
    return os.path.join(_named(environ, "XDG_STATE_HOME") or custom, "hooks")


def _named(environ: dict[str, str], variable: str) -> str:
    folder = environ.get(variable, "")
    return os.path.join(folder, APP) if os.path.isabs(folder) else ""


def _local(environ: dict[str, str]) -> str:
    folder = environ.get("LOCALAPPDATA", "")
    return folder if os.path.isabs(folder) else os.path.join(home(environ), "AppData", "Local")


def is_on(name: str, environ: dict[str, str]) -> bool:
    """What the setting *name* says; a settings file that is not valid leaves it on."""
    said: object = environ.get(f"MEM0_TUI_{name.upper()}", "").strip()
    if not said:
        said = _in_file(name, environ)
    return not (said is False or (isinstance(said, str) and said.strip().lower() in _NO))


def _in_file(name: str, environ: dict[str, str]) -> object:
    text = read(settings_file(environ))
    if name not in text:
        return None
    import tomllib

    try:
        values = tomllib.loads(text)
    except ValueError:
        return None
    profile = environ.get("MEM0_TUI_PROFILE", "").strip() or values.get("profile")
    profiles = values.get("profiles")
    table = profiles.get(profile) if isinstance(profiles, dict) else None
    own = table.get(name) if isinstance(table, dict) else None
    return values.get(name) if own is None else own


def read(path: str) -> str:
    """The text of a file, at most 4 MB of it; empty where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read(1 << 22)
    except (OSError, ValueError):
        return ""
