"""A text as it is compared: what it says, without wrappers and small words, synonyms as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from mem0_tui.detect.repeats import talk, wrapper
from mem0_tui.detect.repeats.synonyms import COMPOUNDS, LOCATED, PHRASES, is_listed, same_as
from mem0_tui.detect.repeats.tokens import Kind, Token, tokens
from mem0_tui.detect.repeats.vocabulary import EVENTS, NEGATIONS, NOT, SEQUENCE, is_small, word_set

_BREAKS = frozenset(".;,!?\n–—。，、；！？")
_MODALS = word_set("must should can may has needs might could")
_OUGHT = word_set("must should shall")
_LIKINGS = word_set("""
prefer want wish like dislike hate love favor need require expect bevorzugt mag mochte hasst
prefiere quiere odia detesta prefere aime veut deteste enjoy
""")
_PARTICIPLE = word_set("is are be been being gets get isn't aren't")
_PEOPLE = word_set("they he she")
_USERS = word_set("""
user developer nutzer nutzerin benutzer benutzerin anwender anwenderin usuario usuaria utilisateur
utilisatrice
""")
_FEWEST_LEFT = 2
"""Words that must be left of a text without talk."""
_SHORTENED = {"d": "would", "ll": "will", "ve": "", "re": "", "m": "", "s": ""}
"""What stands behind an apostrophe at the end of a word."""
_ELIDED = frozenset("ldnsjmtc")
"""Letters that French puts before an apostrophe: they are articles and pronouns."""
_ABOUT = word_set("about around approximately roughly circa ca ungefahr etwa environ unos unas")


class ContentWord(NamedTuple):
    """A word that counts, and where it stands."""

    key: str
    kind: Kind
    start: int
    end: int
    breaks: bool
    """Whether a clause begins with it."""
    headed: bool
    """Whether a colon stands before it."""
    owns: bool
    """Whether it is a genitive, as in ``the mailer's limit``."""


def _by_first() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    found: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for phrase, word in PHRASES.items():
        found.setdefault(phrase[0], []).append((phrase, tuple(word.split())))
    for joined, (first, second) in COMPOUNDS.items():
        for form in (second, f"{second}s"):
            found.setdefault(first, []).append(((first, form), (joined,)))
    for phrases in found.values():
        phrases.sort(key=lambda pair: -len(pair[0]))
    return found


_PHRASES: Final = _by_first()
_SECOND: Final = {
    first: frozenset(phrase[1] for phrase, _ in phrases if len(phrase) > 1)
    for first, phrases in _PHRASES.items()
}
_SINGLE: Final = {p[0]: to for phrases in _PHRASES.values() for p, to in phrases if len(p) == 1}


@dataclass(frozen=True)
class ParsedText:
    """What a text says."""

    text: str
    words: tuple[ContentWord, ...]
    keys: tuple[str, ...]
    """Those of the words."""
    raw: Sequence[Token]
    """All tokens of the core, small ones too."""
    start: int
    """Where the core begins, behind a wrapper."""
    end: int

    @cached_property
    def ordered(self) -> bool:
        """Whether it speaks of an order in time."""
        return any(token.key in SEQUENCE and token.kind is not Kind.UNIT for token in self.raw)

    @property
    def plain(self) -> ParsedText:
        """What is left of it without talk, see :mod:`.talk`; itself where there is none."""
        return self._without_talk or self

    @cached_property
    def _without_talk(self) -> ParsedText | None:
        # None for itself: what holds itself is only let go of by a look for garbage.
        told = talk.opening(self.text, self.raw, self.end)
        first = told[0] if told else 0
        last, _ = talk.ending(self.text, self.raw)
        if last - first < _FEWEST_LEFT or (first == 0 and last == len(self.raw)):
            return None
        raw = self.raw[first:last]
        words = tuple(_words(self.text, raw))
        keys = tuple(word.key for word in words)
        return ParsedText(self.text, words, keys, raw, raw[0].start, raw[-1].end)

    @cached_property
    def teller(self) -> str:
        """The names of who says it, and when, where an opening or an ending has them."""
        told = talk.opening(self.text, self.raw, self.end)
        return (told[1] if told else "") or talk.ending(self.text, self.raw)[1]

    def token_at(self, start: int) -> int:
        """The index in :attr:`raw` of the token that begins at *start* in the text."""
        return next((i for i, token in enumerate(self.raw) if token.start >= start), len(self.raw))


@lru_cache(maxsize=32)
def read(text: str) -> ParsedText:
    """Read *text*; the last ones are remembered."""
    start, end = wrapper.core(text) if wrapper.may_be_wrapped(text) else (0, len(text))
    raw = tokens(text, start, end)
    words = tuple(_words(text, raw))
    return ParsedText(text, words, tuple([word.key for word in words]), raw, start, end)


_UNTOLD = bytes(
    ord(" ") if chr(code) in ',;"`()[]\t\r\n' else ord(chr(code).lower()) if code < 128 else code
    for code in range(256)
)


def bare(text: str) -> str:
    """*text* without wrapper, and without what never matters: case, commas, quotes, full stops.
    Equal ones say the same; that others differ is for :func:`read` to say."""
    start, end = wrapper.core(text)
    core = text[start:end]
    if not core.isascii():
        return core
    words = core.encode().translate(_UNTOLD).replace(b". ", b" ").split()
    return b" ".join(words).rstrip(b".").decode()


def _words(text: str, raw: Sequence[Token]) -> Iterator[ContentWord]:
    index, breaks, headed, last = 0, False, False, 0
    subject = True  # before the first word that counts
    simple, new, total = _SIMPLE, tuple.__new__, len(raw)
    while index < total:
        said, kind, start, end = raw[index]
        if last and not (start == last + 1 and text[last] == " "):
            between = text[last:start]
            breaks = breaks or not _BREAKS.isdisjoint(between) or " - " in between
            headed = headed or ":" in between
        size = 0
        stands_for: tuple[str, ...] = ()
        seconds = _SECOND.get(said)
        if seconds is not None and index + 1 < total and raw[index + 1][0] in seconds:
            size, stands_for = _phrase(raw, index)
        if not size:
            size = 1
            if kind is _WORD and not subject and (plain := simple[said]) is not None:
                stands_for = plain
            elif said in _SINGLE:
                stands_for = _SINGLE[said]
            else:
                stands_for = _word(raw, index, subject)
        last = end if size == 1 else raw[index + size - 1].end
        for key in stands_for:
            owns = text[last - 1] == "s" and text[last - 2] in "'’"
            yield new(ContentWord, (key, kind, start, last, breaks, headed, owns))
            subject = breaks = headed = False
        index += size


class _Simple(dict[str, tuple[str, ...] | None]):
    """What a word counts as that is not the subject; None where that depends on what is around
    it."""

    def __missing__(self, key: str) -> tuple[str, ...] | None:
        if len(self) >= _MOST_SIMPLE:
            self.clear()
        found = self[key] = self._counted(key)
        return found

    def _counted(self, key: str) -> tuple[str, ...] | None:
        if key in _SINGLE:
            return _SINGLE[key]
        if key in NEGATIONS or "-" in key or "'" in key or key in _ABOUT or key == "user":
            return None
        if is_small(key):
            return None if key in _OUGHT else ()
        word = same_as(key)
        return None if word.endswith("~ed") else (word,)


_SIMPLE: Final = _Simple()
_MOST_SIMPLE: Final = 65_536
_WORD: Final = Kind.WORD


def _phrase(raw: Sequence[Token], index: int) -> tuple[int, tuple[str, ...]]:
    """How many tokens from *index* on are a phrase, and what it stands for."""
    for phrase, stands_for in _PHRASES.get(raw[index].key, ()):
        size = len(phrase)
        if phrase[0] in LOCATED and index and raw[index - 1].key == "be":
            continue  # an order
        if tuple(token.key for token in raw[index : index + size]) == phrase:
            return size, stands_for
    return 0, ()


def _word(raw: Sequence[Token], index: int, subject: bool) -> tuple[str, ...]:
    """What the token at *index* counts as; nothing, if it is a small word."""
    key, kind = raw[index].key, raw[index].kind
    if kind is Kind.NUMBER and key == "1" and index + 1 < len(raw):
        following = raw[index + 1]
        return () if following.kind is Kind.WORD and following.key in _MODALS else (key,)
    if key == "=":
        return ()
    if kind is not Kind.WORD:
        return (same_as(key) if is_listed(key) else key,)
    if key in NEGATIONS:
        return (NOT,)
    if "'" in key:
        if key[1:2] != "'" or key[0] not in _ELIDED:
            return _shortened(key, subject)
        key = key[2:]
    if key == "user" and not subject and _following_verb(raw, index) in _LIKINGS:
        return ()
    if subject and (key in _USERS or key in _PEOPLE):
        if _following_verb(raw, index) in _LIKINGS:
            return ()
        return (same_as(key),) if key == "developer" else ("user",)
    if key in _ABOUT and index + 1 < len(raw) and raw[index + 1].kind is Kind.NUMBER:
        return (same_as("approximately"),)
    if is_small(key):
        if (key == "now" and not index) or (key in _OUGHT and _is_order(raw, index)):
            return (key,)
        return ()
    if "-" in key:
        joined = same_as(key.replace("-", ""))
        return (joined if joined in COMPOUNDS else key,)
    word = same_as(key)
    if word.endswith("~ed") and _is_participle(raw, index):
        word = word.removesuffix("~ed")
    return (word,)


def _shortened(key: str, subject: bool) -> tuple[str, ...]:
    """What a word with an apostrophe counts as: ``user'd``."""
    before, _, behind = key.partition("'")
    if behind not in _SHORTENED:
        return (key,)
    people = before in _USERS or (subject and before in _PEOPLE)
    both = ("user" if people else before, _SHORTENED[behind])
    return tuple(same_as(each) for each in both if each and not is_small(each))


def _is_order(raw: Sequence[Token], index: int) -> bool:
    """Whether the ``must`` at *index* makes an order of what would report that it is done:
    ``must be fixed`` at the end."""
    return index + 3 == len(raw) and raw[index + 1].key == "be" and raw[index + 2].key in EVENTS


def _following_verb(raw: Sequence[Token], index: int) -> str:
    """What the first token behind *index* that counts stands for."""
    for token in raw[index + 1 :]:
        passed = token.key in NEGATIONS or token.key in ("longer", "would")
        if not passed and not is_small(token.key):
            return same_as(token.key)
    return ""


def _is_participle(raw: Sequence[Token], index: int) -> bool:
    """Whether a past form at *index* tells a state, as in ``is not needed``."""
    at = index - 1
    while at > 0 and (raw[at].key in NEGATIONS or is_small(raw[at].key)) and (
        raw[at].key not in _PARTICIPLE
    ):  # fmt: skip
        at -= 1
    return at >= 0 and raw[at].key in _PARTICIPLE
