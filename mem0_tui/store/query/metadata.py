"""Compiles conditions on metadata to SQL over the JSON text.

Rows that cannot match are sorted out by a look at the text, plain strings are compared by SQLite,
and whatever is neither (lists, escapes, numbers) is left to the model itself.
"""

from __future__ import annotations

import json
import re

from mem0_tui.model.filter import Compare, Op
from mem0_tui.store.query.conditions import SqlCondition, as_argument

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_ -]+")
"""Keys that a JSON path can hold in quotes as they are."""
_ESCAPED = "instr(metadata, '\\u')"
"""Whether anything in the row is written as an escape: a character outside ASCII, or a control."""


def metadata_where(compare: Compare, name: str) -> SqlCondition:
    """The condition *compare* on the metadata key *name*."""
    key = json.dumps(name) + ":"
    has_key = SqlCondition("instr(metadata, ?)", (key,))
    judged = SqlCondition("holds(?, metadata)", (as_argument(compare),))
    if not _PLAIN_KEY.fullmatch(name):
        return has_key & judged
    path = f'$."{name}"'
    if compare.op is Op.PRESENT:
        return has_key & SqlCondition(
            "CASE json_type(metadata, ?) WHEN 'integer' THEN 1 WHEN 'real' THEN 1"
            f" WHEN 'true' THEN 1 WHEN 'false' THEN 1 ELSE {judged.sql} END",
            (path, *judged.parameters),
        )
    written = str(compare.value)
    if compare.op is Op.EQ and isinstance(compare.value, str) and written.isascii():
        possible = SqlCondition("instr(metadata, ?)", (json.dumps(written),))
        return possible & _text_is("json_extract(metadata, ?)", path, written, judged)
    if compare.op is Op.IS and written.isascii() and not _reads_otherwise(written):
        folded = written.lower()
        possible = SqlCondition(f"(instr(lower(metadata), ?) OR {_ESCAPED})", (json.dumps(folded),))
        return possible & _text_is("lower(json_extract(metadata, ?))", path, folded, judged)
    return has_key & judged


def _text_is(value: str, path: str, text: str, judged: SqlCondition) -> SqlCondition:
    """That the string at *path*, or one in the list there, is *text*."""
    return SqlCondition(
        "CASE json_type(metadata, ?) WHEN 'text'"
        f" THEN CASE WHEN {_ESCAPED} THEN {judged.sql} ELSE {value} = ? END"
        f" WHEN 'array' THEN {judged.sql} ELSE 0 END",
        (path, *judged.parameters, path, text, *judged.parameters),
    )


def _reads_otherwise(text: str) -> bool:
    """Whether *text* may be what a number or a truth value looks like as text."""
    try:
        float(text)
    except ValueError:
        return text.lower() in ("true", "false")
    return True
