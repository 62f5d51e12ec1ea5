"""Our themes, as Textual takes them."""

from __future__ import annotations

from textual.theme import Theme

from mem0_tui.tui.colours import ANSI_THEME, BASE_COLOURS, OWN_COLOURS


def _theme(name: str) -> Theme:
    colours = BASE_COLOURS[name]
    return Theme(
        name=name,
        primary=colours["primary"],
        secondary=colours["secondary"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        dark=name != "mem0-light",
        variables=dict(OWN_COLOURS[name]),
    )


THEMES = tuple(map(_theme, BASE_COLOURS))


def theme_names() -> tuple[str, ...]:
    """The themes there are to choose from, in the order in which they are gone through."""
    return (*(theme.name for theme in THEMES), ANSI_THEME)


def next_theme(name: str) -> str:
    """The theme that follows *name*."""
    names = theme_names()
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
