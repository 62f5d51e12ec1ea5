"""Gives the screen's actions other keys, in the settings file, checked as at the start."""

from __future__ import annotations

from pathlib import Path


class SettingsFileKeys:
    """The ``[keys]`` table of the settings file at *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def tried(self, action_id: str, keys: str | None) -> dict[str, str]:
        """The keys by action id that would hold if *action_id* had *keys* (comma-separated), or
        with None those that it has by default.

        Raises:
            SettingsError: the keys are not valid, or the file is not.
        """
        from mem0_tui.settings.document import read_document
        from mem0_tui.settings.keymap import read_keymap
        from mem0_tui.tui.keys import bound_actions, reserved_keys

        table = _flat(read_document(self._path).values.get("keys", {}))
        table.pop(action_id, None)
        if keys is not None:
            table[action_id] = keys
        return read_keymap(table, bound_actions(), reserved=reserved_keys())

    def keep(self, action_id: str, keys: str | None) -> dict[str, str]:
        """Write it, and return the keys by action id that hold now.

        Raises:
            SettingsError: the keys are not valid, or the file cannot be written.
        """
        from mem0_tui.settings.write import set_keys

        keymap = self.tried(action_id, keys)
        set_keys(self._path, action_id, keys)
        return keymap


def _flat(table: object, prefix: str = "") -> dict[str, object]:
    """The entries by action id; ``memory.delete`` without quotes is a table in a table in TOML."""
    found: dict[str, object] = {}
    for name, value in table.items() if isinstance(table, dict) else ():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
