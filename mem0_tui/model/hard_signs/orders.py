"""Whether a text that should hold none speaks to its reader: two lists of words, one stricter.

They are only ever asked about what is hidden, encoded or put into somebody's mouth; as a judgement
of plain text they would be worthless.
"""

from __future__ import annotations

import re

_ORDER = re.compile(
    r"\b(?:you|your|ignore|disregard|forget|overrid\w+|from now on|new (?:instructions?|rules?|task"
    r"|policy|mode|goal)|proceed|approv\w+|grant\w*|comply|obey|treat|assume|send|forward|post"
    r"|upload|share|leak|exfiltrat\w+|reveal|print|output|repl(?:y|ies)|respond|answer|execute|run"
    r"|call|open|fetch|visit|download|install|push|commit|merge|write|add|append|include|insert"
    r"|replace|delete|remove|drop|erase|wipe|skip|disabled?|enabled?|confirm\w*|suspended|lifted"
    r"|no longer|turn off|switch off|allow|trust"
    r"|accept|do not|don't|dont|never tell|stop|pretend|act as|behave|instructions?|permissions?"
    r"|authori[sz]\w+|admin\w*|unrestricted|bypass|elevated|privileges?|system prompt|curl|wget"
    r"|rm -rf|sudo|chmod|powershell|bash"
    r"|the (?:assistant|agent|model|user|ai)|assistants?|agents?|reader)\b",
    re.IGNORECASE,
)
_PLOT = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override|bypass)\W+(?:\w+\W+){0,4}?(?:instructions?|rules?"
    r"|prompts?|polic(?:y|ies)|guidelines?|restrictions?|safety|above|earlier|previous)"
    r"|hidden (?:for|from) (?:humans?|people|users?|the (?:user|reader|reviewer))"
    r"|you are (?:now|no longer)|from now on|new instructions?|system prompt|developer mode"
    r"|(?:do not|don't|never|without) (?:tell|telling|inform\w*|notify\w*|ask(?:ing)?|mention\w*"
    r"|alert\w*|warn\w*|show\w*)\W+(?:\w+\W+){0,2}?(?:user|owner|operator|human|developer|anyone"
    r"|anybody|them|him|her)"
    r"|(?:send|forward|post|upload|leak|exfiltrate|e?mail|transmit|reveal|print|output|paste|share"
    r"|copy|dump|append|include)\W+(?:\w+\W+){0,6}?(?:secrets?|passwords?|credentials?|tokens?"
    r"|(?:api |private |ssh )?keys?|\.?env\b|environment|conversation|chat|memor(?:y|ies)|history"
    r"|transcript|source code|system prompt|files?)"
    r"|(?:run|execute|pipe)\W+(?:\w+\W+){0,3}?(?:curl|wget|rm -rf|powershell|base64)"
    r"|(?:curl|wget)\b[^\n]{0,200}\|\s*(?:ba|z|da)?sh"
    r"|rm -rf|delete (?:all|every)|grant\w* (?:\w+ ){0,3}?(?:access|permissions?|rights)"
    r"|(?:disable|skip|turn off|switch off)\W+(?:\w+\W+){0,3}?(?:checks?|confirmations?|approvals?"
    r"|reviews?|safety|security|sandbox|verification|signing|signature)"
    r"|(?:approve|override) (?:all|every|any)|obey|unrestricted|exfiltrat\w+)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:always|never|must|should|whenever|recommend|prefer|praise|mention|tell|please|secretly"
    r"|pass on|hand over|use|uses|using|cat|ls|echo|eval|exec|export|scp|ssh|nc|python3?"
    r"|void|revoked|wipe|leak|steal|exfil\w*|rules?)\b|~/|/etc/|\.env\b|\.ssh\b|\.aws\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"```.*?(?:```|\Z)|``[^`\n]+``|`[^`\n]+`|(?<!\w)\"[^\"\n]{1,60}\"|«[^»\n]{1,60}»", re.DOTALL
)
"""Code, and short quotations."""
_WORDS = re.compile(r"[^\W\d_]{2,}")


def is_order(text: str) -> bool:
    """Whether *text* may tell its reader to do something."""
    return bool(_ORDER.search(text))


def is_wish(text: str) -> bool:
    """Whether *text*, which somebody took care to hide, may ask its reader for anything at all."""
    return is_order(text) or bool(_WISH.search(text))


def is_plot(text: str) -> bool:
    """Whether *text* asks for what no ordinary rule does: to hand over, to hide, to let pass."""
    return bool(_PLOT.search(text))


def is_language(text: str) -> bool:
    """Whether *text*, which came out of a code, is made of words."""
    if (
        len(_WORDS.findall(text)) < 2
        or not text.replace("\n", " ").replace("\t", " ").isprintable()
    ):
        return False
    letters = sum(character.isalpha() or character == " " for character in text)
    return letters * 4 >= len(text) * 3 or is_plot(text)


def quoted(text: str) -> list[tuple[int, int]]:
    """Where *text* quotes: code spans, fences and short quotations."""
    return [found.span() for found in _CODE.finditer(text)]


def within(at: int, spans: list[tuple[int, int]]) -> bool:
    """Whether the index *at* is in one of *spans*."""
    return any(start <= at < end for start, end in spans)
