"""Words that contradict each other where all else is equal."""

from __future__ import annotations

from typing import Final

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
