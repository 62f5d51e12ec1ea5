"""Documents that hold one setting, and the names that a table of config.toml knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from mem0_tui.codex.rules import DOT
from scripts.codexrules import toml
from scripts.codexrules.judge import Judge, Verdict
from scripts.codexrules.names import Candidates

Way = tuple[str, ...]
"""A setting's way from the top: names, ``*`` for one of the user's choice, ``[]`` for an item."""

NAME = "any-name"
"""The name that stands where the user chooses one."""

_TRANSPORTS = ({"command": "true"}, {"url": "http://127.0.0.1:1/"})
CONTEXTS: dict[str, Sequence[Mapping[str, object]]] = {
    "mcp_servers.*": _TRANSPORTS,
    "profiles.*.mcp_servers.*": _TRANSPORTS,
    "model_providers.*": ({"name": "any"},),
    "permissions": ({NAME: {}},),
    "skills.config[]": ({"path": "/any", "enabled": True}, {"name": "any", "enabled": True}),
}
"""What has to stand in a table before Codex takes it, each way that it can be; added to later."""
_HANDLERS = (
    {"type": "command", "command": "true"},
    {"type": "mcp_tool", "server": "any", "tool": "any"},
)
BESIDE: Mapping[str, Mapping[str, object]] = {"permissions": {"default_permissions": NAME}}
"""What has to stand at the top when a table is there."""

FORMS = {"mcp_servers.*.env_vars[]": ("name", "source")}
"""Tables of which Codex says neither what they may hold nor what is wrong with them."""

_IDENTITY = re.compile(r"floating point `(\d+)\.5`|(?:string \"|variant `)zz(\d+)[\"`]")
_FIELDS = re.compile(r"unknown field `[^`]*`, expected (?:one of )?(.*)")


def contexts(way: Way) -> Sequence[Mapping[str, object]]:
    """What the table at *way* needs, each way that it can be."""
    if len(way) == 5 and way[0] == "hooks" and way[2:] == ("[]", "hooks", "[]"):
        return _HANDLERS
    return CONTEXTS.get(dotted(way), ({},))


def dotted(way: Way) -> str:
    """``hooks.Stop[].matcher``; a dot within a name is written as ``%2e``."""
    return ".".join(name.replace(".", DOT) for name in way).replace(".[]", "[]")


def split(name: str) -> Way:
    """The opposite of :func:`dotted`."""
    return tuple(part.replace(DOT, ".") for part in name.replace("[]", ".[]").split("."))


def fitting(way: Way, document: Mapping[str, Mapping[str, Any]]) -> int:
    """Which of the contexts the setting at *way* has to stand in, by the rules around it."""
    for depth in range(len(way), 0, -1):
        ways = contexts(way[: depth - 1])
        marks = set(document.get(dotted(way[:depth]), {}).get("with", ()))
        if marks and len(ways) > 1:
            return next((at for at, needed in enumerate(ways) if marks & set(needed)), 0)
    return 0


def place(way: Way, found: object, context: int = 0) -> dict[str, Any]:
    """A document in which *found* stands at *way*, with what its tables need."""
    inner: Any = found
    for depth in range(len(way) - 1, -1, -1):
        if way[depth] == "[]":
            inner = [inner]
            continue
        needed = contexts(way[:depth])
        name = NAME if way[depth] == "*" else way[depth]
        inner = {**needed[min(context, len(needed) - 1)], name: inner}
    return {**BESIDE.get(way[0], {}), **inner} if way else inner


def text(way: Way, found: object, context: int = 0) -> str:
    """Like :func:`place`, as TOML."""
    return toml.document(place(way, found, context))


_VALUES: tuple[object, ...] = (True, "any", {}, [], 1)


class Members(NamedTuple):
    """What a table may hold."""

    names: tuple[str, ...]
    """Names that Codex knows."""
    others: bool
    """Whether any other name is read as well, all with the same kind of value."""
    closed: bool
    """Whether any other name makes Codex refuse the file."""


def shown(judge: Judge, way: Way, context: int = 0) -> frozenset[str]:
    """The names that the table at *way* has in ``config/read``, whether they are set or not."""
    found: Any = judge.shown(text(way, {**contexts(way)[0]}, context))
    for name in way:
        if name == "[]":
            found = found[0] if isinstance(found, list) and found else None
        else:
            found = found.get(NAME if name == "*" else name) if isinstance(found, dict) else None
    return frozenset(found) if isinstance(found, dict) else frozenset()


def members(judge: Judge, way: Way, candidates: Candidates, context: int = 0) -> Members:
    """The names that the table at *way* knows.

    Those that Codex shows there, and the likely ones; where a likely one is known and not shown,
    or nothing is shown, all *candidates*. *context*: in which of the contexts of the tables around
    it the table is taken.
    """
    if (form := FORMS.get(dotted(way))) is not None:
        return Members(form, False, True)
    filled = {**contexts(way)[0]}
    if not judge.ask(_table(way, filled, {}, context)).taken:
        return Members((), False, False)
    seen = shown(judge, way, context)
    found = _among(judge, way, filled, {*seen, *candidates.likely}, context)
    if found.closed or (seen and {*found.names} <= {*seen, *filled}):
        return found
    rest = _among(judge, way, filled, {*candidates.near} - {*found.names}, context)
    return found._replace(names=tuple(sorted({*found.names, *rest.names})))


def _among(
    judge: Judge, way: Way, filled: Mapping[str, object], tried: Collection[str], context: int
) -> Members:
    """Those of the names *tried* that the table knows.

    Each gets a value that no setting takes. Codex names one that it refuses, in no order that
    counts: that one is known, and the search goes on without it.
    """
    odd = judge.ask(_table(way, filled, {"zz_unknown": 0.5}, context))
    if listed := _FIELDS.search(odd.said):
        return Members(tuple(sorted(re.findall(r"`([^`]+)`", listed[1]))), False, True)
    left = sorted(tried)
    if odd.taken:
        known = _known(judge, way, filled, left, lambda i: i + 0.5, context)
        left = [name for name in left if name not in known]
        known += _known(judge, way, filled, left, lambda i: f"zz{i}", context)
        return Members(tuple(sorted({*known, *filled})), False, False)
    plain = [name for name in left if name[0].isalpha()]
    for value in _VALUES:
        if judge.ask(_table(way, filled, {"zz_unknown": value}, context)).taken:
            known = _known(judge, way, filled, plain, _always(value), context)
            return Members(tuple(sorted(known)), True, False)
    return Members((), True, False)


def _always(value: object) -> Callable[[int], object]:
    return lambda _: value


def _known(
    judge: Judge,
    way: Way,
    filled: Mapping[str, object],
    candidates: Sequence[str],
    make: Callable[[int], object],
    context: int,
) -> list[str]:
    found: list[str] = []
    left = [name for name in candidates if name not in filled]
    while left:
        values = {name: make(i) for i, name in enumerate(left)}
        verdict = judge.ask(_table(way, filled, values, context))
        if verdict.taken:
            break
        at = _identified(verdict, way, left)
        if at is None:
            at = _halved(judge, way, filled, left, make, context)
        if at is None:
            break
        found.append(left.pop(at))
    return found


def _identified(verdict: Verdict, way: Way, left: Sequence[str]) -> int | None:
    if seen := _IDENTITY.search(verdict.said):
        at = int(seen[1] or seen[2])
        return at if at < len(left) else None
    parts = (verdict.key or "").split(".")
    real = [NAME if part == "*" else part for part in way if part != "[]"]
    if parts[: len(real)] == real and len(parts) > len(real) and parts[len(real)] in left:
        return left.index(parts[len(real)])
    return None


def _halved(
    judge: Judge,
    way: Way,
    filled: Mapping[str, object],
    left: Sequence[str],
    make: Callable[[int], object],
    context: int,
) -> int | None:
    """The first of *left* that is refused, where the refusal does not say which."""
    low, high = 0, len(left)
    while high - low > 1:
        middle = (low + high) // 2
        values = {left[i]: make(i) for i in range(low, middle)}
        if judge.ask(_table(way, filled, values, context)).taken:
            low = middle
        else:
            high = middle
    values = {left[low]: make(low)}
    return low if not judge.ask(_table(way, filled, values, context)).taken else None


def _table(
    way: Way, filled: Mapping[str, object], values: Mapping[str, object], context: int
) -> str:
    return text(way, {**filled, **values}, context)
