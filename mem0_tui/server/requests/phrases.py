"""Whether a sentence holds beyond the task, asks for something, or says nothing: by the words of
`mem0_tui.server.requests.languages`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mem0_tui.model.words import words_of
from mem0_tui.server.requests.languages import CHINESE, JAPANESE, KOREAN, SPACED, Language

_WORD: Final = r"[\w'-]+"
_CLOSED: Final = r"[。．.！!～~\s]*$"
_SENTENCE: Final = re.compile(r"[^.!;；。！\n]+")


def _any(words: str) -> str:
    """A pattern of any of *words*, longer ones first; of nothing where there are none."""
    listed = sorted(words.split(), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, listed))})".replace("_", r"\s?") if listed else "(?!)"


_PASSING: Final = _any(" ".join(said.state for said in SPACED))
"""Of all languages, since some begin a rule with the same word."""


def _spaced(said: Language) -> Iterator[str]:
    """How a lasting statement looks where blanks stand between words."""
    passing = rf"(?!\w|\s{_PASSING}(?!\w))"
    lead = rf"(?:{_any(said.lead)},?\s)*"
    who, always = _any(said.who), _any(said.always)
    before = rf"(?:{who}\s(?:{_WORD}\s)?)" + ("*" if said.bare else "")
    yield rf"{lead}{_any(said.rule)}{passing}"
    yield rf"{lead}{before}{_any(said.does)}{passing}"
    yield rf"{lead}{who}\s(?:{_WORD}\s){{1,2}}{always}{passing}"
    yield rf"{lead}{_any(said.do)}\s(?:{_WORD}\s){{0,3}}{always}{passing}"
    yield rf"{lead}{_any(said.own)}\s(?:{_WORD}\s){{1,5}}{_any(said.thing)}{passing}"


def _unspaced(said: Language) -> Iterator[str]:
    """The same where none do."""
    passing = f"(?!.{{0,6}}?{_any(said.state)})"
    lead = f"(?:{_any(said.lead)}[，,]?)*"
    yield f"{lead}{_any(said.rule)}{passing}"
    yield f"{lead}{_any(said.who)}{_any(said.does)}{passing}"
    yield f"{lead}{_any(said.own)}[^，,]{{1,16}}?{_any(said.thing)}{passing}"


def _ending(said: Language, blank: str) -> Iterator[str]:
    """The same where the verb comes last; *blank* is what stands between words."""
    passing = f"(?!.*{_any(said.state)})"
    lead = f"(?:{_any(said.lead)}{blank})*"
    yield f"{lead}{_any(said.rule)}{blank}{passing}"
    yield f"{lead}{_any(said.who)}{blank}.*{_any(said.does)}{_CLOSED}"
    yield f"{lead}{_any(said.own)}{blank}.*{_any(said.thing)}{_CLOSED}"
    yield f".*{_any(said.ends)}{_CLOSED}"


_LASTING: Final = re.compile(
    "|".join(
        (
            *(pattern for said in SPACED for pattern in _spaced(said)),
            *_unspaced(CHINESE),
            *_ending(JAPANESE, r"[、,\s]*"),
            *_ending(KOREAN, r"[,\s]+"),
        )
    )
)
_REQUEST: Final = re.compile(
    "|".join(
        (
            *(rf"(?:{_any(said.lead)},?\s)*{_any(said.ask)}(?!\w)" for said in SPACED),
            _any(CHINESE.ask),
            *(f".*{_any(said.ask_ends)}{_CLOSED}" for said in (JAPANESE, KOREAN)),
        )
    )
)
REPLIES: Final = frozenset(word for said in SPACED for word in words_of(said.reply))
"""Words of which a message says nothing when it has no others."""
_REPLIES: Final = re.compile(
    f"{_any(' '.join(said.reply for said in (CHINESE, JAPANESE, KOREAN)))}+".replace(r"\s?", "")
)
_LONGEST_REPLY: Final = 16
_BARE: Final = re.compile(r"[\s\W]+")


def holds_beyond(sentence: str) -> bool:
    """Whether *sentence* is a rule, a preference or a fact of the person or the team."""
    return _LASTING.match(_plain(sentence)) is not None


def asks_to(text: str) -> bool:
    """Whether *text* begins with what somebody asks to be done."""
    first = _SENTENCE.search(text)
    return first is not None and _REQUEST.match(_plain(first.group())) is not None


def is_reply(text: str) -> bool:
    """Whether *text* is a short reply of a language that puts no blanks between words."""
    bare = _BARE.sub("", text[: 4 * _LONGEST_REPLY])
    return len(bare) <= _LONGEST_REPLY and _REPLIES.fullmatch(bare) is not None


def _plain(text: str) -> str:
    """*text* in small letters, with one blank between words and behind each apostrophe."""
    return " ".join(text.lower().replace("’", "'").replace("'", "' ").split())
