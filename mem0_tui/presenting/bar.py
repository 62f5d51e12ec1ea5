"""Shares as bars, and numbers as heights, in signs of one cell each."""

from __future__ import annotations

from typing import Final

_HEIGHTS: Final = "·▁▂▃▄▅▆▇█"
_PLAIN_HEIGHTS: Final = ".:-=+*#%@"
_SHADES: Final = "·░▒▓█"
_PLAIN_SHADES: Final = ".:+*#"


def bar(share: float, width: int, *, plain: bool = False) -> str:
    """*share* (0 to 1) as a bar of at most *width* cells, with eighths; a *plain* one is ASCII.
    Whatever is more than nothing is seen."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    if share > 0 and eighths == 0:
        eighths = 1
    if plain:
        return "#" * max(round(eighths / 8), int(eighths > 0))
    return "█" * (eighths // 8) + ("" if eighths % 8 == 0 else " ▏▎▍▌▋▊▉"[eighths % 8])


def height(number: int, most: int, *, plain: bool = False) -> str:
    """*number* of at most *most* as one cell; whatever is more than nothing is seen."""
    signs = _PLAIN_HEIGHTS if plain else _HEIGHTS
    if number <= 0:
        return signs[0]
    top = len(signs) - 1
    return signs[max(1, min(top, round(top * number / most)))]


def shade(level: int, *, plain: bool = False) -> str:
    """The *level* from 0 for nothing to 4 for much, as one cell."""
    return (_PLAIN_SHADES if plain else _SHADES)[level]
