"""Comparing what was to be written with what is there afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mem0_tui.model.entity import EntityRef
from mem0_tui.model.errors import ServerError
from mem0_tui.model.memory import Draft, Memory, canonical_json, storable_json
from mem0_tui.model.text import encodable, one_line


def unkept(wanted: Memory | Draft, found: Memory) -> list[str]:
    """What of *wanted* is not in *found*: ``text``, ``metadata``, ``expiry``, ``scope``."""
    parts: list[str] = []
    if encodable(wanted.text) != found.text:
        parts.append("text")
    if _plain(storable_json(wanted.metadata)) != _plain(found.metadata):
        parts.append("metadata")
    if wanted.expires_on != found.expires_on:
        parts.append("expiry")
    if wanted.scope != found.scope:
        parts.append("scope")
    return parts


def kept(wanted: Memory | Draft, found: Memory) -> Memory:
    """*found*, once it is what was *wanted*.

    Raises:
        ServerError: it is not, and says in what.
    """
    parts = unkept(wanted, found)
    if parts:
        raise ServerError(
            f"{found.id} was written, but the server did not keep its {' and '.join(parts)}",
            hint="look at it with `mem0-tui show`",
        )
    return found


def not_emptied(entity: EntityRef, left: int) -> ServerError:
    """What to say when a scope delete leaves *left* memories."""
    rest = "1 memory" if left == 1 else f"{left:,} memories"
    return ServerError(
        f"the server said yes, but {rest} of {one_line(str(entity))} "
        f"{'is' if left == 1 else 'are'} still there"
    )


def _plain(value: Any) -> str:
    """JSON to compare by: 1.0 is 1, as servers write either."""
    return canonical_json(_whole(value))


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole(item) for item in value]
    return value
