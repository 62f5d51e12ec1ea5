"""The settings: every value that holds, and which file, variable or option it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.secret import mask, redact
from mem0_tui.model.text import one_line
from mem0_tui.presenting.signs import MISSING
from mem0_tui.presenting.spans import Line, line
from mem0_tui.settings.schema import SETTINGS, SettingOrigin, Settings, Source
from mem0_tui.tui.keys import find_action, written
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.widgets.text_view import TextView


class _Values(TextView):
    PREFIX = "settings"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"settings--{name}" for name in ("title", "key", "muted", "set", "warning")
    }


class SettingsView(FramedModal[None]):
    """Shows settings, and changes those of the settings file; no key is shown whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e,enter", "change", "change", show=True, tooltip="Change a setting."),
    ]
    LARGE = True

    def __init__(
        self,
        settings: Settings | None,
        keymap: Mapping[str, str],
        save: Callable[[str, str], None] | None = None,
    ) -> None:
        """*save* writes a value to the settings file; without it nothing can be changed."""
        super().__init__()
        self._settings = settings
        self._save = save
        self._kept: dict[str, str] = {}
        """What was changed here, by name; it holds from the next start on."""
        self._keymap = keymap

    def title_text(self) -> str:
        return "Settings"

    def keys_text(self) -> str:
        change = "e change   " if self._changeable else ""
        return f"{change}↑↓ scroll   Esc close"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a file nothing can be changed, and the footer names no key for it."""
        return self._changeable if action == "change" else super().check_action(action, parameters)

    @property
    def _changeable(self) -> bool:
        return self._save is not None and self._settings is not None

    def action_change(self) -> None:
        """Ask which setting to change, then for its value."""
        from mem0_tui.tui.modals.prompt import Prompt

        def known(name: str) -> str | None:
            return None if name in SETTINGS else "no such setting"

        def chosen(name: str | None) -> None:
            if name is not None:
                self._ask_value(name)

        about = "Which setting? It is written to the settings file."
        self.app.push_screen(
            Prompt("Change a setting", about, choices=tuple(SETTINGS), check=known), chosen
        )

    def _ask_value(self, name: str) -> None:
        from mem0_tui.tui.modals.prompt import Prompt

        assert self._settings is not None
        setting = SETTINGS[name]
        present = self._kept.get(name) or _value(self._settings, name)

        def problem(text: str) -> str | None:
            try:
                setting.read(text)
            except (ValueError, RuntimeError):
                return f"expected {setting.form}"
            return None

        def entered(value: str | None) -> None:
            if value is not None:
                self._keep(name, value)

        written = str(present).lower() if isinstance(present, bool) else str(present or "")
        about = f"{setting.help}: {setting.form}"
        self.app.push_screen(Prompt(name, about, value=written, check=problem), entered)

    def _keep(self, name: str, value: str) -> None:
        """Write the value, use a theme at once, and say what holds instead where something does."""
        assert self._settings is not None
        assert self._save is not None
        try:
            self._save(name, value)
        except Mem0TuiError as error:
            text = f"{error.message}\n{error.hint}" if error.hint else error.message
            self.notify(one_line(redact(text)), severity="error", markup=False)
            return
        self._kept[name] = value
        if name == "theme" and value in self.app.available_themes:
            self.app.theme = value
        origin = self._settings.origins.get(name)
        if origin is not None and origin.source in (Source.VARIABLE, Source.OPTION):
            text = f"{name} is kept, but {one_line(str(origin))} goes before the file"
        else:
            text = f"{name} is kept in the settings file and holds from the next start on"
        self.notify(text, markup=False)
        self.query_one(_Values).show_lines(self._lines(), keep_scroll=True)

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
            if name in self._kept:
                kept = f"    from the next start on: {_shown(self._kept[name])}"
                lines.append(line((kept, "set"), indent=4))
        lines += [line(("Files", "title"))]
        for name in ("journal", "snapshots"):
            value = _shown(getattr(self._settings, name))
            lines.append(line((f"  {name:<16} ", "key"), value, indent=4))
        if self._keymap:
            lines += [line(), line(("Keys of your own", "title"))]
        for action_id, keys in sorted(self._keymap.items()):
            usual = f"  instead of {written(find_action(action_id).keys)}"
            own = written(keys) or "no key"
            lines.append(line((f"  {action_id:<16} ", "key"), own, (usual, "muted")))
        return lines


def rows(settings: Settings) -> list[tuple[str, str, SettingOrigin]]:
    """Each setting's name, its value fit to be shown, and where that came from."""
    unknown = SettingOrigin(Source.DEFAULT, "nothing set it")
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


def _setting_lines(name: str, value: str, origin: SettingOrigin) -> list[Line]:
    usual = origin.source is Source.DEFAULT
    about = SETTINGS[name].help if name in SETTINGS else "what a Mem0 server knows you by"
    place = one_line(redact(str(origin)))
    return [
        line((f"  {name:<16} ", "key"), (value, "" if usual else "set"), indent=4),
        line((f"    {about}", "muted"), (f"  · {place}", "muted" if usual else ""), indent=4),
    ]
