"""Whether a terminal is to be shown ASCII only, and what then stands for the signs that we draw."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

_SIGNS = {
    "●": "*", "▰": "#", "▱": ".", "⚑": "^", "✓": "v", "✗": "x", "▸": ">", "▾": "v", "▲": "^",
    "▼": "v", "◀": "<", "▶": ">", "…": "~", "·": ".", "•": "*", "→": ">", "←": "<", "↑": "^",
    "↓": "v", "⇥": ">", "⏎": "$", "␣": "_", "×": "x", "–": "-", "—": "-", "«": '"', "»": '"',
    "‘": "'", "’": "'", "“": '"', "”": '"', "⟦": "[", "⟧": "]", "│": "|", "┃": "|", "║": "|",
    "─": "-", "━": "-", "═": "=", "╌": "-", "▔": "-", "▁": "_", "▂": "_", "▄": "_", "▀": "-",
    "▃": "_", "▅": "_", "▆": "#", "▇": "#", "▉": "|", "▋": "|", "▍": "|", "▪": "*",
    "█": "#", "▌": "|", "▐": "|", "▎": "|", "▏": "|", "▊": "|", "▕": "|", "░": ".", "▒": ":",
    "▓": "#", "ä": "a", "ö": "o", "ü": "u", "ß": "s", "é": "e", "è": "e", "à": "a", "ç": "c",
    "ñ": "n", "␛": "E", "‿": "+", "†": "+", "\u00a0": " ",
}  # fmt: skip
_CORNERS = "╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛╔╗╚╝▛▜▙▟▗▖▝▘"
LIKENESSES = {ord(sign): plain for sign, plain in _SIGNS.items()} | dict.fromkeys(
    map(ord, _CORNERS), "+"
)
"""The ASCII sign for each of ours that is none, as wide as it, by code point."""


def ascii_wanted(environ: Mapping[str, str], encoding: str | None) -> bool:
    """Whether to draw in ASCII: MEM0_TUI_ASCII or a C locale says so, or *encoding* is not UTF-8.

    ``MEM0_TUI_ASCII=0`` says the contrary, for terminals that know more than their locale.
    """
    setting = environ.get("MEM0_TUI_ASCII", "").strip().casefold()
    if setting:
        return setting not in ("0", "no", "false", "off")
    if _locale(environ) in ("C", "POSIX"):
        return True
    try:
        return codecs.lookup(encoding or "ascii").name not in ("utf-8", "utf-16", "utf-32")
    except LookupError:
        return True


def _locale(environ: Mapping[str, str]) -> str:
    """The locale that the user chose for text; blank where none is.

    Python writes UTF-8 in the C locale all the same, and puts C.UTF-8 in its place (PEP 538, 540).
    """
    language = environ.get("LANG", "")
    characters = environ.get("LC_CTYPE", "")
    if characters == "C.UTF-8" and language in ("C", "POSIX"):
        characters = language
    return environ.get("LC_ALL", "") or characters or language
