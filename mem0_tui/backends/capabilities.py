"""What the remote backends can do: their capability matrices, free of everything heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from mem0_tui.model.capability import Capabilities, Capability, Loss

_BY_COPY = "a memory is moved by a copy, which gets a new id"
_PLATFORM_LACKS = {
    Capability.EXACT_TOTALS: "a user's total is known once everything of that user is loaded",
    Capability.SORT: "newest first comes from the server; other orders load everything first",
    Capability.KEEP_ID: "the server gives every memory a new id",
    Capability.TRASH: "only what mem0-tui deleted can be put back",
    Capability.CHANGE_FEED: "the server has none that can be followed",
    Capability.EDIT_CATEGORIES: "the server assigns them itself",
    Capability.EDIT_SCOPE: _BY_COPY,
}

PLATFORM: Final = Capabilities(
    can=frozenset(Capability) - set(_PLATFORM_LACKS),
    notes={
        **_PLATFORM_LACKS,
        Capability.FILTER: "entities, types, categories and dates; the rest is evaluated here",
        Capability.EDIT_TEXT: "except of immutable memories",
        Capability.DELETE_SCOPE: "one entity at a time",
    },
    restore_losses=(
        Loss.ID,
        Loss.CREATED_FRACTION,
        Loss.UPDATED,
        Loss.HISTORY,
        Loss.CATEGORIES_ANEW,
        Loss.FEEDBACK,
        Loss.LINKS,
    ),
    page_size=200,
    batch_size=1000,
)

OWN_PLATFORM: Final = replace(
    PLATFORM,
    can=PLATFORM.can | {Capability.EDIT_CATEGORIES},
    notes={
        name: note for name, note in PLATFORM.notes.items() if name != Capability.EDIT_CATEGORIES
    },
    restore_losses=tuple(loss for loss in PLATFORM.restore_losses if loss != Loss.CATEGORIES_ANEW),
)
"""What mem0-tui's own server can do, which speaks the Platform's protocol."""

MOVING_PLATFORM: Final = replace(
    OWN_PLATFORM,
    can=OWN_PLATFORM.can | {Capability.EDIT_SCOPE},
    notes={
        name: note for name, note in OWN_PLATFORM.notes.items() if name != Capability.EDIT_SCOPE
    },
)
"""The same, of a version that moves a memory in place."""

_SELFHOSTED_LACKS = {
    Capability.EXACT_TOTALS: "the server has no count; all memories are read, and checked against "
    "its entities, which it counts over its first 10,000 memories",
    Capability.FILTER: "only users, agents and runs; the rest is evaluated here",
    Capability.SORT: "orders are made here",
    Capability.REMOVE_METADATA: "the server merges metadata, so a key cannot be taken away",
    Capability.KEEP_ID: "the server gives every memory a new id",
    Capability.BATCH_DELETE: "one call per memory",
    Capability.EVENTS: "the server keeps none",
    Capability.FEEDBACK: "the server takes none",
    Capability.TRASH: "only what mem0-tui deleted can be put back",
    Capability.CHANGE_FEED: "the server has none",
    Capability.EDIT_CATEGORIES: "the server has none",
    Capability.EDIT_SCOPE: f"except to another app; otherwise {_BY_COPY}",
}

SELFHOSTED: Final = Capabilities(
    can=frozenset(Capability) - set(_SELFHOSTED_LACKS),
    notes={
        **_SELFHOSTED_LACKS,
        Capability.APP_SCOPE: "the server knows no app; it is kept in metadata.app_id",
        Capability.LIST_EVERYTHING: "above 1,000 memories by its search; what it does not show "
        "is said",
        Capability.DELETE_SCOPE: "users, agents and runs, with the admin's key; not apps",
        Capability.DELETE_ENTITY: "users, agents and runs, with the admin's key; not apps",
    },
    restore_losses=(
        Loss.ID,
        Loss.UPDATED,
        Loss.HISTORY,
        Loss.SAID_BY,
        Loss.CATEGORIES,
        Loss.IMMUTABLE,
        Loss.FEEDBACK,
        Loss.LINKS,
    ),
    page_size=200,
    batch_size=25,
)

_MCP_LACKS = {
    Capability.EXACT_TOTALS: "a user's total is known once everything of that user is loaded",
    Capability.SORT: "newest first comes from the server; other orders load everything first",
    Capability.HISTORY: "there is no tool for it",
    Capability.KEEP_ID: "the server gives every memory a new id",
    Capability.BATCH_DELETE: "one call per memory",
    Capability.FEEDBACK: "there is no tool for it",
    Capability.TRASH: "only what mem0-tui deleted can be put back",
    Capability.CHANGE_FEED: "there is no tool for it",
    Capability.EDIT_SCOPE: _BY_COPY,
}
_MCP_DEPENDS = (
    Capability.ADD_VERBATIM,
    Capability.BACKDATE,
    Capability.EDIT_METADATA,
    Capability.REMOVE_METADATA,
    Capability.EDIT_EXPIRY,
    Capability.EDIT_CATEGORIES,
    Capability.SHOW_EXPIRED,
    Capability.EVENTS,
)

MCP: Final = Capabilities(
    can=frozenset(Capability) - set(_MCP_LACKS),
    notes={
        **_MCP_LACKS,
        **dict.fromkeys(_MCP_DEPENDS, "where the server's tools take it; mem0-tui's own do"),
        Capability.FILTER: "entities, types, categories and dates; the rest is evaluated here",
        Capability.EDIT_TEXT: "except of immutable memories",
        Capability.DELETE_SCOPE: "one entity at a time; agents, apps and runs by id, unless the "
        "server is mem0-tui's own",
        Capability.DELETE_ENTITY: "one entity at a time",
    },
    restore_losses=PLATFORM.restore_losses,
    page_size=200,
    batch_size=25,
)
"""What a server can do whose tools take everything; what one lacks is known once it was asked."""


_CODEX_LACKS = {
    Capability.HISTORY: "Codex's repository has a single commit",
    Capability.EDIT_METADATA: "a memory of Codex's is a text at a place in a file",
    Capability.REMOVE_METADATA: "a memory of Codex's is a text at a place in a file",
    Capability.EDIT_EXPIRY: "Codex's memories have none",
    Capability.EDIT_CATEGORIES: "Codex's memories have none",
    Capability.EDIT_SCOPE: "the folder that a memory applies to is that of its section",
    Capability.BACKDATE: "a note is of the moment it is written",
    Capability.DELETE_SCOPE: "delete by id or by query",
    Capability.DELETE_ENTITY: "delete by id or by query",
    Capability.EVENTS: "Codex keeps none",
    Capability.FEEDBACK: "Codex takes none",
    Capability.TRASH: "only what mem0-tui deleted can be put back",
    Capability.CHANGE_FEED: "Codex has none",
}

CODEX: Final = Capabilities(
    can=frozenset(Capability) - set(_CODEX_LACKS),
    notes={
        **_CODEX_LACKS,
        Capability.ADD_VERBATIM: "as a note, which Codex's next consolidation takes in",
        Capability.EDIT_TEXT: "while Codex does not write them; not summaries of sessions",
    },
    restore_losses=(Loss.UPDATED,),
    page_size=1000,
    batch_size=100,
)
"""Codex's own memories, in its files."""


def capability_matrix() -> Mapping[str, Capabilities]:
    """What each backend can do, by name."""
    from mem0_tui.backends.local import CAPABILITIES

    return {
        "local": CAPABILITIES,
        "platform": PLATFORM,
        "selfhosted": SELFHOSTED,
        "mcp": MCP,
        "codex": CODEX,
    }
