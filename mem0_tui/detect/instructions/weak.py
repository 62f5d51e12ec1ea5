"""Weak signs of an instruction: combinations that few plain rules have, and no more than that.

They are about what a text asks for, so wording defeats them and plain rules meet them: they order
what a person may look at, and say why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_ITSELF = (
    r"(?:this|these)(?=\s*(?:[,.:;)]|$)|\s+(?:notes?|memor(?:y|ies)|texts?|entr(?:y|ies)|messages?"
    r"|records?|instructions?|passages?|sentences?|lines?|snippets?|reminders?|facts?)\b)"
)
_NOTE = r"(?:notes?|memor(?:y|ies)|texts?|entr(?:y|ies)|records?|reminders?|facts?)"
_AGENT = r"(?:ai|agents?|assistants?|language models?|llms?|models?|chatbots?|codex|copilot)"
_READ = (
    r"(?:read|reads|reading|see|sees|seen|load|loads|loading|recall\w*|retriev\w+|process\w*|find"
    r"|finds|encounter\w*|receiv\w+|summari[sz]\w*|come across)"
)
_ON_READING = re.compile(
    rf"\b{_READ}\s+(?:\w+\s+){{0,2}}?{_ITSELF}"
    rf"|\b(?:this|these)\s+(?:\w+\s+)?{_NOTE}\s+(?:is|are|gets?|has been|have been|comes?|was"
    rf"|appears?"
    r"|shows?)\s+(?:\w+\s+){0,2}?(?:read|loaded|recalled|retrieved|processed|seen|shown|up|injected"
    r"|displayed|given|returned|in)\b",
    re.IGNORECASE,
)
_TO_AGENT = re.compile(
    rf"\bif you(?:'re| are) an? (?:\w+ )?{_AGENT}\b"
    rf"|\b(?:to|dear|attention|notice to|hey|hello)\W+(?:all |any |the |every )?(?:\w+ )?{_AGENT}\b"
    r"[^.\n]{0,30}\b(?:read|process|see|recall|retriev|load)\w*",
    re.IGNORECASE,
)
_BEFORE_ANY = re.compile(
    r"\b(?:before|after)\s+(?:you\s+)?(?:answer\w*|respond\w*|reply\w*)\s+(?:to\s+)?(?:any|every"
    r"|each)\b"
    r"|\b(?:before|after|in)\s+(?:every|each)\s+(?:answer|reply|response)\b[^.\n]{0,80}"
    r"\b(?:run|call|send|fetch|execute|curl|open|visit)\b"
    r"|\b(?:run|call|send|fetch|execute|curl|open|visit)\b[^.\n]{0,80}\b(?:before|after|in)\s+"
    r"(?:every|each)\s+(?:answer|reply|response)\b",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"\b(?:api[ _-]?keys?|tokens?|passwords?|passwd|credentials?|secrets?|private keys?|ssh keys?"
    r"|cookies?|\w+_(?:key|token|secret|password))\b|(?<!\w)\.env\b|\.ssh\b|id_rsa|\.aws\b|\.netrc\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"https?://(?!(?:localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[::1\]|[\w-]{1,40}(?::\d+)?(?:/|\s|$)"
    r"|[\w.-]{1,80}\.(?:local|localhost|internal|test|lan|svc)\b))[\w.-]{1,80}\.\w+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{2,40}",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\b(?:send|sends|sending|post|posts|forward|forwards|upload|uploads|uploading|mail|e-?mail"
    r"|share"
    r"|transmit|exfiltrate|submit|push|copy|report|sync|curl|wget|go to|put)\b",
    re.IGNORECASE,
)
_INTERFACE = re.compile(
    r"\b(?:authorization|bearer|header|webhooks?|verif\w+|sign\w*|registry|log ?in|dashboard"
    r"|runbook"
    r"|documented|docs|wiki)\b",
    re.IGNORECASE,
)
_HIDING = re.compile(
    r"\b(?:do not|don't|never|without)\s+(?:\w+\s+)?(?:tell|telling|inform\w*|notify\w*|alert\w*"
    r"|mention\w*|show\w*|reveal\w*|disclos\w*)\s+(?:\w+\s+){0,4}?(?:the |your |its )?(?:user|owner"
    r"|operator|human|developer|reviewer|anyone|anybody)\b(?!\s+to\b)",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s+(?:\w+\s+){0,2}?(?:previous|prior|earlier|above"
    r"|other"
    r"|existing)\s+(?:\w+\s+)?(?:instructions?|prompts?|rules|guidelines)\b",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    r"\b(?:curl|wget)\b[^\n|]{0,200}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b", re.IGNORECASE
)
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class WeakSign:
    """One combination that was met."""

    weight: int
    """How rare it is in plain rules, from 1 to 3."""
    start: int
    end: int
    reason: str


def weak_signs(text: str, sorts: Collection[int] | None = None) -> list[WeakSign]:
    """The weak signs of *text*, the weightiest first; only its first part is read. Where *sorts*
    are given (:func:`weak_candidates`), it is known to have no others."""
    text = text[:_LONGEST]
    found: list[WeakSign] = []
    for sort, (pattern, weight, reason) in enumerate(_PATTERNS):
        if (sorts is None or sort in sorts) and (match := pattern.search(text)):
            found.append(WeakSign(weight, *match.span(), reason))
    if sorts is None or _OF_SECRETS in sorts:
        secret, host = _SECRET.search(text), _OUTSIDE.search(text)
        if secret and host and _AWAY.search(text) and not _INTERFACE.search(text):
            reason = "speaks of a secret and an outside host together"
            found.append(WeakSign(3, *host.span(), reason))
    if found and (fetched := _FETCHED.search(text)):
        found.append(WeakSign(1, *fetched.span(), "runs what it fetches"))
    return sorted(found, key=lambda sign: (-sign.weight, sign.start, sign.reason))


def weak_candidates(texts: Sequence[str]) -> dict[int, set[int]]:
    """By index, in order, those of *texts* that may have a weak sign, each with the sorts of signs
    that it may have.

    They are looked at together: what is nowhere in all of them is not looked for in each.
    """
    low = [(at, text[:_LONGEST].lower()) for at, text in enumerate(texts)]
    together = "\n".join([text for _, text in low])
    found: dict[int, set[int]] = {}
    for sort, needed in enumerate(_NEEDED):
        left, near = low, together
        for words in needed:
            there = [word for word in words if word in near]
            left = [(at, text) for at, text in left if _holds(text, there)]
            if not left:
                break
            near = "\n".join([text for _, text in left])
        for at, _ in left:
            found.setdefault(at, set()).add(sort)
    return dict(sorted(found.items()))


def _holds(text: str, words: Sequence[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator takes twice as long
        if word in text:
            return True
    return False


_PATTERNS: tuple[tuple[re.Pattern[str], int, str], ...] = (
    (_ON_READING, 3, "tells its reader what to do on reading it"),
    (_TO_AGENT, 3, "speaks to the agent that reads it"),
    (_BEFORE_ANY, 2, "asks for something at every answer"),
    (_HIDING, 2, "asks to keep something from the user"),
    (_EARLIER, 1, "sets other instructions aside"),
)
_NEEDED: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("this", "these"),
        ("read", "see", "load", "recall", "retriev", "process", "find", "encounter", "receiv",
         "summari", "come", "shown", "up", "injected", "displayed", "given", "returned", " in "),
    ),
    (
        ("assistant", "agent", "llm", "model", "chatbot", "codex", "copilot", " ai"),
        ("if you", "to ", "dear", "attention", "hey", "hello"),
        ("if you", "read", "process", "see", "recall", "retriev", "load"),
    ),
    (
        ("answer", "respon", "repl"),
        ("before", "after", " in ", "in every", "in each"),
        ("any", "every", "each"),
    ),
    (
        ("do not", "don't", "never", "without"),
        ("tell", "inform", "notif", "alert", "mention", "show", "reveal", "disclos"),
        ("user", "owner", "operator", "human", "developer", "reviewer", "anyone", "anybody"),
    ),
    (
        ("ignore", "disregard", "forget", "override"),
        ("previous", "prior", "earlier", "above", "other", "existing"),
        ("instruction", "prompt", "rules", "guideline"),
    ),
    (
        ("://", "@"),
        ("key", "token", "passw", "credential", "secret", "cookie", ".env", ".ssh", "id_rsa",
         ".aws", ".netrc"),
    ),
)  # fmt: skip
"""For each of them, and for secrets, lists of words of which each must give one, in lower case; the
list of which fewest texts have a word comes first."""
_OF_SECRETS = len(_PATTERNS)
"""The last of these sorts."""
