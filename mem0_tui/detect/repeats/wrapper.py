"""What people and programs put around a memory when they say it again.

``The user said that …``, ``Reminder: …``, ``… (confirmed)``: openings and endings that report, and
say nothing of what is reported. This knows the common English ones, and :mod:`.languages` those of
other languages; :mod:`.boilerplate` learns those of a store.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Final

from mem0_tui.detect.repeats import languages
from mem0_tui.detect.repeats.vocabulary import word_set

_WHO = r"(?:(?:the|our|this)\s+)?(?:user|developer|dev|customer|client|team|maintainer|owner|assistant|agent|codex|colleague|lead|reviewer)"  # noqa: E501
_HOW = r"(?:(?:has|have|had|also|just|explicitly|repeatedly|again|clearly|once|already|previously|earlier|later|kindly|really)\s+)*"  # noqa: E501
_SAID = (
    r"(?:said|says|stated|states|mentioned|mentions|noted|notes|confirmed|confirms|reconfirmed"
    r"|explained|explains|pointed\s+out|reported|clarified|agreed|decided|learned|learnt"
    r"|found(?:\s+out)?|discovered|noticed|observed|emphasi[sz]ed|insisted|repeated|reiterated"
    r"|remarked|specified|established|remembers?|reminded\s+(?:me|us)|told\s+(?:me|us)"
    r"|informed\s+(?:me|us)|let\s+(?:me|us)\s+know|told|reminded|informed"
    r"|(?:was|were|been)\s+(?:told|informed|reminded)"
    r"|asked\s+(?:me|us)\s+to\s+(?:remember|note|keep\s+in\s+mind)"
    r"|wants?\s+(?:me|us)\s+to\s+(?:remember|know|note))"
)
_TOLD = (
    r"(?:told|asked|instructed|reminded|advised)\s+(?:me|us|you)\s+to\s+(?!remember|note|keep\s+in)"
)
_LABEL = (
    r"(?:(?:session|project|team|user|code|coding|repo|general|personal|key|important|quick|known|relevant"
    r"|recalled|recall|stored|saved|previously\s+stored|previous|earlier|retrieved|existing|final"
    r"|past|long[- ]term|old)\s+)?"
    r"(?:notes?(?:\s+to\s+self)?|reminder|remember|important|fyi|facts?|point|memory|memories|update|confirmed"
    r"|reconfirmed|verified|learned|learnt|learning|lesson(?:\s+learned)?|decision|convention"
    r"|preference|rule|insight|observation|takeaway|feedback|tip|hint|attention|caution|heads[- ]up"
    r"|context|context\s+from\s+memory|summary\s+of\s+memory|nb|n\.b\.|tl;?dr|info|knowledge|said"
    r"|recalled|recap|again|quote|user|task_learning|user_preference|environmental|anti_pattern"
    r"|auto-?captured?|project_knowledge|decisions_and_constraints|workflows|problems_and_fixes)"
)
_FILLER = (
    r"(?:(?:as|like)\s+(?:we\s+|i\s+|already\s+|was\s+|previously\s+)*(?:discussed|mentioned|agreed"
    r"|noted|stated|said|decided|confirmed|explained|established|requested)"
    r"(?:\s+(?:earlier|before|previously|above|already|yesterday|today|in\s+(?:the\s+)?(?:chat|"
    r"meeting|call|session|standup)))?"
    r"|(?:as\s+)?per\s+(?:the\s+|our\s+)?(?:user|team|developer|discussion|request|conversation|chat)"
    r"|according\s+to\s+(?:the\s+|our\s+)?(?:user|team|developer|discussion|docs|notes|chat)"
    r"|for\s+(?:future\s+reference|the\s+record|reference|context)"
    r"|by\s+the\s+way|btw|in\s+general|generally\s+speaking|in\s+practice|by\s+design|as\s+a\s+rule"
    r"|of\s+course|in\s+fact|in\s+short|at\s+the\s+moment|as\s+of\s+(?:now|today|this\s+(?:week|month))|these\s+days|for\s+now"
    r"|(?:whenever|where|when|if)\s+possible|to\s+be\s+clear|(?:to|in)\s+(?:recap|repeat|summary|summari[sz]e)"
    r"|once\s+(?:more|again)"
    r"|(?:in|for)\s+(?:this|the|our)\s+(?:project|repo|repository|codebase|code\s+base)"
    r"|(?:from|in)\s+(?:an?|the|our)\s+(?:earlier|previous|last|prior)\s+(?:session|chat"
    r"|conversation|discussion))"
)
_REPORT = (
    r"(?:it\s+(?!(?:should|must)\s+be\s+(?:also\s+)?(?:agreed|decided|confirmed|established))"
    r"(?:was|is|has\s+been|should\s+be|must\s+be)\s+(?:also\s+)?(?:noted|agreed|decided"
    r"|confirmed|mentioned|established|remembered|important\s+to\s+(?:note|know|remember)"
    r"|worth\s+(?:noting|remembering|mentioning)|known|clear)"
    r"|it\s+(?:seems|appears)"
    r"|(?:everyone|everybody)(?:\s+on\s+the\s+team)?\s+(?:should|must)\s+(?:know|remember)"
    r"|(?:i|we)\s+(?:should|must)\s+remember|(?:what\s+)?matters\s+is)"
)
_CALL = r"(?:please\s+)?(?:remember|note|be\s+aware|keep\s+in\s+mind|bear\s+in\s+mind|recall|(?:do\s+not|don't|never)\s+forget)"  # noqa: E501
_FILE = r"[\w./-]+\.(?:md|mdc|txt|rst)"
_OPENING: Final = re.compile(
    rf"""\s*(?:
      \[(?:PINNED|{_LABEL})\]\s*:?
    | </?(?:memory|memories|recalled|context|note|fact|mem0-memories|relevant-memories)>
    | [*_(]*(?:from\s+the\s+user|{_LABEL})[*_)]*\s*(?::|!+|\n|\s[-–—](?=\s))[*_]*
    | (?:just\s+|as\s+)?a\s+(?:\w+\s+)?reminder\s*(?:that\b|:|,)
    | (?:{_WHO}|(?:i|we|they|he|she)(?:['’](?:ve|d|s))?)\s+{_HOW}{_SAID}\s*(?::|,|\bthat\b:?)
    | (?:{_WHO}|i|we|they|he|she)\s+explicitly\s+said\b
    | {_WHO}\s+{_HOW}(?:says?|said|stated|mentioned|noted|confirmed)
      (?=\s(?:the|an?|our|we|all|every)\s)
    | {_WHO}\s+{_HOW}{_SAID}\s+(?:that\s+)?(?:again\s+)?(?:that\s+)?
      (?=(?:they|he|she)\s+(?:prefers?|likes?|wants?|dislikes?|hates?|loves?)\b)
    | {_WHO}\s+{_HOW}{_TOLD}
    | {_WHO}\s*:
    | (?:it\s+)?turn(?:s|ed)\s+out(?:\s+that\b)?,?(?=\s)
    | {_REPORT}\s*(?:that\b|:|,)
    | {_CALL}\s*(?:that\b|:|,|(?=\s(?:the|an?|our|this|all|every|each)\s))
    | (?:please\s+)?(?:remember|(?:do\s+not|don't|never)\s+forget)\s+to\b
    | (?:fyi|btw|nb)\s*(?:,|(?=\s))
    | {_FILLER}\s*(?:,|:|\s[-–—](?=\s)|(?=\s))
    | (?:obviously|apparently|basically|evidently|interestingly)\s*,
    | (?:contents?\s+of|restated\s+from|copied\s+from|quoted\s+from|from)\s+{_FILE}\s*:
    | (?:the\s+)?(?:project's\s+|repo's\s+)?{_FILE}\s+says\s*:
    | [-*•>\#]+(?=\s)
    | \d{{1,2}}[.)](?=\s+[^\W\d])
    {languages.OPENINGS}
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ENDING_WORDS = (
    rf"(?:(?:re)?confirmed(?:\s+again)?(?:\s+by\s+{_WHO})?|verified(?:\s+again)?|noted(?:\s+again)?"
    rf"|{_FILLER}|as\s+(?:always|usual|before)|(?:this\s+is\s+)?still\s+(?:true|valid|applies"
    r"|current|holds|the\s+case)|unchanged|source:\s*[\w -]{1,24}"
    r"|(?:from|via)\s+(?:the\s+)?(?:chat|memory|user|session|conversation|notes)"
    rf"|{_WHO}\s+{_HOW}(?:said|confirmed|stated|mentioned|repeated|insisted\s+on|reconfirmed)"
    r"\s*(?:this|it|so|that|again)?(?:\s+(?:again|twice|repeatedly|several\s+times))?"
    rf"|(?:this|it|that)\s+(?:was|has\s+been|is)\s+(?:re)?confirmed(?:\s+by\s+{_WHO})?"
    rf"|{_CALL}(?:\s+(?:this|that|it))?|(?:please\s+)?keep\s+(?:this|that|it)\s+in\s+mind"
    r"|(?:this\s+is\s+)?(?:important|an?\s+)?(?:user|team|project|personal)\s+(?:preference"
    r"|convention|rule|decision)|auto[- ]?(?:captured|saved|matic)|captured\s+automatically"
    r"|see\s+(?:above|(?:the\s+)?(?:previous|earlier)\s+(?:note|memory|message))|once\s+again|again|important|fyi|thanks|thank\s+you|okay|ok|got\s+it|recalled"
    r"|seen\s+before|known|repeated|duplicate|restated|memory"
    rf"{languages.ENDINGS})"
)
_ENDING: Final = re.compile(
    rf"(?:[\s.,;:!。，]*(?:[(\[{{（【，]|[,.;!](?=\s)|\s(?:[-–—]|--)(?=\s))\s*{_ENDING_WORDS}\s*[)\]}}）】]?"
    r"|\s*</(?:memory|memories|recalled|context|note|fact|mem0-memories|relevant-memories)>"
    r")[\s.!。！]*\Z",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(r"\s*(?:they|he|she)\b", re.IGNORECASE)
_USER: Final = re.compile(r"\b(?:user|dev|developer)\b", re.IGNORECASE)
_LONGEST_OPENING, _LONGEST_ENDING, _LAYERS = 200, 100, 4
_BRACKETS, _OPENERS = frozenset(")]>）】"), frozenset("<[(-*#>•")
_NUMBERING = frozenset(".)")
_SHORTEST = 6

MAY_OPEN: Final = (
    word_set("""
user developer note notes reminder remember important fyi fact memory update confirmed reconfirmed
verified learned learnt preference tip hint attention caution nb tldr btw known relevant recalled
recall per according codex contents content restated copied quoted recap again please
turns obviously apparently basically evidently interestingly heads-up
""")
    | languages.MAY_OPEN
)
"""The first words, in lower case, of openings that need a closer look."""
_MAY_LEAD: Final = (
    word_set("""
the our this dev customer client team maintainer owner assistant agent colleague lead reviewer i we
we've i've they've he's she's they he she it key project code coding repo general personal quick
existing final past long context previously previous earlier retrieved stored saved old as like for
by in of at these whenever where when if to once from do don't never keep bear be turned everyone
everybody heads facts memories lesson decision convention rule insight observation takeaway
feedback info knowledge quote generally what matters session just a
""")
    | languages.MAY_LEAD
)
"""Those that also begin other sentences: the second word tells."""
MAY_FOLLOW: Final = (
    word_set("""
user user's developer dev customer client team maintainer owner assistant agent colleague lead
reviewer has have had also just explicitly repeatedly again clearly once already previously earlier
later kindly really said says stated states mentioned mentions noted notes note confirmed confirms
reconfirmed explained explains pointed reported clarified agreed decided learned learnt found
discovered noticed observed emphasized emphasised insisted repeated reiterated remarked specified
established remembers remember reminded told informed let was were asked wants want instructed
advised rule convention preference fact facts point memory memories insight decision discussed we i
per the way general practice design course short moment now days possible be recap repeat more this
an a last prior session chat not forget in mind aware is should must seems appears turns turned out
future context reference record stored saved lesson observation takeaway feedback project's repo's
- – — up on speaking that reminder summary summarize summarise to our from of
""")
    | languages.MAY_FOLLOW
)
MAY_END: Final = (
    word_set("""
confirmed again verified noted discussed mentioned agreed stated said decided explained established
requested before previously above already yesterday today chat meeting standup
preference convention reference record captured auto-captured autocaptured saved
unchanged remember note aware forget recall mind true valid applies holds current important fyi
twice repeatedly times message thanks okay ok recalled known repeated duplicate restated user
always usual decision conversation session
""")
    | languages.MAY_END
)
"""The last words of endings that need a closer look."""
_POINTED: Final = word_set("""
confirmed said stated mentioned repeated reconfirmed remember note forget recall thank in the user
to insisted per from above our still see previous earlier same
""")
_POINTING: Final = word_set("it this that so you memory case notes docs team earlier rule")


def core(text: str) -> tuple[int, int]:
    """Where what *text* says begins and ends, without the openings and endings around it."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _core(text)


def _core(text: str) -> tuple[int, int]:
    return _taken_apart(text) if may_be_wrapped(text) else (0, len(text.rstrip()))


def _taken_apart(text: str) -> tuple[int, int]:
    start, end = 0, len(text.rstrip())
    for _ in range(_LAYERS if _may_open(text) else 0):
        found = _OPENING.match(text, start, min(end, start + _LONGEST_OPENING))
        if found is None or not _says_something(text, found.end(), end):
            break
        if _PRONOUN.match(text, found.end()) and not _USER.search(found[0]):
            break  # it stands for who said it
        start = found.end()
    for _ in range(_LAYERS if _may_end(text) else 0):
        tail = max(start, end - _LONGEST_ENDING)
        found = _ENDING.search(text[tail:end])
        if found is None or not _says_something(text, start, tail + found.start()):
            break
        end = tail + found.start()
    return start, end


def _says_something(text: str, start: int, end: int) -> bool:
    """Whether enough is left: an opening alone is what a memory says."""
    core = text[start:end].strip(" .,:;!?\n。，：；！？")
    return len(core) >= (_SHORTEST if core.isascii() else _SHORTEST // 2)


def core_of(text: str) -> str:
    """What *text* says, without the openings and endings around it."""
    start, end = core(text)
    return text[start:end]


def cores(texts: Sequence[str]) -> list[str]:
    """What each of *texts* says, of many of which most are plain; none of them is remembered."""
    firsts, follows, lasts = _FIRST, _FOLLOWS, _LAST
    plain, lead = _Beginning.PLAIN, _Beginning.MAY_LEAD
    found = list(texts)
    for at, text in enumerate(texts):
        first, _, rest = text[:90].lstrip().partition(" ")
        beginning = firsts[first]
        opens = beginning is not plain and (
            beginning is not lead or follows[rest.partition(" ")[0]]
        )
        if opens or lasts[text[-60:].rstrip(_STOPS).rpartition(" ")[2]]:
            start, end = _core(text)
            found[at] = text[start:end]
    return found


def may_be_wrapped(text: str) -> bool:
    """Whether :func:`core` is worth the time."""
    return _may_open(text) or _may_end(text)


def _may_open(text: str) -> bool:
    first, _, rest = text[:90].lstrip().partition(" ")
    beginning = _FIRST[first]
    if beginning is _Beginning.PLAIN or beginning is _Beginning.OPENS:
        return beginning is _Beginning.OPENS
    second, _, rest = rest.partition(" ")
    if not _FOLLOWS[second]:
        return beginning is _Beginning.USER
    third = _THIRD.get((first.lower(), second.lower()))
    return third is None or rest.lstrip().lower().startswith(third)


def _may_end(text: str) -> bool:
    tail = text[-60:].rstrip(_STOPS)
    if tail[-1:] in _BRACKETS:
        return not (tail[-1:] == ")" and tail[tail.rfind("(") + 1 : -1].isdigit())
    before, _, last = tail.rpartition(" ")
    last = last.lower()
    if last in _POINTING:
        return before[before.rfind(" ") + 1 :].lower() in _POINTED
    return last in MAY_END


class _Follows(dict[str, bool]):
    """Whether each second word that has been met may be that of an opening."""

    def __missing__(self, second: str) -> bool:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[second] = second.lower().rstrip(",:") in MAY_FOLLOW
        return found


class _Last(dict[str, bool]):
    """Whether each last word that has been met may be that of an ending."""

    def __missing__(self, last: str) -> bool:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        word = last.lower()
        found = self[last] = last[-1:] in _BRACKETS or word in _POINTING or word in MAY_END
        return found


class _Beginning(Enum):
    """What the first word tells."""

    PLAIN = 0
    MAY_LEAD = 1
    OPENS = 2
    USER = 3
    """It may lead, or open alone."""


class _First(dict[str, _Beginning]):
    """What each first word that has been met tells."""

    def __missing__(self, first: str) -> _Beginning:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[first] = self._told_by(first)
        return found

    def _told_by(self, first: str) -> _Beginning:
        if not first.isascii() and first.startswith(languages.UNSPACED_STARTS):
            return _Beginning.OPENS
        if first[:1] in _OPENERS or (first[-1:] in _NUMBERING and first[:-1].isdigit()):
            return _Beginning.OPENS
        word = first.lower().rstrip(",")
        if word == "user":
            return _Beginning.USER if "," not in first else _Beginning.MAY_LEAD
        if word[-1:] in (":", "!") or word in MAY_OPEN:
            return _Beginning.OPENS
        return _Beginning.MAY_LEAD if word in _MAY_LEAD else _Beginning.PLAIN


_CODE = ("project", "repo", "code")
_THIRD: Final = {
    ("do", "not"): ("forget",),
    ("for", "the"): ("record", *_CODE),
    ("in", "the"): ("earlier", "previous", "last", "prior", *_CODE),
    ("user", "asked"): ("me", "us", "you"),
    **{
        (article, who): (":", "say", "been", *MAY_FOLLOW)
        for article in ("the", "our", "this")
        for who in (
            *("user", "developer", "dev", "customer", "client", "team", "maintainer", "owner"),
            *("assistant", "agent", "colleague", "lead", "reviewer"),
        )
    },
}
"""How the third word begins where the first two are often met in other sentences, too."""
_FIRST: Final = _First()
_FOLLOWS: Final = _Follows()
_LAST: Final = _Last()
_STOPS: Final = " \n.!。！"
"""What may stand behind an ending."""
_MOST_REMEMBERED: Final = 20_000
_remembered = lru_cache(maxsize=_MOST_REMEMBERED)(_core)
_LONGEST_REMEMBERED: Final = 1_000
