"""What the words of two texts of near meaning say against their being the same."""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.paraphrases.values import are_other_values
from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.opposites import OPPOSITES, are_apart, are_opposite
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText, read
from mem0_tui.detect.repeats.vocabulary import NOT, word_set
from mem0_tui.model.words import fold

FEWEST_WORDS: Final = 2
"""Words of a text below which its vector says too little."""
_FEW_WORDS = 1
_NEGATIVE: Final = word_set("""
avoid avoids avoiding without stop stopped hate hates dislike dislikes drop dropped instead rather
forbid forbidden nobody none neither nor removed except unless refuse refuses
""")
"""Words that say no, besides those that are read as :data:`NOT`."""
_MOSTLY = 0.5
"""What texts have in common of the words of the shorter where a single word against it tells."""
_SHORTEST_STEM = 4
_ENDINGS: Final = ("ing", "ed", "es", "er", "s")


def may_say_the_same(one: str, other: str) -> bool:
    """Whether nothing in the words of two texts, whose vectors are near, says that they are two
    memories: another value, a contradiction, or the same subject of which each says its own.

    What differs in few words is not for vectors: it is a repeat, a conflict, or neither.
    """
    ours, theirs = read(one), read(other)
    if min(len(ours.words), len(theirs.words)) < FEWEST_WORDS:
        return False
    if judge(ours, theirs) is not None or _stem(ours.keys[0]) == _stem(theirs.keys[0]):
        return False
    mine, yours = _stems(ours), _stems(theirs)
    if len(mine ^ yours) <= _FEW_WORDS:
        return False
    if are_other_values(ours, theirs):
        return False
    if len(mine & yours) < _MOSTLY * min(len(mine), len(yours)):
        return True
    if _denies(ours) != _denies(theirs):
        return False
    return not any(_against(ours, word, theirs) for word in ours.words)


def _denies(text: ParsedText) -> bool:
    return NOT in text.keys or any(token.key in _NEGATIVE for token in text.raw)


def _against(one: ParsedText, word: ContentWord, other: ParsedText) -> bool:
    """Whether *other* has the opposite of *word*, or another thing of its kind, in place of it."""
    said, keys = _written(one, word), set(one.keys)
    return word.key not in other.keys and any(
        (said, _written(other, each)) in OPPOSITES
        or are_opposite(word.key, each.key)
        or are_apart(word.key, each.key)
        for each in other.words
        if each.key not in keys
    )


def _written(text: ParsedText, word: ContentWord) -> str:
    return fold(text.text[word.start : word.end])


def _stems(text: ParsedText) -> set[str]:
    return {_stem(key) for key in text.keys}


def _stem(key: str) -> str:
    """A word without its commonest endings, so that ``deploys`` is ``deployed``."""
    word = key.removesuffix("~ed")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def is_latin(text: str) -> bool:
    """Whether *text* is written in Latin letters, as all is that the model has learnt."""
    if text.isascii():
        return True
    letters = [char for char in text if char.isalpha()]
    return 10 * sum(char < "\u0250" for char in letters) >= 9 * len(letters)
