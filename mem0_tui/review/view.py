"""What the main screen shows, as a value: query, scope, types, order. Reducers return a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.filter import (
    Compare,
    Field,
    Filter,
    Not,
    Op,
    all_of,
    any_of,
)
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.memory import PLUGIN_KINDS
from mem0_tui.model.page import Sort
from mem0_tui.model.query import FieldTerm, Literal, Query
from mem0_tui.review.order import Order
from mem0_tui.review.queues.members import Members


class FindMode(StrEnum):
    """What the words in the search box do."""

    WORDS = "words"
    """Narrow the list to memories that hold them."""
    MEANING = "meaning"
    """Rank by semantic search."""


@late_dataclass(frozen=True)
class BrowseState:
    """The view of the main screen; equal states show the same memories."""

    query: Query = Query()
    section: Query = Query()
    """The saved search in whose tab the user is; joined to *query*."""
    members: Members | None = None
    """The memories of the queue in whose tab the user is; joined to *query*, too."""
    mode: FindMode = FindMode.WORDS
    scope: frozenset[EntityRef] = frozenset()
    """Entities to show: of one kind any, of several kinds all. Empty shows everything."""
    without_entity: bool = False
    """Show only memories that belong to no entity."""
    types: frozenset[str | None] = frozenset()
    """Kinds to show (types, or categories), None for untyped; empty shows all."""
    hidden_types: frozenset[str | None] = frozenset()
    sort: Order = Sort.NEWEST
    include_expired: bool = False

    @property
    def shows_all(self) -> bool:
        """Whether nothing is left out but what has expired."""
        chosen = self.query or self.section or self.scope or self.types or self.hidden_types
        return not chosen and not self.without_entity and self.members is None

    @property
    def shows_expired(self) -> bool:
        """Whether expired memories are shown: a queue shows all that is in it."""
        return self.include_expired or self.members is not None

    def _scope_terms(self) -> tuple[FieldTerm, ...]:
        """What the scope tree's choice asks of memories."""
        terms: list[FieldTerm] = []
        for kind in EntityKind:
            ids = sorted(entity.id for entity in self.scope if entity.kind is kind)
            if self.without_entity:
                terms.append(FieldTerm(kind.value, ":", (Literal("none"),)))
            elif ids:
                terms.append(FieldTerm(kind.value, ":", tuple(map(_named, ids))))
        return tuple(terms)

    def base_condition(self, now: datetime) -> Filter:
        """Scope and the query's conditions, without the types: what the type bar counts."""
        query = self.query.conditions if self.mode is FindMode.MEANING else self.query
        # One by one: what is chosen in the tree, or a tab, narrows whatever the query says.
        parts = (Query(self._scope_terms()), self.section, query)
        there = [self.members.condition] if self.members is not None else []
        return all_of((*(part.filter(now) for part in parts), *there))

    def condition(self, now: datetime) -> Filter:
        """Everything that the list shows."""
        parts = [self.base_condition(now)]
        if self.types:
            parts.append(any_of(_of_type(type_) for type_ in sorted(self.types, key=str)))
        parts.extend(Not(_of_type(type_)) for type_ in sorted(self.hidden_types, key=str))
        return all_of(parts)

    def as_query(self) -> Query:
        """All of it as one query, as the command line would take it."""
        terms: list[FieldTerm] = []
        for types, negated in ((self.types, False), (self.hidden_types, True)):
            if types:
                values = tuple(
                    _named(t) if t is not None else Literal("none") for t in sorted(types, key=str)
                )
                terms.append(FieldTerm("kind", ":", values, negated))
        chosen = Query((*self._scope_terms(), *terms))
        return self.query.and_(self.section).and_(chosen)

    @property
    def searches(self) -> bool:
        """Whether the list shows the hits of a semantic search."""
        return self.mode is FindMode.MEANING and bool(self.query.words)

    @property
    def narrowed(self) -> bool:
        """Whether scope, types, query or saved search leave something out."""
        seen = BrowseState(mode=self.mode, sort=self.sort, include_expired=self.include_expired)
        return self != seen

    def with_type_toggled(self, type_: str | None) -> BrowseState:
        """Show *type_* too, or no longer."""
        return replace(self, types=self.types ^ {type_}, hidden_types=self.hidden_types - {type_})

    def with_type_hidden(self, type_: str | None) -> BrowseState:
        """Hide *type_*, or show it again."""
        return replace(self, hidden_types=self.hidden_types ^ {type_}, types=self.types - {type_})

    def with_scope_toggled(self, refs: frozenset[EntityRef]) -> BrowseState:
        """Show these too, or no longer: one entity, or an app with one of its users or lanes.

        A user is added to others of the same app; any other part of an app is shown alone.
        """
        app = {each for each in refs if each.kind is EntityKind.APP}
        part = refs - app
        if not app or not part:
            scope = self.scope ^ refs
        elif refs <= self.scope:
            scope = self.scope - (refs if self.scope == refs else part)
        else:
            users = {each for each in self.scope | part if each.kind is EntityKind.USER}
            adds = part <= users and self.scope - users == app
            scope = self.scope | part if adds else refs
        return replace(self, scope=scope, without_entity=False)

    def with_only(self, refs: frozenset[EntityRef]) -> BrowseState:
        """Show only what belongs to all of *refs*; without any, everything. Choosing the only
        ones again shows all."""
        only = frozenset() if self.scope == refs else refs
        return replace(self, scope=only, without_entity=False)


def _named(name: str) -> Literal:
    return Literal(name, quoted=True)


def _of_type(type_: str | None) -> Filter:
    if type_ is None:
        return Not(Compare(Field.KIND, Op.PRESENT))
    return Compare(Field.KIND, Op.EQ, type_)


def order_types(counts: dict[str | None, int]) -> list[str | None]:
    """The kinds to offer: the plugin's own first, then the others by name, then untyped."""
    others = sorted(t for t in counts if t is not None and t not in PLUGIN_KINDS)
    known: list[str | None] = [t for t in PLUGIN_KINDS if counts.get(t)]
    return [*known, *others, *([None] if counts.get(None) else [])]
