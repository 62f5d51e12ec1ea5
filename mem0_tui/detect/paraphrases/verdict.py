"""What the words of two texts of near meaning say against their being the same."""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import Indel

from mem0_tui.detect.paraphrases.values import are_other_values
from mem0_tui.detect.repeats.difference import hunks
from mem0_tui.detect.repeats.judgement import judge
from mem0_tui.detect.repeats.opposites import OPPOSITES, are_apart, are_opposite
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText, read
from mem0_tui.detect.repeats.relation import Relation
from mem0_tui.detect.repeats.vocabulary import NOT, is_small, word_set
from mem0_tui.model.words import fold

_FEWEST = 2
"""Words of a text below which its vector says too little, and of which one must have more."""
_LONGER = 3
"""By so many times the longer one says more."""
_FEW_WORDS = 1
_FEW_DIFFER = 0.65
"""The likeness of two rows of words from which on it is for words alone to say what they are."""
_NEGATIVE: Final = word_set("""
avoid avoids avoiding without stop stopped hate hates dislike dislikes drop dropped instead rather
forbid forbidden nobody none neither nor removed except unless refuse refuses
""")
"""Words that say no, besides those that are read as :data:`NOT`."""
_MOSTLY = 0.5
"""What texts have in common of the words of the shorter where a single word against it tells."""
_SHORTEST_STEM = 4
_LONGEST = 1_000
"""Characters up to which the model reads a text whole (256 pieces of words)."""
_MOST_BREAKS = 1
"""Line breaks of one statement; with more it is a list or a page."""
_ENDINGS: Final = ("ing", "ed", "es", "er", "s")


def may_say_the_same(one: str, other: str) -> bool:
    """Whether nothing in the words of two texts, whose vectors are near, says that they are two
    memories: another value, a contradiction, or the same subject of which each says its own.

    What differs in few words is not for vectors: it is a repeat, a conflict, or neither.
    """
    ours, theirs = read(one), read(other)
    lengths = sorted((len(ours.words), len(theirs.words)))
    if lengths[0] < _FEWEST or lengths[1] <= _FEWEST or lengths[1] > _LONGER * lengths[0]:
        return False
    if _subject(ours) == _subject(theirs) or _stem(ours.keys[0]) == _stem(theirs.keys[0]):
        return False
    if Indel.normalized_similarity(ours.keys, theirs.keys) >= _FEW_DIFFER:
        return False
    if _is_parallel(ours, theirs):
        return False
    judged = judge(ours, theirs)
    if judged is not None and judged.sort is not Relation.CHOICE:
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


def _is_parallel(one: ParsedText, other: ParsedText) -> bool:
    """Whether both say one thing, of another subject and with another object each: logs are shipped
    to Loki, metrics are shipped to Prometheus."""
    ours, theirs = [_stem(key) for key in one.keys], [_stem(key) for key in other.keys]
    found = hunks(ours, theirs)
    if len(found) < 2:
        return False
    first, last = found[0], found[-1]
    begins = first.start == first.other_start == 0 and first.end == first.other_end
    ends = last.end == len(ours) and last.other_end == len(theirs)
    return begins and ends and min(last.end - last.start, last.other_end - last.other_start) > 0


def _subject(text: ParsedText) -> str:
    """The first word that counts, a person too."""
    return next((_stem(token.key) for token in text.raw if not is_small(token.key)), "")


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


def may_be_compared(text: str) -> bool:
    """Whether *text* is one statement, of a length that the model reads whole, in the Latin letters
    that it has learnt."""
    if len(text) > _LONGEST or text.count("\n") > _MOST_BREAKS:
        return False
    if text.isascii():
        return True
    letters = [char for char in text if char.isalpha()]
    return 10 * sum(char < "\u0250" for char in letters) >= 9 * len(letters)
