"""The user's keys: the ``[keys]`` table of the settings file, checked before any screen sees it.

    [keys]
    memory.delete = "delete,D"
    help = ["?", "f1"]

A key of the user's own comes before any usual one: whatever has it by default does without, so that
a new action of a later version never takes a key away. What it gives back never leaves one key with
two meanings in one place.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mem0_tui.model.errors import SettingsError
from mem0_tui.model.text import one_line

_MODIFIERS = ("ctrl", "shift", "alt", "super", "hyper", "meta")
_NAMED = (
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete"),
    *("backspace", "enter", "escape", "tab", "space"),
)
_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_FUNCTION_KEY = re.compile(r"f(?:[1-9]|1\d|2[0-4])")


@dataclass(frozen=True, slots=True)
class Bound:
    """An action, the keys it has unless the user says otherwise, and where it works."""

    id: str
    keys: str
    """Key names, comma-separated."""
    places: tuple[str, ...]
    """The place and those that it is part of: where two actions share one, their keys clash."""


def read_keymap(
    table: Mapping[str, object],
    actions: Sequence[Bound],
    *,
    reserved: Mapping[str, str],
    where: Callable[[str], str] = lambda action_id: f"keys.{action_id}",
) -> dict[str, str]:
    """Action ids to comma-separated key names, for the actions that *table* gives other keys, and
    for those that it takes usual keys from; empty where an action has no key left.

    Args:
        table: action id to keys: ``"d,delete"`` or a list.
        actions: every action there is.
        reserved: keys that no action can have, and what they are for.
        where: the place of an entry in the settings file, for messages.

    Raises:
        SettingsError: an unknown action, no key at all, a reserved one, or one that *table* gives
            to two actions that meet.
    """
    known = {action.id: action for action in actions}
    keymap: dict[str, str] = {}
    for action_id, value in _flat(table):
        place = where(action_id)
        if action_id not in known:
            raise SettingsError(
                f"{place}: unknown action {one_line(action_id)}", hint=_guess(action_id, known)
            )
        keys = [_key(each, place) for each in _listed(value, place)]
        for key in keys:
            if key in reserved:
                raise SettingsError(f"{place}: {key} is {reserved[key]}", hint="choose another key")
        keymap[action_id] = ",".join(dict.fromkeys(keys))
    own = [replace(known[action_id], keys=keys) for action_id, keys in keymap.items()]
    _refuse_clashes(own, where)
    return keymap | _giving_way(actions, own)


def _giving_way(actions: Sequence[Bound], own: Sequence[Bound]) -> dict[str, str]:
    """The keys that are left of those that a person's *own* ones take from other actions."""
    chosen = {each.id for each in own}
    left: dict[str, str] = {}
    for action in actions:
        taken = {key for each in own if _meet(each, action) for key in each.keys.split(",")}
        keys = action.keys.split(",")
        if action.id not in chosen and taken.intersection(keys):
            left[action.id] = ",".join(key for key in keys if key not in taken)
    return left


def without_key(
    actions: Sequence[Bound], keymap: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """The actions that *keymap* leaves without a key: each with its first usual key, and what that
    does now."""
    lost = [action for action in actions if keymap.get(action.id) == ""]
    found = []
    for action in lost:
        usual = action.keys.partition(",")[0]
        found += [
            (action.id, usual, other.id)
            for other in actions
            if usual in keymap.get(other.id, "").split(",") and _meet(action, other)
        ][:1]
    return tuple(found)


def clashes(
    actions: Sequence[Bound], keymap: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """Each key that two actions have in one place: the key and both actions' ids."""
    found: list[tuple[str, str, str]] = []
    taken: dict[str, list[Bound]] = {}
    for action in actions:
        for key in keymap.get(action.id, action.keys).split(","):
            others = taken.setdefault(key.strip(), [])
            found += [
                (key.strip(), other.id, action.id) for other in others if _meet(action, other)
            ]
            others.append(action)
    return tuple(found)


def normal_key(written: str) -> str | None:
    """The name that Textual has for a key as a person writes it (``?``, ``Ctrl+K``, ``f5``);
    None for what is no key."""
    text = written.strip()
    if text.endswith("+") and len(text) > 1:  # the plus key itself
        text = text[:-1] + "plus"
    *modifiers, last = text.split("+") if len(text) > 1 else [text]
    modifiers = [modifier.strip().casefold() for modifier in modifiers]
    if any(modifier not in _MODIFIERS for modifier in modifiers):
        return None
    name = _key_name(last.strip(), lower=bool(modifiers))
    return "+".join([*modifiers, name]) if name else None


def _key_name(last: str, *, lower: bool) -> str | None:
    if len(last) == 1:
        if last.isalnum():
            return last.casefold() if lower else last
        if not last.isprintable() or last == " ":
            return None
        name = unicodedata.name(last, "").lower().replace("-", "_").replace(" ", "_")
        return _RENAMED.get(name, name) or None
    name = last.casefold()
    known = name in _NAMED or name in _RENAMED.values() or _FUNCTION_KEY.fullmatch(name)
    return name if known or _is_character(name) else None


def _is_character(name: str) -> bool:
    """Whether *name* is a character's, such as ``question_mark``."""
    try:
        unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return False
    return True


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The entries of *table*; ``memory.delete`` without quotes is a table in a table in TOML."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _listed(value: object, place: str) -> list[str]:
    if isinstance(value, str):
        keys = [each for each in value.split(",") if each.strip()]
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        keys = value
    else:
        keys = []
    if not keys:
        raise SettingsError(
            f"{place}: no key is named",
            hint='write keys such as "d,delete"; the comma key is called comma',
        )
    return keys


def _key(written: str, place: str) -> str:
    key = normal_key(written)
    if key is None:
        raise SettingsError(
            f"{place}: {one_line(repr(written))} is not a key",
            hint="such as d, D, ?, f5, ctrl+k, space, pagedown",
        )
    return key


def _guess(action_id: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(action_id.casefold(), list(known), n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else "`?` in the app lists the actions"


def _meet(one: Bound, other: Bound) -> bool:
    """Whether some screen has both: the innermost place of one is, or holds, that of the other."""
    return one.places[0] in other.places or other.places[0] in one.places


def _refuse_clashes(own: Sequence[Bound], where: Callable[[str], str]) -> None:
    for key, first, second in clashes(own, {}):
        raise SettingsError(
            f"{where(second)}: {key} already does {first}",
            hint=f"give {first} another key as well, or choose another for {second}",
        )
