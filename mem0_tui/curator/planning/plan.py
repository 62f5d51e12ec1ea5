"""A plan: exactly what will be done, bound to ids and to the content that the user saw.

A plan never holds a predicate. An item whose memory has changed since is refused when applied.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mem0_tui.backends.base import BackendInfo
from mem0_tui.curator.wording import summary
from mem0_tui.model.change import (
    Add,
    Change,
    ChangeKind,
    DeleteEntity,
    DeleteScope,
    Merge,
    Restore,
    Update,
    is_empty_entity,
)
from mem0_tui.model.counting import plural
from mem0_tui.model.entity import EntityRef
from mem0_tui.model.memory import Memory
from mem0_tui.store.journal.rows import Counterpart


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One change with what it is aimed at."""

    change: Change
    before: tuple[Memory, ...] = ()
    """The memories that it edits or removes, as the user saw them; their content hashes bind it."""
    warnings: tuple[str, ...] = ()
    """What a person should know before saying yes, in short sentences."""
    losses: tuple[str, ...] = ()
    """What an undo could not give back exactly, in short noun phrases."""
    final: str = ""
    """Why an undo could give back nothing of it, as a clause; blank where it can."""
    reverses: Counterpart | None = None
    """The part of an applied change that it takes back."""

    @property
    def destroys(self) -> int:
        """How many memories are gone after it."""
        if isinstance(self.change, (Add, Update, Restore)):
            return 0
        return len(self.before) - (isinstance(self.change, Merge) and self.change.keep is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to be applied to one backend, in order."""

    id: str
    """Its own; a plan with other items has another one. A plan is applied once."""
    created_at: datetime
    target: BackendInfo
    items: tuple[PlanItem, ...]
    undoes: str | None = None
    """The transaction that this plan takes back."""
    redoes: str | None = None
    """The undone transaction that this plan applies again."""
    by_query: bool = False
    """Whether a query chose the memories, and not a person one by one."""
    include_pinned: bool = False
    """Whether pinned memories that a query chose may be changed too."""
    imports: bool = False
    """Whether what it puts back comes from a file."""
    notes: tuple[str, ...] = ()
    """What a person should know about the plan as a whole, such as what was left out of it."""

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def counts(self) -> Counter[ChangeKind]:
        """How many changes of each kind."""
        return Counter(item.change.kind for item in self.items)

    @property
    def destroys(self) -> int:
        """How many memories are gone after it."""
        return sum(item.destroys for item in self.items)

    @property
    def lost_for_good(self) -> int:
        """How many memories are gone after it that nothing can put back."""
        return sum(item.destroys for item in self.items if item.final)

    @property
    def redacts(self) -> int:
        """Of how many memories it takes secrets out for good."""
        return sum(isinstance(each.change, Update) and each.change.redacts for each in self.items)

    @property
    def final_words(self) -> tuple[str, str]:
        """What of it nothing can put back, as a clause, and the word that is to be typed before
        that is done; blank where no word is needed."""
        gone, redacted = plural(self.lost_for_good, "memory"), plural(self.redacts, "memory")
        if not self.redacts:
            return (f"{gone} cannot be put back", "delete") if self.lost_for_good else ("", "")
        secrets = f"the secrets taken out of {redacted} cannot be put back"
        if self.lost_for_good:
            return f"{gone} cannot be put back, nor can {secrets.partition(' cannot')[0]}", "delete"
        return secrets, "redact"

    @property
    def summary(self) -> str:
        """What it does, in one phrase: ``delete 12 memories, edit 1 memory``."""
        return summary((item.change for item in self.items), imports=self.imports)

    @property
    def scopes(self) -> tuple[EntityRef, ...]:
        """The entities that it deletes as a whole, whose names the user has to type.

        Of many items, those are none that delete an entity without memories.
        """
        return tuple(
            item.change.entity
            for item in self.items
            if isinstance(item.change, (DeleteScope, DeleteEntity))
            and (len(self.items) == 1 or not is_empty_entity(item.change))
        )

    @property
    def pinned(self) -> tuple[Memory, ...]:
        """The pinned memories among those that it edits or removes."""
        return tuple(memory for item in self.items for memory in item.before if memory.pinned)

    def without(self, dropped: Iterable[int]) -> Plan:
        """A new plan without the items at these indices."""
        gone = set(dropped)
        kept = tuple(item for index, item in enumerate(self.items) if index not in gone)
        return replace(self, id=new_plan_id(), items=kept)

    def with_item(self, index: int, item: PlanItem) -> Plan:
        """A new plan with *item* in place of the one at *index*."""
        items = (*self.items[:index], item, *self.items[index + 1 :])
        return replace(self, id=new_plan_id(), items=items)

    def moved(self, index: int, to: int) -> Plan:
        """A new plan with the item at *index* taken out and put in at *to*."""
        items = list(self.items)
        items.insert(to, items.pop(index))
        return replace(self, id=new_plan_id(), items=tuple(items))


def new_plan_id() -> str:
    """An id that no plan has had: by it the journal knows that a plan was applied."""
    return secrets.token_hex(8)
