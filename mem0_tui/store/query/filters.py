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

from mem0_tui.model.entity import Scope
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
from mem0_tui.model.folder import DIRS, FILES
from mem0_tui.model.memory import Memory
from mem0_tui.model.words import fold, is_unspaced, longest_piece
from mem0_tui.store.query.conditions import FALSE, TRUE, SqlCondition, as_argument, joined
from mem0_tui.store.query.metadata import metadata_where
from mem0_tui.store.sqlite.timestamps import to_micros

__all__ = ["FALSE", "TRUE", "SqlCondition", "where"]

_ORDERS = (Op.LT, Op.LE, Op.GT, Op.GE)
_MANY = 100
"""From so many alternatives on, they go to SQLite as one JSON array."""
_TRIGRAMS = 24
"""The most trigrams of a needle that the index is asked for; the text itself decides."""
_UNINDEXED = "\ufffd\ufffe\uffff"
"""Characters that FTS5 does not tell apart, or that end its token stream."""


def where(condition: Filter, *, indexed: bool = True) -> SqlCondition:
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
            return SqlCondition(f"NOT ifnull({inner.sql}, 0)", inner.parameters)
        case Compare(MetadataKey(name), _, _):
            return metadata_where(condition, name)
        case Compare(Field.TEXT, _, _):
            return _text(condition, indexed)
        case Compare(key, _, _):
            assert isinstance(key, Field)
            return _FIELDS[key](condition)


def _any(parts: Sequence[Filter], indexed: bool) -> SqlCondition:
    """Alternatives; those that name exact values of one column become one IN."""

    def column(part: Filter) -> str:
        match part:
            case Compare(Field() as key, Op.EQ, str(value)) if key in _NAMES and _storable(value):
                return _NAMES[key]
        return ""

    found: list[SqlCondition] = []
    for name, group in groupby(parts, column):
        same = list(group)
        if not name or len(same) == 1:
            found.extend(where(part, indexed=indexed) for part in same)
        else:
            found.append(_in(name, [str(part.value) for part in same if isinstance(part, Compare)]))
    return joined("OR", found)


def _in(column: str, values: list[str]) -> SqlCondition:
    if len(values) < _MANY or any("\0" in value for value in values):
        return joined(
            "OR",
            [
                SqlCondition(f"{column} IN ({', '.join('?' * len(some))})", tuple(some))
                for some in (values[i : i + _MANY] for i in range(0, len(values), _MANY))
            ],
        )
    return SqlCondition(f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(values),))


def _storable(text: str) -> bool:
    """Whether *text* can be in the store, where no lone surrogate gets."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _name(column: str) -> Callable[[Compare], SqlCondition]:
    """Conditions on a text column."""

    def compiled(compare: Compare) -> SqlCondition:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return SqlCondition(f"{column} <> ''")
        if op in _ORDERS or op is Op.EQ:
            return _ordered_text(column, op, value) if isinstance(value, str) else FALSE
        written = str(value)
        if not _storable(written):
            return FALSE
        match op:
            case Op.CONTAINS:
                return SqlCondition(f"instr({column}, ?)", (written,))
            case Op.ICONTAINS:
                needle = fold(written)
                if not needle and written:  # nothing but accents or what cannot be seen
                    return SqlCondition(f"instr({column}, ?)", (written,))
                return SqlCondition(f"instr(fold({column}), ?)", (needle,))
            case Op.FINDS:
                return SqlCondition(f"finds(?, {column})", (written,))
            case Op.IS:
                return SqlCondition(f"fold({column}) = ?", (fold(written),))
            case Op.PATTERN:
                return SqlCondition(f"globs(?, {column})", (written,))
            case _:
                return SqlCondition(f"globs(?, fold({column}))", (fold(written),))

    return compiled


def _ordered_text(column: str, op: Op, value: str) -> SqlCondition:
    """By code points, as Python and SQLite both order; no stored text equals a surrogate."""
    if not _storable(value):
        if op is Op.EQ:
            return FALSE
        at = next(i for i, character in enumerate(value) if "\ud800" <= character <= "\udfff")
        value = value[:at] + "\ue000"
        op = Op.LT if op in (Op.LT, Op.LE) else Op.GE
    return SqlCondition(f"{column} {op.value} ?", (value,))


def _text(compare: Compare, indexed: bool) -> SqlCondition:
    """Conditions on the text itself, which is kept folded and has indexes."""
    written = str(compare.value)
    needle = fold(written)
    if not needle or not _storable(needle):
        return _name("text")(compare)
    match compare.op:
        case Op.IS:
            return SqlCondition("folded = ?", (needle,))
        case Op.ICONTAINS:
            exact = SqlCondition("instr(folded, ?)", (needle,))
            candidates = holding(needle) if indexed else None
            if candidates is None:
                return exact
            return candidates if len(needle) == 3 else candidates & exact
        case Op.FINDS:
            found = SqlCondition("finds(?, folded)", (written,))
            candidates = holding(longest_piece(written)) if indexed else None
            return found if candidates is None else candidates & found
        case _:
            return _name("text")(compare)


def holding(needle: str) -> SqlCondition | None:
    """The memories that an index names for a folded *needle*: all that hold it, and others where
    it is longer than three characters. None where no index knows such a needle."""
    if not needle or any(character in needle for character in _UNINDEXED):
        return None
    if len(needle) >= 3:
        return SqlCondition(
            "seq IN (SELECT rowid FROM memories_trigrams WHERE memories_trigrams MATCH ?)",
            (trigram_query([needle]),),
        )
    if not is_unspaced(needle):
        return None
    return SqlCondition(
        "seq IN (SELECT rowid FROM memories_words WHERE memories_words MATCH ?)",
        (word_query(needle),),
    )


def trigram_query(needles: Sequence[str]) -> str:
    """The FTS5 query for texts that hold all trigrams of all folded *needles*, or the first of
    them; empty where there are none."""
    parts: dict[str, None] = {}
    for needle in needles:
        starts = [*range(0, len(needle) - 3, 3), len(needle) - 3][:_TRIGRAMS]
        parts.update(dict.fromkeys(needle[start : start + 3] for start in starts if start >= 0))
    return " ".join(_quoted(part) for part in parts)


def word_query(word: str) -> str:
    """The FTS5 query for a word as :func:`~mem0_tui.model.words.words_of` gives it."""
    begins = len(word) == 1 and is_unspaced(word)
    return _quoted(word) + ("*" if begins else "")


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _number(column: str, source: str) -> Callable[[Compare], SqlCondition]:
    """Conditions on a numeric column; *source* is the column that the model computes it from."""

    def compiled(compare: Compare) -> SqlCondition:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return SqlCondition(f"{column} IS NOT NULL")
        if op in (Op.CONTAINS, Op.ICONTAINS):
            return FALSE
        if op is Op.EQ or op in _ORDERS:
            if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
                return FALSE
            if isinstance(value, float) or -(2**63) <= value < 2**63:
                return SqlCondition(f"{column} {op.value} ?", (value,))
        return SqlCondition(
            f"({column} IS NOT NULL AND holds(?, {source}))", (as_argument(compare),)
        )

    return compiled


def _time(column: str) -> Callable[[Compare], SqlCondition]:
    """Conditions on a column of moments (datetimes) or, for the expiry, of days."""

    def compiled(compare: Compare) -> SqlCondition:
        op, value = compare.op, compare.value
        if op is Op.PRESENT:
            return SqlCondition(f"{column} IS NOT NULL")
        if op is not Op.EQ and op not in _ORDERS:
            return FALSE
        if column == "expires_on":
            if isinstance(value, date) and not isinstance(value, datetime):
                return SqlCondition(f"{column} {op.value} ?", (value.isoformat(),))
        elif isinstance(value, datetime):
            return SqlCondition(f"{column} {op.value} ?", (to_micros(value),))
        return FALSE

    return compiled


def _flag(column: str, yes: Memory, no: Memory) -> Callable[[Compare], SqlCondition]:
    """Conditions on a yes or no: what holds for *yes* and *no* holds for all of their kind."""

    def compiled(compare: Compare) -> SqlCondition:
        held = (matches(compare, yes), matches(compare, no))
        if held[0] == held[1]:
            return TRUE if held[0] else FALSE
        return SqlCondition(column if held[0] else f"NOT {column}")

    return compiled


def _category(compare: Compare) -> SqlCondition:
    parts = [SqlCondition("categories <> '[]'")]
    if compare.op is Op.EQ and isinstance(compare.value, str):
        parts.append(SqlCondition("instr(categories, ?)", (json.dumps(compare.value),)))
    parts.append(SqlCondition("holds(?, categories)", (as_argument(compare),)))
    return joined("AND", parts)


def _type(compare: Compare) -> SqlCondition:
    """Where there is a type, it is the kind, and kinds have an index."""
    found = _name("type")(compare)
    if compare.op is Op.EQ and found != FALSE:
        found = _name("kind")(compare) & found
    return found


def _folder(compare: Compare) -> SqlCondition:
    named = " OR ".join(["instr(metadata, ?)"] * (1 + len(FILES)))
    keys = tuple(json.dumps(key) + ":" for key in (DIRS, *FILES))
    return SqlCondition(f"({named})", keys) & SqlCondition(
        "holds(?, metadata)", (as_argument(compare),)
    )


_NAMES = {
    Field.ID: "id",
    Field.TYPE: "type",
    Field.KIND: "kind",
    Field.USER: "user_id",
    Field.AGENT: "agent_id",
    Field.APP: "app_id",
    Field.RUN: "run_id",
}
_FIELDS: dict[Field, Callable[[Compare], SqlCondition]] = {
    **{field: _name(column) for field, column in _NAMES.items()},
    Field.TYPE: _type,
    Field.CATEGORY: _category,
    Field.FOLDER: _folder,
    Field.CREATED: _time("created_at"),
    Field.UPDATED: _time("updated_at"),
    Field.EXPIRES: _time("expires_on"),
    Field.CONFIDENCE: _number("confidence", "confidence"),
    Field.LENGTH: _number("length", "text"),
    Field.PINNED: _flag("pinned", Memory("", "", metadata={"pinned": True}), Memory("", "")),
    Field.SUPERSEDED: _flag(
        "(replaced_by IS NOT NULL)", Memory("", "", replaced_by="x"), Memory("", "")
    ),
    Field.SHARED: _flag(
        "(agent_id IS NOT NULL AND app_id IS NOT NULL AND shared(agent_id, app_id))",
        Memory("", "", Scope(agent_id="x", app_id="x")),
        Memory("", ""),
    ),
}
