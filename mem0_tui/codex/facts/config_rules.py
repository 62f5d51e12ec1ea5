"""Which values Codex takes in config.toml, by the rules that were measured for its version.

One wrong value anywhere makes Codex refuse the whole file.
"""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping

from mem0_tui.codex.files.spot import KeyPath, table, text
from mem0_tui.codex.rules import DOT, Measured, Rule

MISSPELT_TABLES = {
    "mcpServers": "mcp_servers",
    "mcp-servers": "mcp_servers",
    "mcp_server": "mcp_servers",
    "mcpservers": "mcp_servers",
    "mcp": "mcp_servers",
    "McpServers": "mcp_servers",
    "MCP_SERVERS": "mcp_servers",
    "feature": "features",
    "plugin": "plugins",
    "marketplace": "marketplaces",
    "hook": "hooks",
    "project": "projects",
}
"""Tables under a wrong name: Codex ignores them, whatever they hold."""

MISSPELT_SERVER_KEYS = {
    "headers": "http_headers",
    "header": "http_headers",
    "env_headers": "env_http_headers",
    "bearer_token_env": "bearer_token_env_var",
    "token_env_var": "bearer_token_env_var",
    "bearer_env_var": "bearer_token_env_var",
    "bearerTokenEnvVar": "bearer_token_env_var",
    "disabled": "enabled",
    "server_url": "url",
    "serverUrl": "url",
    "uri": "url",
    "enabledTools": "enabled_tools",
    "disabledTools": "disabled_tools",
}

Fault = tuple[KeyPath, str]
"""A key that makes Codex refuse the file, and why."""

_KIND_NAMES = {
    "s": "text in quotes",
    "b": "true or false",
    "i": "a whole number",
    "f": "a number",
    "a": "a list",
    "t": "a table",
}
_BEARER = "is refused; name a variable in bearer_token_env_var instead"
_TAKES_ANY = frozenset({"open", "closed", "unsure", "one"})
"""Marks of a table in which a name that is not measured is no reason to say anything: it is taken,
or it is refused, or what the table may hold was not measured."""
_ELSEWHERE = frozenset({"profile"})
"""Settings that a check of their own judges."""


def type_faults(config: Mapping[str, object], rules: Measured) -> Iterator[Fault]:
    """Every key of one config.toml because of whose value Codex refuses the whole file.

    The events of an inline ``[hooks]`` table are judged by `mem0_tui.codex.facts.hook_rules`, and
    what names something elsewhere by :func:`reference_faults`.
    """
    judge = _Judge(rules.document("config"))
    for name, value in config.items():
        if name == "hooks" and isinstance(value, dict):
            state = {key: value[key] for key in ("state",) if key in value}
            yield from judge.inside(("hooks",), "hooks", state)
        elif name not in _ELSEWHERE:
            yield from judge.member((), "", name, value, config)
    for server_name, server in table(config.get("mcp_servers")).items():
        if isinstance(server, dict):
            yield from _transport_faults(("mcp_servers", server_name), server)


def _transport_faults(key: KeyPath, server: Mapping[str, object]) -> Iterator[Fault]:
    if "command" in server and "url" in server:
        yield (*key, "url"), "cannot be combined with command"
    if "command" not in server and "url" not in server:
        yield key, "needs a url or a command"


def reference_faults(
    config: Mapping[str, object], folder_of: Callable[[str], str], rules: Measured
) -> Iterator[Fault]:
    """Every top-level setting of the merged *config* that names what is not there.

    *folder_of* tells the folder that the relative path at a key is meant from.
    """
    document = rules.document("config")
    for name, value in config.items():
        rule, named = document.get(name, {}), text(value)
        if named is None:
            continue
        if (where := rule.get("names")) and named not in rule.get("builtin", ()):
            if named not in table(config.get(where)):
                yield (name,), f"names {named!r}, which is not in [{where}]"
        elif "file" in rule and not os.path.isfile(os.path.join(folder_of(name), named)):
            yield (name,), f"names a file that is not there: {named}"
    reserved = document.get("model_providers", {}).get("reserved", ())
    for provider in table(config.get("model_providers")):
        if provider in reserved:
            yield ("model_providers", provider), "is the name of a provider that is built in"
    if table(config.get("permissions")) and "default_permissions" not in config:
        yield ("permissions",), "needs default_permissions, the name of the profile to use"


def undecided(config: Mapping[str, object], rules: Measured) -> Iterator[KeyPath]:
    """The keys of *config* whose values have a form that these rules do not judge."""
    judge = _Judge(rules.document("config"))
    yield from judge.undecided((), "", config)


def unknown(config: Mapping[str, object], rules: Measured) -> Iterator[KeyPath]:
    """The keys of one config.toml that Codex ignores because it does not know them.

    Those of ``[hooks]`` are told by `mem0_tui.codex.facts.hooks`.
    """
    found = {name: value for name, value in config.items() if name != "hooks"}
    state = {key: value for key, value in table(config.get("hooks")).items() if key == "state"}
    judge = _Judge(rules.document("config"), rules.features)
    yield from judge.unknown((), "", found)
    yield from judge.unknown(("hooks",), "hooks", state)


class _Judge:
    def __init__(self, rules: Mapping[str, Rule], features: Collection[str] = ()) -> None:
        self.rules = rules
        self.features = features

    def rule_of(self, way: str, name: str) -> tuple[str, Rule | None]:
        """The way and the rule of the member *name* of the table at *way*."""
        written = name.replace(".", DOT)
        child = f"{way}.{written}" if way else written
        if "[" not in name and name != "*" and child in self.rules:
            return child, self.rules[child]
        anything = f"{way}.*" if way else "*"
        return anything, self.rules.get(anything)

    def inside(self, key: KeyPath, way: str, found: Mapping[str, object]) -> Iterator[Fault]:
        for name, value in found.items():
            yield from self.member(key, way, name, value, found)

    def member(
        self, key: KeyPath, way: str, name: str, value: object, beside: Mapping[str, object]
    ) -> Iterator[Fault]:
        child, rule = self.rule_of(way, name)
        builtin = self.rules["model_provider"]["builtin"] if way == "model_providers" else ()
        if name in builtin and child != f"model_providers.{name}":
            return  # it is reserved: see reference_faults
        if rule is None:
            if self.rules.get(way, {}).get("closed"):
                yield (*key, name), "is not known to Codex"
            return
        yield from self.value((*key, name), child, value, rule)
        marks = rule.get("with")
        if marks and not any(mark in beside for mark in marks):
            others = " or ".join(sorted({"command", "url"} & set(beside)))
            if others:
                yield (*key, name), f"cannot be combined with {others}"

    def value(self, key: KeyPath, way: str, value: object, rule: Rule) -> Iterator[Fault]:
        kinds, kind = rule["is"], kind_of(value)
        if not kinds:
            yield key, self.refused(key)
        elif kind not in kinds:
            names = [_KIND_NAMES[letter] for letter in kinds if letter in _KIND_NAMES]
            if "a whole number" in names and "a number" in names:
                names.remove("a whole number")
            if rule.get("words"):
                yield key, f"must be one of {', '.join(rule['words'])}"
            else:
                yield key, f"must be {' or '.join(names)}"
        elif value in ({}, []) and kind in rule.get("full", ""):
            needs = " and ".join(rule.get("needs", ()))
            yield key, f"needs {needs}" if needs else "must not be empty"
        elif isinstance(value, dict):
            yield from self.table(key, way, value, rule)
        elif isinstance(value, list):
            item = self.rules.get(f"{way}[]")
            for index, found in enumerate(value if item else ()):
                yield from self.value((*key, index), f"{way}[]", found, item or {})
        elif (fault := _scalar_fault(value, rule)) is not None:
            yield key, fault

    def refused(self, key: KeyPath) -> str:
        """Why Codex takes no value at *key*."""
        if key[-1] == "bearer_token":
            return _BEARER
        if key[0] == "model_providers" and key[1] in self.rules["model_provider"]["builtin"]:
            return "cannot be changed for a provider that is built in"
        return "is no longer accepted by Codex"

    def table(
        self, key: KeyPath, way: str, found: Mapping[str, object], rule: Rule
    ) -> Iterator[Fault]:
        if rule.get("one"):
            known = [*rule.get("words", ()), *rule.get("tables", ())]
            if len(found) != 1 or next(iter(found)) not in known:
                yield key, f"must be one of {', '.join(sorted(known))}"
                return
        for name in rule.get("needs", ()):
            if name not in found:
                yield key, f"needs {name}"
        yield from self.inside(key, way, found)

    def unknown(self, key: KeyPath, way: str, found: Mapping[str, object]) -> Iterator[KeyPath]:
        around = self.rules.get(way, {})
        for name, value in found.items():
            child, rule = self.rule_of(way, name)
            if rule is None or (around.get("listed") and child.endswith(".*")):
                known = name in self.features or name in around.get("former", ())
                if not known and not around.keys() & _TAKES_ANY:
                    yield (*key, name)
            elif isinstance(value, dict):
                yield from self.unknown((*key, name), child, value)
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, dict) and f"{child}[]" in self.rules:
                        yield from self.unknown((*key, name, index), f"{child}[]", item)

    def undecided(self, key: KeyPath, way: str, found: Mapping[str, object]) -> Iterator[KeyPath]:
        for name, value in found.items():
            child, rule = self.rule_of(way, name)
            if rule is None:
                continue
            if isinstance(value, dict):
                if rule.get("unsure"):
                    yield (*key, name)
                yield from self.undecided((*key, name), child, value)
            elif isinstance(value, str):
                if (rule.get("unsure") and not rule.get("words")) or rule.get("file") == "other":
                    yield (*key, name)
            elif isinstance(value, list) and value:
                item = self.rules.get(f"{child}[]")
                if item is None or item.get("unsure"):
                    yield (*key, name)


def _scalar_fault(value: object, rule: Rule) -> str | None:
    if isinstance(value, str):
        words = rule.get("words")
        if words is not None and value not in words:
            return f"must be one of {', '.join(words)}"
        if keys := rule.get("keys"):
            from mem0_tui.codex.facts.bindings import binding_fault

            return binding_fault(value, keys)
        return "must not be empty" if rule.get("filled") and not value else None
    if isinstance(value, bool):
        only = rule.get("only", value)
        return None if value == only else f"can only be {'true' if only else 'false'} by itself"
    if not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number" if rule.get("finite") else None
    if (above := rule.get("above")) is not None and value <= above:
        return f"must be more than {above}"
    least, most = rule.get("min"), rule.get("max")
    if least is not None and value < least:
        return "must not be negative" if least == 0 else f"must be {least} or more"
    return f"must be {most} or less" if most is not None and value > most else None


def kind_of(value: object) -> str:
    """The letter of a TOML value's kind: see `mem0_tui.codex.rules`."""
    if isinstance(value, bool):
        return "b"
    for kind, types in _TYPES.items():
        if isinstance(value, types):
            return kind
    return "d"


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "s": str,
    "i": int,
    "f": float,
    "a": list,
    "t": dict,
    "d": (datetime.date, datetime.time),
}
