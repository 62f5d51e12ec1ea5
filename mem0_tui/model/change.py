"""What can be done to memories, each kind as a value that can be staged, stored and inverted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum, StrEnum
from typing import ClassVar, Final, Literal, TypeAlias

from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import Draft, JsonObject, Memory


class Unset(Enum):
    """The type of :data:`UNSET`."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
"""Stands for «leave as it is» where None already means «clear»."""

MaybeUnset: TypeAlias = Literal[Unset.UNSET]


@late_dataclass(frozen=True)
class Edit:
    """New values for parts of a memory; what is not given stays."""

    text: str | None = None
    metadata: JsonObject | None = None
    """The whole new metadata; keys that are missing here are removed."""
    expires_on: date | None | MaybeUnset = UNSET
    categories: tuple[str, ...] | None = None
    """All the new categories; an empty tuple takes them away."""
    scope: Scope | None = None
    """The whole new scope; ids that are missing here are taken away."""

    def __bool__(self) -> bool:
        return (
            self.text is not None
            or self.metadata is not None
            or self.expires_on is not UNSET
            or self.categories is not None
            or self.scope is not None
        )

    @property
    def only_moves(self) -> bool:
        """Whether it leaves all that a memory says as it is."""
        return self.scope is not None and not replace(self, scope=None)

    def applied_to(self, memory: Memory) -> Memory:
        """*memory* as it is after this edit."""
        if self.text is not None:
            memory = replace(memory, text=self.text)
        if self.metadata is not None:
            memory = replace(memory, metadata=self.metadata)
        if self.expires_on is not UNSET:
            memory = replace(memory, expires_on=self.expires_on)
        if self.categories is not None:
            memory = replace(memory, categories=self.categories)
        if self.scope is not None:
            memory = replace(memory, scope=self.scope)
        return memory

    def same(self, seen: Memory, now: Memory) -> bool:
        """Whether *now* is what *seen* was, in all that counts for this edit: the content, and the
        categories where it sets them, which servers otherwise change on their own."""
        if now.content_hash != seen.content_hash:
            return False
        return self.categories is None or now.categories == seen.categories

    def then(self, later: Edit) -> Edit:
        """This edit followed by *later*, as one."""
        return Edit(
            text=self.text if later.text is None else later.text,
            metadata=self.metadata if later.metadata is None else later.metadata,
            expires_on=self.expires_on if later.expires_on is UNSET else later.expires_on,
            categories=self.categories if later.categories is None else later.categories,
            scope=self.scope if later.scope is None else later.scope,
        )

    @classmethod
    def between(cls, before: Memory, after: Memory) -> Edit:
        """The edit that turns *before*'s text, metadata, expiry and categories into *after*'s."""
        return cls(
            text=after.text if after.text != before.text else None,
            metadata=(after.metadata if dict(after.metadata) != dict(before.metadata) else None),
            expires_on=after.expires_on if after.expires_on != before.expires_on else UNSET,
            categories=after.categories if after.categories != before.categories else None,
            scope=after.scope if after.scope != before.scope else None,
        )


def with_metadata(memory: Memory, changes: Mapping[str, object]) -> Edit:
    """The edit that sets *changes* in *memory*'s metadata; a value of None removes the key."""
    merged = {**memory.metadata, **changes}
    return Edit(metadata={key: value for key, value in merged.items() if value is not None})


class ChangeKind(StrEnum):
    """What sort of change it is, as files and documents name it."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    MERGE = "merge"
    MOVE = "move"
    REDACT = "redact"
    DELETE_SCOPE = "delete_scope"
    DELETE_ENTITY = "delete_entity"


@late_dataclass(frozen=True)
class Add:
    """Add a memory."""

    kind: ClassVar = ChangeKind.ADD
    draft: Draft


@late_dataclass(frozen=True)
class Update:
    """Edit the memory *memory_id*; with a new scope, move it."""

    memory_id: str
    edit: Edit
    copies: bool = False
    """Whether the backend cannot make this edit in place: an edited copy is added and verified
    before the memory is deleted, and has another id."""
    redacts: bool = False
    """Whether the secrets that it takes out are taken out of everything that is kept, too: the
    history, the journal, snapshots. Nothing puts them back."""

    @property
    def kind(self) -> ChangeKind:
        if self.redacts:
            return ChangeKind.REDACT
        return ChangeKind.UPDATE if self.edit.scope is None else ChangeKind.MOVE


@late_dataclass(frozen=True)
class Delete:
    """Delete the memory *memory_id*."""

    kind: ClassVar = ChangeKind.DELETE
    memory_id: str


@late_dataclass(frozen=True)
class Restore:
    """Put back a memory that was deleted, as exactly as the backend can."""

    kind: ClassVar = ChangeKind.RESTORE
    memory: Memory


@late_dataclass(frozen=True)
class Merge:
    """Replace several memories by one, *draft*, which is verified before the rest goes."""

    kind: ClassVar = ChangeKind.MERGE
    draft: Draft
    memory_ids: tuple[str, ...]
    keep: str | None = None
    """That of them which is edited to be *draft* and stays; None where *draft* is added."""

    def edit_of(self, memory: Memory) -> Edit:
        """The edit that makes of *memory*, the one that is kept, what the merge makes."""
        draft = self.draft
        wanted = replace(
            memory,
            text=draft.text,
            scope=draft.scope,
            metadata=draft.metadata,
            expires_on=draft.expires_on,
            categories=draft.categories,
        )
        return Edit.between(memory, wanted)

    def survivor(self, before: Iterable[Memory]) -> Memory | None:
        """That of the memories *before* which is kept; None where none is."""
        return next((memory for memory in before if memory.id == self.keep), None)


@late_dataclass(frozen=True)
class DeleteScope:
    """Delete every memory of one entity, keeping the entity (Mem0's ``delete_all``)."""

    kind: ClassVar = ChangeKind.DELETE_SCOPE
    entity: EntityRef
    memory_ids: tuple[str, ...]
    """The memories that the user was shown."""


@late_dataclass(frozen=True)
class DeleteEntity:
    """Delete one entity with all its memories (Mem0's ``delete_entities``)."""

    kind: ClassVar = ChangeKind.DELETE_ENTITY
    entity: EntityRef
    memory_ids: tuple[str, ...]


def is_empty_entity(change: object) -> bool:
    """Whether *change* deletes an entity that holds no memory."""
    return isinstance(change, DeleteEntity) and not change.memory_ids


Change: TypeAlias = Add | Update | Delete | Restore | Merge | DeleteScope | DeleteEntity


def aimed_at(change: Change) -> tuple[str, ...]:
    """The ids of the memories that *change* edits or removes."""
    match change:
        case Update(memory_id) | Delete(memory_id):
            return (memory_id,)
        case Merge(memory_ids=memory_ids):
            return memory_ids
        case DeleteScope(memory_ids=memory_ids) | DeleteEntity(memory_ids=memory_ids):
            return memory_ids
        case Add() | Restore():
            return ()


def inverse(change: Change, *, before: tuple[Memory, ...], added_id: str | None) -> list[Change]:
    """The changes that take *change* back, in the order in which to apply them.

    Args:
        change: what was applied.
        before: the memories it removed or edited, as they were.
        added_id: the id under which the memory that it added is now, if it added one.

    What comes back is put back before anything is removed.
    """
    removal: list[Change] = [Delete(added_id)] if added_id is not None else []
    match change:
        case Add() | Restore():
            return removal
        case Update(memory_id, edit, copies=False):
            return [
                Update(memory_id, Edit.between(edit.applied_to(memory), memory))
                for memory in before
            ]
        case Merge(keep=str() as keep):
            edits = [(each, change.edit_of(each)) for each in before if each.id == keep]
            back = [Update(keep, Edit.between(edit.applied_to(m), m)) for m, edit in edits]
            return [*(Restore(memory) for memory in before if memory.id != keep), *back]
        case Update() | Delete() | Merge() | DeleteScope() | DeleteEntity():
            return [Restore(memory) for memory in before] + removal
