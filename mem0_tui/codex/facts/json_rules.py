"""What Codex takes in a JSON file, by the rules that were measured for its version.

What names something else, or must agree with it, is judged where that is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mem0_tui.codex.files.spot import KeyPath
from mem0_tui.codex.rules import Rule

Fault = tuple[KeyPath, str]
"""Where it is, and what is wrong, as a sentence about the last key."""

_NAMES = {
    "s": "text",
    "b": "true or false",
    "i": "a whole number",
    "f": "a number",
    "a": "a list",
    "t": "an object",
}


def json_faults(
    data: Mapping[str, object], document: Mapping[str, Rule], at: KeyPath = (), way: str = ""
) -> Iterator[Fault]:
    """Every value of *data*, the object at *way*, because of which Codex refuses the file."""
    for name in document.get(way or "file", {}).get("needs", ()):
        if name not in data:
            yield (*at, name), f"missing field {name}"
    for name, value in data.items():
        child = f"{way}.{name}" if way else name
        if "." not in name and "[" not in name and (rule := document.get(child)) is not None:
            yield from _value_faults(value, document, rule, (*at, name), child)


def _value_faults(
    value: object, document: Mapping[str, Rule], rule: Rule, at: KeyPath, way: str
) -> Iterator[Fault]:
    kinds, words = str(rule["is"]), rule.get("words")
    name = next((str(part) for part in reversed(at) if isinstance(part, str)), "")
    if json_kind(value) not in kinds or (words and isinstance(value, str) and value not in words):
        yield at, f"{name} must be {' or '.join(words) if words else _named(kinds)}"
    elif isinstance(value, dict):
        yield from json_faults(value, document, at, way)
    elif isinstance(value, list) and (item := document.get(f"{way}[]")) is not None:
        for index, each in enumerate(value):
            yield from _value_faults(each, document, item, (*at, index), f"{way}[]")


def _named(kinds: str) -> str:
    return " or ".join(name for kind, name in _NAMES.items() if kind in kinds)


def json_kind(value: object) -> str:
    """The letter of a JSON value's kind: see `mem0_tui.codex.rules`."""
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "b"
    return next((letter for kind, letter in _KINDS if isinstance(value, kind)), "d")


_KINDS: tuple[tuple[type, str], ...] = (
    (str, "s"),
    (int, "i"),
    (float, "f"),
    (list, "a"),
    (dict, "t"),
)
