"""Changes the settings file: one value at a time, comments and order kept, atomically, private."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mem0_tui.model.errors import SettingsError, SettingsFileError
from mem0_tui.settings.load import unknown_key
from mem0_tui.settings.schema import SETTINGS

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def set_value(path: Path, name: str, value: str, *, profile: str | None = None) -> None:
    """Set *name* to *value* in the settings file at *path*, made if need be.

    Raises:
        SettingsError: no such setting, no such value, or the file cannot be read or written.
    """
    _check_name(name, profile)
    setting = SETTINGS[name]
    try:
        setting.read(value)
    except (ValueError, RuntimeError):
        raise SettingsError(
            f"{value!r} is not a valid {name}", hint=f"expected {setting.form}"
        ) from None
    document = _read(path)
    _table(document, profile, make=True)[name] = _toml_value(name, value)
    _write(path, document)


def set_search(path: Path, name: str, query: str) -> None:
    """Keep the saved search *name* in the settings file, in place of an earlier one.

    Raises:
        SettingsError: the file cannot be read or written.
    """
    document = _read(path)
    document.setdefault("searches", {})[name] = query
    _write(path, document)


def unset_search(path: Path, name: str) -> bool:
    """Remove the saved search *name* from the settings file; returns whether it was there.

    Raises:
        SettingsError: the file cannot be read or written.
    """
    document = _read(path)
    searches = document.get("searches", {})
    if name not in searches:
        return False
    del searches[name]
    _write(path, document)
    return True


def set_keys(path: Path, action_id: str, keys: str | None) -> None:
    """Give the action *action_id* other *keys*, comma-separated, in the settings file; None gives
    it back those that it has by default. The caller has checked them with ``read_keymap``.

    Raises:
        SettingsError: the file cannot be read or written.
    """
    document = _read(path)
    table = document.setdefault("keys", {})
    *folders, last = action_id.split(".")
    nested = table
    for folder in folders:
        nested = nested.get(folder, {}) if isinstance(nested, MutableMapping) else {}
    # memory.delete without quotes is a table in a table; it is left where it was written.
    place, name = (nested, last) if folders and last in nested else (table, action_id)
    if keys is not None:
        place[name] = keys
    elif name in place:
        del place[name]
    _write(path, document)


def unset_value(path: Path, name: str, *, profile: str | None = None) -> bool:
    """Remove *name* from the settings file; returns whether it was there.

    Raises:
        SettingsError: no such setting, or the file cannot be read or written.
    """
    _check_name(name, profile)
    document = _read(path)
    table = _table(document, profile, make=False)
    if name not in table:
        return False
    del table[name]
    _write(path, document)
    return True


def _check_name(name: str, profile: str | None) -> None:
    if "key" in name.casefold().replace("-", "_").split("_") and name != "api_key_file":
        raise SettingsError(
            "API keys are not read from the settings file",
            hint="set MEM0_API_KEY, or name a file of mode 0600 with api_key_file",
        )
    known = [known for known in SETTINGS if not (profile and known == "profile")]
    if name not in known:
        raise SettingsError(f"there is no setting {name!r}", hint=unknown_key(name, known))


def _toml_value(name: str, value: str) -> str | bool | float:
    if "true" in SETTINGS[name].choices:
        chosen = SETTINGS[name].read(value)
        return "auto" if chosen is None else bool(chosen)
    return float(value) if name == "timeout" else value.strip()


def _read(path: Path) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(
            f"{path} cannot be read: {error}", hint="correct it in an editor first"
        ) from None


def _table(document: TOMLDocument, profile: str | None, *, make: bool) -> Any:
    if profile is None:
        return document
    import tomlkit

    profiles = document.get("profiles")
    if profiles is None:
        if not make:
            return {}
        profiles = document["profiles"] = tomlkit.table(is_super_table=True)
    if profile not in profiles:
        if not make:
            return {}
        profiles[profile] = tomlkit.table()
    return profiles[profile]


def _write(path: Path, document: TOMLDocument) -> None:
    target = path.resolve()  # a link into a dotfiles repository stays a link
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".config-", suffix=".toml", dir=target.parent)
        with contextlib.ExitStack() as leftovers:
            leftovers.callback(Path(name).unlink, missing_ok=True)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(document.as_string())
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
            leftovers.pop_all()
    except OSError as error:
        raise SettingsFileError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="check the permissions of the file and its folder",
        ) from None
