"""Words in which letters of another script stand for Latin ones, such as a Cyrillic «а».

Words of another script as such pass, and so do units and names of variables (``μs``, ``kΩ``,
``Δt``) and Latin acronyms with a Russian ending in a Russian text (``PRы``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mem0_tui.model.hard_signs.sign import SCRIPTS, HardSign

_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_CYRILLIC = "\u0400-\u052f\u1c80-\u1c88\u2de0-\u2dff\ua640-\ua69f"
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_OTHER = "\u0531-\u0556\u0561-\u0587\u13a0-\u13ff\uab70-\uabbf\u2c80-\u2cff\ua4d0-\ua4f7"
"""Armenian, Cherokee, Coptic and Lisu, which have look-alikes too."""
_FOREIGN = _CYRILLIC + _GREEK + _OTHER
_SEAM = re.compile(f"[{_LATIN}][{_FOREIGN}]|[{_FOREIGN}][{_LATIN}]")
_LETTER = re.compile(r"[^\W\d_]")
_NAMES = (
    ("Cyrillic", re.compile(f"[{_CYRILLIC}]")),
    ("Greek", re.compile(f"[{_GREEK}]")),
    ("Armenian, Cherokee, Coptic or Lisu", re.compile(f"[{_OTHER}]")),
)
_CYRILLIC_WORD = re.compile(f"(?<![{_LATIN}])[{_CYRILLIC}]{{2,}}(?![{_LATIN}])")
_LOOKS_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορυχϲϳ")
"""Greek letters that pass for Latin ones."""
_FIRST = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧιονρ")
"""Those of them that no variable's name begins with."""
_FOUND = 20


def mixed_scripts(text: str) -> Iterator[HardSign]:
    """The words of *text* that are written in two scripts to look like one."""
    end = told = 0
    for seam in islice(_SEAM.finditer(text), 10 * _FOUND):
        if seam.start() < end:
            continue
        start, end = _word(text, seam.start())
        word = text[start:end]
        name = _disguised(word, text)
        if name and told < _FOUND:
            told += 1
            yield HardSign(SCRIPTS, start, end, f"{name} letters in «{word}»")


def _word(text: str, at: int) -> tuple[int, int]:
    start = end = at
    while start and at - start < 80 and _LETTER.match(text, start - 1):
        start -= 1
    while end < len(text) and end - at < 80 and _LETTER.match(text, end):
        end += 1
    return start, end


def _disguised(word: str, text: str) -> str:
    """The script that *word* borrows from, empty where that is honest."""
    latin = sum(bool(re.match(f"[{_LATIN}]", character)) for character in word)
    for name, letters in _NAMES:
        foreign = letters.findall(word)
        if foreign and _pretends(name, word, foreign, latin, text):
            return name
    return ""


def _pretends(name: str, word: str, foreign: list[str], latin: int, text: str) -> bool:
    if name == "Greek":
        return latin >= 2 and _greek_pretends(word)
    if name == "Cyrillic" and _CYRILLIC_WORD.search(text):
        # A Russian text: an ending, or one letter of the other keyboard, is no disguise.
        switches = len(_SEAM.findall(word)) + len(_SEAM.findall(word[1:-1]))
        return switches > 2 or (latin > len(foreign) and not _has_ending(word))
    return latin > 0


def _has_ending(word: str) -> bool:
    """Whether *word* is a Latin one with a Cyrillic ending, or the other way round."""
    cyrillic, latin = f"[{_CYRILLIC}]+", f"[{_LATIN}]+"
    return bool(re.fullmatch(f"{latin}{cyrillic}|{cyrillic}{latin}", word))


def _greek_pretends(word: str) -> bool:
    lower = any(character.isascii() and character.islower() for character in word)
    for at, character in enumerate(word):
        if character not in _LOOKS_LATIN or (character.islower() and not lower):
            continue
        if at or (character in _FIRST and len(word) > 3):
            return True
    return False
