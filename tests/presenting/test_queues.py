"""The words of queues: reasons, what is proposed, and how sure it is."""

from __future__ import annotations

from datetime import date

import pytest

from mem0_tui.detect.suspicion import Queue, Suspicion, Tier
from mem0_tui.model.change import Change, Delete, Edit, Merge, Update
from mem0_tui.model.memory import Draft
from mem0_tui.presenting.queues import (
    about_lines,
    fate_word,
    proposed_words,
    reason,
    short_reason,
    tier_word,
)


def item(why: str, *changes: Change, tier: Tier = Tier.FINDING) -> Suspicion:
    return Suspicion(Queue.NOISE, ("a",), why, tier, proposal=changes)


LOOK = item("a probe", tier=Tier.LOOK)


def test_each_reason_is_said_once_and_safely() -> None:
    assert reason([item("a\x1b[31m beat"), item("twice"), item("twice")]) == "a␛[31m beat · twice"
    assert short_reason([LOOK]) == "? a probe"
    assert short_reason([LOOK, item("a beat")]) == "a probe · a beat"


def test_how_sure_it_is_is_a_word() -> None:
    assert tier_word(item("a beat")) == "finding"
    assert tier_word(LOOK) == "worth a look"
    assert about_lines([item("a beat"), LOOK]) == (
        "Noise (finding): a beat",
        "Noise (worth a look): a probe",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), ""),
        ((Delete("a"), Delete("b")), "2 deletes"),
        ((Merge(Draft(text="both"), ("a", "b")), Delete("c")), "1 merge, 1 delete"),
        ((Update("a", Edit(text="shorter")),), "1 edit"),
        ((Update("a", Edit(expires_on=date(2026, 12, 31))),), "1 expiry"),
    ],
)
def test_what_is_proposed_is_counted(changes: tuple[Change, ...], said: str) -> None:
    assert proposed_words([item("why", *changes)]) == said


def test_what_becomes_of_one_memory_is_a_word() -> None:
    both = Suspicion(Queue.REPEATS, ("a", "b"), "the same", proposal=(Delete("b"),))
    assert fate_word("b", [both]) == "delete"
    assert fate_word("a", [both]) == "keep"
    assert fate_word("a", [item("nobody knows")]) == ""
