"""Asks for an action's key by having it pressed, and says first which action it is taken from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual import events
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from mem0_tui.model.errors import Mem0TuiError
from mem0_tui.model.text import one_line
from mem0_tui.tui.keys import find_action, keys_of, without_key, written
from mem0_tui.tui.modals.base import FramedModal
from mem0_tui.tui.parts import OwnKeys


class KeyCapture(FramedModal[str]):
    """Dismisses with comma-separated key names. Enter and Escape answer, and are no keys here."""

    def __init__(self, action_id: str, keymap: Mapping[str, str], own: OwnKeys) -> None:
        super().__init__()
        self._action, self._keymap, self._own = find_action(action_id), keymap, own
        self._present = keys_of(self._action, keymap)
        self._pressed = ""
        self._allowed = False

    def title_text(self) -> str:
        return f"Key: {self._action.label}"

    def keys_text(self) -> str:
        return "⏎ use it   + use it too   Esc cancel"

    def body(self) -> Iterable[Widget]:
        yield Static(Content(self._action.help), classes="question")
        yield Static(id="key-capture", markup=False)

    def on_mount(self) -> None:
        present = written(self._present) if self._present else "none"
        self._say(f"Now: {present}\nPress the new key.")

    def on_key(self, event: events.Key) -> None:
        """Each key but these three is the one that is meant."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "enter" and self._allowed:
            self.dismiss(self._pressed)
        elif event.key == "plus" and self._allowed and self._present:
            self.dismiss(f"{self._present},{self._pressed}")
        elif event.key != "enter":
            self._try(event.key)

    def _try(self, key: str) -> None:
        self._pressed, self._allowed = key, False
        name = written(key)
        try:
            keymap = self._own.tried(self._action.id, key)
        except Mem0TuiError as error:
            hint = f" ({one_line(error.hint)})" if error.hint else ""
            self._say(f"{name}: {one_line(error.message)}{hint}\nPress another key.")
            return
        self._allowed = True
        taken = [
            (find_action(id_), keys)
            for id_, keys in keymap.items()
            if id_ != self._action.id and keys != keys_of(find_action(id_), self._keymap)
        ]
        lines = [f"{name} is free."] if not taken else []
        for action, keys in taken:
            left = (
                f"keeps {written(keys)}" if keys else f"goes without a key: {without_key(action)}"
            )
            lines.append(f"{name} does «{action.label}» ({action.where.value}) now, which {left}.")
        self._say(
            "\n".join(
                [
                    *lines,
                    "Enter uses it, + uses it beside what there is; another key tries that one.",
                ]
            )
        )

    def _say(self, text: str) -> None:
        self.query_one("#key-capture", Static).update(Content(text))
