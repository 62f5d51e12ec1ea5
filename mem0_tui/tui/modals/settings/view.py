"""The settings and keys: every value that holds, where it comes from, and a way to change it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line
from mem0_tui.settings.schema import SETTINGS, Setting, Source
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.modals.settings.rows import KEYS, SettingEntry, entries, rows, value_of
from mem0_tui.tui.parts import Parts
from mem0_tui.tui.theme import theme_names
from mem0_tui.tui.widgets.line_input import LineInput
from mem0_tui.tui.widgets.row_list import RowList


class SettingsView(FramedModal[None]):
    """Shows settings and keys, and changes those of the settings file; no secret is shown whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "change", "change", show=True, tooltip="Change this setting or key."),
        Binding("backspace,delete", "reset", "default", show=True, tooltip="Use the default."),
        Binding("slash", "find", "find", show=True, tooltip="Find a setting or a key."),
    ]
    LARGE = True

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._kept: dict[str, str | None] = {}
        """What was changed here, by name; it holds from the next start on."""
        self._entries: dict[str, SettingEntry] = {}

    def title_text(self) -> str:
        return "Settings and keys"

    def keys_text(self) -> str:
        change = "⏎ change   ⌫ default   " if self._changeable else ""
        return f"{change}/ find   ↑↓ move   Esc close"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a file nothing can be changed, and the footer names no key for it."""
        if action in ("change", "reset"):
            return self._changeable
        return super().check_action(action, parameters)

    @property
    def _changeable(self) -> bool:
        return self._parts.save_setting is not None and self._parts.settings is not None

    def body(self) -> Iterable[Widget]:
        yield LineInput(
            placeholder="/ find: a setting, a key or a word", id="settings-find", compact=True
        )
        yield RowList(id="settings-rows")
        yield Static(id="settings-about", markup=False)

    def on_mount(self) -> None:
        self._show()
        self.query_one(RowList).focus()

    def _show(self) -> None:
        """Draw the rows that what is typed leaves."""
        settings = self._parts.settings
        if settings is None:
            self._tell("No settings were read for these memories.")
            return
        found = entries(settings, self._parts.keymap, self._kept)
        self._entries = {entry.key: entry for each in found.values() for entry in each}
        self.query_one(RowList).show(list(rows(found, self.query_one(Input).value)))

    def _tell(self, text: str) -> None:
        self.query_one("#settings-about", Static).update(Content(text))

    def on_row_list_moved(self) -> None:
        """Say what the row under the cursor is for."""
        entry = self._entries.get(self.query_one(RowList).key or "")
        settings = self._parts.settings
        warnings = settings.warnings if settings is not None and not self._kept else ()
        about = entry.about if entry is not None else "nothing has these words"
        self._tell("\n".join([about, *(f"! {one_line(redact(each))}" for each in warnings)]))

    def on_row_list_chosen(self) -> None:
        if self._changeable:
            self.action_change()

    def action_find(self) -> None:
        """Type to find."""
        self.query_one(Input).focus()

    def on_input_changed(self) -> None:
        self._show()

    def on_input_submitted(self) -> None:
        self.query_one(RowList).focus()

    def key_down(self) -> None:
        """From what is typed to the rows."""
        if self.query_one(Input).has_focus:
            self.query_one(RowList).focus()

    def action_leave(self) -> None:
        """First leave what was typed, then the settings."""
        typed = self.query_one(Input)
        if not typed.value and not typed.has_focus:
            self.dismiss(None)
            return
        typed.value = ""
        self.query_one(RowList).focus()

    def action_change(self) -> None:
        """Ask for another value, or another key."""
        key = self.query_one(RowList).key or ""
        if key.startswith(KEYS):
            self._ask_key(key.removeprefix(KEYS))
        elif key in SETTINGS:
            self._ask_value(SETTINGS[key])
        elif key:
            self.notify(self._entries[key].about or "this cannot be set", markup=False)

    def action_reset(self) -> None:
        """Take it out of the settings file: the default holds again."""
        key = self.query_one(RowList).key or ""
        if key.startswith(KEYS):
            self._keep_keys(key.removeprefix(KEYS), None)
        elif key in SETTINGS:
            self._keep(key, None)

    def _ask_key(self, action_id: str) -> None:
        from mem0_tui.tui.modals.settings.key_capture import KeyCapture

        def pressed(keys: str | None) -> None:
            if keys is not None:
                self._keep_keys(action_id, keys)

        own = self._parts.own_keys
        if own is not None:
            self.app.push_screen(KeyCapture(action_id, self._parts.keymap, own), pressed)

    def _keep_keys(self, action_id: str, keys: str | None) -> None:
        if self._parts.own_keys is None:
            return
        try:
            keymap = self._parts.own_keys.keep(action_id, keys)
        except Mem0TuiError as error:
            self._refuse(error)
            return
        self.app.use_keys(keymap)  # type: ignore[attr-defined]
        self._show()

    def _ask_value(self, setting: Setting) -> None:
        from mem0_tui.tui.modals.prompt import Prompt
        from mem0_tui.tui.modals.settings.choice import Choice

        assert self._parts.settings is not None
        present = self._kept.get(setting.name) or value_of(self._parts.settings, setting.name)
        written = str(present).lower() if isinstance(present, bool) else str(present or "")
        about = f"{setting.help}: {setting.form}"

        def problem(text: str) -> str | None:
            try:
                setting.read(text)
            except (ValueError, RuntimeError):
                return f"expected {setting.form}"
            return None

        def entered(value: str | None) -> None:
            if value is not None:
                self._keep(setting.name, value)

        if setting.name == "theme":
            chooser = Choice(setting.name, setting.help, theme_names(), written, themes=True)
            self.app.push_screen(chooser, entered)
        elif setting.choices:
            chooser = Choice(setting.name, setting.help, setting.choices, written)
            self.app.push_screen(chooser, entered)
        else:
            self.app.push_screen(Prompt(setting.name, about, value=written, check=problem), entered)

    def _keep(self, name: str, value: str | None) -> None:
        """Write the value, use a theme at once, and say what holds instead where something does."""
        settings, save = self._parts.settings, self._parts.save_setting
        assert settings is not None
        assert save is not None
        try:
            save(name, value)
        except Mem0TuiError as error:
            self._refuse(error)
            return
        self._kept[name] = value
        if name == "theme" and value in self.app.available_themes:
            self.app.theme = value
        origin = settings.origins.get(name)
        if origin is not None and origin.source in (Source.VARIABLE, Source.OPTION):
            self.notify(
                f"{name} is kept, but {one_line(str(origin))} goes before the file", markup=False
            )
        self._show()

    def _refuse(self, error: Mem0TuiError) -> None:
        text = f"{error.message}\n{error.hint}" if error.hint else error.message
        self.notify(one_line(redact(text)), severity="error", markup=False)
