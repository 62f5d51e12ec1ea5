"""The word diff: both texts can be read out of it, and a change reads as one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.diff import word_diff

texts = st.text(st.sampled_from("ab \n.,ä日"), max_size=40)


@given(texts, texts)
@settings(deadline=None)
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.gone for piece in pieces) == before
    assert "".join(piece.came for piece in pieces) == after


def test_neighbouring_words_change_together() -> None:
    pieces = word_diff("deploy on Friday morning only", "deploy on Tuesday afternoon only")
    assert [(p.gone, p.came) for p in pieces if not p.same] == [
        ("Friday morning", "Tuesday afternoon")
    ]


def test_a_number_changes_as_a_whole() -> None:
    pieces = word_diff("2 of 1,207 at 12:30 on 16.4", "2 of 1,205 at 12:40 on 16.5")
    assert [(p.gone, p.came) for p in pieces if not p.same] == [
        ("1,207", "1,205"),
        ("12:30", "12:40"),
        ("16.4", "16.5"),
    ]


def test_very_long_texts_are_replaced_whole() -> None:
    (piece,) = word_diff("a " * 3000, "b " * 3000)
    assert not piece.same
