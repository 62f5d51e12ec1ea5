"""Words that contradict each other where all else is equal."""

from __future__ import annotations

from typing import Final

from mem0_tui.detect.repeats.synonyms import same_as

_PAIRS = """
before after|enabled disabled|enable disable|on off|true false|allowed forbidden|allow forbid
required optional|mandatory optional|with without|always never|increase decrease|raise lower
include exclude|active inactive|aktiv inaktiv|yes no|encrypted plain|open closed|possible impossible
must may|public private|synchronous asynchronous|sync async|ascending descending|above below
upper lower|everyone nobody|everybody nobody|permitted prohibited|automatic manual
automatically manually|dark light|start-up shutdown|startup shutdown|required forbidden
activado desactivado|aktiviert deaktiviert|active desactive|vor nach|avant apres|antes despues
前 后|前 後|local remote|locally remotely|success failure|pass fail|passes fails|minimum maximum
most few|online offline|supported unsupported|safe unsafe|visible hidden|strict loose
mutable immutable|blocking non-blocking|cached uncached|signed unsigned|happy unhappy|all some
"""
_SURE = """
before after|enabled disabled|enable disable|on off|true false|allowed forbidden|allow forbid
required optional|mandatory optional|with without|always never|aktiv inaktiv|yes no
permitted prohibited|activado desactivado|aktiviert deaktiviert|include exclude|active inactive
start-up shutdown|startup shutdown|automatic manual|automatically manually|public private
synchronous asynchronous|sync async|ascending descending|possible impossible|online offline
前 后|前 後|vor nach|avant apres|antes despues|everyone nobody|everybody nobody
supported unsupported|mutable immutable|increase decrease|enabling disabling|dark light
"""


def _pairs(block: str) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for pair in block.replace("\n", "|").split("|"):
        if pair.strip():
            one, other = pair.split()
            found |= {(one, other), (other, one)}
    return frozenset(found)


OPPOSITES: Final = _pairs(_PAIRS) | _pairs(_SURE)
"""Both orders of each pair of folded words."""
CONTRADICTIONS: Final = _pairs(_SURE)
"""Those of which only one can hold of one subject."""
WORDS: Final = frozenset(word for pair in OPPOSITES for word in pair)

_OTHERS = """
left right|first last|internal external|internally externally|open close|push pull|accept reject
accept emit|read write|like dislike|love hate|net gross|publicly privately
morning evening|add remove
create delete|import export|upload download|start stop|lock unlock|show hide|grant revoke|start end
row column|horizontal vertical|single double|british american|source target|old new|hot cold
incoming outgoing|inbound outbound|input output|inner outer|front back|top bottom|early late
opt-in opt-out|subscribe unsubscribe|attach detach|connect disconnect|install uninstall|odd even
positive negative|parent child|sender receiver|buy sell|win lose|rise fall|raise drop|fill drain
ascend descend|absolute relative|static dynamic|eager lazy|shared separate|eagerly lazily
"""
_APART = """
staging production test development local ci preview sandbox|frontend backend|mobile desktop tablet
primary replica secondary standby|linux macos windows android ios|night week day month hour year
login signup logout register|first second third fourth fifth|from to for until|in out
login-page signup-page|spring summer autumn winter|north south east west
monday tuesday wednesday thursday friday saturday sunday|todo done|todo doing|all most some
montags dienstags mittwochs donnerstags freitags samstags sonntags|english german french spanish
"""
_FORMS = {frozenset(map(same_as, pair)) for pair in _pairs(_OTHERS)}
_KINDS = [
    frozenset(map(same_as, kind.split()))
    for kind in _APART.replace("\n", "|").split("|")
    if kind.strip()
]


def are_opposite(one: str, other: str) -> bool:
    """Whether two words, as :func:`~.synonyms.same_as` gives them, are opposites in one form:
    ``pushed`` and ``pulled``."""
    return frozenset((one, other)) in _FORMS or any(
        frozenset((base, against)) in _FORMS
        for base in _plain(one)
        for against in _plain(other)
        if one.endswith("ed") == other.endswith("ed")
    )


def _plain(word: str) -> tuple[str, ...]:
    word = word.removesuffix("~ed")
    bare = word.removesuffix("ed")
    return (word,) if bare == word else (bare, f"{bare}e")


def are_apart(one: str, other: str) -> bool:
    """Whether two words name different ones of a kind, of which each has its own memory: staging
    and production."""
    return any(one in kind and other in kind for kind in _KINDS) and one != other
