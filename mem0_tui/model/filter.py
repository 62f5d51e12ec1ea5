"""Conditions on memories as a tree: evaluated here, compiled to SQL by ``store`` and to Mem0's
filter JSON by ``wire``. All three agree: a comparison with a missing value is false, and its
negation is therefore true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fnmatch import translate
from functools import lru_cache
from re import Pattern, compile
from typing import Any, TypeAlias, TypeGuard

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Memory
from mem0_tui.model.words import fold, holds, longest_piece, word_pattern


class Field(StrEnum):
    """A part of a memory that conditions can name."""

    ID = "id"
    TEXT = "text"
    TYPE = "type"
    KIND = "kind"
    """The type, else the first category."""
    USER = "user_id"
    AGENT = "agent_id"
    APP = "app_id"
    RUN = "run_id"
    CATEGORY = "category"
    CREATED = "created_at"
    UPDATED = "updated_at"
    EXPIRES = "expires_on"
    CONFIDENCE = "confidence"
    LENGTH = "length"
    PINNED = "pinned"
    SUPERSEDED = "superseded"
    FOLDER = "folder"
    SHARED = "shared"


@late_dataclass(frozen=True)
class MetadataKey:
    """A top-level key of a memory's metadata."""

    name: str


class Op(StrEnum):
    """How a condition compares. Metadata lists match when any element does."""

    EQ = "="
    """Equal as JSON: 1 equals 1.0, but neither "1" nor true."""
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    CONTAINS = "contains"
    """Case-sensitive substring; of a metadata list, one of its elements as a whole."""
    ICONTAINS = "icontains"
    """Substring, both sides folded as :mod:`~mem0_tui.model.words` does it."""
    FINDS = "finds"
    """Like ICONTAINS, with ``*`` for any characters but blanks and ``?`` for one of them."""
    IS = "is"
    """Equal as text, both sides folded: 0.7 is "0.7", true is "true"."""
    GLOB = "glob"
    """Like IS, with ``*`` and ``?`` as wildcards."""
    PATTERN = "pattern"
    """Equal as text to the letter, but for ``*`` and ``?`` as wildcards."""
    PRESENT = "present"
    """Has a value that is neither null nor, for strings and lists, empty. The value is ignored."""


Value: TypeAlias = str | int | float | bool | datetime | date | None


@late_dataclass(frozen=True)
class Compare:
    """One condition. Dates and times compare with datetimes, EXPIRES with dates."""

    key: Field | MetadataKey
    op: Op
    value: Value = None


@dataclass(frozen=True, slots=True)
class And:
    """All of *parts*; true when there are none."""

    parts: tuple[Filter, ...] = ()


@late_dataclass(frozen=True)
class Or:
    """Any of *parts*; false when there are none."""

    parts: tuple[Filter, ...] = ()


@late_dataclass(frozen=True)
class OneOf(Or):
    """The memories with these ids: alternatives like any, and quick to evaluate for many."""

    ids: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, ids: Iterable[str]) -> OneOf:
        """The condition that a memory's id is one of *ids*."""
        kept = frozenset(ids)
        return cls(tuple(Compare(Field.ID, Op.EQ, id_) for id_ in sorted(kept)), kept)


@late_dataclass(frozen=True)
class Not:
    """Not *part*."""

    part: Filter


Filter: TypeAlias = Compare | And | Or | Not

EVERYTHING: Filter = And()
"""The filter that every memory passes."""
NOTHING: Filter = Or()
"""The filter that no memory passes."""

_ENTITY_FIELDS = {
    EntityKind.USER: Field.USER,
    EntityKind.AGENT: Field.AGENT,
    EntityKind.APP: Field.APP,
    EntityKind.RUN: Field.RUN,
}


def entity_field(kind: EntityKind) -> Field:
    """The field that holds the id of *kind*."""
    return _ENTITY_FIELDS[kind]


def belongs_to(entity: EntityRef) -> Filter:
    """The filter for the memories of *entity*."""
    return Compare(entity_field(entity.kind), Op.EQ, entity.id)


def all_of(parts: Iterable[Filter]) -> Filter:
    """*parts* joined by and, without needless nesting."""
    flat: list[Filter] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, And) else (part,))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: Iterable[Filter]) -> Filter:
    """*parts* joined by or, without needless nesting."""
    kept = tuple(parts)
    return kept[0] if len(kept) == 1 else Or(kept)


def names_field(condition: Filter, field: Field) -> bool:
    """Whether a comparison with *field* is anywhere in *condition*."""
    match condition:
        case And(parts) | Or(parts):
            return any(names_field(part, field) for part in parts)
        case Not(part):
            return names_field(part, field)
        case Compare(key, _, _):
            return key is field


def matches(condition: Filter, memory: Memory) -> bool:
    """Whether *memory* passes *condition*."""
    match condition:
        case And(parts):
            return all(matches(part, memory) for part in parts)
        case OneOf(_, ids):
            return memory.id in ids
        case Or(parts):
            return any(matches(part, memory) for part in parts)
        case Not(part):
            return not matches(part, memory)
        case Compare(MetadataKey(name), Op.CONTAINS, value) if _is_list(memory.metadata.get(name)):
            return any(_same_json(found, value) for found in memory.metadata[name])
        case Compare(key, op, value):
            return any(_holds(op, found, value) for found in _values(key, memory))


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, (list, tuple))


def _values(key: Field | MetadataKey, memory: Memory) -> tuple[Any, ...]:
    if isinstance(key, MetadataKey):
        found = memory.metadata.get(key.name)
        return tuple(found) if _is_list(found) else (found,)
    match key:
        case Field.ID:
            return (memory.id,)
        case Field.TEXT:
            return (memory.text,)
        case Field.TYPE:
            return (memory.type,)
        case Field.KIND:
            return (memory.kind,)
        case Field.CATEGORY:
            return memory.categories
        case Field.CREATED:
            return (memory.created_at,)
        case Field.UPDATED:
            return (memory.updated_at,)
        case Field.EXPIRES:
            return (memory.expires_on,)
        case Field.CONFIDENCE:
            return (memory.confidence,)
        case Field.LENGTH:
            return (len(memory.text),)
        case Field.PINNED:
            return (memory.pinned,)
        case Field.SUPERSEDED:
            return (memory.replaced_by is not None,)
        case Field.FOLDER:
            return memory.folders
        case Field.SHARED:
            return (memory.shared,)
        case _:
            return (getattr(memory.scope, key.value),)


def _holds(op: Op, found: Any, value: Value) -> bool:
    if op is Op.PRESENT:
        return found is not None and found != "" and found != {}
    if found is None:
        return False
    match op:
        case Op.EQ:
            return _same_json(found, value)
        case Op.CONTAINS:
            return isinstance(found, str) and str(value) in found
        case Op.ICONTAINS:
            return isinstance(found, str) and holds(found, str(value))
        case Op.FINDS:
            return isinstance(found, str) and finds(found, str(value))
        case Op.IS:
            text = text_form(found)
            return text is not None and fold(text) == fold(str(value))
        case Op.GLOB:
            text = text_form(found)
            return text is not None and bool(glob_pattern(fold(str(value))).match(fold(text)))
        case Op.PATTERN:
            text = text_form(found)
            return text is not None and bool(glob_pattern(str(value)).match(text))
        case _:
            return _ordered(op, found, value)


def _ordered(op: Op, found: Any, value: Any) -> bool:
    if isinstance(found, bool) or isinstance(value, bool) or not _comparable(found, value):
        return False
    match op:
        case Op.LT:
            return bool(found < value)
        case Op.LE:
            return bool(found <= value)
        case Op.GT:
            return bool(found > value)
        case _:
            return bool(found >= value)


def _comparable(found: object, value: object) -> bool:
    numbers = (int, float)
    if isinstance(found, numbers) and isinstance(value, numbers):
        return True
    if isinstance(found, datetime) or isinstance(value, datetime):
        return isinstance(found, datetime) and isinstance(value, datetime)
    return type(found) is type(value) and isinstance(found, (str, date))


def _same_json(found: object, value: object) -> bool:
    if isinstance(found, bool) or isinstance(value, bool):
        return found is value
    if isinstance(found, datetime) != isinstance(value, datetime):
        return False
    return found == value


def text_form(value: object) -> str | None:
    """A JSON scalar as text: strings as they are, ``true``, ``false``, numbers without a needless
    fraction; None for null, objects and lists."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return None


def finds(text: str, wanted: str) -> bool:
    """Whether *text* holds *wanted*, in which ``*`` and ``?`` are wildcards if there is anything
    besides."""
    if not longest_piece(wanted):
        return holds(text, wanted)
    return bool(word_pattern(wanted).search(fold(text)))


@lru_cache(maxsize=256)
def glob_pattern(pattern: str) -> Pattern[str]:
    """A compiled wildcard pattern for whole texts; only ``*`` and ``?`` are special."""
    return compile(translate(pattern.replace("[", "[[]")))
