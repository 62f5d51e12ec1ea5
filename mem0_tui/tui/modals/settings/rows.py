"""The rows of the settings: every value that holds, every key, and what each is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

from mem0_tui.model.secret import mask, redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.signs import MISSING
from mem0_tui.settings.schema import SETTINGS, SettingOrigin, Settings, Source
from mem0_tui.tui.keys import ACTIONS, Action, keys_of, without_key, written
from mem0_tui.tui.widgets.row_list import Row, between, heading

KEYS = "keys "
"""What the key of an action's row begins with."""
_NAME_CELLS = 17
_KEYS_CELLS = 14
_UNKNOWN = SettingOrigin(Source.DEFAULT, "nothing set it")


@dataclass(frozen=True, slots=True)
class SettingEntry:
    """One row: a setting, an action's keys, or a value that is only shown."""

    key: str
    name: str
    value: str
    origin: str
    about: str
    """What it is for, and what a value looks like."""
    own: bool
    """Whether it is not what it is by default."""

    def row(self) -> Row:
        """The row as it is drawn."""
        look = "title" if self.own else ""
        left = [(f"  {self.name:<{_NAME_CELLS}} ", look), (self.value, look)]
        if self.key.startswith(KEYS):
            room = max(1, _KEYS_CELLS - cell_len(self.value))
            left.append((" " * room + self.about, "muted"))
        return Row(lambda width: between(left, [(f" {self.origin}", "muted")], width), self.key)


def entries(
    settings: Settings, keymap: Mapping[str, str], kept: Mapping[str, str | None]
) -> dict[str, list[SettingEntry]]:
    """All entries by heading.

    Args:
        settings: those that hold.
        keymap: the user's own keys by action id.
        kept: what was changed since the start, by setting; None where it was taken out.
    """
    found = {"Settings": [_setting(settings, name, kept) for name in (*SETTINGS, "api_key")]}
    for action in ACTIONS:
        found.setdefault(f"Keys: {action.where.value}", []).append(_action(action, keymap))
    found["Files"] = [
        SettingEntry(f"file {name}", name, shown(getattr(settings, name)), "", "", own=False)
        for name in ("journal", "snapshots")
    ]
    return found


def rows(found: Mapping[str, list[SettingEntry]], typed: str) -> Iterator[Row]:
    """The entries that hold all words of *typed*, under their headings."""
    words = typed.casefold().split()
    for title, of_title in found.items():
        fitting = [
            entry
            for entry in of_title
            if all(word in f"{entry.name} {entry.value} {entry.about}".casefold() for word in words)
        ]
        if fitting:
            yield heading(title)
            yield from (entry.row() for entry in fitting)


def _setting(settings: Settings, name: str, kept: Mapping[str, str | None]) -> SettingEntry:
    origin = settings.origins.get(name, _UNKNOWN)
    if name == "api_key":
        value = mask(settings.api_key) if settings.api_key else MISSING
        about = "what a Mem0 server knows you by: set MEM0_API_KEY, or api_key_file"
    else:
        value = shown(value_of(settings, name))
        about = f"{SETTINGS[name].help}: {SETTINGS[name].form}"
    if name in kept:
        later = kept[name]
        about += f". From the next start on: {'the default' if later is None else shown(later)}"
        value += f" → {'default' if later is None else shown(later)}"
    own = origin.source is not Source.DEFAULT or name in kept
    return SettingEntry(name, name, value, one_line(redact(str(origin))), about, own)


def _action(action: Action, keymap: Mapping[str, str]) -> SettingEntry:
    keys = keys_of(action, keymap)
    value = written(keys) if keys else f"no key; {without_key(action)}"
    own = action.id in keymap
    usual = f"instead of {written(action.keys)}" if own else ""
    return SettingEntry(
        KEYS + action.id, action.label, value, usual, f"{action.help} ({action.id})", own
    )


def value_of(settings: Settings, name: str) -> object:
    """The value of the setting *name*."""
    if name.endswith("_id"):
        return getattr(settings.scope, name)
    return getattr(settings, name, None)


def shown(value: object) -> str:
    """A value fit to be shown, in the words of the settings file."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path):
        home = Path.home()
        value = Path("~") / value.relative_to(home) if value.is_relative_to(home) else value
    return one_line(redact(str(value)))
