"""The words of a text as numbers, so that texts of the same words have the same sum.

A word that may be there or not weighs nothing; words that may stand for each other weigh the same.
So repeats have equal sums, texts that differ in one word have equal sums without it, and a wrapped
text has the sum of its core and that of the wrapper: near texts are found by equal numbers,
whatever their length. What is found is judged by :mod:`.judgement` afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mem0_tui.detect.repeats import wrapper
from mem0_tui.detect.repeats.carriers import CARRIERS
from mem0_tui.detect.repeats.derivation import root
from mem0_tui.detect.repeats.glossary import MOST_BYTES, Glossary
from mem0_tui.detect.repeats.opposites import WORDS as OPPOSITE
from mem0_tui.detect.repeats.synonyms import COMPOUNDS, PHRASES, stem
from mem0_tui.detect.repeats.tokens import Kind, classified, tokens
from mem0_tui.detect.repeats.vocabulary import (
    LEADING,
    NEGATIONS,
    RELATIONS,
    UNITS,
    is_small,
    word_set,
)

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
_PEOPLE = word_set("""
user they he she developer nutzer nutzerin benutzer benutzerin anwender anwenderin usuario usuaria
utilisateur utilisatrice project codebase
""")
_LIGHT = word_set("""
was were did dislike dislikes comprise consist consists named called about around too must stop
stopped gave rejects reject removed dropped abandoned retired uninstalled
""")
"""Words in which texts often differ that say the same."""
_WEIGHTLESS = (
    (NEGATIONS | RELATIONS | LEADING | OPPOSITE | _MODALS | _FORMS | UNITS.keys())
    | (_PEOPLE | _LIGHT | CARRIERS)
) - {"go", "goes"}  # a language, too
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

_PARTING: Final = ord(_PARTED)


class Weights:
    """The weights of the words of texts; used by one thread at a time."""

    def __init__(self) -> None:
        self._glossary = Glossary(_weight)

    def of(self, texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The weights of the words of all *texts*, one text after the other without its wrapper,
        and how many words each has; small words weigh 0."""
        cores = wrapper.cores(texts)
        apart = {at: text for at, text in enumerate(cores) if not text.isascii()}
        found: list[NDArray[np.uint64]] = []
        lengths: list[NDArray[np.int64]] = []
        for some in _together(["" if at in apart else text for at, text in enumerate(cores)]):
            if len(some) <= MOST_BYTES:
                weights, counts = self._glossary.weights(some, _PARTING)
            else:
                alone = self._glossary.alone(some.strip(_PARTED.encode()).decode().split())
                weights, counts = np.array(alone, np.uint64), np.array([len(alone)])
            found.append(weights)
            lengths.append(counts)
        every, counted = np.concatenate(found), np.concatenate(lengths)
        if not apart:
            return every, counted
        more = [
            self._glossary.alone(token.key for token in tokens(text)) for text in apart.values()
        ]
        places, sizes = np.array(list(apart)), np.array(list(map(len, more)))
        starts = np.repeat((np.cumsum(counted) - counted)[places], sizes)
        counted[places] = sizes
        return np.insert(every, starts, np.array([*chain(*more)], np.uint64)), counted

    def alone(self, text: str) -> list[int]:
        """The weights of the words of one text: for so few, arrays take longer."""
        core = wrapper.core_of(text)
        if core.isascii():
            return self._glossary.alone(
                _data(core).replace(_PARTED.encode(), b" ").decode().split()
            )
        return self._glossary.alone(token.key for token in tokens(core))


def _together(texts: Sequence[str]) -> Iterator[bytes]:
    """Plain *texts* as :class:`.Glossary` takes them, as many as it takes at a time."""
    whole = f"{_PARTED}{_PARTED.join(texts)}{_PARTED}"
    if whole.count(_PARTED) != len(texts) + 1:
        texts = [text.replace(_PARTED, " ") for text in texts]
        whole = f"{_PARTED}{_PARTED.join(texts)}{_PARTED}"
    if len(whole) <= MOST_BYTES or len(texts) == 1:
        yield _data(whole)
    else:
        middle = len(texts) // 2
        yield from _together(texts[:middle])
        yield from _together(texts[middle:])


def _data(text: str) -> bytes:
    return text.encode().translate(_TABLE)


def _weight(word: str) -> int:
    if word[0] == "-" and word[1:2].isalpha():
        return _number(word) | VALUE
    word = word.strip(_EDGES)
    if not word:
        return 0
    key, kind, unit = classified(word)
    if unit:
        return (_number(key[:unit]) + _weight(key[unit:])) & MASK | VALUE
    if kind is Kind.NAME and key.isalpha():
        return _number(key)  # the name of a product
    if kind is not Kind.WORD and stem(key) == key:
        return 0 if key in _WEIGHTLESS else _number(key) | VALUE
    if "-" in key:
        return sum(_weight(part) for part in key.split("-") if part) & MASK
    return _weight_of_letters(key)


def _weight_of_letters(key: str) -> int:
    if key in _WEIGHTLESS or is_small(key):
        return 0
    before, _, behind = key.partition("'")
    if behind:  # a French article, or a verb that is shortened
        return _weight_of_letters(behind if len(before) < 3 else before)
    form = stem(key)
    for whole in (key, form):
        if whole in COMPOUNDS:
            return sum(_weight(part) for part in COMPOUNDS[whole]) & MASK
    bare = root(key)
    return 0 if form in _WEIGHTLESS or bare in _WEIGHTLESS else _number(bare)


def _number(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) & MASK
