"""What a difference of two texts is: nothing, a value, a negation, an opposite, or a word."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mem0_tui.detect.repeats.derivation import same_deed, same_past
from mem0_tui.detect.repeats.difference import Hunk
from mem0_tui.detect.repeats.left_out import is_subject_left_out
from mem0_tui.detect.repeats.opposites import OPPOSITES, are_apart, are_opposite
from mem0_tui.detect.repeats.reading import ContentWord, ParsedText
from mem0_tui.detect.repeats.synonyms import inflected, is_past_of
from mem0_tui.detect.repeats.tokens import Kind
from mem0_tui.detect.repeats.vocabulary import NOT, word_set
from mem0_tui.model.words import fold

_LONGEST_VALUE = 3
_MODALS = word_set("may can might could will would")
_HERE = frozenset(("", "incodebase", "inproject", "inrepository"))
"""Where all that a project's memories say holds."""
_MEANS = word_set("using with via through")
"""Words before the tool with which something is done."""
_KINDS_OF_PATHS = word_set("directory file path table module bucket")
_KINDS_OF_NUMBERS = word_set("port version")
_PROJECTS = word_set("project repository codebase projekt projet proyecto")
_DETERMINERS = word_set("the a an this that our your my his her their each every")
_IDLE = (
    frozenset(("", "get")),
    frozenset(("", "named", "called", "titled")),
    frozenset(("", "contain", "hold", "comprise", "consist", "include")),
    frozenset(("", "take place", "occur", "happen")),
)
"""Words that may be left out where they stand, and that say the same."""
_SAME = (
    frozenset(("dislike", f"{NOT} like")),
    frozenset(("forbidden", f"{NOT} permit")),
    frozenset(("that", "which")),
    frozenset(("if", "when")),
    frozenset(("written", "implemented")),
    frozenset(("asked to", "requested to")),
    frozenset(("asked for", "requested")),
    frozenset(("own", "owner")),
    frozenset(("work as", "")),
    frozenset(("based in", "in")),
    frozenset(("for", "to")),
    frozenset(("ensure to", "")),
    frozenset(("ensure to", "ensure")),
    frozenset(("ensure that", "ensure")),
    frozenset(("placed", "put")),
    frozenset(("located", "reside")),
    frozenset(("shown", "display")),
    frozenset(("go to", "sent to")),
)
"""Words for words, each as they are read."""
_SPLIT_APART = word_set("""
re-sign re-form re-cover re-lease re-creation re-store re-mark re-sort re-sent re-count re-collect
re-treat re-solve re-serve co-op re-dress re-present re-fuse
""")
"""Words that are another word without their hyphen."""


class Part(StrEnum):
    """What one hunk is."""

    NOTHING = "nothing"
    VALUE = "value"
    NOT = "not"
    OPPOSITE = "opposite"
    WORD = "word"
    CHOICE = "choice"
    AFFIX = "affix"


def part_of(one: ParsedText, other: ParsedText, hunk: Hunk) -> Part | None:
    ours = one.words[hunk.start : hunk.end]
    theirs = other.words[hunk.other_start : hunk.other_end]
    if _joined(ours) == _joined(theirs):
        return None if any(word.key in _SPLIT_APART for word in (*ours, *theirs)) else Part.NOTHING
    if ours and theirs and _all_values(ours) and _all_values(theirs):
        return Part.VALUE if _same_shape(ours, theirs) else None
    if _is_negation(ours, theirs) or _is_negation(theirs, ours):
        return Part.NOT
    if len(ours) == len(theirs) == 1:
        if ours[0].kind is theirs[0].kind is Kind.WORD and (
            (inflected(ours[0].key, theirs[0].key) and not _is_thing(one, other, hunk))
            or same_deed(ours[0].key, theirs[0].key)
            or same_past(ours[0].key, theirs[0].key)
        ):
            return Part.NOTHING
        said = as_written(one, hunk.start, other, hunk.other_start)
        if said[0] == said[1] or {*said} <= _MEANS:
            return Part.NOTHING
        if said in OPPOSITES or are_opposite(ours[0].key, theirs[0].key):
            return Part.OPPOSITE
        if _is_to_do(one, other, hunk):
            return Part.NOTHING
        if are_apart(ours[0].key, theirs[0].key):
            return None
        if not hunk.start and not hunk.other_start and _is_past(ours[0].key, theirs[0].key):
            return None
    if len(ours) == len(theirs) == 2 and {ours[0].key, theirs[0].key} == {"for", "to"}:
        same = inflected(ours[1].key, theirs[1].key) or same_deed(ours[1].key, theirs[1].key)
        return Part.NOTHING if same else None
    if "prefer" in one.keys and _joined(ours) + _joined(theirs) in ("overto", "toover"):
        return Part.NOTHING
    if _HERE.issuperset({_joined(ours), _joined(theirs)}):
        return Part.NOTHING
    if _is_idle(one, other, hunk) or is_subject_left_out(one, other, hunk):
        return Part.NOTHING
    if (
        len(ours) == len(theirs)
        and 1 < len(ours) <= _LONGEST_VALUE
        and _word_by_word(one, other, hunk)
    ):
        return Part.NOTHING
    if _is_infinitive(ours, theirs) or _is_infinitive(theirs, ours):
        return Part.NOTHING
    return _unknown(one, other, hunk)


def _is_thing(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether the one is called by the name of what is done: ``the training``, ``the train``."""
    return any(
        reading.words[at].key.endswith("ing") and _is_determined(reading, reading.words[at].start)
        for reading, at in ((one, hunk.start), (other, hunk.other_start))
    )


def _is_determined(reading: ParsedText, start: int) -> bool:
    at = reading.token_at(start)
    return at > 0 and reading.raw[at - 1].key in _DETERMINERS


def _is_idle(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether what differs says nothing, or the same in other words."""
    said = {
        " ".join(one.keys[hunk.start : hunk.end]),
        " ".join(other.keys[hunk.other_start : hunk.other_end]),
    }
    if said in ({"", "was"}, {"", "were"}) and _is_perfect(one, other, hunk):
        return True
    if any(said == same for same in _SAME) or _is_apposition(one, other, hunk):
        return True
    if not hunk.start or not hunk.other_start:
        return False  # "get" as the first word is an order
    return any(said <= idle for idle in _IDLE)


def _is_perfect(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether the one has ``has been moved`` where the other has ``was moved``."""
    reading, at = (other, hunk.other_end) if hunk.end > hunk.start else (one, hunk.end)
    if at >= len(reading.words):
        return False
    before = reading.token_at(reading.words[at].start) - 1
    return before >= 0 and reading.raw[before].key == "been"


def _is_apposition(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether it is one word that says what the name beside it is one of: ``the table orders_v2``,
    ``the Grebe project``."""
    mine = hunk.end - hunk.start
    if mine + hunk.other_end - hunk.other_start != 1:
        return False
    reading, at = (one, hunk.start) if mine else (other, hunk.other_start)
    beside = [reading.words[each] for each in (at - 1, at + 1) if 0 <= each < len(reading.words)]
    key = reading.words[at].key
    if key in _KINDS_OF_PATHS:
        return any(word.kind is Kind.NAME for word in beside)
    if key in _KINDS_OF_NUMBERS:
        return at + 1 < len(reading.words) and reading.words[at + 1].kind is Kind.NUMBER
    return key in _PROJECTS and any(reading.text[word.start].isupper() for word in beside)


def _word_by_word(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether each word of the one says what the word at its place in the other does."""
    places = zip(range(hunk.start, hunk.end), range(hunk.other_start, hunk.other_end), strict=True)
    single = [Hunk(at, at + 1, there, there + 1) for at, there in places]
    return all(part_of(one, other, each) is Part.NOTHING for each in single)


def _is_past(one: str, other: str) -> bool:
    """Whether one tells what was done and the other what is to be done."""
    return (
        one == f"{other}~ed"
        or other == f"{one}~ed"
        or (is_past_of(one, other) or is_past_of(other, one))
    )


def _is_to_do(one: ParsedText, other: ParsedText, hunk: Hunk) -> bool:
    """Whether the one has ``to run`` and the other ``for running``."""
    keys = one.keys[hunk.start : hunk.end], other.keys[hunk.other_start : hunk.other_end]
    if sorted(keys) != [("for",), ("to",)]:
        return False
    reading, at = (one, hunk.end) if keys[0] == ("for",) else (other, hunk.other_end)
    if at >= len(reading.words):
        return False
    word = reading.words[at]
    return reading.text[word.start : word.end].endswith("ing")


def _is_infinitive(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether *ours* is ``to test`` and *theirs* ``testing``."""
    if len(ours) != 2 or len(theirs) != 1 or ours[0].key != "to":
        return False
    return theirs[0].key.endswith("ing") and inflected(ours[1].key, theirs[0].key)


def _unknown(one: ParsedText, other: ParsedText, hunk: Hunk) -> Part | None:
    """What a hunk is that no list knows."""
    ours, theirs = hunk.end - hunk.start, hunk.other_end - hunk.other_start
    words = (
        *one.words[hunk.start : hunk.end],
        *other.words[hunk.other_start : hunk.other_end],
    )
    values = any(word.kind.is_value for word in words)
    at_edge = (hunk.start == 0 and hunk.other_start == 0) or (
        hunk.end == len(one.words) and hunk.other_end == len(other.words)
    )
    if at_edge and not values and not any(word.key == NOT for word in words):
        return Part.AFFIX
    if max(ours, theirs) > 1 or any(word.key == NOT for word in words):
        return None
    if any(word.kind in (Kind.SIGN, Kind.FLAG) for word in words):
        return None
    if values and min(ours, theirs) == 0:
        dated = at_edge and hunk.start == 0 and all(word.kind is Kind.DATE for word in words)
        return Part.WORD if dated else None
    return Part.WORD


def as_written(one: ParsedText, index: int, other: ParsedText, other_index: int) -> tuple[str, str]:
    """The two words as they were written, folded."""
    mine, theirs = one.words[index], other.words[other_index]
    return fold(one.text[mine.start : mine.end]), fold(other.text[theirs.start : theirs.end])


def _joined(words: Sequence[ContentWord]) -> str:
    return "".join(word.key for word in words).replace("-", "")


def _all_values(words: Sequence[ContentWord]) -> bool:
    return len(words) <= _LONGEST_VALUE and all(word.kind.is_value for word in words)


def _same_shape(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether both are one value of the same kinds: a region and a number are two."""
    kinds = [word.kind for word in ours]
    one = len(kinds) == 1 or not {Kind.NAME, Kind.ID} & {*kinds} or Kind.SIGN in kinds
    return one and kinds == [word.kind for word in theirs]


def _is_negation(ours: Sequence[ContentWord], theirs: Sequence[ContentWord]) -> bool:
    """Whether *ours* is *theirs* denied."""
    keys = [word.key for word in ours]
    if NOT not in keys or keys.count(NOT) > 1:
        return False
    rest = [key for key in keys if key != NOT]
    said = [word.key for word in theirs]
    return rest == said or (not rest and len(said) == 1 and said[0] in _MODALS)
