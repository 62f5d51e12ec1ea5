"""Text to token ids as BERT's uncased WordPiece does it.

Whatever the text, the result is 2 to 256 ids: [CLS], the pieces, [SEP]. Control characters, lone
surrogates, U+0000 and U+FFFD are dropped, as are accents.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from mem0_tui.model.errors import StoreError
from mem0_tui.store.embedding.minilm.weights import FOLDER

MAX_PIECES = 256
_MAX_WORD = 100
"""A longer word is one unknown piece."""
_MAX_TEXT = 65_536
"""Characters that are looked at: far more than 256 pieces take, however they are spread out."""
_MAX_CACHED = 50_000
_BEYOND_LATIN = "\u0250"

_ASCII_TOKEN = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")
_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
"""Ideographs that are words of their own, as in the reference tokenizer."""


class Spelling(dict[int, str]):
    """What each character becomes before words are split; filled in as characters are met.

    Lower case without accents; nothing for controls; a blank for white space; blanks around
    punctuation and ideographs. It goes by the single character, so that a run of combining marks
    costs no more than other text, which ``unicodedata.normalize`` does not promise.
    """

    def __missing__(self, code: int) -> str:
        spelt = self[code] = "".join(
            _spell(part) for part in unicodedata.normalize("NFD", chr(code))
        )
        return spelt


def _spell(character: str) -> str:
    code = ord(character)
    if code == 0xFFFD or (character not in "\t\n\r" and unicodedata.category(character)[0] == "C"):
        return ""
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Mn":
        return ""
    punctuation = category[0] == "P" or (code < 0x80 and not character.isalnum())
    if punctuation or any(first <= code <= last for first, last in _CJK):
        return f" {character} "
    return character.lower()


class WordPiece:
    """The tokenizer; remembers the pieces of words it has met."""

    def __init__(self, vocabulary: list[str]) -> None:
        ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._first = {piece: number for piece, number in ids.items() if piece[:2] != "##"}
        self._rest = {piece[2:]: number for piece, number in ids.items() if piece[:2] == "##"}
        self._longest = max(map(len, ids))
        self._lengths = {number: len(piece.removeprefix("##")) for piece, number in ids.items()}
        self._unknown = ids["[UNK]"]
        self._lengths[self._unknown] = 0
        self._start, self._end = ids["[CLS]"], ids["[SEP]"]
        self._cache: dict[str, tuple[int, ...]] = {}
        self._spelling = Spelling()

    @classmethod
    def load(cls, path: Path = FOLDER / "vocab.txt") -> WordPiece:
        """Read the packaged vocabulary; StoreError if it is missing or damaged."""
        try:
            return cls(path.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(
                f"the embedder's vocabulary cannot be read: {error}", hint="reinstall mem0-tui"
            ) from error

    def encode(self, text: str) -> list[int]:
        """The ids of *text*, from [CLS] to [SEP], at most 256."""
        ids = [self._start]
        cache = self._cache
        for word in self._words(text[:_MAX_TEXT]):
            pieces = cache.get(word)
            if pieces is None:
                pieces = self._remember(word)
            ids += pieces
            if len(ids) >= MAX_PIECES:
                del ids[MAX_PIECES - 1 :]
                break
        ids.append(self._end)
        return ids

    def familiar(self, text: str) -> tuple[int, int]:
        """How many letters of words in *text* are Latin and in pieces of two or more, and how many
        there are; numbers and ASCII signs do not count, other signs do as letters."""
        known = letters = 0
        for word in self._words(text[:_MAX_TEXT]):
            if word.isascii() and not any(map(str.isalpha, word)):
                continue
            letters += len(word)
            if max(word) < _BEYOND_LATIN:
                lengths = (self._lengths.get(piece, 0) for piece in self._remember(word))
                known += sum(length for length in lengths if length > 1)
        return known, letters

    def _words(self, text: str) -> list[str]:
        if text.isascii():
            return _ASCII_TOKEN.findall(_ASCII_CONTROL.sub("", text).lower())
        return text.translate(self._spelling).split()

    def _remember(self, word: str) -> tuple[int, ...]:
        if len(self._cache) >= _MAX_CACHED:
            self._cache.clear()
        pieces = self._cache[word] = self._pieces(word)
        return pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The longest pieces from the left, or the unknown one if something does not fit."""
        if len(word) > _MAX_WORD:
            return (self._unknown,)
        pieces: list[int] = []
        known, start = self._first, 0
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                piece = known.get(word[start:end])
                if piece is not None:
                    break
            else:
                return (self._unknown,)
            pieces.append(piece)
            known, start = self._rest, end
        return tuple(pieces)
