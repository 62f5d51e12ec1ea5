"""The rows of the scope tree, as values: what stands in it, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mem0_tui.model.entity import Entity, EntityKind, EntityRef
from mem0_tui.model.late import late_dataclass
from mem0_tui.review.lanes import AppPart, lane_agents, parts_of

if TYPE_CHECKING:
    from mem0_tui.backends.library.entities import EntityList

_FOLD_ABOVE = 12
"""A kind with more entities than this starts folded, and so does each app of so many."""


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """One line of the tree; without any of these, the one that shows everything."""

    kind: EntityKind | None = None
    entity: Entity | None = None
    part: AppPart | None = None
    """What of an app it stands for; the entity is the app."""
    members: int | None = 0
    """How many entities the heading of a kind stands above, or would; None where that is not known
    yet."""
    unscoped: bool = False
    hidden: bool = False
    """Whether it says how many empty entities there are."""

    @property
    def refs(self) -> frozenset[EntityRef]:
        """The entities to which all memories that it stands for belong."""
        if self.part is not None:
            return self.part.refs
        return frozenset() if self.entity is None else frozenset({self.entity.ref})


@late_dataclass()
class Folding:
    """What of the tree the user sees."""

    kinds: dict[EntityKind, bool] = field(default_factory=dict)
    """Whether a kind is folded, of those that have been shown."""
    apps: dict[str, bool] = field(default_factory=dict)
    """Whether an app is folded, of those that the user folded or unfolded."""
    shows_empty: bool = False
    shows_ids: bool = False
    """Whether the agents behind lanes are shown as agents, and apps without their parts."""

    def toggle(self, row: ScopeRow, members: int) -> None:
        """Fold or unfold the app of *row*, one of so many, or else its kind."""
        if row.entity is not None and row.kind is EntityKind.APP and not self.shows_ids:
            id_ = row.entity.id
            self.apps[id_] = not self.hides_parts(id_, members)
        elif row.kind is not None:
            self.kinds[row.kind] = not self.kinds.get(row.kind, False)

    def hides_parts(self, app_id: str, members: int) -> bool:
        """Whether the parts of an app, one of so many, are folded away."""
        return self.apps.get(app_id, members > _FOLD_ABOVE)


def rows_of(
    entities: EntityList | None, chosen: frozenset[EntityRef], folding: Folding
) -> list[ScopeRow]:
    """The tree of *entities*, of which *chosen* have a row also where they hold nothing."""
    rows = [ScopeRow()]
    if entities is not None:
        parts = {} if folding.shows_ids else parts_of(entities)
        lanes = lane_agents(entities, parts)
        for kind in EntityKind:
            if kind is EntityKind.RUN and entities.lacks_runs:
                rows.append(ScopeRow(kind, members=None))
                continue
            members = len(entities.ids(kind)) - (len(lanes) if kind is EntityKind.AGENT else 0)
            if not members:
                continue
            rows.append(ScopeRow(kind, members=members))
            if folding.kinds.setdefault(kind, members > _FOLD_ABOVE):
                continue
            for entity in entities.of_kind(kind):
                if kind is EntityKind.AGENT and entity.id in lanes:
                    continue
                seen = folding.shows_empty or entity.ref in chosen
                if entity.memory_count == 0 and not seen:
                    continue
                rows.append(ScopeRow(kind, entity))
                if kind is EntityKind.APP and not folding.hides_parts(entity.id, members):
                    rows += [ScopeRow(kind, entity, part) for part in parts.get(entity.id, ())]
        if entities.empty and not entities.lacks_runs:
            rows.append(ScopeRow(hidden=True))
    rows.append(ScopeRow(unscoped=True))
    return rows
