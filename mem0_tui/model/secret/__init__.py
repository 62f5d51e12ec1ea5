"""Finds secrets in texts and keeps them from being shown whole.

Four layers, each with its own module: the shapes that vendors document (``shapes``, ``vendors``),
passwords and tokens in URLs (``urls``, ``links``), values that are given to a name (``assigned``), and what a sentence
tells (``prose``). Each judges the form of the value: commit ids, UUIDs, hashes, look-ups in the
environment, calls and placeholders are no secrets. Standard library only: hooks load this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mem0_tui.model.secret.hit import ASSIGNED, Hit

__all__ = [
    "Hit",
    "find",
    "find_named",
    "has_form",
    "mask",
    "may_hold",
    "names_secret",
    "redact",
    "redact_named",
    "removed",
    "stands_for_value",
]

_LONG = re.compile(r"[A-Za-z0-9_\-.~/+]{12,}")
_DIGIT = re.compile(r"\d")
_SECRET_NAME = re.compile(
    r"(?i)(?:^|[_.-])(?:pass(?:word|wd|phrase|code)|secret|credential|(?:api|access|secret|private"
    r"|signing|auth)[_-]?key|(?:access|auth|refresh|bearer|api|session)[_-]?token|token)s?$"
    r"|(?-i:(?:Key|Token|Secret|Password)$)"
)
_PASSWORD_NAME = re.compile(r"(?i)(?:^|[_.-])pass(?:word|wd|phrase|code)s?$")
_NO_VALUE = re.compile(
    r"(?i)[$%~/.*…].*|true|false|none|null|nil|required|optional|unset|string|str|text|\d{1,3}|x+"
)
"""What stands for a value: a reference, a path, a word of a language."""
_PREFIX = re.compile(
    r"(?:m0-|m0sk_|sk-(?:ant-|proj-|or-)?|[sr]k_(?:live|test)_|gh[pousr]_|github_pat_|glpat-|xox.-"
    r"|AKIA|AIza|[a-z]{2,5}_|[a-z]{2,5}-)"
)


def may_hold(text: str) -> bool:
    """Whether it is worth while to look for secrets in *text*: cheap, for lists that scroll."""
    return has_form(text) or bool(_spoken(text.lower()))


def has_form(text: str) -> bool:
    """The same of a text of which it is known that it holds no word that stands beside secrets."""
    return "://" in text or _has_run(text)


def _spoken(lower: str) -> int:
    """What a text in lower case speaks of, see ``words``."""
    from mem0_tui.model.secret.words import spoken

    return spoken(lower)


def _has_run(text: str) -> bool:
    """Whether *text* holds a run that could be a key: long, with a digit or in mixed case."""
    for run in _LONG.findall(text):
        if _DIGIT.search(run) or len(run) > 18 or not run.islower():
            return True
    return False


def find(text: str) -> list[Hit]:
    """The secrets in *text*, by where they begin; no two overlap."""
    lower = text.lower()
    long, speaks = _has_run(text), _spoken(lower)
    if not long and not speaks and "://" not in text:
        return []
    candidates = _candidates(text, lower, long=long, speaks=speaks)
    hits = sorted(_not_overlapping(candidates, len(text)), key=lambda hit: hit.start)
    if hits:
        from mem0_tui.model.secret.examples import is_example

        for hit in hits:
            hit.example = is_example(text[hit.start : hit.end])
    return hits


def find_named(name: str, value: str) -> list[Hit]:
    """The secrets in *value*, of which its *name*, such as a metadata key, may say that it is one.

    A password may be anything, also several words.
    """
    before = len(name) + 1
    hits = []
    for hit in find(f"{name}={value}") if _spoken(name.lower()) else ():
        if hit.start >= before:
            hit.start, hit.end = hit.start - before, hit.end - before
            hits.append(hit)
    if not hits and _PASSWORD_NAME.search(name) and not _is_no_password(value):
        return [Hit(0, len(value), "password", ASSIGNED)]
    for hit in find(value):
        if all(hit.end <= other.start or hit.start >= other.end for other in hits):
            hits.append(hit)
    return sorted(hits, key=lambda hit: hit.start)


def _is_no_password(value: str) -> bool:
    from mem0_tui.model.secret import form

    return stands_for_value(value) or form.is_stand_in(value) or form.is_digest(value)


def redact_named(name: str, value: str) -> str:
    """*value* with every secret in it masked, of which its *name* may say that it is one."""
    return _shown(value, find_named(name, value)) if name else redact(value)


def _candidates(text: str, lower: str, *, long: bool, speaks: int) -> Iterator[Hit]:
    """The hits of all layers in *text*, which is *lower* in lower case, those of the surer first."""
    if long or (speaks and ("-----begin" in lower or "putty-user" in lower)):
        from mem0_tui.model.secret import shapes

        yield from shapes.find(text, lower)
    if "://" in text:
        from mem0_tui.model.secret import links, urls

        yield from urls.find(text)
        yield from links.find(text)
    if long:
        from mem0_tui.model.secret import vendors

        yield from vendors.find(text, lower)
    if speaks:
        from mem0_tui.model.secret import assigned, command_line, prose, proximity
        from mem0_tui.model.secret.words import PASSWORD

        password = speaks == PASSWORD
        yield from assigned.find(text, lower, password=password)
        yield from command_line.find(text, lower)
        yield from prose.find(text, password=password)
        if password or long:
            yield from proximity.find(text, lower, password=password)


def _not_overlapping(hits: Iterator[Hit], length: int) -> list[Hit]:
    """Of *hits* in a text of *length* characters those that touch none that came before."""
    taken = bytearray(length)
    found: list[Hit] = []
    for hit in hits:
        if hit.start < hit.end and taken.find(1, hit.start, hit.end) < 0:
            taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
            found.append(hit)
    return found


def redact(text: str) -> str:
    """*text* with every secret in it masked, see :meth:`Hit.shown`."""
    hits = find(text)
    return _shown(text, hits) if hits else text


def _shown(text: str, hits: Iterable[Hit]) -> str:
    parts: list[str] = []
    at = 0
    for hit in hits:
        parts += (text[at : hit.start], hit.shown(text))
        at = hit.end
    return "".join((*parts, text[at:]))


def removed(text: str, hits: Iterable[Hit]) -> str:
    """*text* with these *hits* in it replaced by what they were: ``[GitHub token removed]``."""
    parts: list[str] = []
    at = 0
    for hit in hits:
        parts += (text[at : hit.start], hit.removed())
        at = hit.end
    return "".join((*parts, text[at:]))


def mask(key: str) -> str:
    """*key*, which is known to be secret, with all but its kind and its last four characters
    hidden: ``m0-…abcd``. Shorter ones than 24 characters are hidden but for a vendor's prefix."""
    if not key:
        return ""
    found = _PREFIX.match(key)
    prefix = found.group() if found and len(key) - found.end() >= 12 else ""
    return f"{prefix}…{key[-4:] if len(key) - len(prefix) >= 20 else ''}"


def names_secret(name: str) -> bool:
    """Whether a setting or variable called *name* holds a secret, as far as its name tells."""
    return bool(_SECRET_NAME.search(name)) and not re.search(r"(?i)(env_?var|_name|_env)s?$", name)


def stands_for_value(value: str) -> bool:
    """Whether *value* is none that could be secret: a reference, a path, a word such as true."""
    return not value or bool(_NO_VALUE.fullmatch(value)) or "…" in value
