"""Which memory stays, and whose value each part takes."""

from __future__ import annotations

from datetime import date

from mem0_tui.model.entity import Scope
from mem0_tui.review.merge_choice import MergeChoice, MergePart, shown
from tests.support.memories import KIM, memory, uuid_of

ONE = memory(1, "one", type="decision", branch="main")
TWO = memory(2, "two", confidence="0.9", expires_on=date(2027, 1, 1))
THREE = memory(3, "three\nlines", scope=Scope(agent_id="bot"), type=7, pinned=True)


def test_the_pinned_one_stays_and_says_everything() -> None:
    choice = MergeChoice([ONE, TWO, THREE], files=True)
    assert choice.survivor is THREE
    assert choice.wanted() == THREE
    assert MergeChoice([ONE, TWO], files=True).survivor is TWO


def test_each_part_comes_from_where_it_was_chosen() -> None:
    choice = MergeChoice([ONE, TWO, THREE], files=False)
    assert MergePart.CATEGORIES not in choice.parts
    at = {each.id: place for place, each in enumerate(choice.memories)}
    choice.choose(MergePart.STAYS, at[uuid_of(1)])
    assert choice.wanted() == ONE
    choice.choose(MergePart.METADATA, at[uuid_of(3)])
    choice.choose(MergePart.EXPIRY, at[uuid_of(2)])
    choice.choose(MergePart.SCOPE, at[uuid_of(3)])
    wanted = choice.wanted("by hand")
    assert (wanted.id, wanted.text, wanted.expires_on) == (ONE.id, "by hand", TWO.expires_on)
    assert wanted.metadata == {"type": "decision", "pinned": True}
    assert wanted.scope == THREE.scope
    choice.choose(MergePart.KIND, at[uuid_of(2)])
    assert "type" not in choice.wanted().metadata
    choice.choose(MergePart.STAYS, at[uuid_of(2)])
    assert choice.wanted().scope == THREE.scope
    assert choice.wanted().text == TWO.text


def test_what_is_shown_of_a_part_is_one_safe_line() -> None:
    assert shown(THREE, MergePart.TEXT) == "⚑ three ⏎ lines"
    assert shown(THREE, MergePart.KIND) == "untyped"
    assert shown(ONE, MergePart.SCOPE) == f"{KIM.app_id} · {KIM.user_id}"
    assert shown(memory(4, scope=Scope(app_id="a\x1b[2Jb")), MergePart.SCOPE).isprintable()
    assert shown(TWO, MergePart.METADATA) == "confidence"
    assert shown(ONE, MergePart.EXPIRY) == "never"
