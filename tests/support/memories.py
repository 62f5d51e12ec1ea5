"""Memories for tests: the shortest way to one with a valid id and a scope."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory

KIM = Scope(user_id="kim", app_id="shop-api")


def uuid_of(number: int) -> str:
    """The *number*-th id, a valid UUID whose first eight digits differ."""
    return str(UUID(int=(number << 96) | (4 << 76) | (8 << 60) | number))


def memory(
    number: int,
    text: str | None = None,
    *,
    scope: Scope = KIM,
    expires_on: date | None = None,
    **metadata: Any,
) -> Memory:
    """The *number*-th memory; later ones are newer, up to the 50,000th."""
    created = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number % 50_000)
    text = f"memory number {number}" if text is None else text
    return Memory(
        id=uuid_of(number),
        text=text,
        scope=scope,
        metadata=metadata,
        created_at=created,
        updated_at=created,
        expires_on=expires_on,
        raw={"id": uuid_of(number), "memory": text, "metadata": metadata},
    )
