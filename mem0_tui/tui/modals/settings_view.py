"""The settings: every value that holds, and which file, variable or option it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from textual.widget import Widget

from mem0_tui.model.secret import mask, redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.signs import MISSING
from mem0_tui.settings.schema import SETTINGS, Origin, Settings, Source
from mem0_tui.tui.keys import find_action, written
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.text_view import Line, TextView, line


class _Values(TextView):
    PREFIX = "settings"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"settings--{name}" for name in ("title", "key", "muted", "set", "warning")
    }


class SettingsView(FramedModal[None]):
    """Shows settings; nothing can be changed here, and no key is shown whole."""

    LARGE = True

    def __init__(self, settings: Settings | None, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._settings = settings
        self._keymap = keymap

    def title_text(self) -> str:
        return "Settings"

    def keys_text(self) -> str:
        return "↑↓ scroll   Esc close"

    def body(self) -> Iterable[Widget]:
        yield _Values(id="settings-values")

    def on_mount(self) -> None:
        view = self.query_one(_Values)
        view.show_lines(self._lines())
        view.focus()

    def _lines(self) -> list[Line]:
        if self._settings is None:
            return [line(("No settings were read for these memories.", "muted"))]
        lines = [
            line((f"! {one_line(redact(warning))}", "warning"), indent=2)
            for warning in self._settings.warnings
        ]
        lines += [line()] if lines else []
        for name, value, origin in rows(self._settings):
            lines += _setting_lines(name, value, origin)
        lines += [line(("Files", "title"))]
        for name in ("journal", "snapshots"):
            value = _shown(getattr(self._settings, name))
            lines.append(line((f"  {name:<16} ", "key"), value, indent=4))
        if self._keymap:
            lines += [line(), line(("Keys of your own", "title"))]
        for action_id, keys in sorted(self._keymap.items()):
            usual = f"  instead of {written(find_action(action_id).keys)}"
            lines.append(line((f"  {action_id:<16} ", "key"), written(keys), (usual, "muted")))
        return lines


def rows(settings: Settings) -> list[tuple[str, str, Origin]]:
    """Each setting's name, its value fit to be shown, and where that came from."""
    unknown = Origin(Source.DEFAULT, "nothing set it")
    found = [
        (name, _shown(_value(settings, name)), settings.origins.get(name, unknown))
        for name in SETTINGS
    ]
    key = mask(settings.api_key) if settings.api_key else MISSING
    return [*found, ("api_key", key, settings.origins.get("api_key", unknown))]


def _value(settings: Settings, name: str) -> object:
    if name.endswith("_id"):
        return getattr(settings.scope, name)
    return getattr(settings, name, None)


def _shown(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Path):
        home = Path.home()
        value = Path("~") / value.relative_to(home) if value.is_relative_to(home) else value
    return one_line(redact(str(value)))


def _setting_lines(name: str, value: str, origin: Origin) -> list[Line]:
    usual = origin.source is Source.DEFAULT
    about = SETTINGS[name].help if name in SETTINGS else "what a Mem0 server knows you by"
    place = one_line(redact(str(origin)))
    return [
        line((f"  {name:<16} ", "key"), (value, "" if usual else "set"), indent=4),
        line((f"    {about}", "muted"), (f"  · {place}", "muted" if usual else ""), indent=4),
    ]
