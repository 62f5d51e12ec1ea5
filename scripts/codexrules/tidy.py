"""Turns what was measured into the rules that are kept."""

from __future__ import annotations

from scripts.codexrules import bindings, toml
from scripts.codexrules.judge import Judge
from scripts.codexrules.names import Candidates
from scripts.codexrules.probe import Rules
from scripts.codexrules.providers import providers, settings_of

_PROFILES = ("workspace", "read-only", "danger-full-access", "workspace-write")


_DEFAULTS = {"project_root_markers"}
"""Settings whose default a check reads."""


def tidied(judge: Judge, found: Rules, candidates: Candidates) -> Rules:
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
        known = providers(judge, candidates.all)
        rules["model_providers"]["reserved"] = list(known.reserved)
        rules["model_provider"]["builtin"] = list(known.builtin)
        for name in known.adapted:
            rules.update(settings_of(judge, name, candidates))
    bindings.mark(judge, rules)
    shown = judge.shown("")
    for way in _DEFAULTS & rules.keys() & shown.keys():
        rules[way]["default"] = shown[way]
    if "default_permissions" in rules:
        rules["default_permissions"]["builtin"] = [
            f":{name}"
            for name in _PROFILES
            if judge.ask(toml.document({"default_permissions": f":{name}"})).taken
        ]
    return rules


def _same(rules: Rules, one: str, other: str) -> bool:
    return one != other and rules.get(one) == rules.get(other)
