"""From a backup into a store: plans like any other, shown, journalled and undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mem0_tui.backends.base import Backend
from mem0_tui.curator.backup.comparing import SideState
from mem0_tui.curator.backup.saving import LeftOpen
from mem0_tui.curator.backup.sides import Sides
from mem0_tui.curator.planning.maker import Planning
from mem0_tui.curator.planning.plan import Plan
from mem0_tui.curator.planning.planner import Wanted
from mem0_tui.curator.reading import read_all, read_many
from mem0_tui.curator.transfer import by_age, put_in, without_twins
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import Delete, Edit, Update
from mem0_tui.model.counting import plural
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret.memory import holds_mask, masked
from mem0_tui.store.formats.backup import Filed, path_of


@dataclass(slots=True)
class RestoreSteps:
    """What is to be done so that a store holds what a backup does."""

    wanted: list[Wanted] = field(default_factory=list)
    same: int = 0
    """How many memories are as in the backup already."""
    withheld: list[str] = field(default_factory=list)
    """Ids of memories that the backup holds with a mask where the store has another text."""
    pinned: list[str] = field(default_factory=list)
    """Ids of pinned memories that the backup does not have, and that stay."""
    masked: int = 0
    """How many memories come with masks in the place of secrets."""


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What a restore or a merge would do."""

    plan: Plan
    same: int
    withheld: tuple[str, ...]
    pinned: tuple[str, ...]
    conflicts: tuple[LeftOpen, ...] = ()
    """Changed on both sides, and left alone."""
    open_paths: frozenset[str] = frozenset()
    """The files of all memories that stay otherwise than the backup has them."""


async def plan_restore(curator: Planning, filed: Sequence[Filed], *, exact: bool) -> RestorePreview:
    """The plan that makes the memories of *filed* what they were: those that are missing are put
    back, those that differ are edited; with *exact*, those that the backup lacks are deleted.

    Raises:
        IncompleteError: with *exact*, not all memories of the store can be read.
        UnsupportedError: the backend cannot make one of the changes.
    """
    backend = curator.backend
    await curator.info()
    if exact:
        there = {memory.id: memory for memory in await read_all(backend)}
    else:
        there = dict(await read_many(backend, [each.memory.id for each in filed]))
    found = RestoreSteps()
    await _put_back(backend, [(each, there.get(each.memory.id)) for each in filed], found)
    if exact:
        held = {each.memory.id for each in filed}
        _remove([memory for memory in there.values() if memory.id not in held], found)
    stays = "memories that the backup does not have stay as they are"
    return await _preview(curator, found, there, [] if exact else [stays])


async def plan_merge(
    curator: Planning,
    sides: Sides,
    waiting: Sequence[LeftOpen],
    *,
    theirs: bool = False,
) -> RestorePreview:
    """The plan that takes over what was changed in the repository only; with *theirs*, also what
    was changed on both sides.

    Args:
        curator: what makes the plan.
        sides: the store and the repository, compared.
        waiting: what of it the repository holds otherwise.
        theirs: whether the repository's side counts where both were changed.
    """
    backend = curator.backend
    conflicts = [] if theirs else [each for each in waiting if each.conflict]
    taken = [each for each in waiting if theirs or not each.conflict]
    ids = [each.ours.memory.id for each in taken if each.ours]
    ids += [each.theirs.memory.id for each in taken if each.theirs]
    there = dict(await read_many(backend, ids))
    found = RestoreSteps()
    pairs = [(w.theirs, there.get(w.theirs.memory.id)) for w in taken if w.theirs]
    await _put_back(backend, pairs, found)
    gone = [there[w.ours.memory.id] for w in taken if w.ours and not w.theirs]
    _remove(gone, found)
    own = len(sides.comparison.paths(SideState.OURS))
    notes = [f"{plural(own, 'memory')} changed here only: for the next backup"] if own else []
    if conflicts:
        notes.append(f"{plural(len(conflicts), 'memory')} changed on both sides: left alone")
    preview = await _preview(curator, found, there, notes)
    kept = {*preview.withheld, *preview.pinned}
    open_paths = {path_of(sides.part.folder, memory_id) for memory_id in kept}
    open_paths |= {each.path for each in conflicts}
    return replace(preview, conflicts=tuple(conflicts), open_paths=frozenset(open_paths))


async def _put_back(
    backend: Backend, pairs: Sequence[tuple[Filed, Memory | None]], found: RestoreSteps
) -> None:
    """Have what is filed put in where it is missing, and edited where it differs."""
    missing: list[Filed] = []
    for each, twin in pairs:
        if twin is None:
            missing.append(each)
            continue
        edit = _edit(backend, twin, each)
        if edit is None:
            found.withheld.append(twin.id)
        elif edit:
            found.wanted.append(Wanted(Update(twin.id, edit), (twin,)))
            found.masked += each.masked and (edit.text is not None or edit.metadata is not None)
        else:
            found.same += 1
    fresh = [each.memory for each in missing]
    if Capability.KEEP_ID not in backend.capabilities:  # what was put back has another id by now
        there = {twin.id: twin for _, twin in pairs if twin}
        fresh = await without_twins(backend, fresh, there)
        found.same += len(missing) - len(fresh)
    kept = set(map(id, fresh))
    found.masked += sum(each.masked for each in missing if id(each.memory) in kept)
    found.wanted += [put_in(backend, memory) for memory in sorted(fresh, key=by_age)]


def _edit(backend: Backend, twin: Memory, filed: Filed) -> Edit | None:
    """The edit that makes *twin* what is filed, as far as *backend* can; None where it would put a
    mask in the place of a text."""
    edit = Edit.between(twin, filed.memory)
    if filed.masked and edit:
        unmasked = Edit.between(masked(twin), filed.memory)
        if unmasked.text is None and unmasked.metadata is None:
            edit = unmasked
        elif not holds_mask(twin):
            return None
    filed_under = Capability.EDIT_CATEGORIES in backend.capabilities
    return edit if filed_under else replace(edit, categories=None)


def _remove(memories: Sequence[Memory], found: RestoreSteps) -> None:
    for memory in memories:
        if memory.pinned:
            found.pinned.append(memory.id)
        else:
            found.wanted.append(Wanted(Delete(memory.id), (memory,)))


async def _preview(
    curator: Planning, found: RestoreSteps, there: Mapping[str, Memory], notes: Sequence[str]
) -> RestorePreview:
    said = list(notes)
    if found.masked:
        held = plural(found.masked, "memory")
        said.append(f"{held} of the backup: masks stand in the place of secrets")
    if found.withheld:
        held = plural(len(found.withheld), "memory")
        said.append(
            f"{held} left out: the backup masks a secret there, and a mask never replaces a text"
        )
    if found.pinned:
        said.append(
            f"{plural(len(found.pinned), 'pinned memory')} that the backup does not have left:"
            " delete those by id"
        )
    changes = [each.change for each in found.wanted]
    plan = await curator.plan(changes, seen=dict(there))
    plan = replace(plan, notes=(*said, *plan.notes))
    return RestorePreview(plan, found.same, tuple(found.withheld), tuple(found.pinned))
