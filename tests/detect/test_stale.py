"""What has expired, and what another memory replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.detect.stale import StaleDetector
from mem0_tui.model.change import Delete
from mem0_tui.model.memory import Memory
from tests.detect.incremental import agrees_with_a_fresh_one, found
from tests.support.memories import memory, uuid_of

TODAY = date(2026, 11, 30)


def _detector() -> StaleDetector:
    return StaleDetector(TODAY)


def test_what_has_expired_is_proposed_the_longest_ago_first() -> None:
    memories = [
        memory(1, expires_on=date(2026, 11, 29)),
        memory(2, expires_on=TODAY),
        memory(3, expires_on=date(2026, 3, 1)),
        memory(4),
        memory(5, expires_on=date(2026, 3, 1), pinned=True),
    ]
    said = found(_detector(), memories)
    assert [each.ids for each in said] == [(uuid_of(3),), (uuid_of(5),), (uuid_of(1),)]
    assert [each.proposal for each in said] == [
        (Delete(uuid_of(3)),), (), (Delete(uuid_of(1)),),
    ]  # fmt: skip
    assert said[0].reason == "expired on 2026-03-01"


def _replaced(number: int, by: int, **more: Any) -> Memory:
    return replace(memory(number, **more), replaced_by=uuid_of(by))


def test_what_was_replaced_is_shown_while_its_successor_lives() -> None:
    memories = [
        _replaced(1, by=2),
        memory(2),
        _replaced(3, by=9),
        _replaced(4, by=5),
        memory(5, expires_on=date(2026, 1, 1)),
        _replaced(6, by=6),
    ]
    said = found(_detector(), memories)
    assert [(each.label, each.ids) for each in said] == [
        ("expired", (uuid_of(5),)),
        ("replaced", (uuid_of(1),)),
    ]
    assert said[1].reason == f"replaced by the memory {uuid_of(2)}"
    assert said[1].proposal == ()


_STEPS = st.tuples(
    st.builds(
        _replaced,
        st.integers(0, 5),
        st.integers(0, 6),
        expires_on=st.sampled_from([None, TODAY, date(2026, 1, 1)]),
    ),
    st.sampled_from(["put", "drop", "put!", "drop!"]),
)


@given(st.lists(_STEPS, max_size=12))
def test_changes_leave_what_a_fresh_look_finds(steps: list[Any]) -> None:
    agrees_with_a_fresh_one(_detector, steps)
