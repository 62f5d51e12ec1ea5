"""Measures model providers: which ids are taken, and what of a built-in one may be changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from scripts.codexrules import toml
from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import Probe, Rules
from scripts.codexrules.shape import Way, contexts, dotted, members, shown, text

_AT_ONCE = 1000
"""Providers in one file: with all names at once Codex 0.150.0 takes minutes."""


class Providers(NamedTuple):
    """The ids that mean something to Codex."""

    reserved: tuple[str, ...]
    """No provider of the user's may have these."""
    adapted: tuple[str, ...]
    """Of these a few settings may be changed."""
    builtin: tuple[str, ...]
    """Those that are there without a table of the user's."""


def providers(judge: Judge, candidates: Sequence[str]) -> Providers:
    """What each of *candidates* is to Codex, as far as it is anything."""
    reserved: set[str] = set()
    adapted: set[str] = set()
    for start in range(0, len(candidates), _AT_ONCE):
        _settle(judge, list(candidates[start : start + _AT_ONCE]), reserved, adapted)
    known = sorted(reserved | adapted)
    builtin = [n for n in known if judge.ask(toml.document({"model_provider": n})).taken]
    return Providers(tuple(sorted(reserved)), tuple(sorted(adapted)), tuple(builtin))


def _settle(judge: Judge, left: list[str], reserved: set[str], adapted: set[str]) -> None:
    """Add to *reserved* and *adapted* those of *left* that belong there."""
    while left:
        table = {"model_providers": {name: {"name": "any"} for name in left}}
        verdict = judge.ask(toml.document(table))
        listed = set(
            re.findall(r"`([a-z0-9_.-]+)`", verdict.said.partition("IDs:")[2].partition(". ")[0])
        )
        if own := re.search(r"model_providers\.([\w-]+) only supports", verdict.said):
            adapted.add(own[1])
        elif listed & set(left):
            reserved |= listed
        else:
            return
        left = [name for name in left if name not in reserved | adapted]


def settings_of(judge: Judge, provider: str, candidates: Candidates) -> Rules:
    """The rules of what may be changed of the built-in *provider*, the table itself included.

    A setting that may not be changed takes what it is set to, if that can be written, else nothing.
    """
    way: Way = ("model_providers", provider)
    found: Rules = {dotted(way): {"is": "t"}}
    pending = [(*way, name) for name in sorted(shown(judge, way))]
    while pending:
        at = pending.pop()
        rule = Probe(judge, at).measure()
        rule.pop("said", None)
        if not rule["is"]:
            rule = _unchanged(judge, at)
        found[dotted(at)] = rule
        if "t" in rule["is"]:
            inner = members(judge, at, candidates)
            pending += [(*at, name) for name in inner.names]
            pending += [(*at, "*")] if inner.others else []
            pending += [(*at, name) for name in contexts(at)[0] if name not in inner.names]
        elif "a" in rule["is"]:
            pending.append((*at, "[]"))
    return found


def _unchanged(judge: Judge, way: Way) -> dict[str, Any]:
    """The rule of a setting that takes nothing but what it is set to."""
    found: Any = judge.shown(text(way[:-1], {}))
    for name in way:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None or not judge.ask(text(way, found)).taken:
        return {"is": ""}
    if isinstance(found, bool):
        return {"is": "b", "only": found}
    return {"is": "s", "words": [found]} if isinstance(found, str) else {"is": ""}
