"""Turns what was measured into the rules that are kept."""

from __future__ import annotations

import re
from typing import Any

from scripts.codexrules import toml
from scripts.codexrules.judge import Judge

Rules = dict[str, dict[str, Any]]

_AT_ONCE = 1000
"""Providers in one file: with all names at once Codex 0.150.0 takes minutes."""
_PROFILES = ("workspace", "read-only", "danger-full-access", "workspace-write")


def tidied(judge: Judge, found: Rules, candidates: list[str]) -> Rules:
    """*found* without what says nothing, with the names that Codex brings along."""
    rules = {way: dict(rule) for way, rule in found.items()}
    for way in [way for way, rule in rules.items() if way.endswith(".*") and not rule["is"]]:
        del rules[way]
        rules[way[:-2]]["unsure"] = True
    for way in list(rules):
        parent = way.rpartition(".")[0]
        if parent and parent + ".*" in rules and _same(rules, way, parent + ".*"):
            for below in [w for w in rules if w == way or w.startswith((way + ".", way + "["))]:
                del rules[below]
    for way in [way for way, rule in rules.items() if "type" in rule.get("needs", ())]:
        for below in [w for w in rules if w.startswith(way + ".") and w != way + ".type"]:
            del rules[below]  # what may stand there depends on the type
        rules[way]["unsure"] = True
    for rule in rules.values():
        rule.pop("said", None)
    if "model_providers" in rules:
        reserved, builtin = _providers(judge, candidates)
        rules["model_providers"]["reserved"] = reserved
        rules["model_provider"]["builtin"] = builtin
    if "default_permissions" in rules:
        rules["default_permissions"]["builtin"] = [
            f":{name}"
            for name in _PROFILES
            if judge.ask(toml.document({"default_permissions": f":{name}"})).taken
        ]
    return rules


def _same(rules: Rules, one: str, other: str) -> bool:
    return one != other and rules.get(one) == rules.get(other)


def _providers(judge: Judge, candidates: list[str]) -> tuple[list[str], list[str]]:
    """Names that no provider of the user's may have, and those that are there without one."""
    reserved: set[str] = set()
    adapted: set[str] = set()
    for start in range(0, len(candidates), _AT_ONCE):
        _settle(judge, candidates[start : start + _AT_ONCE], reserved, adapted)
    builtin = [
        name
        for name in sorted(reserved | adapted)
        if judge.ask(toml.document({"model_provider": name})).taken
    ]
    return sorted(reserved), builtin


def _settle(judge: Judge, left: list[str], reserved: set[str], adapted: set[str]) -> None:
    """Add to *reserved* and *adapted* those of *left* that belong there."""
    while left:
        table = {"model_providers": {name: {"name": "any"} for name in left}}
        verdict = judge.ask(toml.document(table))
        listed = set(
            re.findall(r"`([a-z0-9_.-]+)`", verdict.said.partition("IDs:")[2].partition(". ")[0])
        )
        if own := re.match(r"model_providers\.([\w-]+) only supports", verdict.said):
            adapted.add(own[1])
        elif listed & set(left):
            reserved |= listed
        else:
            return
        left = [name for name in left if name not in reserved | adapted]
