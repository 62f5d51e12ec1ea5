"""The colours of our themes, as plain data: the first picture is drawn before Textual is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COLOURS_DARK = {
    "cursor-row": "#2f3f6b",
    "cursor-style": "bold",
    "cursor-blurred-style": "none",
    "range-row": "#3a2f5a",
    "muted": "#7a80a3",
    "day-1": "#2c3330",
    "day-2": "#3f4d37",
    "day-3": "#56693f",
    "type-decision": "#7aa2f7",
    "type-task-learning": "#9ece6a",
    "type-anti-pattern": "#f7768e",
    "type-user-preference": "#bb9af7",
    "type-environmental": "#2ac3de",
    "type-convention": "#e0af68",
    "type-session-state": "#8c92b3",
    "type-other": "#b4a7d6",
    "type-untyped": "#787c99",
}
COLOURS_LIGHT = {
    "cursor-row": "#cbd8ff",
    "cursor-style": "bold",
    "cursor-blurred-style": "none",
    "range-row": "#e4d9f7",
    "muted": "#6a6f85",
    "day-1": "#e0e8dd",
    "day-2": "#c4d5be",
    "day-3": "#a5bf9b",
    "type-decision": "#1f4fbf",
    "type-task-learning": "#2f6b1c",
    "type-anti-pattern": "#b3213f",
    "type-user-preference": "#6b3fb5",
    "type-environmental": "#0b6b80",
    "type-convention": "#855500",
    "type-session-state": "#55597a",
    "type-other": "#5d4b93",
    "type-untyped": "#5f6273",
}
COLOURS_CONTRAST = {
    "cursor-row": "#005f87",
    "cursor-style": "bold",
    "cursor-blurred-style": "none",
    "range-row": "#4b0082",
    "muted": "#c8c8c8",
    "text-disabled": "#b0b0b0",
    "day-1": "#003300",
    "day-2": "#006600",
    "day-3": "#009900",
    "type-decision": "#66b2ff",
    "type-task-learning": "#7dff7d",
    "type-anti-pattern": "#ff8080",
    "type-user-preference": "#d9a6ff",
    "type-environmental": "#66ffff",
    "type-convention": "#ffd966",
    "type-session-state": "#e0e0e0",
    "type-other": "#ffb3e6",
    "type-untyped": "#d0d0d0",
}
COLOURS_ANSI = {
    # The terminal's own colours, the other way round: readable on a light and a dark one alike.
    "cursor-row": "ansi_default",
    "cursor-style": "bold reverse",
    "cursor-blurred-style": "underline",
    "range-row": "ansi_magenta",
    "muted": "ansi_bright_black",
    "day-1": "ansi_default",
    "day-2": "ansi_default",
    "day-3": "ansi_default",
    "type-decision": "ansi_bright_blue",
    "type-task-learning": "ansi_green",
    "type-anti-pattern": "ansi_red",
    "type-user-preference": "ansi_magenta",
    "type-environmental": "ansi_cyan",
    "type-convention": "ansi_yellow",
    "type-session-state": "ansi_default",
    "type-other": "ansi_bright_magenta",
    "type-untyped": "ansi_default",
}

BASE_COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "mem0-dark": {
        "primary": "#7aa2f7",
        "secondary": "#bb9af7",
        "accent": "#e0af68",
        "foreground": "#c8d0f0",
        "background": "#16161e",
        "surface": "#1a1b26",
        "panel": "#24283b",
        "success": "#9ece6a",
        "warning": "#e0af68",
        "error": "#f7768e",
    },
    "mem0-light": {
        "primary": "#1f4fbf",
        "secondary": "#6b3fb5",
        "accent": "#855500",
        "foreground": "#22263a",
        "background": "#f3f4f8",
        "surface": "#fbfbfd",
        "panel": "#e3e6ef",
        "success": "#2f6b1c",
        "warning": "#855500",
        "error": "#b3213f",
    },
    "mem0-contrast": {
        "primary": "#ffff00",
        "secondary": "#00ffff",
        "accent": "#ffb000",
        "foreground": "#ffffff",
        "background": "#000000",
        "surface": "#000000",
        "panel": "#202020",
        "success": "#00ff00",
        "warning": "#ffd000",
        "error": "#ff6060",
    },
}
"""What each of our own themes says of its colours, by Textual's names for them."""
OWN_COLOURS: Final[Mapping[str, Mapping[str, str]]] = {
    "mem0-dark": COLOURS_DARK,
    "mem0-light": COLOURS_LIGHT,
    "mem0-contrast": COLOURS_CONTRAST,
}
"""The colours beside these, which are ours."""

ANSI_THEME = "ansi-dark"
"""Textual's own theme that uses the terminal's sixteen colours."""
_ANSI = {
    "primary": "ansi_blue",
    "accent": "ansi_green",
    "error": "ansi_red",
    "foreground": "ansi_default",
    "background": "ansi_default",
    "surface": "ansi_default",
    "panel": "ansi_default",
}
"""What Textual (8.2) gives that theme."""

TYPE_NAMES = tuple(name for name in COLOURS_DARK if name.startswith("type-"))
"""Names of the colours of memory types."""


_ALIKE = {
    "project_knowledge": "environmental",
    "decisions_and_constraints": "decision",
    "workflows": "convention",
    "problems_and_fixes": "anti-pattern",
    "results": "task-learning",
}
"""The categories of Mem0's plugin since 0.3, and which type's colour each has."""


def type_class(type_: str | None) -> str:
    """The part of a component class name that stands for the kind of memory *type_*."""
    if type_ is None:
        return "untyped"
    name = _ALIKE.get(type_) or type_.replace("_", "-")
    return name if f"type-{name}" in COLOURS_DARK else "other"


def palette(theme: str) -> Mapping[str, str]:
    """The colours of *theme*, or of the theme that is shown where there is none of that name."""
    if theme == ANSI_THEME:
        return {**_ANSI, **COLOURS_ANSI}
    name = theme if theme in BASE_COLOURS else next(iter(BASE_COLOURS))
    return {**BASE_COLOURS[name], **OWN_COLOURS[name]}
