"""Words that come of one word: the name of what is done, the same in another spelling.

Only endings that leave alone what is said are taken off. Those that name another thing or another
one are not (``-able``, ``-er``, ``-ee``, ``-less``), nor is anything at the beginning of a word
(``un-``, ``re-``, ``pre-``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from mem0_tui.detect.repeats.synonyms import same_as, stem
from mem0_tui.detect.repeats.vocabulary import word_set

_BRITISH: Final = (
    ("is", re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),
    ("our", re.compile(r"(?<=[a-z]{2})our(?=(?:|s|ed|ing|ful|able|ite|ites|less)$)"), "or"),
    ("ll", re.compile(r"(?<=[aeiou][^aeiou][ae])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    ("ogue", re.compile(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
    ("tre", re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    ("yse", re.compile(r"(?<=[a-z]{3})yse(?=[drs]?$)"), "yze"),
)
"""British spellings and American ones."""
_ARRIVALS: Final = word_set("""
approve archive arrive dispose propose refer remove renew retrieve survive withdraw
""")
"""Verbs of which the name of what is done ends with ``-al``."""
_FORMS: Final = """
chose chosen|took taken|gave given|drove driven|wrote written|broke broken|spoke spoken|froze frozen
saw seen|threw thrown|drew drawn|knew known|grew grown|began begun|forgot forgotten|hid hidden
rewrote rewritten|rode ridden|showed shown|proved proven|went gone
"""
_PASTS: Final = {
    form: pair.split()[0]
    for pair in _FORMS.strip().replace("\n", "|").split("|")
    for form in pair.split()
}
"""Past forms and participles, each with the past form."""
_VERBS: Final = """
written write|kept keep|held hold|sent send|built build|done do|made make|given give|taken take
shown show|hidden hide|chosen choose|driven drive|known know|left leave|lost lose|paid pay|sold sell
told tell|caught catch|brought bring|broken break|frozen freeze|seen see|spent spend|thrown throw
drawn draw|found find|bound bind|fed feed|led lead|met meet|taught teach|understood understand
rebuilt rebuild|rewritten rewrite|reset reset|rerun rerun
"""
PARTICIPLES: Final = dict(pair.split() for pair in _VERBS.strip().replace("\n", "|").split("|"))
"""Participles and their verbs."""
_OTHER_THINGS: Final = word_set("""
caption edition mention nation option passion pension portion position ration section session
station statement version
""")
"""Names that only look like that of what a verb tells."""


def american(word: str) -> str:
    """*word* in American spelling."""
    for sign, found, instead in _BRITISH:
        if sign in word:
            word = found.sub(instead, word)
    return word


def same_deed(one: str, other: str) -> bool:
    """Whether two plain words name one deed: ``validating`` and ``validation``, ``deploy`` and
    ``deployment``; or are one word in two spellings."""
    if not (one.isascii() and other.isascii() and one.isalpha() and other.isalpha()):
        return False
    one, other = american(one), american(other)
    if one == other:
        return True
    if {one, other} & _OTHER_THINGS:
        return False
    return _is_name_of(one, other) or _is_name_of(other, one)


def same_past(one: str, other: str) -> bool:
    """Whether two words are the past form and the participle of one irregular verb: ``chose`` and
    ``chosen``."""
    return one in _PASTS and _PASTS[one] == _PASTS.get(other)


def _is_name_of(name: str, word: str) -> bool:
    """Whether *name* is the name of what is done where *word* says that it is being done."""
    if word.endswith("ing"):
        bare = word[:-3]
        verbs = {bare, f"{bare}e", bare[:-1] if bare[-1:] == bare[-2:-1] else bare}
        return any(name in _names(verb) for verb in verbs if len(verb) > 2)
    return name in (f"{word}ment", f"{word}ments") and len(word) > 4


def _names(verb: str) -> tuple[str, ...]:
    bare = verb.removesuffix("e")
    names = (f"{verb}ment", f"{bare}ation", f"{bare}ion")
    if verb in _ARRIVALS:
        return (*names, f"{bare}al")
    return (*names, f"{verb[:-1]}ication") if verb.endswith("fy") else names


_ENDINGS: Final = ("ations", "ation", "ments", "ment", "ions", "ion", "als", "al")


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """What *word* has in common with all words that come of the same: for finding, not for
    judging."""
    word = PARTICIPLES.get(word, word)
    bare = same_as(american(stem(word)) if word.isascii() else word)
    bare = bare.removesuffix("~ed").removesuffix("e")
    if not bare.isascii() or not bare.isalpha():
        return bare
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) > 3:
            bare = bare.removesuffix(ending)
            break
    return bare.removesuffix("at") if len(bare) > 5 else bare
