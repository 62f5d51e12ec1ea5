"""Compiles conditions to SQL over the ``memories`` table.

For every memory and every condition the SQL holds exactly when
:func:`mem0_tui.model.filter.matches` does. Values are always parameters. A comparison with NULL
stays NULL, which a WHERE takes as false; only a negation has to make that explicit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby

from mem0_tui.model.filter import (
    And,
    Compare,
    Field,
    Filter,
    MetadataKey,
    Not,
    Op,
    Or,
    matches,
)
from mem0_tui.model.memory import Memory
from mem0_tui.store.conditions import FALSE, TRUE, Where, as_argument, joined
from mem0_tui.store.metadata import metadata_where
from mem0_tui.store.moments import to_micros

__all__ = ["FALSE", "TRUE", "Where", "folded", "where"]

_ORDERS = (Op.LT, Op.LE, Op.GT, Op.GE)
_MANY = 100
"""From so many alternatives on, they go to SQLite as one JSON array."""
_TRIGRAMS = 24
"""The most trigrams of a needle that the index is asked for; the text itself decides."""
_UNINDEXED = "\0\ufffd\ufffe\uffff"
"""Characters that FTS5 does not tell apart, or that end its token stream."""


def where(condition: Filter, *, indexed: bool = True) -> Where:
    """*condition* as SQL that holds for the same memories.

    *indexed* off makes it look at the texts themselves instead of the index of trigrams: better
    where few rows are looked at.
    """
    match condition:
        case And(parts):
            return joined("AND", [where(part, indexed=indexed) for part in parts])
        case Or(parts):
            return _any(parts, indexed)
        case Not(part):
            inner = where(part, indexed=indexed)
            return Where(f"NOT ifnull({inner.sql}, 0)", inner.parameters)
        case Compare(MetadataKey(name), _, _):
            return metadata_where(condition, name)
        case Compare(Field.TEXT, _, _):
            return _text(condition, indexed)
        case Compare(key, _, _):
            assert isinstance(key, Field)
            return _FIELDS[key](condition)


def folded(text: str) -> str:
    """What the column of that name holds for *text*: case-folded, and without NUL, at which SQLite
    ends a text that it indexes."""
    return text.casefold().replace("\0", "\uffff")


def _any(parts: Sequence[Filter], indexed: bool) -> Where:
    """Alternatives; those that name exact values of one column become one IN."""

    def column(part: Filter) -> str:
        match part:
            case Compare(Field() as key, Op.EQ, str(value)) if key in _NAMES and _storable(value):
                return _NAMES[key]
        return ""

    found: list[Where] = []
    for name, group in groupby(parts, column):
        same = list(group)
        if not name or len(same) == 1:
            found.extend(where(part, indexed=indexed) for part in same)
        else:
            found.append(_in(name, [str(part.value) for part in same if isinstance(part, Compare)]))
    return joined("OR", found)


def _in(column: str, values: list[str]) -> Where:
    if len(values) < _MANY or any("\0" in value for value in values):
        return joined(
            "OR",
            [
                Where(f"{column} IN ({', '.join('?' * len(some))})", tuple(some))
                for some in (values[i : i + _MANY] for i in range(0, len(values), _MANY))
            ],
        )
    return Where(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(values),))


def _storable(text: str) -> bool:
    """Whether *text* can be in the store, where no lone surrogate gets."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _name(column: str) -> Callable[[Compare], Where]:
    """Conditions on a text column."""

    def compiled(compare: Compare) -> Where:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return Where(f"{column} <> ''")
        if op in _ORDERS or op is Op.EQ:
            return _ordered_text(column, op, value) if isinstance(value, str) else FALSE
        written = str(value)
        if not _storable(written):
            return FALSE
        match op:
            case Op.CONTAINS:
                return Where(f"instr({column}, ?)", (written,))
            case Op.ICONTAINS:
                return Where(f"instr(casefold({column}), ?)", (written.casefold(),))
            case Op.IS:
                return Where(f"casefold({column}) = ?", (written.casefold(),))
            case _:
                return Where(f"globs(?, {column})", (written,))

    return compiled


def _ordered_text(column: str, op: Op, value: str) -> Where:
    """By code points, as Python and SQLite both order; no stored text equals a surrogate."""
    if not _storable(value):
        if op is Op.EQ:
            return FALSE
        at = next(i for i, character in enumerate(value) if "\ud800" <= character <= "\udfff")
        value = value[:at] + "\ue000"
        op = Op.LT if op in (Op.LT, Op.LE) else Op.GE
    return Where(f"{column} {op.value} ?", (value,))


def _text(compare: Compare, indexed: bool) -> Where:
    """Conditions on the text itself, which has an index of trigrams."""
    needle = str(compare.value).casefold()
    special = not _storable(needle) or any(character in needle for character in "\0\uffff")
    if compare.op not in (Op.ICONTAINS, Op.IS) or special:
        return _name("text")(compare)
    if compare.op is Op.IS:
        return Where("folded = ?", (needle,))
    if not indexed or len(needle) < 3 or any(character in needle for character in _UNINDEXED):
        return Where("instr(folded, ?)", (needle,))
    candidates = Where(
        "seq IN (SELECT rowid FROM memories_trigrams WHERE memories_trigrams MATCH ?)",
        (_trigrams(needle),),
    )
    return candidates if len(needle) == 3 else candidates & Where("instr(folded, ?)", (needle,))


def _trigrams(needle: str) -> str:
    """The FTS5 query for texts that hold all of *needle*'s trigrams, or the first of them."""
    starts = [*range(0, len(needle) - 3, 3), len(needle) - 3][:_TRIGRAMS]
    parts = dict.fromkeys(needle[start : start + 3] for start in starts)
    return " ".join('"' + part.replace('"', '""') + '"' for part in parts)


def _number(column: str, source: str) -> Callable[[Compare], Where]:
    """Conditions on a numeric column; *source* is the column that the model computes it from."""

    def compiled(compare: Compare) -> Where:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return Where(f"{column} IS NOT NULL")
        if op in (Op.CONTAINS, Op.ICONTAINS):
            return FALSE
        if op is Op.EQ or op in _ORDERS:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
                return FALSE
            if isinstance(value, float) or -(2**63) <= value < 2**63:
                return Where(f"{column} {op.value} ?", (value,))
        return Where(f"({column} IS NOT NULL AND holds(?, {source}))", (as_argument(compare),))

    return compiled


def _time(column: str) -> Callable[[Compare], Where]:
    """Conditions on a column of moments (datetimes) or, for the expiry, of days."""

    def compiled(compare: Compare) -> Where:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return Where(f"{column} IS NOT NULL")
        if op is not Op.EQ and op not in _ORDERS:
            return FALSE
        if column == "expires_on":
            if isinstance(value, date) and not isinstance(value, datetime):
                return Where(f"{column} {op.value} ?", (value.isoformat(),))
        elif isinstance(value, datetime):
            return Where(f"{column} {op.value} ?", (to_micros(value),))
        return FALSE

    return compiled


def _flag(column: str, yes: Memory, no: Memory) -> Callable[[Compare], Where]:
    """Conditions on a yes or no: what holds for *yes* and *no* holds for all of their kind."""

    def compiled(compare: Compare) -> Where:
        held = (matches(compare, yes), matches(compare, no))
        if held[0] == held[1]:
            return TRUE if held[0] else FALSE
        return Where(column if held[0] else f"NOT {column}")

    return compiled


def _category(compare: Compare) -> Where:
    parts = [Where("categories <> '[]'")]
    if compare.op is Op.EQ and isinstance(compare.value, str):
        parts.append(Where("instr(categories, ?)", (json.dumps(compare.value),)))
    parts.append(Where("holds(?, categories)", (as_argument(compare),)))
    return joined("AND", parts)


_NAMES = {
    Field.ID: "id",
    Field.TYPE: "type",
    Field.USER: "user_id",
    Field.AGENT: "agent_id",
    Field.APP: "app_id",
    Field.RUN: "run_id",
}
_FIELDS: dict[Field, Callable[[Compare], Where]] = {
    **{field: _name(column) for field, column in _NAMES.items()},
    Field.CATEGORY: _category,
    Field.CREATED: _time("created_at"),
    Field.UPDATED: _time("updated_at"),
    Field.EXPIRES: _time("expires_on"),
    Field.CONFIDENCE: _number("confidence", "confidence"),
    Field.LENGTH: _number("length", "text"),
    Field.PINNED: _flag("pinned", Memory("", "", metadata={"pinned": True}), Memory("", "")),
    Field.SUPERSEDED: _flag(
        "(replaced_by IS NOT NULL)", Memory("", "", replaced_by="x"), Memory("", "")
    ),
}
