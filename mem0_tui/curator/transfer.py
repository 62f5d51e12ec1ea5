"""Memories out to a file and in from one. An import is a plan like any other, so it can be looked
at before, resumed after a crash, and undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying.equal_memories import find_equal
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.planner import Wanted
from mem0_tui.curator.reading import incomplete, read_many
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Add, Edit, Restore, Update
from mem0_tui.model.filter import Filter
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.model.secret.memory import holds_mask, masked
from mem0_tui.store.formats.jsonl import ExportHeader, footer_line, header_line, memory_line
from mem0_tui.store.formats.markdown import markdown_lines

_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do."""

    plan: Plan
    read: int
    """How many memories the file holds."""
    present: int
    """How many of them are there already, under their id or another, and are left out."""
    conflicts: tuple[Memory, ...]
    """Those whose id is in use for something else; left out unless they were to overwrite."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What is to be done about the memories of a file."""

    wanted: tuple[Wanted, ...]
    present: int
    conflicts: tuple[Memory, ...]


async def sort_out(backend: Backend, memories: Sequence[Memory], *, overwrite: bool) -> Sorted:
    """Tell those of *memories* that are missing in *backend* from those that are there.

    What is missing is put in oldest first, so that a backend that dates memories itself keeps
    their order. Running it again after a part was imported gives the rest.
    """
    there = await read_many(backend, [memory.id for memory in memories if memory.id])
    known: dict[str, Memory] = dict(there)
    conflicts: list[Memory] = []
    missing: list[Memory] = []
    for memory in memories:
        twin = known.get(memory.id) if memory.id else None
        if twin is None:
            missing.append(memory)
            if memory.id:
                known[memory.id] = memory
        elif not (_stored_by(backend, memory, twin) or _stored_by(backend, memory, masked(twin))):
            conflicts.append(memory)
    present = len(memories) - len(missing) - len(conflicts)
    fresh = await without_twins(backend, missing, there)
    wanted = [put_in(backend, memory) for memory in sorted(fresh, key=by_age)]
    if overwrite:
        # A mask in the file is not what the memory said: it never replaces the real text.
        replaceable = {m.id: m for m in conflicts if m.id in there and not _masks(m, there[m.id])}
        edits = {
            memory_id: edit
            for memory_id, memory in replaceable.items()
            if there[memory_id].scope == memory.scope
            and (edit := _overwriting(backend, there[memory_id], memory))
        }
        wanted += [Wanted(Update(each, edit), (there[each],)) for each, edit in edits.items()]
        conflicts = [m for m in conflicts if m.id not in edits or m is not replaceable[m.id]]
    return Sorted(tuple(wanted), present + len(missing) - len(fresh), tuple(conflicts))


async def without_twins(
    backend: Backend, missing: Sequence[Memory], there: Mapping[str, Memory]
) -> list[Memory]:
    """*missing* without those that are there under another id, each of which counts once."""
    twins = await find_equal(backend, missing)
    spare = Counter({h: sum(i not in there for i in ids) for h, ids in twins.items()})
    fresh = []
    for memory in missing:
        if spare[memory.content_hash] > 0:
            spare[memory.content_hash] -= 1
        else:
            fresh.append(memory)
    return fresh


def _stored_by(backend: Backend, memory: Memory, there: Memory) -> bool:
    """Whether *there* says what *memory* of a file says, as far as *backend* can be told it."""
    filed = memory.categories if Capability.EDIT_CATEGORIES in backend.capabilities else ()
    return Edit(categories=filed or None).same(memory, there)


def _masks(memory: Memory, there: Memory) -> bool:
    """Whether *memory* of a file has masks in the place of secrets that *there* may hold."""
    return holds_mask(memory) and not holds_mask(there)


def _overwriting(backend: Backend, there: Memory, memory: Memory) -> Edit:
    """The edit that makes *memory* of *there*. Categories that a file does not have are left."""
    edit = Edit.between(there, memory)
    if memory.categories and Capability.EDIT_CATEGORIES in backend.capabilities:
        return edit
    return replace(edit, categories=None)


def put_in(backend: Backend, memory: Memory) -> Wanted:
    """What adds *memory* of a file, under its id where it has one."""
    if memory.id:
        return Wanted(Restore(memory))
    draft = Draft.again(memory)
    if not draft.categories or Capability.EDIT_CATEGORIES in backend.capabilities:
        return Wanted(Add(draft))
    warning = f"its categories are not kept: {backend.name} takes none"
    return Wanted(Add(replace(draft, categories=())), warnings=(warning,))


def by_age(memory: Memory) -> datetime:
    """Sorts memories oldest first; those without a date come before all others."""
    return memory.created_at or _FIRST


async def export_pages(
    backend: Backend,
    condition: Filter,
    header: ExportHeader,
    write: Callable[[str], object],
    *,
    markdown: bool,
    shown: Callable[[Memory], Memory] = masked,
) -> int:
    """Write all memories that pass *condition*, as *shown*, a page at a time; how many there were.

    Raises:
        IncompleteError: fewer came than the backend says there are, or it does not say how many.
    """
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        page = await backend.list(
            condition, cursor=cursor, limit=backend.capabilities.page_size, include_expired=True
        )
        if cursor is None and not markdown:
            write(header_line(replace(header, count=page.total)))
        for memory in page.items:
            if memory.id not in seen:
                seen.add(memory.id)
                for line in _lines(shown(memory), markdown=markdown):
                    write(line)
        cursor = page.next
        if cursor is None:
            break
    if page.total is None or len(seen) < page.total or page.missing:
        raise incomplete(len(seen), page.total, page.missing)
    if not markdown:
        write(footer_line(len(seen)))
    return len(seen)


def _lines(memory: Memory, *, markdown: bool) -> Iterable[str]:
    return markdown_lines([memory]) if markdown else (memory_line(memory),)
