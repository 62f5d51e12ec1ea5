"""How Codex parses hooks: strictly, a whole file at a time; and what it leaves out.

The shapes were measured with Codex 0.169 and 0.171, whose reader is serde: an object may also be
written as a list of its fields, unknown fields are ignored within ``hooks`` and refused at the top.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.model.record import Record

EVENTS = (
    "PreModelRequest",
    "PostModelRequest",
    "PreToolUse",
    "PermissionRequest",
    "PostToolUse",
    "PreCompact",
    "PostCompact",
    "SessionStart",
    "SessionEnd",
    "UserPromptSubmit",
    "SubagentStart",
    "SubagentStop",
    "Stop",
    "Interrupt",
)
UNMATCHED = frozenset(
    {"PreModelRequest", "PostModelRequest", "UserPromptSubmit", "Stop", "Interrupt"}
)
"""Events that ignore a group's matcher, which then is no part of the fingerprint either."""

QUICK = frozenset({"SessionEnd", "Interrupt"})
"""Events whose handlers get one second where no timeout is written, and three seconds at most;
the others get ten minutes."""

LIMITED = frozenset(
    {"SessionStart", "UserPromptSubmit", "PreToolUse", "PostToolUse", "SubagentStart"}
)
"""Events that can add context, at which ``additionalContextLimit`` counts; elsewhere Codex says
that it is ignored."""

HANDLER_TYPES = ("command", "mcp_tool", "prompt", "agent")
SKIPPED_TYPES = frozenset({"prompt", "agent"})
"""Handler types that Codex reads and then leaves out, with a warning."""

_MAX_NUMBER = (1 << 63) - 1
"""Codex fingerprints a handler as TOML, which has no larger number: ``hooks/list`` then fails."""


class HookFault(Record):
    """Why Codex refuses a whole hooks file."""

    key: KeyPath
    message: str


class Group(Record):
    """One matcher group, as far as Codex reads it."""

    position: int
    matcher: str | None
    handlers: tuple[Mapping[str, object], ...]


def inline_faults(hooks: object) -> Iterator[tuple[KeyPath, str]]:
    """What in an inline ``[hooks]`` table makes Codex refuse config.toml as a whole."""
    if isinstance(hooks, dict):
        fault = event_fault(("hooks",), hooks)
        if fault is not None:
            yield fault.key, fault.message


def file_fault(data: object, duplicates: frozenset[str], *, strict: bool) -> HookFault | None:
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
    hooks = data.get("hooks", {})
    if duplicate := next((name for name in ("hooks", *EVENTS) if name in duplicates), None):
        return HookFault(("hooks",), f"{duplicate!r} is there twice")
    if isinstance(hooks, list):
        return None
    if not isinstance(hooks, dict):
        return HookFault(("hooks",), "hooks must be an object of events")
    if duplicate := next((name for name in _FIELDS if name in duplicates), None):
        return HookFault(("hooks",), f"{duplicate!r} is there twice in one object")
    return event_fault(("hooks",), hooks)


def as_object(data: object) -> Mapping[str, object]:
    """A hooks file as an object: also one that is written as a list of its fields."""
    if isinstance(data, list):
        return dict(zip(_TOP, data, strict=False))
    return data if isinstance(data, dict) else {}


_TOP = ("description", "hooks")
"""The fields of a hooks file, in the order in which a list of them has them."""
_FIELDS = (
    *("matcher", "type", "command", "timeout", "statusMessage", "async"),
    *("additionalContextLimit", "input", "server", "tool"),
)


def event_fault(at: KeyPath, hooks: Mapping[str, object]) -> HookFault | None:
    """The first fault in the events of *hooks*; unknown events are not looked into."""
    for event in EVENTS:
        if event not in hooks:
            continue
        groups = hooks[event]
        if not isinstance(groups, list):
            return HookFault((*at, event), f"{event} must be a list of matcher groups")
        for index, group in enumerate(groups):
            if fault := _group_fault((*at, event, index), group):
                return fault
    return None


def _group_fault(at: KeyPath, group: object) -> HookFault | None:
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
        if fault := _handler_fault((*at, "hooks", index), handler):
            return fault
    return None


def _handler_fault(at: KeyPath, handler: object) -> HookFault | None:
    if not isinstance(handler, dict):
        return HookFault(at, "a handler must be an object")
    kind = handler.get("type")
    if kind is None:
        return HookFault(at, "a handler has no type")
    if kind not in HANDLER_TYPES:
        return HookFault((*at, "type"), f"unknown handler type {kind!r}")
    for name in {"command": ("command",), "mcp_tool": ("server", "tool")}.get(str(kind), ()):
        if not isinstance(handler.get(name), str):
            said = f"{name} must be text" if name in handler else f"the handler has no {name}"
            return HookFault((*at, name), said)
    if kind in SKIPPED_TYPES:
        return None
    for name, (takes, said) in _TYPED[str(kind)].items():
        if name in handler and not takes(handler[name]):
            return HookFault((*at, name), f"{name} {said}")
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str | None)


def _is_number(value: object) -> bool:
    if value is None:
        return True
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_NUMBER


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_input(value: object) -> bool:
    return isinstance(value, dict) and _fits_toml(value)


def _fits_toml(value: object) -> bool:
    """Whether TOML has a way to write *value*, which Codex asks of an MCP tool's input."""
    if isinstance(value, dict):
        return all(_fits_toml(item) for item in value.values())
    if isinstance(value, list):
        return all(_fits_toml(item) for item in value)
    return value is not None and not (type(value) is int and _MAX_NUMBER < value < 1 << 64)


_COMMON = {
    "timeout": (_is_number, "must be a whole number of seconds"),
    "statusMessage": (_is_text, "must be text"),
}
_TYPED: Mapping[str, Mapping[str, tuple[Callable[[object], bool], str]]] = {
    "command": {
        **_COMMON,
        "async": (_is_switch, "must be true or false"),
        "additionalContextLimit": (_is_number, "must be a whole number of characters"),
        "commandWindows": (_is_text, "must be text"),
        "command_windows": (_is_text, "must be text"),
    },
    "mcp_tool": {**_COMMON, "input": (_is_input, "must be an object without null")},
}
"""By handler type: the fields that Codex reads, what it takes and how a fault is told."""


def groups_of(hooks: object, event: str) -> list[Group]:
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
        matched = event not in UNMATCHED and isinstance(matcher, str)
        found.append(Group(index, matcher if matched else None, kept))
    return found


def timeout_of(event: str, handler: Mapping[str, object]) -> int:
    """Seconds that Codex gives the handler."""
    value = handler.get("timeout")
    if isinstance(value, int) and not isinstance(value, bool):
        return max(min(value, 3) if event in QUICK else value, 1)
    return 1 if event in QUICK else 600


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
