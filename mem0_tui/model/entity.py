"""Who a memory belongs to: Mem0's four entity kinds, one entity, and the scope of a memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from mem0_tui.model.errors import UnsafeScopeError
from mem0_tui.model.text import one_line


class EntityKind(StrEnum):
    """Mem0's four kinds of entity, in the order in which Mem0's own clients pick among them."""

    USER = "user"
    AGENT = "agent"
    APP = "app"
    RUN = "run"

    @property
    def id_field(self) -> str:
        """The name of the field that holds such an id: ``user_id``, ``app_id``, …"""
        return f"{self.value}_id"


@dataclass(frozen=True, slots=True, order=True)
class EntityRef:
    """One entity by kind and id: what a scope delete is aimed at."""

    kind: EntityKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def is_safe(self) -> bool:
        """Whether :meth:`checked` lets it pass."""
        try:
            self.checked()
        except UnsafeScopeError:
            return False
        return True

    def checked(self) -> EntityRef:
        """This reference, once it is safe to aim a scope delete at.

        Raises:
            UnsafeScopeError: the id is blank, holds Mem0's wildcard ``*``, or has white space or
                control characters at its ends, where two different ids look the same.
        """
        if not self.id.strip():
            raise UnsafeScopeError(f"a blank {self.kind} id names no scope")
        if "*" in self.id:
            raise UnsafeScopeError(
                f"{one_line(str(self))} contains a wildcard: it would match others, too"
            )
        if self.id != self.id.strip() or not (self.id[0] + self.id[-1]).isprintable():
            raise UnsafeScopeError(f"{one_line(repr(self.id))} begins or ends with white space")
        return self


@dataclass(frozen=True, slots=True)
class Scope:
    """The entities that one memory is keyed by; any may be missing."""

    user_id: str | None = None
    agent_id: str | None = None
    app_id: str | None = None
    run_id: str | None = None

    @classmethod
    def of(cls, *entities: EntityRef) -> Scope:
        """The scope that consists of *entities*, at most one of each kind."""
        return cls(**{entity.kind.id_field: entity.id for entity in entities})

    def get(self, kind: EntityKind) -> str | None:
        """The id of *kind*, or None."""
        value: str | None = getattr(self, kind.id_field)
        return value

    def without(self, kind: EntityKind) -> Scope:
        """This scope with no entity of *kind*."""
        return replace(self, **{kind.id_field: None})

    def ids(self) -> dict[str, str]:
        """The ids that it consists of, by Mem0's names for them (``user_id`` …)."""
        ids = ("user_id", self.user_id), ("agent_id", self.agent_id)
        more = ("app_id", self.app_id), ("run_id", self.run_id)
        return {name: id_ for name, id_ in (*ids, *more) if id_ is not None}

    def __iter__(self) -> Iterator[EntityRef]:
        for kind in EntityKind:
            value = self.get(kind)
            if value is not None:
                yield EntityRef(kind, value)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __str__(self) -> str:
        return " ".join(str(entity) for entity in self) or "no entity"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as a backend lists it."""

    kind: EntityKind
    id: str
    memory_count: int | None = None
    """How many memories it has; None where the backend does not say."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    """When it was last active."""

    @property
    def ref(self) -> EntityRef:
        return EntityRef(self.kind, self.id)
