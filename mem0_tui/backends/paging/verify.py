"""Comparing what was seen with what is there, and what was to be written with what was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mem0_tui.model.entity import EntityRef
from mem0_tui.model.errors import (
    InvalidRequestError,
    ServerError,
    StaleError,
    UnsupportedError,
)
from mem0_tui.model.memory import Draft, JsonObject, Memory, canonical_json, storable_json
from mem0_tui.model.text import encodable, one_line
from mem0_tui.wire.platform import result_ids


def unkept(wanted: Memory | Draft, found: Memory, *, filed: bool = False) -> list[str]:
    """What of *wanted* is not in *found*: ``text``, ``metadata``, ``expiry``, ``scope``; of a draft
    that names some, and with *filed*, also ``categories``, which servers change on their own."""
    parts: list[str] = []
    if encodable(wanted.text) != found.text:
        parts.append("text")
    if _plain(storable_json(wanted.metadata)) != _plain(found.metadata):
        parts.append("metadata")
    if wanted.expires_on != found.expires_on:
        parts.append("expiry")
    if wanted.scope != found.scope:
        parts.append("scope")
    filed = filed or (isinstance(wanted, Draft) and bool(wanted.categories))
    if filed and wanted.categories != found.categories:
        parts.append("categories")
    return parts


def kept(wanted: Memory | Draft, found: Memory, *, filed: bool = False) -> Memory:
    """*found*, once it is what was *wanted*.

    Raises:
        ServerError: it is not, and says in what.
    """
    parts = unkept(wanted, found, filed=filed)
    if parts:
        raise ServerError(
            f"{found.id} was written, but the server did not keep its {' and '.join(parts)}",
            hint="look at it with `mem0-tui show`",
        )
    return found


def stale(memory: Memory, seen: str | None) -> StaleError | None:
    """What to say when *memory* is no longer what was *seen* of it, a content hash."""
    if seen is None or memory.content_hash == seen:
        return None
    return StaleError(f"memory {one_line(memory.id)} has changed since it was seen")


def check_editable(memory: Memory) -> None:
    """Do nothing unless *memory* is immutable.

    Raises:
        UnsupportedError: it is.
    """
    if memory.immutable:
        raise UnsupportedError(
            f"memory {one_line(memory.id)} is immutable",
            hint="delete it and add it again with the new text",
        )


def added_id(results: Sequence[JsonObject]) -> str:
    """The id of the memory that an add made, by the Platform's *results*.

    Raises:
        InvalidRequestError: it made none, because there is one like it or for no reason given.
    """
    ids = result_ids(results)
    if ids:
        return ids[0]
    twin = next((one_line(str(result["id"])) for result in results if "id" in result), None)
    raise InvalidRequestError(
        f"it has this text in this scope already, as {twin}" if twin else "it added nothing"
    )


def not_emptied(entity: EntityRef, left: int) -> ServerError:
    """What to say when a scope delete leaves *left* memories."""
    rest = "1 memory" if left == 1 else f"{left:,} memories"
    return ServerError(
        f"the server reported success, but {rest} of {one_line(str(entity))} "
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
