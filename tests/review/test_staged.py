"""What is staged for a memory shows in the gutter, whatever part of the memory it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mem0_tui.model.change import Change, Delete, Edit, Merge, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.review.staged import letter_of, words_of
from tests.support.memories import memory

FILED = replace(memory(1), categories=("workflows", "results"))


@pytest.mark.parametrize(
    ("change", "letter"),
    [
        (Delete(FILED.id), "D"),
        (Merge(Draft("both"), (FILED.id,)), "M"),
        (Update(FILED.id, Edit(scope=Scope(user_id="lee"))), "V"),
        (Update(FILED.id, Edit("another text")), "E"),
        (Update(FILED.id, Edit(metadata={"type": "decision"})), "T"),
        (Update(FILED.id, Edit(metadata={"pinned": True})), "P"),
        (Update(FILED.id, Edit(metadata={"ticket": 12})), "E"),
        (Update(FILED.id, Edit(expires_on=date(2026, 9, 1))), "X"),
        (Update(FILED.id, Edit(categories=("results",))), "T"),
        (Update(FILED.id, Edit(categories=("workflows",))), "E"),
    ],
    ids=str,
)
def test_every_change_has_a_letter_and_words(change: Change, letter: str) -> None:
    assert letter_of(change, FILED) == letter
    assert words_of(change, FILED)


def test_nothing_staged_shows_nothing() -> None:
    assert letter_of(None, FILED) == " "
