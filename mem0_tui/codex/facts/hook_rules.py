"""How Codex parses hooks: strictly, a whole file at a time; and what it leaves out.

Events, types of handler and their fields are measured for each version (`mem0_tui.codex.rules`,
document ``hooks``). The reader is serde: an object may also be written as a list of its fields,
unknown fields are ignored within ``hooks`` and refused at the top. Not measured are what a value
may hold inside, and the grammar of a matcher: they were learnt from Codex 0.169.0 and 0.171.0.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cache

from mem0_tui.codex.facts.json_rules import json_kind
from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.rules import Measured, Rule
from mem0_tui.model.record import Record

_MAX_NUMBER = (1 << 63) - 1
"""Codex fingerprints a handler as TOML, which has no larger number: ``hooks/list`` then fails."""


class HookForm(Record):
    """What one version of Codex knows of hooks."""

    events: tuple[str, ...]
    """In the order in which Codex lists them."""
    at: Mapping[str, Rule]
    """By event: ``timeout``, the seconds that a handler gets where it says none, and ``longest``,
    the most that it may get; ``unmatched``, where a group's matcher is ignored and no part of the
    fingerprint; ``limited``, where ``additionalContextLimit`` counts."""
    handlers: Mapping[str, Rule]
    """By type: ``needs``, and ``skipped`` where Codex reads the handler and leaves it out."""
    fields: Mapping[str, Mapping[str, Rule]]
    """By type, the fields that Codex reads."""

    @property
    def names(self) -> frozenset[str]:
        """Every field of a group or handler that Codex reads."""
        return frozenset({"matcher", "type", *(n for found in self.fields.values() for n in found)})


@cache
def hook_form(rules: Measured) -> HookForm:
    """What *rules* say of hooks."""
    document = rules.document("hooks")
    events: tuple[str, ...] = tuple(document["file.hooks"]["events"])
    types: tuple[str, ...] = tuple(document["handler.type"]["words"])
    return HookForm(
        events,
        {event: document[f"events.{event}"] for event in events},
        {kind: document[kind] for kind in types},
        {
            kind: {name: document[f"{kind}.{name}"] for name in rules.names("hooks", kind)}
            for kind in types
        },
    )


class HookFault(Record):
    """Why Codex refuses a whole hooks file."""

    key: KeyPath
    message: str


class Group(Record):
    """One matcher group, as far as Codex reads it."""

    position: int
    matcher: str | None
    handlers: tuple[Mapping[str, object], ...]


def inline_faults(hooks: object, rules: Measured) -> Iterator[tuple[KeyPath, str]]:
    """What in an inline ``[hooks]`` table makes Codex refuse config.toml as a whole."""
    if isinstance(hooks, dict):
        fault = _event_fault(("hooks",), hooks, hook_form(rules), json=False)
        if fault is not None:
            yield fault.key, fault.message


def file_fault(
    data: object, duplicates: frozenset[str], rules: Measured, *, strict: bool
) -> HookFault | None:
    """Why Codex refuses a parsed hooks.json, None where it takes it.

    *strict*: an unknown top-level key is a reason (Codex 0.150 and later).
    """
    data = as_object(data) if isinstance(data, list) and len(data) <= len(_TOP) else data
    if not isinstance(data, dict):
        return HookFault((), "must be an object with the key hooks")
    for name in data:
        if strict and name not in _TOP:
            return HookFault(
                (name,), f"unknown field {name!r}: only description and hooks may stand here"
            )
    if not isinstance(data.get("description"), str | None):
        return HookFault(("description",), "description must be text")
    hooks, form = data.get("hooks", {}), hook_form(rules)
    if duplicate := next((name for name in ("hooks", *form.events) if name in duplicates), None):
        return HookFault(("hooks",), f"{duplicate!r} appears twice")
    if isinstance(hooks, list):
        return None
    if not isinstance(hooks, dict):
        return HookFault(("hooks",), "hooks must be an object of events")
    if duplicates and (twice := sorted(form.names & duplicates)):
        return HookFault(("hooks",), f"{twice[0]!r} appears twice in one object")
    return _event_fault(("hooks",), hooks, form, json=True)


def as_object(data: object) -> Mapping[str, object]:
    """A hooks file as an object: also one that is written as a list of its fields."""
    if isinstance(data, list):
        return dict(zip(_TOP, data, strict=False))
    return data if isinstance(data, dict) else {}


_TOP = ("description", "hooks")
"""The fields of a hooks file, in the order in which a list of them has them."""


def _event_fault(
    at: KeyPath, hooks: Mapping[str, object], form: HookForm, *, json: bool
) -> HookFault | None:
    """The first fault in the events of *hooks*; unknown events are not looked into."""
    for event in form.events:
        if event not in hooks:
            continue
        groups = hooks[event]
        if not isinstance(groups, list):
            return HookFault((*at, event), f"{event} must be a list of matcher groups")
        for index, group in enumerate(groups):
            if fault := _group_fault((*at, event, index), group, form, json):
                return fault
    return None


def _group_fault(at: KeyPath, group: object, form: HookForm, json: bool) -> HookFault | None:
    if isinstance(group, list):
        group = dict(zip(("matcher", "hooks"), group, strict=False))
    if not isinstance(group, dict):
        return HookFault(at, "a matcher group must be an object")
    if not isinstance(group.get("matcher"), str | None):
        return HookFault((*at, "matcher"), "matcher must be text")
    handlers = group.get("hooks", [])
    if not isinstance(handlers, list):
        return HookFault((*at, "hooks"), "hooks must be a list of handlers")
    for index, handler in enumerate(handlers):
        if fault := _handler_fault((*at, "hooks", index), handler, form, json):
            return fault
    return None


def _handler_fault(at: KeyPath, handler: object, form: HookForm, json: bool) -> HookFault | None:
    if not isinstance(handler, dict):
        return HookFault(at, "a handler must be an object")
    kind = handler.get("type")
    if kind is None:
        return HookFault(at, "a handler has no type")
    rule = form.handlers.get(kind) if isinstance(kind, str) else None
    if rule is None:
        return HookFault((*at, "type"), f"unknown handler type {kind!r}")
    for name in rule.get("needs", ()):
        if name not in handler:
            return HookFault((*at, name), f"the handler has no {name}")
    for name, field in form.fields[str(kind)].items():
        if name in handler and (fault := _value_fault(name, handler[name], field, json)):
            return HookFault((*at, name), f"{name} must be {fault}")
    return None


_NAMES = {"s": "text", "b": "true or false", "i": "a whole number", "a": "a list", "t": "an object"}
_UNITS = {
    "timeout": "a whole number of seconds",
    "additionalContextLimit": "a whole number of characters",
}


def _value_fault(name: str, value: object, rule: Rule, json: bool) -> str | None:
    """What *value* must be by *rule*, None where it is.

    In JSON a fraction stands where an object is read: Codex keeps one as an object of its digits.
    """
    kinds = str(rule["is"])
    if not json and "t" in kinds:
        kinds = kinds.replace("f", "")
    fits = json_kind(value) in kinds
    if fits and isinstance(value, int) and not isinstance(value, bool):
        fits = rule.get("min", value) <= value <= rule.get("max", value)
    if not fits:
        return _UNITS.get(name) or " or ".join(_NAMES[kind] for kind in kinds if kind in _NAMES)
    return None if not isinstance(value, dict) or _fits_toml(value) else "an object without null"


def _fits_toml(value: object) -> bool:
    """Whether TOML has a way to write *value*, which Codex asks of an MCP tool's input."""
    if isinstance(value, dict):
        return all(_fits_toml(item) for item in value.values())
    if isinstance(value, list):
        return all(_fits_toml(item) for item in value)
    return value is not None and not (type(value) is int and _MAX_NUMBER < value < 1 << 64)


def groups_of(hooks: object, event: str, rules: Measured) -> list[Group]:
    """The matcher groups of *event* in a table of hooks that has no fault."""
    found: list[Group] = []
    groups = hooks.get(event, []) if isinstance(hooks, dict) else []
    for index, group in enumerate(groups if isinstance(groups, list) else []):
        if isinstance(group, list):
            group = dict(zip(("matcher", "hooks"), group, strict=False))
        if not isinstance(group, dict):
            continue
        matcher, handlers = group.get("matcher"), group.get("hooks", [])
        kept = (
            tuple(h for h in handlers if isinstance(h, dict)) if isinstance(handlers, list) else ()
        )
        matched = not hook_form(rules).at[event].get("unmatched") and isinstance(matcher, str)
        found.append(Group(index, matcher if matched else None, kept))
    return found


def timeout_of(event: str, handler: Mapping[str, object], rules: Measured) -> int:
    """Seconds that Codex gives the handler."""
    rule = hook_form(rules).at[event]
    value = handler.get("timeout")
    if isinstance(value, int) and not isinstance(value, bool):
        return max(min(value, int(rule.get("longest", value))), 1)
    return int(rule["timeout"])


def snake(event: str) -> str:
    """``PreToolUse`` as ``pre_tool_use``, the spelling in trust keys."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()


def matcher_fault(matcher: str | None) -> str | None:
    """Why Codex drops a group because of its matcher (a Rust regular expression), None if not."""
    if matcher is None or matcher in ("", "*") or re.fullmatch(r"[\w|]*", matcher):
        return None
    if re.search(r"(?<!\\)\(\?(?:[=!]|<[=!])", matcher):
        return "look-around is not supported"
    if re.search(r"(?<!\\)\\[1-9]", matcher):
        return "back-references are not supported"
    if re.search(r"(?<!\\)\\Z", matcher):
        return "\\Z is not supported"
    if re.search(r"(?<!\\)\{(?!\d+(?:,\d*)?\})", re.sub(r"\\[pPx]\{", "", matcher)):
        return "unclosed counted repetition"
    python = re.sub(r"\\[pP](?:\{[^}]*\}|\w)", "x", matcher)
    python = re.sub(r"\[\[:\^?\w+:\]\]", "[x]", python).replace("++", "+").replace("\\z", "")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(python)
    except Warning:
        return None  # a set within a set, which only Codex's dialect has
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return None
