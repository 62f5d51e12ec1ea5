"""Finds the memory that a person means by its id, the beginning of one, or ``[mem0:abcd1234]``.

An id is whatever the backend says it is: a whole one is found however short or odd it is. Only
where there is no such id is the reference taken for the beginning of one.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from mem0_tui.backends.base import Backend
from mem0_tui.model.errors import BackendError, NotFoundError, UsageError
from mem0_tui.model.filter import Compare, Field, Op
from mem0_tui.model.memory import HistoryEntry, Memory
from mem0_tui.model.text import one_line

_CITATION = re.compile(r"\[\s*(?:mem0:)?\s*(.*?)\s*\]|mem0:\s*(.*?)\s*")
_BEGINNING = re.compile(r"[^\s*?\[\]]+")
"""What a reference is made of that may be the beginning of an id."""
_LEAST = 4
"""Characters from which on a reference may be the beginning of an id."""
_SHOWN = 5

_Item = TypeVar("_Item")


def whole_ids(reference: str) -> Iterator[str]:
    """The ids that *reference* may be, as it stands first: without the white space around it,
    without the dress of a citation, as a UUID in lower case."""
    seen: set[str] = set()
    bare = _bare(reference)
    for candidate in (reference, reference.strip(), bare, bare.lower() if _is_uuid(bare) else bare):
        if candidate.strip() and candidate not in seen:
            seen.add(candidate)
            yield candidate


def beginning(reference: str) -> str:
    """What an id that *reference* abbreviates begins with.

    Raises:
        UsageError: it is blank or too short to tell, or holds white space or a wildcard.
    """
    start = _bare(reference)
    if not start or not _BEGINNING.fullmatch(start):
        raise UsageError(
            f"{one_line(reference)!r} is not a memory id",
            hint="give an id, or its first characters",
        )
    if len(start) < _LEAST:
        raise UsageError(
            f"no memory has the id {one_line(start)}, and it is too short to be the beginning of"
            " one",
            hint=f"give the whole id, or at least its first {_LEAST} characters",
        )
    return start


async def resolve(backend: Backend, reference: str) -> Memory:
    """The memory that *reference* names, also an expired one.

    Raises:
        NotFoundError: there is none.
        UsageError: the reference is no id, or begins several; the message names them.
    """
    ids = tuple(whole_ids(reference))
    for wanted in ids:
        with contextlib.suppress(NotFoundError):
            return await backend.get(wanted)
    if ids and _is_uuid(ids[-1]):
        raise NotFoundError(f"no memory {one_line(ids[-1])}")
    try:
        start = beginning(reference)
    except UsageError:
        await _check_not_gone(backend, ids)
        raise
    found: dict[str, Memory] = {}
    cursor: str | None = None
    condition = Compare(Field.ID, Op.GLOB, f"{start}*")
    while len(found) <= _SHOWN:
        page = await backend.list(
            condition, cursor=cursor, limit=backend.capabilities.page_size, include_expired=True
        )
        found.update((memory.id, memory) for memory in page.items)
        cursor = page.next
        if cursor is None:
            break
    memory = only(start, found.values(), lambda memory: memory)
    if may_mean_another(reference, memory.id):
        await _check_not_gone(backend, ids)
    return memory


def may_mean_another(reference: str, memory_id: str) -> bool:
    """Whether *reference*, by which *memory_id* was found, may be the whole id of a memory that is
    gone: as ``note-1`` may, beside ``note-10``. No UUID begins so."""
    return memory_id not in whole_ids(reference) and not _is_uuid(memory_id)


def no_longer_there(reference: str) -> NotFoundError:
    """What to say to somebody who names a memory that was there once."""
    return NotFoundError(
        f"{one_line(reference)} is not there any more",
        hint="mem0-tui trash says whether it can be put back",
    )


async def _check_not_gone(backend: Backend, ids: Iterable[str]) -> None:
    """Do nothing unless one of *ids* is the whole id of a memory that was there once.

    Raises:
        NotFoundError: one is.
    """
    for wanted in ids:
        changes: tuple[HistoryEntry, ...] = ()
        with contextlib.suppress(BackendError):  # such as that it cannot be an id there
            changes = await backend.history(wanted)
        if changes:
            raise no_longer_there(wanted)


def pick(reference: str, items: Iterable[_Item], memory: Callable[[_Item], Memory]) -> _Item:
    """The one of *items* whose memory *reference* names, as :func:`resolve` would find it.

    Raises:
        NotFoundError: there is none.
        UsageError: the reference is no id, or begins several; the message names them.
    """
    by_id = {memory(item).id: item for item in items}
    for wanted in whole_ids(reference):
        if wanted in by_id:
            return by_id[wanted]
    start = beginning(reference)
    folded = start.casefold()
    return only(start, [by_id[id_] for id_ in by_id if id_.casefold().startswith(folded)], memory)


def only(start: str, found: Iterable[_Item], memory: Callable[[_Item], Memory]) -> _Item:
    """The only one of *found*, whose ids all begin with *start*.

    Raises:
        NotFoundError: there is none.
        UsageError: there are several; the message names them.
    """
    items = list(found)
    if not items:
        raise NotFoundError(f"no memory whose id begins with {one_line(start)}")
    if len(items) == 1:
        return items[0]
    named = [memory(item) for item in items[:_SHOWN]]
    lines = (f"{one_line(m.id)} ({one_line(m.text[:80])[:40]})" for m in named)
    more = ", …" if len(items) > _SHOWN else ""
    raise UsageError(f"{one_line(start)} begins several ids: {', '.join(lines)}{more}")


def _bare(reference: str) -> str:
    """*reference* without white space around it and without the dress of a citation."""
    text = reference.strip()
    found = _CITATION.fullmatch(text)
    return (found.group(1) or found.group(2) or "") if found else text


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
