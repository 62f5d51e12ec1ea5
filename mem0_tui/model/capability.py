"""What a backend can do, so that nothing is offered that would fail, and losses are said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mem0_tui.model.errors import UnsupportedError
from mem0_tui.model.late import late_dataclass


class Capability(StrEnum):
    """One thing that a backend may or may not be able to do."""

    LIST_EVERYTHING = "list memories of all entities at once"
    EXACT_TOTALS = "say how many memories there are"
    APP_SCOPE = "scope by app_id"
    FILTER = "filter on the server"
    SORT = "sort on the server"
    SEMANTIC_SEARCH = "search by meaning"
    HISTORY = "show a memory's history"
    EDIT_TEXT = "edit text"
    EDIT_METADATA = "edit metadata"
    REMOVE_METADATA = "remove metadata keys"
    EDIT_EXPIRY = "set or clear the expiry"
    EDIT_CATEGORIES = "set categories"
    EDIT_SCOPE = "move a memory to another scope in place"
    ADD_VERBATIM = "add text verbatim"
    BACKDATE = "set a memory's creation date"
    KEEP_ID = "put a memory back under its id"
    BATCH_DELETE = "delete many memories in one call"
    DELETE_SCOPE = "delete all memories of one entity"
    DELETE_ENTITY = "delete an entity with its memories"
    EVENTS = "list events"
    FEEDBACK = "take feedback"
    SHOW_EXPIRED = "list expired memories"
    TRASH = "restore what anybody deleted"
    CHANGE_FEED = "tell what changed since"


class Loss(StrEnum):
    """What putting a deleted memory back may not give back, as a short noun phrase."""

    ID = "the id"
    CREATED = "the creation date"
    CREATED_FRACTION = "fractions of a second of the creation date"
    UPDATED = "the date of the last update"
    HISTORY = "the history"
    SAID_BY = "who said it (the actor; the role comes back)"
    CATEGORIES = "categories"
    CATEGORIES_ANEW = "categories (the server assigns them anew)"
    IMMUTABLE = "immutability"
    EXPIRY = "the expiry"
    FEEDBACK = "feedback"
    LINKS = "links to superseding memories"


@late_dataclass(frozen=True)
class Capabilities:
    """The capability matrix of one backend."""

    can: frozenset[Capability]
    notes: Mapping[Capability, str] = field(default_factory=dict)
    """A sentence per capability where yes or no is not the whole truth."""
    restore_losses: tuple[str, ...] = ()
    """What putting a deleted memory back does not give back, each a :class:`Loss`."""
    page_size: int = 100
    """The most memories one page holds."""
    batch_size: int = 1
    """The most ids one delete call takes."""

    def __contains__(self, capability: object) -> bool:
        return capability in self.can

    def require(self, capability: Capability, backend: str) -> None:
        """Do nothing if *capability* is there.

        Raises:
            UnsupportedError: it is not; names *backend* and the reason where one is noted.
        """
        if capability in self.can:
            return
        note = self.notes.get(capability)
        raise UnsupportedError(
            f"{backend} cannot {capability.value}" + (f": {note}" if note else "")
        )
