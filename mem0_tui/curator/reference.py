"""Finds the memory that a person means by a full id, a beginning of one, or ``[mem0:abcd1234]``."""

from __future__ import annotations

import re
from uuid import UUID

from mem0_tui.backends.base import Backend
from mem0_tui.model.errors import NotFoundError, UsageError
from mem0_tui.model.filter import Compare, Field, Op
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import one_line

_CITATION = re.compile(r"\[?\s*(?:mem0:)?\s*([0-9A-Za-z_.\-]+)\s*\]?")
_LEAST = 4
_SHOWN = 5


def short_id(reference: str) -> str:
    """*reference* without the dress of a citation.

    Raises:
        UsageError: it holds what no id holds, or is too short.
    """
    found = _CITATION.fullmatch(reference.strip())
    if not found:
        raise UsageError(
            f"{one_line(reference)!r} is no memory id", hint="give an id, or its first characters"
        )
    if len(found.group(1)) < _LEAST:
        raise UsageError(
            f"{found.group(1)} is too short", hint=f"give at least {_LEAST} characters"
        )
    return found.group(1)


async def resolve(backend: Backend, reference: str) -> Memory:
    """The memory that *reference* names, also an expired one.

    Raises:
        NotFoundError: there is none.
        UsageError: the reference is no id, or begins several; the message names them.
    """
    wanted = short_id(reference)
    if _is_uuid(wanted):
        return await backend.get(wanted.lower())
    found: dict[str, Memory] = {}
    cursor: str | None = None
    condition = Compare(Field.ID, Op.GLOB, f"{wanted}*")
    while len(found) <= _SHOWN:
        page = await backend.list(
            condition, cursor=cursor, limit=backend.capabilities.page_size, include_expired=True
        )
        found.update((memory.id, memory) for memory in page.items)
        cursor = page.next
        if cursor is None:
            break
    for memory in found.values():
        if memory.id == wanted or len(found) == 1:
            return memory
    if not found:
        raise NotFoundError(f"no memory whose id begins with {wanted}")
    lines = (f"{m.id} ({one_line(m.text[:80])[:40]})" for m in list(found.values())[:_SHOWN])
    more = ", …" if len(found) > _SHOWN else ""
    raise UsageError(f"{wanted} begins several ids: {', '.join(lines)}{more}")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
