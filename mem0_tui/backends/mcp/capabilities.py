"""What can be done through an MCP server: read from what its tools take, for servers differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mem0_tui.backends.capabilities import MCP
from mem0_tui.model.capability import Capabilities, Capability, Loss

if TYPE_CHECKING:
    from mem0_tui.backends.mcp.session import Offer

_TAKES = {
    Capability.ADD_VERBATIM: ("add_memory", "infer"),
    Capability.BACKDATE: ("add_memory", "timestamp"),
    Capability.EDIT_TEXT: ("update_memory", "text"),
    Capability.EDIT_METADATA: ("update_memory", "metadata"),
    Capability.REMOVE_METADATA: ("update_memory", "metadata"),
    Capability.EDIT_EXPIRY: ("update_memory", "expiration_date"),
    Capability.EDIT_CATEGORIES: ("update_memory", "categories"),
    Capability.SHOW_EXPIRED: ("get_memories", "show_expired"),
    Capability.SEMANTIC_SEARCH: ("search_memories", "query"),
    Capability.DELETE_SCOPE: ("delete_all_memories", "user_id"),
    Capability.DELETE_ENTITY: ("delete_entities", "user_id"),
}
"""The parameter that each ability needs."""


def capabilities_of(offer: Offer) -> Capabilities:
    """What the server of *offer* can do."""
    lacks = {
        capability: f"the server's {tool} takes no {argument}"
        for capability, (tool, argument) in _TAKES.items()
        if not offer.takes(tool, argument)
    }
    if "list_events" not in offer.tools:
        lacks[Capability.EVENTS] = "the server has no tool for it"
    losses = list(MCP.restore_losses)
    if Capability.EDIT_CATEGORIES not in lacks:
        losses.remove(Loss.CATEGORIES_ANEW)
    if Capability.BACKDATE in lacks:
        losses.append(Loss.CREATED)
    if not offer.takes("add_memory", "immutable"):
        losses.append(Loss.IMMUTABLE)
    if not offer.takes("add_memory", "expiration_date"):
        losses.append(Loss.EXPIRY)
    return replace(
        MCP,
        can=MCP.can - set(lacks),
        notes={**MCP.notes, **lacks},
        restore_losses=tuple(losses),
    )
