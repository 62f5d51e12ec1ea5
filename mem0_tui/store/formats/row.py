"""One JSON object as a memory, whatever its program calls the fields.

Every field that cannot be taken over as it stands is remarked on; nothing is made up for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from mem0_tui.model.entity import EntityKind, Scope
from mem0_tui.model.json_text import parse
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import encodable
from mem0_tui.store.formats.dates import read_day, read_moment
from mem0_tui.store.formats.reading import Owned, Reading, Remark

Row = Mapping[str, Any]

TEXTS: Final = ("memory", "text", "content", "data", "document")
IDS: Final = ("id", "memory_id")
SCOPES: Final = {
    EntityKind.USER: ("user_id",),
    EntityKind.AGENT: ("agent_id",),
    EntityKind.APP: ("app_id",),
    EntityKind.RUN: ("run_id", "session_id"),
}
CREATED: Final = ("created_at", "created_at_iso", "created", "timestamp")
UPDATED: Final = ("updated_at", "updated_at_iso", "updated")
EXPIRES: Final = ("expiration_date", "expires_on", "expires_at")
METADATA: Final = ("metadata", "metadata_")
LABELS: Final = ("categories", "tags")
TYPES: Final = ("type", "memory_type")
STATES: Final = ("state", "lifecycle_state", "status")
_WITHHELD: Final = ("paused", "archived")
"""States of OpenMemory's in which a memory is kept, but not given to anybody."""
_GONE_STATES: Final = ("deleted", "delete", "removed", "trashed", "in_trash", "trash", "purged")
_PLAIN_STATES: Final = ("active", "created", "updated", "ok", "success", "succeeded", "completed")
"""What a memory's state is said to be where there is nothing to say of it."""
_GONE: Final = ("deleted", "is_deleted")
_PUT_AWAY: Final = ("archived", "is_archived")
"""Truth values of the same, as other programs write them."""
_NEVER: Final = ("none", "null", "never", "0")
"""What stands for no expiry."""
_FLAGS: Final = ("pinned", "immutable", "synthesized", "replaced_by", "feedback", "scope")
_DERIVED: Final = (
    *("score", "score_breakdown", "structured_attributes", "hash", "content_hash", "raw"),
    *("embedding", "vector", "event", "deleted_at", "archived_at"),
    *("deleted_by", "transaction", "input", "is_updated", "parts", "grade", "event_id"),
)
"""What is not of the memory itself, or is made anew from it."""
_TAKEN: Final = frozenset(
    (*TEXTS, *IDS, *CREATED, *UPDATED, *EXPIRES, *METADATA, *LABELS, *TYPES, *STATES)
    + (
        *_FLAGS,
        *_GONE,
        *_PUT_AWAY,
        *_DERIVED,
        *(name for names in SCOPES.values() for name in names),
    )
)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")


def read_row(value: object, number: int, reading: Reading, around: Row | None = None) -> None:
    """Add the memory that *value* holds to *reading*, or the remark why it is left out.

    Args:
        value: the row as JSON.
        number: its place in the file.
        reading: what was read of the file so far.
        around: the object that the rows stand in; its ids are those of rows that name none.
    """
    reading.rows += 1

    def leave_out(what: str, detail: str = "", *, expected: bool = False) -> None:
        reading.remarks.append(Remark(number, f"left out: {what}", detail, True, expected))

    if not isinstance(value, Mapping):
        leave_out("null is not a memory" if value is None else "it is not an object", _shown(value))
        return
    row = snake(innermost(value))
    deleted = _deleted(row) or _deleted(snake(value))
    if deleted:
        leave_out("it is deleted there", _text(row) or "", expected=True)
        return
    text = _text(row)
    if text is None:
        leave_out("it has no text", _shown(first(row, IDS)))
        return
    remark = _remarker(reading, number)
    if (whole := encodable(text)) != text:
        # JavaScript cuts emoji in two where it shortens a text.
        remark("half a character in its text becomes \N{REPLACEMENT CHARACTER}", whole)
    memory = _memory(row, whole, snake(around or {}), remark)
    reading.found.append(Owned(memory, number))


def _remarker(reading: Reading, number: int) -> Callable[[str, Any], None]:
    def remark(what: str, detail: Any = "") -> None:
        reading.remarks.append(Remark(number, what, _shown(detail)))

    return remark


def innermost(row: Row) -> Row:
    """The object that holds the text: that of a search hit, of an add's result, of a payload."""
    for name in ("memory", "data", "payload"):
        inner = row.get(name)
        if isinstance(inner, Mapping) and _text(snake(inner)) is not None:
            return {**{n: v for n, v in row.items() if n != name}, **inner}
    return row


def snake(row: Row) -> dict[str, Any]:
    """*row* with its keys as Mem0's REST interface writes them; the JavaScript SDK (npm mem0ai
    3.3.1) writes ``createdAt``."""
    renamed = {_HUMP.sub(lambda found: f"_{found.group(1)}", key).lower(): key for key in row}
    return {name: row[name if name in row else key] for name, key in renamed.items()}


def first(row: Row, names: Iterable[str]) -> Any:
    """The first of these values that is neither missing, null nor blank."""
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


def has_text(value: object) -> bool:
    """Whether *value* is an object with a text that could be a memory's."""
    return isinstance(value, Mapping) and _text(snake(innermost(value))) is not None


def _text(row: Row) -> str | None:
    found = (row[name] for name in TEXTS if isinstance(row.get(name), str))
    return next((text for text in found if text.strip()), None)


def _deleted(row: Row) -> bool:
    words = (row.get(name) for name in (*STATES, "event"))
    return (
        any(isinstance(word, str) and word.casefold() in _GONE_STATES for word in words)
        or any(_true(row.get(name)) for name in _GONE)
        or _set(row.get("deleted_at"))
    )


def _true(value: object) -> bool:
    """Whether *value* is a yes: true, or what databases without truth values write for it."""
    return str(value).strip().casefold() in ("true", "1", "1.0", "yes", "t") and value is not None


def _set(moment: object) -> bool:
    """Whether *moment* is more than what stands for no date: null, 0, false, or Go's year 1."""
    word = str(moment).strip().casefold()
    return word not in ("", "none", "null", "0", "0.0", "false") and not word.startswith("0001-")


def _memory(row: Row, text: str, around: Row, remark: Callable[[str, Any], None]) -> Memory:
    created = _dated(row, CREATED, read_moment, remark, "dated as of the import")
    if created is None and first(row, CREATED) is None:
        remark("no date of creation: dated as of the import", "")
    updated = _dated(row, UPDATED, read_moment, remark, "not taken over")
    expires = None
    if str(first(row, EXPIRES)).casefold() not in _NEVER:
        expires = _dated(row, EXPIRES, read_day, remark, "it will not expire")
    metadata = _metadata(row, remark)
    state = _state(row)
    if state.casefold() in _WITHHELD:
        since = _dated(row, ("archived_at", *UPDATED, *CREATED), read_moment, _silent, "")
        expires = (since.date() if since else date(1970, 1, 2)) - timedelta(days=1)
        metadata.setdefault("state", state)
        remark(f"it is {state.casefold()} there: it comes as expired", text)
    elif state and state.casefold() not in _PLAIN_STATES:
        remark("its state is not taken over", state)
    for name in row:
        if name not in _TAKEN:
            remark(f"{name} is not taken over", row[name])
    return Memory(
        id=_id(row, remark),
        text=text,
        scope=_scope(row, around, remark),
        metadata=metadata,
        categories=_labels(row, remark),
        created_at=created,
        updated_at=updated,
        expires_on=expires,
        immutable=_true(row.get("immutable")),
        replaced_by=_name(row.get("replaced_by")),
        synthesized=_true(row.get("synthesized")),
        feedback=_name(row.get("feedback")),
    )


def _state(row: Row) -> str:
    """The state that *row* names; "archived" where it only says so or since when; else ""."""
    state = first(row, STATES)
    if isinstance(state, str):
        return state
    put_away = any(_true(row.get(name)) for name in _PUT_AWAY) or _set(row.get("archived_at"))
    return "archived" if put_away else ""


def _dated(
    row: Row,
    names: Iterable[str],
    read: Callable[[Any], Any],
    remark: Callable[[str, Any], None],
    otherwise: str,
) -> Any:
    """The first of these dates that can be read; None, and a remark, where none can."""
    names = [name for name in names if row.get(name) not in (None, "")]
    for name in names:
        if (moment := read(row[name])) is not None:
            return moment
    if names:
        remark(f"{names[0]} is not a readable date: {otherwise}", row[names[0]])
    return None


def _metadata(row: Row, remark: Callable[[str, Any], None]) -> dict[str, Any]:
    value = first(row, METADATA)
    for _ in range(2):  # JSON in a JSON string, as a database column keeps it; or twice so
        if isinstance(value, str):
            try:
                value = parse(value)
            except ValueError:
                break
    metadata = dict(value) if isinstance(value, Mapping) else {}
    if value is not None and not isinstance(value, Mapping):
        metadata = {"metadata": value}
        remark("its metadata is not an object: kept as metadata.metadata", value)
    kind = first(row, TYPES)
    if isinstance(kind, str) and "type" not in metadata:
        metadata["type"] = kind
    if _true(row.get("pinned")) and not Memory("", _text(row) or "", metadata=metadata).pinned:
        metadata["pinned"] = True
    return metadata


def _labels(row: Row, remark: Callable[[str, Any], None]) -> tuple[str, ...]:
    found: list[str] = []
    for name in LABELS:
        value = row.get(name)
        if isinstance(value, str):
            value = _listed(value)
        for label in value if isinstance(value, list) else [] if value is None else [value]:
            text = label.get("name") if isinstance(label, Mapping) else label
            if not isinstance(text, str):
                remark(f"{name} is not a name: left out", label)
            elif text.strip():
                found.append(text)
    return tuple(dict.fromkeys(found))


def _listed(text: str) -> list[Any]:
    """The labels in *text*: JSON, as a database column keeps it, or words between commas."""
    try:
        value = parse(text)
    except ValueError:
        value = text
    if isinstance(value, list):
        return value
    return [] if value is None else [part.strip() for part in text.split(",")]


def _scope(row: Row, around: Row, remark: Callable[[str, Any], None]) -> Scope:
    ids: dict[str, str | None] = {}
    for kind, names in SCOPES.items():
        given = first({**_inner_scope(row), **{n: v for n, v in row.items() if v}}, names)
        if given is None:
            given = first({**around, **_inner_scope(around)}, names)
            given = None if given == "*" else given
        ids[kind.id_field] = (_name(given) or "").strip() or None  # as Mem0 itself does
        if given is not None and _name(given) is None:
            remark(f"its {names[0]} is not an id: not taken over", given)
    return Scope(**ids)


def _inner_scope(row: Row) -> Row:
    scope = row.get("scope")
    return snake(scope) if isinstance(scope, Mapping) else {}


def _id(row: Row, remark: Callable[[str, Any], None]) -> str:
    given = first(row, IDS)
    if given is not None and _name(given) is None:
        remark("its id is not text: it gets a new id", given)
    return (_name(given) or "").strip()


def _name(value: object) -> str | None:
    """A name or number as text; None for anything else, for blanks and for nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def _silent(_what: str, _detail: Any) -> None:
    """A remark that nobody needs."""


def _shown(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return "" if value is None else str(value)
