"""A memory's JSON straight from its row: what :func:`.shapes.memory_json` says of it, without a
memory in between. The metadata is in the store as JSON, and goes out as it is.
"""

from __future__ import annotations

import json
from functools import lru_cache

from mem0_tui.server.responses.serializers import memory_json
from mem0_tui.store.rows import Row, memory_of, text_hash
from mem0_tui.store.sqlite.timestamps import from_day, from_micros
from mem0_tui.wire.memory import structured_attributes

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_scan = json.JSONDecoder().raw_decode
_MINUTE = 60_000_000
_FLAGS = ("false", "true")


def memory_text(row: Row) -> str:
    """The memory of *row* as list and get answer it."""
    try:
        return _text(row)
    except (ValueError, TypeError, OverflowError, RecursionError):
        # A damaged row: what can be shown of it is the store's business.
        return _encode(memory_json(memory_of(row)))


def _text(row: Row) -> str:
    (
        id_, text, user, agent, app, run, metadata, categories, created, updated,
        expires, immutable, replaced_by, synthesized, feedback, _,
    ) = row  # fmt: skip
    if expires is not None:
        from_day(expires)
    created_text, attributes = _moment(created)
    updated_text = created_text if updated in (None, created) else _moment(updated)[0]
    return (
        f'{{"id":{_encode(id_)},"memory":{_encode(text)},"user_id":{_name(user)}'
        f',"agent_id":{_name(agent)},"app_id":{_name(app)},"session_id":{_name(run)}'
        f',"metadata":{_json(metadata, dict)},"categories":{_json(categories, list)}'
        f',"created_at":{created_text},"updated_at":{updated_text}'
        f',"expiration_date":{_name(expires)}'
        f',"structured_attributes":{attributes}'
        f',"immutable":{_FLAGS[immutable == 1]},"replaced_by":{_name(replaced_by)}'
        f',"synthesized":{_FLAGS[synthesized == 1]},"feedback":{_name(feedback)}'
        f',"hash":"{text_hash(text)}"'
        f',"lifecycle_state":"{"superseded" if replaced_by else "active"}"}}'
    )


def _json(stored: str, kind: type) -> str:
    """*stored*, once it is sure to be what it should be: a damaged row must not break the page."""
    if stored == "[]" and kind is list:
        return stored
    value, end = _scan(stored)
    if end != len(stored) or not isinstance(value, kind):
        raise ValueError("not what the store wrote")
    return stored


def _moment(micros: int) -> tuple[str, str]:
    """A moment as JSON, and what its date breaks down to."""
    minute, rest = divmod(micros, _MINUTE)
    begun, attributes = _minute(minute)
    second, fraction = divmod(rest, 1_000_000)
    return f'"{begun}{second:02}{f".{fraction:06}" if fraction else ""}Z"', attributes


@lru_cache(maxsize=4096)
def _minute(number: int) -> tuple[str, str]:
    """How the moments of one minute begin, and the breakdown of their date, which goes no further;
    dates are slow to make, and the pages of a listing are near each other in time."""
    moment = from_micros(number * _MINUTE)
    return moment.isoformat(timespec="minutes")[:16] + ":", _encode(structured_attributes(moment))


@lru_cache(maxsize=1024)
def _name(value: str | None) -> str:
    return _encode(value)
