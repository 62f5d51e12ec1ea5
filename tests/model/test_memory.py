"""What a memory is: its type, pins and hash, scopes, changes and their inverses, kept keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.change import (
    UNSET,
    Add,
    Delete,
    Edit,
    Merge,
    Restore,
    Update,
    inverse,
    with_metadata,
)
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import UnsafeScopeError
from mem0_tui.model.filter import Filter, Not, matches
from mem0_tui.model.memory import (
    Draft,
    Memory,
    as_day,
    as_moment,
    as_number,
    canonical_json,
    storable_json,
)
from mem0_tui.model.secret import mask, redact
from tests.model.strategies import days, filters, memories, metadata, nasty_text

BASE = Memory(id="m", text="one", scope=Scope(user_id="kim"), metadata={"type": "decision"})


@pytest.mark.parametrize("value", [None, "", "  ", 3, ["decision"], {"a": 1}])
def test_a_type_that_is_no_name_counts_as_untyped(value: object) -> None:
    assert replace(BASE, metadata={"type": value}).type is None


@pytest.mark.parametrize(
    ("metadata_", "text", "pinned"),
    [
        ({"pinned": True}, "x", True),
        ({"pinned": "true"}, "x", True),
        ({}, "[PINNED] x", True),
        ({"pinned": False}, "x", False),
        ({"pinned": 0}, "x", False),
        ({}, "about [PINNED]", False),
    ],
)
def test_both_spellings_of_a_pin_count(
    metadata_: dict[str, object], text: str, pinned: bool
) -> None:
    assert replace(BASE, metadata=metadata_, text=text).pinned is pinned


def test_the_content_hash_binds_what_a_person_sees_and_nothing_else() -> None:
    seen = BASE.content_hash
    assert (
        replace(BASE, categories=("x",), updated_at=datetime(2026, 1, 1, tzinfo=UTC)).content_hash
        == seen
    )
    for other in (
        replace(BASE, text="two"),
        replace(BASE, metadata={"type": "convention"}),
        replace(BASE, scope=Scope(user_id="kim", app_id="a")),
        replace(BASE, expires_on=date(2026, 1, 1)),
    ):
        assert other.content_hash != seen


def test_expiry_includes_its_day() -> None:
    memory = replace(BASE, expires_on=date(2026, 5, 2))
    assert not memory.expired(date(2026, 5, 2))
    assert memory.expired(date(2026, 5, 3))


@pytest.mark.parametrize("id_", ["", "  ", "*", "kim*", " kim", "kim\n", "kim\u202e"])
def test_a_scope_that_is_blank_wild_or_disguised_is_refused(id_: str) -> None:
    with pytest.raises(UnsafeScopeError):
        EntityRef(EntityKind.USER, id_).checked()


def test_a_plain_scope_passes() -> None:
    entity = EntityRef(EntityKind.APP, "shop api/ü")
    assert entity.checked() == entity
    assert Scope.of(entity).app_id == "shop api/ü"


@given(memories(), st.none() | nasty_text, st.none() | metadata, st.just(UNSET) | st.none() | days)
@settings(deadline=None)
def test_the_inverse_of_an_edit_puts_everything_back(
    memory: Memory, text: str | None, meta: dict[str, object] | None, expiry: date | None
) -> None:
    edit = Edit(text=text, metadata=meta, expires_on=expiry)
    changed = edit.applied_to(memory)
    (back,) = inverse(Update(memory.id, edit), before=(memory,), added_id=None)
    assert isinstance(back, Update)
    assert back.edit.applied_to(changed) == memory


def test_inverses_put_back_before_they_remove() -> None:
    assert inverse(Add(Draft("x")), before=(), added_id="new") == [Delete("new")]
    assert inverse(Delete("m"), before=(BASE,), added_id=None) == [Restore(BASE)]
    merge = Merge(Draft("both"), ("m",))
    assert inverse(merge, before=(BASE,), added_id="new") == [Restore(BASE), Delete("new")]


def test_metadata_edits_keep_the_other_keys() -> None:
    edit = with_metadata(replace(BASE, metadata={"a": 1, "type": "x"}), {"type": "y", "a": None})
    assert edit.metadata == {"type": "y"}


@given(filters, memories())
@settings(deadline=None, max_examples=200)
def test_every_filter_is_two_valued(condition: Filter, memory: Memory) -> None:
    assert matches(Not(condition), memory) is not matches(condition, memory)


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), ("0.7", 0.7), (" 2 ", 2.0), (True, None), ("x", None), ("nan", None), (None, None)],
)
def test_numbers_are_read_from_json_and_strings(value: object, number: float | None) -> None:
    assert as_number(value) == number
    assert as_number(10**400) is None


def test_dates_are_read_in_all_of_mem0s_spellings() -> None:
    utc = datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert as_moment("2026-05-01T10:00:00Z") == utc
    assert as_moment("2026-05-01T03:00:00-07:00") == utc
    assert as_moment("2026-05-01T10:00:00") == utc
    assert as_moment("soon") is None
    assert as_day("2026-05-01") == date(2026, 5, 1)
    assert as_day("2026-05-01T23:00:00-07:00") == date(2026, 5, 2)
    assert as_day(5) is None


def test_json_with_lone_surrogates_becomes_storable() -> None:
    stored = storable_json({"a\ud800": ["x\udfff", 1]})
    assert canonical_json(stored).isascii()
    assert str(stored).encode()


def test_keys_are_never_shown_whole() -> None:
    key = "m0-abcdefghijklmnop1234"
    assert mask(key) == "m0-…1234"
    assert mask("short") == "…"
    assert key not in redact(f"401 for Authorization: Token {key}, sk-proj-aaaaaaaaaaaabbbb")
    assert redact("nothing to hide") == "nothing to hide"
