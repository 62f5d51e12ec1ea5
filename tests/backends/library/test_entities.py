"""Entities in columns say what the entities say that they were made of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mem0_tui.backends.library.entities import EntityList
from mem0_tui.model.entity import Entity, EntityKind

MARCH, MAY = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 5, 1, 12, 30, 0, 7, tzinfo=UTC)
BEFORE_1970 = datetime(1969, 7, 20, tzinfo=UTC)
RUN = Entity(EntityKind.RUN, "r1", 3, MARCH, MAY)
KIM = Entity(EntityKind.USER, "kim", 0, BEFORE_1970, datetime(1970, 1, 1, tzinfo=UTC))
BOT = Entity(EntityKind.AGENT, "bot")
LEE = Entity(EntityKind.USER, "lee", None, None, MAY)


def test_nothing_is_lost_and_kinds_stand_together() -> None:
    found = EntityList.of([RUN, KIM, BOT, LEE])
    assert list(found) == [KIM, LEE, BOT, RUN]
    assert found[-1] == RUN
    assert found[:2] == (KIM, LEE)
    assert found.ids(EntityKind.USER) == ["kim", "lee"]
    assert list(found.of_kind(EntityKind.AGENT)) == [BOT]
    assert not found.ids(EntityKind.APP)
    assert not list(found.of_kind(EntityKind.APP))


def test_there_is_nothing_beyond_the_end() -> None:
    with pytest.raises(IndexError):
        EntityList.of([KIM])[1]
    assert len(EntityList()) == 0
