"""Text that speaks in another's name: chat templates, «system:», the end of a block of memories.

A template that is named in a rule passes, in backticks or without: only what goes on as that role
with an order to the reader is a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mem0_tui.model.hard_signs.orders import is_order, is_plot, quoted, within
from mem0_tui.model.hard_signs.sign import ROLE, HardSign

_ROLES = "system|developer|assistant|user|tool|human|model|ipython"
_TOKEN = re.compile(
    r"<\|(?:im_start|im_end|im_sep|start_header_id|end_header_id|eot_id|eom_id|endoftext"
    r"|end_of_text"
    r"|begin_of_text|system|user|assistant|developer|tool|end|start|message|channel|return)\|>"
    r"|</?(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>|\[/?(?:SYSTEM|DEVELOPER"
    r"|ASSISTANT)[\w ]{0,24}\]"
    r"|<\uff5c[\w\u2581 ]{1,40}\uff5c>",
    re.IGNORECASE,
)
_AS_ROLE = re.compile(rf"\s*(?:{_ROLES})\b[:\s]*", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:\A|\n|(?<=[.!?;:)\]>\"'`])[ \t]+)[ \t>*_#\-\"'`(\[{]*"
    r"((?:new |updated? |hidden |real |true )?(?:system|developer)(?:[ _-](?:message|prompt|note"
    r"|notice"
    r"|override|update|alert|instructions?|command|directive|reminder|policy|says|role|admin\w*))?)"
    r"[*_\])}\"'`]{0,4}\s*(?:\([^()\n]{0,40}\)\s*)?(?::(?!:)|=>|->|\u2192|>|\uff1a)[*_\"'` ]*",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:\A|\n)[ \t]*(?:#{1,6}|\*\*|\[)[ \t]*(?:system|developer)(?:[ _-](?:message|prompt|note"
    r"|override"
    r"|update|instructions?))?[*\]]{0,2}[ \t]*\n",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:\A|\n|(?<=[.!?;:)\]>\"'`])[ \t]+)[ \t>*_#\-]*(user|human|assistant|ai|bot|admin\w*|root"
    r"|openai"
    r"|anthropic|codex)[*_]{0,2}\s*:[*_ ]*",
    re.IGNORECASE,
)
_SHOUTED = re.compile(
    r"(?:\[|\b)(?:SYSTEM|ADMIN|DEVELOPER|ROOT) (?:[A-Z]+ )?(?:NOTE|NOTICE|OVERRIDE|MESSAGE"
    r"|PROMPT|UPDATE"
    r"|ALERT|COMMAND|INSTRUCTIONS?|DIRECTIVE|MODE|REMINDER|POLICY)\b(?:\]|\s*:|\s*>{2,3}"
    r"|\]\s*:)(?=(?:\W*\w+){3})"
)
_RESULT = re.compile(
    r"(?:\A|\n|(?<=[.!?;])[ \t]+)[ \t>*_#-]*(?:tool|function)[ _](?:results?|outputs?"
    r"|responses?)[*_]{0,2}\s*:[*_ ]*",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:user|owner|operator|admin\w*)\s+(?:has\s+|have\s+|already\s+)*(?:confirmed|approved|granted"
    r"|agreed|consented|accepted|authori[sz]ed)\b",
    re.IGNORECASE,
)
_TURN = re.compile(r"(?:\A|\n)[ \t]*#{1,6}[ \t]*(?:assistant|human)[ \t]*:?[ \t]*\n", re.IGNORECASE)
_AGREES = re.compile(
    r"\s*(?:sure|understood|of course|certainly|okay|ok|done|i will|i'll|i have|i am|i'm)\b",
    re.IGNORECASE,
)
"""How an answer begins that was never given."""
_FENCE = re.compile(r"```[ \t]*(?:system|developer|assistant|user)\b[^\n]{0,20}\n", re.IGNORECASE)
_ALPACA = re.compile(r"#{2,3}\s*instructions?\s*:\s*", re.IGNORECASE)
_JSON = re.compile(
    r"[\"']?role[\"']?\s*[:=]\s*[\"']?(?:system|developer)\b(?=\s*[\"',:;\n}]|\Z)"
    r"[\"']?\s*[,:;]?\s*(?:[\"']?content[\"']?\s*[:=]\s*)?[\"']?",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    r"(?:</|\[/|\{/)\s*((?:mem0|recalled|retrieved)[\w-]*|memor(?:y|ies)(?:[_-]\w+)?"
    r"|system(?:[_-]\w+)*"
    r"|developer(?:[_-]\w+)?|assistant|user(?:[_-]\w+)?|(?:user_)?instructions?|tool[_-]?\w+"
    r"|function[_-]?\w+|environment_context|untrusted[\w-]*|context|documents?|data|notes?|prompt"
    r"|input|conversation|history|search[_-]results?|knowledge|facts?)\s*[>\]}]",
    re.IGNORECASE,
)
_PLAIN_NAMES = frozenset(
    ("context", "document", "documents", "data", "note", "notes", "prompt", "input", "history",
     "user", "fact", "facts", "knowledge", "tool_call")
)  # fmt: skip
"""Elements that documents have as well: their end is a sign only before an order."""
_OPEN = re.compile(
    r"(?<!\w)<(system(?:[_-]\w+)*|developer(?:[_-]\w+)?|assistant|user|human|admin|override"
    r"|user_instructions"
    r"|(?:tool[_-]?(?:result|response|output)s?|function[_-]?(?:results?|calls?|response))"
    r"(?:\s[^<>]{0,120})?)\s*>",
    re.IGNORECASE,
)
_PEOPLE = ("user", "human", "assistant", "admin")
"""Elements that are components and types, too: they speak only where they end."""
_BANNER = re.compile(
    r"(?:(?:(?<![-=*#~<>_])[-=*#~<>_]{3,40}|\[)[ \t]*|\b)(?:BEGIN|END|START)(?:NING)?(?: OF)?"
    r"(?: THE| ALL| USER| YOUR)?[ _](?:SYSTEM|MEMOR\w+|CONTEXT|PROMPT|INSTRUCTIONS?|CONVERSATION"
    r"|USER|DATA|DOCUMENTS?|RETRIEVED|UNTRUSTED|NOTES?"
    r"|RECALL\w*)\b[^\n.:\[\]]{0,40}[-=*#~<>_\]:.]{0,40}"
)
_NAMED = re.compile(
    r"\b(?:tags?|tokens?|markers?|template|wraps?|wrapped|between|called|named)\b", re.IGNORECASE
)
_ACTS = re.compile(
    r"<\|(?:system|assistant|user|developer)\|>\s*(?!(?:is|are|marks?|begins?|starts?|ends?|and"
    r"|or|tokens?"
    r"|tags?|then|before|after|in|to)\b)\w+\W+\w+",
    re.IGNORECASE,
)
"""A role that speaks, rather than being spoken of."""
_TRIED = 20
"""Places of each sort that are looked at in one part of a text."""
_CLAUSE = 300
"""Characters behind a role that are read."""


def fake_roles(text: str) -> Iterator[HardSign]:
    """The places in *text* where another seems to speak."""
    quotes = quoted(text)
    yield from _templates(text, quotes)
    for pattern in (_LABEL, _HEADING, _JSON):
        for found in islice(pattern.finditer(text), _TRIED):
            clause = text[found.end() : found.end() + _CLAUSE]
            doubtful = found.group().strip(" \n\t>*_#-:\"'`([{])}").lower() == "developer"
            is_quoted = pattern is not _JSON and within(found.end() - 1, quotes)
            if _speaks(clause, is_quoted or doubtful):
                yield _sign(found.span(), text)
                break
    for found in islice(_SHOUTED.finditer(text), _TRIED):
        if not within(found.start(), quotes):
            yield _sign(found.span(), text)
            break
    for pattern in (_FENCE, _ALPACA):
        for found in islice(pattern.finditer(text), _TRIED):
            if _speaks(text[found.end() : found.end() + _CLAUSE]):
                yield _sign(found.span(), text)
                break
    yield from _speakers(text)
    yield from _answers(text)
    yield from _ends(text, quotes)
    for found in islice(_OPEN.finditer(text), _TRIED):
        clause = text[found.end() : found.end() + _CLAUSE]
        inner, end, _ = clause.partition(f"</{found.group(1).split()[0]}")
        if not end and found.group(1).lower() in _PEOPLE:
            continue
        if _speaks(inner, within(found.start(), quotes)):
            yield _sign(found.span(), text)
            break
    for found in islice(_BANNER.finditer(text), _TRIED):
        if not within(found.start(), quotes) and _speaks(text[found.end() : found.end() + _CLAUSE]):
            yield _sign(found.span(), text)
            break


def _sign(span: tuple[int, int], text: str) -> HardSign:
    start = span[0] + len(text[slice(*span)]) - len(text[slice(*span)].lstrip())
    return HardSign(ROLE, start, span[1], f"«{text[start : span[1]].strip()[:40]}»")


def _speaks(clause: str, is_quoted: bool = False) -> bool:
    """Whether *clause* goes on with an order; in a quotation, with one that no rule gives."""
    if is_quoted:
        return is_plot(clause)
    if re.match(r"\s*you are an? [\w\s-]{0,40}assistant", clause, re.IGNORECASE):
        return is_plot(clause)
    return is_order(clause)


def _templates(text: str, quotes: list[tuple[int, int]]) -> Iterator[HardSign]:
    tokens = list(islice(_TOKEN.finditer(text), _TRIED))
    for at, token in enumerate(tokens):
        following = tokens[at + 1].start() if at + 1 < len(tokens) else len(text)
        clause = text[token.end() : min(following, token.end() + _CLAUSE)]
        is_quoted = within(token.start(), quotes)
        role = _AS_ROLE.match(clause)
        turn = (
            not is_quoted
            and at + 1 < len(tokens)
            and not clause.strip()
            and token.end() < following + 1
        )
        goes_on = bool(role) and "\n" in clause[: role.end() if role else 0] and not is_quoted
        named = _NAMED.search(text[max(0, token.start() - 60) : token.start()]) is not None
        acts = not is_quoted and not named and bool(_ACTS.match(token.group() + clause))
        if turn or acts or goes_on or _speaks(clause, is_quoted or named):
            yield _sign(token.span(), text)
            return


def _speakers(text: str) -> Iterator[HardSign]:
    """A conversation that never was, or a person of authority."""
    for found in islice(_SPEAKER.finditer(text), _TRIED):
        if is_plot(text[found.end() : found.end() + _CLAUSE]):
            yield _sign(found.span(), text)
            return


def _answers(text: str) -> Iterator[HardSign]:
    """What a tool or the assistant never said."""
    low = text.lower()
    says = "tool" in low or "function" in low
    for found in islice(_RESULT.finditer(text), _TRIED) if says else ():
        clause = text[found.end() : found.end() + _CLAUSE]
        if is_plot(clause) or _CONSENT.search(clause[:40]):
            yield _sign(found.span(), text)
            return
    for found in islice(_TURN.finditer(text), _TRIED) if "#" in text else ():
        clause = text[found.end() : found.end() + _CLAUSE]
        if _AGREES.match(clause) and is_order(clause):
            yield _sign(found.span(), text)
            return


def _ends(text: str, quotes: list[tuple[int, int]]) -> Iterator[HardSign]:
    """The end of a block that the text did not begin."""
    for found in islice(_CLOSE.finditer(text), _TRIED):
        name = found.group(1).lower()
        begun = re.search(rf"[<\[{{]\s*{re.escape(name)}\b", text[: found.start()], re.IGNORECASE)
        clause = text[found.end() : found.end() + _CLAUSE]
        if begun and not is_plot(clause):
            continue
        named = _NAMED.search(text[max(0, found.start() - 60) : found.start()]) is not None
        careful = name in _PLAIN_NAMES or within(found.start(), quotes) or named
        if _speaks(clause, within(found.start(), quotes) or named) or not careful:
            yield _sign(found.span(), text)
            return
