"""Measures how a key of ``[tui.keymap]`` may be written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from scripts.codexrules.judge import Judge
from scripts.codexrules.probe import Rules
from scripts.codexrules.shape import split, text

_MODIFIERS: Final = (
    "alt altgr cmd command control ctl ctrl fn hyper logo meta opt option os shift super win"
)
_NAMES: Final = (
    "back backslash backspace backtab backtick bs comma cr dash del delete dot down end enter"
    " equal esc escape grave home hyphen ins insert left menu minus next none null page-down"
    " page-up page_down page_up pagedown pageup pause period pgdn pgdown pgup pipe plus prior"
    " quote ret return right semicolon slash space spacebar spc tab underscore up"
)
_FIRST = ("leader", "prefix")
_MOST_STROKES, _MOST_F = 5, 40


def key_rule(judge: Judge, way: str) -> dict[str, Any]:
    """What a key at *way* is made of.

    ``modifiers``, those that mean the same together; ``names`` of keys, beside every printable
    character but ``plain``; ``function``, the number of the last function key; ``strokes``, how
    many may follow one another; ``first``, what may stand in the place of the first of several.
    """

    def takes(key: str) -> bool:
        return bool(judge.shown(text(split(way), key)))

    modifiers = [name for name in _MODIFIERS.split() if takes(f"{name}-x")]
    return {
        "modifiers": list(_alike(modifiers, takes)),
        "names": [name for name in _NAMES.split() if takes(name)],
        "plain": "".join(c for c in map(chr, range(33, 127)) if not takes(c)),
        "function": max((n for n in range(1, _MOST_F) if takes(f"f{n}")), default=0),
        "strokes": max(n for n in range(1, _MOST_STROKES) if takes(" ".join("x" * n))),
        "first": [name for name in _FIRST if takes(f"{name} x")],
    }


def _alike(names: list[str], takes: Any) -> Iterator[list[str]]:
    """*names* in groups of which a key may have only one."""
    same = {name: {name} for name in names}
    for one, other in combinations(names, 2):
        if not takes(f"{one}-{other}-x"):
            same[one] |= same[other]
            for name in same[one]:
                same[name] = same[one]
    yield from sorted(map(sorted, {id(group): group for group in same.values()}.values()))


def mark(judge: Judge, rules: Rules) -> None:
    """Give the keys among *rules* the form that was measured.

    A key of any other form may be refused without a word about texts (0.150.0), so that only a
    right one shows that there may be one.
    """
    leaves = (way for way in rules if way.startswith("tui.keymap.") and way.count(".") == 3)
    singles = [way for way in leaves if f"{way}[]" in rules]
    if not singles or not judge.shown(text(split(singles[0]), "x")):
        return
    keys = key_rule(judge, singles[0])
    for way in singles:
        rules[way] = {"is": "sa", "keys": keys}
        rules[f"{way}[]"] = {"is": "s", "keys": keys}
