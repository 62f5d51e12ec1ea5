"""The words of a text as numbers, so that texts of the same words have the same sum.

A word that may be there or not weighs nothing; words that may stand for each other weigh the same.
So repeats have equal sums, texts that differ in one word have equal sums without it, and a wrapped
text has the sum of its core and that of the wrapper: near texts are found by equal numbers,
whatever their length. What is found is judged by :mod:`.judgement` afterwards.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.opposites import WORDS as OPPOSITE
from mem0_tui.detect.repeats.synonyms import COMPOUNDS, PHRASES, stem
from mem0_tui.detect.repeats.tokens import Kind, classified, tokens
from mem0_tui.detect.repeats.vocabulary import NEGATIONS, RELATIONS, UNITS, is_small, word_set

VALUE: Final = 1 << 63
"""The bit of a weight that says that the word is a value: a number, a name, a date."""
MASK: Final = (1 << 62) - 1
"""The bits of a sum."""

_MODALS = word_set("may can might could will would")
_FORMS = frozenset(
    part
    for phrase, stands_for in PHRASES.items()
    for word in (*phrase, *stands_for.split())
    for part in (word, stem(word))
)
"""Words of phrases, which stand for something else when they are together."""
_PEOPLE = {"user", "they", "he", "she"}
_WEIGHTLESS = NEGATIONS | RELATIONS | OPPOSITE | _MODALS | _FORMS | UNITS.keys() | _PEOPLE
_BLANKS = '"`()[]{},;!?|*<>\t\r\n\x0b\x0c'
_TABLE = bytes(
    ord(" ")
    if chr(code) in _BLANKS or (code < 32 and code != 1)
    else ord(chr(code).lower())
    if code < 128
    else code
    for code in range(256)
)
_PARTED = "\x01"
_EDGES = ".:'-=+/~&^\\_$%#@"
_MOST_REMEMBERED = 200_000


class _Weights(dict[str, bytes]):
    """The weight of each word that has been met, as an array holds it: bytes are joined in a
    quarter of the time in which numbers are taken into an array one by one."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        weight = self[word] = _weight(word).to_bytes(8, sys.byteorder)
        return weight


_WEIGHTS = _Weights()


def weights(texts: Sequence[str]) -> tuple[NDArray[np.uint64], list[int]]:
    """The weights of the words of all *texts*, one text after the other without its wrapper, and
    how many words each has; small words weigh 0."""
    every: list[str] = []
    lengths = []
    for words in _words(texts):
        every += words
        lengths.append(len(words))
    return np.frombuffer(b"".join(map(_WEIGHTS.__getitem__, every)), np.uint64), lengths


def _words(texts: Sequence[str]) -> Iterator[list[str]]:
    """The words of each text. Plain texts are turned over together, which is four times faster."""
    cores = [_core(text) if wrapper.may_be_wrapped(text) else text for text in texts]
    whole = _PARTED.join(cores)
    if whole.isascii() and whole.count(_PARTED) == len(texts) - 1:
        for text in whole.encode().translate(_TABLE).decode().split(_PARTED):
            yield text.split()
        return
    for text in cores:
        if text.isascii():
            yield text.encode().translate(_TABLE).decode().replace(_PARTED, " ").split()
        else:
            yield [token.key for token in tokens(text)]


def _core(text: str) -> str:
    start, end = wrapper.core(text)
    return text[start:end]


def _weight(word: str) -> int:
    if word[0] == "-" and word[1:2].isalpha():
        return _number(word) | VALUE
    word = word.strip(_EDGES)
    if not word:
        return 0
    key, kind, unit = classified(word)
    if unit:
        return (_number(key[:unit]) + _weight(key[unit:])) & MASK | VALUE
    if kind is not Kind.WORD and stem(key) == key:
        return 0 if key in _WEIGHTLESS else _number(key) | VALUE
    if "-" in key:
        return sum(_weight(part) for part in key.split("-") if part) & MASK
    return _weight_of_letters(key)


def _weight_of_letters(key: str) -> int:
    if key in _WEIGHTLESS or is_small(key):
        return 0
    form = stem(key)
    for whole in (key, form):
        if whole in COMPOUNDS:
            return sum(_weight(part) for part in COMPOUNDS[whole]) & MASK
    if form in _WEIGHTLESS:
        return 0
    return _number(form)


def _number(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) & MASK
