"""What a word is, in every script: one definition for lists, filters and search.

Texts and what is looked for are folded alike: compatibility forms become plain ones (full-width
letters, ligatures, half-width kana), case and accents are dropped, and so is what cannot be seen
(joiners, soft hyphens, variation selectors). What keyboards write in one way and typesetters and
language models in another is one: quotes, dashes, the digits of all scripts, Latin letters with a
stroke, the Arabic letters that Arabic and Persian keyboards have apart. Vowel signs, as in Thai or
Hindi, are letters and stay, and so do the marks of voiced kana. Scripts that put no blanks between
words are read by overlapping pairs of characters; Hangul too, for its particles follow words
without a blank.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mem0_tui.model.late_pattern import late

_FILLERS = frozenset("\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
_SELECTORS = late("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_COMPOSED = late("[\u3041-\u30ff\uac00-\ud7a3]")
"""Kana and Hangul syllables, whose parts are no accents."""
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2044\u2215", "/"),
    # Their strokes are no marks to Unicode. The capital of ı is I, as that of i is elsewhere.
    **dict(zip("ıłøđðħŧ", "iloddht", strict=True)),
    **dict(zip("æœþ", ("ae", "oe", "th"), strict=True)),
    # As Lucene's normalizers for Arabic and Persian do: alef maksura, Farsi yeh, yeh barree; teh
    # marbuta, heh goal; keheh.
    **dict.fromkeys("\u0649\u06cc\u06d2", "\u064a"),
    **dict.fromkeys("\u0629\u06c1", "\u0647"),
    "\u06a9": "\u0643",
}
"""What is written in one way by one keyboard or program, and in another by the next."""
_APART = late(
    "[\u0e4d\u0ecd][\u0e48-\u0e4b\u0ec8-\u0ecb]+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]"
    "|[\u3046-\u30fd][\u3099\u309a]"
)
"""Hangul syllables and voiced kana that are written in parts, and a Thai or Lao am whose parts
stand around the tone mark."""
_NUL = "\uffff"
"""Stands for U+0000, at which SQLite ends a text that it indexes."""

_UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ecf\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u103f\u1050-\u109f\uaa60-\uaa7f\ua9e0-\ua9ef\ua9fa-\ua9fe"  # Burmese
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u1950-\u19cf\u1a20-\u1a7c"  # Tai
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u3035\u3041-\u30fa\u30fc-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han, kana
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff"  # Hangul
)
_RUN = late(f"[{_UNSPACED}]+")
_WILD = late(r"[*?]")
_ASCII_SPACING = {code: " " for code in range(128) if not chr(code).isalnum()}


class _Folding(dict[int, str]):
    """What each character becomes; filled in as characters are met. It goes by the single
    character, so that a long run of marks costs no more than other text."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded_character(chr(code))
        return folded


def _folded_character(character: str) -> str:
    if character == "\0":
        return _NUL
    if _COMPOSED.match(character):
        return unicodedata.normalize("NFKC", character)
    plain = _without_marks(unicodedata.normalize("NFKD", character)).casefold()
    return "".join(map(_plain, _without_marks(unicodedata.normalize("NFKD", plain))))


def _plain(part: str) -> str:
    digit = unicodedata.decimal(part, None)
    return _ALIKE.get(part, part) if digit is None else str(digit)


def _without_marks(decomposed: str) -> str:
    return "".join(part for part in decomposed if not _is_dropped(part))


def _is_dropped(character: str) -> bool:
    """Whether *character* is an accent or cannot be seen; vowel signs are neither."""
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or character in _FILLERS or _SELECTORS.match(character):
        return True
    kind = unicodedata.combining(character)
    # 7: nuktas; 10 to 36: Hebrew, Arabic and Syriac points; 1 and from 200 on: accents.
    return category == "Mn" and (kind in (1, 7) or 10 <= kind <= 36 or kind >= 200)


class _Spacing(dict[int, str]):
    """What is no letter, digit or sign of one becomes a blank."""

    def __missing__(self, code: int) -> str:
        category = unicodedata.category(chr(code))
        word = category[0] in "LN" or category in ("Co", "Mn", "Mc")
        spaced_out = self[code] = chr(code) if word else " "
        return spaced_out


_FOLDING, _SPACING = _Folding(), _Spacing()


def fold(text: str) -> str:
    """*text* without the differences that do not count; folding it again changes nothing."""
    if text.isascii():
        return text.lower().replace("\0", _NUL)
    folded = text.translate(_FOLDING)
    if folded.isascii() or not _APART.search(folded):
        return folded
    return _APART.sub(_put_together, folded)


def _put_together(found: re.Match[str]) -> str:
    parts = found.group()
    if parts[0] in "\u0e4d\u0ecd":
        return parts[1:] + parts[0]  # as the character for both is decomposed
    return unicodedata.normalize("NFC", parts)


def holds(text: str, wanted: str) -> bool:
    """Whether *wanted* is somewhere in *text*, both folded; what folds to nothing is looked for
    as it is."""
    needle = fold(wanted)
    return needle in fold(text) if needle or not wanted else wanted in text


def place_of(text: str, wanted: str) -> int:
    """The index in *text* at which *wanted* is found, both folded; -1 if it is not."""
    at = fold(text).find(fold(wanted))
    if at <= 0 or text.isascii():
        return at
    passed = 0
    for index, character in enumerate(text):
        if passed >= at:
            return index
        passed += len(fold(character))
    return len(text)


def is_wild(word: str) -> bool:
    """Whether *word* has a wildcard and something besides."""
    return bool(_WILD.search(word)) and bool(_WILD.sub("", fold(word)))


@lru_cache(maxsize=256)
def word_pattern(word: str) -> re.Pattern[str]:
    """What finds *word* in a folded text: ``*`` is any characters but blanks, ``?`` is one."""
    parts = (rf"\S{c}" if c == "*" else r"\S" if c == "?" else re.escape(c) for c in fold(word))
    return re.compile("".join(parts).removeprefix(r"\S*").removesuffix(r"\S*"))


def longest_piece(word: str) -> str:
    """The longest part of *word*, folded, without a wildcard."""
    return max(_WILD.split(fold(word)), key=len)


def spaced(folded: str) -> str:
    """The words of a *folded* text with a blank on each side: what is indexed and measured.

    A run of a script without blanks comes as its pairs and its last character, so that each
    character begins one.
    """
    if folded.isascii():
        return f" {folded.translate(_ASCII_SPACING)} "
    text = folded.translate(_SPACING)
    return f" {_RUN.sub(lambda found: _pairs(found.group()), text)} "


def _pairs(run: str) -> str:
    return f" {' '.join(run[start : start + 2] for start in range(len(run)))} "


def words_of(text: str) -> list[str]:
    """The words of a query, folded, each once: as :func:`spaced` has them, but for the last
    character of a run, which only counts where it is alone."""
    found = fold(text).translate(_SPACING)
    words: dict[str, None] = {}
    for piece in _RUN.sub(lambda run: f" {run.group()} ", found).split():
        if len(piece) > 1 and _RUN.fullmatch(piece):
            words.update(dict.fromkeys(piece[at : at + 2] for at in range(len(piece) - 1)))
        else:
            words[piece] = None
    return list(words)


def is_unspaced(text: str) -> bool:
    """Whether *text* is nothing but characters of scripts without blanks."""
    return bool(_RUN.fullmatch(text))
