"""Whether two texts of the same words say the same in another voice, or with a part moved.

``Kim reviews the code`` and ``The code is reviewed by Kim``; ``Never edit old migrations`` and
``Old migrations must not be edited``; ``Use make to build it`` and ``Build it with make``. All
words are accounted for, each in its place, so that who does what to whom is never turned round.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mem0_tui.detect.repeats.derivation import PARTICIPLES
from mem0_tui.detect.repeats.reading import ParsedText
from mem0_tui.detect.repeats.synonyms import is_past_of, same_as, stem
from mem0_tui.detect.repeats.vocabulary import NEGATIONS, NOT, is_small, word_set

_STATE: Final = word_set("is are be gets get")
_OUGHT: Final = word_set("must should shall")
_TOOL: Final = word_set("with via use by")
_DOER: Final = word_set("by in on via with")
_PLACE: Final = word_set("in on at for")
_LONGEST: Final = 24
"""Words of texts that are tried."""

Keys = tuple[str, ...]


def same_in_another_voice(one: ParsedText, other: ParsedText) -> bool | None:
    """True where both say the same; False where a person has to tell, for the one may report what
    the other demands; None where nothing of the kind is seen."""
    if max(len(one.keys), len(other.keys)) > _LONGEST:
        return None
    found: bool | None = None
    for mine, theirs in ((one, other), (other, one)):
        if _by_tool(mine.keys, theirs.keys) or _in_place(mine, theirs.keys):
            return True
        said = _turned(mine, theirs.keys)
        if said:
            return True
        found = said if found is None else found
    return found


def _turned(passive: ParsedText, active: Keys) -> bool | None:
    """Whether *active* says what *passive* does: with whom it is done by before the verb, or as a
    command."""
    for at, (negation, before, verb, behind) in _passives(passive):
        told = [index for index, key in enumerate(behind) if key in _DOER]
        for index in told:
            rest, doer = behind[:index], behind[index + 1 :]
            for size in range(1, len(doer) + 1):
                wanted = (*doer[:size], *negation, verb, *before, *rest, *doer[size:])
                if _same(wanted, active, size + len(negation)):
                    return behind[index] == "by"
        if _same((*negation, verb, *before, *behind), active, len(negation)):
            # "Flaky tests are fixed" may be the report on "fix flaky tests".
            return _is_demanded(passive, at)
    return None


def _passives(reading: ParsedText) -> Iterator[tuple[int, tuple[Keys, Keys, str, Keys]]]:
    """Each verb that may be a participle behind ``is``: its token's index, and the negation, what
    stands before it, itself, and what stands behind it."""
    for number, word in enumerate(reading.words):
        at = reading.token_at(word.start)
        behind = at - 1
        while behind >= 0 and _is_passed_over(reading.raw[behind].key):
            behind -= 1
        if number == 0 or behind < 0 or reading.raw[behind].key not in _STATE:
            continue
        before = reading.keys[:number]
        if before[-1] == "get" and len(before) > 1:
            before = before[:-1]
        negation: Keys = ()
        if before[-1] == NOT:
            before, negation = before[:-1], (NOT,)
        if before and NOT not in before:
            yield behind, (negation, before, word.key, reading.keys[number + 1 :])


def _is_passed_over(key: str) -> bool:
    return key not in _STATE and (key in NEGATIONS or is_small(key))


def _is_demanded(reading: ParsedText, at: int) -> bool:
    """Whether the ``be`` at the token *at* follows ``must`` and the like."""
    return any(token.key in _OUGHT for token in reading.raw[max(0, at - 2) : at])


def _same(wanted: Keys, active: Keys, at: int) -> bool:
    """Whether *active* is *wanted* with another form of the verb at *at*, and tells no past."""
    if len(wanted) != len(active) or wanted[:at] != active[:at]:
        return False
    verb, said = wanted[at], active[at]
    if wanted[at + 1 :] != active[at + 1 :]:
        return False
    if said.endswith("ed") and stem(said) != said:
        return False
    if stem(verb) == stem(said) or is_past_of(verb, said):
        return True
    return verb in PARTICIPLES and same_as(PARTICIPLES[verb]) == said


def _by_tool(one: Keys, other: Keys) -> bool:
    """Whether *one* is ``use X to do Y`` and *other* ``do Y with X``."""
    if not one or one[0] != "use" or "to" not in one[2:]:
        return False
    at = one.index("to", 2)
    tool, deed = one[1:at], one[at + 1 :]
    return len(deed) > 1 and any(other == (*deed, by, *tool) for by in _TOOL)


def _in_place(one: ParsedText, other: Keys) -> bool:
    """Whether *one* is ``X must do Y`` and *other* ``do Y in X``."""
    at = next((i for i, token in enumerate(one.raw) if token.key in _OUGHT), 0)
    if not at or at + 1 >= len(one.raw) or one.raw[at + 1].key in _STATE:
        return False
    cut = sum(word.start < one.raw[at].start for word in one.words)
    place, deed = one.keys[:cut], one.keys[cut:]
    return bool(place) and len(deed) > 1 and any(other == (*deed, in_, *place) for in_ in _PLACE)
