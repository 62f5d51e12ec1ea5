"""Entities in columns: every session of Codex is a run, and there may be ten thousand of them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import TypeAlias, overload

from mem0_tui.model.entity import Entity, EntityKind
from mem0_tui.store.sqlite.timestamps import from_micros, to_micros

_Row: TypeAlias = tuple[EntityKind, str, int | None, int | None, int | None]
Part: TypeAlias = tuple[str, str | None, str | None, int | None]
"""App, agent, user, and how many memories belong to just these; None where that is not known."""

_UNKNOWN = -(2**63)
"""Stands for a number that is not known."""


class EntityList(Sequence[Entity]):
    """Entities by kind, those of a kind in the order they came; each is made when asked for."""

    def __init__(
        self,
        rows: Iterable[_Row] = (),
        parts: Iterable[Part] = (),
        *,
        lacks_runs: bool = False,
    ) -> None:
        """Of rows as :func:`mem0_tui.store.entities.rows` reads them, kind by kind."""
        self.lacks_runs = lacks_runs
        """Whether there are runs that are not in it."""
        self.parts = tuple(parts)
        """How the memories of each app are shared out among its agents and users."""
        self._ids: list[str] = []
        self._numbers = tuple(array("q") for _ in range(3))
        self._places: dict[EntityKind, range] = {}
        counts, first, last = self._numbers
        started: dict[EntityKind, int] = {}
        for kind, id_, count, began, ended in rows:
            if kind not in started:
                started[kind] = len(self._ids)
            self._ids.append(id_)
            counts.append(_UNKNOWN if count is None else count)
            first.append(_UNKNOWN if began is None else began)
            last.append(_UNKNOWN if ended is None else ended)
        ends = [*started.values(), len(self._ids)][1:]
        for (kind, start), end in zip(started.items(), ends, strict=True):
            self._places[kind] = range(start, end)

    @classmethod
    def of(cls, entities: Iterable[Entity], parts: Iterable[Part] = ()) -> EntityList:
        """The same *entities*, those of a kind brought together; *parts* as they are."""
        by_kind: dict[EntityKind, list[_Row]] = {kind: [] for kind in EntityKind}
        for each in entities:
            first, last = (
                None if moment is None else to_micros(moment)
                for moment in (each.created_at, each.updated_at)
            )
            by_kind[each.kind].append((each.kind, each.id, each.memory_count, first, last))
        return cls((row for rows in by_kind.values() for row in rows), parts)

    def with_parts(self, parts: Iterable[Part]) -> EntityList:
        """The same entities, with other *parts*."""
        other = copy(self)
        other.parts = tuple(parts)
        return other

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Entity: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Entity, ...]: ...

    def __getitem__(self, index: int | slice) -> Entity | tuple[Entity, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        kind = next(kind for kind, places in self._places.items() if at in places)
        count, first, last = (
            None if column[at] == _UNKNOWN else column[at] for column in self._numbers
        )
        return Entity(
            kind,
            self._ids[at],
            count,
            None if first is None else from_micros(first),
            None if last is None else from_micros(last),
        )

    @property
    def empty(self) -> int:
        """How many of them are known to hold no memory."""
        return self._numbers[0].count(0)

    def of_kind(self, kind: EntityKind) -> Iterator[Entity]:
        """The entities of *kind*."""
        return (self[at] for at in self._places.get(kind, ()))

    def ids(self, kind: EntityKind) -> Sequence[str]:
        """The ids of the entities of *kind*."""
        places = self._places.get(kind, range(0))
        return self._ids[places.start : places.stop]
