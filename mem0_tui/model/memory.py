"""One memory and its history, as every backend hands them over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from mem0_tui.model.entity import Scope
from mem0_tui.model.folder import folders_of
from mem0_tui.model.lane import lane_of
from mem0_tui.model.late import late_dataclass
from mem0_tui.model.pin import has_pin_prefix
from mem0_tui.model.text import encodable

JsonObject: TypeAlias = Mapping[str, Any]
"""A JSON object as :func:`json.loads` gives it."""

PROTOCOL_TYPES = (
    "decision",
    "task_learning",
    "anti_pattern",
    "user_preference",
    "environmental",
    "convention",
    "session_state",
)
"""The seven values of ``metadata.type`` that Mem0's memory protocol for Codex documents."""

PLUGIN_CATEGORIES = (
    "project_knowledge",
    "decisions_and_constraints",
    "workflows",
    "problems_and_fixes",
    "results",
)
"""The categories that Mem0's Codex plugin asks for since 0.3.0, which writes no types."""

PLUGIN_SOURCE = "codex_plugin"
"""The ``metadata.source`` of what that plugin writes since 0.3.0; its runs are Codex's sessions."""

PLUGIN_KINDS = (*PROTOCOL_TYPES, *PLUGIN_CATEGORIES)
"""The kinds that Mem0's plugins for Codex write, in the order in which they are offered."""


class _ReadLater:
    """Lets :class:`Memory` begin with its ``id`` and ``text``: the first look at any other field
    reads all of them.

    A list shows few of the memories that it is handed, and parsing the JSON and the dates of a row
    costs twice as much as fetching it. Nothing else tells such a memory from any other.
    """

    __slots__ = ("_read",)

    _read: Callable[[], tuple[Any, ...]] | None

    if not TYPE_CHECKING:  # for mypy, every name would be an attribute

        def __getattr__(self, name: str) -> Any:
            """Python asks here only for what is missing: a field that has not been read."""
            if name not in _LATER:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            read = self._read
            if read is not None:
                for set_field, value in zip(_SETTERS, read(), strict=True):
                    set_field(self, value)
                # Last, for another thread that does not find it takes the fields for set.
                _set_read(self, None)
            return object.__getattribute__(self, name)


@dataclass(frozen=True, slots=True)
class Memory(_ReadLater):
    """A memory; equal when everything but the received JSON is."""

    id: str
    text: str
    scope: Scope = Scope()
    metadata: JsonObject = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    created_at: datetime | None = None
    """Timezone-aware, UTC."""
    updated_at: datetime | None = None
    expires_on: date | None = None
    """The last day (UTC, inclusive) on which list and search show it."""
    immutable: bool = False
    replaced_by: str | None = None
    """The id of the memory that supersedes this one."""
    synthesized: bool = False
    feedback: str | None = None
    raw: JsonObject = field(default_factory=dict, compare=False, repr=False)
    """The JSON object it was read from, verbatim; empty for one made here."""

    @property
    def type(self) -> str | None:
        """``metadata.type``, or None when it is missing, blank or no string."""
        value = self.metadata.get("type")
        return value if isinstance(value, str) and value.strip() else None

    @property
    def kind(self) -> str | None:
        """What sort of memory it is: its type, else its first category; None where it has neither.

        One value, so that the counts of all kinds add up to all memories.
        """
        return kind_of(self.type, self.categories)

    @property
    def shared(self) -> bool:
        """Whether it is in the lane that all users of its app share, see :mod:`.lane`."""
        return lane_of(self.scope.agent_id, self.scope.app_id) is not None

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that it is about, see :mod:`.folder`."""
        return folders_of(self.metadata)

    @property
    def confidence(self) -> float | None:
        """``metadata.confidence`` as a number; the plugin's import writes it as a string."""
        return as_number(self.metadata.get("confidence"))

    @property
    def pinned(self) -> bool:
        """Whether it is pinned, in either spelling: ``metadata.pinned`` or the text prefix."""
        value = self.metadata.get("pinned")
        flagged = value is True or (
            isinstance(value, str) and value.strip().casefold() in ("true", "yes", "1")
        )
        return flagged or has_pin_prefix(self.text)

    def expired(self, today: date) -> bool:
        """Whether *today* (UTC) is past its expiry."""
        return self.expires_on is not None and self.expires_on < today

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of what a person sees and changes: text, scope, metadata and expiry.

        Dates and categories are left out: backends rewrite them on their own.
        """
        import hashlib  # loads OpenSSL: not at the start of the screen

        expiry = self.expires_on.isoformat() if self.expires_on else None
        document = canonical_json([self.text, self.scope.ids(), self.metadata, expiry])
        return hashlib.sha256(document.encode()).hexdigest()


_LATER = tuple(each.name for each in fields(Memory)[2:])
"""The fields that may be read later."""
_SETTERS = tuple(Memory.__dict__[name].__set__ for name in _LATER)
"""A frozen dataclass is filled through its slots."""
_set_read = _ReadLater.__dict__["_read"].__set__
_set_id = Memory.__dict__["id"].__set__
_set_text = Memory.__dict__["text"].__set__
_new = object.__new__


def read_later(id_: str, text: str, read: Callable[[], tuple[Any, ...]]) -> Memory:
    """The memory *id_* that says *text*; *read* is called when one of its other fields is first
    looked at, and returns all of them in order."""
    memory = _new(Memory)
    _set_id(memory, id_)
    _set_text(memory, text)
    _set_read(memory, read)
    return memory


@dataclass(frozen=True, slots=True)
class Draft:
    """A memory to be added, verbatim (Mem0's ``infer=false``)."""

    text: str
    scope: Scope = Scope()
    metadata: JsonObject = field(default_factory=dict)
    expires_on: date | None = None
    created_at: datetime | None = None
    """Backdates it, where the backend can."""
    immutable: bool = False
    categories: tuple[str, ...] = ()
    """What it is filed under, where the backend takes that."""

    @classmethod
    def again(cls, memory: Memory) -> Draft:
        """The draft that adds *memory* once more."""
        return cls(
            text=memory.text,
            scope=memory.scope,
            metadata=memory.metadata,
            expires_on=memory.expires_on,
            created_at=memory.created_at,
            immutable=memory.immutable,
            categories=memory.categories,
        )


@late_dataclass(frozen=True)
class HistoryEntry:
    """One change in a memory's life."""

    id: str
    memory_id: str
    event: str
    """``ADD``, ``UPDATE``, ``DELETE`` or what else the backend names it."""
    at: datetime | None = None
    old_text: str | None = None
    new_text: str | None = None
    metadata: JsonObject = field(default_factory=dict)
    categories: tuple[str, ...] | None = None
    """Those that it had then, where that is recorded."""
    actor: str | None = None
    """Who made the change, where that is recorded."""
    input: tuple[JsonObject, ...] = ()
    """The messages that caused it (``role``, ``content``), where the backend keeps them."""
    scope: Scope | None = field(default=None, compare=False)
    """Whose it was afterwards, where that is recorded."""
    raw: JsonObject = field(default_factory=dict, compare=False, repr=False)


@late_dataclass(frozen=True)
class Event:
    """A job of the backend: an add, a scope delete, a search."""

    id: str
    type: str
    status: str
    """``PENDING``, ``RUNNING``, ``PROCESSING``, ``SUCCEEDED`` or ``FAILED``."""
    created_at: datetime | None = None
    completed_at: datetime | None = None
    error: str | None = None
    results: tuple[JsonObject, ...] = ()
    raw: JsonObject = field(default_factory=dict, compare=False, repr=False)

    @property
    def finished(self) -> bool:
        return self.status.upper() in ("SUCCEEDED", "FAILED")


def named_categories(names: Sequence[str]) -> tuple[str, ...]:
    """*names* as the categories of a memory: without blanks around them, each once, in order."""
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def kind_of(type_: str | None, categories: Sequence[object]) -> str | None:
    """The kind of a memory of that type and those categories, see :attr:`Memory.kind`.

    Categories that are no text, as a damaged row may have them, do not count.
    """
    if type_ is not None:
        return type_
    return next((c for c in categories if isinstance(c, str) and c.strip()), None)


def canonical_json(value: object) -> str:
    """*value* as compact ASCII JSON with sorted keys: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def as_number(value: object) -> float | None:
    """A JSON number, or a string that holds one, as a finite float; else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) != float("inf") and number == number else None


def as_moment(value: object) -> datetime | None:
    """An ISO 8601 date-time or date (naive means UTC) as an aware UTC datetime, else None."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def as_day(value: object) -> date | None:
    """``YYYY-MM-DD``, or the UTC day of an ISO date-time, as a date; else None."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        moment = as_moment(value)
        return moment.date() if moment else None


def storable_json(value: Any) -> Any:
    """*value* with lone surrogates in its strings and keys replaced, so that UTF-8 can hold it."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, Mapping):
        return {encodable(str(key)): storable_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable_json(item) for item in value]
    return value
